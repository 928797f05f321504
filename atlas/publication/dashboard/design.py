"""Small pieces of HTML; knows no release. All text is escaped here."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote

import streamlit as st

from atlas.publication.dashboard import address
from atlas.publication.export.texts import entry_text
from atlas.publication.palette import Look, colour_of, ink_on, look_of
from atlas.publication.views.changes import Move
from atlas.publication.views.legend import LegendEntry
from atlas.publication.views.map import MapView
from atlas.publication.views.profile import Card
from atlas.publication.views.table import Entry, Field, Figure, Shade, Table
from atlas.terms import NEED_LEVEL, Status

# What stands on the swatch of a step; elsewhere its number, on a class nothing.
_MARKS = {
    "class": ("", "", "", "", ""),
    "move": ("▼", "=", "▲"),
    "change": ("▼▼", "▼", "=", "▲", "▲▲"),
}
_NUMERIC = ' class="number"'
# Before the id of a field: sorted the other way round than one first asks for.
TURNED = "-"


@dataclass(frozen=True)
class Heads:
    """Heads of columns that sort a table: which can, and which one did."""

    offered: frozenset[str]
    by: str
    is_turned: bool

    def sort_of(self, field: Field) -> str:
        """Direction of a sorted column as assistive technology says it; empty for others."""
        if field.id != self.by:
            return ""
        return "ascending" if field.is_text != self.is_turned else "descending"

    def asks_for(self, field: Field) -> str:
        """Tell what a press on a head asks for: on the sorted one the other way round."""
        return f"{TURNED if field.id == self.by and not self.is_turned else ''}{field.id}"


def key_html(title: str, entries: Iterable[tuple[Look, str]]) -> str:
    """Write what the colours of a small map mean."""
    items = "".join(f"<li>{swatch(look)}{escape(text)}</li>" for look, text in entries)
    return f'<div class="legend"><ul aria-label="{escape(title)}">{items}</ul></div>'


def swatch(look: Look, text: str = "") -> str:
    """Small field that shows how an area looks on the map."""
    return (
        f'<span class="swatch {look.hatch or "plain"}" aria-hidden="true" '
        f'style="--fill:{look.fill};color:{look.ink}">{escape(text)}</span>'
    )


def level_chip(step: int, text: str) -> str:
    """Show the number of a level on its colour, and its name."""
    fill = colour_of("level", step)
    return (
        f'<span class="level"><b style="background:{fill};color:{ink_on(fill)}">{step}</b> '
        f"{escape(text)}</span>"
    )


def legend_html(view: MapView) -> str:
    """Legend of a map: symbol, label and number of areas of each entry."""
    return _legend_html(view, view.legend, "Legende")


def other_legend_html(view: MapView, first: MapView, name: str) -> str:
    """Legend of another map beside the first: what that one's does not say; may be empty."""
    is_alike = view.palette == first.palette and _steps(view) == _steps(first)
    known = {(one.step, one.label) for one in first.legend if is_alike}
    more = [one for one in view.legend if (one.step, one.label) not in known]
    return _legend_html(view, more, f"Legende: {name}") if more else ""


def _steps(view: MapView) -> list[str]:
    return [one.label for one in view.legend if one.step]


def _legend_html(view: MapView, entries: Iterable[LegendEntry], name: str) -> str:
    items = "".join(_legend_item(view.palette, entry) for entry in entries)
    return (
        f'<div class="legend"><p class="legend-title">{escape(view.heading)}</p>'
        f'<ul aria-label="{escape(name)}">{items}</ul></div>'
    )


def legend_head(view: MapView) -> str:
    """Title of the legend that is pressed, and how each of its entries looks."""
    most = max((entry.count for entry in view.legend), default=0) or 1
    rules = "".join(
        f'.st-key-legend [role="toolbar"] > :nth-child({place}) {{ --fill:{look.fill}; '
        f"--ink-on:{look.ink}; --hatch:var(--hatch-{look.hatch or 'none'}); "
        f"--share:{entry.count / most:.3f}; --mark:{_mark_css(view.palette, entry)}; }}"
        for place, entry in enumerate(view.legend, start=1)
        for look in (look_of(view.palette, entry),)
    )
    title = escape(view.heading).replace(" in %", " in&nbsp;%")
    return f'<style>{rules}</style><p class="legend-title">{title}</p>'


