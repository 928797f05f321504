"""Every release in force as a record of its metadata (OGC API Records).

Source: OGC 20-004r1. One record per release: what it is, of when and where, and the ways to it.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from atlas.config import City
from atlas.publication.api.documents import RECORDS, Document, license_link
from atlas.publication.api.faults import RequestError
from atlas.publication.api.layer import CRS84
from atlas.publication.api.links import GEOJSON, JSON, Link, Site
from atlas.publication.api.query import Frame, frame_of, meets_day
from atlas.publication.api.shelf import Collection
from atlas.publication.open_data.about import About, about
from atlas.publication.seen import Seen

PARAMETERS = ("f", "limit", "offset", "bbox", "datetime", "q", "type", "ids", "externalIds")
_TYPE = "dataset"


def records_collection(site: Site, city: City, *, is_html: bool) -> Document:
    """Describe the collection of the records itself."""
    return {
        "id": RECORDS,
        "title": "Datensätze",
        "description": f"Metadaten aller geltenden Veröffentlichungen: {city.title}",
        "itemType": "record",
        "type": "Collection",
        "crs": [CRS84],
        "links": [
            *site.self_links(JSON, is_html, "collections", RECORDS),
            *site.both("items", GEOJSON, "Datensätze", "collections", RECORDS, "items"),
        ],
    }


def record(site: Site, city: City, seen: Seen, ways: Sequence[Collection]) -> Document:
    """Write the record of one release.

    Parameters
    ----------
    ways
        Its collections that exist for whoever asks.
    """
    told = about(seen, city)
    return {
        "id": told.name,
        "type": "Feature",
        "conformsTo": ["http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"],
        "time": {"date": told.day.isoformat()},
        "geometry": _polygon(told),
        "bbox": list(told.bbox),
        "properties": {
            "type": _TYPE,
            "title": told.title,
            "description": told.text,
            "language": {"code": "de", "name": "Deutsch"},
            "keywords": list(told.keywords),
            "contacts": _contacts(city),
            "license": city.licence,
            "rights": "; ".join(told.sources),
            "version": told.version,
        },
        "links": [
            site.link("self", GEOJSON, told.title, "collections", RECORDS, "items", told.name),
            {
                "rel": "collection",
                "type": JSON,
                "title": "Datensätze",
                "href": site.url("collections", RECORDS),
            },
            *(_way(site, seen, one) for one in ways),
            license_link(seen),
        ],
    }


def chosen(found: Sequence[Document], asked: Mapping[str, str]) -> list[Document]:
    """Leave the records that a request asks for.

    Raises
    ------
    RequestError
        If a parameter cannot be read or is not known.
    """
    for name in asked:
        if name not in PARAMETERS:
            raise RequestError(400, f"Parameter {name[:60]}: gibt es hier nicht.")
    frame = frame_of(asked) if "bbox" in asked else None
    return [one for one in found if _is_asked(one, asked, frame)]


def _is_asked(one: Document, asked: Mapping[str, str], frame: Frame | None) -> bool:
    told, time = one["properties"], one["time"]
    words = " ".join((told["title"], told["description"], *told["keywords"])).lower()
    return (
        meets_day(asked.get("datetime"), date.fromisoformat(time["date"]))
        and (frame is None or _touches(one["bbox"], frame))
        and ("ids" not in asked or one["id"] in asked["ids"].split(","))
        and ("type" not in asked or _TYPE in asked["type"].split(","))
        and "externalIds" not in asked
        and any(part.strip().lower() in words for part in asked.get("q", "").split(","))
    )


def _touches(own: list[float], frame: Frame) -> bool:
    west, south, east, north = frame
    return bool(own[0] <= east and west <= own[2] and own[1] <= north and south <= own[3])


def _contacts(city: City) -> list[Document]:
    told = city.open_data
    if told is None:
        return [{"name": city.title, "roles": ["publisher"]}]
    return [
        {"organization": told.publisher, "roles": ["publisher"]},
        {
            "organization": told.contact,
            "emails": [{"value": told.email}],
            "roles": ["pointOfContact"],
        },
    ]


def _way(site: Site, seen: Seen, one: Collection) -> Link:
    return {
        "rel": "item",
        "type": GEOJSON,
        "title": seen.plural(one.kind),
        "href": site.url("collections", one.id, "items"),
    }


def _polygon(told: About) -> Document:
    west, south, east, north = told.bbox
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
