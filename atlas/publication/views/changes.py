"""What moved between two releases: levels in tables, moves with their reasons."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from atlas.classify import AreaChange, Classification, Rule, moved_areas, rule_of
from atlas.publication.seen import Seen
from atlas.publication.views.fixed_scale import fixed_moves
from atlas.publication.views.items import NO_LEVEL, cause_of, level_text, mark_of
from atlas.publication.views.rule_change import RuleChange, rule_change
from atlas.publication.views.table import Place, Table, number, text
from atlas.release import ReleaseInfo
from atlas.sentences import (
    NEAR_LIMIT,
    ROBUST,
    STABILITY_LABELS,
    Words,
    change_sentences,
    change_text,
)
from atlas.terms import NEED_LEVEL, STATE_LABELS, STATUS_LABELS, Kind
from atlas.words import day_text, rounded, signed_text

_INDEX_DIGITS = 2
_UP, _DOWN, _NO_DIRECTION = "▲", "▼", "–"
_VERDICTS = {True: ROBUST, False: NEAR_LIMIT, None: _NO_DIRECTION}


@dataclass(frozen=True)
class Move:
    """One Quartier whose level moved, with the reasons in words and numbers.

    ``firmness`` says how far both levels hold, ``is_robust`` whether neither hangs on a cut;
    ``figures`` has a clause per indicator, ``text`` says all of it in one paragraph.
    """

    area_id: str
    title: str
    head: str
    firmness: str
    is_robust: bool | None
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
        One row per Quartier that moved: moves to rely on first, among them upward ones.
    moves
        The same Quartiere with their reasons, in the same order.
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
    rules = rule_change(before, after)
    return Changes(
        summary=_summary(before, after, found),
        matrix=_matrix(before, after),
        moved=_moved_table(before, after, found, rules),
        moves=tuple(move_of(one, titles[one.area_id], before, after) for one in found),
        notes=_notes(before, after, rules),
        rule=rules.sentences(after) if rules else (),
    )


def move_of(change: AreaChange, title: str, before: Seen, after: Seen) -> Move:
    """Put the change of one area between two releases into words."""
    words, earlier = words_of(after), words_of(before)
    told = change_sentences(change, words, earlier)
    return Move(
        area_id=change.area_id,
        title=title,
        head=told.move,
        firmness=told.firmness,
        is_robust=change.is_robust,
        figures=told.figures,
        drivers=told.drivers,
        text=change_text(change, title, words, earlier),
    )


def parted(moves: Sequence[Move]) -> tuple[tuple[str, tuple[Move, ...]], ...]:
    """Part moves to rely on from those near a cut, each with a heading; none where all are one.

    Where nobody computed how far levels hold there is one part without a heading.
    """
    if all(move.is_robust is None for move in moves):
        return (("", tuple(moves)),)
    headings = {
        True: f"{_first_upper(ROBUST)}: keine der beiden Stufen ist unsicher",
        False: f"{_first_upper(NEAR_LIMIT)}: eine der beiden Stufen ist unsicher",
        None: "Nur an einem Stand beurteilt",
    }
    parts = (
        (headings[step], tuple(m for m in moves if m.is_robust is step)) for step in headings
    )
    return tuple((heading, some) for heading, some in parts if some)


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]


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


def _move_order(change: AreaChange) -> tuple[bool, int, str]:
    before, after = change.level_before, change.level_after
    step = 0 if before is None or after is None else after - before
    return (change.is_robust is not True, -step, change.area_id)


def _summary(before: Seen, after: Seen, found: list[AreaChange]) -> str:
    name = after.plural(Kind.QUARTIER)
    if not found:
        old, new = levels_of(before), levels_of(after)
        if not (any(old.values()) or any(new.values())):
            return f"{name} mit einer Stufe: keine, an beiden Ständen."
        every = "eingestuften" if old.keys() == new.keys() else "an beiden Ständen eingestuften"
        return f"Keine Veränderung: alle {every} {name} haben dieselbe Stufe wie vorher."
    steps = Counter(_direction(change) for change in found)
    parts = [
        f"{steps[_UP]} mit höherer Stufe",
        f"{steps[_DOWN]} mit niedrigerer Stufe",
    ]
    if steps[_NO_DIRECTION]:
        parts.append(f"{steps[_NO_DIRECTION]} nur an einem der beiden Stände eingestuft")
    return f"{name} mit anderer Stufe: {len(found)} ({'; '.join(parts)}).{_verdicts(found)}"


def _verdicts(found: list[AreaChange]) -> str:
    """Count the moves to rely on apart from those near a cut; empty where nobody can say."""
    counts = Counter(change.is_robust for change in found)
    if not (counts[True] or counts[False]):
        return ""
    return f" Davon {ROBUST}: {counts[True]}; {NEAR_LIMIT}: {counts[False]}."


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
        replace(number("index_before", "Index vorher", _INDEX_DIGITS), place=Place.FILE),
        replace(number("index_after", "Index nachher", _INDEX_DIGITS), place=Place.FILE),
        number("index_difference", "Index ±"),
        text("verdict", "Wechsel"),
        text("stability", "Robustheit", Place.FILE),
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
            _index_difference(one),
            _VERDICTS[one.is_robust],
            " → ".join(STABILITY_LABELS.get(n or 0, _NO_DIRECTION) for n in one.stability),
            *([rules.causes[one.area_id]] if rules else []),
        )
        for one in found
    )
    title = f"{after.plural(Kind.QUARTIER)} mit anderer Stufe, {after.group_label}"
    return Table(title, fields, rows)


def _index_difference(change: AreaChange) -> str:
    """Write the difference of both figures as they are written beside it."""
    before, after = change.index_before, change.index_after
    if before is None or after is None:
        return _NO_DIRECTION
    by = rounded(after, _INDEX_DIGITS) - rounded(before, _INDEX_DIGITS)
    return signed_text(by, _INDEX_DIGITS)


def _notes(before: Seen, after: Seen, rules: RuleChange | None) -> tuple[str, ...]:
    notes = []
    if before.info.edition != after.info.edition:
        notes.append(
            f"Der Gebietsstand ist ein anderer ({day_text(before.info.edition)} und "
            f"{day_text(after.info.edition)}): verglichen sind Gebiete derselben Nummer."
        )
    old, new = (
        replace(classification_of(one).rule, robustness=None) for one in (before, after)
    )
    if not rules and old != new:
        notes.append("Die Regel der Einstufung ist eine andere als vorher.")
    told = (_yardstick(new, is_same=old == new), fixed_moves(before, after))
    return (*notes, *filter(None, told))


def _yardstick(rule: Rule, *, is_same: bool) -> str:
    """Say at what the index measures an area, and so whether the others can move its level."""
    others = "eine Stufe kann sich auch ändern, weil sich die anderen Gebiete verändert haben."
    if not rule.record.is_standardising:
        if rule.record.has_part_cuts:
            return "Der Index zählt feste Grenzen: die anderen Gebiete ändern keine Stufe."
        if not rule.record.ties:
            return (
                "Der Index misst jedes Gebiet am kleinsten und am größten Wert seines "
                f"Stichtags: {others}"
            )
        return f"Der Index ordnet die Gebiete seines Stichtags: {others}"
    if rule.base_date is not None:
        day = day_text(rule.base_date)
        text = f"Der Index misst jedes Gebiet an Mittel und Streuung vom {day}"
        own = ": eine Stufe ändert sich nur mit den eigenen Werten." if is_same else "."
        return text + own
    if rule.mean_base == "city_value":
        return f"Der Index misst jedes Gebiet an der ganzen Stadt an seinem Stichtag: {others}"
    return f"Der Index misst jedes Gebiet am Durchschnitt seines Stichtags: {others}"


def _level_name(seen: Seen, area_id: str) -> str:
    """Name the level of a Quartier, or say in the words of map and tables why it has none."""
    cell = seen.cell(seen.area(Kind.QUARTIER, area_id), NEED_LEVEL)
    if cell.value is None:
        return STATUS_LABELS[cause_of(cell)]
    return level_text(seen.config, NEED_LEVEL, cell.value) + mark_of(cell)


def _short(seen: Seen) -> str:
    return f"{seen.day} Nr. {seen.info.number}"
