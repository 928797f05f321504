"""Tables as Excel workbooks: one per sheet from A1, one header row, then the notes.

Numbers are numbers with as many decimals as the pages show; a hidden value has its table symbol
and, in the next column, its status in words.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import accumulate, chain

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from atlas.publication.export.texts import entry_text
from atlas.publication.seen import Cell, Seen
from atlas.publication.views.areas import area_table, level_table
from atlas.publication.views.development import block_development_table, development_table
from atlas.publication.views.items import status_word
from atlas.publication.views.level_people import people_table
from atlas.publication.views.notes import release_notes
from atlas.publication.views.remarks import remarks_table
from atlas.publication.views.table import Entry, Field, Figure, Table
from atlas.terms import Kind

_SHEET_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_HEAD_HEIGHT = 48
_NUMBER_WIDTH = 13
_WIDEST = 60
# Excel knows no longer footer, and drops it whole.
_LONGEST_FOOTER = 255
_PAGE_NUMBERS = "&R&P / &N"
_HEAD_FILL = "#EEF3F4"


def xlsx_bytes(seen: Seen, kind: Kind) -> bytes:
    """All areas of a kind: a sheet per group, for Quartiere also how the levels came about."""
    sides = [seen.through(group) for group in seen.groups]
    tables = [area_table(side, kind) for side in sides]
    if kind == Kind.QUARTIER:
        tables += [level_table(side) for side in sides if side.has_levels]
        tables += [table for side in sides if (table := people_table(side))]
    return table_xlsx_bytes(seen, release_notes(seen).title, tables)


def quartier_xlsx_bytes(
    past: Sequence[Seen], area_id: str, more: Sequence[Table] = ()
) -> bytes:
    """One Quartier and its blocks over all reference dates.

    Parameters
    ----------
    past
        Newest number of each reference date, oldest date first.
    more
        Further sheets that are no part of a release, e.g. assessments.
    """
    newest = past[-1]
    sides = [[seen.through(group) for seen in past] for group in newest.groups]
    tables = [development_table(side, area_id) for side in sides]
    if Kind.BLOCK in newest.kinds:
        tables += [block_development_table(side, area_id) for side in sides]
    area = newest.find(Kind.QUARTIER, area_id)
    title = f"{release_notes(newest).title}: {area_id if area is None else area.title}"
    return table_xlsx_bytes(newest, title, [*tables, *more])


def table_xlsx_bytes(seen: Seen, title: str, tables: Iterable[Table], told: str = "") -> bytes:
    """Write tables, a sheet each, and the notes of the release that they follow.

    Parameters
    ----------
    told
        Which rows of all the tables hold, where they leave some out; the first of the notes.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    notes = release_notes(seen)
    parts = [title, f"Stand {notes.day}", notes.state, *notes.badges]
    # The time of writing would make every download different.
    created = datetime.combine(seen.info.reference_date, time())
    book.set_properties(
        {
            "title": ", ".join(parts),
            "author": seen.config.city.name,
            "comments": "; ".join(notes.badges),
            "created": created,
        }
    )
    sheets = _Sheets(book)
    footer = _footer(parts)
    for table in (*tables, remarks_table(seen, told)):
        sheets.add(table.in_files(), footer)
    book.close()
    return buffer.getvalue()


