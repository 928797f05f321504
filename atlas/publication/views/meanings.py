"""What the words of an explanation mean under each method; knows no values."""

from dataclasses import dataclass

from atlas.classify import Explanation
from atlas.classify.robustness import NEAR_SHARE, STABLE_SHARE
from atlas.words import number_text

# Methods whose index is 0 for an average area.
CENTRED_METHODS = ("zscore", "quantile")
_Z = (
    "z-Wert",
    "Abstand vom Durchschnitt, gemessen an der üblichen Streuung: 0 ist Durchschnitt, +1 liegt "
    "deutlich auf der Seite von mehr Bedarf.",
)
# What the score of an indicator is called under each method, and what it means.
_SCORES = {
    "zscore": _Z,
    "quantile": _Z,
    "fixed": ("Punkte", "So viele feste Grenzen überschreitet der Wert."),
    "percentile": ("Prozentrang", "Von 0 bis 1; 1 steht für den meisten Bedarf."),
    "rank_exponential": ("Rangwert", "Aus dem Rang; die vordersten Ränge zählen besonders."),
}


@dataclass(frozen=True)
class Term:
    """A term, and a sentence on it."""

    name: str
    text: str


def score_name(method: str) -> str:
    """Say what the score of an indicator is called."""
    return _SCORES[method][0]


def meanings_of(method: str, explained: Explanation) -> tuple[Term, ...]:
    """Explain index, score, contribution and robustness, as far as they are there."""
    middle = ""
    if method in CENTRED_METHODS:
        is_city = explained.mean_base == "city_value"
        middle = f"0 ist {'die Stadt insgesamt' if is_city else 'der Durchschnitt'}, "
    index = "Fasst die Indikatoren in einer Zahl zusammen: "
    found = [
        Term("Index", f"{index}{middle}je höher, desto mehr Bedarf."),
        Term(*_SCORES[method]),
        Term("Beitrag", "Was ein Indikator zum Index gibt; alle Beiträge ergeben ihn."),
    ]
    if explained.firmness is not None:
        stable, near = (number_text(100 * share, 0) for share in (STABLE_SHARE, NEAR_SHARE))
        text = (
            "Der Index wird mit anderen vertretbaren Gewichten, Grenzen und Verfahren "
            f"nachgerechnet. Stabil: mindestens {stable} % der Nachrechnungen ergeben dieselbe "
            f"Stufe; grenznah: mindestens {near} %; unsicher: weniger."
        )
        found.append(Term("Robustheit", text))
    return tuple(found)
