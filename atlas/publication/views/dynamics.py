"""Dynamics of one Quartier with its reason, and need by dynamics for all of them."""

from dataclasses import dataclass

from atlas.classify import Words, explain, level_sentence, level_table, rule_of
from atlas.classify.explain import Explanation, PartExplained
from atlas.publication.views.cells import known_area
from atlas.publication.views.items import group_label, plural
from atlas.publication.views.meanings import Term
from atlas.publication.views.reasons import items_of, limits_of
from atlas.publication.views.tables import Column, Table, level_text
from atlas.release import Release
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, Group, Kind
from atlas.words import day_text, signed_text

_DIGITS = 2
_GAP = "–"
_NO_LEVEL = "ohne Stufe"
_NO_CLASS = "ohne Klasse"


@dataclass(frozen=True)
class Dynamics:
    """Class of one Quartier with its reason; ``table`` is ``None`` without a class."""

    text: str
    limits: tuple[Term, ...]
    table: Table | None


def dynamics_of(release: Release, area_id: str, group: Group) -> Dynamics | None:
    """Explain the dynamics of one Quartier; ``None`` where the group has none.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    config = release.info.config
    if group not in config.levels.dynamic:
        return None
    area = known_area(release, Kind.QUARTIER, area_id)
    rule = rule_of(config.levels, "dynamic", group)
    explained = explain(items_of(release, group), rule, release.info.reference_date, area_id)
    words = Words(config.indicators, config.levels)
    caption = (
        f"{area.title}: Beiträge zum Index der Dynamik, {group_label(release, group)}, "
        f"{day_text(release.info.reference_date)}"
    )
    table = None if explained.index is None else _table(caption, explained, words)
    text = level_sentence(explained, area.title, words)
    return Dynamics(text, limits_of(explained), table)


def need_by_dynamics(release: Release, group: Group) -> Table | None:
    """Count Quartiere by level of need and class of dynamics; ``None`` without either."""
    levels = release.info.config.levels
    if group not in levels.need or group not in levels.dynamic:
        return None
    items = items_of(release, group)
    counts = level_table(items, items, NEED_LEVEL, DYNAMIC_LEVEL)
    heads = [Column("need", "Handlungsbedarf \\ Dynamik", "", is_number=False)]
    heads += [
        Column(f"to_{step}", _name(release, DYNAMIC_LEVEL, step), "", is_number=True)
        for step in map(int, counts.columns)
    ]
    rows = tuple(
        (_name(release, NEED_LEVEL, step), *(str(n) if n else _GAP for n in row))
        for step, row in zip(counts.index, counts.to_numpy().tolist(), strict=True)
    )
    caption = (
        f"{plural(release, Kind.QUARTIER)} nach Handlungsbedarf und Dynamik, "
        f"{group_label(release, group)}, {day_text(release.info.reference_date)}"
    )
    return Table(caption, tuple(heads), rows, {})


def _name(release: Release, item: str, step: int) -> str:
    if not step:
        return _NO_LEVEL if item == NEED_LEVEL else _NO_CLASS
    return level_text(release, item, step)


def _table(caption: str, explained: Explanation, words: Words) -> Table:
    heads = (
        Column("item", "Indikator", "", is_number=False),
        Column("value", "Wert", "", is_number=True),
        Column("mean", "Durchschnitt", "", is_number=True),
        Column("z", "z-Wert", "", is_number=True),
        Column("amount", "Beitrag", "", is_number=True),
    )
    parts = sorted(explained.parts, key=lambda part: -abs(part.contribution or 0.0))
    rows = [_row(part, words) for part in parts]
    index = _signed(explained.index)
    rows.append(("Index (Summe der Beiträge)", "", "", "", index))
    return Table(caption, heads, tuple(rows), {})


def _row(part: PartExplained, words: Words) -> tuple[str, ...]:
    amounts = [
        _GAP if value is None else words.amount(part.item, value)
        for value in (part.value, part.mean)
    ]
    return (
        words.name(part.item),
        *amounts,
        _signed(part.z),
        _signed(part.contribution),
    )


def _signed(value: float | None) -> str:
    return _GAP if value is None else signed_text(value, _DIGITS)
