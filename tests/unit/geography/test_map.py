"""Drawing areas: the map's boundaries and the GeoPackage."""

import errno
import json
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from atlas.geography import map_json, write_gpkg
from atlas.terms import Kind
from tests.factories import town_areas

# ---- map ----------------------------------------------------------------------------------


def _features(areas: gpd.GeoDataFrame, kind: Kind) -> list[dict[str, Any]]:
    content: dict[str, Any] = json.loads(map_json(areas, kind))
    assert content["type"] == "FeatureCollection"
    features: list[dict[str, Any]] = content["features"]
    return features


def _rings(feature: dict[str, Any]) -> list[list[list[float]]]:
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def test_map_holds_keys_and_names_alone() -> None:
    features = _features(town_areas(), Kind.QUARTIER)
    assert [f["id"] for f in features] == ["11", "12", "13", "21", "22", "23"]
    assert features[1]["properties"] == {"name": "Äußere Vorstadt", "parent": "1"}
    assert {tuple(f) for f in features} == {("type", "id", "properties", "geometry")}


def test_map_is_the_same_every_time() -> None:
    areas = town_areas()
    assert map_json(areas, Kind.BLOCK) == map_json(areas.copy(), Kind.BLOCK)
    assert "Äußere".encode() in map_json(areas, Kind.QUARTIER)


def test_map_has_five_decimals_and_lies_in_germany() -> None:
    for feature in _features(town_areas(), Kind.BLOCK):
        for ring in _rings(feature):
            for x, y in ring:
                assert (x, y) == (round(x, 5), round(y, 5))
                assert 5 < x < 16
                assert 47 < y < 56


def test_rings_are_closed_and_no_point_stands_twice() -> None:
    for feature in _features(town_areas(), Kind.QUARTIER):
        for ring in _rings(feature):
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert all(a != b for a, b in zip(ring, ring[1:], strict=False))


def _wavy_pair() -> gpd.GeoDataFrame:
    """Two areas with a common border of many points that simplification thins out."""
    steps = np.linspace(0, 1000, 501)
    border = [(500 + 30 * math.sin(y / 60), y) for y in steps]
    left = shapely.Polygon([(0, 0), *border, (0, 1000)])
    right = shapely.Polygon([(1000, 0), (1000, 1000), *reversed(border)])
    shapes = [shapely.transform(s, lambda xy: xy + [370_000, 5_680_000]) for s in (left, right)]
    return gpd.GeoDataFrame(
        {"kind": "quartier", "area_id": ["1", "2"], "name": ["A", "B"], "parent_id": "0"},
        geometry=shapes,
        crs="EPSG:25832",
    )


def test_shared_border_stays_shared_when_simplified() -> None:
    areas = _wavy_pair()
    shapes = [shapely.geometry.shape(f["geometry"]) for f in _features(areas, Kind.QUARTIER)]
    points = [len(shapely.get_coordinates(shape)) for shape in shapes]
    assert max(points) < 100
    assert shapely.coverage_is_valid(shapes)
    common = shapely.get_coordinates(shapely.intersection(*shapes))
    assert len(np.unique(common, axis=0)) >= max(points) - 5


@pytest.mark.parametrize("metres", [0.3, 2.0, 40.0])
def test_small_holes_and_islands_give_valid_rings(metres: float) -> None:
    """A well in the middle of an area, smaller than the tolerance, is no broken polygon."""
    areas = _wavy_pair()
    left, low = 370_100.0, 5_680_100.0
    well = shapely.box(left, low, left + metres, low + metres)
    away = shapely.box(369_000, 5_680_000, 369_000 + metres, 5_680_000 + metres)
    first = shapely.union_all([areas.geometry.iloc[0].difference(well), away])
    changed = areas.set_geometry(gpd.GeoSeries([first, areas.geometry.iloc[1]], crs=areas.crs))
    for feature in _features(changed, Kind.QUARTIER):
        assert all(len(ring) >= 4 for ring in _rings(feature))
        assert shapely.geometry.shape(feature["geometry"]).is_valid


@pytest.mark.parametrize("is_clockwise", [True, False])
def test_outer_rings_run_counter_clockwise_and_holes_clockwise(is_clockwise: bool) -> None:
    areas = _wavy_pair()
    left, low = 370_100.0, 5_680_100.0
    lake = areas.geometry.iloc[0].difference(shapely.box(left, low, left + 90, low + 90))
    shapes = [lake, areas.geometry.iloc[1]]
    turned = shapely.orient_polygons(np.array(shapes), exterior_cw=is_clockwise)
    changed = areas.set_geometry(gpd.GeoSeries(turned, crs=areas.crs))
    for feature in _features(changed, Kind.QUARTIER):
        outer, *holes = _rings(feature)
        assert shapely.is_ccw(shapely.linearrings(outer))
        assert not any(shapely.is_ccw(shapely.linearrings(hole)) for hole in holes)


@pytest.mark.parametrize("metres", [0.05, 0.4, 1.0])
def test_area_smaller_than_the_decimals_is_drawn_in_finer_ones(metres: float) -> None:
    areas = _wavy_pair()
    tiny = shapely.box(369_000, 5_680_000, 369_000 + metres, 5_680_000 + metres)
    changed = areas.set_geometry(gpd.GeoSeries([tiny, areas.geometry.iloc[1]], crs=areas.crs))
    first, _ = _features(changed, Kind.QUARTIER)
    drawn = shapely.geometry.shape(first["geometry"])
    assert drawn.is_valid
    assert drawn.exterior.is_ccw
    assert not drawn.is_empty


def test_area_smaller_than_the_tolerance_is_still_drawn() -> None:
    areas = _wavy_pair()
    tiny = shapely.box(369_000, 5_680_000, 369_003, 5_680_003)
    changed = areas.set_geometry(gpd.GeoSeries([tiny, areas.geometry.iloc[1]], crs=areas.crs))
    first, _ = _features(changed, Kind.QUARTIER)
    assert shapely.geometry.shape(first["geometry"]).area > 0


# ---- file of a release --------------------------------------------------------------------


def test_geopackage_is_the_same_every_time(tmp_path: Path) -> None:
    areas = town_areas()
    write_gpkg(areas, tmp_path / "one.gpkg")
    write_gpkg(areas, tmp_path / "two.gpkg")
    write_gpkg(areas, tmp_path / "two.gpkg")  # again over itself
    assert (tmp_path / "one.gpkg").read_bytes() == (tmp_path / "two.gpkg").read_bytes()
    back = gpd.read_file(tmp_path / "one.gpkg", layer="quartier")
    assert back["area_id"].tolist() == ["11", "12", "13", "21", "22", "23"]
    assert back.crs == "EPSG:25832"
    whole = pd.concat(
        gpd.read_file(tmp_path / "one.gpkg", layer=kind)
        for kind in ("block", "quartier", "district", "city")
    )
    assert whole["area_ha"].sum() == pytest.approx(48)


def test_a_full_disk_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise pyogrio.errors.FeatureError

    monkeypatch.setattr("pyogrio.write_dataframe", fail)
    with pytest.raises(pyogrio.errors.FeatureError):
        write_gpkg(town_areas(), tmp_path / "areas.gpkg")
    monkeypatch.setattr("atlas.geography.draw._LEAST_FREE", 2**80)
    with pytest.raises(OSError, match="space") as error:
        write_gpkg(town_areas(), tmp_path / "areas.gpkg")
    assert error.value.errno == errno.ENOSPC
