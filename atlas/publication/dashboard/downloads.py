"""Buttons that hand out tables as files; a file is made when its button is pressed."""

from collections.abc import Callable, Iterable
from functools import partial

import streamlit as st

from atlas.publication import export, palette
from atlas.publication.export import Format
from atlas.publication.export.csv_text import table_csv_bytes
from atlas.publication.export.excel import table_xlsx_bytes
from atlas.publication.export.paper import paper_xlsx_bytes
from atlas.publication.seen import Seen
from atlas.publication.views.notes import release_notes
from atlas.publication.views.table import Table
from atlas.terms import Kind

_BESIDE_TABLES = ((export.XLSX, "Tabelle als Excel"), (export.CSV, ""), (export.GPKG, ""))


def offer_excel(seen: Seen, kind: Kind, label: str) -> None:
    """Button for all areas of a kind as Excel."""
    _offer_format(seen, kind, export.XLSX, label)


def offer_tables(seen: Seen, kind: Kind) -> None:
    """Buttons for all areas of a kind as Excel, CSV and GeoPackage, side by side."""
    with st.container(key="downloads", horizontal=True, width="content"):
        for one, label in _BESIDE_TABLES:
            _offer_format(seen, kind, one, label or one.label)


def offer_paper(seen: Seen, kind: Kind) -> None:
    """Button for all areas of a kind as one sheet of A4 per group."""
    table = f"{export.table_name(seen, kind)}-zum-drucken"
    make = partial(paper_xlsx_bytes, seen, kind, palette.level_looks())
    name = export.file_name(seen, table, export.XLSX.suffix)
    offer("Excel zum Drucken", make, name, export.XLSX.mime)


def offer_every_format(seen: Seen, kind: Kind) -> None:
    """Buttons for all areas of a kind in every format, each with its file's name."""
    for one in export.FORMATS:
        name = _name(seen, kind, one)
        offer_named(one.label, partial(one.write, seen, kind), name, one.mime, name)


def offer_workbook(
    seen: Seen, label: str, title: str, make: Callable[[], Iterable[Table]], table: str
) -> None:
    """Button for tables as one workbook; ``title`` follows that of the release."""

    def write() -> bytes:
        return table_xlsx_bytes(seen, f"{release_notes(seen).title}: {title}", make())

    offer(label, write, export.file_name(seen, table, export.XLSX.suffix), export.XLSX.mime)


def offer_sheet(seen: Seen, label: str, table: Table, named: tuple[str, str]) -> None:
    """Button for one table as a workbook of its own.

    Parameters
    ----------
    named
        Name of the table in that of the file, and what its notes say of what it leaves out.
    """
    name, told = named
    title = f"{release_notes(seen).title}: {table.title}"
    file = export.file_name(seen, name, export.XLSX.suffix)
    offer(label, lambda: table_xlsx_bytes(seen, title, [table], told), file, export.XLSX.mime)


def offer_csv(seen: Seen, label: str, make: Callable[[], Table], table: str) -> None:
    """Button for one table under its machine-readable names."""
    name = export.file_name(seen, table, export.CSV.suffix)
    offer(label, lambda: table_csv_bytes(make()), name, export.CSV.mime)


def offer(label: str, make: Callable[[], bytes], name: str, mime: str) -> None:
    """Button for one file, which is made when it is pressed."""
    st.download_button(
        label, make, file_name=name, mime=mime, key=f"download-{name}", on_click="ignore"
    )


def offer_named(label: str, make: Callable[[], bytes], name: str, mime: str, note: str) -> None:
    """Button for one file that says beside itself what it hands out."""
    st.download_button(
        label,
        make,
        file_name=name,
        mime=mime,
        key=f"file-{name}",
        help=note,
        on_click="ignore",
    )


def _offer_format(seen: Seen, kind: Kind, one: Format, label: str) -> None:
    offer(label, partial(one.write, seen, kind), _name(seen, kind, one), one.mime)


def _name(seen: Seen, kind: Kind, one: Format) -> str:
    return export.file_name(seen, export.table_name(seen, kind), one.suffix)
