"""Files that lead to other files or computers: refused, and nobody is asked."""

import json
import re
import socket
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from atlas.errors import GeographyError
from atlas.geography import gdal
from tests.town_office import layer_of
from tests.unit.geography.layers import QUARTIERE, Load


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port of this computer that has to stay without a visitor."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def _geojson(crs: object) -> bytes:
    content = json.loads(layer_of("quartier").to_json())
    return json.dumps({"crs": crs, **{k: v for k, v in content.items() if k != "crs"}}).encode()


def _link(url: str, how: str) -> object:
    return {"type": "link", "properties": {"href": url, "type": how}}


def _vrt(source: str) -> bytes:
    return (
        "<OGRVRTDataSource><OGRVRTLayer name='quartiere'><SrcDataSource>"
        f"{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


# {url}: of the listener; {file}: boundaries in another folder
POINTERS: dict[str, Callable[[str, str], bytes]] = {
    "VRT to a file": lambda url, file: _vrt(file),
    "VRT to a computer": lambda url, file: _vrt(f"/vsicurl/{url}/a.geojson"),
    "VRT after a comment": lambda url, file: b"<?xml version='1.0'?><!-- x -->" + _vrt(file),
    "VRT in a comment of KML": lambda url, file: (
        b"<kml><!-- " + _vrt(file) + b" --><Document/></kml>"
    ),
    "WFS": lambda url, file: (
        f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>".encode()
    ),
    "capabilities": lambda url, file: (
        f"<WFS_Capabilities version='2.0.0'><Get href='{url}'/></WFS_Capabilities>".encode()
    ),
    "CRS as a link": lambda url, file: _geojson(_link(f"{url}/crs", "proj4")),
    "CRS as a link to WKT": lambda url, file: _geojson(_link(f"{url}/crs", "esriwkt")),
    "CRS by address": lambda url, file: _geojson(
        {"type": "name", "properties": {"name": f"{url}/crs"}}
    ),
    "link written in escapes": lambda url, file: _geojson(_link(f"{url}/crs", "proj4")).replace(
        b'"link"', b'"l\\u0069nk"'
    ),
    "CRS twice": lambda url, file: _geojson(_link(f"{url}/crs", "proj4")).replace(
        b'"type": "FeatureCollection"', b'"crs": null, "type": "FeatureCollection"'
    ),
    "pipeline of GDAL": lambda url, file: json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {file}"}
    ).encode(),
    "pipeline in an attribute": lambda url, file: json.dumps(
        {
            "type": "FeatureCollection",
            "features": [],
            "a": {
                "type": "gdal_streamed_alg",
                "command_line": f"gdal vector pipeline ! read {file}",
            },
        }
    ).encode(),
    "address alone": lambda url, file: f"{url}/a.geojson".encode(),
    "KML with a network link": lambda url, file: (
        "<kml xmlns='http://www.opengis.net/kml/2.2'><Document><NetworkLink><Link><href>"
        f"{url}/a.kml</href></Link></NetworkLink></Document></kml>"
    ).encode(),
    "entity of a file": lambda url, file: (
        f"<!DOCTYPE kml [<!ENTITY a SYSTEM '{url}/a'>]><kml>&a;</kml>".encode()
    ),
    "table over tables": lambda url, file: (
        f'!table\n!version 300\nDefinition Table\n  Type NATIVE\nFile "{file}"\n'.encode()
    ),
}


@pytest.mark.parametrize("name", POINTERS)
@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_what_points_elsewhere_is_refused_and_nobody_is_asked(
    load: Load,
    geodata_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
    listener: socket.socket,
    name: str,
    suffix: str,
) -> None:
    other = tmp_path_factory.mktemp("woanders") / "quartiere.geojson"
    layer_of("quartier").to_file(other)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    (geodata_dir / f"fremd.{suffix}").write_bytes(POINTERS[name](url, str(other)))
    with pytest.raises(GeographyError, match=r"verweist auf|nicht lesbar|keine Gebiete") as one:
        load(quartier={**QUARTIERE, "file": f"fremd.{suffix}"})
    assert "\n" not in str(one.value)
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize("schema", ["{url}/a.xsd", "/vsicurl/{url}/a.xsd"])
def test_schema_of_gml_is_not_fetched(
    load: Load, geodata_dir: Path, listener: socket.socket, schema: str
) -> None:
    layer_of("quartier").to_file(geodata_dir / "a.gml", driver="GML")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    path = geodata_dir / "a.gml"
    place = f'schemaLocation="http://ogr.maptools.org/ {schema.format(url=url)}"'
    path.write_text(re.sub(r'schemaLocation="[^"]*"', place, path.read_text()))
    assert len(load(quartier={**QUARTIERE, "file": "a.gml"})) == 7
    with pytest.raises(BlockingIOError):
        listener.accept()


DAMAGED_TABLES = {
    "a view": "create view v as select * from quartiere;"
    "update gpkg_contents set table_name = 'v';"
    "update gpkg_geometry_columns set table_name = 'v'",
    "a virtual table": "create virtual table v using fts5(a)",
    "a computed column": "create table v (a int, b int generated always as (a + 1))",
}


@pytest.mark.parametrize("name", DAMAGED_TABLES)
def test_geopackage_that_computes_is_refused(load: Load, geodata_dir: Path, name: str) -> None:
    with closing(sqlite3.connect(geodata_dir / "quartiere.gpkg")) as database:
        database.executescript("pragma foreign_keys = off;" + DAMAGED_TABLES[name])
    with pytest.raises(GeographyError, match="verweist auf .*GeoPackage mit einer"):
        load(quartier=QUARTIERE)


def test_other_database_is_refused(load: Load, geodata_dir: Path) -> None:
    with closing(sqlite3.connect(geodata_dir / "a.gpkg")) as database:
        database.execute("create table t (a)")
        database.commit()
    with pytest.raises(GeographyError, match="nicht lesbar .*kein GeoPackage"):
        load(quartier={**QUARTIERE, "file": "a.gpkg"})


def test_zip_that_swells_is_refused(
    load: Load, geodata_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atlas.geography.snapshot._MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(geodata_dir / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(1_000_001))
    with pytest.raises(GeographyError, match="entpackt zu groß"):
        load(quartier={**QUARTIERE, "file": "a.zip"})


def test_gdal_keeps_the_drivers_of_boundaries_alone(load: Load) -> None:
    load(quartier=QUARTIERE)
    assert set(pyogrio.list_drivers()) <= gdal._DRIVERS
