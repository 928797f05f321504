"""Buttons that hand out tables as files; a file is made when its button is pressed."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from atlas.publication import export
from atlas.release import Release
from atlas.terms import Kind

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GPKG = "application/geopackage+sqlite3"
CSV = "text/csv"


def offer_excel(release: Release, kind: Kind, label: str) -> None:
    """Button for all areas of a kind as Excel."""
    offer(label, partial(export.xlsx_bytes, release, kind), _name(release, kind, "xlsx"), XLSX)


def offer_tables(release: Release, kind: Kind) -> None:
    """Buttons for all areas of a kind as Excel, CSV and GeoPackage, side by side."""
    with st.container(key="downloads", horizontal=True, width="content"):
        offer_excel(release, kind, "Tabelle als Excel")
        csv, gpkg = (
            partial(export.csv_bytes, release, kind),
            partial(export.gpkg_bytes, release, kind),
        )
        offer("CSV", csv, _name(release, kind, "csv"), CSV)
        offer("GeoPackage", gpkg, _name(release, kind, "gpkg"), GPKG)


def _name(release: Release, kind: Kind, suffix: str) -> str:
    return export.file_name(release, export.table_name(release, kind), suffix)


def offer(label: str, make: Callable[[], bytes], name: str, mime: str) -> None:
    """Button for one file, which is made when it is pressed."""
    st.download_button(
        label, make, file_name=name, mime=mime, key=f"download-{name}", on_click="ignore"
    )
