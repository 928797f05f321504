"""Answers of OGC API Features: what the interface is, its collections, their areas."""

from starlette.responses import Response

from atlas.publication.api import documents, openapi
from atlas.publication.api.answers import json_answer, page_answer, raw_answer, require_only
from atlas.publication.api.asking import Asking
from atlas.publication.api.documents import Document, Told
from atlas.publication.api.faults import not_found
from atlas.publication.api.features import collection_bytes, feature_bytes, page_links
from atlas.publication.api.links import GEOJSON, JSON, OPENAPI, SCHEMA
from atlas.publication.api.pages import (
    document_body,
    heads_of,
    properties_body,
    rows_body,
    values_shown,
)
from atlas.publication.api.query import crs_of, found_in, window_of
from atlas.publication.api.records import records_collection
from atlas.publication.open_data.about import kind_title


def landing(asking: Asking) -> Response:
    """Answer with the landing page."""
    has_portal = asking.city.open_data is not None
    told = documents.landing(
        asking.site, asking.city, has_portal=has_portal, is_html=asking.is_html
    )
    return document_answer(asking, asking.city.title, told)


def conformance(asking: Asking) -> Response:
    """Answer with the standards that are met."""
    told = documents.conformance(asking.site, is_html=asking.is_html)
    return document_answer(asking, "Erfüllte Normen", told)


def api(asking: Asking) -> Response:
    """Answer with the description by OpenAPI."""
    require_only(asking.request, "f")
    found = asking.collections
    told = openapi.description(asking.site, asking.city, list(found))
    if not asking.is_html:
        return json_answer(told, OPENAPI)
    return page_answer("Beschreibung", openapi.as_page(told), asking.site.url())


def collections(asking: Asking) -> Response:
    """Answer with all collections."""
    told = [_described(asking, asking.told(one)) for one in asking.collections.values()]
    told.append(records_collection(asking.site, asking.city, is_html=False))
    content = documents.collections(asking.site, told, is_html=asking.is_html)
    return document_answer(asking, "Sammlungen", content)


def collection(asking: Asking) -> Response:
    """Answer with one collection."""
    told = documents.collection(asking.site, asking.named(), is_html=asking.is_html)
    return document_answer(asking, str(told["title"]), told)


def queryables(asking: Asking) -> Response:
    """Answer with the columns of a collection."""
    require_only(asking.request)
    told = asking.named()
    columns = asking.layer(told).columns
    return json_answer(documents.queryables(asking.site, told, columns), SCHEMA)


def items(asking: Asking) -> Response:
    """Answer with the areas of a collection that are asked for."""
    told, window = asking.named(), window_of(asking.asked)
    layer, id_ = asking.layer(told), told.collection.id
    crs = crs_of(asking.asked, layer)
    found = found_in(layer, asking.asked, told.seen.info.reference_date)
    places = found[window.offset : window.offset + window.limit].tolist()
    path = ("collections", id_, "items")
    links = [
        *asking.site.self_links(GEOJSON, asking.is_html, *path),
        *page_links(asking.site, asking.asked, window, len(found), path),
        asking.site.link("collection", JSON, "Sammlung", "collections", id_),
    ]
    if asking.is_html:
        rows = [values_shown(layer.columns, layer.row(place)) for place in places]
        body = rows_body(heads_of(layer.columns), rows, len(found), links)
        return page_answer(_title(told), body, asking.site.url())
    content = collection_bytes(layer, places, crs, len(found), links)
    return raw_answer(content, GEOJSON, **{"content-crs": f"<{crs}>"})


def item(asking: Asking) -> Response:
    """Answer with one area."""
    require_only(asking.request, "f", "crs")
    told = asking.named()
    layer, id_ = asking.layer(told), told.collection.id
    crs, key = crs_of(asking.asked, layer), asking.request.path_params["feature"]
    if key not in layer.places:
        raise not_found()
    place = layer.places[key]
    links = [
        *asking.site.self_links(GEOJSON, asking.is_html, "collections", id_, "items", key),
        asking.site.link("collection", JSON, "Sammlung", "collections", id_),
    ]
    if asking.is_html:
        row = layer.row(place)
        shown = zip(heads_of(layer.columns), values_shown(layer.columns, row), strict=True)
        body = properties_body(dict(shown), links)
        return page_answer(f"{key} {row['name']}", body, asking.site.url())
    content = feature_bytes(layer, place, crs, links)
    return raw_answer(content, GEOJSON, **{"content-crs": f"<{crs}>"})


def document_answer(asking: Asking, title: str, content: Document) -> Response:
    """Answer with a document, as JSON or as a page."""
    require_only(asking.request, "f")
    if asking.is_html:
        return page_answer(title, document_body(content), asking.site.url())
    return json_answer(content)


def _described(asking: Asking, told: Told) -> Document:
    return documents.collection(asking.site, told, is_html=False)


def _title(told: Told) -> str:
    return f"{kind_title(told.seen, told.collection.kind)}, {told.seen.day}"
