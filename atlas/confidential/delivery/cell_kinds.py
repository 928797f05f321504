"""What the reader does not tell of a cell: shown as percent, formula without a value, note.

Excel shows 11 % and stores 0.11; a program that writes formulas stores no value, or a zero.
A raised 1 behind 26 is the sign of a footnote; as plain text it would be 261.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse
from zipfile import BadZipFile, ZipFile

Places = Mapping[int, set[int]]
"""Row number in the sheet (from 1) to positions of columns (from 0)."""


@dataclass(frozen=True)
class CellKinds:
    """Places of cells shown as percent, and of formulas that nothing has calculated.

    ``texts`` holds per row and column the text of a cell without raised signs behind a digit.
    """

    percent: Places = field(default_factory=dict)
    formulas: Places = field(default_factory=dict)
    texts: Mapping[int, Mapping[int, str]] = field(default_factory=dict, repr=False)


_DAMAGES = (
    BadZipFile,
    EOFError,
    KeyError,
    ParseError,
    ValueError,
    OSError,
    RuntimeError,
    StopIteration,
    zlib.error,
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PERCENT_FORMATS = frozenset({9, 10})
# What stands in quotation marks or after a backslash is text and no sign of the format.
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def kinds_of_xlsx(path: Path, sheet: str, is_counts: bool) -> CellKinds:
    """Look through one sheet; a file that is not as it should be is the reader's to judge."""
    try:
        with ZipFile(path) as archive:
            book = fromstring(archive.read("xl/workbook.xml"))
            part = _part_of(archive, book, sheet)
            percent = _percent_styles(archive) if is_counts else frozenset()
            noted = _noted_texts(archive) if is_counts else {}
            content = archive.read(part)
            if not (b"<f" in content or _RAISED in content or percent or noted):
                return CellKinds()
            return _look(archive, part, (percent, noted), _is_new(book))
    except _DAMAGES:
        return CellKinds()


