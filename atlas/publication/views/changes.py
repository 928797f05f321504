"""What moved between two releases: levels in a table and on a map, moves with their reasons."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from atlas.classify import AreaChange, Classification, moved_areas, rule_of
from atlas.publication.seen import Seen
from atlas.publication.views.items import NEED, NO_LEVEL, cause_of, level_text
from atlas.publication.views.map import LegendEntry, MapView, map_view
from atlas.publication.views.rule_change import RuleChange, rule_change
from atlas.publication.views.table import Table, number, text
from atlas.release import ReleaseInfo
from atlas.sentences import Words, change_sentences, change_text
from atlas.terms import NEED_LEVEL, STATE_LABELS, STATUS_LABELS, Kind, Status
from atlas.words import day_text

_INDEX_DIGITS = 2
_UP, _DOWN, _NO_DIRECTION = "▲", "▼", "–"
_STEPS = ("niedrigere Stufe", "gleiche Stufe", "höhere Stufe")
_SAME = 2
_ARROWS = {1: "▼ ", 2: "", 3: "▲ "}
_NOT_COMPARABLE = "nicht vergleichbar"


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
    rule
        Sentences on what a new rule moved, where the later release tells both rules.
    """

    summary: str
    matrix: Table
    moved: Table
    moves: tuple[Move, ...]
    notes: tuple[str, ...]
    rule: tuple[str, ...]


def level_changes(before: Seen, after: Seen) -> Changes | None:
    """Compare the levels of two releases; ``None`` where one has none for the group."""
    if not (before.has_levels and after.has_levels):
        return None
    found = sorted(
        moved_areas(classification_of(before), classification_of(after)), key=_move_order
    )
    titles = {area.id: area.title for area in after.areas(Kind.QUARTIER)}
    words, rules = words_of(after), rule_change(before, after)
    return Changes(
        summary=_summary(before, after, found),
        matrix=_matrix(before, after),
        moved=_moved_table(before, after, found, rules),
        moves=tuple(move_of(one, titles[one.area_id], words) for one in found),
        notes=_notes(before, after, rules),
        rule=rules.sentences(after) if rules else (),
    )


def change_map(before: Seen, after: Seen) -> MapView:
    """Draw the Quartiere of the later release by the direction in which their level moved.

    A label gives the later level, with an arrow where it is another than before.
    """
    old, new = levels_of(before), levels_of(after)
    steps = {key: _step(old.get(key), level) for key, level in new.items()}
    parts = (
        "Veränderung der Stufe",
        after.group_short,
        after.plural(Kind.QUARTIER),
        f"{before.day} bis {after.day}",
    )
    return replace(
        map_view(after, NEED, Kind.QUARTIER),
        title=" · ".join(parts),
        palette="move",
        legend=_legend(steps),
        entry_of={key: step - 1 if step else len(_STEPS) for key, step in steps.items()},
        texts={key: _move_text(old.get(key), new[key]) for key in new},
        labels={
            key: f"{_ARROWS[step]}{new[key]}" if step else "" for key, step in steps.items()
        },
        notes=(),
    )


def _legend(steps: Mapping[str, int]) -> tuple[LegendEntry, ...]:
    counts = Counter(steps.values())
    legend = [
        LegendEntry(step, Status.PUBLISHED, label, counts[step])
        for step, label in enumerate(_STEPS, start=1)
    ]
    if counts[0]:
        legend.append(LegendEntry(0, Status.NOT_CLASSIFIED, _NOT_COMPARABLE, counts[0]))
    return tuple(legend)


def _step(before: int | None, after: int | None) -> int:
    if before is None or after is None:
        return 0
    return _SAME + (after > before) - (after < before)


