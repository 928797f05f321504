"""Excel for paper: one A4 sheet per group with what a committee reads.

A title, at most ten columns, levels on their colour, notes below. A hidden value has its table
symbol alone; the workbook with a status beside every value is made in ``excel``.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from atlas.publication.export.picture.page import Look
from atlas.publication.export.texts import entry_text
from atlas.publication.seen import Cell, Seen
from atlas.publication.views.areas import area_table
from atlas.publication.views.items import Item, item_of
from atlas.publication.views.notes import credit_lines, release_notes
from atlas.publication.views.remarks import symbols_of
from atlas.publication.views.table import Entry, Field, Table
from atlas.terms import NEED_LEVEL, Kind, Unit

MOST_COLUMNS = 10
# Everything on one upright A4 as long as its letters stay at 7 points; else over several.
_PAGE_PT, _TOP_IN, _BOTTOM_IN, _SMALLEST_PT = 842, 0.5, 0.6, 7
_TITLE_ROW, _SUBTITLE_ROW, _HEAD_ROW = 0, 1, 2
_FONT_PT, _ROW_PT, _HEAD_PT = 10, 12.75, 26
_LEAST, _WIDEST, _MOST_DIGITS = 6, 26, 6
# Letters of this size beside those that Excel measures columns by.
_LETTER = 0.85
_LINE, _HEAD_FILL = "#D8D3C8", "#EEF3F4"


def paper_xlsx_bytes(seen: Seen, kind: Kind, looks: Sequence[Look]) -> bytes:
    """All areas of a kind for print, a sheet per group.

    Parameters
    ----------
    looks
        Colours of the levels, the lowest first.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    # The time of writing would make every download different.
    created = datetime.combine(seen.info.reference_date, time())
    book.set_properties({"title": release_notes(seen).title, "created": created})
    paper = _Paper(book, looks)
    for side in map(seen.through, seen.groups):
        paper.add(side, _short(area_table(side, kind)))
    book.close()
    return buffer.getvalue()


def _short(table: Table) -> Table:
    """Keep the area, its levels, the indicators and the first count, which is residents."""
    shown = table.on_page()
    counts = [at for at, one in enumerate(shown.fields) if one.item and _is_count(one.item)]
    kept = [at for at in range(len(shown.fields)) if at not in counts[1:]][:MOST_COLUMNS]
    rows = tuple(tuple(row[at] for at in kept) for row in shown.rows)
    return replace(shown, fields=tuple(shown.fields[at] for at in kept), rows=rows)


def _is_count(item: Item) -> bool:
    return item.unit is Unit.COUNT


