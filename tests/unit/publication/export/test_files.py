import csv
import io
import json
import zipfile
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from atlas.publication.export import file_name, quartier_table_name, table_name
from atlas.publication.export.csv_text import csv_bytes
from atlas.publication.export.geodata import geojson_bytes
from atlas.publication.export.geopackage import gpkg_bytes
from atlas.publication.export.package import zip_bytes
from atlas.publication.seen import see
from atlas.terms import KINDS, Kind


def _csv_rows(release, kind):
    return list(csv.DictReader(io.StringIO(csv_bytes(see(release), kind).decode())))


def test_csv_has_points_iso_dates_and_status_codes(release):
    rows = {row["area_id"]: row for row in _csv_rows(release, Kind.QUARTIER)}
    assert len(rows) == 6
    assert rows["11"]["reference_date"] == "2023-12-31"
    assert rows["12"]["migration_share_u18"] == "37.5"
    assert rows["12"]["migration_share_u18_status"] == "published"
    assert rows["13"]["migrants_u18"] == ""
    assert rows["13"]["migrants_u18_status"] == "suppressed"
    assert rows["11"]["remark"].startswith("Musterdaten")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUMME(A1)", "\t=1"])
def test_no_name_of_an_area_is_a_formula(release, name):
    areas = release.areas.assign(name=release.areas["name"].replace("Altstadt", name))
    rows = _csv_rows(replace(release, areas=areas), Kind.QUARTIER)
    assert f"'{name}" in {row["name"] for row in rows}
    assert not any(
        text[:1] in "=+-@" for row in rows for text in row.values() if not _is_number(text)
    )


def _is_number(text):
    return text.replace("-", "", 1).replace(".", "", 1).isdigit() or not text


def test_csv_equals_the_cells_of_the_release(release):
    cells = release.cells[release.cells["kind"] == "block"]
    rows = {row["area_id"]: row for row in _csv_rows(release, Kind.BLOCK)}
    compared = 0
    for cell in cells.itertuples():
        name = "area_ha" if cell.item == "area_ha" else f"{cell.item}_{cell.group}"
        if name not in rows[cell.area_id]:
            continue
        compared += 1
        assert rows[cell.area_id][f"{name}_status"] == cell.status
        text = rows[cell.area_id][name]
        assert (text == "") == (cell.status != "published")
        assert not text or float(text) == cell.value
    assert compared == len(cells)


@pytest.mark.parametrize("kind", list(KINDS))
def test_geopackage_holds_shown_cells_in_the_metric_system(release, kind, tmp_path):
    path = tmp_path / "areas.gpkg"
    path.write_bytes(gpkg_bytes(see(release), kind))
    areas = gpd.read_file(path, layer=str(kind))
    assert areas.crs.to_epsg() == 25832
    assert areas.geometry.is_valid.all()
    shown = areas["migrants_all_status"] == "published"
    assert (areas["migrants_all"].notna() == shown).all()
    assert areas["area_id"].tolist() == sorted(areas["area_id"])


def test_geojson_says_what_it_is_and_hides_what_is_hidden(release):
    content = json.loads(geojson_bytes(see(release), Kind.BLOCK))
    assert content["title"] == "Sozialatlas Musterstadt, Stand 31.12.2023, endgültig"
    assert content["remarks"][0] == "Musterdaten"
    assert content["sources"][-1] == "Lizenz dieser Veröffentlichung: CC-BY-4.0"
    features = {feature["id"]: feature for feature in content["features"]}
    assert features["1301"]["properties"]["migrants_all"] is None
    assert features["1301"]["properties"]["migrants_all_status"] == "suppressed"
    assert features["1101"]["properties"]["migrants_all"] == 90
    outer = features["1101"]["geometry"]["coordinates"][0]
    assert shapely.is_ccw(shapely.linearrings(outer))  # RFC 7946
    longitude, latitude = outer[0]
    assert 7.0 < longitude < 7.3
    assert 51.2 < latitude < 51.4


def test_zip_holds_the_release_file_for_file(release):
    with zipfile.ZipFile(io.BytesIO(zip_bytes(release))) as archive:
        names = archive.namelist()
        files = sorted(p for p in release.path.rglob("*") if p.is_file())
        folder = "musterstadt_2023-12-31.1"
        expected = [f"{folder}/{path.relative_to(release.path).as_posix()}" for path in files]
        assert names == sorted(expected)
        for path, name in zip(files, expected, strict=True):
            assert archive.read(name) == path.read_bytes()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("make", [csv_bytes, gpkg_bytes, geojson_bytes])
def test_same_release_gives_the_same_bytes(release, make):
    assert make(see(release), Kind.QUARTIER) == make(see(release), Kind.QUARTIER)


def test_names_say_city_table_date_and_number(release):
    name = file_name(see(release), table_name(see(release), Kind.QUARTIER), "xlsx")
    assert name == "musterstadt_quartiere_2023-12-31.1.xlsx"
    assert table_name(see(release), Kind.BLOCK) == "baubloecke"
    assert quartier_table_name(see(release), "11") == "quartier_11"


def test_file_of_the_city_is_called_after_one_city(release):
    assert table_name(see(release), Kind.CITY) == "stadt"
    assert table_name(see(release), Kind.QUARTIER) == "quartiere"
