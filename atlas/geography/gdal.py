"""GDAL with few drivers and no network: opens what ``formats`` has recognised."""

import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import geopandas as gpd
import pyogrio
import pyogrio.core
import pyproj
import shapely

from atlas.geography.formats import unreadable

_DRIVERS = frozenset(
    {
        "GPKG",
        "ESRI Shapefile",
        "GeoJSON",
        "ESRIJSON",
        "FlatGeobuf",
        "GML",
        "LIBKML",
        "MapInfo File",
    }
)
# Nobody listens there: whatever still tried to fetch something would be refused at once.
_NOWHERE = "http://127.0.0.1:0"
_OPTIONS = {
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTPS_PROXY": _NOWHERE,
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/vsicurl/none",
    "CPL_AWS_EC2_API_ROOT_URL": _NOWHERE,
    "CPL_GCE_CHECK_LOCAL_FILES": "NO",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_FIELDTYPES": "ALWAYS_STRING",  # without a schema 01 would become 1
    "GML_USE_SCHEMA_IMPORT": "NO",
    "LIBKML_RESOLVE_STYLE": "NO",
    "GDAL_PAM_ENABLED": "NO",
    "SHAPE_RESTORE_SHX": "YES",
}
_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.CRSError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    pyproj.exceptions.ProjError,
    shapely.errors.ShapelyError,
    OSError,
    ValueError,
    TypeError,
    OverflowError,
)


def layers_of(path: Path) -> list[str]:
    """Names of the layers that have shapes, sorted."""
    _lock()
    try:
        with _silence():
            return sorted(n for n, shape in pyogrio.list_layers(path) if shape is not None)
    except _ERRORS:
        raise unreadable() from None


def read(
    path: Path, layer: str, encoding: str, columns: Sequence[str] | None
) -> gpd.GeoDataFrame:
    """Read shapes and some columns of a layer, or all; a ring that does not end is closed."""
    _lock()
    try:
        with _silence():
            return pyogrio.read_dataframe(
                path,
                layer=layer,
                encoding=encoding or None,
                columns=columns,
                on_invalid="fix",
            )
    except _ERRORS:
        raise unreadable() from None


@cache
def _lock() -> None:
    """Take away drivers that follow references, and the ways into the network."""
    others = sorted(set(pyogrio.list_drivers()) - _DRIVERS)
    pyogrio.set_gdal_config_options({**_OPTIONS, "GDAL_SKIP": ",".join(others)})
    # pyogrio has no parameter for allowed drivers; registering again applies GDAL_SKIP.
    pyogrio.core._register_drivers()


def _silence() -> warnings.catch_warnings:
    """Keep English remarks of libraries from the terminal; what matters is checked."""
    return warnings.catch_warnings(action="ignore")
