"""The methods of an index, one record each: what is decided by a method and said of it.

Knows no arithmetic: ``formula`` names the function of ``classify.methods`` that scores areas.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

Cuts = tuple[float, ...]


@dataclass(frozen=True)
class CutUnit:
    """What the cuts of a method are: a word for the reference, a note beside the fields."""

    word: str
    note: str
    is_share: bool = False


SPREADS = CutUnit("Standardabweichungen", "Grenzen des Index in Standardabweichungen")
POINTS = CutUnit("Punkte", "Grenzen als Punktzahlen")
SHARES = CutUnit(
    "Anteile der Gebiete",
    "Grenzen als Anteile der Gebiete, zwischen 0 und 1",
    is_share=True,
)


@dataclass(frozen=True)
class ScoreWords:
    """What the score of one indicator is called, and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Method:
    """How values become an index.

    Attributes
    ----------
    name, gloss
        As ``levels.toml`` calls it, and half a sentence for the reference of the configuration.
    label, title, steps
        What a page offers; the line of ``method.md``, and the sentences there by which anybody
        computes the index again.
    score
        Words for the score of one indicator.
    cuts, presets
        Cuts of the four levels where a city gives none; ready-made ones by name.
    dynamic_cuts
        The same for the three classes of the dynamics; empty where there can be none.
    is_standardising
        Whether the index is a standardised sum: 0 for an average area, split into value, mean
        and spread, varied by robustness and intervals, frozen at a base date.
    finds_cuts
        Whether the cuts in the unit of the index are found from the areas' own.
    has_part_cuts
        Whether every indicator has cuts of its own.
    part_extra, index_extra
        Further figure of each indicator, of the index: part of an item's name.
    formula
        Module and function below ``classify.methods``.
    """

    name: str
    gloss: str
    label: str
    title: str
    steps: str
    score: ScoreWords
    cuts: Cuts
    cut_unit: CutUnit
    formula: str
    presets: Mapping[str, Cuts] = field(default_factory=dict)
    dynamic_cuts: Cuts = ()
    is_standardising: bool = False
    finds_cuts: bool = False
    has_part_cuts: bool = False
    part_extra: str = ""
    index_extra: str = ""


_Z_STEPS = (
    "z-Wert = (Wert − Mitte) / Standardabweichung, mit umgekehrtem Vorzeichen, wo weniger mehr "
    "Bedarf heißt, und 0, wo alle Werte gleich sind. Summe = alle Gewichte × z-Werte. Index = "
    "(Summe − Mitte der Summen) / Standardabweichung der Summen. Beitrag = Gewicht × z-Wert / "
    "Standardabweichung der Summen. Ist die Standardabweichung der Summen höchstens ein "
    "Milliardstel der Summe der Gewichte, bekommt niemand eine Stufe (`keine_streuung`)."
)
_QUARTERS = (0.25, 0.5, 0.75)
_Z = ScoreWords(
    "z-Wert",
    "Abstand vom Durchschnitt, gemessen an der üblichen Streuung: 0 ist Durchschnitt, +1 liegt "
    "deutlich auf der Seite von mehr Bedarf.",
)
# mss: Monitoring Soziale Stadtentwicklung Berlin 2021; need4: this project, so that level 2
# stays the exception that its wording asks for.
_PRESETS = {"mss": (-1.0, 1.0, 1.5), "need4": (0.0, 0.5, 1.0)}

