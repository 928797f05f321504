"""What a file of boundaries holds before anybody says which columns mean what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from atlas.config import Layer
from atlas.errors import GeographyError
from atlas.geography import gdal
from atlas.geography.attributes import texts_of
from atlas.geography.formats import UnfitFileError, WrongEncodingError
from atlas.geography.snapshot import snapshot
from atlas.legible import garbled

_ENCODINGS = ("utf-8", "cp1252", "cp850")


@dataclass(frozen=True)
class Peek:
    """One layer of a file: every column as texts, one per feature, and the shapes.

    Attributes
    ----------
    layer
        Its name where the file has several; else empty.
    encoding
        What ``areas.toml`` has to say so that letters are read right; else empty.
    """

    path: Path
    layer: str
    columns: Mapping[str, list[str]] = field(repr=False)
    shapes: gpd.GeoSeries = field(repr=False)
    encoding: str = ""

    @property
    def count(self) -> int:
        """Number of features."""
        return len(self.shapes)

    @property
    def crs(self) -> str:
        """Coordinate system that the file names; empty where it names none."""
        return "" if self.shapes.crs is None else str(self.shapes.crs)


def peek(path: Path, scratch_dir: Path | None = None) -> list[Peek]:
    """Read every layer of a file with all its columns.

    Raises
    ------
    GeographyError
        If it is no file of boundaries.
    """
    try:
        return _legible(path, scratch_dir)
    except UnfitFileError as error:
        raise GeographyError(f"Geometrie {path.name}: {error}") from None
    except OSError:
        raise GeographyError(
            f"Geometrie {path.name}: fehlt oder lässt sich nicht öffnen. Pfad und Rechte "
            "prüfen."
        ) from None


def _legible(path: Path, scratch_dir: Path | None) -> list[Peek]:
    """Read a file in the first encoding in which its texts make sense, else as it says."""
    for encoding in ("", *_ENCODINGS):
        try:
            found = _peek(path, encoding, scratch_dir)
        except WrongEncodingError:
            continue
        if not any(garbled(texts) for one in found for texts in one.columns.values()):
            return found
    return _peek(path, "", scratch_dir)


def _peek(path: Path, encoding: str, scratch_dir: Path | None) -> list[Peek]:
    layer = Layer(file=path.name, encoding=encoding)
    with snapshot(path, layer, scratch_dir) as copy:
        names = gdal.layers_of(copy.path)
        frames = [(name, gdal.read(copy.path, name, copy.encoding, None)) for name in names]
    return [
        Peek(path, name if len(names) > 1 else "", _texts(frame), frame.geometry, encoding)
        for name, frame in frames
        if len(frame)
    ]


def _texts(frame: gpd.GeoDataFrame) -> dict[str, list[str]]:
    """Every column as texts; lists and records are none."""
    columns = frame.columns.drop(frame.geometry.name)
    plain = [one for one in columns if not any(map(pd.api.types.is_list_like, frame[one]))]
    return {str(one): texts_of(frame[one]) for one in plain}
