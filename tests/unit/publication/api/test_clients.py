"""Programs of others read the interface: GDAL, owslib, and one that asks all it may."""

import contextlib
import json
import subprocess
import sys

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from owslib.ogcapi.features import Features
from owslib.ogcapi.records import Records
from schemathesis import GenerationMode
from shapely.geometry import shape

from tests.unit.publication.open_data.dcat_check import violations

_UTM = "http://www.opengis.net/def/crs/EPSG/0/25832"
_DAYS = st.dates().map(lambda day: f"{day.year:04}-{day.month:02}-{day.day:02}")
schemathesis.openapi.format("ogc-datetime", _DAYS | _DAYS.map("../{}".format))
schemathesis.openapi.format(
    "cql2-text",
    st.sampled_from(("sgb2_share_all", "migrants_u18", "area_ha"))
    .flatmap(lambda name: st.sampled_from((f"{name} > 1", f"{name} IS NULL")))
    .filter(bool),
)


_FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_what_the_description_allows_is_answered_and_all_else_refused(api, mode):
    asked = []
    schema = schemathesis.openapi.from_url(f"{api.url}/api")
    for found in schema.get_all_operations():
        operation = found.ok()

        @_FEW
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            asked.append(case)
            case.call_and_validate()

        with contextlib.suppress(Unsatisfiable):  # nothing to be got wrong
            ask()
    assert len({case.operation.path for case in asked}) >= 10


# In a process of its own: this one's GDAL may have been told to keep off the network.
_GDAL = """
import json, sys
import geopandas as gpd
import pyogrio

source, wanted = json.loads(sys.argv[1])
counts = {
    name: len(pyogrio.read_dataframe(source, layer=name))
    for name, _ in pyogrio.list_layers(source)
}
frames = [
    gpd.read_file(source, layer=layer, where=where, bbox=bbox and tuple(bbox))
    for layer, where, bbox in wanted
]
print(json.dumps([counts, [[one.crs.to_epsg(), one.to_json(default=str)] for one in frames]]))
"""


@pytest.fixture(scope="module")
def by_gdal(api):
    """Read with GDAL: how many areas each collection has, and three readings."""
    one = api.items("quartier", limit="1", crs=_UTM)["features"][0]
    x, y = shape(one["geometry"]).representative_point().coords[0]
    wanted = [
        ("quartier-2023-12-31", None, None),
        ("quartier", "need_level_all = 1", None),
        ("quartier", None, (x, y, x + 1, y + 1)),
    ]
    asked = json.dumps([f"OAPIF:{api.url}", wanted])
    done = subprocess.run(
        [sys.executable, "-c", _GDAL, asked], stdout=subprocess.PIPE, text=True, check=True
    )
    counts, frames = json.loads(done.stdout)
    return counts, [(epsg, json.loads(text)["features"]) for epsg, text in frames]


def test_gdal_reads_every_collection_with_the_values_of_the_release(by_gdal, release):
    counts, ((epsg, features), *_) = by_gdal
    assert len(counts) == 13
    assert all(counts.values())
    assert epsg == 25832
    read = {one["properties"]["area_id"]: one["properties"] for one in features}
    cells = release.cells[
        (release.cells["kind"] == "quartier") & (release.cells["status"] == "published")
    ]
    compared = 0
    for cell in cells.itertuples():
        name = f"{cell.item}_{cell.group}"
        if name in read[cell.area_id]:
            compared += 1
            assert read[cell.area_id][name] == cell.value
    assert compared > 60


def test_gdal_lets_the_server_choose(by_gdal, api):
    _, (_, (_, of_level), (_, at_place)) = by_gdal
    keys = [one["properties"]["area_id"] for one in of_level]
    assert keys == api.keys("quartier", need_level_all="1")
    assert len(at_place) == 1


def test_owslib_reads_features_and_records(api):
    features = Features(f"{api.url}/")
    assert "quartier-2023-12-31" in features.feature_collections()
    for name in features.feature_collections():
        assert features.collection_items(name)["numberReturned"] > 0
        assert features.collection_queryables(name)["properties"]
    found = features.collection_items("quartier", filter="need_level_all >= 1", limit=2)
    assert found["numberReturned"] == 2
    records = Records(f"{api.url}/")
    assert records.records() == ["datensaetze"]
    (one,) = records.collection_items("datensaetze", q="Musterstadt", datetime="2023-12-31")[
        "features"
    ]
    assert one["properties"]["title"] == "Sozialatlas Musterstadt, Stand 31.12.2023"


def test_portals_harvest_a_catalogue_without_violation(api):
    catalogue = api.json("/dcat.jsonld")
    assert violations(catalogue) == []
    assert len(catalogue["dcat:dataset"]) == 3
    ways = [way for one in catalogue["dcat:dataset"] for way in one["dcat:distribution"]]
    assert all(api.get(way["dcat:accessURL"]["@id"]).status_code == 200 for way in ways)
