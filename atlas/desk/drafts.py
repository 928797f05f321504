"""What a draft would change, and who stands behind it: sentences and tables, no value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from atlas.confidential.approvals import Standing
from atlas.confidential.desk import Desk
from atlas.confidential.log import Event
from atlas.publication.seen import Seen, see
from atlas.publication.views.changes import level_changes, release_title
from atlas.publication.views.items import item_of
from atlas.publication.views.table import Table, number, text
from atlas.release import Release, open_release
from atlas.release.differing import (
    differing_cells,
    newly_hidden,
    newly_shown,
    release_before,
    superseded_by,
)
from atlas.release.origin import what_differs
from atlas.terms import STATE_LABELS, Group, Kind
from atlas.words import counted, day_text, enumeration, moment_text, number_text

_MOST = 6


@dataclass(frozen=True)
class Draft:
    """What a draft is beside what is published.

    Attributes
    ----------
    sentences
        What it is, from what, and what differs.
    moved
        Levels that move, a table per group, with its summary.
    cells
        Cells that appear and disappear.
    verdict
        What the audit found.
    """

    sentences: tuple[str, ...]
    moved: tuple[tuple[str, Table | None], ...]
    cells: tuple[Table, ...]
    verdict: str


def drafts(office: Desk) -> list[Path]:
    """List drafts that wait, by name."""
    found = office.drafts_dir.iterdir() if office.drafts_dir.is_dir() else ()
    return sorted(one for one in found if one.is_dir() and not one.name.startswith("."))


@st.cache_resource(max_entries=8, show_spinner="Der Entwurf wird verglichen …")
def compare(path: str, releases_dir: str, _digest: str) -> Draft:
    """Compare a draft with what is published; one that did not change is compared once."""
    after = open_release(Path(path))
    superseded = superseded_by(after, Path(releases_dir))
    before = release_before(after, superseded, Path(releases_dir))
    seen = see(after)
    sentences = list(_about(after, before))
    cells: list[Table] = []
    if superseded is not None:
        differing = differing_cells(superseded, after)
        came, went = newly_shown(differing), newly_hidden(differing)
        sentences.append(
            f"Gegenüber {superseded.info.name}: {counted(len(differing), 'Zelle', 'Zellen')} "
            f"verschieden, davon {len(came)} neu gezeigt, {len(went)} nicht mehr gezeigt."
        )
        cells = [
            _cell_table(seen, "Neu gezeigt", came),
            _cell_table(seen, "Nicht mehr gezeigt", went),
        ]
    moved = () if before is None else tuple(_moved(see(before), seen))
    return Draft(
        tuple(sentences), moved, tuple(one for one in cells if one.rows), _verdict(after)
    )


def _about(after: Release, before: Release | None) -> Iterator[str]:
    info = after.info
    missing = f", es fehlt: {enumeration(list(info.missing))}" if info.missing else ""
    yield (
        f"Stichtag {day_text(info.reference_date)}, Nummer {info.number}, "
        f"{STATE_LABELS[info.state]}{missing}. Anlass: {info.reason}."
    )
    yield "Beruht auf: " + "; ".join(
        f"{one.label}, Stand {day_text(one.reference_date)}, Lieferung {one.number}"
        for one in info.deliveries
    )
    if before is None:
        yield "Es gibt keine Veröffentlichung, mit der er sich vergleichen ließe."
    elif differing := what_differs(before, after):
        yield f"Andere Grundlagen als {before.info.name}: {'; '.join(differing)}."


def _moved(before: Seen, after: Seen) -> Iterator[tuple[str, Table | None]]:
    title = release_title(before.info)
    for group in after.groups:
        side = after.through(group)
        found = level_changes(before.through(group), side)
        if found is not None:
            told = f"{side.group_label}, gegenüber {title}: {found.summary}"
            yield told, found.moved if found.moves else None


def _cell_table(seen: Seen, title: str, cells: pd.DataFrame) -> Table:
    """Count the cells of each figure, and name their areas above the blocks."""
    fields = (
        text("item", "Größe"),
        text("group", "Bezugsgruppe"),
        text("kind", "Gebietsart"),
        number("count", "Zellen", 0),
        text("areas", "Gebiete"),
    )
    # Parameters of the method have a point in their name; they follow from the cells.
    named = cells[~cells["item"].str.contains(".", regex=False)]
    parts = named.groupby(["item", "group", "kind"], sort=False)["area_id"]
    rows = [_cell_line(seen, [*map(str, key)], list(ids)) for key, ids in parts]
    return Table(title, fields, tuple(rows))


def _cell_line(
    seen: Seen, key: Sequence[str], ids: list[str]
) -> tuple[str, str, str, int, str]:
    item, group, kind = key[0], Group(key[1]), Kind(key[2])
    groups = seen.config.indicators.groups
    found = (seen.find(kind, one) for one in ids[:_MOST])
    titles = [area.title for area in found if area and kind != Kind.BLOCK]
    if titles and len(ids) > _MOST:
        titles.append(f"{len(ids) - _MOST} weitere")
    return (
        item_of(seen.config, item).label,
        groups[group].label if group in groups else "",
        seen.plural(kind),
        len(ids),
        enumeration(titles),
    )


def _verdict(release: Release) -> str:
    audit = release.info.audit
    shown, hidden = (audit.figures.get(name, 0) for name in ("published", "suppressed"))
    told = f"{number_text(shown, 0)} gezeigt, {number_text(hidden, 0)} geheim"
    return f"Urteil der Prüfung: {audit.verdict}. Anzahlen: {told}."


def standing_table(now: Standing) -> Table:
    """List who built and approved a draft as it lies there."""
    fields = (text("what", "Was"), text("who", "Wer"), text("when", "Wann"))
    rows = [_event_line("gebaut", one) for one in now.built[-1:]]
    rows += [_event_line("freigegeben", one) for one in now.approved]
    if now.declined is not None:
        rows.append(_event_line("abgelehnt", now.declined))
    return Table("Wer dahintersteht", fields, tuple(rows))


def _event_line(what: str, event: Event) -> tuple[str, str, str]:
    login = " (angemeldet)" if event.details.get("login") else ""
    return what, f"{event.who}{login}", moment_text(event.moment)