def _move_text(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return _NOT_COMPARABLE
    return f"Stufe {before} → {after}" if before != after else f"weiterhin Stufe {after}"


def move_of(change: AreaChange, title: str, words: Words) -> Move:
    """Put the change of one area into words."""
    told = change_sentences(change, words)
    text = change_text(change, title, words)
    return Move(change.area_id, title, told.move, told.figures, told.drivers, text)


def release_title(info: ReleaseInfo) -> str:
    """Name a release for people: date, state and number."""
    return f"{day_text(info.reference_date)}, {STATE_LABELS[info.state]} (Nummer {info.number})"


def words_of(seen: Seen) -> Words:
    """Words for changes of a group."""
    return Words(seen.config.indicators, seen.config.levels, seen.group)


def classification_of(seen: Seen) -> Classification:
    """Shown cells of a release, and its rule of need, as ``classify`` compares them."""
    config = seen.config
    rule = rule_of(config.levels, "need", seen.group)
    return Classification(seen.items(), rule, tuple(config.indicators.measures))


def _move_order(change: AreaChange) -> tuple[int, str]:
    before, after = change.level_before, change.level_after
    step = 0 if before is None or after is None else after - before
    return (-step, change.area_id)


def _summary(before: Seen, after: Seen, found: list[AreaChange]) -> str:
    name = after.plural(Kind.QUARTIER)
    if not found:
        if not any(levels_of(before).values()):
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


def levels_of(seen: Seen) -> dict[str, int | None]:
    """Level of every Quartier by its key; ``None`` where it has none."""
    return {
        key: None if cell.value is None else int(cell.value)
        for key, cell in seen.column(Kind.QUARTIER, NEED_LEVEL).items()
    }


def _matrix(before: Seen, after: Seen) -> Table:
    old, new = levels_of(before), levels_of(after)
    counts = Counter((old[key], new[key]) for key in old.keys() & new.keys())
    steps: list[int | None] = [*sorted(after.config.levels.labels), None]
    fields = [text("before", "vorher \\ nachher")]
    fields += [number(f"to_{n}", f"Stufe {n}" if n else NO_LEVEL) for n in steps]
    rows = tuple(
        (
            level_text(after.config, NEED_LEVEL, step),
            *(counts[step, other] or None for other in steps),
        )
        for step in steps
    )
    title = (
        f"{after.plural(Kind.QUARTIER)} nach Stufe, {after.group_label}: Zeilen "
        f"{_short(before)}, Spalten {_short(after)}"
    )
    return Table(title, tuple(fields), rows)


def _moved_table(
    before: Seen, after: Seen, found: list[AreaChange], rules: RuleChange | None
) -> Table:
    fields = (
        text("area_id", "Nummer"),
        text("name", after.singular(Kind.QUARTIER)),
        text("direction", "Richtung"),
        text("level_before", f"Stufe {_short(before)}"),
        text("level_after", f"Stufe {_short(after)}"),
        number("index_before", "Index vorher", _INDEX_DIGITS),
        number("index_after", "Index nachher", _INDEX_DIGITS),
        *([text("cause", "Anlass")] if rules else []),
    )
    words = {_UP: "▲ höher", _DOWN: "▼ niedriger", _NO_DIRECTION: "– nicht vergleichbar"}
    rows = tuple(
        (
            one.area_id,
            after.area(Kind.QUARTIER, one.area_id).name,
            words[_direction(one)],
            _level_name(before, one.area_id),
            _level_name(after, one.area_id),
            one.index_before,
            one.index_after,
            *([rules.causes[one.area_id]] if rules else []),
        )
        for one in found
    )
    title = f"{after.plural(Kind.QUARTIER)} mit anderer Stufe, {after.group_label}"
    return Table(title, fields, rows)


def _notes(before: Seen, after: Seen, rules: RuleChange | None) -> tuple[str, ...]:
    notes = []
    if before.info.edition != after.info.edition:
        notes.append(
            f"Der Gebietsstand ist ein anderer ({day_text(before.info.edition)} und "
            f"{day_text(after.info.edition)}): verglichen sind Gebiete derselben Nummer."
        )
    if not rules and before.config.levels != after.config.levels:
        notes.append("Die Regel der Einstufung ist eine andere als vorher.")
    notes.append(
        "Der Index misst jedes Gebiet am Durchschnitt seines Stichtags: eine Stufe kann sich "
        "auch ändern, weil sich die anderen Gebiete verändert haben."
    )
    return tuple(notes)


def _level_name(seen: Seen, area_id: str) -> str:
    """Name the level of a Quartier, or say in the words of map and tables why it has none."""
    cell = seen.cell(seen.area(Kind.QUARTIER, area_id), NEED_LEVEL)
    if cell.value is None:
        return STATUS_LABELS[cause_of(cell)]
    return level_text(seen.config, NEED_LEVEL, cell.value)


def _short(seen: Seen) -> str:
    return f"{seen.day} Nr. {seen.info.number}"
