"""GDAL with few drivers and no network: opens what ``formats`` has recognised."""

import re
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import geopandas as gpd
import pyogrio
import pyogrio.core
import pyproj
import shapely

from atlas.geography.formats import WrongEncodingError, unreadable

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


_POLYGON, _COLLECTION = 3, 7
# Labels and lines beside the areas; a layer of anything may hold areas.
_NOT_AREAL = re.compile(r"Point|Line|Circular|^(Compound|Multi)?Curve\b")


def layers_of(path: Path) -> list[str]:
    """Names of the layers that may have areas, sorted; of all with shapes where none has."""
    shapes = _shapes_of(path)
    areal = [name for name, kind in shapes.items() if not _NOT_AREAL.search(kind)]
    return sorted(areal or shapes)


def every_layer_of(path: Path) -> list[str]:
    """Names of all layers with shapes, sorted."""
    return sorted(_shapes_of(path))


def _shapes_of(path: Path) -> dict[str, str]:
    _lock()
    try:
        with _silence():
            return {name: kind for name, kind in pyogrio.list_layers(path) if kind is not None}
    except _ERRORS:
        raise unreadable() from None


def columns_of(path: Path, layer: str) -> list[str]:
    """Names of all columns of a layer."""
    with _silence():
        return [str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]]


def read(
    path: Path, layer: str, encoding: str, columns: Sequence[str] | None
) -> gpd.GeoDataFrame:
    """Read shapes and some columns of a layer, or all; a ring that does not end is closed."""
    _lock()
    try:
        with _silence():
            frame = pyogrio.read_dataframe(
                path,
                layer=layer,
                encoding=encoding or None,
                columns=columns,
                on_invalid="fix",
            )
    except UnicodeDecodeError:
        raise WrongEncodingError from None
    except _ERRORS:
        raise unreadable() from None
    shapes = frame.geometry.to_numpy()
    return frame.set_geometry([_areal(shape) for shape in shapes], crs=frame.crs)


def _areal(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """Areas of a collection: points and lines that an overlay left in it have none."""
    if shape is None or shapely.get_type_id(shape) != _COLLECTION:
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    areas = parts[shapely.get_type_id(parts) == _POLYGON]
    return shapely.multipolygons(areas) if len(areas) else shape


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
