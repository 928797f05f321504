"""A release that is no longer in force: the mark beside it, which says when and why.

The release itself never changes and stays readable; ``<release>.zurueckgezogen.json`` beside it
takes it out of force in one step. Who withdrew it stands in the office's log alone.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from atlas.config import Model
from atlas.home import share_file
from atlas.integrity import with_digest, without_digest

_SUFFIX = ".zurueckgezogen.json"
_UNREADABLE = "Die Begründung ist nicht lesbar."


class Withdrawal(Model):
    """Content of the mark; ``release`` is the name of the release beside it."""

    format: Literal[1] = 1
    release: str
    when: datetime
    reason: str


def mark_path(release: Path) -> Path:
    """Where the mark of a release lies, if it has one."""
    return release.with_name(f"{release.name}{_SUFFIX}")


def write_mark(release: Path, withdrawal: Withdrawal) -> None:
    """Take a release out of force, in one step."""
    told = with_digest(withdrawal.model_dump(mode="json"))
    content = json.dumps(told, ensure_ascii=False, indent=1)
    share_file(mark_path(release), f"{content}\n".encode())


def read_withdrawal(release: Path) -> Withdrawal | None:
    """Say when and why a release was withdrawn; ``None`` if it was not.

    A mark that cannot be read still counts: what was withdrawn does not come back by damage.
    """
    path = mark_path(release)
    try:
        return _read(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ValidationError):
        when = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        return Withdrawal(release=release.name, when=when, reason=_UNREADABLE)


def is_mark_whole(release: Path) -> bool:
    """Whether the mark of a withdrawn release is there, as it was written and its own."""
    try:
        return _read(mark_path(release)).release == release.name
    except (OSError, ValueError, ValidationError):
        return False


def _read(path: Path) -> Withdrawal:
    return Withdrawal.model_validate(without_digest(json.loads(path.read_bytes())))
