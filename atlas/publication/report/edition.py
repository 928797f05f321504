"""The edition of the atlas: per group map, levels, development and moves with their reasons."""

from collections.abc import Mapping, Sequence

from atlas.publication.export.picture import MapChoice, map_picture, svg_bytes
from atlas.publication.palette import looks_of
from atlas.publication.report.document import (
    Block,
    Drawing,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Terms,
    Voice,
)
from atlas.publication.report.head import running_of, sources_of
from atlas.publication.seen import Seen
from atlas.publication.views.changes import level_changes
from atlas.publication.views.comparison import at_dates
from atlas.publication.views.definitions import built_in_terms, dictionary_table
from atlas.publication.views.items import NEED
from atlas.publication.views.level_people import people_table
from atlas.publication.views.map import map_view
from atlas.publication.views.notes import block_note, provisional_text, release_notes
from atlas.publication.views.notices import level_notices
from atlas.publication.views.over_time import over_time
from atlas.terms import NEED_LEVEL, Kind, State

# So many dates stand beside each other on an upright sheet.
_MANY_DATES = 8


def edition_paper(past: Sequence[Seen], said: Mapping[str, str] | None = None) -> Paper:
    """Write the atlas of one reference date as a paper.

    Parameters
    ----------
    past
        The release of the paper last, before it those of earlier dates, oldest first; the one
        just before is what moves are told against.
    said
        Area key to an assessment that the paper includes; by default none.
    """
    seen = past[-1]
    notes = release_notes(seen)
    sides = [tuple(one.through(group) for one in past) for group in seen.groups]
    told = (f"Stand {notes.day}", notes.state, *notes.badges, f"Gebietsstand {notes.edition}")
    return Paper(
        title=notes.title,
        subtitle=" · ".join(told),
        author=notes.title,
        day=seen.info.reference_date.isoformat(),
        running=running_of(seen),
        blocks=(
            *_opening(seen),
            *(block for side in sides if side[-1].has_levels for block in _group(side)),
            *_said(seen, said or {}),
            *_about(seen),
        ),
        has_contents=True,
    )


def _opening(seen: Seen) -> list[Block]:
    notes = release_notes(seen)
    found = [notes.missing] if notes.missing else []
    found += [provisional_text()] if seen.info.state is State.PROVISIONAL else []
    return [Paragraph(one) for one in found]


def _group(past: Sequence[Seen]) -> list[Block]:
    """Everything on one group: its map on a sheet, then levels, moves and development."""
    seen = past[-1]
    people = people_table(seen)
    blocks: list[Block] = [_map(seen)]
    blocks += [Paragraph(one, Voice.NOTE) for one in level_notices(seen)]
    if people is not None:
        blocks += [Heading("Menschen je Stufe", 2), Grid(people)]
    before = next((one for one in reversed(past[:-1]) if _has_final_levels(one)), None)
    if before is not None and _has_final_levels(seen):
        blocks += _moves(before, seen)
    return [*blocks, *_development(past)]


def _has_final_levels(seen: Seen) -> bool:
    """Whether a release can be told of in moves: a provisional one has levels later."""
    return seen.info.state is State.FINAL and bool(seen.values(Kind.QUARTIER, NEED_LEVEL))


def _map(seen: Seen) -> Drawing:
    view = map_view(seen, NEED, Kind.QUARTIER)
    choice = MapChoice(Kind.QUARTIER, view, view.heading, looks_of(view))
    picture = map_picture(seen.release, choice)
    told = f"{picture.title}. {picture.description}"
    return Drawing(svg_bytes(picture), told, sheet=seen.group_label)


def _moves(before: Seen, seen: Seen) -> list[Block]:
    changes = level_changes(before, seen)
    if changes is None:
        return []
    blocks: list[Block] = [
        Heading(f"Was sich seit {before.day} bewegt hat", 2),
        Paragraph(changes.summary, Voice.LEAD),
        *(Paragraph(one, Voice.NOTE) for one in (*changes.notes, *changes.rule)),
        Grid(changes.matrix),
    ]
    for move in changes.moves:
        blocks += [Heading(move.title, 3), Paragraph(move.text)]
        if before.find(Kind.QUARTIER, move.area_id) is not None:
            blocks.append(Grid(at_dates((before, seen), move.area_id), is_small=True))
    return blocks


def _development(past: Sequence[Seen]) -> list[Block]:
    found = over_time(past, NEED)
    is_small = len(past) > _MANY_DATES
    return [
        Heading("Stufen an allen Stichtagen", 2),
        Grid(found.table, found.table.order("area_id"), is_small),
    ]


def _said(seen: Seen, said: Mapping[str, str]) -> list[Block]:
    """Print what planners say, under the Quartier that they say it of."""
    areas = [one for one in seen.areas(Kind.QUARTIER) if one.id in said]
    if not areas:
        return []
    blocks: list[Block] = [Heading("Bewertungen der Planung", 1, starts_sheet=True)]
    for area in areas:
        blocks.append(Heading(area.title, 2))
        blocks += map(Paragraph, said[area.id].splitlines())
    return blocks


def _about(seen: Seen) -> list[Block]:
    blocks: list[Block] = [
        Heading("Hinweise zu Daten und Methode", 1, starts_sheet=True),
        Grid(dictionary_table(seen), is_small=True),
        Heading("Begriffe", 2),
        Terms(built_in_terms(seen)),
    ]
    if told := block_note(seen):
        blocks.append(Paragraph(told))
    return [*blocks, Heading("Quellen", 2), Paragraph(sources_of(seen))]