_RECORDS = (
    Method(
        name="zscore",
        gloss="Summe der z-Werte, standardisiert",
        label="Summe der z-Werte",
        title="Summe gewichteter z-Werte, wieder standardisiert",
        steps=_Z_STEPS,
        score=_Z,
        cuts=_PRESETS["need4"],
        cut_unit=SPREADS,
        formula="standardised.zscore",
        presets=_PRESETS,
        dynamic_cuts=(-1.0, 1.0),
        is_standardising=True,
    ),
    Method(
        name="quantile",
        gloss="dieselbe, Grenzen als Anteile der Gebiete",
        label="Summe der z-Werte, Anteile der Gebiete",
        title="Summe gewichteter z-Werte, wieder standardisiert und nach Anteilen geteilt",
        steps=_Z_STEPS,
        score=_Z,
        cuts=_QUARTERS,
        cut_unit=SHARES,
        formula="standardised.quantile",
        dynamic_cuts=(0.25, 0.75),
        is_standardising=True,
        finds_cuts=True,
    ),
    Method(
        name="fixed",
        gloss="feste Grenzen je Indikator, Punkte gezählt",
        label="Punkte nach festen Grenzen",
        title="feste Grenzen je Indikator, überschrittene Grenzen werden gezählt",
        steps=(
            "Punkte = Zahl der Grenzen des Indikators, die der Wert überschreitet oder, wo "
            "weniger mehr Bedarf heißt, unterschreitet; ein Wert auf einer Grenze tut keines "
            "von beiden. Beitrag = Gewicht × Punkte. Summe und Index = alle Beiträge."
        ),
        score=ScoreWords("Punkte", "So viele feste Grenzen überschreitet der Wert."),
        cuts=(0.0, 1.0, 2.0),  # no point, one, two
        cut_unit=POINTS,
        formula="plain.fixed",
        has_part_cuts=True,
    ),
    Method(
        name="percentile",
        gloss="Prozentränge (CDC SVI)",
        label="Prozentränge",
        title="Perzentilränge",
        steps=(
            "Prozentrang = Zahl der Gebiete mit kleinerem Wert / (n − 1) bei n gültigen; 1 "
            "minus das, wo weniger mehr Bedarf heißt, und 0, wo alle Werte gleich sind. Summe "
            "= alle Gewichte × Prozentränge auf vier Stellen, gerundet auf acht. Index = "
            "Prozentrang der Summe. Beitrag = Index, verteilt im Verhältnis Gewicht × "
            "Prozentrang. Markiert ist ein Indikator ab dem Prozentrang 0,9. Sind alle Summen "
            "gleich, bekommt niemand eine Stufe (`keine_streuung`)."
        ),
        score=ScoreWords("Prozentrang", "Von 0 bis 1; 1 steht für den meisten Bedarf."),
        cuts=_QUARTERS,
        cut_unit=SHARES,
        formula="plain.percentile",
        part_extra="flag",
    ),
    Method(
        name="rank_exponential",
        gloss="exponentielle Ränge (IMD)",
        label="exponentielle Ränge",
        title="exponentiell transformierte Ränge",
        steps=(
            "R = Rang / n bei n gültigen Gebieten; Rang n hat der höchste Wert oder, wo "
            "weniger mehr Bedarf heißt, der niedrigste, gleiche Werte teilen den höchsten "
            "Rang. Rangwert = −23 × ln(1 − R × (1 − e^(−100/23))), und 0, wo alle Werte "
            "gleich sind. Beitrag = Gewicht / Summe der Gewichte × Rangwert. Summe und Index "
            "= alle Beiträge. Zehntel = 10 × Rang des Index / n, aufgerundet; 1 hat den "
            "meisten Bedarf. Sind alle Indizes gleich, bekommt niemand eine Stufe "
            "(`keine_streuung`)."
        ),
        score=ScoreWords("Rangwert", "Aus dem Rang; die vordersten Ränge zählen besonders."),
        cuts=_QUARTERS,
        cut_unit=SHARES,
        formula="plain.rank_exponential",
        finds_cuts=True,
        index_extra="decile",
    ),
)
METHODS: Mapping[str, Method] = {record.name: record for record in _RECORDS}

if TYPE_CHECKING:
    MethodName = str
else:  # what levels.toml accepts follows the records
    MethodName = Literal[tuple(METHODS)]


STANDARDISING = " oder ".join(name for name, one in METHODS.items() if one.is_standardising)
