"""Excel workbook to a text table; row numbers are those of the sheet."""

from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, load_workbook

from atlas.confidential.delivery.content import ZIP, check_content
from atlas.confidential.delivery.tables import (
    NumberedRow,
    Progress,
    TextTable,
    UnreadableError,
    choose_columns,
    collect_columns,
    drop_last,
    unreadable,
)
from atlas.confidential.delivery.text import text_of_cell
from atlas.confidential.delivery.xlsx_size import is_damaged, is_too_large
from atlas.config import Layout


def read_xlsx(path: Path, layout: Layout, progress: Progress) -> TextTable:
    """Read the layout's columns of one sheet.

    Raises
    ------
    UnreadableError
        With the finding, if the file gives no table.
    """
    check_content(path.read_bytes(), ZIP)
    _check_size(path)
    try:
        records = _records(_sheet_of(path, layout), layout)
        _, header = next(records, (0, []))
        chosen = choose_columns(header, layout)
        body = drop_last(records, layout.footer_rows)
        columns, rows = collect_columns(body, chosen, progress)
    except (CalamineError, OSError):
        raise _damaged() from None
    return TextTable(columns, rows, is_typed=True)


def _sheet_of(path: Path, layout: Layout) -> CalamineSheet:
    workbook = load_workbook(path)
    if not layout.sheet:
        return workbook.get_sheet_by_index(0)
    if layout.sheet not in workbook.sheet_names:
        raise unreadable(
            "missing_sheet",
            f"Tabellenblatt „{layout.sheet}“ fehlt. Schlüssel sheet in deliveries.toml prüfen.",
        )
    return workbook.get_sheet_by_name(layout.sheet)


def _records(sheet: CalamineSheet, layout: Layout) -> Iterator[NumberedRow]:
    """Give every filled row below the title its row number in the sheet."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > layout.skip_rows:
            # Most cells are text: no call for those, in a register of millions of cells.
            cells = [
                cell if type(cell) is str else text_of_cell(cell, layout.decimal)
                for cell in row
            ]
            if any(cells):
                yield number, cells


def _check_size(path: Path) -> None:
    if is_damaged(path):
        raise _damaged()
    if is_too_large(path):
        raise unreadable(
            "too_large",
            "Tabelle ist zu groß, vermutlich steht eine Zelle weit abseits. Erwartet: nur die "
            "Tabelle. Leere Zeilen und Spalten am Rand löschen.",
        )


def _damaged() -> UnreadableError:
    return unreadable(
        "damaged",
        "Excel-Datei ist beschädigt oder unvollständig. Datei neu übertragen oder speichern.",
    )
