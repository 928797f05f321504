"""The append-only log of an office: who did what to which delivery or release; no values."""

import getpass
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Event:
    """One line of the log.

    Attributes
    ----------
    what
        ``accepted``, ``refused``, ``built``, ``verified``, ``approved``, ``published``.
    subject
        A delivery (``layout 2024-12-31.1``) or a release (``2024-12-31.1``).
    """

    when: str
    who: str
    what: str
    subject: str
    details: dict[str, str]


def now() -> str:
    """Present time as ISO text in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def user() -> str:
    """Account that runs the command."""
    try:
        return os.environ.get("ATLAS_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return f"uid {os.getuid()}"


def append(log_path: Path, what: str, subject: str, details: dict[str, str]) -> None:
    """Add one event; it is on disk when this returns."""
    line = {"when": now(), "who": user(), "what": what, "subject": subject, "details": details}
    text = json.dumps(line, ensure_ascii=False)
    with log_path.open("a+b") as file:
        end = file.tell()
        file.seek(max(end - 1, 0))
        if file.read() not in (b"", b"\n"):  # the line before was cut off
            file.write(b"\n")
        file.write(text.encode("utf-8", "backslashreplace") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def events(log_path: Path) -> Iterator[Event]:
    """All events, oldest first; a line cut off by a power failure is left out."""
    if not log_path.exists():
        return
    for line in log_path.read_bytes().split(b"\n"):
        try:
            yield Event(**json.loads(line))
        except (ValueError, TypeError):
            continue


def last(log_path: Path, what: str, subject: str) -> Event | None:
    """Latest event of one kind about one subject."""
    found = [one for one in events(log_path) if one.what == what and one.subject == subject]
    return found[-1] if found else None
