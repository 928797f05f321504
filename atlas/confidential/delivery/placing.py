"""Persons to areas: by area key, by address or by coordinates; the address goes no further."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyproj
import shapely

from atlas.confidential.delivery.csv_file import encoding_of
from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.keys import area_place, check_area_keys, read_area_keys
from atlas.confidential.delivery.parse import Coded, NumberFormat, encode
from atlas.confidential.delivery.request import Locate, Request
from atlas.confidential.delivery.tables import TextTable, UnreadableError
from atlas.errors import GeographyError
from atlas.terms import Kind

if TYPE_CHECKING:
    import geopandas as gpd

# A few persons without a place or a key are life, many are a broken export.
_FEW = 0.01
Part = tuple[pa.Array, tuple[Finding, ...]]


def place_persons(table: TextTable, reference_date: date, request: Request) -> Part:
    """Areas by the way that the layout has; missing where a person cannot be placed."""
    if request.layout.column_of("x") is not None:
        return _areas_from_coordinates(table, reference_date, request)
    if request.layout.column_of("address") is not None:
        return _areas_from_addresses(table, reference_date, request)
    return _areas_from_keys(table, reference_date, request)


def _areas_from_keys(table: TextTable, reference_date: date, request: Request) -> Part:
    """Area keys as delivered; missing where there is none."""
    known = request.areas(reference_date)
    keys = encode(read_area_keys(table, request.layout, known))
    unplaced = frozenset(request.layout.unplaced)
    placed = Coded(tuple("" if key in unplaced else key for key in keys.texts), keys.codes)
    unknown = check_area_keys(placed, table.rows, request.layout, known)
    hint = "kein Gebietsschlüssel; zählt als nicht zuordenbar. Spalte und Register prüfen."
    is_empty = placed.where(lambda text: not text)
    finding = find("no_area", Severity.INFO, area_place(request.layout), hint)
    empty = few_or_many(finding, is_empty, table)
    texts = pa.array([key or None for key in placed.texts], pa.string())
    return texts.take(pa.array(placed.codes)), (*unknown, *empty)


def _areas_from_addresses(table: TextTable, reference_date: date, request: Request) -> Part:
    """Areas that the street directory gives; missing where it does not know the address."""
    name = request.layout.column_of("address") or ""
    addresses = encode(table.column(name))
    areas = tuple(request.addresses.get(text, "") for text in addresses.texts)
    placed = Coded(areas, addresses.codes)
    known = request.areas(reference_date)
    unknown = check_area_keys(placed, table.rows, request.layout, known)
    hint = (
        "Adresse fehlt oder steht nicht im Adressverzeichnis; zählt als nicht zuordenbar. "
        "Spalte und Verzeichnis prüfen."
    )
    is_empty = placed.where(lambda text: not text)
    finding = find("no_area", Severity.INFO, column_place(name), hint)
    texts = pa.array([area or None for area in areas], pa.string())
    findings = (*unknown, *few_or_many(finding, is_empty, table))
    return texts.take(pa.array(placed.codes)), findings


def _areas_from_coordinates(table: TextTable, reference_date: date, request: Request) -> Part:
    """Areas in which the coordinates lie; missing outside of every area."""
    names = [request.layout.column_of("x") or "", request.layout.column_of("y") or ""]
    numbers = NumberFormat(request.layout.decimal, request.layout.thousands)
    columns = [encode(table.column(name)) for name in names]
    x, y = (np.array(one.parse(numbers.parse), np.float64)[one.codes] for one in columns)
    is_empty = np.logical_or(*(one.where(lambda text: not text) for one in columns))
    is_broken = (np.isnan(x) | np.isnan(y)) & ~is_empty
    is_usable = ~is_empty & ~is_broken
    areas = np.full(len(x), None, dtype=object)
    areas[is_usable] = request.locate(reference_date)(x[is_usable], y[is_usable])
    place = f"Spalten „{names[0]}“ und „{names[1]}“"
    hint = f"keine Zahl. Erwartet: Koordinaten, Dezimalzeichen „{numbers.decimal}“."
    broken = find_rows(find("no_number", Severity.ERROR, place, hint), table.rows[is_broken])
    hint = (
        "Koordinate fehlt oder liegt in keinem Gebiet; zählt als nicht zuordenbar. Spalten und "
        "crs in deliveries.toml prüfen."
    )
    is_nowhere = np.array([area is None for area in areas], dtype=bool) & ~is_broken
    outside = few_or_many(find("no_area", Severity.INFO, place, hint), is_nowhere, table)
    return pa.array(areas, pa.string()), (*broken, *outside)


def few_or_many(
    finding: Finding, condition: npt.NDArray[np.bool_], table: TextTable
) -> tuple[Finding, ...]:
    """Weigh a finding by the share of rows: above 1 % a warning, above half an error."""
    share = condition.mean() if len(condition) else 0.0
    severity = Severity.INFO if share <= _FEW else Severity.WARNING
    if share > 1 / 2:
        severity = Severity.ERROR
    return find_rows(replace(finding, severity=severity), table.rows[condition])


_HEADER = ["address", "area_id"]


def read_addresses(path: Path) -> Mapping[str, str]:
    """Read a street directory: CSV with ``;`` and the columns ``address`` and ``area_id``.

    Raises
    ------
    GeographyError
        If the file is missing or no such table, or leads from one address to two areas.
    """
    try:
        content = path.read_bytes()
        text = content.decode(encoding_of(content))
        header, *rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        )
    except (OSError, UnreadableError, csv.Error, ValueError):
        raise _broken(path, "Datei fehlt oder ist keine Tabelle") from None
    names = [name.strip() for name in header]
    if not set(_HEADER) <= set(names):
        raise _broken(path, "Spalte fehlt")
    address, area = (names.index(name) for name in _HEADER)
    directory: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        if len(row) != len(names):
            raise _broken(path, f"Zeile {number} hat nicht so viele Felder wie der Kopf")
        key, area_id = row[address].strip(), row[area].strip()
        if directory.setdefault(key, area_id) != area_id:
            raise _broken(path, f"Adresse in Zeile {number} führt in zwei Gebiete")
    return directory


def locator(areas: "gpd.GeoDataFrame", kind: Kind, crs: str) -> Locate:
    """Make the function that places coordinates in the areas of one kind.

    Parameters
    ----------
    areas
        As ``geography.load_areas`` gives them.
    crs
        Of the coordinates; empty: that of the areas. ``x`` is always the easting (longitude).

    Returns
    -------
    Function of easting and northing to area keys; None outside of every area or without a
    number. On a common border the area with the smaller key.
    """
    chosen = areas[areas["kind"] == kind].sort_values("area_id")
    keys = chosen["area_id"].tolist()
    return partial(_locate, keys, chosen.geometry.to_numpy(), (crs or areas.crs, areas.crs))


def _locate(
    keys: Sequence[str],
    geometries: npt.NDArray[np.object_],
    crs: tuple[object, object],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
) -> list[str | None]:
    transform = pyproj.Transformer.from_crs(*crs, always_xy=True)
    points = shapely.points(*transform.transform(x, y))
    rows, hits = shapely.STRtree(geometries).query(points, predicate="intersects")
    best = np.full(len(points), len(keys))
    np.minimum.at(best, rows, hits)
    return [keys[hit] if hit < len(keys) else None for hit in best]


def _broken(path: Path, what: str) -> GeographyError:
    return GeographyError(
        f"Adressverzeichnis {path.name}: {what}. Erwartet: CSV mit den Spalten "
        "address;area_id, je Adresse eine Zeile. Datei unter geodata/ prüfen."
    )
