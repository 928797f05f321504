"""Reading areas: files, columns, keys, names and coordinate systems."""

import json
import shutil
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from pydantic import ValidationError

from atlas.config import Edition
from atlas.errors import ConfigError, GeographyError
from atlas.geography import AREA_COLUMNS, keys_of, load_areas
from atlas.terms import Kind
from tests.factories import CITY_KEY, town_areas
from tests.town_office import layer_of
from tests.unit.geography.layers import BLOCKS, CITY, QUARTIERE, Load

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
