"""OGC API Features as a program asks it: documents, areas, paging, parameters, refusals."""

import json
import re

import pytest
import shapely

_SHOWN = ("published", "estimated")
_UTM = "http://www.opengis.net/def/crs/EPSG/0/25832"
_WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
_ALL = ["11", "12", "13", "21", "22", "23"]


def test_the_landing_page_leads_to_everything(api):
    links = {one["rel"]: one["href"] for one in api.json("/")["links"]}
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= set(links)
    for rel in ("service-desc", "conformance", "data", "describedby"):
        assert api.get(links[rel]).status_code == 200
    classes = api.json("/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes


def test_collections_are_the_newest_of_each_kind_and_every_date(api):
    told = {one["id"]: one for one in api.json("/collections")["collections"]}
    dates = ("2024-12-31", "2023-12-31", "2022-12-31")
    kinds = ("quartier", "district", "city")
    every = [*kinds, *(f"{kind}-{day}" for day in dates for kind in kinds), "datensaetze"]
    assert list(told) == every
    assert "neuester Stand (31.12.2023)" in told["quartier"]["title"]  # the newest final one
    assert told["quartier"]["storageCrs"] == _UTM
    assert "Musterdaten" in told["quartier-2024-12-31"]["description"]
    one = told["quartier-2023-12-31"]
    assert one["extent"]["temporal"]["interval"][0][0] == "2023-12-31T00:00:00Z"
    west, south, east, north = one["extent"]["spatial"]["bbox"][0]
    assert 7 < west < east < 7.3
    assert 51 < south < north < 51.4


@pytest.mark.parametrize("kind", ["quartier", "district", "city"])
def test_values_are_those_of_the_release(api, release, kind):
    cells = release.cells[release.cells["kind"] == kind]
    found = api.items(f"{kind}-2023-12-31")["features"]
    rows = {one["id"]: one["properties"] for one in found}
    compared = 0
    for cell in cells.itertuples():
        name = "area_ha" if cell.item == "area_ha" else f"{cell.item}_{cell.group}"
        row = rows[cell.area_id]
        if name in row:
            compared += 1
            assert row[f"{name}_status"] == cell.status
            assert row[name] == (cell.value if cell.status in _SHOWN else None)
    assert compared >= 10


def test_paging_gives_every_area_once(api):
    url, keys = "/collections/quartier/items?limit=4", []
    while url:
        page = api.json(url)
        assert page["numberMatched"] == 6
        keys += [one["id"] for one in page["features"]]
        url = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    assert keys == _ALL
    assert api.items("quartier", offset="4", limit="2")["links"][-2]["rel"] == "prev"
    assert api.items("quartier", limit="999999")["numberReturned"] == 6
    assert api.keys("quartier", offset="99") == []


def test_a_frame_finds_what_it_touches_in_every_system(api):
    altstadt = shapely.geometry.shape(api.json("/collections/quartier/items/11")["geometry"])
    point = altstadt.representative_point()
    frame = f"{point.x},{point.y},{point.x},{point.y}"
    assert api.keys("quartier", bbox=frame) == ["11"]
    assert api.keys("quartier", bbox="7,51,0,8,52,1") == _ALL
    metres = api.json("/collections/quartier/items/11", crs=_UTM)
    inside = shapely.geometry.shape(metres["geometry"]).buffer(-1).bounds
    told = ",".join(map(str, inside))
    assert api.keys("quartier", **{"bbox": told, "bbox-crs": _UTM}) == ["11"]
    assert api.keys("quartier", bbox="170,-80,-170,80") == []


def test_systems_turn_axes_as_they_are_defined(api):
    plain = api.json("/collections/quartier/items/11")["geometry"]["coordinates"][0][0]
    answer = api.get("/collections/quartier/items/11", crs=_WGS84)
    assert answer.headers["content-crs"] == f"<{_WGS84}>"
    turned = {tuple(point) for point in answer.json()["geometry"]["coordinates"][0]}
    assert tuple(reversed(plain)) in turned
    east, north = api.json("/collections/quartier/items/11", crs=_UTM)["geometry"][
        "coordinates"
    ][0][0]
    assert 300_000 < east < 900_000
    assert north > 5_000_000


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2023-12-31", 6),
        ("2023-12-31T12:00:00Z", 6),
        ("2023-12-30", 0),
        ("2023-01-01/2023-12-31", 6),
        ("../2023-12-31", 6),
        ("2024-01-01/..", 0),
    ],
)
def test_a_date_is_met_or_not(api, asked, found):
    assert api.items("quartier-2023-12-31", datetime=asked)["numberMatched"] == found


