"""``csv-metadata.json``: the tables for readers of CSV on the Web (W3C)."""

from collections.abc import Sequence

from atlas.config import LICENCES, City
from atlas.publication.export.columns import Column
from atlas.publication.open_data.about import About
from atlas.publication.open_data.files import DataFile, meaning_of

_TYPES = {"number": "double", "string": "string", "date": "date"}


def table_group(about: About, city: City, files: Sequence[DataFile]) -> dict[str, object]:
    """Describe every table, and each of its columns."""
    licence = LICENCES.get(city.licence, city.licence)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
        "dc:title": about.title,
        "dc:description": about.text,
        "dc:license": {"@id": licence} if "://" in licence else licence,
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True},
        "tables": [
            {
                "url": file.name,
                "dc:title": file.title,
                "tableSchema": {
                    "columns": [_column(one) for one in file.columns],
                    "primaryKey": list(file.key),
                },
            }
            for file in files
            if file.is_plain_csv
        ],
    }


def _column(column: Column) -> dict[str, object]:
    told: dict[str, object] = {
        "titles": column.name,
        "name": column.name,
        "datatype": _TYPES[column.type],
        "dc:title": column.title,
    }
    if meaning := meaning_of(column):
        told["dc:description"] = meaning
    return told
