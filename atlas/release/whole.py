"""Whether a release is still what was written.

``datapackage.json`` names the digest of every other file; ``datapackage.json.sha256`` is the
digest of that file, in the form ``sha256sum -c`` reads. Releases from before there were seals
open too: then the list itself is not checked.
"""

import json
import re
from pathlib import Path
from typing import Any

from atlas.errors import DamageError, ReleaseError
from atlas.home import write_file
from atlas.integrity import digest_of, require_digest

PACKAGE = "datapackage.json"
SEAL = f"{PACKAGE}.sha256"
_RELEASE = re.compile(r"\d{4}-\d{2}-\d{2}\.\d+")


def write_seal(directory: Path) -> None:
    """Write the digest of the list of files beside it."""
    write_file(directory / SEAL, f"{digest_of(directory / PACKAGE)}  {PACKAGE}\n".encode())


def is_sealed(path: Path) -> bool:
    """Whether the list of files itself can be checked."""
    return (path / SEAL).exists()


def require_package(path: Path) -> Any:
    """Read ``datapackage.json``, checked against its seal.

    Raises
    ------
    ReleaseError
        If it is missing, no JSON, not as it was written, or of another release.
    """
    try:
        if is_sealed(path):
            digest, name = (path / SEAL).read_text(encoding="ascii").split()
            if name != PACKAGE or digest != digest_of(path / PACKAGE):
                raise no_package(path)
        package = json.loads((path / PACKAGE).read_bytes())
    except (OSError, ValueError):
        raise no_package(path) from None
    _require_own_name(path, package)
    return package


def _require_own_name(path: Path, package: Any) -> None:
    """Refuse a release that lies under the name of another one."""
    told = str(package.get("name", "")) if isinstance(package, dict) else ""
    name = told.partition("-")[2]
    if name and _RELEASE.fullmatch(path.name) and name != path.name:
        raise ReleaseError(
            f"Release {path.name}: in seinem Ordner liegt {name}. Erwartet: jede "
            "Veröffentlichung unter ihrem Namen. Die Ordner aus der Sicherung zurückholen."
        )


def require_file(path: Path, name: str) -> None:
    """Check one file of a release against the list; errors as ``require_files``."""
    if name not in (listed := _listed(path)):
        raise _changed(path, name)
    _require(path, name, listed[name])


def require_files(path: Path) -> None:
    """Check every file that a release lists.

    Raises
    ------
    ReleaseError
        Naming the first file that is missing or not as it was written.
    """
    for name, digest in _listed(path).items():
        _require(path, name, digest)


def is_whole(path: Path) -> bool:
    """Whether every file that a release lists is as it was written."""
    try:
        require_files(path)
    except ReleaseError:
        return False
    return True


def no_package(path: Path) -> ReleaseError:
    """Say that a directory does not tell what it is."""
    return ReleaseError(
        f"Release {path.name}: datapackage.json fehlt, ist beschädigt oder hat ein anderes "
        "Format. Erwartet: ein Ordner unter releases/<Stadt>/, wie er geschrieben wurde. "
        "Angabe prüfen, sonst den Ordner aus der Sicherung zurückholen."
    )


def _listed(path: Path) -> dict[str, str]:
    package = require_package(path)
    try:
        found = {
            one["path"]: one["hash"].removeprefix("sha256:") for one in package["resources"]
        }
    except (KeyError, TypeError, AttributeError):
        raise no_package(path) from None
    if any(".." in Path(name).parts or Path(name).is_absolute() for name in found):
        raise no_package(path)
    return found


def _require(path: Path, name: str, digest: str) -> None:
    try:
        require_digest(path / name, digest, "Datei")
    except (DamageError, OSError):
        raise _changed(path, name) from None


def _changed(path: Path, name: str) -> ReleaseError:
    return ReleaseError(
        f"Release {path.name}, Datei {name}: fehlt oder ist beschädigt, die Prüfsumme passt "
        "nicht. Erwartet: die Datei, wie sie veröffentlicht wurde. Den Ordner aus der "
        "Sicherung zurückholen; sonst baut atlas run den Stichtag neu."
    )
