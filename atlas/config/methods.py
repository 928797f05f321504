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
    ties, ranking
        Rank that equal values share unless a city says otherwise, and what a rank is, in words
        of ``method.md``; empty where none are ranked.
    formula, over_themes
        Module and function below ``classify.methods``: scores of areas from values, and scores
        of the index from those of its themes.
    theme_steps
        How themes make the index, for ``method.md``.
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
    over_themes: str
    theme_steps: str
    presets: Mapping[str, Cuts] = field(default_factory=dict)
    dynamic_cuts: Cuts = ()
    is_standardising: bool = False
    finds_cuts: bool = False
    has_part_cuts: bool = False
    part_extra: str = ""
    index_extra: str = ""
    ties: str = ""
    ranking: str = ""


_Z_STEPS = (
    "z-Wert = (Wert − Mitte) / Standardabweichung, mit umgekehrtem Vorzeichen, wo weniger mehr "
    "Bedarf heißt, und 0, wo alle Werte gleich sind. Summe = alle Gewichte × z-Werte. Index = "
    "(Summe − Mitte der Summen) / Standardabweichung der Summen. Beitrag = Gewicht × z-Wert / "
    "Standardabweichung der Summen. Ist die Standardabweichung der Summen höchstens ein "
    "Milliardstel der Summe der Gewichte, bekommt niemand eine Stufe (`keine_streuung`)."
)
_THEMES = "Jeder Teilindex entsteht aus seinen Indikatoren wie sonst der Index"
_SHARED = "Beitrag eines Teilindex = Summe der Beiträge seiner Indikatoren"
_Z_THEMES = (
    f"{_THEMES}; ist die Standardabweichung seiner Summen so klein, dass es keinen gäbe, gilt "
    "sie als 0 und er ist überall 0. Summe = alle Gewichte der Teilindizes × Teilindizes. "
    "Index = (Summe − Mitte der Summen) / Standardabweichung der Summen. Beitrag eines "
    "Indikators = Gewicht des Teilindex × Beitrag zum Teilindex / Standardabweichung der "
    f"Summen. {_SHARED}"
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
        over_themes="standardised.zscore_over",
        theme_steps=_Z_THEMES,
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
        over_themes="standardised.quantile_over",
        theme_steps=_Z_THEMES,
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
        over_themes="plain.fixed_over",
        theme_steps=(
            f"{_THEMES}. Beitrag eines Indikators = Gewicht des Teilindex × Beitrag zum "
            f"Teilindex. Summe und Index = alle Beiträge. {_SHARED}"
        ),
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
        formula="ranked.percentile",
        over_themes="ranked.percentile_over",
        theme_steps=(
            f"{_THEMES}; sind seine Summen gleich, ist er überall 0. Summe = alle Gewichte der "
            "Teilindizes × Summen der Teilindizes, gerundet auf zwölf Stellen. Index = "
            "Prozentrang der Summe. Beitrag eines Indikators = Index, verteilt im Verhältnis "
            f"Gewicht des Teilindex × Gewicht × Prozentrang. {_SHARED}"
        ),
        ties="lowest",
        ranking="Prozentrang = (Rang − 1) / (n − 1), Rang 1 hat der kleinste Wert",
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
        formula="ranked.rank_exponential",
        over_themes="ranked.rank_exponential_over",
        theme_steps=(
            f"{_THEMES}. Die Teilindizes bekommen Rangwerte, wie die Rechnung es vom Indikator "
            "sagt. Beitrag eines Teilindex = Gewicht / Summe der Gewichte der Teilindizes × "
            "sein Rangwert, verteilt auf seine Indikatoren im Verhältnis ihrer Beiträge zu "
            "ihm. Summe und Index = alle Beiträge"
        ),
        ties="highest",
        ranking="R = Rang / n wie in der Rechnung",
        finds_cuts=True,
        index_extra="decile",
    ),
    Method(
        name="minmax",
        gloss="Werte auf einer Skala von 0 bis 100, gemittelt",
        label="Mittel auf einer Skala von 0 bis 100",
        title="gewichtetes Mittel der Werte auf einer Skala von 0 bis 100",
        steps=(
            "Skalenwert = 100 × (Wert − kleinster Wert) / (größter Wert − kleinster Wert); 100 "
            "minus das, wo weniger mehr Bedarf heißt, und 0, wo alle Werte gleich sind. "
            "Beitrag = Gewicht / Summe der Gewichte × Skalenwert. Summe und Index = alle "
            "Beiträge. Sind alle Indizes gleich, bekommt niemand eine Stufe "
            "(`keine_streuung`)."
        ),
        score=ScoreWords(
            "Skalenwert",
            "Von 0 bis 100, vom geringsten bis zum größten Bedarf unter den Gebieten.",
        ),
        cuts=_QUARTERS,
        cut_unit=SHARES,
        formula="plain.minmax",
        over_themes="plain.minmax_over",
        theme_steps=(
            f"{_THEMES}. Beitrag eines Indikators = Gewicht / Summe der Gewichte der "
            f"Teilindizes × Beitrag zum Teilindex. Summe und Index = alle Beiträge. {_SHARED}"
        ),
        finds_cuts=True,
    ),
)
METHODS: Mapping[str, Method] = {record.name: record for record in _RECORDS}

if TYPE_CHECKING:
    MethodName = str
else:  # what levels.toml accepts follows the records
    MethodName = Literal[tuple(METHODS)]


STANDARDISING = " oder ".join(name for name, one in METHODS.items() if one.is_standardising)
RANKING = " oder ".join(name for name, one in METHODS.items() if one.ties)
