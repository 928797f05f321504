"""Tables and releases to files. Same release, same bytes.

Computes no number of its own. A file holds shown cells only; a hidden one is there with its
status. ``FORMATS`` lists every format of a table of areas: a new one is a module and a line
here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from atlas.publication.export.csv_text import csv_bytes
from atlas.publication.export.excel import xlsx_bytes
from atlas.publication.export.geodata import geojson_bytes
from atlas.publication.export.geopackage import gpkg_bytes
from atlas.publication.seen import Seen
from atlas.terms import Group, Kind
from atlas.words import ascii_text


@dataclass(frozen=True)
class Format:
    """How all areas of a kind become one file."""

    label: str
    suffix: str
    mime: str
    write: Callable[[Seen, Kind], bytes]


XLSX = Format(
    "Excel",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    xlsx_bytes,
)
CSV = Format("CSV", "csv", "text/csv", csv_bytes)
GPKG = Format("GeoPackage", "gpkg", "application/geopackage+sqlite3", gpkg_bytes)
GEOJSON = Format("GeoJSON", "geojson", "application/geo+json", geojson_bytes)
FORMATS = (XLSX, CSV, GPKG, GEOJSON)


def file_name(seen: Seen, table: str, suffix: str) -> str:
    """Name of a download, e.g. ``wuppertal_quartiere_2024-12-31.2.xlsx``."""
    return f"{seen.config.city.id}_{table}_{seen.info.name}.{suffix}"


def table_name(seen: Seen, kind: Kind) -> str:
    """Name of the table of a kind, e.g. ``quartiere``, ``baubloecke``, ``stadt``."""
    return _plain(seen.singular(kind) if kind == Kind.CITY else seen.plural(kind))


def chosen_table_name(seen: Seen, rows: int | None) -> str:
    """Name of a chosen part of the Quartiere, e.g. ``quartiere-7-von-69``.

    Parameters
    ----------
    rows
        How many were selected; ``None`` where only columns were chosen.
    """
    name = table_name(seen, Kind.QUARTIER)
    if rows is None:
        return f"{name}-eigene-spalten"
    return f"{name}-{rows}-von-{len(seen.areas(Kind.QUARTIER))}"


def quartier_table_name(seen: Seen, area_id: str) -> str:
    """Name of the workbook of one Quartier, e.g. ``quartier_01``."""
    return f"{_plain(seen.singular(Kind.QUARTIER))}_{_plain(area_id)}"


def series_table_name(series_id: str) -> str:
    """Name of the table of a series of the city, e.g. ``reihe-alw``."""
    return f"reihe-{_plain(series_id)}"


def picture_name(seen: Seen, title: str, around: str = "") -> str:
    """Name of a map's picture, e.g. ``karte-handlungsbedarf-alle-quartiere``.

    Parameters
    ----------
    around
        Key of the area that a map of its surroundings shows.
    """
    return _plain(f"karte {title.removesuffix(seen.day)} {around}")


def release_table_name() -> str:
    """Name of the archive of a whole release."""
    return "veroeffentlichung"


def edition_name() -> str:
    """Name of the edition of the atlas as a paper."""
    return "ausgabe"


def report_name(title: str) -> str:
    """Name of a paper that the city puts together, e.g. ``bevoelkerung-aktuell``."""
    return _plain(title)


def profile_name(seen: Seen, keys: Sequence[str]) -> str:
    """Name of profiles as a paper, e.g. ``profil-01-02`` or ``profile-quartiere``.

    Parameters
    ----------
    keys
        Of the areas asked for; none: all Quartiere.
    """
    group = "" if seen.group == Group.ALL else seen.group
    what = f"profil {' '.join(keys)}" if keys else f"profile {seen.plural(Kind.QUARTIER)}"
    return _plain(f"{what} {group}")


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", ascii_text(text)).strip("-")
