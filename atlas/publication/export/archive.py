"""A whole release as one ZIP; same release, same bytes."""

import io
import zipfile

from atlas.release import Release

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o644 << 16


def zip_bytes(release: Release) -> bytes:
    """Every file of the release, sorted by name, in a folder that names it."""
    folder = f"{release.info.config.city.id}_{release.info.name}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in release.path.rglob("*") if path.is_file()):
            name = path.relative_to(release.path).as_posix()
            entry = zipfile.ZipInfo(f"{folder}/{name}", _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()
