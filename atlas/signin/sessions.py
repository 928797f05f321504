"""Sessions on the server: one SQLite file, in which nobody can read who is signed in.

A row is found by the hash of the random value that the browser holds. What it says (name,
groups, tokens) is encrypted with a key made from that same value: who steals the file has
neither sessions nor names. Marks for a logout by the provider are hashes too.
"""

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

# Seconds: how often the provider is asked, and how long its last answer counts.
CHECKED_EVERY = 25
TRUSTED_FOR = 55
_ATTEMPT_FOR = 600
_CLAIM_FOR = 15
_SEEN_EVERY = 20
_WAIT = 5.0
_HEADER = {"alg": "dir", "enc": "A256GCM"}
_TABLES = """
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, subject TEXT, provider_session TEXT,
    began REAL, seen REAL, checked REAL, claimed REAL, sealed TEXT);
CREATE TABLE IF NOT EXISTS attempts (id TEXT PRIMARY KEY, began REAL, sealed TEXT);
CREATE INDEX IF NOT EXISTS by_subject ON sessions (subject);
"""


@dataclass(frozen=True)
class Login:
    """What the provider said of a person, and what it takes to ask again."""

    subject: str
    name: str
    groups: tuple[str, ...]
    provider_session: str = ""
    id_token: str = ""
    access_token: str = ""
    refresh_token: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Attempt:
    """A login that began and has not come back."""

    state: str
    nonce: str
    verifier: str
    back: str


@dataclass(frozen=True)
class Session:
    """A session in force; ``key`` is the value that the browser holds."""

    key: str = field(repr=False)
    login: Login
    checked: float

    @property
    def form_key(self) -> str:
        """Mark of the session in forms; the key cannot be told from it."""
        return hashlib.sha256(f"form {self.key}".encode()).hexdigest()


class Sessions:
    """The file of sessions; several processes may use one."""

    def __init__(
        self,
        directory: Path,
        idle_seconds: float,
        most_seconds: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = directory / "sessions.sqlite"
        self._idle, self._most, self._now = idle_seconds, most_seconds, now
        self._path.touch(mode=0o600)
        with self._open() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(_TABLES)

    def begin_attempt(self, attempt: Attempt) -> str:
        """Keep a login that begins; return the value that the browser holds meanwhile."""
        key, now = secrets.token_urlsafe(32), self._now()
        row = (_hash(key), now, _seal(key, asdict(attempt)))
        with self._open() as database:
            database.execute("DELETE FROM attempts WHERE began < ?", (now - _ATTEMPT_FOR,))
            database.execute("INSERT INTO attempts VALUES (?, ?, ?)", row)
        return key

    def take_attempt(self, key: str) -> Attempt | None:
        """Find a login that began, once."""
        with self._open() as database:
            row = database.execute(
                "DELETE FROM attempts WHERE id = ? RETURNING began, sealed", (_hash(key),)
            ).fetchone()
        if row is None or row[0] < self._now() - _ATTEMPT_FOR:
            return None
        content = _unseal(key, row[1])
        return None if content is None else Attempt(**content)

    def begin(self, login: Login) -> Session:
        """Begin a session; always under a new value."""
        key, now = secrets.token_urlsafe(32), self._now()
        marks = (_hash(login.subject), _hash(login.provider_session))
        row = (_hash(key), *marks, now, now, now, 0.0, _seal(key, asdict(login)))
        with self._open() as database:
            self._drop_ended(database, now)
            database.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return Session(key, login, now)

    def find(self, key: str, *, is_used: bool) -> Session | None:
        """Find a session in force; ``is_used`` puts off its end."""
        now, mark = self._now(), _hash(key)
        with self._open() as database:
            row = database.execute(
                "SELECT began, seen, checked, sealed FROM sessions WHERE id = ?", (mark,)
            ).fetchone()
            if row is None or self._is_over(row[0], row[1], now):
                return None
            if is_used and row[1] < now - _SEEN_EVERY:
                database.execute("UPDATE sessions SET seen = ? WHERE id = ?", (now, mark))
        content = _unseal(key, row[3])
        return (
            None
            if content is None
            else Session(key, Login(**{**content, "groups": tuple(content["groups"])}), row[2])
        )

    def claim_check(self, session: Session) -> bool:
        """Whether this caller is the one to ask the provider; a token is good for one."""
        now = self._now()
        with self._open() as database:
            done = database.execute(
                "UPDATE sessions SET claimed = ? WHERE id = ? AND claimed < ? AND checked < ?",
                (now, _hash(session.key), now - _CLAIM_FOR, now - CHECKED_EVERY),
            )
            return done.rowcount == 1

    def confirm(self, session: Session, login: Login) -> Session:
        """Keep what the provider said now."""
        now = self._now()
        kept = replace(login, agent=session.login.agent)
        with self._open() as database:
            database.execute(
                "UPDATE sessions SET checked = ?, claimed = 0, sealed = ? WHERE id = ?",
                (now, _seal(session.key, asdict(kept)), _hash(session.key)),
            )
        return Session(session.key, kept, now)

    def is_due(self, session: Session) -> bool:
        """Whether the provider should be asked again."""
        return session.checked < self._now() - CHECKED_EVERY

    def is_trusted(self, session: Session) -> bool:
        """Whether the provider's last answer still counts."""
        return session.checked >= self._now() - TRUSTED_FOR

    def end(self, key: str) -> None:
        """End one session."""
        self._delete("id", key)

    def end_all(self, subject: str) -> None:
        """End every session of a person, on every machine."""
        self._delete("subject", subject)

    def end_provider_session(self, provider_session: str) -> None:
        """End every session that rests on one session at the provider."""
        self._delete("provider_session", provider_session)

    def _delete(self, column: str, value: str) -> None:
        with self._open() as database:
            database.execute(
                f"DELETE FROM sessions WHERE {column} = ?",  # noqa: S608 - one of three names of this class
                (_hash(value),),
            )

    def _is_over(self, began: float, seen: float, now: float) -> bool:
        return began < now - self._most or seen < now - self._idle

    def _drop_ended(self, database: sqlite3.Connection, now: float) -> None:
        limits = (now - self._most, now - self._idle)
        database.execute("DELETE FROM sessions WHERE began < ? OR seen < ?", limits)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_WAIT)) as database:
            # A session that a power failure takes away is only signed in again.
            database.execute("PRAGMA synchronous = OFF")
            with database:
                yield database


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _secret(key: str) -> OctKey:
    return OctKey.import_key(hashlib.sha256(f"seal {key}".encode()).digest())


def _seal(key: str, content: dict[str, object]) -> str:
    return jwe.encrypt_compact(_HEADER, json.dumps(content).encode(), _secret(key))


def _unseal(key: str, sealed: str) -> dict[str, Any] | None:
    """Open what was sealed; ``None`` where somebody wrote into the file."""
    try:
        opened = jwe.decrypt_compact(sealed, _secret(key)).plaintext
    except (JoseError, ValueError):
        return None
    return dict(json.loads(opened or b"{}"))
