"""The files of a release: same content, same bytes; text that other programs read."""

import csv
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atlas.release import (
    ReleaseContent,
    cell_changes,
    derive_cells,
    open_release,
    write_release,
)
from atlas.terms import CELL_COLUMNS, CELL_KEY, KINDS, Group, Kind, Status
from tests.factories import (
    CITY_KEY,
    DAY,
    Gap,
    town_areas,
    town_config,
    town_counts,
    town_info,
    with_gaps,
)

INFO = town_info(town_config(), DAY)


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    gaps = [Gap(Kind.QUARTIER, ("13", "21"), "migrants", Group.U18)]
    return derive_cells(with_gaps(town_counts(DAY), gaps), INFO.config, DAY, {})


def _write(directory: Path, cells: pd.DataFrame, **changes: object) -> dict[str, bytes]:
    content = ReleaseContent(INFO, cells, town_areas(), **changes)  # type: ignore[arg-type]
    write_release(directory, content)
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode("utf-8").splitlines()))


def test_written_twice_gives_the_same_bytes(tmp_path: Path, cells: pd.DataFrame) -> None:
    one, two = _write(tmp_path / "one", cells), _write(tmp_path / "two", cells)
    assert set(one) == set(two)
    assert [name for name in one if one[name] != two[name]] == []
    maps = {name.split(".")[0] for name in one if name.startswith("map/")}
    assert maps == {"map/block", "map/quartier", "map/district", "map/city"}
    assert {name for name in one if not name.startswith("map/")} == {
        "areas.gpkg",
        "cells.csv",
        "datapackage.json.sha256",
        "cells.parquet",
        "changes.csv",
        "datapackage.json",
        "method.md",
    }


def test_order_of_counts_does_not_change_a_byte(tmp_path: Path, cells: pd.DataFrame) -> None:
    base = town_counts(DAY)
    one = _write(tmp_path / "one", derive_cells(base, INFO.config, DAY, {}))
    shuffled = base.sample(frac=1, random_state=7)
    two = _write(tmp_path / "two", derive_cells(shuffled, INFO.config, DAY, {}))
    assert one == two


def test_name_of_a_map_is_its_content(tmp_path: Path, cells: pd.DataFrame) -> None:
    for name, content in _write(tmp_path, cells).items():
        if name.startswith("map/"):
            assert name.split(".")[1] == hashlib.sha256(content).hexdigest()[:16]


def test_no_value_in_a_map(tmp_path: Path, cells: pd.DataFrame) -> None:
    for name, content in _write(tmp_path, cells).items():
        if name.startswith("map/"):
            for feature in json.loads(content)["features"]:
                assert set(feature["properties"]) == {"name", "parent"}


# ---- cells --------------------------------------------------------------------------------


def test_parquet_types(tmp_path: Path, cells: pd.DataFrame) -> None:
    _write(tmp_path, cells)
    table = pq.read_table(tmp_path / "cells.parquet")
    assert dict(zip(table.schema.names, table.schema.types, strict=True)) == {
        "kind": pa.string(),
        "area_id": pa.string(),
        "reference_date": pa.date32(),
        "group": pa.string(),
        "item": pa.string(),
        "value": pa.float64(),
        "status": pa.string(),
        "reason": pa.string(),
    }
    is_shown = np.array([s == "published" for s in table["status"].to_pylist()])
    assert (np.array(table["value"].is_valid()) == is_shown).all()
    assert not any(
        math.isnan(value) for value in table["value"].to_pylist() if value is not None
    )


def test_csv_text(tmp_path: Path, cells: pd.DataFrame) -> None:
    content = _write(tmp_path, cells)["cells.csv"]
    assert b"\r" not in content
    assert content.endswith(b"\n")
    rows = _rows(content)
    assert tuple(rows[0]) == CELL_COLUMNS
    shown = {
        (row["area_id"], row["group"], row["item"]): row["value"]
        for row in rows
        if row["status"] == "published"
    }
    assert shown["1101", "all", "residents"] == "200"
    assert shown["12", "all", "sgb2_share"] == "15"
    assert shown["2201", "u18", "residents"] == "0"
    assert shown["1", "all", "migration_share"] == "34.666666666666664"
    assert {row["reference_date"] for row in rows} == {"2023-12-31"}
    hidden = {row["status"]: row["value"] for row in rows if row["status"] != "published"}
    assert set(hidden.values()) == {""}
    assert "suppressed" in hidden


def test_csv_and_parquet_hold_the_same(tmp_path: Path, cells: pd.DataFrame) -> None:
    rows = _rows(_write(tmp_path, cells)["cells.csv"])
    parquet = open_release_cells(tmp_path)
    assert len(rows) == len(parquet)
    for column in CELL_COLUMNS:
        if column != "value":
            assert [row[column] for row in rows] == parquet[column].tolist()
    values = [float(row["value"]) if row["value"] else math.nan for row in rows]
    np.testing.assert_array_equal(values, parquet["value"])  # to the last bit


def open_release_cells(directory: Path) -> pd.DataFrame:
    return open_release(directory).cells


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (3.0, "3"),
        (-2.0, "-2"),
        (0.1, "0.1"),
        (1 / 3, "0.3333333333333333"),
        (1e-7, "1e-07"),
        (366_000.0, "366000"),
    ],
)
def test_numbers_as_text(tmp_path: Path, cells: pd.DataFrame, value: float, text: str) -> None:
    changed = cells.copy()
    place = changed.index[changed["item"] == "density"][0]
    changed.loc[place, ["value", "status", "reason"]] = [value, "published", ""]
    assert _rows(_write(tmp_path, changed)["cells.csv"])[place]["value"] == text


