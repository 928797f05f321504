"""A release proves itself: every file follows from its published counts, or it is refused."""

import csv
import json
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from atlas.errors import ReleaseError
from atlas.release import open_release, verify_release
from atlas.release.read import CELL_SCHEMA
from atlas.release.served import look_as_reader
from tests.factories import reseal, town_areas

Tamper = Callable[[Path], object]


@pytest.fixture
def release_dir(town_release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town_release, tmp_path / town_release.name))


def _verify(directory: Path) -> None:
    verify_release(directory, town_areas(), None, {})


def _cells(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Tamper:
    def tamper(path: Path) -> None:
        cells = pq.read_table(path / "cells.parquet").to_pandas()
        table = pa.Table.from_pandas(change(cells), schema=CELL_SCHEMA, preserve_index=False)
        pq.write_table(
            table.replace_schema_metadata(), path / "cells.parquet", compression="zstd"
        )

    return tamper


def _set(item: str, area_id: str, value: float) -> Tamper:
    def change(cells: pd.DataFrame) -> pd.DataFrame:
        is_cell = (cells["item"] == item) & (cells["area_id"] == area_id)
        assert is_cell.any()
        return cells.assign(value=cells["value"].mask(is_cell, value))

    return _cells(change)


def _text(file: str, old: str, new: str) -> Tamper:
    def tamper(path: Path) -> None:
        content = (path / file).read_text(encoding="utf-8")
        assert old in content
        (path / file).write_text(content.replace(old, new, 1), encoding="utf-8", newline="")

    return tamper


def _reverse_csv(path: Path) -> None:
    rows = list(csv.reader((path / "cells.csv").read_text(encoding="utf-8").splitlines()))
    with (path / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([rows[0], *reversed(rows[1:])])


def _add_change(path: Path) -> None:
    with (path / "changes.csv").open("a", encoding="utf-8") as file:
        file.write("city,99999000,2023-12-31,all,residents,700,published,712,published\n")


def _move_border(path: Path) -> None:
    layers = {k: gpd.read_file(path / "areas.gpkg", layer=k) for k in ("block", "city")}
    blocks = layers["block"]
    blocks.loc[0, "geometry"] = shapely.transform(
        blocks.geometry.iloc[0], lambda xy: xy + [0.5, 0.0]
    )
    blocks.to_file(path / "areas.gpkg", layer="block")


def _edit_map(path: Path) -> None:
    (file,) = path.glob("map/quartier.*.json")
    content = json.loads(file.read_text(encoding="utf-8"))
    content["features"][0]["properties"]["name"] = "Neustadt"
    file.write_text(json.dumps(content), encoding="utf-8")


def _rename_map(path: Path) -> None:
    (file,) = path.glob("map/quartier.*.json")
    file.rename(file.with_name("quartier.0123456789abcdef.json"))


def _config(table: str, **changes: object) -> Tamper:
    def tamper(path: Path) -> None:
        package = json.loads((path / "datapackage.json").read_text(encoding="utf-8"))
        package["atlas"]["config"][table] |= changes
        text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
        (path / "datapackage.json").write_text(text, encoding="utf-8")

    return tamper


TAMPERED: dict[str, tuple[Tamper, str]] = {
    "count": (_set("residents", "11", 301), "cells.csv"),
    "rate": (_set("density", "11", 151), "cells.parquet"),
    "level": (_set("need_level", "11", 1), "cells.parquet"),
    "value shown again": (
        _cells(lambda c: c.assign(value=c["value"].fillna(2.0))),
        "cells.parquet",
    ),
    "row away": (_cells(lambda c: c[c.index != 5]), "cells.csv"),
    "quartier away": (_cells(lambda c: c[c["area_id"] != "12"]), "cells.parquet"),
    "row twice": (_cells(lambda c: pd.concat([c, c.iloc[[-1]]])), "cells.parquet"),
    "order of rows": (_cells(lambda c: c.iloc[::-1]), "cells.parquet"),
    "cell of the CSV": (_text("cells.csv", ",200,published", ",201,published"), "cells.csv"),
    "order of the CSV": (_reverse_csv, "cells.csv"),
    "line ends of the CSV": (_text("cells.csv", "\n", "\r\n"), "cells.csv"),
    "changes": (_add_change, "changes.csv"),
    "method": (_text("method.md", "kein Handlungsbedarf", "alles gut"), "method.md"),
    "method with a space": (_text("method.md", "\n\n", "\n \n"), "method.md"),
    "boundary": (_move_border, "areas.gpkg"),
    "map": (_edit_map, "map/quartier."),
    "name of a map": (_rename_map, "map/quartier."),
    "extra file": (lambda path: (path / "notiz.txt").write_text("x"), "notiz.txt"),
    "extra map": (lambda path: (path / "map" / "a.json").write_text("{}"), "map/a.json"),
    "hidden file": (lambda path: (path / ".x").write_text("x"), ".x"),
    "missing method": (lambda path: (path / "method.md").unlink(), "method.md"),
    "missing map": (lambda path: next(path.glob("map/city.*")).unlink(), "map/city."),
    "missing changes": (lambda path: (path / "changes.csv").unlink(), "changes.csv"),
    "title": (_text("datapackage.json", "endgültig", "vorläufig"), "datapackage.json"),
    "figure": (_text("datapackage.json", '"suppressed": 0', '"suppressed": 9'), "datapackage"),
    "limit of residents": (_config("levels", min_residents=5), "method.md"),
    "limit of a rate": (_config("protection", min_denominator=50), "cells.csv"),
}


def test_an_honest_release(release_dir: Path) -> None:
    before = {path: path.read_bytes() for path in release_dir.rglob("*") if path.is_file()}
    _verify(release_dir)
    assert {p: p.read_bytes() for p in release_dir.rglob("*") if p.is_file()} == before
    assert [path.name for path in release_dir.parent.iterdir()] == [release_dir.name]


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_refused(release_dir: Path, name: str) -> None:
    tamper, file = TAMPERED[name]
    tamper(release_dir)
    reseal(release_dir)
    with pytest.raises(
        ReleaseError, match=r"Release 2023-12-31\.1, Dateien .*folgen nicht"
    ) as e:
        _verify(release_dir)
    assert file in str(e.value)
    assert [path.name for path in release_dir.parent.iterdir()] == [release_dir.name]


@pytest.mark.parametrize("file", ["cells.parquet", "areas.gpkg", "datapackage.json"])
def test_missing_files_that_everything_stands_on(release_dir: Path, file: str) -> None:
    (release_dir / file).unlink()
    with pytest.raises(ReleaseError, match=file.replace(".", r"\.")):
        _verify(release_dir)


def test_no_cells_at_all(release_dir: Path) -> None:
    _cells(lambda cells: cells.iloc[:0])(release_dir)
    reseal(release_dir)
    with pytest.raises(ReleaseError, match=r"cells\.csv"):
        _verify(release_dir)


def test_other_boundaries_than_it_was_made_of(release_dir: Path) -> None:
    areas = town_areas()
    areas.loc[areas["area_id"] == "11", "name"] = "Neustadt"
    with pytest.raises(
        ReleaseError,
        match=r"areas\.gpkg, datapackage\.json, datapackage\.json\.sha256, map/quartier",
    ):
        verify_release(release_dir, areas, None, {})


def test_another_predecessor(release_dir: Path) -> None:
    previous = pq.read_table(release_dir / "cells.parquet").to_pandas()
    previous = previous.assign(
        reference_date=previous["reference_date"].astype(str), value=previous["value"] + 1
    )
    with pytest.raises(ReleaseError, match=r"changes\.csv"):
        verify_release(release_dir, town_areas(), previous, {})


def test_a_renamed_release(release_dir: Path) -> None:
    renamed = release_dir.rename(release_dir.with_name("2023-12-31.7"))
    with pytest.raises(ReleaseError, match=r"in seinem Ordner liegt 2023-12-31\.1"):
        _verify(renamed)


@pytest.mark.parametrize(
    "name", ["MÃ¼hle", "MÃ\u009fe", "Stra\ufffde", "Nord\u202e", "Ostâ€“West"]
)
def test_name_that_nobody_can_read_is_refused(name: str, release_dir: Path) -> None:
    areas = town_areas()
    areas.loc[0, "name"] = name
    with pytest.raises(ReleaseError, match="Gebietsnamen mit falsch gelesenen Zeichen"):
        look_as_reader(open_release(release_dir), areas)


@pytest.mark.parametrize("name", ["Mühle", "Âme", "Łódź", "L'Île-d'Ébène – Süd", "Ñandú"])
def test_name_with_its_own_accents_is_read(name: str, release_dir: Path) -> None:
    areas = town_areas()
    areas.loc[0, "name"] = name
    look_as_reader(open_release(release_dir), areas)


@pytest.mark.parametrize(("value", "is_refused"), [(np.inf, True), (-0.1, True), (0.0, False)])
def test_share_that_cannot_be(value: float, is_refused: bool, release_dir: Path) -> None:
    release = open_release(release_dir)
    is_share = release.cells["item"].eq("migration_share") & release.cells["value"].notna()
    cells = release.cells.assign(value=release.cells["value"].mask(is_share, value))
    told = pytest.raises(ReleaseError, match="Werte bei migration_share")
    with told if is_refused else nullcontext():
        look_as_reader(replace(release, cells=cells), town_areas())


def test_json_of_nobody_and_boundaries_of_nowhere_are_refused(release_dir: Path) -> None:
    release = open_release(release_dir)
    (release_dir / "map" / "x.json").write_text('{"a": NaN}', encoding="utf-8")
    areas = town_areas()
    areas.loc[0, "geometry"] = shapely.Polygon()
    with pytest.raises(ReleaseError, match="x.json ist kein JSON; Grenzen mit leeren"):
        look_as_reader(release, areas)


_RING = [[7.0, 51.0], [7.1, 51.0], [7.1, 51.1], [7.0, 51.1], [7.0, 51.0]]


def _square(*, is_clockwise: bool = False, is_open: bool = False) -> dict[str, object]:
    ring = _RING[::-1] if is_clockwise else _RING
    return {"type": "Polygon", "coordinates": [ring[:-1] if is_open else ring]}


_METRES = {"type": "Polygon", "coordinates": [[[0, 0], [900, 0], [900, 900], [0, 0]]]}
_HOLE = [[7.04, 51.04], [7.06, 51.04], [7.06, 51.06], [7.04, 51.06], [7.04, 51.04]]
_LAKE = {"type": "Polygon", "coordinates": [_RING, _HOLE]}


@pytest.mark.parametrize(
    ("shape", "is_refused"),
    [
        (_square(), False),
        ({"type": "MultiPolygon", "coordinates": [_square()["coordinates"]]}, False),
        (_square(is_clockwise=True), True),
        (_square(is_open=True), True),
        (_METRES, True),
        (_LAKE, True),
        ({"type": "MultiPolygon", "coordinates": []}, True),
        ({"type": "Point", "coordinates": [7.0, 51.0]}, True),
        (None, True),
    ],
)
def test_map_is_geojson_as_programs_read_it(
    shape: object, is_refused: bool, release_dir: Path
) -> None:
    drawn = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": shape}]}
    (release_dir / "map" / "x.json").write_text(json.dumps(drawn), encoding="utf-8")
    told = pytest.raises(ReleaseError, match=r"x\.json ist kein GeoJSON nach RFC 7946")
    with told if is_refused else nullcontext():
        look_as_reader(open_release(release_dir), town_areas())


def test_share_of_nobody_is_refused(release_dir: Path) -> None:
    release = open_release(release_dir)
    nobody = release.cells["item"].eq("residents") & release.cells["area_id"].eq("11")
    cells = release.cells.assign(value=release.cells["value"].mask(nobody, 0.0))
    with pytest.raises(ReleaseError, match="Anteile, wo niemand wohnt, bei migration_share"):
        look_as_reader(replace(release, cells=cells), town_areas())
