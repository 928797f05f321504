"""A short check of DCAT-AP.de 3.0, written from the text of the specification.

Source: https://www.dcat-ap.de/def/dcatde/3.0/spec/ (table of classes, changes by DCAT-AP.de,
controlled vocabularies). Reads JSON-LD that nests its nodes.
"""

import re
from collections.abc import Iterator
from typing import Any

# Required properties of each class.
REQUIRED = {
    "dcat:Catalog": ("dcterms:title", "dcterms:description", "dcterms:publisher"),
    "dcat:Dataset": ("dcterms:title", "dcterms:description", "dcterms:publisher"),
    "dcat:DataService": ("dcat:endpointURL", "dcterms:title", "dcterms:publisher"),
    "dcat:Distribution": ("dcat:accessURL", "dcterms:license"),
    "foaf:Agent": ("foaf:name",),
    "spdx:Checksum": ("spdx:algorithm", "spdx:checksumValue"),
}
# Classes of which one of several properties is required.
ONE_OF = {
    "dcterms:PeriodOfTime": ("dcat:startDate", "dcat:endDate"),
    "vcard:Kind": ("vcard:hasEmail", "vcard:hasURL", "vcard:hasTelephone"),
}
# Properties that may stand once.
ONCE = {
    *("dcterms:publisher", "dcterms:license", "dcatap:availability", "dcterms:format"),
    *("dcat:mediaType", "dcat:byteSize", "spdx:checksum", "dcat:version", "adms:status"),
    *("dcterms:accrualPeriodicity", "dcterms:accessRights"),
}
_EU = "http://publications.europa.eu/resource/authority/"
# Properties that take their values from a list, with the form of its addresses.
LISTS = {
    "dcat:theme": f"{_EU}data-theme/[A-Z]{{4}}",
    "dcterms:language": f"{_EU}language/[A-Z]{{3}}",
    "dcterms:format": f"{_EU}file-type/[A-Z_0-9]+",
    "dcterms:accrualPeriodicity": f"{_EU}frequency/[A-Z_0-9]+",
    "dcterms:accessRights": f"{_EU}access-right/[A-Z_]+",
    "dcatap:availability": f"{_EU}planned-availability/[A-Z]+",
    "adms:status": f"{_EU}distribution-status/[A-Z]+",
    "dcterms:license": "http://dcat-ap.de/def/licenses/.+",
    "dcatde:contributorID": "http://dcat-ap.de/def/contributors/.+",
    "dcatde:politicalGeocodingLevelURI": "http://dcat-ap.de/def/politicalGeocoding/Level/.+",
    "dcat:mediaType": "https://www.iana.org/assignments/media-types/[a-z]+/.+",
    "spdx:algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_.+",
}
_ADDRESSES = ("dcat:accessURL", "dcat:downloadURL", "dcat:endpointURL", "vcard:hasEmail")
_DEPRECATED = ("dcatde:politicalGeocodingURI", "owl:versionInfo", "dcterms:hasVersion")


def violations(catalogue: dict[str, Any]) -> list[str]:
    """List what the specification demands and the catalogue does not have."""
    return sorted(text for node in nodes(catalogue) for text in _violations_of(node))


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every node with a class, nested ones too."""
    if isinstance(value, list):
        for one in value:
            yield from nodes(one)
    elif isinstance(value, dict):
        if "@type" in value and "@value" not in value:
            yield value
        for key, one in value.items():
            if key != "@context":
                yield from nodes(one)


def classes_of(node: dict[str, Any]) -> list[str]:
    kinds = node["@type"]
    return kinds if isinstance(kinds, list) else [kinds]


def _violations_of(node: dict[str, Any]) -> Iterator[str]:
    for kind in classes_of(node):
        yield from _omissions(node, kind)
    for name in node:
        yield from _faults(name, _values(node, name))


def _omissions(node: dict[str, Any], kind: str) -> Iterator[str]:
    for name in REQUIRED.get(kind, ()):
        if not _values(node, name):
            yield f"{kind}: {name} is missing"
    choice = ONE_OF.get(kind)
    if choice and not any(_values(node, name) for name in choice):
        yield f"{kind}: one of {choice} is missing"


def _faults(name: str, values: list[Any]) -> Iterator[str]:
    if name in ONCE and len(values) > 1:
        yield f"{name}: more than once"
    if name in _DEPRECATED:
        yield f"{name}: deprecated"
    for value in values:
        address = value.get("@id") if isinstance(value, dict) else None
        if name in LISTS and not re.fullmatch(LISTS[name], address or ""):
            yield f"{name}: not from its list"
        if name in _ADDRESSES and not address:
            yield f"{name}: no address"


def _values(node: dict[str, Any], name: str) -> list[Any]:
    value = node.get(name, [])
    return value if isinstance(value, list) else [value]