def _part_of(archive: ZipFile, book: Element, sheet: str) -> str:
    links = {
        one.get("Id"): one.get("Target", "")
        for one in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = next(one for one in book.iter(f"{_MAIN}sheet") if one.get("name") == sheet)
    target = links[found.get(_LINK)]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _is_new(book: Element) -> bool:
    """Whether a program wrote the file and left calculating to whoever opens it."""
    return any(
        one.get("fullCalcOnLoad") in ("1", "true") for one in book.iter(f"{_MAIN}calcPr")
    )


def _percent_styles(archive: ZipFile) -> frozenset[str]:
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = fromstring(archive.read("xl/styles.xml"))
    formats = {
        int(one.get("numFmtId", 0))
        for one in styles.iter(f"{_MAIN}numFmt")
        if "%" in _LITERAL.sub("", one.get("formatCode", ""))
    }
    cells = styles.find(f"{_MAIN}cellXfs")
    known = formats | _PERCENT_FORMATS
    return frozenset(
        str(i)
        for i, one in enumerate(cells if cells is not None else ())
        if int(one.get("numFmtId", 0)) in known
    )


_RAISED = b"superscript"


def _noted_texts(archive: ZipFile) -> dict[str, str]:
    """Find shared texts with a raised sign behind a digit: their number, and what is left."""
    part = "xl/sharedStrings.xml"
    content = archive.read(part) if part in archive.namelist() else b""
    if _RAISED not in content:
        return {}
    texts = enumerate(fromstring(content).findall(f"{_MAIN}si"))
    return {str(i): text for i, one in texts if (text := _without_note(one)) is not None}


def _without_note(text: Element) -> str | None:
    """Text without raised signs behind a digit; None where there are none."""
    runs = [
        (
            "".join(part.text or "" for part in run.iter(f"{_MAIN}t")),
            any(one.get("val") == "superscript" for one in run.iter(f"{_MAIN}vertAlign")),
        )
        for run in text.iter(f"{_MAIN}r")
    ]
    return _lowered(runs)


def _lowered(runs: Sequence[tuple[str, bool]]) -> str | None:
    kept = ""
    for text, is_raised in runs:
        if not (is_raised and kept.rstrip()[-1:].isdigit()):
            kept += text
    return kept if len(kept) < sum(len(text) for text, _ in runs) else None


def _look(
    archive: ZipFile, part: str, known: tuple[frozenset[str], Mapping[str, str]], is_new: bool
) -> CellKinds:
    percent, noted = known
    percents: dict[int, set[int]] = defaultdict(set)
    formulas: dict[int, set[int]] = defaultdict(set)
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    with archive.open(part) as stream:
        for _, row in iterparse(stream):
            if row.tag != f"{_MAIN}row":
                continue
            for number, column, cell in _cells(row):
                if cell.get("s") in percent:
                    percents[number].add(column)
                if cell.find(f"{_MAIN}f") is not None and _is_uncalculated(cell, is_new):
                    formulas[number].add(column)
                if (text := _noted(cell, noted)) is not None:
                    texts[number][column] = text
            row.clear()
    return CellKinds(percents, formulas, texts)


def _noted(cell: Element, noted: Mapping[str, str]) -> str | None:
    if cell.get("t") == "s":
        return noted.get(cell.findtext(f"{_MAIN}v", ""))
    return _without_note(cell) if cell.get("t") == "inlineStr" else None


def _cells(row: Element) -> Iterator[tuple[int, int, Element]]:
    for cell in row.iter(f"{_MAIN}c"):
        if match := re.fullmatch(r"([A-Z]{1,3})([0-9]+)", cell.get("r", "")):
            yield int(match[2]), _column(match[1]), cell


def _column(letters: str) -> int:
    position = 0
    for letter in letters:
        position = 26 * position + ord(letter) - ord("A") + 1
    return position - 1


def _is_uncalculated(cell: Element, is_new: bool) -> bool:
    value = cell.find(f"{_MAIN}v")
    text = (value.text or "") if value is not None else ""
    return not text or (is_new and text == "0")


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def kinds_of_ods(path: Path, sheet: str) -> CellKinds:
    """Look through one sheet of an OpenDocument file."""
    percents: dict[int, set[int]] = defaultdict(set)
    formulas: dict[int, set[int]] = defaultdict(set)
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    try:
        with ZipFile(path) as archive:
            content = fromstring(archive.read("content.xml"))
            raised = _raised_styles(content)
            tables = content.iter(f"{_TABLE}table")
            found = next(one for one in tables if one.get(f"{_TABLE}name") == sheet)
            for number, column, cell in _ods_cells(found):
                kind = cell.get(f"{_OFFICE}value-type")
                if kind == "percentage":
                    percents[number].add(column)
                if kind is None and cell.get(f"{_TABLE}formula"):
                    formulas[number].add(column)
                if raised and (text := _lowered(list(_runs(cell, raised)))) is not None:
                    texts[number][column] = text
    except _DAMAGES:
        return CellKinds()
    return CellKinds(percents, formulas, texts)


def _raised_styles(content: Element) -> frozenset[str | None]:
    """Styles of text that stands above the line."""
    return frozenset(
        style.get(f"{_STYLE}name")
        for style in content.iter(f"{_STYLE}style")
        for one in style.iter(f"{_STYLE}text-properties")
        if one.get(f"{_STYLE}text-position", "").startswith("super")
    )


def _runs(cell: Element, raised: frozenset[str | None]) -> Iterator[tuple[str, bool]]:
    for paragraph in cell.iter(f"{_TEXT}p"):
        yield paragraph.text or "", False
        for span in paragraph:
            yield "".join(span.itertext()), span.get(f"{_TEXT}style-name") in raised
            yield span.tail or "", False


_MOST_REPEATED = 1_000


def _ods_cells(table: Element) -> Iterator[tuple[int, int, Element]]:
    """Every cell with a kind; equal neighbours are written once, with how often they stand."""
    number = 1
    for row in table.iter(f"{_TABLE}table-row"):
        repeated = int(row.get(f"{_TABLE}number-rows-repeated", 1))
        column = 0
        for cell in row:
            wide = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            if cell.get(f"{_OFFICE}value-type") or cell.get(f"{_TABLE}formula"):
                for below in range(min(repeated, _MOST_REPEATED)):
                    for right in range(min(wide, _MOST_REPEATED)):
                        yield number + below, column + right, cell
            column += wide
        number += repeated
