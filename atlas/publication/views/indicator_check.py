"""Examination of the indicators of a level: which count the same thing, which decide it."""

from collections.abc import Iterator
from dataclasses import dataclass

from atlas.classify import Overlap, Pair, overlap_of, rule_of
from atlas.config.indicators import Indicators, parse_term
from atlas.publication.seen import Seen
from atlas.publication.views.items import item_of
from atlas.publication.views.meanings import Term
from atlas.publication.views.table import Table, number, text
from atlas.publication.views.trial import published_of
from atlas.terms import RESIDENTS, Kind
from atlas.words import number_text

# From here on two indicators are said to count the same thing.
SAME = 0.9
_DIGITS = 2

MEANINGS = (
    Term(
        "Korrelation",
        "Wie gleich zwei Indikatoren über die Gebiete verlaufen: 1 ganz gleich, 0 ohne "
        "Zusammenhang, −1 entgegengesetzt. Nach Pearson zählen die Werte, nach Spearman die "
        "Ränge. Wo ein kleiner Wert den Index hebt, ist das Vorzeichen "
        "gedreht.",
    ),
    Term(
        "Hauptkomponente",
        "Was sich mit einer einzigen Zahl je Gebiet von allen Indikatoren sagen lässt. Liegt "
        "der Anteil der ersten nahe 100 %, messen alle dasselbe.",
    ),
    Term(
        "Einfluss",
        "Wie viel vom Index ein Indikator allein erklärt (Quadrat der Korrelation), im "
        "Verhältnis zu allen. Das Gewicht sagt, was beabsichtigt ist, der Einfluss, was daraus "
        "wird.",
    ),
    Term(
        "Ohne ihn",
        "Wie viele der eingestuften Gebiete eine andere Stufe hätten, wenn der Indikator "
        "wegfiele.",
    ),
)


@dataclass(frozen=True)
class Check:
    """The examination of one group: warnings first, then the tables."""

    warnings: tuple[str, ...]
    summary: str
    pairs: Table
    parts: Table


def check_of(seen: Seen) -> Check | None:
    """Examine the indicators of the level of a group; ``None`` where too few areas have one."""
    found = _found(seen)
    if found is None:
        return None
    return Check(
        warnings=(*_twice(seen, found), *_parts_of(seen)),
        summary=_summary(seen, found),
        pairs=_pairs(seen, found),
        parts=_parts(seen, found),
    )


def check_table(seen: Seen) -> Table:
    """All figures of all groups in one long table, for programs."""
    fields = (
        text("group", "group"),
        text("figure", "figure"),
        text("item", "item"),
        text("other", "other"),
        number("value", "value"),
    )
    rows = tuple(
        (str(side.group), *row)
        for side in map(seen.through, seen.groups)
        if (found := _found(side)) is not None
        for row in _long_rows(found)
    )
    return Table("Prüfung der Indikatoren", fields, rows, "Prüfung")


def _found(seen: Seen) -> Overlap | None:
    if not seen.has_levels or not seen.holds(Kind.QUARTIER, "need_index"):
        return None

    def find() -> Overlap | None:
        rule = rule_of(seen.config.levels, "need", seen.group)
        return overlap_of(published_of(seen, rule), rule)

    return seen.once("overlap", find)


def _twice(seen: Seen, found: Overlap) -> Iterator[str]:
    for pair in found.pairs:
        if _is_same(pair):
            names = _label(seen, pair.first), _label(seen, pair.second)
            yield (
                f"{names[0]} und {names[1]} verlaufen fast gleich (Korrelation "
                f"{number_text(pair.pearson or 0.0, _DIGITS)}): Der Index zählt damit "
                "weitgehend dasselbe zweimal."
            )


def _is_same(pair: Pair) -> bool:
    return pair.pearson is not None and pair.pearson >= SAME


def _parts_of(seen: Seen) -> Iterator[str]:
    """Name pairs of indicators of which one counts a part of the people of the other."""
    config = seen.config.indicators
    items = rule_of(seen.config.levels, "need", seen.group).items
    for item in items:
        for other in items:
            for part, whole in _nested(config, item, other):
                measures = config.measures
                names = _label(seen, item), _label(seen, other)
                yield (
                    f"{names[0]} und {names[1]} überschneiden sich: Wer zu "
                    f"„{measures[part].label}“ zählt, zählt auch zu „{measures[whole].label}“."
                )


def _nested(config: Indicators, item: str, other: str) -> Iterator[tuple[str, str]]:
    for part in _counted(config, item):
        above = config.measures[part].part_of
        while above is not None and above != RESIDENTS:
            if above in _counted(config, other):
                yield part, above
            above = config.measures[above].part_of


def _counted(config: Indicators, item: str) -> tuple[str, ...]:
    one = config.indicators.get(item)
    terms = map(parse_term, one.numerator if one else ())
    return tuple(term.measure for term in terms if term.sign > 0)


def _summary(seen: Seen, found: Overlap) -> str:
    if not found.components:
        return "Kein Indikator unterscheidet die Gebiete."
    shares = "; ".join(
        f"{place}. {number_text(100 * share, 1)} %"
        for place, share in enumerate(found.components, 1)
    )
    return (
        f"Eingestufte {seen.plural(Kind.QUARTIER)}: {found.n_areas}. Anteil der "
        f"Hauptkomponenten an der Streuung aller Indikatoren: {shares}."
    )


def _pairs(seen: Seen, found: Overlap) -> Table:
    fields = (
        text("item", "Indikator"),
        text("other", "und"),
        number("pearson", "Korrelation (Pearson)", _DIGITS),
        number("spearman", "nach Rängen (Spearman)", _DIGITS),
    )
    ordered = sorted(found.pairs, key=lambda pair: -(pair.pearson or 0.0))
    rows = tuple(
        (_label(seen, pair.first), _label(seen, pair.second), pair.pearson, pair.spearman)
        for pair in ordered
    )
    title = f"Zusammenhang der Indikatoren, {seen.group_label}, {seen.day}"
    return Table(title, fields, rows, f"Zusammenhang {seen.group_short}")


def _parts(seen: Seen, found: Overlap) -> Table:
    fields = (
        text("item", "Indikator"),
        number("nominal", "Gewicht in %", 1),
        number("effective", "Einfluss in %", 1),
        number("explained", "erklärt vom Index in %", 1),
        number("moved", "ohne ihn: andere Stufe"),
    )
    rows = tuple(
        (
            _label(seen, part.item),
            100 * part.nominal,
            _percent(part.effective),
            _percent(part.explained),
            part.moved,
        )
        for part in found.parts
    )
    title = f"Gewicht und Einfluss der Indikatoren, {seen.group_label}, {seen.day}"
    return Table(title, fields, rows, f"Einfluss {seen.group_short}")


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _label(seen: Seen, item: str) -> str:
    return item_of(seen.config, item).label


def _long_rows(found: Overlap) -> Iterator[tuple[str, str, str, float | None]]:
    for pair in found.pairs:
        yield "pearson", pair.first, pair.second, pair.pearson
        yield "spearman", pair.first, pair.second, pair.spearman
    for place, share in enumerate(found.components, 1):
        yield "component_share", str(place), "", share
    for part in found.parts:
        yield "weight_share", part.item, "", part.nominal
        yield "effective_share", part.item, "", part.effective
        yield "explained_share", part.item, "", part.explained
        yield "areas_moved_without", part.item, "", part.moved
