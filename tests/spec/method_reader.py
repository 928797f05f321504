"""``method.md`` read as a specification: German sentences in, the rule of a release out.

Knows nothing but the text. A sentence that does not say what it is expected to say in one of
the known forms is an error, so that nothing of the rule can be left out unnoticed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise

from tests.spec.drawing_reader import Drawing, Hindcast, read_drawing, read_hindcast, read_spans
from tests.spec.method_sentences import (
    CARRIED,
    CENTRE,
    CUTS,
    DELIVERED,
    FEW,
    FORMULA,
    GAPS,
    INTERVALS,
    LACKS,
    NAMED,
    OVER,
    OWN,
    PART,
    PARTS,
    REASONS,
    SPAN,
    SPREAD,
    STEPS,
    TERM,
    THEME,
    TIES,
    UNPUBLISHED,
    VALID,
    WORDS,
)
from tests.spec.method_words import (
    COMPARABLE,
    NotUnderstoodError,
    in_plain_words,
    read_comparable,
)

_FORMER = "Frühere Regel: "


@dataclass(frozen=True)
class Part:
    item: str
    weight: float
    is_less: bool
    cuts: tuple[float, ...]


@dataclass(frozen=True)
class Theme:
    item: str
    weight: float
    parts: tuple[Part, ...]


@dataclass
class Scale:
    """One index of one group. ``frozen``: release of the base date, "" its own, "-" none."""

    name: str
    group: str
    parts: tuple[Part, ...] = ()
    themes: tuple[Theme, ...] = ()
    ties: str = ""
    has_gaps: bool = False
    theme_digits: int = 0
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
    hindcast: Hindcast | None = None
    n_levels: int = 0

    @property
    def indices(self) -> list[str]:
        """Index and sub-indices."""
        return [f"{self.name}_index", *(theme.item for theme in self.themes)]


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
            method.interval = number(_must(INTERVALS, line, "Intervalle")[1]) / 100
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


def _read_indicators(method: Method, lines: list[str]) -> None:
    method.least = int(_must(GAPS, lines[0], "Indikatoren")[1])
    for heading, about in _groups(lines):
        name = _must(r".*\(`([a-z0-9_]+)`\)", heading, "Indikator")[1]
        if about[0].startswith("- Berechnung: fertig geliefert"):
            continue
        found = _must(FORMULA, about[0], "Berechnung")
        numerator, denominator = (tuple(_terms(text)) for text in (found[2], found[3]))
        method.formulas[name] = Formula(float(found[1] or 1), numerator, denominator)


def _terms(text: str) -> Iterator[tuple[float, str, str]]:
    for found in re.finditer(TERM, text):
        yield (-1.0 if found[1] == "− " else 1.0), found[2], found[3] or ""


def _read_validity(method: Method, lines: list[str]) -> None:
    _must(VALID, lines[0], "Gültig")
    listed = [line for line in lines if line.startswith("- ")]
    found = _must("\n?".join(REASONS), "\n".join(listed), "Gründe")
    method.min_residents = int(found["least"] or 0)
    rest = [line for line in lines[1:] if not line.startswith("- ")]
    method.equal = PARTS[_must(FEW, rest[0], "zu wenige")["part"]]
    for line in rest[1:]:
        if found := re.fullmatch(r"Ausgenommen ist (.+?): .*", line):
            method.excluded.add(found[1])
        else:
            method.carried = _must(CARRIED, line, "Fortschreibung")["name"] or "-"


def _read_line(scale: Scale, line: str) -> None:
    text = line.strip().removeprefix("- ")
    if text.startswith("Teilindex "):
        found = _must(THEME, text, "Teilindex")
        parts = tuple(_parts(found["parts"]))
        scale.themes += (Theme(found["item"], number(found["weight"]), parts),)
        scale.parts += parts
        return
    key = text.partition(":")[0].partition(" gegenüber")[0]
    if key not in _READERS:
        raise NotUnderstoodError(text)
    _READERS[key](scale, text)


def _read_parts(scale: Scale, text: str) -> None:
    scale.parts = tuple(_parts(text))


def _read_centre(scale: Scale, text: str) -> None:
    scale.is_city_centre = bool(_must(CENTRE, text, "Mitte")["city"])


def _read_spread(scale: Scale, text: str) -> None:
    scale.is_sample = bool(_must(SPREAD, text, "Standardabweichung")["sample"])


def _read_cuts(scale: Scale, text: str) -> None:
    found = _must(CUTS, text, "Grenzen des Index")
    scale.are_shares = bool(found["share"])
    scale.cuts = tuple(found["cuts"].split("; "))


def _read_beside(scale: Scale, text: str) -> None:
    """Read what stands beside the rule."""
    if text.startswith("Robustheit") and scale.themes:
        _must("Robustheit: für einen Index aus Teilindizes nicht gerechnet", text, "Robustheit")
    elif text.startswith("Robustheit"):
        scale.drawing = read_drawing(text)
    elif text.startswith("Rückschau"):
        scale.hindcast = read_hindcast(text)
    else:
        scale.comparable = read_comparable(text)


def _read_over(scale: Scale, text: str) -> None:
    found = _must(OVER[scale.steps], text, "Teilindizes").groupdict()
    scale.theme_digits = int(WORDS[found["digits"]]) if "digits" in found else 0


def _read_ties(scale: Scale, text: str) -> None:
    scale.ties = _must(TIES, text, "Gleiche Werte")["which"]


def _read_gaps(scale: Scale, text: str) -> None:
    _must(LACKS, text, "Lücken")
    scale.has_gaps = True


def _read_span(scale: Scale, text: str) -> None:
    found = _must(SPAN, text, "Veränderung")
    scale.span = None if found["ready"] else found["name"] or "-"
    scale.least_before = int(found["least"] or 0)


def _read_delivered(scale: Scale, text: str) -> None:
    scale.is_delivered = bool(_must(DELIVERED, text, "Geliefert"))


def _read_levels(scale: Scale, text: str) -> None:
    scale.n_levels = len(text.split("; "))


def _parts(text: str) -> Iterator[Part]:
    for found in re.finditer(rf"\({PART}\)(?:, |$)", text):
        cuts = tuple(map(number, found["cuts"].split("; "))) if found["cuts"] else ()
        yield Part(found["item"], number(found["weight"]), bool(found["less"]), cuts)


def _read_steps(scale: Scale, text: str) -> None:
    text = text.removeprefix("Rechnung: ")
    for name, pattern in STEPS.items():
        if found := re.fullmatch(pattern, text):
            scale.steps = name
            scale.figures = {
                key: WORDS[told] if told in WORDS else number(told)
                for key, told in found.groupdict().items()
            }
            return
    raise NotUnderstoodError(text)


def _read_frozen(scale: Scale, text: str) -> None:
    if re.fullmatch(OWN, text):
        scale.frozen = ""
    elif found := re.fullmatch(NAMED, text):
        scale.frozen = found["name"]
    else:
        _must(UNPUBLISHED, text, "Maßstab")
        scale.frozen = "-"


def _read_title(scale: Scale, text: str) -> None:
    """Skip what only names things."""


_READERS: dict[str, Callable[[Scale, str], None]] = {
    "Indikatoren": _read_parts,
    "Veränderung": _read_span,
    "Verfahren": _read_title,
    "Rechnung": _read_steps,
    "Teilindizes": _read_over,
    "Gleiche Werte": _read_ties,
    "Lücken": _read_gaps,
    "Maßstab": _read_frozen,
    "Eigener Maßstab, nur zum Vergleich": _read_title,
    "Mitte": _read_centre,
    "Standardabweichung": _read_spread,
    "Grenzen des Index": _read_cuts,
    "Robustheit": _read_beside,
    COMPARABLE: _read_beside,
    "Rückschau auf vorläufige Stufen": _read_beside,
    "Besondere Aufmerksamkeit": _read_title,
    "Stufen": _read_levels,
    "Klassen": _read_levels,
    "Geliefert": _read_delivered,
}
