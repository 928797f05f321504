"""What moved between two releases: levels as a table, each move with its reasons."""

from collections import Counter
from dataclasses import dataclass

from atlas.classify import (
    AreaChange,
    Classification,
    Words,
    change_sentences,
    change_text,
    moved_areas,
    rule_of,
)
from atlas.publication.views.cells import areas, cell_of, columns_of
from atlas.publication.views.items import group_label, plural, singular
from atlas.publication.views.reasons import items_of
from atlas.publication.views.tables import Column, Table, level_text
from atlas.release import Release, ReleaseInfo
from atlas.terms import (
    NEED_LEVEL,
    STATE_LABELS,
    STATUS_LABELS,
    Group,
    Kind,
    Status,
)
from atlas.words import day_text, number_text

_INDEX_DIGITS = 2
_UP, _DOWN, _NO_DIRECTION = "▲", "▼", "–"


@dataclass(frozen=True)
class Move:
    """One Quartier whose level moved, with the reasons in words and numbers.

    ``figures`` has a clause per indicator, ``text`` says all of it in one paragraph.
    """

    area_id: str
    title: str
    head: str
    figures: tuple[str, ...]
    drivers: str
    text: str


@dataclass(frozen=True)
class Changes:
    """Changes of the levels between two releases.

    Attributes
    ----------
    matrix
        One row per level before, one column per level after; numbers of Quartiere.
    moved
        One row per Quartier that moved, upward moves first.
    notes
        Sentences on what makes the two hard to compare.
    """

    summary: str
    matrix: Table
    moved: Table
    moves: tuple[Move, ...]
    notes: tuple[str, ...]


def level_changes(before: Release, after: Release, group: Group) -> Changes | None:
    """Compare the levels of two releases; ``None`` where one has none for the group."""
    if any(group not in release.info.config.levels.need for release in (before, after)):
        return None
    first, second = _classification(before, group), _classification(after, group)
    titles = {area.id: area.title for area in areas(after, Kind.QUARTIER)}
    found = sorted(moved_areas(first, second), key=_move_order)
    words = Words(after.info.config.indicators, after.info.config.levels)
    moves = tuple(_move(one, titles[one.area_id], words) for one in found)
    return Changes(
        summary=_summary(before, after, group, found),
        matrix=_matrix(before, after, group),
        moved=_moved_table(before, after, group, found),
        moves=moves,
        notes=_notes(before, after),
    )


def _move(change: AreaChange, title: str, words: Words) -> Move:
    told = change_sentences(change, words)
    text = change_text(change, title, words)
    return Move(change.area_id, title, told.move, told.figures, told.drivers, text)


def release_title(info: ReleaseInfo) -> str:
    """Name a release for people: date, state and number."""
    return f"{day_text(info.reference_date)}, {STATE_LABELS[info.state]} (Nummer {info.number})"


def _classification(release: Release, group: Group) -> Classification:
    config = release.info.config
    rule = rule_of(config.levels, "need", group)
    return Classification(items_of(release, group), rule, tuple(config.indicators.measures))


def _move_order(change: AreaChange) -> tuple[int, str]:
    before, after = change.level_before, change.level_after
    step = 0 if before is None or after is None else after - before
    return (-step, change.area_id)


def _summary(before: Release, after: Release, group: Group, found: list[AreaChange]) -> str:
    name = plural(after, Kind.QUARTIER)
    if not found:
        if not any(levels_of(before, group).values()):
            return f"{name} mit einer Stufe: keine, an beiden Ständen."
        return f"Keine Veränderung: alle eingestuften {name} haben dieselbe Stufe wie vorher."
    steps = Counter(_direction(change) for change in found)
    parts = [
        f"{steps[_UP]} mit höherer Stufe",
        f"{steps[_DOWN]} mit niedrigerer Stufe",
    ]
    if steps[_NO_DIRECTION]:
        parts.append(f"{steps[_NO_DIRECTION]} nur an einem der beiden Stände eingestuft")
    return f"{name} mit anderer Stufe: {len(found)} ({'; '.join(parts)})."


