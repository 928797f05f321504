"""Boundaries as programs export them: whole or refused in a sentence, never fewer areas."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from atlas.errors import GeographyError
from atlas.geography.peek import peek
from tests.town_office import layer_of
from tests.unit.geography.layers import QUARTIERE, Load, layer_with

Damage = Callable[[Path], None]


def shapefile(geodata_dir: Path, layer: gpd.GeoDataFrame, **settings: Any) -> Path:
    path = geodata_dir / "a.shp"
    layer.to_file(path, **settings)
    return path


def _shorter(suffix: str) -> Damage:
    def damage(path: Path) -> None:
        part = path.with_suffix(suffix)
        part.write_bytes(part.read_bytes()[:-90])

    return damage


def _of_fewer_rows(path: Path) -> None:
    other = path.with_name("other.shp")
    layer_of("quartier").iloc[:4].to_file(other)
    path.with_suffix(".dbf").write_bytes(other.with_suffix(".dbf").read_bytes())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.with_suffix(".dbf").unlink(), "ohne .dbf"),
        (_shorter(".shp"), r"\.shp abgeschnitten"),
        (_shorter(".dbf"), r"\.dbf abgeschnitten"),
        (_of_fewer_rows, "6 Flächen in .shp und 4 Zeilen in .dbf"),
        (lambda path: path.with_suffix(".cpg").write_text("UTF-8"), 'encoding = "cp1252"'),
    ],
)
def test_shapefile_whose_parts_do_not_fit(
    load: Load, geodata_dir: Path, damage: Damage, said: str
) -> None:
    layer = layer_of("quartier")
    layer = layer.assign(NAME=[*layer["NAME"][:-1], "Südpark"])
    damage(shapefile(geodata_dir, layer, encoding="ISO-8859-1"))
    with pytest.raises(GeographyError, match=said):
        load(quartier={**QUARTIERE, "file": "a.shp"})


def test_texts_of_dos_get_their_encoding(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer = layer.assign(NAME=[*layer["NAME"][:-2], "Südpark", "Ölberg"])
    path = shapefile(geodata_dir, layer, encoding="CP850")
    path.with_suffix(".cpg").write_text("ISO-8859-1")
    with pytest.raises(GeographyError, match=r'S\?dpark.*encoding = "cp850"'):
        load(quartier={**QUARTIERE, "file": "a.shp"})
    areas = load(quartier={**QUARTIERE, "file": "a.shp", "encoding": "cp850"})
    assert {"Südpark", "Ölberg"} <= set(areas["name"])
    (found,) = peek(path)
    assert found.encoding == "cp850"
    assert "Südpark" in found.columns["NAME"]


def _features() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(layer_of("quartier").to_crs(4326).to_json(drop_id=True))
    made.pop("crs", None)
    return made


def _text(made: dict[str, Any]) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode()


def _lines(before: str) -> bytes:
    return "\n".join(before + json.dumps(one) for one in _features()["features"]).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_lines(""), "mit einem Gebiet je Zeile"),
        (_lines("\x1e"), "mit einem Gebiet je Zeile"),
        (_text({"type": "Topology", "objects": {}, "arcs": []}), "TopoJSON"),
        (_text(_features()).decode().encode("utf-16"), "in UTF-16"),
        (gzip.compress(_text(_features())), "zuerst auspacken"),
        (_text(_features()).replace(b'"Ost"', '"Süd"'.encode("cp1252")), 'encoding = "cp1252"'),
        (_text(_features())[:-40], "kein vollständiges JSON"),
    ],
)
def test_json_that_is_no_geojson_is_named(
    load: Load, geodata_dir: Path, content: bytes, said: str
) -> None:
    if said.startswith("encoding"):
        content = _text(_features()).replace(b'"KEY"', '"Bö": "ü", "KEY"'.encode("cp1252"))
    (geodata_dir / "a.geojson").write_bytes(content)
    with pytest.raises(GeographyError, match=said):
        load(quartier={**QUARTIERE, "file": "a.geojson"})


def _collected(shape: dict[str, Any]) -> dict[str, Any]:
    corner = shape["coordinates"][0][0]
    others = [
        {"type": "Point", "coordinates": corner},
        {"type": "LineString", "coordinates": [corner, shape["coordinates"][0][1]]},
    ]
    return {"type": "GeometryCollection", "geometries": [shape, *others]}


def test_areas_of_a_collection_are_read(load: Load, geodata_dir: Path) -> None:
    wanted = load(quartier=QUARTIERE)
    made = _features()
    for one in made["features"]:
        one["geometry"] = _collected(one["geometry"])
    (geodata_dir / "a.geojson").write_bytes(_text(made))
    areas = load(quartier={**QUARTIERE, "file": "a.geojson"})
    assert areas["area_ha"].tolist() == pytest.approx(wanted["area_ha"].tolist(), rel=1e-6)


def test_labels_beside_the_areas_are_no_second_layer(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.set_geometry(layer.centroid).to_file(geodata_dir / "quartiere.gpkg", layer="namen")
    assert len(load(quartier=QUARTIERE)) == 7


@pytest.mark.parametrize("repair", [False, True])
def test_a_shape_without_any_area_is_a_sentence(
    load: Load, geodata_dir: Path, repair: bool
) -> None:
    line = shapely.Polygon([(370_000, 5_680_000), (370_100, 5_680_000), (370_000, 5_680_000)])
    layer_with({"11": line}).to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match="11"):
        load(quartier={**QUARTIERE, "repair": repair})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Su\u0308d\u200bpark\u00a0", "Südpark"),
        ("Alt\nstadt", "Alt stadt"),
        ("S&uuml;dpark &amp; Au", "Südpark & Au"),
    ],
)
def test_names_and_keys_are_what_readers_see(
    load: Load, geodata_dir: Path, written: str, read: str
) -> None:
    layer = layer_of("quartier")
    layer = layer.assign(NAME=[written, *layer["NAME"][1:]], KEY=layer["KEY"] + "\u200b")
    layer.to_file(geodata_dir / "quartiere.gpkg")
    areas = load(quartier=QUARTIERE)
    assert read in set(areas["name"])
    assert "11" in set(areas["area_id"])


def test_a_missing_column_names_those_that_are_there(load: Load) -> None:
    with pytest.raises(GeographyError, match="key in areas.toml prüfen; vorhanden: KEY, NAME"):
        load(quartier={**QUARTIERE, "key": "Key"})


def test_a_file_without_rights_is_a_sentence(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("shutil.copyfile", refuse)
    with pytest.raises(GeographyError, match="Rechte prüfen"):
        load(quartier=QUARTIERE)