def _mark_css(palette: str, entry: LegendEntry) -> str:
    """Mark on a swatch, and what is read aloud in its place."""
    mark = mark_of(palette, entry.step) if entry.step else ""
    return f'"{mark}" / "Stufe {mark}:"' if mark and palette == "level" else f'"{mark}" / ""'


def _legend_item(palette: str, entry: LegendEntry) -> str:
    number = str(entry.step) if entry.step else ""
    mark = swatch(look_of(palette, entry), mark_of(palette, entry.step) if number else "")
    spoken = (
        f'<span class="spoken">Stufe {number}: </span>' if palette == "level" and number else ""
    )
    return (
        f"<li>{mark}{spoken}{escape(entry.label)} "
        f'<span class="count">({entry.count})</span></li>'
    )


def card_html(card: Card) -> str:
    """Panel of one area: level, trend, why, values with rank."""
    level = (
        f'<p class="no-level">{escape(card.level_text)}</p>'
        if card.level is None
        else level_chip(card.level, card.level_text)
    )
    facts = "".join(
        f"<div><dt>{escape(fact.label)}</dt><dd>{escape(fact.value)}"
        f"{f'<small>{escape(fact.rank)}</small>' if fact.rank else ''}</dd></div>"
        for fact in card.facts
    )
    return (
        f'<section class="panel"><h2>{escape(card.title)}</h2>'
        f'<p class="place">{escape(card.place)}</p>{level}'
        f"{_sentence('trend', card.trend)}{_sentence('why', card.why)}"
        f"<dl>{facts}</dl></section>"
    )


def head_html(card: Card, group: str) -> str:
    """Lines below the name of an area: where and who, the level, its trend."""
    place = " · ".join(part for part in (card.place, group) if part)
    # Why there is none stands below.
    level = escape(card.level_text.partition(":")[0])
    if card.level is not None:
        level = level_chip(card.level, card.level_text)
    trend = f'<span class="trend">{escape(card.trend)}</span>' if card.trend else ""
    return (
        f'<div class="panel"><p class="place">{escape(place)}</p>'
        f'<p class="standing">{level}{trend}</p></div>'
    )


def picture_html(svg: bytes, text: str, name: str = "locator") -> str:
    """Show a picture with its text alternative; ``name`` is its style."""
    address = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    return f'<img class="{name}" src="{address}" alt="{escape(text)}">'


def _sentence(name: str, text: str) -> str:
    return f'<p class="{name}">{escape(text)}</p>' if text else ""


def scale_html(palette: str, steps: Sequence[str]) -> str:
    """Legend of the colours of a table: each step and what it means."""
    entries = (
        LegendEntry(step, Status.PUBLISHED, label, 0)
        for step, label in enumerate(steps, start=1)
    )
    items = "".join(
        f"<li>{swatch(look, mark_of(palette, one.step))}{escape(one.label)}</li>"
        for one in entries
        for look in (look_of(palette, one),)
    )
    return f'<div class="legend"><ul aria-label="Farben der Tabelle">{items}</ul></div>'


def mark_of(palette: str, step: int) -> str:
    """Text on the swatch of a step: its number, or a sign of its own."""
    return _MARKS[palette][step - 1] if palette in _MARKS else str(step)


def move_html(move: Move, kind: str = "move") -> str:
    """Reasons of one change: heading, a line per indicator, what weighed most."""
    figures = "".join(f"<li>{escape(one)}</li>" for one in move.figures)
    listed = f"<ul>{figures}</ul>" if figures else ""
    head = f"{move.head[:1].upper()}{move.head[1:]}."
    firmness = _sentence("firmness", move.firmness)
    return (
        f'<section class="{kind}"><h4>{escape(move.title)}</h4><p>{escape(head)}</p>'
        f"{firmness}{listed}{_sentence('drivers', move.drivers)}</section>"
    )


