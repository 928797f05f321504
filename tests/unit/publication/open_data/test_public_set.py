import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
from dataclasses import replace

import frictionless
import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest

from atlas.publication.export.csv_text import exact_csv_bytes, excel_csv_bytes
from atlas.publication.open_data import folder_name, public_set
from atlas.publication.seen import see
from atlas.publication.views.areas import machine_table
from atlas.release import open_release
from atlas.terms import Kind
from tests import leak_search, leak_town

_SHOWN = ("published", "estimated")


@pytest.fixture(scope="session")
def folder(files, tmp_path_factory):
    path = tmp_path_factory.mktemp("offene-daten")
    for one in files.values():
        (path / one.name).write_bytes(one.content)
    return path


def _rows(files, name):
    return list(csv.DictReader(io.StringIO(files[name].content.decode())))


def test_same_release_gives_the_same_bytes(release, city, files):
    again = {one.name: one.content for one in public_set(release, city)}
    assert again == {name: one.content for name, one in files.items()}


def test_a_validator_finds_the_package_valid(folder):
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])


def test_a_changed_file_is_found_by_the_validator(folder, tmp_path):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "quartiere.csv"
    table.write_text(table.read_text().replace("2023-12-31,", "gestern,", 1))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert {"type-error", "hash-count"} & {kind for (kind,) in report.flatten(["type"])}


def test_every_table_is_described_column_by_column(files):
    tables = json.loads(files["csv-metadata.json"].content)["tables"]
    assert {one["url"] for one in tables} == {
        name for name in files if name.endswith(".csv") and not name.endswith("-excel.csv")
    }
    listed = {(row["file"], row["column"]) for row in _rows(files, "columns.csv")}
    for table in tables:
        head = files[table["url"]].content.decode().partition("\n")[0].split(",")
        assert [one["titles"] for one in table["tableSchema"]["columns"]] == head
        if table["url"] != "columns.csv":
            assert {(table["url"], name) for name in head} <= listed


def test_the_wide_tables_say_what_the_cells_say(release, files):
    cells = release.cells[release.cells["kind"] == "quartier"]
    rows = {row["area_id"]: row for row in _rows(files, "quartiere.csv")}
    compared = 0
    for cell in cells.itertuples():
        name = "area_ha" if cell.item == "area_ha" else f"{cell.item}_{cell.group}"
        if name not in rows[cell.area_id]:
            continue
        compared += 1
        assert rows[cell.area_id][f"{name}_status"] == cell.status
        text = rows[cell.area_id][name]
        assert (text == "") == (cell.status not in _SHOWN)
        assert not text or float(text) == cell.value
    assert compared > 90


def test_excel_gets_a_mark_semicolons_commas_and_no_formula(release):
    areas = release.areas.assign(name=release.areas["name"].replace("Altstadt", "=1+1"))
    table = machine_table(see(replace(release, areas=areas)), Kind.QUARTIER)
    content = excel_csv_bytes(table)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert "'=1+1" in {row["name"] for row in rows}
    assert {row["migration_share_u18"] for row in rows} >= {"37,5"}
    exact = csv.DictReader(io.StringIO(exact_csv_bytes(table).decode()))
    assert "=1+1" in {row["name"] for row in exact}


def test_the_geopackage_knows_german_names_and_colours(folder):
    path = folder / "areas.gpkg"
    layers = [name for name, _ in gpd.list_layers(path).itertuples(index=False)]
    assert layers == ["quartier", "district", "city", "layer_styles"]
    with sqlite3.connect(path) as database:
        names = dict(
            database.execute(
                "SELECT column_name, name FROM gpkg_data_columns WHERE table_name = 'quartier'"
            )
        )
        ((style,),) = database.execute("SELECT styleQML FROM layer_styles")
    assert names["sgb2_share_all"] == "SGB-II-Quote, Alle Einwohner*innen (%)"
    columns = gpd.read_file(path, layer="quartier").columns
    assert set(columns) - {"geometry"} == set(names)
    assert 'attr="need_level_all"' in style
    assert style.count("<category ") == 5


