"""The log of a city: who did what to which delivery, draft or release, and when; no values.

It is append-only. Every line holds on to the one before (``chain``), and the head beside it
says where the log ended: lines that are missing at the end are noticed like changed ones. A log
that is wholly lost begins anew; ``custody`` says with what.
"""

import fcntl
import getpass
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO

from atlas.confidential.chain import check_of, keeps_head, link, whole_lines
from atlas.errors import DamageError
from atlas.home import write_file

# What the log says was done, in words of the office.
EVENT_LABELS = {
    "accepted": "Lieferung angenommen",
    "adopted": "Veröffentlichung anerkannt",
    "approved": "freigegeben",
    "built": "Entwurf gebaut",
    "declined": "Entwurf abgelehnt",
    "founded": "Stadt angelegt",
    "known": "Anzahlen anderer eingetragen",
    "laid_in": "in den Eingang gelegt",
    "layout_added": "Quelle ergänzt",
    "lifted": "Ablehnung zurückgenommen",
    "linked": "Register verknüpft",
    "mended": "Protokoll neu verkettet",
    "published": "veröffentlicht",
    "purged": "gelöscht",
    "refilled": "Ledger nachgetragen",
    "refused": "abgelehnt",
    "rejected": "Lieferung zurückgewiesen",
    "rotated": "Schlüssel erneuert",
    "taken": "Vorschlag angenommen",
    "verified": "Entwurf geprüft",
    "withdrawn": "zurückgezogen",
}
_TAIL_BYTES = 65_536
_HEAD = re.compile(rb'\{"size": (\d+), "check": "([0-9a-f]{16,64})"\}\n')
_UNREADABLE = "?"


@dataclass(frozen=True)
class Event:
    """One line of the log.

    Attributes
    ----------
    what
        ``accepted``, ``refused``, ``rejected``, ``built``, ``verified``, ``approved``,
        ``declined``, ``lifted``, ``published``, ``withdrawn``, ``adopted``, ``refilled``.
    subject
        A delivery (``layout 2024-12-31.1``) or a release (``2024-12-31.1``).
    """

    when: str
    who: str
    what: str
    subject: str
    details: dict[str, str]

    @property
    def moment(self) -> datetime:
        """When it was, with its time zone."""
        return datetime.fromisoformat(self.when)


@dataclass(frozen=True)
class Account:
    """Who acts.

    Attributes
    ----------
    login
        By what a login knows this person, whatever the name; empty where nobody logged in.
    """

    name: str
    login: str = ""