class _Paper:
    """A workbook for print being written; knows its formats."""

    def __init__(self, book: xlsxwriter.Workbook, looks: Sequence[Look]) -> None:
        self._book = book
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._note = book.add_format(
            {"font_size": _FONT_PT, "text_wrap": True, "valign": "top"}
        )
        line = {"font_size": _FONT_PT, "bottom": 1, "bottom_color": _LINE}
        head = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": _HEAD_FILL}
        self._head = book.add_format({**line, **head})
        self._head_of_numbers = book.add_format({**line, **head, "align": "right"})
        self._text = book.add_format(line)
        self._right = book.add_format({**line, "align": "right"})
        self._numbers = [
            book.add_format({**line, "num_format": f"#,##0{'.' + '0' * n if n else ''}"})
            for n in range(_MOST_DIGITS + 1)
        ]
        self._levels = [
            book.add_format(
                {**line, "bg_color": one.fill, "font_color": one.ink, "align": "center"}
            )
            for one in looks
        ]

    def add(self, seen: Seen, table: Table) -> None:
        """Write one table with its title above and its notes below."""
        sheet = self._book.add_worksheet(seen.group_short[:31])
        notes = release_notes(seen)
        sheet.write_string(_TITLE_ROW, 0, f"{notes.title}: {table.title}", self._title)
        told = ", ".join((f"Stand {notes.day}", notes.state, *notes.badges))
        sheet.write_string(_SUBTITLE_ROW, 0, told)
        for at, field in enumerate(table.fields):
            head = self._head_of_numbers if field.is_number else self._head
            sheet.write_string(_HEAD_ROW, at, _heading(field), head)
            sheet.set_column(at, at, _width(table, at))
        sheet.set_row(_HEAD_ROW, _HEAD_PT)
        for number, row in enumerate(table.rows, start=_HEAD_ROW + 1):
            sheet.set_row(number, _ROW_PT)
            for at, (field, entry) in enumerate(zip(table.fields, row, strict=True)):
                self._write(sheet, (number, at), entry, (field, table))
        end = _HEAD_ROW + len(table.rows) + 2
        widths = sum(_width(table, at) for at in range(len(table.fields)))
        lines = self._write_notes(sheet, (end, len(table.fields) - 1), widths, _notes(seen))
        _set_up(sheet, fits_one_page(end + lines), notes.name)

    def _write(
        self, sheet: Worksheet, place: tuple[int, int], entry: Entry, of: tuple[Field, Table]
    ) -> None:
        field, table = of
        text = entry_text(table, field, entry)
        if not isinstance(entry, Cell) or field.item is None:
            sheet.write_string(*place, text, self._text)
        elif entry.value is None:
            symbol = table.symbols.get(entry.status, "")
            sheet.write_string(*place, symbol or text, self._right)
        elif field.item.id == NEED_LEVEL:
            level = int(entry.value)
            sheet.write_number(*place, level, self._levels[level - 1])
        elif field.item.names or entry.status in table.symbols:
            sheet.write_string(*place, text, self._right if field.is_number else self._text)
        else:
            sheet.write_number(*place, entry.value, self._numbers[field.item.digits])

    def _write_notes(
        self, sheet: Worksheet, end: tuple[int, int], widths: float, notes: Iterable[str]
    ) -> int:
        """Write the notes below the table; give the number of their lines."""
        row, last = end
        written = 0
        for text in notes:
            sheet.merge_range(row, 0, row, last, text, self._note)
            # Excel does not grow merged rows by itself.
            lines = 1 + int(len(text) // widths)
            sheet.set_row(row, _ROW_PT * lines)
            row, written = row + 1, written + lines
        return written


def _notes(seen: Seen) -> list[str]:
    symbols = "; ".join(f"{symbol} {words}" for symbol, words in symbols_of(seen))
    missing = release_notes(seen).missing
    told = [f"Zeichen: {symbols}."] if symbols else []
    told += [missing] if missing else []
    if seen.has_levels:
        names = item_of(seen.config, NEED_LEVEL).names
        levels = "; ".join(f"{level} {names[level]}" for level in sorted(names))
        told.insert(0, f"{item_of(seen.config, NEED_LEVEL).label}: {levels}.")
    return [*told, f"Quellen: {'; '.join(credit_lines(seen))}"]


def _heading(field: Field) -> str:
    """Short label with its unit: long ones would make everything else small."""
    if field.item is None:
        return field.label
    return replace(field.item, label=field.item.short_label).label_with_unit


def _width(table: Table, at: int) -> float:
    """Room for the longest word of the head and, where it holds texts, for the longest."""
    field = table.fields[at]
    words = [*_heading(field).split(), " " * _LEAST]
    if not field.is_number and not (field.item and field.item.id == NEED_LEVEL):
        words += [entry_text(table, field, row[at]) for row in table.rows]
    return min(max(map(len, words)), _WIDEST) * _LETTER + 1.8


def fits_one_page(lines: int) -> bool:
    """Whether so many lines of text are still readable on one sheet of paper."""
    room = _PAGE_PT - 72 * (_TOP_IN + _BOTTOM_IN)
    height = lines * _ROW_PT + _HEAD_PT
    return height * _SMALLEST_PT <= room * _FONT_PT


def _set_up(sheet: Worksheet, is_one_page: bool, name: str) -> None:
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.set_margins(left=0.3, right=0.3, top=_TOP_IN, bottom=_BOTTOM_IN)
    sheet.fit_to_pages(1, int(is_one_page))
    sheet.repeat_rows(_HEAD_ROW)
    sheet.hide_gridlines(2)
    # Fitting to a page makes the footer smaller, too: as large as the table it stays readable.
    sheet.set_footer(f"&L&{_FONT_PT}Veröffentlichung {name}&R&{_FONT_PT}&P / &N")
