"""``method.md`` read as a specification: German sentences in, the rule of a release out.

Knows nothing but the text. A sentence that does not say what it is expected to say in one of
the known forms is an error, so that nothing of the rule can be left out unnoticed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise

from tests.spec.drawing_reader import Drawing, read_drawing, read_spans
from tests.spec.method_words import (
    COMPARABLE,
    NotUnderstoodError,
    in_plain_words,
    read_comparable,
)

_NUMBER = r"−?[0-9]+(?:,[0-9]+)?"
_NAME = r"[0-9-]+\.[0-9]+"
_FORMER = "Frühere Regel: "
_ITEM = r"[a-z][a-z0-9_.]*"


@dataclass(frozen=True)
class Part:
    item: str
    weight: float
    is_less: bool
    cuts: tuple[float, ...]


@dataclass
class Scale:
    """One index of one group. ``frozen``: release of the base date, "" its own, "-" none."""

    name: str
    group: str
    parts: tuple[Part, ...] = ()
    steps: str = ""
    figures: dict[str, float] = field(default_factory=dict)
    is_sample: bool = False
    is_city_centre: bool = False
    frozen: str | None = None
    cuts: tuple[str, ...] = ()
    are_shares: bool = False
    span: str | None = None
    least_before: int = 0
    is_delivered: bool = False
    comparable: str | None = None
    drawing: Drawing | None = None
    n_levels: int = 0


@dataclass(frozen=True)
class Formula:
    """An indicator made of counts: sign, measure and group ("" its own) of each term."""

    factor: float
    numerator: tuple[tuple[float, str, str], ...]
    denominator: tuple[tuple[float, str, str], ...]


@dataclass
class Method:
    """All that the text says of index, levels and dynamics."""

    day: date
    name: str
    edition: str
    min_residents: int = 0
    excluded: set[str] = field(default_factory=set)
    carried: str | None = None
    scales: list[Scale] = field(default_factory=list)
    equal: float = 0.0
    interval: float | None = None
    formulas: dict[str, Formula] = field(default_factory=dict)
    least: int = 0
    former: "Method | None" = None


def read_method(text: str) -> Method:
    """Read a whole ``method.md``."""
    text = in_plain_words(text)
    told = r"Stand (\S+), \S+, Veröffentlichung (\S+), Gebietsstand (\S+)\."
    head = _must(told, text.splitlines()[2], "Stand")
    day = datetime.strptime(head[1], "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no zone
    method = Method(day, head[2], head[3])
    sections = dict(_sections(text))
    _read_rules(method, sections, "")
    if f"{_FORMER}Wer verglichen wird" in sections:
        method.former = Method(day, head[2], head[3])
        _read_rules(method.former, sections, _FORMER)
    spans = read_spans(sections["Ziehung"]) if "Ziehung" in sections else None
    for scale in method.scales:
        if scale.drawing is not None:
            scale.drawing = replace(scale.drawing, spans=spans)
    _read_indicators(method, sections["Indikatoren"])
    for line in text.splitlines():
        if line.startswith("Intervalle"):
            method.interval = number(_must(_INTERVALS, line, "Intervalle")[1]) / 100
    return method


def _read_rules(method: Method, sections: dict[str, list[str]], before: str) -> None:
    _read_validity(method, sections[f"{before}Wer verglichen wird"])
    for title, name in (("Handlungsbedarf", "need"), ("Dynamik", "dynamic")):
        for heading, lines in _groups(sections.get(f"{before}{title}", [])):
            group = _must(r".*\(`([a-z0-9_]+)`\)", heading, "Bezugsgruppe")[1]
            scale = Scale(name, group)
            for line in lines:
                _read_line(scale, line)
            method.scales.append(scale)


def number(text: str) -> float:
    """Read a German number."""
    return float(text.replace("−", "-").replace(",", "."))


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        title, *lines = part.splitlines()
        yield title, [line for line in lines if line]


def _groups(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    starts = [place for place, line in enumerate(lines) if line.startswith("### ")]
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start], lines[start + 1 : end]


def _must(pattern: str, text: str, what: str) -> re.Match[str]:
    found = re.fullmatch(pattern, text)
    if found is None:
        raise NotUnderstoodError(f"{what}: {text}")
    return found


_GAPS = (
    r"Gezählt wird in der Bezugsgruppe, die Fläche für alle\. Ein Indikator fehlt, wo eine "
    r"seiner Anzahlen fehlt, mit dem ersten Grund, der zutrifft: `liegt_nicht_vor`, "
    r"`ausstehend`, `geheim`, `vom_lieferanten_gesperrt`; danach, wo die Fläche nicht "
    r"vorkommt, bei weniger als ([0-9]+) im Nenner \(`nenner_zu_klein`\)\. Wo niemand wohnt, "
    r"steht immer `unbewohnt`\."
)
_FORMULA = r"- Berechnung: (?:([0-9]+) × )?\((.+)\) / \((.+)\)"
_TERM = r"(− |\+ |^)[^`]+ `([a-z][a-z0-9_]*)`(?: der Bezugsgruppe `([a-z][a-z0-9_]*)`)?(?: |$)"
_INTERVALS = (
    rf"Intervalle zum Vertrauensniveau ({_NUMBER}) %: Quoten nach Wilson, Dichten nach Byar, "
    r"bei jedem Indikator `\.low` und `\.high`; keines, wo der Zähler größer als der Nenner "
    r"ist \(`nenner_zu_klein`\)\. Register sind Vollzählungen; die Intervalle beschreiben, "
    r"wie weit kleine Zahlen zufällig schwanken\. Bei der Stufe sind `\.low` und `\.high` die "
    r"kleinste und die größte, wenn einer der Indikatoren an ein Ende seines Intervalls rückt "
    r"und alles andere bleibt\."
)


def _read_indicators(method: Method, lines: list[str]) -> None:
    method.least = int(_must(_GAPS, lines[0], "Indikatoren")[1])
    for heading, about in _groups(lines):
        name = _must(r".*\(`([a-z0-9_]+)`\)", heading, "Indikator")[1]
        if about[0].startswith("- Berechnung: fertig geliefert"):
            continue
        found = _must(_FORMULA, about[0], "Berechnung")
        numerator, denominator = (tuple(_terms(text)) for text in (found[2], found[3]))
        method.formulas[name] = Formula(float(found[1] or 1), numerator, denominator)


def _terms(text: str) -> Iterator[tuple[float, str, str]]:
    for found in re.finditer(_TERM, text):
        yield (-1.0 if found[1] == "− " else 1.0), found[2], found[3] or ""


_REASONS = (
    r"- `unbewohnt` \(niemand gemeldet\)",
    r"- `ausgenommen` \(von Hand\)",
    r"(?:- `zu_wenige_einwohner` \(insgesamt unter (?P<least>[0-9]+)\))?",
    r"- `liegt_nicht_vor`",
    r"- `ausstehend`",
    r"- `geheim` \(auch vom Lieferanten gesperrt\)",
    r"- sonst der Grund, der beim ersten Indikator ohne Wert steht",
)
_VALID = (
    r"Gültig sind die .+, für die (?:die Einwohner\*innen insgesamt \(`residents`\) und )?alle "
    r"Indikatoren der Bezugsgruppe veröffentlicht sind\. Die anderen bleiben ohne Stufe und "
    r"zählen bei Mittel, Streuung, Rang und Anteil nicht mit\. Als Grund steht der erste, der "
    r"zutrifft:"
)
_FEW = (
    r"Sind weniger als zwei .+ gültig, bekommt niemand eine Stufe \(`zu_wenige_gebiete`\)\. "
    r"Gerechnet wird ungerundet\. Als gleich gelten Werte, die sich um höchstens ein "
    r"(?P<part>\S+) des größten unterscheiden\."
)
_CARRIED = (
    r"Fortschreibung: Steht ein Indikator noch aus, gilt der Wert des vorigen Stichtags, wo "
    r"er veröffentlicht ist, auch der der Stadt; Index, Stufe und alles daneben heißen dann "
    r"geschätzt \(`fortgeschrieben`\)\. (?:Einen früheren Stichtag gibt es dafür nicht|An "
    r"diesem Stichtag steht nichts aus|Er kommt vom \S+ \(Veröffentlichung "
    rf"(?P<name>{_NAME})\))\."
)
_PARTS = {"Milliardstel": 1e-9, "Billionstel": 1e-12}


def _read_validity(method: Method, lines: list[str]) -> None:
    _must(_VALID, lines[0], "Gültig")
    listed = [line for line in lines if line.startswith("- ")]
    found = _must("\n?".join(_REASONS), "\n".join(listed), "Gründe")
    method.min_residents = int(found["least"] or 0)
    rest = [line for line in lines[1:] if not line.startswith("- ")]
    method.equal = _PARTS[_must(_FEW, rest[0], "zu wenige")["part"]]
    for line in rest[1:]:
        if found := re.fullmatch(r"Ausgenommen ist (.+?): .*", line):
            method.excluded.add(found[1])
        else:
            method.carried = _must(_CARRIED, line, "Fortschreibung")["name"] or "-"


_PART = (
    rf"`(?P<item>{_ITEM})`, Gewicht (?P<weight>{_NUMBER})(?P<less>, weniger heißt mehr Bedarf)?"
    rf"(?:, Grenzen (?P<cuts>{_NUMBER}(?:; {_NUMBER})*))?"
)
_STEPS = {
    "z": (
        r"z-Wert = \(Wert − Mitte\) / Standardabweichung, mit umgekehrtem Vorzeichen, wo "
        r"weniger mehr Bedarf heißt, und 0, wo alle Werte gleich sind\. Summe = alle Gewichte "
        r"× z-Werte\. Index = \(Summe − Mitte der Summen\) / Standardabweichung der Summen\. "
        r"Beitrag = Gewicht × z-Wert / Standardabweichung der Summen\. Ist die "
        r"Standardabweichung der Summen höchstens ein (?P<part>\S+) der Summe der Gewichte, "
        r"bekommt niemand eine Stufe \(`keine_streuung`\)\."
    ),
    "points": (
        r"Punkte = Zahl der Grenzen des Indikators, die der Wert überschreitet oder, wo "
        r"weniger mehr Bedarf heißt, unterschreitet; ein Wert auf einer Grenze tut keines von "
        r"beiden\. Beitrag = Gewicht × Punkte\. Summe und Index = alle Beiträge\."
    ),
    "percentile": (
        r"Prozentrang = Zahl der Gebiete mit kleinerem Wert / \(n − 1\) bei n gültigen; 1 "
        r"minus das, wo weniger mehr Bedarf heißt, und 0, wo alle Werte gleich sind\. Summe = "
        r"alle Gewichte × Prozentränge auf (?P<digits>\S+) Stellen, gerundet auf "
        r"(?P<sum_digits>\S+)\. Index = Prozentrang der Summe\. Beitrag = Index, verteilt im "
        r"Verhältnis Gewicht × Prozentrang\. Markiert ist ein Indikator ab dem Prozentrang "
        rf"(?P<flag>{_NUMBER})\. Sind alle Summen gleich, bekommt niemand eine Stufe "
        r"\(`keine_streuung`\)\."
    ),
    "exponential": (
        r"R = Rang / n bei n gültigen Gebieten; Rang n hat der höchste Wert oder, wo weniger "
        r"mehr Bedarf heißt, der niedrigste, gleiche Werte teilen den höchsten Rang\. Rangwert "
        rf"= −(?P<factor>{_NUMBER}) × ln\(1 − R × \(1 − e\^\(−(?P<top>{_NUMBER})/"
        rf"(?P<below>{_NUMBER})\)\)\), und 0, wo alle Werte gleich sind\. Beitrag = Gewicht / "
        r"Summe der Gewichte × Rangwert\. Summe und Index = alle Beiträge\. Zehntel = "
        rf"(?P<tenths>{_NUMBER}) × Rang des Index / n, aufgerundet; 1 hat den meisten Bedarf\. "
        r"Sind alle Indizes gleich, bekommt niemand eine Stufe \(`keine_streuung`\)\."
    ),
}
_WORDS = {"vier": 4.0, "acht": 8.0, **_PARTS}
_CENTRE = (
    r"Mitte: (?:Wert der ganzen (?P<city>Stadt); Mitte der Summen ist 0|Mittel der gültigen "
    r".+(?:; Mitte der Summen ist ihr Mittel|, nur zur Auskunft))"
)
_SPREAD = (
    r"Standardabweichung: (?:(?P<sample>Stichprobe, n − 1)|Grundgesamtheit, n) im Nenner"
    r"(?:, über die gültigen .+|, nur zur Auskunft)"
)
_WHAT = (
    r"Mitten und Standardabweichungen der Indikatoren und der Summen(?P<cuts>, dazu die "
    r"Grenzen des Index)?"
)
_OWN = rf"Maßstab: der eigene; andere Stichtage richten sich nach ihm \({_WHAT}\)"
_NAMED = (
    rf"Maßstab: {_WHAT} sind die vom \S+ \(Veröffentlichung (?P<name>{_NAME})\); fehlt dort "
    r"eine, bekommt niemand eine Stufe \(`bezugswert_fehlt`\)"
)
_UNPUBLISHED = (
    rf"Maßstab: {_WHAT} wären die vom \S+; er ist nicht veröffentlicht, niemand bekommt eine "
    r"Stufe \(`bezugswert_fehlt`\)"
)
_CUTS = (
    rf"Grenzen des Index: (?P<share>Anteile )?(?P<cuts>{_NUMBER}(?:; {_NUMBER})*)(?:, also der "
    r"jeweils kleinste Index, den mindestens dieser Anteil der gültigen .+ nicht "
    r"überschreitet)?; ein Wert auf der Grenze bleibt darunter"
)
_SPAN = (
    r"Veränderung(?: gegenüber dem Stichtag [0-9]+ Jahre vorher)?: (?:die Indikatoren sind "
    r"selbst schon (?P<ready>Veränderungen)|der \S+ ist nicht (?P<none>veröffentlicht), ohne "
    rf"ihn gibt es keine \(`liegt_nicht_vor`\)|Wert minus Wert vom \S+ \(Veröffentlichung "
    rf"(?P<name>{_NAME})\)\. Fehlt einer, gibt es keine, mit dem Grund des späteren, sonst des "
    r"früheren\. Wo sich die Grenzen geändert haben, gibt es sie nur mit einem "
    r"Umsteigeschlüssel, der die früheren Anzahlen umrechnet \(sonst `nicht_vergleichbar`\)"
    r"(?:\. Wo damals weniger als (?P<least>[0-9]+) Einwohner\*innen lebten, gibt es sie nicht "
    r"\(`damals_zu_wenige_einwohner`\))?)"
)
_DELIVERED = (
    r"Geliefert: Was dieser Stichtag zeigt, wurde vor dem Atlas veröffentlicht und gilt, wie "
    r"es damals war \(`veroeffentlicht`\)\. Die Regel gilt hier nicht: Es gibt keinen Index, "
    r"keinen Rang und keinen Beitrag; wo nichts geliefert ist, steht `liegt_nicht_vor`\. "
    r"Mitten und Streuungen bei der Stadt gelten nur für Stichtage, die sich nach diesem "
    r"richten"
)


def _read_line(scale: Scale, line: str) -> None:
    text = line.strip().removeprefix("- ")
    key = text.partition(":")[0].partition(" gegenüber")[0]
    if key not in _READERS:
        raise NotUnderstoodError(text)
    _READERS[key](scale, text)


def _read_parts(scale: Scale, text: str) -> None:
    scale.parts = tuple(_parts(text))


def _read_centre(scale: Scale, text: str) -> None:
    scale.is_city_centre = bool(_must(_CENTRE, text, "Mitte")["city"])


def _read_spread(scale: Scale, text: str) -> None:
    scale.is_sample = bool(_must(_SPREAD, text, "Standardabweichung")["sample"])


def _read_cuts(scale: Scale, text: str) -> None:
    found = _must(_CUTS, text, "Grenzen des Index")
    scale.are_shares = bool(found["share"])
    scale.cuts = tuple(found["cuts"].split("; "))


def _read_robustness(scale: Scale, text: str) -> None:
    scale.drawing = read_drawing(text)


def _read_span(scale: Scale, text: str) -> None:
    found = _must(_SPAN, text, "Veränderung")
    scale.span = None if found["ready"] else found["name"] or "-"
    scale.least_before = int(found["least"] or 0)


def _read_delivered(scale: Scale, text: str) -> None:
    scale.is_delivered = bool(_must(_DELIVERED, text, "Geliefert"))


def _read_levels(scale: Scale, text: str) -> None:
    scale.n_levels = len(text.split("; "))


def _parts(text: str) -> Iterator[Part]:
    for found in re.finditer(rf"\({_PART}\)(?:, |$)", text):
        cuts = tuple(map(number, found["cuts"].split("; "))) if found["cuts"] else ()
        yield Part(found["item"], number(found["weight"]), bool(found["less"]), cuts)


def _read_steps(scale: Scale, text: str) -> None:
    text = text.removeprefix("Rechnung: ")
    for name, pattern in _STEPS.items():
        if found := re.fullmatch(pattern, text):
            scale.steps = name
            scale.figures = {
                key: _WORDS[told] if told in _WORDS else number(told)
                for key, told in found.groupdict().items()
            }
            return
    raise NotUnderstoodError(text)


def _read_frozen(scale: Scale, text: str) -> None:
    if re.fullmatch(_OWN, text):
        scale.frozen = ""
    elif found := re.fullmatch(_NAMED, text):
        scale.frozen = found["name"]
    else:
        _must(_UNPUBLISHED, text, "Maßstab")
        scale.frozen = "-"


def _read_title(scale: Scale, text: str) -> None:
    """Skip what only names things."""


_READERS: dict[str, Callable[[Scale, str], None]] = {
    "Indikatoren": _read_parts,
    "Veränderung": _read_span,
    "Verfahren": _read_title,
    "Rechnung": _read_steps,
    "Maßstab": _read_frozen,
    "Eigener Maßstab, nur zum Vergleich": _read_title,
    "Mitte": _read_centre,
    "Standardabweichung": _read_spread,
    "Grenzen des Index": _read_cuts,
    "Robustheit": _read_robustness,
    COMPARABLE: read_comparable,
    "Besondere Aufmerksamkeit": _read_title,
    "Stufen": _read_levels,
    "Klassen": _read_levels,
    "Geliefert": _read_delivered,
}
