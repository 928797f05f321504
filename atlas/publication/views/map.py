"""What the map shows: one theme, group and kind of one release, as classes and texts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from atlas.publication.views.cells import (
    Cell,
    Column,
    areas,
    children_of,
    column,
    kind_above,
    shown_values,
)
from atlas.publication.views.classes import classes_of
from atlas.publication.views.items import (
    cause_of,
    group_short_label,
    item_of,
    larger_first,
    plural,
    shown_text,
    singular,
)
from atlas.publication.views.notes import block_note_of, excess_note, missing_note
from atlas.publication.views.themes import (
    DYNAMIC,
    LEVEL_ITEMS,
    level_names,
    theme_label,
)
from atlas.release import Release
from atlas.terms import (
    STATUS_LABELS,
    UNIT_LABELS,
    Group,
    Kind,
    Status,
)
from atlas.words import day_text

_STATUS_ORDER = (
    Status.SUPPRESSED,
    Status.MISSING,
    Status.UNINHABITED,
    Status.NOT_CLASSIFIED,
    Status.UNAVAILABLE,
    Status.WITHHELD,
    Status.NOT_MEANINGFUL,
)


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a level or class (step from 1), or a status (step 0)."""

    step: int
    status: Status
    label: str
    count: int


@dataclass(frozen=True)
class MapView:
    """One map without colours.

    Attributes
    ----------
    palette
        ``level`` (steps 1 to 4), ``dynamic`` (1 to 3) or ``class`` (1 to at most 5).
    kind
        Kind of the areas that are drawn.
    geometry, outline
        Files relative to the release: the areas, and those of the next larger kind or "".
    entry_of
        Area key to position in ``legend``; every area that is drawn.
    texts, labels
        Area key to what the tooltip says, and to what stands on the map ("" where nothing).
    """

    title: str
    unit: str
    palette: str
    kind: Kind
    geometry: str
    outline: str
    legend: tuple[LegendEntry, ...]
    entry_of: dict[str, int]
    texts: dict[str, str]
    labels: dict[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Face:
    """How one area looks: step and status as in the legend, text and label."""

    step: int
    status: Status
    text: str
    label: str


@dataclass(frozen=True)
class _Theme:
    palette: str
    unit: str
    steps: tuple[str, ...]
    faces: dict[str, _Face]


def map_kinds(release: Release) -> tuple[Kind, ...]:
    """Kinds that have a map, from large to small, without the city."""
    kinds = tuple(kind for kind in release.map_files if kind != Kind.CITY)
    return larger_first(kinds)


def map_view(release: Release, theme: str, group: Group, kind: Kind) -> MapView:
    """One theme of one group for all areas of a kind.

    Levels belong to Quartiere alone: blocks look like their Quartier, and for districts their
    Quartiere are drawn.
    """
    is_level = theme in LEVEL_ITEMS
    shown = _level_theme if is_level else _indicator_theme
    drawn = shown(release, theme, group, kind)
    drawn_kind = Kind.QUARTIER if is_level and kind == Kind.DISTRICT else kind
    entries = _legend(drawn)
    position = {(entry.step, entry.status): at for at, entry in enumerate(entries)}
    above = kind_above(release, drawn_kind)
    parts = (
        theme_label(release, theme),
        group_short_label(release, group),
        plural(release, kind),
        day_text(release.info.reference_date),
    )
    return MapView(
        title=" · ".join(parts),
        unit=drawn.unit,
        palette=drawn.palette,
        kind=drawn_kind,
        geometry=_file(release, drawn_kind),
        outline="" if above in (None, Kind.CITY) else _file(release, above),
        legend=entries,
        entry_of={key: position[face.step, face.status] for key, face in drawn.faces.items()},
        texts={key: face.text for key, face in drawn.faces.items()},
        labels={key: face.label for key, face in drawn.faces.items()},
        notes=_notes(release, theme, group, kind),
    )


def _file(release: Release, kind: Kind | None) -> str:
    path = None if kind is None else release.map_files.get(kind)
    return "" if path is None else path.relative_to(release.path).as_posix()


def _legend(drawn: _Theme) -> tuple[LegendEntry, ...]:
    counts = Counter((face.step, face.status) for face in drawn.faces.values())
    steps = [
        LegendEntry(step, Status.PUBLISHED, label, counts[step, Status.PUBLISHED])
        for step, label in enumerate(drawn.steps, start=1)
    ]
    states = [
        LegendEntry(0, status, STATUS_LABELS[status], counts[0, status])
        for status in _STATUS_ORDER
        if counts[0, status]
    ]
    return (*steps, *states)


def _indicator_theme(release: Release, theme: str, group: Group, kind: Kind) -> _Theme:
    item = item_of(release.info.config, theme)
    cells = column(release, kind, group, theme)
    classes = classes_of(shown_values(cells).values(), item.digits)

    def face(value: float, status: Status) -> _Face:
        text = shown_text(item, value, status)
        return _Face(classes.step_of(value), Status.PUBLISHED, text, item.bare_text(value))

    def hidden(cell: Cell) -> _Face:
        return _Face(0, cell.status, STATUS_LABELS[cell.status], "")

    faces = _faces(cells, face, hidden)
    if kind == Kind.BLOCK:
        faces = {key: _Face(one.step, one.status, one.text, "") for key, one in faces.items()}
    return _Theme("class", UNIT_LABELS[item.unit], classes.texts(), faces)


def _faces(
    cells: Column, shown: Callable[[float, Status], _Face], hidden: Callable[[Cell], _Face]
) -> dict[str, _Face]:
    return {
        key: hidden(cell) if cell.value is None else shown(cell.value, cell.status)
        for key, cell in cells.items()
    }


def _level_theme(release: Release, theme: str, group: Group, kind: Kind) -> _Theme:
    quartiere = _quartier_faces(release, theme, group)
    if kind == Kind.QUARTIER:
        faces = quartiere
    elif kind == Kind.BLOCK:
        faces = {
            block.id: _Face(face.step, face.status, face.text, "")
            for block in areas(release, kind)
            for face in (quartiere[block.parent_id],)
        }
    else:
        inside = {area.id: area for area in areas(release, kind)}
        word = _word(theme)
        tallies = {key: _levels_inside(release, key, quartiere, word) for key in inside}
        faces = {
            area.id: replace(face, text=f"{face.text} · {name}: {tallies[area.parent_id]}")
            for area in areas(release, Kind.QUARTIER)
            for face in (quartiere[area.id],)
            for name in (f"{singular(release, kind)} {inside[area.parent_id].name}",)
        }
    names = level_names(release, theme)
    steps = tuple(names[number] for number in sorted(names))
    return _Theme("dynamic" if theme == DYNAMIC else "level", "", steps, faces)


def _quartier_faces(release: Release, theme: str, group: Group) -> dict[str, _Face]:
    names = level_names(release, theme)
    word = _word(theme)

    def face(value: float, status: Status) -> _Face:
        step = int(value)
        mark = f" ({STATUS_LABELS[status]})" if status is Status.ESTIMATED else ""
        return _Face(step, Status.PUBLISHED, f"{word} {step}, {names[step]}{mark}", str(step))

    def hidden(cell: Cell) -> _Face:
        cause = cause_of(cell)
        return _Face(0, cause, STATUS_LABELS[cause], "")

    return _faces(column(release, Kind.QUARTIER, group, LEVEL_ITEMS[theme]), face, hidden)


def _word(theme: str) -> str:
    return "Dynamik" if theme == DYNAMIC else "Stufe"


def _levels_inside(
    release: Release, area_id: str, quartiere: dict[str, _Face], word: str
) -> str:
    steps = Counter(quartiere[key].step for key in children_of(release, Kind.QUARTIER, area_id))
    parts = [f"{steps[step]} × {word} {step}" for step in sorted(steps, reverse=True) if step]
    if steps[0]:
        parts.append(f"{steps[0]} ohne {word}")
    return ", ".join(parts)


def _notes(release: Release, theme: str, group: Group, kind: Kind) -> tuple[str, ...]:
    is_level = theme in LEVEL_ITEMS
    notes = []
    if is_level and kind == Kind.BLOCK:
        notes.append(
            f"{plural(release, kind)} tragen keine eigene Stufe: gefüllt mit der ihres Gebiets "
            f"({singular(release, Kind.QUARTIER)})."
        )
    if is_level and kind == Kind.DISTRICT:
        notes.append(
            f"{plural(release, kind)} tragen keine eigene Stufe: gefüllt sind ihre "
            f"{plural(release, Kind.QUARTIER)} mit deren Stufe. Ein Klick wählt das ganze "
            f"Gebiet ({singular(release, kind)})."
        )
    if not is_level and kind == Kind.BLOCK:
        notes.append(block_note_of(release, theme, group))
    if not is_level:
        notes.append(excess_note(release, theme, group, kind))
    notes.append(missing_note(release))
    return tuple(note for note in notes if note)
