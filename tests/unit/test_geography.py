"""Reading, checking and drawing areas: every way a file of boundaries can be broken."""

import json
import math
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pydantic import ValidationError

from atlas.config import City, Edition
from atlas.errors import ConfigError, GeographyError
from atlas.geography import AREA_COLUMNS, keys_of, load_areas, map_json, write_gpkg
from atlas.terms import Kind
from tests.factories import CITY_KEY, town_areas, town_config
from tests.town_office import layer_of

CITY = town_config().city
BLOCKS = {"file": "bloecke.gpkg", "key": "KEY", "parent": "PARENT"}
QUARTIERE = {"file": "quartiere.gpkg", "key": "KEY", "name": "NAME"}
Load = Callable[..., gpd.GeoDataFrame]


@pytest.fixture
def geodata_dir(tmp_path: Path) -> Path:
    for kind, file in (
        ("block", "bloecke"),
        ("quartier", "quartiere"),
        ("district", "bezirke"),
    ):
        layer_of(kind).to_file(tmp_path / f"{file}.gpkg")
    return tmp_path


@pytest.fixture
def load(geodata_dir: Path) -> Load:
    def load_edition(city: City = CITY, **layers: dict[str, Any]) -> gpd.GeoDataFrame:
        edition = Edition.model_validate({"id": date(2020, 1, 1), **layers})
        return load_areas(city, edition, [geodata_dir])

    return load_edition


def _with(shapes: dict[str, shapely.Geometry], kind: str = "quartier") -> gpd.GeoDataFrame:
    """Layer of a kind with some shapes replaced."""
    layer = layer_of(kind)
    new = [shapes.get(k, g) for k, g in zip(layer["KEY"], layer.geometry, strict=True)]
    return layer.set_geometry(gpd.GeoSeries(new, index=layer.index, crs=layer.crs))


def _shape(key: str) -> shapely.Geometry:
    return layer_of("quartier").set_index("KEY").geometry[key]


# ---- hierarchy ----------------------------------------------------------------------------


def test_all_four_kinds_from_small_to_large(load: Load) -> None:
    areas = load(
        block=BLOCKS,
        quartier={**QUARTIERE, "parent": "PARENT"},
        district={"file": "bezirke.gpkg", "key": "KEY", "name": "NAME"},
    )
    assert list(areas.columns) == AREA_COLUMNS
    assert areas["kind"].value_counts(sort=False).to_dict() == {
        "block": 12,
        "quartier": 6,
        "district": 2,
        "city": 1,
    }
    assert (areas["area_ha"].round(9) == [1.0] * 12 + [2.0] * 6 + [6.0, 6.0, 12.0]).all()
    parents = areas.set_index("area_id")["parent_id"]
    assert (parents["1101"], parents["11"], parents["1"]) == ("11", "1", CITY_KEY)
    assert parents[CITY_KEY] == ""


def test_quartiere_alone_lie_in_the_city(load: Load) -> None:
    areas = load(quartier=QUARTIERE)
    assert list(areas["kind"]) == ["quartier"] * 6 + ["city"]
    assert set(areas.loc[areas["kind"] == "quartier", "parent_id"]) == {CITY_KEY}


def test_parent_column_without_a_layer_above_is_not_used(load: Load) -> None:
    areas = load(quartier={**QUARTIERE, "parent": "PARENT"})
    assert set(areas.loc[areas["kind"] == "quartier", "parent_id"]) == {CITY_KEY}


def test_blocks_and_quartiere_without_districts(load: Load) -> None:
    areas = load(block=BLOCKS, quartier=QUARTIERE)
    parents = areas.set_index("area_id")["parent_id"]
    assert parents["2302"] == "23"
    assert parents["23"] == CITY_KEY


