"""What a backup holds and how a home comes back from one; how it is packed is not known here.

A backup holds everything that cannot be made anew: ``confidential/`` of one city, its releases,
assessments, generated boundaries, and the configuration with its boundaries. It is taken while
nothing else runs. A restore reads everything, and only then lets it appear.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from atlas.confidential.archive import read_archive, write_archive
from atlas.confidential.desk import Desk, only_one
from atlas.confidential.log import now
from atlas.errors import ConfigError, DamageError, ReleaseError
from atlas.home import Home, move_in, open_up
from atlas.integrity import digest_of

# Written anew by every run, so they may differ.
_RENEWED = ("datenstand.json", "anzeige.json")
_NEVER_KEPT = (
    *("scratch", "lock", "originals"),
    *("run.lock", "run.json", "steps.json", "sessions"),  # of the desk, until it starts anew
)
_SCRATCH = ".restore"
_PRIVATE, _OWN = 0o700, 0o600
_UMASK = 0o022


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself.

    Attributes
    ----------
    files
        Name below the home to the digest of the file.
    """

    city: str
    made: str
    files: dict[str, str]

    @property
    def releases(self) -> list[str]:
        """Names of the releases in it."""
        inside = (name.split("/") for name in self.files)
        return sorted({parts[2] for parts in inside if parts[0] == "releases" and parts[3:]})


def back_up(desk: Desk, target: Path, key_path: Path) -> Backup:
    """Write a backup of a city into a new file; it appears whole or not at all.

    Raises
    ------
    ConfigError
        If the file exists, its directory does not, or the key is none.
    DamageError
        If the assessments cannot be copied.
    """
    if not target.parent.is_dir():
        raise ConfigError(
            f"Sicherung {target.name}: ihr Ordner fehlt. Erwartet: ein vorhandener, etwa "
            "auf einem eingehängten Datenträger. Anlegen oder einhängen."
        )
    if target.exists():
        raise ConfigError(
            f"Sicherung {target.name}: gibt es schon. Erwartet: eine neue Datei. Anderen Namen "
            "angeben, etwa mit dem Datum."
        )
    about = {"city": desk.config.city.id, "made": now()}
    scratch = target.with_name(f".{target.name}.new")
    scratch.unlink(missing_ok=True)
    try:
        with only_one(desk), _copied_databases(desk.home) as databases:
            members = {**dict(_members(desk)), **databases}
            with desk.observer.step("Sichern", None):
                written = write_archive(scratch, key_path, members, about)
        scratch.rename(target)
    finally:
        scratch.unlink(missing_ok=True)
    return _backup(target, written)


def check(path: Path, key_path: Path) -> Backup:
    """Read a backup to its end and compare every digest; nothing is written."""
    return _backup(path, read_archive(path, key_path, lambda _: Path(os.devnull).open("wb")))


def restore(path: Path, key_path: Path, home: Home) -> Backup:
    """Bring a city back into a home that has nothing of it, or the same.

    Raises
    ------
    ReleaseError
        If releases lie there that the backup does not know: it is older than they are.
    ConfigError
        If something else lies there that would be lost.
    DamageError
        If the backup is not whole; the home is as it was.
    """
    try:
        with _modes_by_role():
            home.root.mkdir(parents=True, exist_ok=True)
            about = read_archive(path, key_path, lambda name: _place(home, name))
            backup = _backup(path, about)
            _require_room(home, backup)
            _let_appear(home, backup)
    finally:
        for scratch in home.root.glob(f"*/{_SCRATCH}"):
            shutil.rmtree(scratch)
            with suppress(OSError):  # something else lies there
                scratch.parent.rmdir()
    return backup


def _members(desk: Desk) -> Iterator[tuple[str, Path]]:
    city = desk.config.city.id
    kept = {
        f"confidential/{city}": desk.private_dir,
        f"releases/{city}": desk.releases_dir,
        f"geodata/{city}": desk.home.geodata(city),
        f"config/{city}/geodata": desk.geodata_dirs[-1],
    }
    for prefix, directory in kept.items():
        for path in sorted(directory.rglob("*")):
            name = path.relative_to(directory)
            if path.is_file() and not path.is_symlink() and not _is_passing(name):
                yield f"{prefix}/{name.as_posix()}", path
    for path in sorted(desk.city_dir.glob("*.toml")):
        yield f"config/{city}/{path.name}", path


def _is_passing(name: Path) -> bool:
    """Whether a file is of a writer that was killed, or is made anew by every run."""
    return name.parts[0] in _NEVER_KEPT or any(part.startswith(".") for part in name.parts)