def test_cells_are_sorted_and_every_key_stands_once(cells: pd.DataFrame) -> None:
    key = list(CELL_KEY)
    assert not cells[key].duplicated().any()
    order = cells["kind"].map({str(kind): n for n, kind in enumerate(KINDS)})
    assert order.is_monotonic_increasing
    for _, part in cells.groupby("kind", sort=False):
        inside = list(part[key[1:]].itertuples(index=False, name=None))
        assert inside == sorted(inside)


# ---- package ------------------------------------------------------------------------------


def test_package_lists_every_other_file(tmp_path: Path, cells: pd.DataFrame) -> None:
    files = _write(tmp_path, cells)
    package = json.loads(files["datapackage.json"])
    listed = {resource["path"]: resource for resource in package["resources"]}
    assert set(listed) == set(files) - {"datapackage.json", "datapackage.json.sha256"}
    for name, resource in listed.items():
        assert resource["bytes"] == len(files[name])
        assert resource["hash"] == f"sha256:{hashlib.sha256(files[name]).hexdigest()}"
    fields = listed["cells.csv"]["schema"]["fields"]
    assert [field["name"] for field in fields] == list(CELL_COLUMNS)


def test_package_says_what_it_is(tmp_path: Path, cells: pd.DataFrame) -> None:
    package = json.loads(_write(tmp_path, cells)["datapackage.json"])
    assert package["title"] == (
        "Sozialatlas Musterstadt, Stand 31.12.2023, endgültig (Musterdaten)"
    )
    assert package["name"] == "musterstadt-2023-12-31.1"
    assert package["sources"][0]["title"] == "Stadt Musterstadt"
    assert package["cells"] == {
        str(status): int((cells["status"] == str(status)).sum()) for status in Status
    }


def test_nothing_confidential_or_of_this_day_in_a_package(
    tmp_path: Path, cells: pd.DataFrame
) -> None:
    """No layout of a delivery, no hash of an input, no clock, no path."""
    text = _write(tmp_path, cells)["datapackage.json"].decode()
    atlas = json.loads(text)["atlas"]
    assert set(atlas["config"]) == {"city", "areas", "indicators", "levels", "protection"}
    assert set(atlas["deliveries"][0]) == {
        "source",
        "label",
        "supplier",
        "reference_date",
        "number",
        "checks",
    }
    assert "/" not in atlas["reason"]
    assert str(tmp_path) not in text


# ---- changes ------------------------------------------------------------------------------


def test_first_release_changes_nothing(tmp_path: Path, cells: pd.DataFrame) -> None:
    content = _write(tmp_path, cells)["changes.csv"].decode()
    assert content == (
        "kind,area_id,reference_date,group,item,old_value,old_status,new_value,new_status\n"
    )
    assert cell_changes(None, cells).empty


def test_same_cells_no_changes(cells: pd.DataFrame) -> None:
    assert cell_changes(cells, cells.copy()).empty


def _cells(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    full = [
        ("quartier", area, "2023-12-31", "all", item, value, status, "")
        for area, item, value, status in rows
    ]
    return pd.DataFrame(full, columns=list(CELL_COLUMNS))


def test_changes_of_value_status_and_presence() -> None:
    nan = math.nan
    old = _cells(
        ("1", "same", 5, "published"),
        ("1", "value", 5, "published"),
        ("1", "arrives", nan, "missing"),
        ("1", "hidden", 4, "published"),
        ("1", "gap", nan, "missing"),
        ("1", "why", nan, "missing"),
        ("1", "gone", 1, "published"),
    )
    new = _cells(
        ("1", "same", 5, "published"),
        ("1", "value", 6, "published"),
        ("1", "arrives", 7, "published"),
        ("1", "hidden", nan, "suppressed"),
        ("1", "gap", nan, "missing"),
        ("1", "why", nan, "unavailable"),
        ("1", "new", 0, "published"),
    )
    changes = cell_changes(old, new).set_index("item")
    assert sorted(changes.index) == ["arrives", "gone", "hidden", "new", "value", "why"]
    shown = changes[["old_value", "old_status", "new_value", "new_status"]].astype(object)
    found = {item: [None if x != x else x for x in shown.loc[item]] for item in shown.index}
    assert found == {
        "arrives": [None, "missing", 7, "published"],
        "gone": [1, "published", None, None],
        "hidden": [4, "published", None, "suppressed"],
        "new": [None, None, 0, "published"],
        "value": [5, "published", 6, "published"],
        "why": [None, "missing", None, "unavailable"],
    }


def test_smallest_difference_is_a_change() -> None:
    old = _cells(("1", "x", 0.1 + 0.2, "published"))
    assert len(cell_changes(old, _cells(("1", "x", 0.3, "published")))) == 1


def test_changes_in_the_file(tmp_path: Path, cells: pd.DataFrame) -> None:
    previous = cells.copy()
    is_cell = (previous["area_id"] == CITY_KEY) & (previous["item"] == "residents")
    previous.loc[is_cell & (previous["group"] == "all"), "value"] = 700.0
    rows = _rows(_write(tmp_path, cells, previous=previous)["changes.csv"])
    assert rows == [
        {
            "kind": "city",
            "area_id": CITY_KEY,
            "reference_date": "2023-12-31",
            "group": "all",
            "item": "residents",
            "old_value": "700",
            "old_status": "published",
            "new_value": "712",
            "new_status": "published",
        }
    ]
