"""Formats of boundaries: recognised by what they hold, with readable names."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest

from atlas.errors import GeographyError
from tests.town_office import layer_of
from tests.unit.geography.layers import QUARTIERE, Load

# ---- formats ------------------------------------------------------------------------------

Write = Callable[[gpd.GeoDataFrame, Path], None]


def _esri_json(layer: gpd.GeoDataFrame, path: Path) -> None:
    features = [
        {"attributes": {"KEY": key, "NAME": name}, "geometry": {"rings": [list(ring)]}}
        for key, name, ring in zip(
            layer["KEY"],
            layer["NAME"],
            (list(shape.exterior.coords) for shape in layer.geometry),
            strict=True,
        )
    ]
    fields = [{"name": n, "type": "esriFieldTypeString"} for n in ("KEY", "NAME")]
    path.write_text(
        json.dumps(
            {
                "geometryType": "esriGeometryPolygon",
                "spatialReference": {"wkid": 25832},
                "fields": fields,
                "features": features,
            }
        )
    )


def _zipped(suffix: str, folder: str) -> Write:
    def write(layer: gpd.GeoDataFrame, path: Path) -> None:
        apart = path.parent / "apart"
        apart.mkdir()
        layer.to_file(apart / f"Grenzen 2024{suffix}")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("LIESMICH.txt", "Grenzen")
            for part in sorted(apart.iterdir()):
                archive.write(part, f"{folder}{part.name}")

    return write


def _with_driver(driver: str) -> Write:
    return lambda layer, path: layer.to_file(path, driver=driver)


FORMATS: dict[str, Write] = {
    "a.gpkg": _with_driver("GPKG"),
    "a.shp": _with_driver("ESRI Shapefile"),
    "a.SHP": lambda layer, path: _in_capitals(layer, path),
    "a.geojson": _with_driver("GeoJSON"),
    "a.fgb": _with_driver("FlatGeobuf"),
    "a.gml": _with_driver("GML"),
    "a.tab": _with_driver("MapInfo File"),
    "a.mif": _with_driver("MapInfo File"),
    "esri.json": _esri_json,
    "flach.zip": _zipped(".shp", ""),
    "ordner.zip": _zipped(".shp", "daten/2024/"),
    "paket.zip": _zipped(".gpkg", "daten/"),
    # the name says nothing
    "falsch.gpkg": _with_driver("GeoJSON"),
    "falsch.geojson": _with_driver("GPKG"),
    "falsch.zip": _with_driver("FlatGeobuf"),
    "größe (1) & mehr.dat": _with_driver("GPKG"),
}


def _in_capitals(layer: gpd.GeoDataFrame, path: Path) -> None:
    layer.to_file(path.with_name("b.shp"))
    for part in path.parent.glob("b.*"):
        part.rename(path.with_suffix(part.suffix.upper()))


@pytest.mark.parametrize("name", FORMATS)
def test_formats_are_read_whatever_their_name(load: Load, geodata_dir: Path, name: str) -> None:
    wanted = load(quartier=QUARTIERE)
    FORMATS[name](layer_of("quartier"), geodata_dir / name)
    areas = load(quartier={**QUARTIERE, "file": name})
    assert areas[["area_id", "name"]].equals(wanted[["area_id", "name"]])
    assert areas["area_ha"].tolist() == pytest.approx(wanted["area_ha"].tolist(), rel=1e-6)


def test_kml_is_read(load: Load, geodata_dir: Path) -> None:
    layer_of("quartier").to_crs(4326).to_file(geodata_dir / "a.kml", driver="LIBKML")
    areas = load(quartier={"file": "a.kml", "key": "KEY", "name": "Name"})
    assert areas["area_ha"].iloc[-1] == pytest.approx(12, rel=1e-4)


def test_leading_zeros_survive_a_format_without_types(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.assign(KEY="0" + layer["KEY"]).to_file(geodata_dir / "a.gml", driver="GML")
    (geodata_dir / "a.xsd").unlink()
    areas = load(quartier={**QUARTIERE, "file": "a.gml"})
    assert areas["area_id"].iloc[0] == "011"


@pytest.mark.parametrize("name", ["a.gml", "a.gpkg", "a.shp"])
def test_nothing_is_written_beside_a_file(load: Load, geodata_dir: Path, name: str) -> None:
    FORMATS[name](layer_of("quartier"), geodata_dir / name)
    before = {path.name: path.read_bytes() for path in geodata_dir.iterdir()}
    load(quartier={**QUARTIERE, "file": name})
    assert {path.name: path.read_bytes() for path in geodata_dir.iterdir()} == before


def test_an_old_schema_beside_a_gml_is_not_believed(load: Load, geodata_dir: Path) -> None:
    """GDAL leaves a ``.gfs`` beside what it read; the file may have changed since."""
    FORMATS["a.gml"](layer_of("quartier"), geodata_dir / "a.gml")
    (geodata_dir / "a.gfs").write_text("<GMLFeatureClassList></GMLFeatureClassList>")
    assert len(load(quartier={**QUARTIERE, "file": "a.gml"})) == 7


def test_what_a_geopackage_keeps_in_its_journal_is_read(load: Load, geodata_dir: Path) -> None:
    with closing(sqlite3.connect(geodata_dir / "quartiere.gpkg")) as database:
        for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(function, 1, lambda shape: 0)
        database.execute("pragma journal_mode = wal")
        database.execute("update quartiere set NAME = 'Neustadt' where KEY = '11'")
        database.commit()
        assert (geodata_dir / "quartiere.gpkg-wal").stat().st_size
        assert load(quartier=QUARTIERE)["name"].iloc[0] == "Neustadt"


def test_a_layer_is_chosen_by_its_name(load: Load, geodata_dir: Path) -> None:
    path = geodata_dir / "quartiere.gpkg"
    layer_of("block").to_file(path, layer="bloecke")
    assert len(load(quartier={**QUARTIERE, "layer": "quartiere"})) == 7
    with pytest.raises(GeographyError, match="Ebene „weg“ fehlt, vorhanden: bloecke, quart"):
        load(quartier={**QUARTIERE, "layer": "weg"})


def test_a_file_of_a_zip_is_chosen_by_its_name(load: Load, geodata_dir: Path) -> None:
    with zipfile.ZipFile(geodata_dir / "alle.zip", "w") as archive:
        for kind in ("quartiere", "bloecke"):
            archive.write(geodata_dir / f"{kind}.gpkg", f"{kind}/{kind}.gpkg")
    layer = {**QUARTIERE, "file": "alle.zip"}
    assert len(load(quartier={**layer, "layer": "quartiere"})) == 7
    with pytest.raises(GeographyError, match=r"2 Ebenen \(bloecke, quartiere\)"):
        load(quartier=layer)


@pytest.mark.parametrize("style", ["layer_styles", "qgis_projects"])
def test_what_qgis_saves_beside_the_areas_is_passed_in_silence(
    load: Load, geodata_dir: Path, style: str, recwarn: pytest.WarningsRecorder
) -> None:
    with closing(sqlite3.connect(geodata_dir / "quartiere.gpkg")) as database:
        database.execute(f"create table {style} (id integer primary key, styleQML text)")
        database.execute(
            "insert into gpkg_contents (table_name, data_type, identifier) values (?, ?, ?)",
            (style, "attributes", style),
        )
        database.commit()
    assert len(load(quartier=QUARTIERE)) == 7
    assert [str(one.message) for one in recwarn] == []


# ---- broken, but clear --------------------------------------------------------------------


@pytest.mark.parametrize("how", ["every ring", "one ring"])
def test_ring_that_does_not_end_is_closed(load: Load, geodata_dir: Path, how: str) -> None:
    wanted = load(quartier=QUARTIERE)
    path = geodata_dir / "offen.geojson"
    layer_of("quartier").to_file(path)
    content = json.loads(path.read_text())
    for feature in content["features"][: 1 if how == "one ring" else None]:
        for ring in feature["geometry"]["coordinates"]:
            ring.pop()
    path.write_text(json.dumps(content))
    areas = load(quartier={**QUARTIERE, "file": path.name})
    assert areas["area_ha"].tolist() == pytest.approx(wanted["area_ha"].tolist())


NONSENSE: dict[str, object] = {
    "one point": [[[1, 2]]],
    "two points": [[[1, 2], [3, 4]]],
    "empty ring": [[]],
    "no ring": [],
    "text": [[["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]],
    "flat": [1, 2, 3],
    "infinite": [[[1e999, 1], [2, 2], [3, 1], [1e999, 1]]],
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_for_a_ring_is_one_sentence(
    load: Load, geodata_dir: Path, name: str, recwarn: pytest.WarningsRecorder
) -> None:
    path = geodata_dir / "a.geojson"
    layer_of("quartier").to_file(path)
    content = json.loads(path.read_text())
    content["features"][0]["geometry"]["coordinates"] = NONSENSE[name]
    path.write_text(json.dumps(content))
    with pytest.raises(GeographyError):
        load(quartier={**QUARTIERE, "file": path.name})
    assert [str(one.message) for one in recwarn] == []


# ---- encoding -----------------------------------------------------------------------------


@pytest.mark.parametrize("in_zip", [False, True])
@pytest.mark.parametrize(
    ("written", "named", "declared"),
    [
        ("utf-8", "", ""),  # the .cpg was lost on the way
        ("utf-8", "UTF-8", ""),
        ("utf-8", "ISO-8859-1", "utf-8"),
        ("utf-8", "", "utf-8"),
        ("iso-8859-1", "", ""),
        ("iso-8859-1", "ISO-8859-1", ""),
        ("cp1252", "UTF-8", "cp1252"),
    ],
)
def test_names_of_a_shapefile_are_readable(
    load: Load, geodata_dir: Path, in_zip: bool, written: str, named: str, declared: str
) -> None:
    apart = geodata_dir / "apart"
    apart.mkdir()
    layer_of("quartier").to_file(apart / "a.shp", encoding=written)
    (apart / "a.cpg").unlink(missing_ok=True)
    if named:
        (apart / "a.cpg").write_text(named)
    file = "apart/a.shp"
    if in_zip:
        file = "a.zip"
        with zipfile.ZipFile(geodata_dir / file, "w") as archive:
            for part in apart.iterdir():
                archive.write(part, part.name)
    areas = load(quartier={**QUARTIERE, "file": file, "encoding": declared})
    assert areas["name"].tolist()[1] == "Äußere Vorstadt"


def test_letter_cut_at_the_width_of_its_field(load: Load, geodata_dir: Path) -> None:
    layer_of("quartier").assign(NAME="Größe Straße").to_file(geodata_dir / "a.shp")
    (geodata_dir / "a.cpg").unlink()
    path = geodata_dir / "a.dbf"
    path.write_bytes(
        path.read_bytes().replace("Größe Straße".encode(), b"Gr\xc3\xb6\xc3 " + b" " * 9)
    )
    areas = load(quartier={**QUARTIERE, "file": "a.shp"})
    assert areas["name"].iloc[0].startswith("Grö")


@pytest.mark.parametrize("form", ["a.gpkg", "a.geojson", "a.fgb"])
@pytest.mark.parametrize("wrong", ["cp1252", "iso-8859-1"])
def test_garbled_names_are_refused_with_what_to_do(
    load: Load, geodata_dir: Path, form: str, wrong: str
) -> None:
    layer = layer_of("quartier").assign(NAME="Südpark".encode().decode(wrong))
    FORMATS[form](layer, geodata_dir / form)
    with pytest.raises(GeographyError, match='falschen Zeichensatz .*encoding = "utf-8"'):
        load(quartier={**QUARTIERE, "file": form})


def test_geojson_in_another_encoding(load: Load, geodata_dir: Path) -> None:
    path = geodata_dir / "a.geojson"
    layer_of("quartier").to_file(path)
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(GeographyError, match="nicht in UTF-8"):
        load(quartier={**QUARTIERE, "file": path.name})
    areas = load(quartier={**QUARTIERE, "file": path.name, "encoding": "cp1252"})
    assert areas["name"].tolist()[1] == "Äußere Vorstadt"


def test_geopackage_whose_schema_is_no_text_is_a_sentence(
    load: Load, geodata_dir: Path
) -> None:
    path = geodata_dir / "quartiere.gpkg"
    content = path.read_bytes()
    assert b"CREATE TABLE" in content
    path.write_bytes(content.replace(b"CREATE TABLE", b"CREATE\xd5TABLE"))
    with pytest.raises(GeographyError, match="kein heiles GeoPackage"):
        load(quartier=QUARTIERE)