def _direction(change: AreaChange) -> str:
    if change.level_before is None or change.level_after is None:
        return _NO_DIRECTION
    return _UP if change.level_after > change.level_before else _DOWN


def levels_of(release: Release, group: Group) -> dict[str, int | None]:
    """Level of every Quartier by its key; ``None`` where it has none."""
    columns = columns_of(release, Kind.QUARTIER, group)
    found: dict[str, int | None] = {}
    for area in areas(release, Kind.QUARTIER):
        value = cell_of(columns, NEED_LEVEL, area.id).value
        found[area.id] = None if value is None else int(value)
    return found


def _matrix(before: Release, after: Release, group: Group) -> Table:
    old, new = levels_of(before, group), levels_of(after, group)
    counts = Counter((old[key], new[key]) for key in old.keys() & new.keys())
    labels = after.info.config.levels.labels
    steps: list[int | None] = [*sorted(labels), None]
    names = {step: _level_name(after, step) for step in steps}
    heads = [Column("before", "vorher \\ nachher", "", is_number=False)]
    heads += [
        Column(f"to_{step}", f"Stufe {step}" if step else "ohne Stufe", "", is_number=True)
        for step in steps
    ]
    rows = tuple(
        (names[step], *(_count(counts[step, other]) for other in steps)) for step in steps
    )
    caption = (
        f"{plural(after, Kind.QUARTIER)} nach Stufe, {group_label(after, group)}: Zeilen "
        f"{_short(before)}, Spalten {_short(after)}"
    )
    return Table(caption, tuple(heads), rows, {})


def _moved_table(
    before: Release, after: Release, group: Group, found: list[AreaChange]
) -> Table:
    names = {area.id: area.name for area in areas(after, Kind.QUARTIER)}
    heads = (
        Column("area_id", "Nummer", "", is_number=False),
        Column("name", singular(after, Kind.QUARTIER), "", is_number=False),
        Column("direction", "Richtung", "", is_number=False),
        Column("level_before", f"Stufe {_short(before)}", "", is_number=False),
        Column("level_after", f"Stufe {_short(after)}", "", is_number=False),
        Column("index_before", "Index vorher", "", is_number=True),
        Column("index_after", "Index nachher", "", is_number=True),
    )
    words = {_UP: "▲ höher", _DOWN: "▼ niedriger", _NO_DIRECTION: "– nicht vergleichbar"}
    rows = tuple(
        (
            one.area_id,
            names[one.area_id],
            words[_direction(one)],
            _level_name(before, one.level_before),
            _level_name(after, one.level_after),
            _index(one.index_before),
            _index(one.index_after),
        )
        for one in found
    )
    caption = f"{plural(after, Kind.QUARTIER)} mit anderer Stufe, {group_label(after, group)}"
    return Table(caption, heads, rows, {})


def _notes(before: Release, after: Release) -> tuple[str, ...]:
    notes = []
    if before.info.edition != after.info.edition:
        notes.append(
            f"Der Gebietsstand ist ein anderer ({day_text(before.info.edition)} und "
            f"{day_text(after.info.edition)}): verglichen sind Gebiete derselben Nummer."
        )
    if before.info.config.levels != after.info.config.levels:
        notes.append("Die Regel der Einstufung ist eine andere als vorher.")
    notes.append(
        "Der Index misst jedes Gebiet am Durchschnitt seines Stichtags: eine Stufe kann sich "
        "auch ändern, weil sich die anderen Gebiete verändert haben."
    )
    return tuple(notes)


def _level_name(release: Release, step: int | None) -> str:
    if step is None:
        return STATUS_LABELS[Status.NOT_CLASSIFIED]
    return level_text(release, NEED_LEVEL, step)


def _count(number: int) -> str:
    return str(number) if number else "–"


def _index(value: float | None) -> str:
    return "–" if value is None else number_text(value, _INDEX_DIGITS)


def _short(release: Release) -> str:
    info = release.info
    return f"{day_text(info.reference_date)} Nr. {info.number}"
