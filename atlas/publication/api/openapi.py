"""The interface described by OpenAPI 3.0: what it allows is answered, all else refused."""

from collections.abc import Sequence
from html import escape

from atlas import __version__
from atlas.config import City
from atlas.publication.api.documents import RECORDS, Document
from atlas.publication.api.layer import CRS84, epsg_of, systems_of
from atlas.publication.api.links import GEOJSON, HTML, JSON, JSON_LD, OPENAPI, SCHEMA, Site
from atlas.publication.api.query import DEFAULT, FILTER_LANGUAGE

_PROBLEM = "application/problem+json"
_OBJECT: Document = {"type": "object"}
_PAGE: Document = {"type": "string"}
_REFUSALS = {"400": "Nicht zu lesen", "404": "Gibt es nicht", "406": "Format gibt es nicht"}
_ITEMS = (
    *("f", "limit", "offset", "bbox", "bbox-crs", "datetime", "crs"),
    *("filter", "filter-lang", "filter-crs", "area_id", "name", "parent_id"),
)
_RECORD_ITEMS = ("f", "limit", "offset", "bbox", "datetime", "q", "type", "ids")


def description(site: Site, city: City, ids: Sequence[str]) -> Document:
    """Describe every address.

    Parameters
    ----------
    ids
        Collections of features that exist for whoever asks.
    """
    return {
        "openapi": "3.0.3",
        "info": {
            "title": city.title,
            "version": __version__,
            "description": "Veröffentlichte Zahlen nach Gebieten (OGC API Features, Records). "
            "Jede Spalte einer Sammlung ist auch ein Parameter: `?need_level_all=4`.",
            "license": {"name": city.licence},
        },
        "servers": [{"url": site.base or "/"}],
        "paths": _paths(bool(city.open_data)),
        "components": {
            "parameters": _parameters(ids, systems_of(epsg_of(city.crs))),
            "responses": _responses(),
        },
    }


def as_page(told: Document) -> str:
    """Write the addresses and what each answers, for people."""
    lines = "".join(
        f"<dt><code>{escape(path)}</code></dt><dd>{escape(ways['get']['summary'])}: "
        f"{escape(', '.join(_names(ways['get'])) or 'ohne Parameter')}</dd>"
        for path, ways in told["paths"].items()
    )
    return f"<dl>{lines}</dl>"


def _names(told: Document) -> list[str]:
    return [str(one["$ref"]).rpartition("/")[2] for one in told["parameters"]]


def _paths(has_portal: bool) -> Document:
    one, of_records = "/collections/{collectionId}", f"/collections/{RECORDS}"
    paths = {
        "/": _get("Startseite", ("f",)),
        "/conformance": _get("Erfüllte Normen", ("f",)),
        "/api": _get("Diese Beschreibung", (), kinds=(OPENAPI, HTML)),
        "/collections": _get("Sammlungen", ("f",)),
        one: _get("Eine Sammlung", ("collectionId", "f")),
        f"{one}/queryables": _get("Spalten", ("collectionId",), kinds=(SCHEMA,)),
        f"{one}/items": _get("Gebiete", ("collectionId", *_ITEMS), kinds=(GEOJSON, HTML)),
        f"{one}/items/{{featureId}}": _get(
            "Ein Gebiet", ("collectionId", "featureId", "f", "crs"), kinds=(GEOJSON, HTML)
        ),
        of_records: _get("Die Sammlung der Datensätze", ("f",)),
        f"{of_records}/items": _get("Datensätze", _RECORD_ITEMS, kinds=(GEOJSON, HTML)),
        f"{of_records}/items/{{recordId}}": _get(
            "Ein Datensatz", ("recordId", "f"), kinds=(GEOJSON, HTML)
        ),
    }
    if has_portal:
        paths["/dcat.jsonld"] = _get("Metadaten nach DCAT-AP.de", (), kinds=(JSON_LD,))
    return paths


def _get(title: str, names: Sequence[str], kinds: Sequence[str] = (JSON, HTML)) -> Document:
    content = {kind: {"schema": _PAGE if kind == HTML else _OBJECT} for kind in kinds}
    refused = {code: {"$ref": f"#/components/responses/{code}"} for code in _REFUSALS}
    return {
        "get": {
            "summary": title,
            "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names],
            "responses": {"200": {"description": title, "content": content}, **refused},
        }
    }


def _responses() -> Document:
    kinds = {_PROBLEM: {"schema": _OBJECT}}
    return {code: {"description": word, "content": kinds} for code, word in _REFUSALS.items()}


def _parameters(ids: Sequence[str], systems: Sequence[str]) -> Document:
    text: Document = {"type": "string"}
    crs: Document = {"type": "string", "enum": list(systems), "default": CRS84}
    frame: Document = {
        "type": "array",
        "items": {"type": "number"},
        "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)],
    }
    queries: dict[str, Document] = {
        "f": {"type": "string", "enum": ["json", "html"]},
        "limit": {"type": "integer", "minimum": 1, "default": DEFAULT},
        "offset": {"type": "integer", "minimum": 0, "default": 0},
        "bbox": frame,
        "datetime": {"type": "string", "format": "ogc-datetime", "example": "2020-01-01/.."},
        "filter": {"type": "string", "format": FILTER_LANGUAGE},
        "filter-lang": {"type": "string", "enum": [FILTER_LANGUAGE]},
        **dict.fromkeys(("crs", "bbox-crs", "filter-crs"), crs),
        **dict.fromkeys(("area_id", "name", "parent_id", "q", "type", "ids"), text),
    }
    paths: dict[str, Document] = {
        "collectionId": {"type": "string", "enum": list(ids)},
        **dict.fromkeys(("featureId", "recordId"), text),
    }
    return {
        **{name: _parameter(name, "query", schema) for name, schema in queries.items()},
        **{name: _parameter(name, "path", schema) for name, schema in paths.items()},
    }


def _parameter(name: str, place: str, schema: Document) -> Document:
    told: Document = {"name": name, "in": place, "schema": schema, "required": place == "path"}
    if name == "bbox":
        told |= {"style": "form", "explode": False}
    return told
