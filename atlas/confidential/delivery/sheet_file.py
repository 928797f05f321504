"""One sheet of a workbook to a text table; row numbers are those of the sheet."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from atlas.confidential.delivery.cell_kinds import CellKinds, kinds_of_ods, kinds_of_xlsx
from atlas.confidential.delivery.content import OLE, ZIP, check_content
from atlas.confidential.delivery.ending import Ending
from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.sheet_size import is_damaged, is_too_large
from atlas.confidential.delivery.tables import (
    NumberedRow,
    Progress,
    TextTable,
    UnreadableError,
    choose_columns,
    collect_columns,
    join_header,
    unreadable,
)
from atlas.confidential.delivery.typed import as_shown, text_of_cell, text_of_number
from atlas.config import Layout

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell (row, column, from 0) of merged cells."""


def read_sheet(path: Path, layout: Layout, progress: Progress, suffix: str) -> TextTable:
    """Read the layout's columns of one sheet of a workbook with this suffix.

    Raises
    ------
    UnreadableError
        With the finding, if the file gives no table.
    """
    _check_workbook(path, suffix)
    with _of_workbooks():
        workbook = load_workbook(path)
        sheet = _sheet_of(workbook, layout)
        name = sheet.name
        kinds = _kinds(path, name, suffix, layout.shape)
        records = _records(sheet, kinds, layout.skip_rows, layout.decimal)
        header = join_header(_header(records, sheet, layout))
        chosen = choose_columns(header, layout, _sheets_read(workbook, name))
        end = Ending()
        columns, rows = collect_columns(end.body(records, layout), chosen, progress)
    table = TextTable(columns, rows, is_typed=True)
    _check_formulas(table, kinds, chosen)
    return end.close(table, chosen)


@dataclass(frozen=True)
class RawSheet:
    """One shown sheet of a workbook before any layout: its filled rows as text."""

    name: str
    rows: list[NumberedRow] = field(repr=False)
    merged: list[Merged]


def raw_sheets(path: Path, suffix: str) -> list[RawSheet]:
    """Read every shown sheet of a workbook with this suffix as text, with decimal commas.

    Raises
    ------
    UnreadableError
        With the finding, if the file is no workbook.
    """
    _check_workbook(path, suffix)
    sheets = []
    with _of_workbooks():
        workbook = load_workbook(path)
        for name in [one.name for one in workbook.sheets_metadata if _is_shown(one)]:
            sheet = workbook.get_sheet_by_name(name)
            rows = list(_records(sheet, _kinds(path, name, suffix, "counts"), 0, ","))
            sheets.append(RawSheet(name, rows, list(sheet.merged_cell_ranges or ())))
    return sheets


@contextmanager
def _of_workbooks() -> Iterator[None]:
    """Turn what the library says of a workbook into findings."""
    try:
        yield
    except PasswordError:
        raise unreadable(
            "password", "Datei ist mit einem Kennwort geschützt. Ohne Kennwort neu speichern."
        ) from None
    except (CalamineError, OSError):
        raise _damaged() from None


read_xlsx = partial(read_sheet, suffix=".xlsx")
read_xlsb = partial(read_sheet, suffix=".xlsb")
read_xls = partial(read_sheet, suffix=".xls")
read_ods = partial(read_sheet, suffix=".ods")


def _sheet_of(workbook: CalamineWorkbook, layout: Layout) -> CalamineSheet:
    """Sheet that the layout means: the one it names, else the first shown one with cells."""
    if layout.sheet:
        return workbook.get_sheet_by_name(_named_sheet(workbook, layout))
    shown = [one.name for one in workbook.sheets_metadata if _is_shown(one)]
    sheets = map(workbook.get_sheet_by_name, shown or workbook.sheet_names)
    first = next(sheets)
    return first if first.height else next((one for one in sheets if one.height), first)


