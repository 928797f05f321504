"""What the interface says of itself: landing page, conformance, collections, columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from atlas.config import LICENCES, City
from atlas.publication.api.layer import CRS84, storage_crs_of, systems_of
from atlas.publication.api.links import GEOJSON, JSON, JSON_LD, OPENAPI, SCHEMA, Link, Site
from atlas.publication.api.shelf import Collection
from atlas.publication.export.columns import Column
from atlas.publication.open_data.about import bounds_in_degrees, kind_title
from atlas.publication.open_data.files import meaning_of
from atlas.publication.seen import Seen
from atlas.publication.views.notes import credit_lines, release_notes

RECORDS = "datensaetze"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-"
_RECORDS = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
CONFORMANCE = (
    *(f"{_FEATURES}1/1.0/conf/{one}" for one in ("core", "oas30", "html", "geojson")),
    f"{_FEATURES}2/1.0/conf/crs",
    *(
        f"{_FEATURES}3/1.0/conf/{one}"
        for one in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(f"{_CQL2}{one}" for one in ("cql2-text", "basic-cql2")),
    *(
        f"{_RECORDS}{one}"
        for one in ("record-core", "record-collection", "record-core-query-parameters", "json")
    ),
)
_TIME = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"number": "number", "string": "string", "date": "string"}

Document = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A collection, and what its release says of itself."""

    collection: Collection
    seen: Seen


def landing(site: Site, city: City, *, has_portal: bool, is_html: bool) -> Document:
    """Say what this is, and where everything else is."""
    catalogue = {
        "rel": "describedby",
        "type": JSON_LD,
        "title": "Metadaten nach DCAT-AP.de",
        "href": site.url("dcat.jsonld"),
    }
    return {
        "title": city.title,
        "description": f"Veröffentlichte Zahlen der Stadt {city.name} nach Gebieten und "
        "Stichtagen. Wo eine Zahl geheim ist oder fehlt, steht daneben der Status.",
        "attribution": "; ".join(one.text for one in city.credits),
        "links": [
            *site.self_links(JSON, is_html),
            {
                "rel": "service-desc",
                "type": OPENAPI,
                "title": "Beschreibung für Programme (OpenAPI)",
                "href": site.url("api"),
            },
            site.link("service-doc", "text/html", "Beschreibung für Menschen", "api"),
            *site.both("conformance", JSON, "Erfüllte Normen", "conformance"),
            *site.both("data", JSON, "Sammlungen", "collections"),
            *([catalogue] if has_portal else []),
        ],
    }


def conformance(site: Site, *, is_html: bool) -> Document:
    """Name the classes of the standards that are met."""
    return {
        "conformsTo": list(CONFORMANCE),
        "links": site.self_links(JSON, is_html, "conformance"),
    }


def collections(site: Site, told: Iterable[Document], *, is_html: bool) -> Document:
    """List all collections."""
    return {
        "links": site.self_links(JSON, is_html, "collections"),
        "crs": [CRS84],
        "collections": list(told),
    }


def collection(site: Site, told: Told, *, is_html: bool) -> Document:
    """Describe the areas of one kind at one date."""
    one, seen = told.collection, told.seen
    storage = storage_crs_of(seen)
    head = release_notes(seen)
    day = seen.info.reference_date.isoformat()
    name = kind_title(seen, one.kind)
    when = f"neuester Stand ({head.day})" if one.is_newest else f"Stand {head.day}"
    remarks = [head.state, *head.badges, *filter(None, [head.missing])]
    return {
        "id": one.id,
        "title": f"{name}, {when}",
        "description": f"{head.title}: {name}, Stichtag {head.day}; {'; '.join(remarks)}.",
        "attribution": "; ".join(credit_lines(seen)),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(bounds_in_degrees(seen, one.kind))], "crs": CRS84},
            "temporal": {"interval": [[f"{day}T00:00:00Z", f"{day}T23:59:59Z"]], "trs": _TIME},
        },
        "crs": list(systems_of(storage)),
        "storageCrs": storage,
        "links": [
            *site.self_links(JSON, is_html, "collections", one.id),
            *site.both("items", GEOJSON, "Gebiete", "collections", one.id, "items"),
            {
                "rel": "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                "type": SCHEMA,
                "title": "Spalten, nach denen gefragt werden kann",
                "href": site.url("collections", one.id, "queryables"),
            },
            license_link(seen),
        ],
    }


def queryables(site: Site, told: Told, columns: Iterable[Column]) -> Document:
    """Describe the columns of a collection as JSON Schema."""
    return {
        "$schema": _SCHEMA,
        "$id": site.url("collections", told.collection.id, "queryables"),
        "type": "object",
        "title": told.seen.plural(told.collection.kind),
        "properties": {one.name: _property(one) for one in columns},
        "additionalProperties": False,
    }


def license_link(seen: Seen) -> Link:
    """Link to the licence."""
    licence = seen.config.city.licence
    url = LICENCES.get(licence, f"https://spdx.org/licenses/{licence}")
    return {"rel": "license", "type": "text/html", "title": licence, "href": url}


def _property(column: Column) -> Document:
    told: Document = {"title": column.title, "type": _TYPES[column.type]}
    if column.type == "date":
        told["format"] = "date"
    if column.unit:
        told["x-ogc-unit"] = column.unit
    if meaning := meaning_of(column):
        told["description"] = meaning
    return told
