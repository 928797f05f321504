"""``dcat.jsonld``: catalogue, data sets and files by DCAT-AP.de 3.0, as JSON-LD.

Source: https://www.dcat-ap.de/def/dcatde/3.0/spec/. No date of publication is told: a release
knows no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.config import LICENCES, City, OpenData
from atlas.publication.open_data.about import About
from atlas.publication.open_data.files import FileFormat

_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority"
_GEOCODING = "http://dcat-ap.de/def/politicalGeocoding"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
_CRS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_COMPLETED = f"{_EU}/distribution-status/COMPLETED"
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_PUBLISHER_TYPE = "http://purl.org/adms/publishertype/LocalAuthority"
_MUNICIPALITY_DIGITS = 8

Node = dict[str, object]


@dataclass(frozen=True)
class Distribution:
    """One way to the data: an address, and of a file its size and digest."""

    url: str
    title: str
    format: FileFormat
    bytes: int | None = None
    sha256: str = ""
    conforms_to: str = ""


@dataclass(frozen=True)
class DataSet:
    """A release with its address and the ways to it."""

    url: str
    about: About
    distributions: tuple[Distribution, ...]


def catalogue(city: City, told: OpenData, url: str, sets: Sequence[DataSet]) -> Node:
    """Write the catalogue of a city with all its data sets.

    Parameters
    ----------
    url
        Address of the catalogue itself.
    """
    publisher = _publisher(told)
    return {
        "@context": _CONTEXT,
        "@id": url,
        "@type": "dcat:Catalog",
        "dcterms:title": _text(city.title),
        "dcterms:description": _text(f"Veröffentlichte Stände: {city.title}"),
        "dcterms:publisher": publisher,
        "dcterms:language": _id(f"{_EU}/language/DEU"),
        "dcterms:license": _id(LICENCES[city.licence]),
        "foaf:homepage": _id(told.url),
        "dcat:themeTaxonomy": _id(f"{_EU}/data-theme"),
        "dcatap:availability": _availability(),
        "dcat:dataset": [_data_set(city, told, one) for one in sets],
    }


def _data_set(city: City, told: OpenData, one: DataSet) -> Node:
    about = one.about
    node: Node = {
        "@id": one.url,
        "@type": "dcat:Dataset",
        "dcterms:title": _text(about.title),
        "dcterms:description": _text(about.text),
        "dcterms:identifier": about.name,
        "dcterms:publisher": _publisher(told),
        "dcat:contactPoint": {
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": told.contact,
            "vcard:hasEmail": _id(f"mailto:{told.email}"),
        },
        "dcat:theme": [_id(f"{_EU}/data-theme/{code}") for code in ("SOCI", "REGI")],
        "dcat:keyword": [_text(word) for word in about.keywords],
        "dcat:version": about.version,
        "dcatde:politicalGeocodingLevelURI": _id(f"{_GEOCODING}/Level/{told.level}"),
        "dcatap:availability": _availability(),
        "dcterms:accessRights": _id(f"{_EU}/access-right/PUBLIC"),
        "dcterms:accrualPeriodicity": _id(f"{_EU}/frequency/{told.frequency}"),
        "dcterms:language": _id(f"{_EU}/language/DEU"),
        "dcterms:spatial": _places(city, about),
        "dcterms:temporal": {
            "@type": "dcterms:PeriodOfTime",
            "dcat:startDate": _date(about),
            "dcat:endDate": _date(about),
        },
        "dcterms:provenance": {
            "@type": "dcterms:ProvenanceStatement",
            "http://www.w3.org/2000/01/rdf-schema#label": _text("; ".join(about.sources)),
        },
        "dcat:distribution": [_distribution(city, told, way) for way in one.distributions],
    }
    if told.contributor_id:
        node["dcatde:contributorID"] = _id(told.contributor_id)
    if about.previous:
        node["adms:versionNotes"] = _text(f"Ersetzt {about.previous}: {about.notes}")
    return node


def _distribution(city: City, told: OpenData, way: Distribution) -> Node:
    node: Node = {
        "@id": f"{way.url}#distribution",
        "@type": "dcat:Distribution",
        "dcterms:title": _text(way.title),
        "dcat:accessURL": _id(way.url),
        "dcterms:license": _id(LICENCES[city.licence]),
        "dcatde:licenseAttributionByText": _text(told.attribution or told.publisher),
        "dcterms:format": _id(f"{_EU}/file-type/{way.format.code}"),
        "dcat:mediaType": _id(f"{_MEDIA_TYPES}/{way.format.media_type}"),
        "dcatap:availability": _availability(),
        "adms:status": _id(_COMPLETED),
    }
    if way.bytes is not None:
        node["dcat:downloadURL"] = _id(way.url)
        node["dcat:byteSize"] = _typed(str(way.bytes), "xsd:nonNegativeInteger")
        node["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _id(_SHA256),
            "spdx:checksumValue": _typed(way.sha256, "xsd:hexBinary"),
        }
    if way.conforms_to:
        node["dcterms:conformsTo"] = _id(way.conforms_to)
    return node


def _places(city: City, about: About) -> list[Node]:
    west, south, east, north = about.bbox
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ", ".join(f"{x} {y}" for x, y in corners)
    frame: Node = {
        "@type": "dcterms:Location",
        "dcat:bbox": _typed(f"<{_CRS}> POLYGON(({ring}))", "geo:wktLiteral"),
    }
    if len(city.key) != _MUNICIPALITY_DIGITS or not city.key.isdigit():
        return [frame]
    return [_id(f"{_GEOCODING}/municipalityKey/{city.key}"), frame]


def _publisher(told: OpenData) -> Node:
    return {
        "@id": f"{told.url}#publisher",
        "@type": "foaf:Agent",
        "foaf:name": _text(told.publisher),
        "dcterms:type": _id(_PUBLISHER_TYPE),
    }


def _availability() -> Node:
    return _id(f"{_EU}/planned-availability/AVAILABLE")


def _date(about: About) -> Node:
    return _typed(about.day.isoformat(), "xsd:date")


def _text(text: str) -> Node:
    return {"@value": text, "@language": "de"}


def _typed(value: str, kind: str) -> Node:
    return {"@value": value, "@type": kind}


def _id(address: str) -> Node:
    return {"@id": address}
