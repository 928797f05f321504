"""Views to files: Excel, CSV, GeoPackage, GeoJSON, ZIP. Same release, same bytes.

Computes no number of its own. A file holds shown cells only; a hidden one is there with its
status.
"""

from atlas.publication.export.archive import zip_bytes
from atlas.publication.export.excel import dataset_xlsx_bytes, quartier_xlsx_bytes, xlsx_bytes
from atlas.publication.export.geodata import geojson_bytes, gpkg_bytes
from atlas.publication.export.names import (
    file_name,
    picture_name,
    quartier_table_name,
    release_table_name,
    series_table_name,
    table_name,
)
from atlas.publication.export.public import write_public_part
from atlas.publication.export.text import csv_bytes, dataset_csv_bytes

__all__ = [
    "csv_bytes",
    "dataset_csv_bytes",
    "dataset_xlsx_bytes",
    "file_name",
    "geojson_bytes",
    "gpkg_bytes",
    "picture_name",
    "quartier_table_name",
    "quartier_xlsx_bytes",
    "release_table_name",
    "series_table_name",
    "table_name",
    "write_public_part",
    "xlsx_bytes",
    "zip_bytes",
]
