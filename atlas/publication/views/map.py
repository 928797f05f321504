"""What the map shows: one theme, group and kind of one release, as classes and texts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from atlas.publication.seen import Area, Cell, Seen, is_between
from atlas.publication.views.across import lies_across
from atlas.publication.views.classes import Classes, OwnClasses, classes_over, own_classes
from atlas.publication.views.items import (
    DYNAMIC,
    LEVEL_ITEMS,
    Item,
    cause_of,
    is_sub_index,
    shown_text,
    theme_item,
)
from atlas.publication.views.legend import LegendEntry, sign_entries, sign_of
from atlas.publication.views.notes import (
    block_note_of,
    counts_of,
    excess_note,
    missing_note,
    why_hidden,
)
from atlas.terms import STATUS_LABELS, UNIT_LABELS, Kind, Status


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

    @property
    def heading(self) -> str:
        """Title with the unit of its numbers, where they have one."""
        if self.unit == "%":
            return f"{self.title} · Angaben in %"
        return f"{self.title} · {self.unit}" if self.unit else self.title


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


def map_kinds(seen: Seen) -> tuple[Kind, ...]:
    """Kinds that have a map, from large to small, without the city."""
    return tuple(kind for kind in reversed(seen.release.map_files) if kind != Kind.CITY)


def map_view(
    seen: Seen,
    theme: str,
    kind: Kind,
    past: Sequence[Seen] = (),
    breaks: Sequence[float] = (),
) -> MapView:
    """One theme for all areas of a kind.

    Levels belong to Quartiere alone: blocks look like their Quartier, and for districts their
    Quartiere are drawn. So they are for an indicator of which no block shows a value.

    Parameters
    ----------
    past
        Releases, this one among them, whose values make the classes together; by default this
        one alone.
    breaks
        Where the city itself parts the classes; they count for more than ``past``.
    """
    item = theme_item(seen.config, theme)
    drawn_kind = _drawn_kind(seen, theme, kind)
    if theme in LEVEL_ITEMS:
        drawn = _level_theme(seen, item, kind)
    else:
        own = own_classes(breaks, item.digits)
        classes = own or classes_over(past or (seen,), item, drawn_kind)
        drawn = _indicator_theme(seen, item, drawn_kind, classes)
    entries = _legend(drawn)
    position = {(entry.step, sign_of(entry.status)): at for at, entry in enumerate(entries)}
    told_kind = kind if theme in LEVEL_ITEMS else drawn_kind
    return MapView(
        title=" · ".join((item.label, seen.group_short, seen.plural(told_kind), seen.day)),
        unit=drawn.unit,
        palette=drawn.palette,
        kind=drawn_kind,
        geometry=_file(seen, drawn_kind),
        outline=_file(seen, outline_kind(seen, kind, drawn_kind)),
        legend=entries,
        entry_of={
            key: position[face.step, sign_of(face.status)] for key, face in drawn.faces.items()
        },
        texts={key: face.text for key, face in drawn.faces.items()},
        labels={key: face.label for key, face in drawn.faces.items()},
        notes=_notes(seen, theme, kind, drawn_kind),
    )


def outline_kind(seen: Seen, kind: Kind, drawn: Kind) -> Kind | None:
    """Kind whose borders stand over the drawn areas: the larger one, or what lies across."""
    above = kind if lies_across(seen, kind) and drawn != kind else seen.kind_above(drawn)
    return None if above == Kind.CITY else above


def _drawn_kind(seen: Seen, theme: str, kind: Kind) -> Kind:
    if theme in LEVEL_ITEMS:
        return Kind.QUARTIER if is_between(kind) else kind
    if is_sub_index(theme):
        return Kind.QUARTIER
    return Kind.QUARTIER if _is_without_blocks(seen, theme, kind) else kind


def _is_without_blocks(seen: Seen, item: str, kind: Kind) -> bool:
    """Whether blocks are asked for and none says anything of an item, not even a secret."""
    nothing = {Status.UNAVAILABLE, Status.MISSING, Status.UNINHABITED}
    return kind == Kind.BLOCK and seen.statuses(kind, item) <= nothing


def _file(seen: Seen, kind: Kind | None) -> str:
    path = None if kind is None else seen.release.map_files.get(kind)
    return "" if path is None else path.relative_to(seen.release.path).as_posix()


def _legend(drawn: _Theme) -> tuple[LegendEntry, ...]:
    counts = Counter((face.step, face.status) for face in drawn.faces.values())
    steps = [
        LegendEntry(step, Status.PUBLISHED, label, counts[step, Status.PUBLISHED])
        for step, label in enumerate(drawn.steps, start=1)
    ]
    unshown = Counter(face.status for face in drawn.faces.values() if not face.step)
    return (*steps, *sign_entries(unshown))


def _indicator_theme(
    seen: Seen, item: Item, kind: Kind, classes: Classes | OwnClasses
) -> _Theme:
    def face(value: float, status: Status) -> _Face:
        label = "" if kind == Kind.BLOCK else item.bare_text(value)
        text = shown_text(item, value, status)
        return _Face(classes.step_of(value), Status.PUBLISHED, text, label)

    why = why_hidden(seen, counts_of(seen.config, item.id)) if kind == Kind.BLOCK else ""

    def hidden(cell: Cell) -> _Face:
        cause = cause_of(cell)
        label = STATUS_LABELS[cause]
        is_secret = why and cause is Status.SUPPRESSED
        return _Face(0, cause, f"{label}: {why}" if is_secret else label, "")

    faces = _faces(seen.column(kind, item.id), face, hidden)
    return _Theme("class", UNIT_LABELS[item.unit], classes.texts(), faces)


def _faces(
    cells: Mapping[str, Cell],
    shown: Callable[[float, Status], _Face],
    hidden: Callable[[Cell], _Face],
) -> dict[str, _Face]:
    return {
        key: hidden(cell) if cell.value is None else shown(cell.value, cell.status)
        for key, cell in cells.items()
    }


def _level_theme(seen: Seen, item: Item, kind: Kind) -> _Theme:
    word = _word(item)
    faces = _quartier_faces(seen, item)
    if kind == Kind.BLOCK:
        faces = {
            block.id: replace(faces[block.parent_id], label="") for block in seen.areas(kind)
        }
    elif kind != Kind.QUARTIER and not lies_across(seen, kind):
        faces = {
            area.id: replace(faces[area.id], text=f"{faces[area.id].text} · {told}")
            for larger in seen.areas(kind)
            for inside in (seen.inside(Kind.QUARTIER, larger),)
            for told in (_levels_inside(seen.place_name(larger), inside, faces, word),)
            for area in inside
        }
    steps = tuple(item.names[step] for step in sorted(item.names))
    palette = "dynamic" if item.id == LEVEL_ITEMS[DYNAMIC] else "level"
    return _Theme(palette, "", steps, faces)


def _quartier_faces(seen: Seen, item: Item) -> dict[str, _Face]:
    word = _word(item)

    def face(value: float, status: Status) -> _Face:
        step = int(value)
        mark = f" ({STATUS_LABELS[status]})" if status is Status.ESTIMATED else ""
        text = f"{word} {step}, {item.names[step]}{mark}"
        return _Face(step, Status.PUBLISHED, text, str(step))

    def hidden(cell: Cell) -> _Face:
        cause = cause_of(cell)
        return _Face(0, cause, STATUS_LABELS[cause], "")

    return _faces(seen.column(Kind.QUARTIER, item.id), face, hidden)


def _word(item: Item) -> str:
    return "Dynamik" if item.id == LEVEL_ITEMS[DYNAMIC] else "Stufe"


def _levels_inside(
    place: str, inside: Sequence[Area], quartiere: Mapping[str, _Face], word: str
) -> str:
    steps = Counter(quartiere[one.id].step for one in inside)
    parts = [f"{steps[step]} × {word} {step}" for step in sorted(steps, reverse=True) if step]
    if steps[0]:
        parts.append(f"{steps[0]} ohne {word}")
    return f"{place}: {', '.join(parts)}"


def _notes(seen: Seen, theme: str, kind: Kind, drawn: Kind) -> tuple[str, ...]:
    is_level = theme in LEVEL_ITEMS
    notes = []
    if not is_level and drawn != kind:
        label = theme_item(seen.config, theme).label
        notes.append(
            f"{label}: keine Zahlen für {seen.plural(kind)}; gezeigt sind {seen.plural(drawn)}."
        )
    if is_level and kind == Kind.BLOCK:
        notes.append(
            f"{seen.plural(kind)} tragen keine eigene Stufe: gefüllt mit der ihres Gebiets "
            f"({seen.singular(Kind.QUARTIER)})."
        )
    if is_level and lies_across(seen, kind):
        notes.append(
            f"{seen.plural(kind)} tragen keine eigene Stufe und liegen quer zu den Gebieten, "
            f"die eine tragen: gefüllt sind diese ({seen.plural(Kind.QUARTIER)}), umrandet "
            f"{seen.plural(kind)}."
        )
    elif is_level and is_between(kind):
        notes.append(
            f"{seen.plural(kind)} tragen keine eigene Stufe: gefüllt sind ihre "
            f"{seen.plural(Kind.QUARTIER)} mit deren Stufe. Ein Klick wählt das ganze "
            f"Gebiet ({seen.singular(kind)})."
        )
    if not is_level and drawn == Kind.BLOCK:
        notes.append(block_note_of(seen, theme))
    if not is_level:
        notes.append(excess_note(seen, theme, drawn))
    notes.append(missing_note(seen))
    return tuple(note for note in notes if note)
