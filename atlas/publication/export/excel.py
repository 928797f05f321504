"""Datasets as Excel workbooks: one table per sheet from A1, one header row, then the notes.

Numbers are numbers with as many decimals as the pages show; a hidden value has its table symbol
and, in the next column, its status in words.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from atlas.config import PublishedConfig
from atlas.publication.views import (
    Dataset,
    Entry,
    Field,
    block_history_dataset,
    group_dataset,
    groups,
    history_dataset,
    kinds_of,
    quartier_title,
    reason_dataset,
    release_notes,
    remarks_dataset,
)
from atlas.publication.views.cells import Cell
from atlas.publication.views.items import status_word, symbol_of
from atlas.release import Release
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


def xlsx_bytes(release: Release, kind: Kind) -> bytes:
    """All areas of a kind: a sheet per group, for Quartiere also how the levels came about."""
    datasets = [group_dataset(release, kind, group) for group in groups(release)]
    if kind == Kind.QUARTIER:
        need = release.info.config.levels.need
        datasets += [
            reason_dataset(release, group) for group in groups(release) if group in need
        ]
    return _workbook(release, release_notes(release).title, datasets)


def quartier_xlsx_bytes(
    releases: Sequence[Release], area_id: str, more: Sequence[Dataset] = ()
) -> bytes:
    """One Quartier and its blocks over all reference dates.

    Parameters
    ----------
    releases
        Newest number of each reference date, oldest date first.
    more
        Further sheets that are no part of a release, e.g. assessments.
    """
    newest = releases[-1]
    datasets = [history_dataset(releases, area_id, group) for group in groups(newest)]
    if Kind.BLOCK in kinds_of(newest):
        datasets += [
            block_history_dataset(releases, area_id, group) for group in groups(newest)
        ]
    datasets += more
    title = f"{release_notes(newest).title}: {quartier_title(newest, area_id)}"
    return _workbook(newest, title, datasets)


def dataset_xlsx_bytes(release: Release, title: str, datasets: Sequence[Dataset]) -> bytes:
    """Write tables that a reader asked for, with the notes of the release that they follow."""
    return _workbook(release, title, datasets)


class _Sheets:
    """A workbook being written; knows its formats and how cells become Excel cells."""

    def __init__(self, book: xlsxwriter.Workbook, config: PublishedConfig) -> None:
        self._book = book
        self._config = config
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
        self._numbers: dict[int, Format] = {}

    def add(self, dataset: Dataset, footer: str) -> None:
        """Write one dataset on its own sheet."""
        sheet = self._book.add_worksheet(_sheet_name(dataset.name))
        heads = [label for field in dataset.fields for label in _labels(field)]
        for at, label in enumerate(heads):
            sheet.write_string(0, at, label, self._head)
        for number, row in enumerate(dataset.rows, start=1):
            at = 0
            for field, entry in zip(dataset.fields, row, strict=True):
                at = self._write(sheet, (number, at), field, entry)
        self._set_up(sheet, dataset, len(heads), footer)

    def _write(
        self, sheet: Worksheet, place: tuple[int, int], field: Field, entry: Entry
    ) -> int:
        row, at = place
        if isinstance(entry, date):
            sheet.write_datetime(row, at, entry, self._date)
            return at + 1
        if isinstance(entry, str) or field.item is None:
            sheet.write_string(row, at, str(entry), self._text)
            return at + 1
        if entry.value is None:
            symbol = symbol_of(self._config, entry.status)
            sheet.write_string(row, at, symbol, self._symbol)
        else:
            sheet.write_number(row, at, entry.value, self._number(field.item.digits))
        sheet.write_string(row, at + 1, status_word(entry))
        return at + 2

    def _number(self, digits: int) -> Format:
        if digits not in self._numbers:
            decimals = f".{'0' * digits}" if digits else ""
            self._numbers[digits] = self._book.add_format({"num_format": f"#,##0{decimals}"})
        return self._numbers[digits]

    def _set_up(self, sheet: Worksheet, dataset: Dataset, count: int, footer: str) -> None:
        last = len(dataset.rows)
        sheet.freeze_panes(1, 2 if count > 3 else 0)
        sheet.autofilter(0, 0, max(last, 1), count - 1)
        sheet.set_row(0, _HEAD_HEIGHT)
        for at, width in enumerate(_widths(dataset)):
            sheet.set_column(at, at, width)
        # Keys are text with leading zeros; without this Excel marks each as suspicious.
        sheet.ignore_errors({"number_stored_as_text": f"A1:C{last + 1}"})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(footer)


def _workbook(release: Release, title: str, datasets: Iterable[Dataset]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    notes = release_notes(release)
    parts = [title, f"Stand {notes.day}", notes.state, *notes.badges]
    # The time of writing would make every download different.
    created = datetime.combine(release.info.reference_date, time())
    book.set_properties(
        {
            "title": ", ".join(parts),
            "author": release.info.config.city.name,
            "comments": "; ".join(notes.badges),
            "created": created,
        }
    )
    sheets = _Sheets(book, release.info.config)
    footer = _footer(parts)
    for dataset in (*datasets, remarks_dataset(release)):
        sheets.add(dataset, footer)
    book.close()
    return buffer.getvalue()


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
    return (field.label,) if field.item is None else (field.label, f"{field.label}: Status")


def _widths(dataset: Dataset) -> list[int]:
    widths = []
    for place, field in enumerate(dataset.fields):
        entries = [row[place] for row in dataset.rows]
        if field.item is None:
            longest = max((len(str(entry)) for entry in entries), default=0)
            widths.append(min(max(longest, 8), _WIDEST) + 2)
        else:
            words = [status_word(entry) for entry in entries if isinstance(entry, Cell)]
            widths += [_NUMBER_WIDTH, max(map(len, words), default=0) + 3]
    return widths