def _named_sheet(workbook: CalamineWorkbook, layout: Layout) -> str:
    """Name of the only sheet that the layout means; hidden ones too."""
    if layout.sheet in workbook.sheet_names:
        return layout.sheet
    pattern = re.escape(layout.sheet).replace(r"\*", ".*")
    fitting = [name for name in workbook.sheet_names if re.fullmatch(pattern, name)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise unreadable(
            "missing_sheet",
            f"mehrere Tabellenblätter heißen „{layout.sheet}“. {_there(workbook, '')} "
            "Erwartet: genau eines. Schlüssel sheet in deliveries.toml prüfen.",
        )
    raise unreadable(
        "missing_sheet",
        f"Tabellenblatt „{layout.sheet}“ fehlt. {_there(workbook, '')} Schlüssel sheet in "
        "deliveries.toml prüfen.",
    )


def _is_shown(sheet: SheetMetadata) -> bool:
    is_table = sheet.typ == SheetTypeEnum.WorkSheet
    return bool(is_table and sheet.visible == SheetVisibleEnum.Visible)


def _sheets_read(workbook: CalamineWorkbook, name: str) -> str:
    return f"Gelesen wurde das Tabellenblatt „{name}“. {_there(workbook, name)}".strip()


def _there(workbook: CalamineWorkbook, name: str) -> str:
    others = [
        f"„{one.name}“" + ("" if _is_shown(one) else " (ausgeblendet)")
        for one in workbook.sheets_metadata
        if one.name != name
    ]
    kind = "Weitere" if name else "Vorhanden"
    return f"{kind}: {', '.join(others)}." if others else ""


def _kinds(path: Path, name: str, suffix: str, shape: str) -> CellKinds:
    """Find what the reader does not tell of cells; old and binary files do not say."""
    if suffix == ".xlsx":
        return kinds_of_xlsx(path, name, shape == "counts")
    if suffix == ".ods" and shape == "counts":
        return kinds_of_ods(path, name)
    return CellKinds()


def _records(
    sheet: CalamineSheet, kinds: CellKinds, skip_rows: int, decimal: str
) -> Iterator[NumberedRow]:
    """Give every filled row below the title its row number in the sheet."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > skip_rows:
            # Most cells are text: no call for those, in a register of millions of cells.
            cells = [cell if type(cell) is str else text_of_cell(cell, decimal) for cell in row]
            for i in kinds.percent.get(number, ()):
                if i < len(row) and isinstance(cell := row[i], float):
                    cells[i] = text_of_number(as_shown(cell), decimal, 100) + " %"
            for i, text in kinds.texts.get(number, {}).items():
                cells[i : i + 1] = [text] * (i < len(row))
            if any(cell and not cell.isspace() for cell in cells):
                yield number, cells


def _header(
    records: Iterator[NumberedRow], sheet: CalamineSheet, layout: Layout
) -> list[Sequence[str]]:
    """Rows of the head, with the text of merged cells in each of them."""
    rows = list(islice(records, layout.header_rows))
    merged = sheet.merged_cell_ranges or () if layout.header_rows > 1 else ()
    return fill_merged(rows, merged) or [[]]


def fill_merged(rows: Sequence[NumberedRow], merged: Sequence[Merged]) -> list[Sequence[str]]:
    """Rows with the text of merged cells in each of them."""
    filled = [(number, list(row)) for number, row in rows]
    places = dict(filled)
    for (top, left), (bottom, right) in merged:
        text = places[top + 1][left] if top + 1 in places else ""
        for number in range(top + 1, bottom + 2):
            if number in places:
                places[number][left : right + 1] = [text] * (right + 1 - left)
    return [row for _, row in filled]


def _check_formulas(
    table: TextTable, kinds: CellKinds, chosen: Sequence[tuple[str, int]]
) -> None:
    """Refuse cells whose formula no program has calculated yet: they read as empty or zero."""
    hint = (
        "Formel ohne berechneten Wert. Erwartet: Zahlen. Datei in Excel oder LibreOffice "
        "öffnen, neu berechnen und speichern."
    )
    findings: list[Finding] = []
    for name, position in chosen:
        rows = [number for number, places in kinds.formulas.items() if position in places]
        formula = find("formula", Severity.ERROR, column_place(name), hint)
        findings.extend(find_rows(formula, np.intersect1d(rows, table.rows).astype(np.int64)))
    if findings:
        raise UnreadableError(*findings)


def _check_workbook(path: Path, suffix: str) -> None:
    check_content(path.read_bytes(), OLE if suffix == ".xls" else ZIP)
    if suffix == ".xls":
        return
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