@contextmanager
def _modes_by_role() -> Iterator[None]:
    """Make folders readable and closed to other writers, whatever umask the account has."""
    before = os.umask(_UMASK)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _copied_databases(home: Home) -> Iterator[dict[str, Path]]:
    """Copy SQLite files as they stand at one moment, with what is still in their log."""
    with tempfile.TemporaryDirectory() as scratch:
        found = {}
        for path in sorted(home.planning.glob("*.sqlite")):
            copy_database(path, Path(scratch) / path.name)
            found[f"planning/{path.name}"] = Path(scratch) / path.name
        yield found


def copy_database(path: Path, target: Path) -> None:
    """Copy one SQLite file while others write it, and check the copy.

    Raises
    ------
    DamageError
        If it is damaged.
    """
    try:
        try:
            with (
                closing(
                    sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
                ) as one,
                closing(sqlite3.connect(target)) as copy,
            ):
                one.backup(copy)
        except sqlite3.OperationalError:  # nobody has it open, and its directory is read-only
            shutil.copyfile(path, target)
        with closing(sqlite3.connect(target)) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # also its own message may be no text
        said = "unreadable"
    if said != "ok":
        raise DamageError(
            f"Bewertungen planning/{path.name}: die Datenbank ist beschädigt. Erwartet: die "
            "Datei, wie sie geschrieben wurde. Aus der Sicherung zurückholen."
        )


def _backup(path: Path, about: Mapping[str, Any]) -> Backup:
    try:
        return Backup(about["city"], about["made"], dict(about["files"]))
    except (KeyError, TypeError, ValueError):
        raise DamageError(
            f"Sicherung {path.name}: sagt nicht, was sie enthält. Erwartet: eine Datei von "
            "atlas backup. Eine andere Sicherung verwenden."
        ) from None


def _place(home: Home, name: str) -> IO[bytes]:
    """Open a place for one file that is not in force yet, on the disk where it will lie."""
    top, _, rest = name.partition("/")
    target = home.root / top / _SCRATCH / rest
    target.parent.mkdir(parents=True, exist_ok=True)
    (home.root / top / _SCRATCH).chmod(_PRIVATE)
    file = target.open("xb")
    if top == "confidential":
        target.chmod(_OWN)
    return file


def _require_room(home: Home, backup: Backup) -> None:
    """Refuse to replace anything: what lies there must be the same, or nothing."""
    city = backup.city
    unknown = sorted(_unknown_releases(home.releases(city), backup))
    if unknown:
        raise ReleaseError(
            f"Release {unknown[0]}: liegt in releases/{city}, aber nicht so in der Sicherung "
            f"vom {backup.made}. Erwartet: eine Sicherung, die jede Veröffentlichung kennt; "
            "mit einer älteren würden Nummern doppelt vergeben. Neuere Sicherung nehmen oder "
            "in ein leeres Arbeitsverzeichnis wiederherstellen."
        )
    for top in ("confidential", "planning", "geodata", "config"):
        directory = home.root / top / (city if top != "planning" else "")
        for path in _files_in(directory):
            name = path.relative_to(home.root).as_posix()
            is_same = name in backup.files and digest_of(path) == backup.files[name]
            if not is_same and path.name not in _NEVER_KEPT:
                raise ConfigError(
                    f"Arbeitsverzeichnis, {name}: gibt es schon und ist anders als in der "
                    "Sicherung. Erwartet: ein leeres Arbeitsverzeichnis; überschrieben wird "
                    "nichts. Anderes --home angeben oder den alten Ordner umbenennen."
                )


def _unknown_releases(releases_dir: Path, backup: Backup) -> Iterator[str]:
    for path in _files_in(releases_dir):
        name = path.relative_to(releases_dir.parent.parent).as_posix()
        if path.name not in _RENEWED and backup.files.get(name) != digest_of(path):
            yield path.relative_to(releases_dir).parts[0]


def _files_in(directory: Path) -> list[Path]:
    found = directory.rglob("*") if directory.is_dir() else ()
    return sorted(path for path in found if path.is_file() and _SCRATCH not in path.parts)


def _let_appear(home: Home, backup: Backup) -> None:
    """Move in what is not there; the confidential part last, which says that all is there."""
    city = backup.city
    home.create(city)
    releases = home.root / "releases" / _SCRATCH / city
    for path in sorted(releases.iterdir()) if releases.is_dir() else ():
        open_up(path, home.releases(city))
        _move(path, home.releases(city) / path.name)
    for path in sorted((home.planning / _SCRATCH).glob("*")):
        _move(path, home.planning / path.name)
    for top in ("geodata", "config"):
        if (home.root / top / _SCRATCH / city).is_dir():
            _move(home.root / top / _SCRATCH / city, home.root / top / city)
    private = home.root / "confidential" / _SCRATCH / city
    private.chmod(_PRIVATE)
    for path in sorted(private.iterdir()):
        _move(path, home.confidential(city) / path.name)


def _move(scratch: Path, target: Path) -> None:
    if not target.exists():
        move_in(scratch, target)
