"""Own areas as planners keep them: read, chosen for a comparison, written, removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from atlas.errors import AtlasError
from atlas.publication import planning
from atlas.publication.dashboard import address, replaced
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.planning_database import engine_of
from atlas.publication.planning import Author, Kept, Shelf
from atlas.publication.seen import Seen
from atlas.publication.views.own_areas import OwnArea
from atlas.terms import Kind

MOST_MEMBERS = 3000
MOST_COMPARED = 3
_WIDGET = "own-compared"


@dataclass(frozen=True)
class KeptArea:
    """An own area as it is kept."""

    kept: Kept
    area: OwnArea


def kept_areas(context: Context) -> tuple[KeptArea, ...]:
    """Give all own areas of the city, by number; none where nothing is kept.

    Raises
    ------
    AtlasError
        If the database cannot be opened or read.
    """
    engine = engine_of(context)
    if engine is None:
        return ()
    every = planning.all_kept(engine, _shelf(context))
    return tuple(KeptArea(one, _area(one)) for one in every)


def save(
    context: Context, seen: Seen, author: Author, draft: OwnArea, based_on: Kept | None
) -> OwnArea:
    """Keep an own area, as new or as the next revision of one.

    Raises
    ------
    AtlasError
        If it has no member, too many or strange ones, or cannot be kept.
    """
    _check_members(seen, draft)
    engine = engine_of(context)
    if engine is None:
        raise AtlasError("Eigenes Gebiet: hier wird nichts aufbewahrt.")
    content = {
        "kind": str(draft.kind),
        "area_ids": list(draft.area_ids),
        "edition": seen.info.edition.isoformat(),
    }
    kept = _revision(draft.name, content, author, based_on)
    if based_on is None:
        return _area(_numbered(kept, planning.keep_new(engine, _shelf(context), kept)))
    planning.keep(engine, _shelf(context), kept)
    return _area(kept)


def remove(context: Context, author: Author, kept: Kept) -> None:
    """Take an own area away; its revisions stay.

    Raises
    ------
    AtlasError
        If somebody changed it meanwhile, or the database refuses.
    """
    engine = engine_of(context)
    if engine is not None:
        gone = _revision(kept.title, None, author, kept)
        planning.keep(engine, _shelf(context), gone)


def choose(context: Context) -> tuple[OwnArea, ...]:
    """Select own areas for a comparison, where there are any; the address carries them."""
    try:
        found = {str(one.area.number): one.area for one in kept_areas(context)}
    except AtlasError:  # page Planung says so itself
        found = {}
    asked = [key for key in address.split_keys(address.kept(address.OWN_KEY)) if key]
    for key in asked:
        if key not in found:
            replaced.note("Eigenes Gebiet", key, "")
    if not found:
        return ()
    st.session_state[_WIDGET] = [key for key in asked if key in found][:MOST_COMPARED]
    chosen = st.multiselect(
        "Eigene Gebiete (bis zu drei)",
        tuple(found),
        format_func=lambda key: found[key].name,
        max_selections=MOST_COMPARED,
        key=_WIDGET,
        on_change=_remember,
        placeholder="Name",
        select_all=False,
    )
    return tuple(found[key] for key in chosen)


def _remember() -> None:
    address.remember(address.OWN_KEY, address.join_keys(st.session_state[_WIDGET]))


def _shelf(context: Context) -> Shelf:
    return Shelf(context.city, "own_area", "Eigenes Gebiet")


def _area(kept: Kept) -> OwnArea:
    content: Mapping[str, Any] = kept.content or {}
    return OwnArea(
        number=kept.number,
        name=kept.title,
        kind=Kind(content["kind"]),
        area_ids=tuple(content["area_ids"]),
        edition=content["edition"],
    )


def _revision(
    title: str, content: Mapping[str, Any] | None, author: Author, based_on: Kept | None
) -> Kept:
    number, revision = (based_on.number, based_on.revision) if based_on else (0, 0)
    return Kept(number, revision + 1, title, content, author, datetime.now(UTC))


def _numbered(kept: Kept, number: int) -> Kept:
    return Kept(number, 1, kept.title, kept.content, kept.author, kept.written_at)


def _check_members(seen: Seen, draft: OwnArea) -> None:
    if not draft.area_ids:
        raise AtlasError("Eigenes Gebiet: noch leer. Bitte mindestens ein Gebiet wählen.")
    if len(draft.area_ids) > MOST_MEMBERS:
        raise AtlasError(f"Eigenes Gebiet: mehr als {MOST_MEMBERS} Gebiete. Bitte weniger.")
    strange = [key for key in draft.area_ids if seen.find(draft.kind, key) is None]
    if strange:
        raise AtlasError(
            f"Eigenes Gebiet: {seen.plural(draft.kind)}, die es am {seen.day} nicht gibt: "
            f"{len(strange)}, zuerst „{strange[0][:20]}“. Nummern prüfen."
        )