def test_dissolved_districts_equal_those_of_a_file(load: Load) -> None:
    quartiere = {**QUARTIERE, "parent": "PARENT"}
    drawn = load(quartier=quartiere, district={"file": "bezirke.gpkg", "key": "KEY"})
    names = {"1": "Nord"}
    dissolved = load(quartier=quartiere, district={"names": names})
    assert drawn["area_id"].equals(dissolved["area_id"])
    assert shapely.equals(drawn.geometry.values, dissolved.geometry.values).all()
    shown = dissolved.set_index("area_id")["name"]
    assert (shown["1"], shown["2"]) == ("Nord", "2")


def test_dissolved_quartiere(load: Load) -> None:
    areas = load(block=BLOCKS, quartier={"names": {"11": "Altstadt"}})
    quartiere = areas[areas["kind"] == "quartier"].set_index("area_id")
    assert quartiere["area_ha"].round(9).tolist() == [2.0] * 6
    assert quartiere["name"]["11"] == "Altstadt"


def test_order_of_a_file_does_not_matter(load: Load, geodata_dir: Path) -> None:
    before = load(quartier=QUARTIERE)
    layer_of("quartier").iloc[::-1].to_file(geodata_dir / "quartiere.gpkg")
    assert (
        load(quartier=QUARTIERE)
        .drop(columns="geometry")
        .equals(before.drop(columns="geometry"))
    )


def test_dissolving_needs_parents(load: Load) -> None:
    without = {"file": "quartiere.gpkg", "key": "KEY"}
    with pytest.raises(GeographyError, match="Gebiete ohne übergeordneten Schlüssel"):
        load(quartier=without, district={})


@pytest.mark.parametrize("layers", [{"quartier": {}}, {"block": {}, "quartier": QUARTIERE}])
def test_smallest_kind_needs_a_file(layers: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="die kleinste Ebene braucht eine Datei"):
        Edition.model_validate({"id": date(2020, 1, 1), **layers})


def test_keys_of() -> None:
    assert keys_of(town_areas(), Kind.DISTRICT) == {"1", "2"}


# ---- names and keys -----------------------------------------------------------------------