def show_table(
    table: Table,
    order: Sequence[int] | None = None,
    marked: str = "",
    heads: Heads | None = None,
    asks: str = "",
) -> None:
    """Show a table; the row whose first cell is ``marked`` stands out.

    The mark is a style of its own, so that another choice does not send the table again.

    Parameters
    ----------
    asks
        Key of the address for which the first cell of each row, then a button, asks.
    """
    st.html(table_html(table, order, heads, asks))
    if marked:
        row = "".join(f"\\{ord(char):x} " for char in marked)
        st.html(
            f'<style>.table tr[data-row="{row}"] {{ background: #e4edef; font-weight: 600; '
            # Seen where the system takes away all backgrounds.
            "box-shadow: inset 3px 0 0 #17495a; outline: 2px solid transparent; "
            "outline-offset: -2px; }</style>"
            f'<span hidden data-show-row="{escape(marked)}"></span>'
        )


def table_html(
    table: Table,
    order: Sequence[int] | None = None,
    heads: Heads | None = None,
    asks: str = "",
) -> str:
    """Whole table as HTML: caption, scoped heads, numbers to the right.

    Parameters
    ----------
    order
        Positions of the rows; by default as they are.
    heads
        Which heads are buttons that sort; by default none.
    asks
        Key of the address for which the first cell of each row asks; by default none does.
    """
    shown = table.on_page()
    columns = "".join(_head(field, heads) for field in shown.fields)
    places = range(len(shown.rows)) if order is None else order
    query = address.area_query()
    rows = "".join(_row(shown, shown.rows[place], query, asks) for place in places)
    return (
        '<div class="table" role="region" tabindex="0" '
        f'aria-label="{escape(table.title)}"><table>'
        f"<caption>{escape(table.title)}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _head(field: Field, heads: Heads | None) -> str:
    unit = f' <span class="unit">{escape(field.unit)}</span>' if field.unit else ""
    attribute = _NUMERIC if field.is_number else ""
    label = f"{escape(field.label)}{unit}"
    if heads is not None and field.id in heads.offered:
        sort = heads.sort_of(field)
        attribute += f' aria-sort="{sort}"' if sort else ""
        asked = f"{address.SORT_KEY}={escape(heads.asks_for(field))}"
        label = f'<button type="button" data-ask="{asked}">{label}</button>'
    return f'<th scope="col"{attribute}>{label}</th>'


def _row(table: Table, row: tuple[Entry, ...], query: str, asks: str) -> str:
    key = escape(entry_text(table, table.fields[0], row[0]))
    parts = [
        _linked(_cell_text(table, one, entry), key, query)
        if one.is_link and key
        else _cell_text(table, one, entry)
        for one, entry in zip(table.fields, row, strict=True)
    ]
    if asks and key:
        asked = f'<button type="button" data-ask="{asks}={key}">'
        parts[0] = f"{asked}{parts[0]}</button>"
    rest = "".join(
        _cell(one, entry, part)
        for one, entry, part in zip(table.fields[1:], row[1:], parts[1:], strict=True)
    )
    return f'<tr data-row="{key}"><th scope="row">{parts[0]}</th>{rest}</tr>'


def _linked(text: str, key: str, query: str) -> str:
    """Lead to the profile of the row's area: a page of its own, or within this one."""
    address_of = f"{address.PROFILE_PATH}?{query}{address.QUARTIER_KEY}={quote(unescape(key))}"
    asked = f"{address.QUARTIER_KEY}={key}"
    return f'<a href="{escape(address_of)}" data-ask="{asked}">{text}</a>'


def _cell(field: Field, entry: Entry, text: str) -> str:
    if isinstance(entry, Shade) and entry.step:
        fill = colour_of(entry.palette, entry.step)
        style = f"background:{fill};color:{ink_on(fill)}"
        return f'<td class="number shade" style="{style}">{text}</td>'
    return f"<td{_NUMERIC if field.is_number else ''}>{text}</td>"


def _cell_text(table: Table, field: Field, entry: Entry) -> str:
    text = entry_text(table, field, entry)
    item = entry.item if isinstance(entry, Figure) else field.item
    return _level(text) if item and item.id == NEED_LEVEL else escape(text)


def _level(text: str) -> str:
    number, _, name = text.partition(" ")
    return level_chip(int(number), name) if number.isdigit() else escape(text)
