"""A private copy of a file of boundaries: opened without touching the folder of the city.

GDAL writes beside what it opens (``.gfs``, WAL) and reads what lies beside it: the copy has
known parts and names alone.
"""

import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from atlas.config import ContextLayer, Layer
from atlas.geography.encoding import settle_dbf, to_utf8
from atlas.geography.formats import Format, UnfitFileError, format_of, unreadable
from atlas.geography.shapefile import check_parts

_PARTS = {
    Format.SHAPEFILE: ("shx", "dbf", "prj", "cpg"),
    Format.TAB: ("dat", "map", "id", "ind"),
    Format.MIF: ("mid",),
}
_MAINS = frozenset(f".{one}" for one in Format if one is not Format.ZIP)
_KNOWN = _MAINS | {f".{part}" for parts in _PARTS.values() for part in parts}
_MOST_BYTES = 4 * 1024**3
_CHUNK = 1024**2
_PLAIN_NAME = re.compile(r"[\w .()-]{1,100}")
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)


@dataclass(frozen=True)
class Snapshot:
    """The copy of one file and of its parts; ``encoding`` where GDAL has to be told."""

    path: Path
    format: Format
    encoding: str = ""


@contextmanager
def snapshot(
    path: Path, layer: Layer | ContextLayer, scratch_dir: Path | None
) -> Iterator[Snapshot]:
    """Copy a file to a temporary directory, from a ZIP what it holds; gone afterwards.

    Parameters
    ----------
    layer
        Its ``layer`` chooses among the files of a ZIP, its ``encoding`` tells how texts are
        written.
    scratch_dir
        Where the temporary directory is made; None: where the system keeps such.

    Raises
    ------
    UnfitFileError
        If it is none of the formats, or points elsewhere.
    """
    if scratch_dir is not None:
        scratch_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="grenzen-", dir=scratch_dir) as directory:
        if zipfile.is_zipfile(path):
            path = _unpacked(path, Path(directory) / "zip", layer.layer)
        yield _copied(path, Path(directory), layer.encoding)


def _copied(source: Path, directory: Path, encoding: str) -> Snapshot:
    stem = source.stem if _PLAIN_NAME.fullmatch(source.stem) else "grenzen"
    target = directory / stem
    shutil.copyfile(source, target)
    wal = source.with_name(f"{source.name}-wal")
    if wal.is_file():
        shutil.copyfile(wal, directory / f"{stem}-wal")
    if encoding and target.read_bytes()[:1] == b"{":
        to_utf8(target, encoding)
    kind = format_of(target)
    if kind is Format.ZIP:
        raise unreadable("kein heiles ZIP")
    _copy_parts(source, kind, target)
    target = target.rename(directory / f"{stem}.{kind}")
    if kind is Format.SHAPEFILE:
        check_parts(target)
        if not encoding and not target.with_suffix(".cpg").exists():
            encoding = settle_dbf(target.with_suffix(".dbf"))
    return Snapshot(target, kind, encoding if kind in _PARTS else "")


def _copy_parts(source: Path, kind: Format, beside: Path) -> None:
    """Copy the other files of a format beside the copy of the first."""
    for part in source.parent.iterdir() if kind in _PARTS else ():
        suffix = part.suffix.lower()
        if part.stem == source.stem and suffix.removeprefix(".") in _PARTS[kind]:
            shutil.copyfile(part, beside.with_name(f"{beside.name}{suffix}"))


def _unpacked(path: Path, directory: Path, layer: str) -> Path:
    """Unpack and choose the one file of boundaries, in whatever folder it lies."""
    try:
        with zipfile.ZipFile(path) as archive:
            mains = [file for file in _unpack(archive, directory) if _is_main(file)]
    except _ZIP_ERRORS:
        raise unreadable("kein heiles ZIP") from None
    chosen = [file for file in mains if file.stem == layer] if len(mains) > 1 else mains
    if len(chosen) == 1:
        return chosen[0]
    if not mains:
        raise unreadable("ein ZIP ohne Grenzen")
    names = ", ".join(sorted(file.stem for file in mains)[:3])
    raise UnfitFileError(
        f"{len(mains)} Ebenen ({names}). Erwartet: eine. Mit layer in areas.toml eine nennen."
    )


def _is_main(path: Path) -> bool:
    return path.suffix.lower() in _MAINS


def _unpack(archive: zipfile.ZipFile, directory: Path) -> Iterator[Path]:
    folders: dict[str, Path] = {}
    left = _MOST_BYTES
    for member in archive.infolist():
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        if member.is_dir() or inside.suffix.lower() not in _KNOWN or inside.name[0] == ".":
            continue
        if member.file_size > left:
            raise UnfitFileError("entpackt zu groß. Nur die Grenzen in das ZIP legen.")
        folder = folders.setdefault(str(inside.parent), directory / str(len(folders)))
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / inside.name
        _unpack_member(archive, member, target)
        left -= member.file_size
        yield target


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    with archive.open(member) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, _CHUNK)
