"""Whether the parts of a Shapefile are whole and belong together: none is lost unseen."""

from pathlib import Path

from atlas.geography.formats import UnfitFileError

_HEADER = 100
_RECORD_HEADER = 8
_WORD = 2
_ROWS, _START, _WIDTH = slice(4, 8), slice(8, 10), slice(10, 12)


def check_parts(shp_path: Path) -> None:
    """Compare shapes with rows of the table beside them.

    Raises
    ------
    UnfitFileError
        If the table is missing, a file is cut off, or one is of another Shapefile.
    """
    dbf_path = shp_path.with_suffix(".dbf")
    if not dbf_path.is_file():
        raise UnfitFileError(
            "Shapefile ohne .dbf, in der Schlüssel und Namen stehen. Alle Teile (.shp, .shx, "
            ".dbf, .prj) nebeneinander ablegen."
        )
    shapes, rows = _count_shapes(shp_path), _count_rows(dbf_path)
    if shapes != rows:
        raise UnfitFileError(
            f"Shapefile mit {shapes} Flächen in .shp und {rows} Zeilen in .dbf. Erwartet: "
            "gleich viele. Alle Teile zusammen neu exportieren."
        )


def _count_shapes(path: Path) -> int:
    size, place, count = path.stat().st_size, _HEADER, 0
    with path.open("rb") as file:
        while place + _RECORD_HEADER <= size:
            file.seek(place + _RECORD_HEADER // 2)
            place += _RECORD_HEADER + _WORD * int.from_bytes(file.read(4), "big")
            count += 1
    if place != size:
        raise _cut_off(path)
    return count


def _count_rows(path: Path) -> int:
    with path.open("rb") as file:
        head = file.read(_HEADER)
    rows, start, width = (
        int.from_bytes(head[part], "little") for part in (_ROWS, _START, _WIDTH)
    )
    if path.stat().st_size < start + rows * width:
        raise _cut_off(path)
    return rows


def _cut_off(path: Path) -> UnfitFileError:
    return UnfitFileError(
        f"Shapefile, dessen {path.suffix} abgeschnitten ist. Alle Teile neu übertragen."
    )