def test_columns_are_parameters_and_filters_find_nothing_hidden(api):
    rows = {one["id"]: one["properties"] for one in api.items("quartier")["features"]}
    of_level = [key for key, row in rows.items() if row["need_level_all"] == 1]
    assert api.keys("quartier", need_level_all="1") == of_level != []
    hidden = [key for key, row in rows.items() if row["migrants_u18"] is None]
    assert "13" in hidden
    for text in ("migrants_u18 >= 0", "migrants_u18 < 0", "NOT migrants_u18 >= 0"):
        assert not set(api.keys("quartier", filter=text)) & set(hidden)
    assert api.keys("quartier", filter="migrants_u18 IS NULL") == hidden
    assert api.keys("quartier", filter="migrants_u18_status = 'suppressed'") == ["13", "21"]


def test_queryables_describe_every_column(api):
    told = api.json("/collections/quartier/queryables")["properties"]
    row = api.items("quartier", limit="1")["features"][0]["properties"]
    assert list(told) == list(row)
    assert told["sgb2_share_all"]["x-ogc-unit"] == "%"
    assert "1 = kein Handlungsbedarf" in told["need_level_all"]["description"]


@pytest.mark.parametrize(
    "asked",
    [
        *("limit=0", "limit=zehn", "offset=-1", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,2,3,nan"),
        *("datetime=gestern", "datetime=2023-02-30", "datetime=../..", "datetime=2024/2023"),
        *("crs=EPSG:4326", "bbox-crs=x", "filter-lang=cql2-json", "gibtesnicht=1"),
        *("need_level_all=hoch", "filter=need_level_all", "filter=x = 1", "filter=name = 1"),
    ],
)
def test_what_cannot_be_read_is_one_german_sentence(api, asked):
    answer = api.get(f"/collections/quartier/items?{asked}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Parameter ")


@pytest.mark.parametrize(
    "path",
    [
        *("/collections/block/items", "/collections/block-2023-12-31", "/collections/x"),
        *("/collections/quartier/items/99", "/collections/quartier-1999-12-31/items", "/x"),
        *("/collections/datensaetze/items/x", "/collections/quartier/items/1301"),
    ],
)
def test_what_is_not_there_is_not_there(api, path):
    answer = api.get(path)
    assert (answer.status_code, answer.json()["title"]) == (404, "Gibt es nicht")


def test_a_format_that_there_is_not_is_refused_and_nothing_is_written(api):
    assert api.get("/collections?f=xml").status_code == 406
    assert api.client.post("/collections").status_code == 405
    assert api.client.delete("/collections/quartier").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/conformance", "/api", "/collections", "/collections/quartier"),
        *("/collections/quartier/items", "/collections/quartier/items/11"),
        *("/collections/datensaetze", "/collections/datensaetze/items"),
    ],
)
def test_every_document_is_a_page_too(api, path):
    answer = api.get(path, headers={"accept": "text/html,*/*"})
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="de">' in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for link in re.findall(r'href="([^"]+)"', answer.text):
        assert link.startswith((api.url, "http://dcat-ap.de/")), link


def test_a_page_shows_values_and_says_why_one_is_hidden(api):
    told = api.get("/collections/quartier/items", f="html").text
    assert "<th scope='col'>SGB-II-Quote, Alle Einwohner*innen (%)</th>" in told
    assert "<td>1 kein Handlungsbedarf</td>" in told
    one = api.get("/collections/quartier/items/13", f="html").text
    columns = api.json("/collections/quartier/queryables")["properties"]
    assert f"<dt>{columns['migrants_u18']['title']}</dt><dd>geheim</dd>" in one


def test_a_name_is_text_on_a_page_whatever_it_holds(api):
    answer = api.get("/collections/quartier/items", f="html", name="<b>")
    assert "<b>" not in answer.text


def test_the_answer_is_compressed_and_says_who_may_keep_it(api):
    answer = api.get("/collections/quartier/items")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-cache"
    assert json.loads(answer.text)["numberReturned"] == 6


def test_a_frame_that_cannot_be_read_is_refused_where_no_record_is_left_either(api):
    answer = api.get("/collections/datensaetze/items", datetime="1999-01-01", bbox="1,2,3")
    assert answer.status_code == 400
