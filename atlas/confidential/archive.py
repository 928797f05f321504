"""The file of a backup: a tar inside an age envelope; what lies in it is not known here.

``age -d -i KEY FILE | tar x`` opens it without this program. Both ways are streams: nothing
lies unencrypted beside the archive, and memory does not grow with it. The last member,
``manifest.json``, names the digest of every other one.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

from atlas import __version__
from atlas.errors import ConfigError, DamageError
from atlas.integrity import FileKind, seal, unseal_text

MANIFEST = FileKind("Sicherung, Verzeichnis", 1)
_MANIFEST_NAME = "manifest.json"
_PIECE = 1 << 20
_PRIVATE = 0o600
_READER_ERRORS = (tarfile.TarError, EOFError, ValueError, KeyError)

Take = Callable[[str], IO[bytes]]
"""Opens the place to which a member is written."""


def make_key(path: Path) -> None:
    """Write a new key for backups, readable by its owner alone.

    Raises
    ------
    ConfigError
        If there is a file already: backups made with its key would become unreadable.
    """
    identity = pyrage.x25519.Identity.generate()
    text = (
        "# Schlüssel der Sicherungen (age). Ohne ihn ist keine Sicherung lesbar: getrennt von\n"
        "# ihnen verwahren, auch ausgedruckt. Zum Sichern genügt die Zeile mit age1.\n"
        f"# {identity.to_public()}\n{identity}\n"
    )
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w") as f:
            f.write(text)
    except FileExistsError:
        raise ConfigError(
            f"Schlüssel {path.name}: gibt es schon. Erwartet: eine neue Datei. Den vorhandenen "
            "Schlüssel weiter benutzen oder einen anderen Namen angeben."
        ) from None


def can_open(key_path: Path) -> bool:
    """Whether this is the whole key, not its public part alone."""
    return _key_text(key_path).startswith("AGE-SECRET-KEY-")


def write_archive(
    path: Path, key_path: Path, members: Mapping[str, Path], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Write members into a new file, encrypted for whoever holds the key.

    Returns
    -------
        What the manifest says.

    Raises
    ------
    ConfigError
        If the key cannot be used, or there is no room for the archive.
    OSError
        If a member cannot be read, or the archive not be made.
    """
    recipient = _recipient(key_path)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(opened, "wb") as f, _pipe() as (plain, sink), ThreadPoolExecutor(1) as pool:
        packing = pool.submit(_pack, sink, members, about)
        try:
            pyrage.encrypt_io(plain, f, [recipient])
        except pyrage.EncryptError:
            raise ConfigError(
                f"Sicherung {path.name.strip('.').removesuffix('.new')}: nicht zu schreiben. "
                "Erwartet: genug freier Platz, wo sie liegen soll. Platz schaffen oder einen "
                "anderen Ort angeben."
            ) from None
        finally:
            plain.close()  # a packer that still writes must not wait for ever
        return packing.result()


def read_archive(path: Path, key_path: Path, take: Take) -> Any:
    """Read every member, hand it on, and give what the manifest says of the backup.

    Nothing that was handed on may be used before this returns.

    Raises
    ------
    ConfigError
        If the key is none for this backup.
    DamageError
        If the file is cut off, changed, or a member does not fit its digest.
    """
    identity = _identity(key_path)
    with _pipe() as (plain, sink), ThreadPoolExecutor(1) as pool:
        opening = pool.submit(_open, path, identity, sink)
        try:
            manifest, found = _unpack(plain, take)
        except _READER_ERRORS:
            plain.close()
            opening.result()
            raise _broken(path) from None
        finally:
            plain.close()
        opening.result()
    return _checked(path, manifest, found)


def _checked(path: Path, manifest: bytes, found: Mapping[str, str]) -> Any:
    about = unseal_text(MANIFEST, manifest, path)
    if about.get("files") != found:
        differing = sorted({*about.get("files", {}).items()} ^ {*found.items()})
        raise DamageError(
            f"Sicherung {path.name}, Datei {differing[0][0]}: nicht so, wie sie gesichert "
            "wurde. Erwartet: jede Datei des Verzeichnisses. Eine andere Sicherung verwenden."
        )
    return about


@contextmanager
def _pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as plain, os.fdopen(write_end, "wb") as sink:
        yield plain, sink


def _pack(
    sink: IO[bytes], members: Mapping[str, Path], about: Mapping[str, Any]
) -> dict[str, Any]:
    files: dict[str, str] = {}
    with sink, tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, path in sorted(members.items()):
            with path.open("rb") as file:
                info = tar.gettarinfo(arcname=name, fileobj=file)
                hashing = _Hashing(file)
                tar.addfile(info, hashing)
            files[name] = hashing.digest.hexdigest()
        manifest = {**about, "files": files}
        text = seal(MANIFEST, manifest, __version__).encode("utf-8", "surrogatepass")
        info = tarfile.TarInfo(_MANIFEST_NAME)
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
    return manifest


def _unpack(plain: IO[bytes], take: Take) -> tuple[bytes, dict[str, str]]:
    manifest, found = b"", {}
    with tarfile.open(fileobj=plain, mode="r|") as tar:
        for info in tar:
            source = tar.extractfile(info)
            if source is None or not _is_below(info.name):
                raise tarfile.TarError
            if info.name == _MANIFEST_NAME:
                manifest = source.read()
                continue
            hashing = _Hashing(source)
            with take(info.name) as target:
                while piece := hashing.read(_PIECE):
                    target.write(piece)
            found[info.name] = hashing.digest.hexdigest()
    while plain.read(_PIECE):  # the rest, so that the end is checked too
        pass
    return manifest, found


class _Hashing(io.RawIOBase):
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _open(path: Path, identity: Any, sink: IO[bytes]) -> None:
    try:
        with path.open("rb") as file, sink:
            pyrage.decrypt_io(file, sink, [identity])
    except pyrage.DecryptError:
        raise ConfigError(
            f"Sicherung {path.name}: keine Sicherung, oder nicht für diesen Schlüssel. "
            "Erwartet: der Schlüssel, mit dem sie gemacht wurde. Angabe --key prüfen."
        ) from None
    except FileNotFoundError:
        raise ConfigError(
            f"Sicherung {path.name}: fehlt. Erwartet: eine Datei von atlas backup. Angabe "
            "prüfen."
        ) from None
    except OSError:
        raise _broken(path) from None


def _is_below(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _recipient(key_path: Path) -> Any:
    text = _key_text(key_path)
    try:
        if text.startswith("age1"):
            return pyrage.x25519.Recipient.from_str(text)
        return pyrage.x25519.Identity.from_str(text).to_public()
    except (pyrage.RecipientError, pyrage.IdentityError):
        raise _no_key(key_path) from None


def _identity(key_path: Path) -> Any:
    try:
        return pyrage.x25519.Identity.from_str(_key_text(key_path))
    except pyrage.IdentityError:
        raise _no_key(key_path) from None


def _key_text(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise _no_key(path) from None
    return next((line.strip() for line in lines if line.strip() and line[0] != "#"), "")


def _no_key(path: Path) -> ConfigError:
    return ConfigError(
        f"Schlüssel {path.name}: kein Schlüssel für Sicherungen. Erwartet: die Datei von atlas "
        "key backup. Angabe --key oder ATLAS_BACKUP_KEY prüfen."
    )


def _broken(path: Path) -> DamageError:
    return DamageError(
        f"Sicherung {path.name}: abgeschnitten oder verändert. Erwartet: die Datei, wie atlas "
        "backup sie geschrieben hat. Eine andere Sicherung verwenden."
    )