class _Sheets:
    """A workbook being written; knows its formats and how cells become Excel cells."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._head = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bg_color": _HEAD_FILL,
                "bottom": 1,
            }
        )
        self._text = book.add_format({"valign": "top", "text_wrap": True})
        self._date = book.add_format({"num_format": "dd.mm.yyyy", "align": "left"})
        self._symbol = book.add_format({"align": "right"})
        self._numbers: dict[str, Format] = {}

    def add(self, table: Table, footer: str) -> None:
        """Write one table on its own sheet."""
        sheet = self._book.add_worksheet(_sheet_name(table.name or table.title))
        labels = [_labels(field) for field in table.fields]
        *places, count = accumulate(map(len, labels), initial=0)
        for at, label in enumerate(chain.from_iterable(labels)):
            sheet.write_string(0, at, label, self._head)
        for number, row in enumerate(table.rows, start=1):
            for at, field, entry in zip(places, table.fields, row, strict=True):
                cell = _cell_of(entry)
                if field.item is not None and cell is not None:
                    self._write_cell(sheet, (number, at), cell, (field, table))
                else:
                    self._write_plain(sheet, (number, at), entry, (field, table))
        self._set_up(sheet, table, count, footer)

    def _write_plain(
        self, sheet: Worksheet, place: tuple[int, int], entry: Entry, of: tuple[Field, Table]
    ) -> None:
        if isinstance(entry, date) and not isinstance(entry, datetime):
            sheet.write_datetime(*place, entry, self._date)
        else:
            field, table = of
            sheet.write_string(*place, entry_text(table, field, entry), self._text)

    def _write_cell(
        self, sheet: Worksheet, place: tuple[int, int], cell: Cell, of: tuple[Field, Table]
    ) -> None:
        (field, table), (row, at) = of, place
        if cell.value is None:
            symbol = table.symbols.get(cell.status, "")
            sheet.write_string(row, at, symbol, self._symbol)
        else:
            sheet.write_number(row, at, cell.value, self._number(field))
        sheet.write_string(row, at + 1, status_word(cell))

    def _number(self, field: Field) -> Format:
        item = field.item
        digits = item.digits if item else 0
        plain = f"#,##0{'.' + '0' * digits if digits else ''}"
        pattern = f"+{plain};-{plain};{plain}" if item and item.is_difference else plain
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern})
        return self._numbers[pattern]

    def _set_up(self, sheet: Worksheet, table: Table, count: int, footer: str) -> None:
        last = len(table.rows)
        sheet.freeze_panes(1, 2 if count > 3 else 0)
        sheet.autofilter(0, 0, max(last, 1), count - 1)
        sheet.set_row(0, _HEAD_HEIGHT)
        for at, width in enumerate(_widths(table)):
            sheet.set_column(at, at, width)
        # Keys are text with leading zeros; without this Excel marks each as suspicious.
        sheet.ignore_errors({"number_stored_as_text": f"A1:C{last + 1}"})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(footer)


def _footer(parts: Sequence[str]) -> str:
    """Put the title, shortened to fit, and what has to be said with it before the page."""
    title, rest = (
        text.replace("&", "&&") for text in (parts[0], "".join(f", {one}" for one in parts[1:]))
    )
    room = _LONGEST_FOOTER - len(f"&L{rest}{_PAGE_NUMBERS}")
    if len(title) > room:
        title = f"{title[: room - 1].rstrip('& ')}…"
    return f"&L{title}{rest}{_PAGE_NUMBERS}"


def _sheet_name(name: str) -> str:
    """Shorten to what Excel allows; the last word, which tells sheets apart, stays."""
    plain = name.translate(_FORBIDDEN).strip("' ")
    if len(plain) <= _SHEET_NAME:
        return plain
    last = plain.rsplit(" ", 1)[-1][-_SHEET_NAME + 2 :]
    return f"{plain[: _SHEET_NAME - len(last) - 1].rstrip()} {last}"


def _labels(field: Field) -> tuple[str, ...]:
    name = field.heading
    return (name,) if field.item is None else (name, f"{name}: Status")


def _cell_of(entry: Entry) -> Cell | None:
    if isinstance(entry, Figure):
        return entry.cell
    return entry if isinstance(entry, Cell) else None


def _widths(table: Table) -> list[int]:
    widths = []
    for place, field in enumerate(table.fields):
        entries = [row[place] for row in table.rows]
        if field.item is None:
            longest = max((len(str(entry)) for entry in entries), default=0)
            widths.append(min(max(longest, 8), _WIDEST) + 2)
        else:
            words = [status_word(cell) for entry in entries if (cell := _cell_of(entry))]
            widths += [_NUMBER_WIDTH, max(map(len, words), default=0) + 3]
    return widths