_acting: ContextVar[Account | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(account: Account) -> Iterator[None]:
    """Let everything within be done by somebody whom a login or the system vouches for."""
    token = _acting.set(account)
    try:
        yield
    finally:
        _acting.reset(token)


def account() -> Account:
    """Who acts: whom the desk knows, else the account that runs the command."""
    if (acting := _acting.get()) is not None:
        return acting
    try:
        return Account(os.environ.get("ATLAS_USER") or getpass.getuser())
    except (KeyError, OSError):  # a container may run as a number without a name
        return Account(f"uid {os.getuid()}")


def user() -> str:
    """Name of who acts."""
    return account().name


def now() -> str:
    """Present time as ISO text in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def append(log_path: Path, what: str, subject: str, details: Mapping[str, str]) -> None:
    """Add one event; it is on disk when this returns.

    Raises
    ------
    DamageError
        If lines are missing at the end: a further one would hide that.
    """
    who = account()
    login = {"login": who.login} if who.login else {}
    event = Event(now(), who.name, what, subject, {**details, **login})
    text = json.dumps(asdict(event), ensure_ascii=False)
    is_begun = log_path.exists()
    with log_path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_begun:
            _raise_if_cut(log_path, file)
        before = _last_line(file)
        if before and not before.endswith(b"\n"):  # the line before was cut off
            file.write(b"\n")
        line = link(before.removesuffix(b"\n"), text)
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
        _write_head(log_path, file.seek(0, os.SEEK_END) - 1, line)


def events(log_path: Path, holding: str = "") -> Iterator[Event]:
    """All events, or those whose line holds a text, oldest first.

    A line cut off by a power failure is left out.

    Raises
    ------
    DamageError
        If any line is no longer what was written, or lines are missing at the end.
    """
    for line in _whole(log_path):
        if holding.encode() not in line:  # a long log is not parsed for few lines
            continue
        try:
            yield Event(**json.loads(line))
        except (ValueError, TypeError):
            continue


def matching(every: Iterable[Event], search: str) -> list[Event]:
    """Events that have all words of a search, in any of their parts; the newest first."""
    words = search.casefold().split()
    found = [one for one in every if all(word in _text_of(one) for word in words)]
    return found[::-1]


def _text_of(event: Event) -> str:
    label = EVENT_LABELS.get(event.what, "")
    parts = (event.when, event.who, event.what, label, event.subject, *event.details.values())
    return " ".join(parts).casefold()


def head_of(log_path: Path) -> str:
    """Check of the last line: whoever notes it can prove later that the log went on from it."""
    return check_of(_last_raw(log_path))


def follows_from(log_path: Path, head: str) -> bool:
    """Whether the log holds the line that once was its last one.

    Parameters
    ----------
    head
        What ``head_of`` gave then.
    """
    _whole(log_path)  # a line that no longer holds proves nothing
    raw = log_path.read_bytes().split(b"\n") if log_path.exists() else []
    return bool(head) and any(check_of(line) == head for line in raw)


def rewrite(log_path: Path, content: bytes) -> int:
    """Put another whole log in the place of a damaged one.

    Returns
    -------
    int
        Bytes that were missing at the end of the damaged one.
    """
    size, _ = _read_head(log_path) or (0, "")
    missing = max(0, size - log_path.stat().st_size)
    write_file(log_path, content)
    _write_head(log_path, len(content.removesuffix(b"\n")), _last_raw(log_path))
    return missing


def _whole(log_path: Path) -> tuple[bytes, ...]:
    if not log_path.exists():
        return ()
    with log_path.open("rb") as file:
        status = os.fstat(file.fileno())
        lines = _lines(log_path, status.st_ino, status.st_size, status.st_mtime_ns)
        _raise_if_cut(log_path, file)
    return lines


@lru_cache(maxsize=2)
def _lines(log_path: Path, _inode: int, _size: int, _changed_ns: int) -> tuple[bytes, ...]:
    return tuple(whole_lines(log_path.read_bytes(), _name(log_path)))


def _raise_if_cut(log_path: Path, file: IO[bytes]) -> None:
    """Compare the log with its head: it may have gone on, but not end earlier or differ."""
    head = _read_head(log_path)
    if head is None:
        if keeps_head(_last_line(file).removesuffix(b"\n")):
            raise _cut(
                log_path, "der Vermerk, wo es endet (log.head), fehlt oder ist beschädigt"
            )
        return
    size, check = head
    end = f'"check": "{check}"}}'.encode()
    file.seek(max(size - len(end), 0))
    if file.read(len(end)) != end:
        raise _cut(log_path, "am Ende fehlen Einträge, oder es sind andere")


def _read_head(log_path: Path) -> tuple[int, str] | None:
    path = _head_path(log_path)
    if not path.exists():
        return None
    match = _HEAD.fullmatch(path.read_bytes())
    return (int(match[1]), match[2].decode()) if match else (0, _UNREADABLE)


def _write_head(log_path: Path, size: int, line: bytes) -> None:
    head = f'{{"size": {size}, "check": "{check_of(line)}"}}\n'
    write_file(_head_path(log_path), head.encode())


def _head_path(log_path: Path) -> Path:
    return log_path.with_suffix(".head")


def _cut(log_path: Path, what: str) -> DamageError:
    return DamageError(
        f"Protokoll {_name(log_path)}: {what}. Erwartet: das Protokoll, wie es zuletzt "
        "geschrieben wurde. Aus der Sicherung zurückholen, wenn seither nichts geschah; sonst "
        "atlas doctor --mend-log: es behält, was lesbar ist, und hebt das Alte auf."
    )


def _name(log_path: Path) -> str:
    return "/".join(log_path.parts[-2:])


def _last_raw(log_path: Path) -> bytes:
    if not log_path.exists():
        return b""
    with log_path.open("rb") as file:
        return _last_line(file).removesuffix(b"\n")


def _last_line(file: IO[bytes]) -> bytes:
    """Last line with its end, if it has one; empty where there is none."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(end - _TAIL_BYTES, 0))
    tail = file.read()
    if b"\n" not in tail[:-1] and end > len(tail):
        file.seek(0)
        tail = file.read()
    return tail[tail.rfind(b"\n", 0, len(tail) - 1) + 1 :]
