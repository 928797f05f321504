"""The words that mean the same in every city, each once: pages and files take them from here.

What an indicator counts stands in the city's configuration; see ``definitions``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.classify.robustness import NEAR_SHARE, STABLE_SHARE
from atlas.words import enumeration, number_text


@dataclass(frozen=True)
class Term:
    """A term, and a sentence on it."""

    name: str
    text: str


def _per_cent(share: float) -> str:
    return f"{number_text(100 * share, 0)} %"


CONTRIBUTION = Term("Beitrag", "Was ein Indikator zum Index gibt; alle Beiträge ergeben ihn.")
SUB_INDEX = Term(
    "Teilindex",
    "Fasst einen Teil der Indikatoren zusammen, ehe daraus der Index wird; sein Beitrag ist "
    "die Summe der Beiträge seiner Indikatoren.",
)
_STABILITY = (
    f"Stabil: mindestens {_per_cent(STABLE_SHARE)} der Nachrechnungen ergeben dieselbe Stufe; "
    f"grenznah: mindestens {_per_cent(NEAR_SHARE)}; unsicher: weniger."
)
_VARIED = {
    "method": "mit anderen vertretbaren Gewichten, Grenzen und Verfahren",
    "chance": "mit zufällig schwankenden Anzahlen",
    "carried": "mit schwankenden fortgeschriebenen Werten",
}


def robustness_term(factors: Sequence[str]) -> Term:
    """Explain robustness by what varies, as a city asks for it."""
    varied = [text for factor, text in _VARIED.items() if factor in factors]
    told = f"Der Index wird {enumeration(varied)} nachgerechnet. "
    return Term("Robustheit", told + _STABILITY)


RANK = Term(
    "Rang",
    "Platz unter allen Gebieten, die einen Wert zeigen; Rang 1 hat den höchsten, gleiche Werte "
    "haben denselben.",
)
CHANGE = Term(
    "Veränderung",
    "Der Wert am späteren Stichtag weniger der am früheren, bei Anteilen in Prozentpunkten. "
    "Sie fehlt, wo einer von beiden nicht gezeigt wird.",
)
REFERENCE_DATE = Term("Stichtag", "Der Tag, dessen Zustand alle Zahlen beschreiben.")

# What a figure does not say, for the indicators that many cities have under these names.
CAUTIONS = {
    "density": "Wie eng Menschen wohnen: Wald, Gewerbe und Verkehr gehören zur Fläche.",
    "migration_share": "Ob jemand Unterstützung braucht, welche Sprache, welchen Pass er hat.",
    "sgb2_share": "Wer wenig Geld hat und keine Leistungen bekommt, zählt nicht mit.",
    "refugee_share": "Wie lange jemand hier lebt und was er braucht.",
}
NOT_THE_BA = (
    "Nicht die SGB-II-Quote der Bundesagentur für Arbeit: Diese teilt nur durch Menschen unter "
    "der Altersgrenze und ist darum höher."
)