def test_geoparquet_and_geojson_hold_the_same_areas(folder):
    metres = gpd.read_parquet(folder / "quartiere.parquet")
    degrees = gpd.read_file(folder / "quartiere.geojson")
    assert metres.crs.to_epsg() == 25832
    assert metres["area_id"].tolist() == degrees["area_id"].tolist()
    there_and_back = degrees.to_crs(metres.crs)
    assert (there_and_back.distance(metres) < 0.2).all()


def test_the_long_table_is_the_same_in_both_formats(folder):
    long = pd.read_csv(folder / "cells.csv", dtype={"area_id": str}, keep_default_na=False)
    table = pq.read_table(folder / "cells.parquet").to_pandas()
    assert len(long) == len(table)
    assert (long["value"] != "").sum() == table["value"].notna().sum()
    assert set(long["kind"]) == {"quartier", "district", "city"}


def test_entities_have_a_value_or_a_status_alone(release, files):
    found = json.loads(files["areas.ngsi-ld.json"].content)
    by_id = {one["id"].removeprefix("urn:ngsi-ld:StatisticalArea:"): one for one in found}
    hidden = by_id["musterstadt:quartier:13"]
    assert "migrants_u18" not in hidden
    assert hidden["migrants_u18_status"]["value"] == "suppressed"
    shown = by_id["musterstadt:quartier:12"]
    assert shown["migration_share_u18"]["value"] == 37.5
    assert shown["migration_share_u18"]["type"] == "Property"
    assert len({one["id"] for one in found}) == len(found) == 6 + 2 + 1


def test_the_readme_alone_lets_a_stranger_read_it(folder, files):
    page = files["README.md"].content.decode()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    told = (
        "eins = tabelle.set_index('area_id').loc['12']\n"
        "geheim = (zellen.status == 'suppressed').sum()\n"
        "einheit = spalten.query(\"column == 'sgb2_share_all'\").unit.iloc[0]\n"
        "print(len(tabelle), len(karte), karte.crs.to_epsg(), tabelle.area_id[0])\n"
        "print(eins.migration_share_u18, geheim, einheit)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{told}"], cwd=folder, capture_output=True, text=True
    )
    assert done.stdout.split()[:4] == ["6", "6", "25832", "11"], done.stderr
    assert done.stdout.split()[4:] == ["37.5", "6", "%"]


def test_the_readme_names_every_file_and_what_moved(files):
    page = files["README.md"].content.decode()
    assert all(
        f"`{name}`" in page for name in files if name not in ("README.md", "dcat.jsonld")
    )
    assert "Quartiere mit anderer Stufe" in page
    assert "Stadt Musterstadt" in page
    assert "synthetic sample data" in page


def test_nothing_of_a_block_is_in_the_set_of_a_city_without_a_portal(tmp_path):
    release = open_release(leak_town.write_town(tmp_path, "open"))
    contents = []
    found = public_set(release, release.info.config.city)
    assert "dcat.jsonld" not in {one.name for one in found}
    assert folder_name(release) == "zahlenstadt-2023-12-31.1"
    for one in found:
        path = tmp_path / one.name
        path.write_bytes(one.content)
        contents += leak_search.contents_of(path)
    cells = release.cells
    is_block = (cells["kind"] == "block") & (cells["value"] >= 1000)
    others = set(cells.loc[cells["kind"] != "block", "value"])
    rows = cells[is_block & ~cells["value"].isin(others)]
    numbers = dict(
        zip(rows["area_id"] + rows["group"] + rows["item"], rows["value"], strict=True)
    )
    assert len(numbers) > 100
    assert leak_search.find(numbers, contents) == {}
    assert not any(re.search(rb"\bQ\dB\d\b", one) for one in contents)
