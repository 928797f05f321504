"""Boundaries are told by their columns: key, name, larger area, the whole city among them."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from atlas.confidential.founding.boundaries import districts_in, find_layers
from atlas.errors import GeographyError
from atlas.geography.peek import Peek, peek

_NAMES = ["Altstadt", "Süd", "Bahnhof", "Wald"]


def _squares(count: int) -> gpd.GeoSeries:
    shapes = [shapely.box(i, 0, i + 1, 1) for i in range(count)]
    return gpd.GeoSeries(shapes, crs="EPSG:25832")


def _peek(columns: Mapping[str, list[str]], name: str = "stadtteile", shapes=None) -> Peek:
    count = len(next(iter(columns.values())))
    shown = _squares(count) if shapes is None else shapes
    return Peek(Path(f"{name}.gpkg"), "", columns, shown)


def test_key_and_name_are_told_by_what_stands_in_them() -> None:
    columns = {
        "OBJECTID": ["1", "2", "3", "4"],
        "NR": ["11", "12", "21", "22"],
        "NAME": _NAMES,
        "FLAECHE": ["1.5", "2.5", "3.5", "4.5"],
    }
    (found,) = find_layers([_peek(columns)], frozenset())
    assert found.kind == "quartier"
    assert found.settings == {"key": "NR", "name": "NAME"}
    assert found.labels == ("Stadtteil", "Stadtteile", True)


def test_the_column_that_the_samples_have_is_the_key() -> None:
    columns = {"SCHLUESSEL": ["a1", "a2", "a3", "a4"], "NUMMER": ["7", "8", "9", "10"]}
    (found,) = find_layers([_peek(columns)], frozenset({"7", "8", "9", "10"}))
    assert found.settings["key"] == "NUMMER"


def test_names_are_the_key_where_several_shapes_make_up_an_area_of_the_samples() -> None:
    columns = {"TEIL": ["x1", "x2", "x3", "x4"], "NAME": ["Nord", "Nord", "Süd", "West"]}
    words = frozenset({"Nord", "Süd", "West"})
    (found,) = find_layers([_peek(columns)], words)
    assert found.settings == {"key": "NAME", "unite": True}


def test_kinds_go_by_the_number_of_areas_and_blocks_by_their_name() -> None:
    blocks = _peek(
        {"BLOCK": [f"{i}{j}" for i in (11, 12, 21, 22) for j in range(3)]}, "bloecke"
    )
    parts = _peek({"NR": ["11", "12", "21", "22"], "BEZ": ["1", "1", "2", "2"]})
    larger = _peek({"BEZ": ["1", "2"], "NAME": ["Nord", "Süd"]}, "bezirke")
    found = find_layers([larger, blocks, parts], frozenset())
    assert [one.kind for one in found] == ["block", "quartier", "district"]
    assert found[0].settings["parent_pattern"] == "^.{2}"
    assert found[1].settings["parent"] == "BEZ"
    assert "parent" not in found[2].settings


def test_a_feature_over_all_others_is_left_out() -> None:
    shapes = gpd.GeoSeries([*_squares(4), shapely.box(0, 0, 4, 1)], crs="EPSG:25832")
    columns = {"NR": ["11", "12", "21", "22", "00"], "NAME": [*_NAMES, "Gesamt"]}
    (found,) = find_layers([_peek(columns, shapes=shapes)], frozenset())
    assert found.settings["filter"] == {"NR": {"not_in": ["00"]}}
    assert found.keys == ("11", "12", "21", "22")


def test_a_column_gathers_areas_into_districts_with_their_names() -> None:
    columns = {
        "NR": ["11", "12", "21", "22"],
        "NAME": _NAMES,
        "BEZ_NR": ["1", "1", "2", "2"],
        "BEZ_NAME": ["Nord", "Nord", "Süden", "Süden"],
    }
    (found,) = find_layers([_peek(columns)], frozenset())
    districts = districts_in(found)
    assert districts is not None
    assert (districts.column, districts.names) == ("BEZ_NR", {"1": "Nord", "2": "Süden"})


def test_what_a_program_calls_its_features_is_no_name() -> None:
    columns = {"NR": ["11", "12", "21", "22"], "ID": [f"layer_open.{i}" for i in range(4)]}
    (found,) = find_layers([_peek(columns)], frozenset())
    assert found.settings == {"key": "NR"}


def test_a_peek_has_every_column_as_text_and_lists_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"NR":"01",'
        '"N":7,"L":[1,2]},"geometry":{"type":"Polygon","coordinates":'
        "[[[7,51],[7.1,51],[7.1,51.1],[7,51]]]}}]}",
        encoding="utf-8",
    )
    (found,) = peek(path)
    assert found.columns == {"NR": ["01"], "N": ["7"]}
    assert found.crs == "EPSG:4326"


def test_no_file_of_boundaries_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").write_text("kein Geopackage")
    for name in ("a.gpkg", "fehlt.gpkg"):
        with pytest.raises(GeographyError, match=f"Geometrie {name}"):
            peek(tmp_path / name)
