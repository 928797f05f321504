"""The control room of the table of Quartiere: its rows, columns, order and files on all pages.

What is chosen stands in the address.
"""

from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from atlas.classify import CHANGE
from atlas.publication import export
from atlas.publication.dashboard import address, design, downloads, filters, prose, replaced
from atlas.publication.dashboard.design import Heads
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.selects import choose_kept, choose_order
from atlas.publication.seen import Seen
from atlas.publication.views.chosen_table import Chosen, Wish, chosen, offered_table
from atlas.publication.views.definitions import column_terms
from atlas.publication.views.selection import Span, presets, read, written
from atlas.publication.views.table import Entry, Table, stamped
from atlas.terms import Group, Kind

_OWN = "eigene Auswahl"
_WIDTH = 240


@dataclass(frozen=True)
class Room:
    """The table of Quartiere as it was chosen; ``order`` holds the rows that are shown.

    ``is_told``: what leaves rows out stands elsewhere on the page and is spoken there.
    """

    seen: Seen
    wish: Wish
    chosen: Chosen
    order: tuple[int, ...]
    heads: Heads
    is_told: bool = False

    @property
    def is_usual(self) -> bool:
        """Whether nobody chose rows or columns."""
        selection = self.chosen.selection
        return self.wish == Wish() and len(selection.area_ids) == selection.of

    def within(self, area_ids: frozenset[str], told: str) -> "Room":
        """Leave only some of the rows, for a reason that stands elsewhere on the page."""
        selection = replace(
            self.chosen.selection,
            id=self.chosen.selection.id or told,
            told=" ".join(filter(None, (told, self.chosen.selection.told))),
            area_ids=self.chosen.selection.area_ids & area_ids,
        )
        found = replace(self.chosen, selection=selection)
        return replace(self, chosen=found, order=found.keep(self.order), is_told=True)

    def beside(self, rows: tuple[tuple[Entry, ...], ...]) -> "Room":
        """Sort in rows of something else; no selection leaves them out."""
        own, shown = self.chosen.table, frozenset(self.order)
        table = replace(own, rows=(*own.rows, *rows))
        by = self.heads.by
        order = table.turned_order(by) if self.heads.is_turned else table.order(by)
        kept = tuple(at for at in order if at in shown or at >= len(own.rows))
        return replace(self, chosen=replace(self.chosen, table=table), order=kept)


def choose(context: Context, seen: Seen, key: str, *, only_numbers: bool = False) -> Room:
    """Draw the selects of the table; ``only_numbers`` for a ranking."""
    with st.container(key=f"{key}-room", horizontal=True, vertical_alignment="bottom"):
        span = span_of(context, seen)
        wish = read_wish(span)
        _choose_preset(seen, f"{key}-selection")
        offered = _offered(span, wish)
        found = chosen(span, offered, wish)
        _say_strange_columns(offered, wish)
        shown = found.table.on_page().fields
        sorting = [one for one in shown if one.is_number] if only_numbers else shown
        order, heads = choose_order(found.table, key, sorting)
        filters.offer(context, seen, f"{key}-filters")
    return Room(seen, wish, found, found.keep(order), heads)


def show(room: Room, marked: str = "") -> None:
    """Show the table, and say in words which rows it leaves out."""
    if told := room.chosen.selection.told:
        role = "" if room.is_told else ' role="status"'
        st.html(f'<p class="note"{role}>{escape(told)}</p>')
    table = room.chosen.table
    design.show_table(table, room.order, marked, room.heads)
    prose.explain_terms(
        "Was heißen die Spalten?", column_terms(room.seen, table.on_page().fields)
    )


def offer_files(room: Room) -> None:
    """Buttons for the table as files: all Quartiere, or what was chosen of them."""
    if room.is_usual:
        downloads.offer_tables(room.seen, Kind.QUARTIER)
        return
    seen, selection = room.seen, room.chosen.selection
    table = room.chosen.table.in_order(room.order)
    name = export.chosen_table_name(seen, len(room.order) if selection.id else None)
    with st.container(key="downloads", horizontal=True, width="content"):
        downloads.offer_sheet(seen, "Tabelle als Excel", table, (name, selection.told))
        downloads.offer_csv(seen, "CSV", lambda: _stamped(table, seen, selection.told), name)


def _stamped(table: Table, seen: Seen, told: str) -> Table:
    return stamped(table, seen, {"group": str(seen.group), "selection": told})


def read_wish(span: Span) -> Wish:
    """Read what the address asks to see; what this release lacks is told."""
    conditions, unknown = read(span, address.kept(address.SELECTION_KEY))
    for part in unknown:
        replaced.note("Auswahl", part, "der Rest" if conditions else "alles")
    if unknown:
        address.correct(address.SELECTION_KEY, written(conditions))
    beside = address.kept(address.BESIDE_KEY)
    if beside not in ("", filters.BESIDE):
        replaced.note_in_link("Bezugsgruppen", beside, "eine je Zeile")
    columns = tuple(filter(None, address.kept(address.COLUMNS_KEY).split(filters.BETWEEN)))
    return Wish(conditions, columns, beside == filters.BESIDE)


def span_of(context: Context, seen: Seen) -> Span:
    """Look at earlier dates only where their figures or their levels are asked for."""
    keys = (address.SELECTION_KEY, address.COLUMNS_KEY, address.SORT_KEY)
    asked = any(CHANGE in address.kept(key) for key in keys)
    previous = context.previous_without_blocks(seen.group) if asked else None
    return Span(seen, previous, context.final_before(seen))


def _choose_preset(seen: Seen, key: str) -> None:
    """Select „Auswahl“: what is one step away; the address names none for all."""
    labels = dict(presets(Span(seen)))
    said = address.kept(address.SELECTION_KEY)
    if said and said not in labels:
        labels[said] = _OWN
    choose_kept("Auswahl", address.SELECTION_KEY, labels, key, _WIDTH)


def _say_strange_columns(offered: Table, wish: Wish) -> None:
    known = {one.id for one in offered.fields}
    for one in wish.columns:
        if one not in known:
            instead = "der Rest" if known.intersection(wish.columns) else "das Übliche"
            replaced.note_in_link("Spalten", one, instead)


def _offered(span: Span, wish: Wish) -> Table:
    before = " ".join(one.info.name for one in (span.previous, span.final) if one)
    what = (f"{span.seen.release.path} {span.seen.kinds}", span.seen.group, before)
    return _offered_once(span, what, wish.is_beside)


@st.cache_resource(max_entries=32, show_spinner=False)
def _offered_once(_span: Span, what: tuple[str, Group, str], is_beside: bool) -> Table:
    return offered_table(_span, is_beside=is_beside)