def test_names_stripped_replaced_or_the_key(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer["NAME"] = ["11 Altstadt", "12  Vorstadt ", None, "", "22 Hafen 22", "23 x"]
    layer.to_file(geodata_dir / "quartiere.gpkg")
    areas = load(quartier={**QUARTIERE, "strip": r"^\d\d ", "names": {"23": "Stadtwald"}})
    shown = areas[areas["kind"] == "quartier"].set_index("area_id")["name"].to_dict()
    assert shown == {
        "11": "Altstadt",
        "12": "Vorstadt",
        "13": "13",
        "21": "21",
        "22": "Hafen 22",
        "23": "Stadtwald",
    }


def test_broken_pattern_is_broken_configuration() -> None:
    with pytest.raises(ValidationError, match="kein gültiger regulärer Ausdruck"):
        Edition.model_validate(
            {"id": date(2020, 1, 1), "quartier": {**QUARTIERE, "strip": "("}}
        )


@pytest.mark.parametrize("kind_of_number", ["int32", "int64", "float64"])
def test_numbers_become_keys_without_a_point(
    load: Load, geodata_dir: Path, kind_of_number: str
) -> None:
    layer = layer_of("quartier")
    layer.assign(KEY=layer["KEY"].astype(kind_of_number)).to_file(
        geodata_dir / "quartiere.gpkg"
    )
    areas = load(quartier=QUARTIERE)
    assert keys_of(areas, Kind.QUARTIER) == {"11", "12", "13", "21", "22", "23"}


def test_leading_zeros_and_the_key_na_survive(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.assign(KEY=["01", "NA", "nan", "1e3", "0x1", "true"]).to_file(
        geodata_dir / "quartiere.gpkg"
    )
    areas = load(quartier=QUARTIERE)
    assert keys_of(areas, Kind.QUARTIER) == {"01", "NA", "nan", "1e3", "0x1", "true"}


# ---- files --------------------------------------------------------------------------------


def _write_zip(layer: gpd.GeoDataFrame, directory: Path) -> Path:
    (directory / "shp").mkdir()
    layer.to_file(directory / "shp" / "quartiere.shp", encoding="utf-8")
    with zipfile.ZipFile(directory / "quartiere.zip", "w") as archive:
        for part in sorted((directory / "shp").iterdir()):
            archive.write(part, part.name)
    return directory / "quartiere.zip"


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:4326"])
@pytest.mark.parametrize("form", ["gpkg", "geojson", "zip"])
def test_every_format_gives_the_same_areas(
    load: Load, geodata_dir: Path, form: str, crs: str
) -> None:
    wanted = load(quartier=QUARTIERE)
    layer = layer_of("quartier").to_crs(crs)
    path = geodata_dir / f"quartiere.{form}"
    path.unlink(missing_ok=True)
    if form == "zip":
        _write_zip(layer, geodata_dir)
    else:
        layer.to_file(path)
    areas = load(quartier={**QUARTIERE, "file": path.name})
    text = ["kind", "area_id", "name", "parent_id"]
    assert areas[text].equals(wanted[text])
    assert areas["area_ha"].tolist() == pytest.approx(wanted["area_ha"].tolist(), rel=1e-6)
    assert areas.crs == "EPSG:25832"


def test_first_directory_wins(geodata_dir: Path, tmp_path: Path) -> None:
    generated = tmp_path / "generated"
    generated.mkdir()
    layer = layer_of("quartier")
    layer.assign(NAME="erzeugt").to_file(generated / "quartiere.gpkg")
    edition = Edition.model_validate({"id": date(2020, 1, 1), "quartier": QUARTIERE})
    areas = load_areas(CITY, edition, [generated, geodata_dir])
    assert areas["name"].iloc[0] == "erzeugt"


def test_missing_file_names_where_it_was_sought(load: Load) -> None:
    with pytest.raises(GeographyError, match=r"weg\.gpkg: Datei fehlt"):
        load(quartier={**QUARTIERE, "file": "weg.gpkg"})


BROKEN_FILES: dict[str, bytes] = {
    "html.geojson": b"<html>Anmeldung</html>",
    "leer.geojson": b"",
    "halb.geojson": b'{"type": "FeatureCollection", "features": [',
    "kein.zip": b"PK\x03\x04abgerissen",
    "tabelle.csv": b"KEY;NAME\n11;Altstadt\n",
    "tabelle.xlsx": b"PK",
    "bild.gpkg": b"\x89PNG\r\n",
}


@pytest.mark.parametrize("file", BROKEN_FILES)
def test_unreadable_file(load: Load, geodata_dir: Path, file: str) -> None:
    (geodata_dir / file).write_bytes(BROKEN_FILES[file])
    with pytest.raises(GeographyError, match="nicht lesbar"):
        load(quartier={**QUARTIERE, "file": file})


def test_truncated_geopackage(load: Load, geodata_dir: Path) -> None:
    path = geodata_dir / "quartiere.gpkg"
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(GeographyError, match="nicht lesbar"):
        load(quartier=QUARTIERE)


def test_several_layers_in_one_file_are_refused(load: Load, geodata_dir: Path) -> None:
    layer_of("block").to_file(geodata_dir / "quartiere.gpkg", layer="bloecke")
    with pytest.raises(GeographyError, match=r"2 Ebenen \(bloecke, quartiere\)"):
        load(quartier=QUARTIERE)


def test_no_areas_at_all(load: Load, geodata_dir: Path) -> None:
    (geodata_dir / "leer.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(GeographyError, match="enthält keine Gebiete"):
        load(quartier={**QUARTIERE, "file": "leer.geojson"})


@pytest.mark.parametrize("role", ["key", "name", "parent"])
def test_missing_column_names_the_key_of_the_configuration(load: Load, role: str) -> None:
    with pytest.raises(GeographyError, match=f"Spalte „GIBTESNICHT“ fehlt. {role} in areas"):
        load(quartier={**QUARTIERE, role: "GIBTESNICHT"})


def test_missing_crs(load: Load, geodata_dir: Path) -> None:
    _write_zip(layer_of("quartier"), geodata_dir)
    shutil.rmtree(geodata_dir / "shp")
    with (
        zipfile.ZipFile(geodata_dir / "quartiere.zip") as full,
        zipfile.ZipFile(geodata_dir / "ohne.zip", "w") as bare,
    ):
        for name in full.namelist():
            if not name.endswith(".prj"):
                bare.writestr(name, full.read(name))
    with pytest.raises(GeographyError, match="kein Koordinatensystem"):
        load(quartier={**QUARTIERE, "file": "ohne.zip"})


def test_metres_declared_as_degrees(load: Load, geodata_dir: Path) -> None:
    """GeoJSON without a CRS means degrees; metres in it lie nowhere on earth."""
    content = json.loads(layer_of("quartier").to_json())
    content.pop("crs", None)
    (geodata_dir / "meter.geojson").write_text(json.dumps(content))
    with pytest.raises(GeographyError, match="Koordinaten passen nicht"):
        load(quartier={**QUARTIERE, "file": "meter.geojson"})


@pytest.mark.parametrize(
    "crs", ["EPSG:4326", "EPSG:3857", "EPSG:2229", "EPSG:32645", "Gauß", "EPSG:1"]
)
def test_crs_in_which_areas_are_not_true(load: Load, crs: str) -> None:
    """Degrees, Mercator, feet, a UTM zone of another continent, no CRS at all."""
    with pytest.raises(ConfigError, match=r"city.toml, Schlüssel „crs“"):
        load(CITY.model_copy(update={"crs": crs}), quartier=QUARTIERE)


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:25833", "EPSG:31466", "EPSG:3035"])
def test_metric_crs_of_german_cities(load: Load, crs: str) -> None:
    areas = load(CITY.model_copy(update={"crs": crs}), quartier=QUARTIERE)
    assert areas["area_ha"].iloc[-1] == pytest.approx(12, rel=0.01)


# ---- geometry -----------------------------------------------------------------------------

BOW = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
BROKEN_SHAPES: dict[str, tuple[Callable[[], gpd.GeoDataFrame], str]] = {
    "key twice": (
        lambda: layer_of("quartier").assign(KEY=["11", "11", "13", "21", "22", "23"]),
        "Schlüssel mehrfach vorhanden: 11. ",
    ),
    "no key": (
        lambda: layer_of("quartier").assign(KEY=["11", None, "13", "21", "22", "23"]),
        "Gebiete ohne Schlüssel",
    ),
    "blank key": (
        lambda: layer_of("quartier").assign(KEY=["11", " ", "13", "21", "22", "23"]),
        "Gebiete ohne Schlüssel",
    ),
    "crossing itself": (lambda: _with({"12": BOW}), r"ungültig \(z. B. Selbstschnitt\): 12\."),
    "empty": (lambda: _with({"13": shapely.Polygon()}), "ohne Fläche: 13"),
    "none": (lambda: _with({"13": None}), "ohne Fläche: 13"),
    "line": (lambda: _with({"21": shapely.LineString([(0, 0), (1, 1)])}), "keine Polygone: 21"),
    "overlap": (
        lambda: _with({"11": _shape("11").buffer(5)}),
        r"Gebiete überlappen einander: 11, 12, 21\.",
    ),
    "drawn twice": (lambda: _with({"12": _shape("11")}), "überlappen einander: 11, 12"),
}


@pytest.mark.parametrize("name", BROKEN_SHAPES)
def test_broken_shapes_name_the_areas(load: Load, geodata_dir: Path, name: str) -> None:
    break_layer, message = BROKEN_SHAPES[name]
    break_layer().to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match=message) as caught:
        load(quartier=QUARTIERE)
    assert "quartiere.gpkg (Gebietsstand 2020-01-01)" in str(caught.value)


@pytest.mark.parametrize(("metres", "is_fine"), [(0.0999, True), (0.11, False)])
def test_slivers_are_tolerated_up_to_the_limit(
    load: Load, geodata_dir: Path, metres: float, is_fine: bool
) -> None:
    """Quartiere of 2 ha may overlap by 20 m², one part in a thousand: 0.1 m on 200 m."""
    left, low, right, high = _shape("21").bounds
    wider = shapely.box(left, low - metres, right, high)
    _with({"21": wider}).to_file(geodata_dir / "quartiere.gpkg")
    if is_fine:
        assert len(load(quartier=QUARTIERE)) == 7
    else:
        with pytest.raises(GeographyError, match="überlappen einander: 11, 21"):
            load(quartier=QUARTIERE)


def test_gaps_between_areas_are_streets(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.set_geometry(layer.buffer(-8, join_style="mitre")).to_file(
        geodata_dir / "quartiere.gpkg"
    )
    areas = load(quartier=QUARTIERE)
    assert areas["area_ha"].iloc[0] == pytest.approx(184 * 84 / 10_000)


def test_islands_and_holes_are_fine(load: Load, geodata_dir: Path) -> None:
    left, low, _, _ = _shape("11").bounds
    exclave = shapely.box(left + 20, low + 20, left + 60, low + 60)
    shapes = {
        "11": _shape("11").difference(exclave),
        "23": shapely.union_all([_shape("23"), exclave]),
    }
    _with(shapes).to_file(geodata_dir / "quartiere.gpkg")
    areas = load(quartier=QUARTIERE).set_index("area_id")
    assert areas["area_ha"]["11"] == pytest.approx(2 - 0.16)
    assert areas["area_ha"]["23"] == pytest.approx(2 + 0.16)
    assert areas["area_ha"][CITY_KEY] == pytest.approx(12)


def test_heights_are_dropped(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.set_geometry(shapely.force_3d(layer.geometry.values, 5.0), crs=layer.crs).to_file(
        geodata_dir / "quartiere.gpkg"
    )
    assert not load(quartier=QUARTIERE).has_z.any()


# ---- nesting ------------------------------------------------------------------------------


def _load_blocks(load: Load, geodata_dir: Path, blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    blocks.to_file(geodata_dir / "bloecke.gpkg")
    return load(block=BLOCKS, quartier=QUARTIERE)


def test_orphan(load: Load, geodata_dir: Path) -> None:
    blocks = layer_of("block").assign(PARENT=["99", *["11"] * 11])
    with pytest.raises(GeographyError, match=r"übergeordnetes Gebiet \(quartier\) fehlt: 1101"):
        _load_blocks(load, geodata_dir, blocks)


def test_child_outside_of_its_parent(load: Load, geodata_dir: Path) -> None:
    blocks = layer_of("block")
    blocks["PARENT"] = blocks["PARENT"].where(blocks["KEY"] != "1202", "11")
    with pytest.raises(GeographyError, match=r"block: liegt außerhalb .*\(quartier\): 1202"):
        _load_blocks(load, geodata_dir, blocks)


def test_parent_without_children(load: Load, geodata_dir: Path) -> None:
    blocks = layer_of("block")
    few = blocks[blocks["PARENT"] != "13"]
    with pytest.raises(GeographyError, match=r"block: nichts liegt in Gebiet \(quartier\): 13"):
        _load_blocks(load, geodata_dir, few)


@pytest.mark.parametrize(("metres", "is_fine"), [(0.0999, True), (0.11, False)])
def test_child_may_stick_out_up_to_the_limit(
    load: Load, geodata_dir: Path, metres: float, is_fine: bool
) -> None:
    """Ten m², here 0.1 m on 100 m, are tolerated."""
    blocks = layer_of("block").set_index("KEY")
    left, low, right, high = blocks.geometry["1101"].bounds
    blocks.loc["1101", "geometry"] = shapely.box(left - metres, low, right, high)
    layer = blocks.reset_index().set_crs("EPSG:25832", allow_override=True)
    if is_fine:
        assert len(_load_blocks(load, geodata_dir, layer)) == 19
    else:
        with pytest.raises(GeographyError, match="liegt außerhalb"):
            _load_blocks(load, geodata_dir, layer)


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
