"""Persons to areas by address and by coordinates, on four squares of 100 m."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from atlas.confidential.delivery import Reading, locator, read_addresses
from atlas.errors import GeographyError
from atlas.terms import Kind

Read = Callable[..., Reading]
DAY = date(2024, 12, 31)
WEST, SOUTH = 370_000, 5_680_000  # in EPSG:25832


@pytest.fixture
def areas() -> gpd.GeoDataFrame:
    keys = ["0101", "0102", "0103", "NA01"]
    squares = [
        shapely.box(WEST + 100 * i, SOUTH, WEST + 100 * (i + 1), SOUTH + 100) for i in range(4)
    ]
    whole = shapely.union_all(squares)
    return gpd.GeoDataFrame(
        {"kind": ["quartier"] * 4 + ["city"], "area_id": [*keys, "99999000"]},
        geometry=[*squares, whole],
        crs="EPSG:25832",
    )


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (50, 50, "0101"),
        (250, 1, "0103"),
        (100, 50, "0101"),  # common border: the smaller key
        (399.99, 99.99, "NA01"),
        (400.01, 50, None),
        (-1, 50, None),
    ],
)
def test_coordinates_lie_in_an_area_or_nowhere(
    areas: gpd.GeoDataFrame, x: float, y: float, expected: str | None
) -> None:
    locate = locator(areas, Kind.QUARTIER, "")
    assert locate(np.array([WEST + x]), np.array([SOUTH + y])) == [expected]


def test_degrees_are_moved_into_the_system_of_the_city(areas: gpd.GeoDataFrame) -> None:
    points = areas.geometry.representative_point().to_crs("EPSG:4326")
    locate = locator(areas, Kind.QUARTIER, "EPSG:4326")
    assert locate(points.x.to_numpy(), points.y.to_numpy())[:4] == list(areas["area_id"][:4])


def test_nothing_to_place(areas: gpd.GeoDataFrame) -> None:
    assert locator(areas, Kind.QUARTIER, "")(np.array([]), np.array([])) == []


COORDINATES = {"Ost": {"role": "x"}, "Nord": {"role": "y"}, "Alter": {"role": "age"}}


def test_register_with_coordinates(read_persons: Read, areas: gpd.GeoDataFrame) -> None:
    rows = [f"{WEST + 150},5;{SOUTH + 50};30"] * 200
    rows += [f"{WEST - 50};{SOUTH};31", f";{SOUTH};32"]
    reading = read_persons(
        "\n".join(["Ost;Nord;Alter", *rows]),
        changes={"columns": COORDINATES},
        locate=lambda day: locator(areas, Kind.QUARTIER, ""),
    )
    found = [(one.check, str(one.severity), one.rows) for one in reading.findings]
    assert found == [("no_area", "info", (202, 203))]
    part = reading.parts[DAY]
    assert part.column_names == ["area_id", "age"]
    assert part["area_id"].to_pylist() == ["0102"] * 200 + [None, None]


@pytest.mark.parametrize(
    ("row", "check"),
    [
        (f"{WEST},5;GEHEIM7731;30", "no_number"),
        (f"{WEST}.5;{SOUTH};30", "no_number"),
        ("7,1;51,2;30", "no_area"),  # degrees where metres were expected
    ],
)
def test_coordinates_that_are_none(
    read_persons: Read, areas: gpd.GeoDataFrame, row: str, check: str
) -> None:
    reading = read_persons(
        f"Ost;Nord;Alter\n{row}\n",
        changes={"columns": COORDINATES},
        locate=lambda day: locator(areas, Kind.QUARTIER, ""),
    )
    assert [(one.check, str(one.severity)) for one in reading.findings] == [(check, "error")]
    assert "GEHEIM7731" not in repr(reading.findings)


ADDRESSES: dict[str, Any] = {
    "addresses": "adressen.csv",
    "columns": {"Adresse": {"role": "address"}, "Alter": {"role": "age"}},
}


def test_register_with_addresses(read_persons: Read) -> None:
    reading = read_persons(
        "Adresse;Alter\n" + "00123-0007;30\n" * 200 + "00123-0009;31\n;32\n",
        changes=ADDRESSES,
        addresses={"00123-0007": "0102"},
    )
    found = [(one.check, str(one.severity), one.rows) for one in reading.findings]
    assert found == [("no_area", "info", (202, 203))]
    assert reading.parts[DAY].column_names == ["area_id", "age"]
    assert reading.parts[DAY]["area_id"].to_pylist() == ["0102"] * 200 + [None, None]


def test_directory_of_another_edition(read_persons: Read) -> None:
    reading = read_persons("Adresse;Alter\n1;30\n", changes=ADDRESSES, addresses={"1": "0999"})
    assert [(one.check, one.rows) for one in reading.findings] == [("unknown_area", (2,))]


def test_directory_is_a_table_with_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "adressen.csv"
    path.write_text("area_id;Ort;address\n0101;x;1\n0102;y;2\n\n0101;x;1\n", encoding="cp1252")
    assert read_addresses(path) == {"1": "0101", "2": "0102"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "Datei fehlt oder ist keine Tabelle"),
        ("", "Datei fehlt oder ist keine Tabelle"),
        ("<html></html>", "Datei fehlt oder ist keine Tabelle"),
        ('address;area_id\n"1;2', "Datei fehlt oder ist keine Tabelle"),
        ("address,area_id\n1,2\n", "Spalte fehlt"),
        ("address;area_id\n1\n", "Zeile 2 hat nicht so viele Felder"),
        ("address;area_id\n1;2\n1;3\n", "Adresse in Zeile 3 führt in zwei Gebiete"),
    ],
)
def test_directory_that_is_none(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "adressen.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(GeographyError, match=message):
        read_addresses(path)
