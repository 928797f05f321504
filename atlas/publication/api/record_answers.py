"""Answers of OGC API Records, and the catalogue by DCAT-AP.de: every release in force."""

from starlette.responses import Response

from atlas.publication.api.answers import json_answer, page_answer, require_only
from atlas.publication.api.asking import Asking
from atlas.publication.api.documents import RECORDS, Document
from atlas.publication.api.faults import not_found
from atlas.publication.api.feature_answers import document_answer
from atlas.publication.api.features import page_links
from atlas.publication.api.links import GEOJSON, JSON_LD
from atlas.publication.api.pages import properties_body, rows_body
from atlas.publication.api.query import window_of
from atlas.publication.api.records import chosen, record, records_collection
from atlas.publication.api.shelf import Collection
from atlas.publication.open_data.about import about
from atlas.publication.open_data.dcat import DataSet, Distribution, catalogue
from atlas.publication.open_data.files import GEOJSON as GEOJSON_FORMAT
from atlas.release import ReleaseRef

_HEADS = ("Datensatz", "Stichtag")
_NORM = "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0"


def records(asking: Asking) -> Response:
    """Answer with the collection of the records."""
    told = records_collection(asking.site, asking.city, is_html=asking.is_html)
    return document_answer(asking, str(told["title"]), told)


def record_items(asking: Asking) -> Response:
    """Answer with the records that are asked for."""
    window = window_of(asking.asked)
    found = chosen(_records(asking), asking.asked)
    part = found[window.offset : window.offset + window.limit]
    path = ("collections", RECORDS, "items")
    links = [
        *asking.site.self_links(GEOJSON, asking.is_html, *path),
        *page_links(asking.site, asking.asked, window, len(found), path),
    ]
    if asking.is_html:
        rows = [[one["id"], one["time"]["date"]] for one in part]
        body = rows_body(_HEADS, rows, len(found), links)
        return page_answer("Datensätze", body, asking.site.url())
    content = {
        "type": "FeatureCollection",
        "numberMatched": len(found),
        "numberReturned": len(part),
        "links": links,
        "features": part,
    }
    return json_answer(content, GEOJSON)


def record_item(asking: Asking) -> Response:
    """Answer with one record."""
    require_only(asking.request, "f")
    key = asking.request.path_params["record"]
    found = next((one for one in _records(asking) if one["id"] == key), None)
    if found is None:
        raise not_found()
    if asking.is_html:
        body = properties_body(found["properties"], found["links"])
        return page_answer(key, body, asking.site.url())
    return json_answer(found, GEOJSON)


def dcat(asking: Asking) -> Response:
    """Answer with the catalogue for portals; it is there where the city says who publishes."""
    require_only(asking.request)
    told = asking.city.open_data
    if told is None:
        raise not_found()
    sets = [_data_set(asking, ref, ways) for ref, ways in _by_release(asking)]
    content = catalogue(asking.city, told, asking.site.url("dcat.jsonld"), sets)
    return json_answer(content, JSON_LD)


def _records(asking: Asking) -> list[Document]:
    return [
        record(asking.site, asking.city, asking.shelf.glance(ref, asking.sight), ways)
        for ref, ways in _by_release(asking)
    ]


def _by_release(asking: Asking) -> list[tuple[ReleaseRef, list[Collection]]]:
    """Releases of which something exists for whoever asks, newest first."""
    found: dict[ReleaseRef, list[Collection]] = {}
    for one in asking.collections.values():
        if not one.is_newest:
            found.setdefault(one.ref, []).append(one)
    return list(found.items())


def _data_set(asking: Asking, ref: ReleaseRef, ways: list[Collection]) -> DataSet:
    seen = asking.shelf.glance(ref, asking.sight)
    told = about(seen, asking.city)
    distributions = tuple(
        Distribution(
            asking.site.url("collections", one.id, "items"),
            seen.plural(one.kind),
            GEOJSON_FORMAT,
            conforms_to=_NORM,
        )
        for one in ways
    )
    url = asking.site.url("collections", RECORDS, "items", told.name)
    return DataSet(url, told, distributions)
