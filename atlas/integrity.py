"""Whether a file is still what was written: digests of bytes, sealed JSON; knows no content.

Bytes are hashed before anything parses them. Within one process a file that kept its path,
inode, size and time of change is hashed once, so that a page may ask as often as it likes; what
rots on the disk after that is found by the next process.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from atlas.errors import DamageError

_SEALED = frozenset({"format", "program", "sha256", "content"})


@dataclass(frozen=True)
class FileKind:
    """A kind of sealed file.

    Attributes
    ----------
    label
        German, as a message names it.
    format
        Number of the newest format this program reads and writes.
    """

    label: str
    format: int


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal digits."""
    status = path.stat()
    return _digest(path, status.st_ino, status.st_size, status.st_mtime_ns)


def require_digest(path: Path, expected: str, label: str) -> Path:
    """Give back a path whose bytes have this digest, or one that begins so.

    Raises
    ------
    DamageError
        If they have not, or the file is missing.
    """
    try:
        is_whole = bool(expected) and digest_of(path).startswith(expected)
    except FileNotFoundError:
        raise damaged(path, label, "fehlt") from None
    if not is_whole:
        raise damaged(path, label, "die Prüfsumme passt nicht")
    return path


def digest_of_content(content: Any) -> str:
    """SHA-256 of what JSON can say, whatever its spaces and the order of its keys."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def seal(kind: FileKind, content: Any, program: str) -> str:
    """Write content as JSON that carries its format and its own digest."""
    content = json.loads(json.dumps(content))  # as it will be read: texts as keys, lists
    about = {
        "format": kind.format,
        "program": program,
        "sha256": digest_of_content(content),
        "content": content,
    }
    return json.dumps(about, ensure_ascii=False, indent=1)


def unseal(kind: FileKind, path: Path) -> Any:
    """Read sealed JSON; what an earlier program wrote without a seal is given as it is.

    Raises
    ------
    DamageError
        If the file is missing, is no JSON, does not fit its digest, or is of a later format.
    """
    try:
        return unseal_text(kind, path.read_bytes(), path)
    except FileNotFoundError:
        raise damaged(path, kind.label, "fehlt") from None


def unseal_text(kind: FileKind, text: bytes, path: Path) -> Any:
    """Take sealed JSON that was read from a file; errors as ``unseal``."""
    try:
        about = json.loads(text)
    except ValueError:
        raise damaged(path, kind.label, "nicht lesbar") from None
    if not isinstance(about, Mapping):
        raise damaged(path, kind.label, "nicht lesbar")
    if not _SEALED & {*about} - {"content", "format"}:  # before there were seals
        return about
    if {*about} != _SEALED or about["sha256"] != digest_of_content(about["content"]):
        raise damaged(path, kind.label, "die Prüfsumme passt nicht")
    if about["format"] != kind.format:
        raise too_new(path, kind.label, (about["format"], kind.format), about["program"])
    return about["content"]


def with_digest(content: Mapping[str, Any]) -> dict[str, Any]:
    """Let JSON that others read too say its own digest, under one more key."""
    return {**content, "digest": digest_of_content({**content, "digest": None})}


def without_digest(content: Any) -> dict[str, Any]:
    """Take such JSON back; where an earlier program wrote no digest, as it is.

    Raises
    ------
    ValueError
        If it does not fit its digest.
    """
    rest = {**content} if isinstance(content, Mapping) else {}
    if rest.pop("digest", digest := digest_of_content({**rest, "digest": None})) != digest:
        raise ValueError
    return rest


def damaged(path: Path, label: str, what: str) -> DamageError:
    """Say of a file that it is not what was written."""
    return DamageError(
        f"{label} {_short(path)}: {what}. Erwartet: die Datei, wie sie geschrieben wurde. Aus "
        "der Sicherung zurückholen; was sonst zu tun ist, sagt atlas doctor."
    )


def too_new(
    path: Path, label: str, formats: tuple[object, int], program: object
) -> DamageError:
    """Say of a file that a later program wrote it."""
    found, known = formats
    return DamageError(
        f"{label} {_short(path)}: Format {found}, geschrieben von Programmfassung {program}. "
        f"Erwartet: höchstens Format {known}. Mindestens diese Programmfassung verwenden."
    )


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])


@lru_cache(maxsize=50_000)
def _digest(path: Path, _inode: int, _size: int, _changed_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
