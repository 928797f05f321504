"""The files of a public data set: what each is, under which names formats are known."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from atlas.publication.export.columns import Column


@dataclass(frozen=True)
class FileFormat:
    """A format as portals know it.

    Attributes
    ----------
    media_type
        As IANA lists it.
    code
        Last part of its address in the list of file types of the European Union.
    """

    label: str
    media_type: str
    code: str


CSV = FileFormat("CSV", "text/csv", "CSV")
PARQUET = FileFormat("Parquet", "application/vnd.apache.parquet", "PARQUET")
GEOPACKAGE = FileFormat("GeoPackage", "application/geopackage+sqlite3", "GPKG")
GEOJSON = FileFormat("GeoJSON", "application/geo+json", "GEOJSON")
EXCEL = FileFormat(
    "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"
)
JSON = FileFormat("JSON", "application/json", "JSON")
JSON_LD = FileFormat("JSON-LD", "application/ld+json", "JSON_LD")
TEXT = FileFormat("Text", "text/markdown", "TXT")


@dataclass(frozen=True)
class DataFile:
    """One file; ``columns`` of a table, ``key`` the columns that name a row."""

    name: str
    title: str
    format: FileFormat
    content: bytes
    columns: tuple[Column, ...] = ()
    key: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Digest of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_plain_csv(self) -> bool:
        """Whether it is a table for machines: commas, points, UTF-8 without a mark."""
        return self.format is CSV and bool(self.columns)


def codes_text(codes: Mapping[str, str]) -> str:
    """Write what codes mean, e.g. ``1 = kein Handlungsbedarf; 2 = …``."""
    return "; ".join(f"{code} = {meaning}" for code, meaning in codes.items())


def meaning_of(column: Column) -> str:
    """Write what a column means, in one paragraph."""
    parts = [column.description.rstrip("."), codes_text(column.codes)]
    text = ". ".join(part for part in parts if part)
    return f"{text}." if text else ""
