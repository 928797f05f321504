"""A release as a complete data set for everybody: data, metadata, README; same bytes again.

Holds what the role ``public`` may see, and nothing else: it is made of the public part of a
release, written as a package of its own.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from atlas.config import City, OpenData
from atlas.publication.export.package import write_public_part
from atlas.publication.open_data.about import About, about
from atlas.publication.open_data.changes import changes_text
from atlas.publication.open_data.csvw import table_group
from atlas.publication.open_data.dcat import DataSet, Distribution, catalogue
from atlas.publication.open_data.files import JSON, JSON_LD, TEXT, DataFile
from atlas.publication.open_data.frictionless import data_package
from atlas.publication.open_data.ngsi_ld import entities
from atlas.publication.open_data.readme import readme
from atlas.publication.open_data.tables import (
    dictionary,
    tables_for_excel,
    tables_of_cells,
    tables_of_kinds,
)
from atlas.publication.seen import Seen, see
from atlas.release import Release


def public_set(release: Release, city: City) -> tuple[DataFile, ...]:
    """Make all files of a release's public data set, sorted by name.

    Parameters
    ----------
    city
        The city as it is configured now: where its data lie moves no release.
    """
    with tempfile.TemporaryDirectory() as scratch:
        public = write_public_part(release, Path(scratch) / release.path.name)
        seen = see(public)
        told = about(seen, city)
        files = list(_data(seen))
        files += _metadata(told, city, files)
        changes = changes_text(release, seen)
    page = readme(seen, city, told, files, changes)
    files.append(DataFile("README.md", "Was die Dateien sind", TEXT, page.encode()))
    if city.open_data is not None:
        content = _as_json(_catalogue(told, city, city.open_data, files))
        title = "Metadaten nach DCAT-AP.de 3.0"
        files.append(DataFile("dcat.jsonld", title, JSON_LD, content))
    return tuple(sorted(files, key=lambda one: one.name))


def folder_name(release: Release) -> str:
    """Name of the folder of a data set, e.g. ``wuppertal-2024-12-31.2``."""
    return f"{release.info.config.city.id}-{release.info.name}"


def _data(seen: Seen) -> Iterator[DataFile]:
    tables = [*tables_of_kinds(seen), *tables_of_cells(seen)]
    yield from tables
    yield dictionary(tables)
    yield from tables_for_excel(seen)
    method = (seen.release.path / "method.md").read_bytes()
    yield DataFile("method.md", "Verfahren, Regeln und Schutz", TEXT, method)
    content = _as_json(entities(seen))
    yield DataFile("areas.ngsi-ld.json", "Gebiete als NGSI-LD-Entitäten", JSON_LD, content)


def _metadata(told: About, city: City, files: Sequence[DataFile]) -> list[DataFile]:
    package = _as_json(data_package(told, city, files))
    group = _as_json(table_group(told, city, files))
    return [
        DataFile("datapackage.json", "Frictionless Data Package", JSON, package),
        DataFile("csv-metadata.json", "CSV on the Web", JSON_LD, group),
    ]


def _catalogue(
    told: About, city: City, open_data: OpenData, files: Sequence[DataFile]
) -> dict[str, object]:
    url = f"{open_data.url}/{told.name}"
    ways = tuple(
        Distribution(
            f"{url}/{file.name}", file.title, file.format, len(file.content), file.sha256
        )
        for file in files
    )
    return catalogue(city, open_data, f"{url}/dcat.jsonld", [DataSet(url, told, ways)])


def _as_json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
