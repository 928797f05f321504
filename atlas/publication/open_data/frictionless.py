"""``datapackage.json``: the data set as a Frictionless Data Package."""

from collections.abc import Sequence

from atlas.config import LICENCES, City
from atlas.publication.open_data.about import About
from atlas.publication.open_data.files import CSV, DataFile, meaning_of

_PROFILES = {True: "tabular-data-resource", False: "data-resource"}


def data_package(about: About, city: City, files: Sequence[DataFile]) -> dict[str, object]:
    """Describe the data set and each of its files."""
    licence = {"name": city.licence, "path": LICENCES.get(city.licence)}
    contributors = []
    if (told := city.open_data) is not None:
        contributors = [
            {"title": told.publisher, "role": "publisher", "path": told.url},
            {"title": told.contact, "role": "contact", "email": told.email},
        ]
    return {
        "profile": "data-package",
        "name": about.name,
        "title": about.title,
        "description": about.text,
        "version": about.version,
        "licenses": [{key: value for key, value in licence.items() if value}],
        "contributors": contributors,
        "sources": [{"title": line} for line in about.sources],
        "keywords": list(about.keywords),
        "resources": [_resource(one) for one in files],
    }


def _resource(file: DataFile) -> dict[str, object]:
    is_table = file.is_plain_csv
    resource: dict[str, object] = {
        "name": file.name.replace(".", "-").lower(),
        "path": file.name,
        "type": "table" if is_table else "file",
        "profile": _PROFILES[is_table],
        "title": file.title,
        "mediatype": file.format.media_type,
        "bytes": len(file.content),
        "hash": f"sha256:{file.sha256}",
    }
    if file.format is CSV:
        resource |= {"format": "csv", "encoding": "utf-8"}
    if is_table:
        fields = [
            {"name": one.name, "title": one.title, "type": one.type}
            | ({"description": meaning} if (meaning := meaning_of(one)) else {})
            for one in file.columns
        ]
        resource["schema"] = {
            "fields": fields,
            "primaryKey": list(file.key),
            "missingValues": [""],
        }
    return resource
