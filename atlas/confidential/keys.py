"""Secret keys of an office: one per generation of person hashes, one for the order of ties."""

import re
import secrets
from pathlib import Path

from atlas.home import replacing

_KEY_BYTES = 32
_PERSON = re.compile(r"person\.(\d+)\.key")


def person_key(keys_dir: Path) -> tuple[int, bytes]:
    """Read the key of the current generation of person hashes; the first call makes it."""
    generation = max(_generations(keys_dir), default=1)
    return generation, _read_or_make(keys_dir / f"person.{generation}.key")


def rotate_person_key(keys_dir: Path) -> int:
    """Begin a new generation; hashes of different generations do not match each other."""
    generation = max(_generations(keys_dir), default=0) + 1
    _read_or_make(keys_dir / f"person.{generation}.key")
    return generation


def order_key(keys_dir: Path) -> bytes:
    """Read the key by which protection breaks ties; the first call makes it."""
    return _read_or_make(keys_dir / "order.key")


def _generations(keys_dir: Path) -> list[int]:
    names = keys_dir.iterdir() if keys_dir.is_dir() else ()
    return [int(match[1]) for path in names if (match := _PERSON.fullmatch(path.name))]


def _read_or_make(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as scratch:
            scratch.touch(0o600)
            scratch.write_bytes(secrets.token_bytes(_KEY_BYTES))
    return path.read_bytes()
