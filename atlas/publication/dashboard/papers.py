"""Buttons that hand out papers; one is written when its button is pressed."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from atlas.publication import export
from atlas.publication.dashboard import assessing, downloads
from atlas.publication.dashboard.frame import Context
from atlas.publication.report import FORMATS, edition_paper, final_before, profile_paper
from atlas.publication.report.document import Paper
from atlas.publication.seen import Seen
from atlas.terms import Kind


def offer_profile(context: Context, seen: Seen, area_id: str) -> None:
    """Buttons for the sheet of one Quartier, with what is said about it now."""
    make = partial(_profile, context, seen, (area_id,), assessing.said_of)
    _offer(seen, "Profil", export.profile_name(seen, (area_id,)), make)


def offer_papers(context: Context, seen: Seen) -> None:
    """Buttons for the edition and for the sheets of all Quartiere."""
    with st.container(key="files-papers", horizontal=True, vertical_alignment="center"):
        st.markdown("**Auf Papier**", width=220)
        _offer(seen, "Ausgabe", export.edition_name(), partial(_edition, context, seen))
        every = tuple(area.id for area in seen.areas(Kind.QUARTIER))
        make = partial(_profile, context, seen, every)
        # As DOCX they take seconds for a whole city; ``atlas report profile`` writes them.
        _offer(seen, "Alle Profile", export.profile_name(seen, ()), make, only="pdf")


def _offer(
    seen: Seen, label: str, table: str, make: Callable[[], Paper], only: str = ""
) -> None:
    for one in (FORMATS[only],) if only else FORMATS.values():
        name = export.file_name(seen, table, one.suffix)
        downloads.offer(
            f"{label} als {one.label}", partial(_write, one.write, make), name, one.mime
        )


def _write(write: Callable[[Paper], bytes], make: Callable[[], Paper]) -> bytes:
    return write(make())


def _edition(context: Context, seen: Seen) -> Paper:
    return edition_paper(_past(context, seen))


def _profile(
    context: Context,
    seen: Seen,
    area_ids: Sequence[str],
    said_of: Callable[[Context, str], str] | None = None,
) -> Paper:
    said = {key: said_of(context, key) for key in area_ids} if said_of else {}
    return profile_paper(_past(context, seen), area_ids, said)


def _past(context: Context, seen: Seen) -> tuple[Seen, ...]:
    return final_before(context.past(seen.group), seen)
