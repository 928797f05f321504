"""Profiles of Quartiere for a committee: one sheet of A4 each."""

from collections.abc import Mapping, Sequence

from atlas.errors import ReleaseError
from atlas.publication.export.picture import locator_picture, svg_bytes
from atlas.publication.palette import CLASS_COLOURS, colour_of
from atlas.publication.report.document import (
    Beside,
    Block,
    Drawing,
    Grid,
    Heading,
    Level,
    Paper,
    Paragraph,
    Sheet,
    Terms,
    Voice,
)
from atlas.publication.report.head import running_of, sources_of
from atlas.publication.seen import Seen
from atlas.publication.views.comparison import at_dates, beside_parents
from atlas.publication.views.notes import release_notes
from atlas.publication.views.notices import area_notices, level_notices
from atlas.publication.views.profile import Card, card, location_text
from atlas.publication.views.reasons import dynamics_of, reasons
from atlas.terms import Kind
from atlas.words import enumeration

# So many dates fit beside each other; two are told already.
_DATES, _PAIR = 6, 2
_RANKS = "Rang 1 hat den höchsten Wert; geheime Werte haben keinen Rang."


def profile_paper(
    past: Sequence[Seen],
    area_ids: Sequence[str],
    said: Mapping[str, str] | None = None,
) -> Paper:
    """Profiles of some Quartiere in this order, each on a sheet of its own.

    Parameters
    ----------
    past
        The release of the paper last, before it those of earlier dates, oldest first.
    said
        Area key to an assessment that goes with its profile; by default none does.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    seen = past[-1]
    notes = release_notes(seen)
    titles = enumeration([seen.area(Kind.QUARTIER, key).title for key in area_ids[:1]])
    what = titles if len(area_ids) == 1 else seen.plural(Kind.QUARTIER)
    return Paper(
        title=f"{notes.title}: Profil {what}, {seen.group_label}",
        subtitle="",
        author=notes.title,
        day=seen.info.reference_date.isoformat(),
        running=running_of(seen),
        blocks=tuple(_profile(past, key, (said or {}).get(key, "")) for key in area_ids),
    )


def chosen_quartiere(seen: Seen, keys: Sequence[str]) -> tuple[str, ...]:
    """Name the Quartiere that are asked for, in the order of their keys.

    Parameters
    ----------
    keys
        Of Quartiere or of areas above them, which stand for all that lie in them; none: all.

    Raises
    ------
    ReleaseError
        If a key names neither.
    """
    every = seen.areas(Kind.QUARTIER)
    wanted: set[str] = set()
    for key in keys:
        inside = [
            one.id for one in every if key in (one.id, *(up.id for up in seen.parents(one)))
        ]
        if not inside:
            raise ReleaseError(
                f"Gebiet {key}: gibt es am {seen.day} nicht. Erwartet: eine Nummer aus der "
                f"Tabelle der {seen.plural(Kind.QUARTIER)} oder der Gebiete darüber."
            )
        wanted |= set(inside)
    return tuple(one.id for one in every if not keys or one.id in wanted)


def _profile(past: Sequence[Seen], area_id: str, said: str) -> Sheet:
    seen, previous = past[-1], past[-2] if len(past) > 1 else None
    found = card(seen, Kind.QUARTIER, area_id, previous)
    blocks: list[Block] = [
        Heading(found.title, 1),
        Beside(_head(seen, found), _locator(seen, area_id, found)),
        *_level(seen, area_id, seen.once("level notices", lambda: level_notices(seen))),
        *_dynamics(seen, area_id),
        Heading("Im Vergleich", 2),
        Grid(beside_parents(seen, area_id, previous)),
        Paragraph(_RANKS, Voice.NOTE),
    ]
    if len(past) > _PAIR:
        blocks += [Heading("Entwicklung", 2), Grid(at_dates(past[-_DATES:], area_id))]
    if said:
        blocks += [Heading("Bewertung der Planung", 2), *map(Paragraph, said.splitlines())]
    return Sheet((*blocks, Paragraph(sources_of(seen), Voice.NOTE)))


def _head(seen: Seen, found: Card) -> tuple[Block, ...]:
    notes = release_notes(seen)
    told = (f"Stand {notes.day}", notes.state, *notes.badges)
    where = " · ".join(filter(None, (found.place, seen.group_label, *told)))
    level = Level(found.level, found.level_text, tuple(filter(None, (found.trend,))))
    why = (Paragraph(found.why, Voice.LEAD),) if found.why else ()
    missing = (Paragraph(notes.missing, Voice.NOTE),) if notes.missing else ()
    return (Paragraph(where, Voice.NOTE), level, *why, *missing)


def _locator(seen: Seen, area_id: str, found: Card) -> Drawing:
    text = location_text(seen, area_id)
    fill = CLASS_COLOURS[3] if found.level is None else colour_of("level", found.level)
    return Drawing(svg_bytes(locator_picture(seen, area_id, text, fill)), text)


def _level(seen: Seen, area_id: str, notices: Sequence[str]) -> list[Block]:
    found = reasons(seen, area_id)
    if found is None:
        return []
    blocks: list[Block] = [
        Heading("Warum diese Stufe?", 2),
        Paragraph(f"{found.text} {found.drivers}".rstrip()),
        Terms(found.limits),
    ]
    if found.table is not None:
        blocks.append(Grid(found.table))
    told = (*area_notices(seen, area_id), *notices)
    return [*blocks, *(Paragraph(one, Voice.NOTE) for one in told)]


def _dynamics(seen: Seen, area_id: str) -> list[Block]:
    found = dynamics_of(seen, area_id)
    return [] if found is None else [Heading("Dynamik", 2), Paragraph(found.text)]
