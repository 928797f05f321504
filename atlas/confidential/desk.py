"""The desk at which every step works: configuration, directories, areas, keys, log, observer.

Keys are secret: one per generation of person hashes, one for the order of ties; each has its
digest beside it. The log is append-only and says who did what to which delivery or release; it
holds no values, and every line holds on to the one before.
"""

import fcntl
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

import geopandas as gpd

from atlas.confidential.log import append
from atlas.config import CityConfig, geodata_dir, load_city
from atlas.errors import ConfigError, GeographyError
from atlas.geography import (
    BoundaryError,
    ContextFiles,
    Sources,
    load_context,
    survey_areas,
)
from atlas.home import Home, replacing, write_file
from atlas.integrity import damaged
from atlas.words import day_here

Advance = Callable[[int], None]

_KEY_BYTES = 32
_TAIL_BYTES = 65_536
_ORDER_KEY = "order.key"
_CHECKED, _CHECK_DIGITS = b"social-space atlas: order of ties", 16
_PERSON = re.compile(r"person\.(\d+)\.key(\.sha256)?")


class Observer(Protocol):
    """Whoever wants to see how the work goes on."""

    def step(self, name: str, total: int | None) -> AbstractContextManager[Advance]:
        """Open one step of ``total`` units; the value counts units done."""

    def say(self, message: str) -> None:
        """Tell one German sentence."""


@dataclass(frozen=True)
class Desk:
    """One city's statistics office at work, opened for one command or one run.

    Attributes
    ----------
    areas_of
        Areas of the edition with this id, read once.
    context_of
        Files of what lies between them; None for a city without ``context.toml``.
    """

    config: CityConfig
    city_dir: Path
    home: Home
    observer: Observer
    areas_of: Callable[[date], gpd.GeoDataFrame]
    context_of: Callable[[date], ContextFiles | None]

    @property
    def private_dir(self) -> Path:
        """Everything confidential of this city."""
        return self.home.confidential(self.config.city.id)

    @property
    def store_dir(self) -> Path:
        """Accepted deliveries."""
        return self.private_dir / "store"

    @property
    def keys_dir(self) -> Path:
        """Secret keys."""
        return self.private_dir / "keys"

    @property
    def drafts_dir(self) -> Path:
        """Releases that are built and not published."""
        return self.private_dir / "drafts"

    @property
    def proofs_dir(self) -> Path:
        """True counts, certificates and verdict of every release."""
        return self.private_dir / "proofs"

    @property
    def ledger_dir(self) -> Path:
        """Every count that was ever published."""
        return self.private_dir / "ledger"

    @property
    def scratch_dir(self) -> Path:
        """Where rows may spill while they are counted, and copies lie while they are read."""
        return self.private_dir / "scratch"

    @property
    def log_path(self) -> Path:
        """Append-only log."""
        return self.private_dir / "log.jsonl"

    @property
    def releases_dir(self) -> Path:
        """Published releases."""
        return self.home.releases(self.config.city.id)

    @property
    def geodata_dirs(self) -> tuple[Path, ...]:
        """Where boundaries are searched, in this order."""
        return (self.home.geodata(self.config.city.id), geodata_dir(self.city_dir))

    def find_geodata(self, file: str) -> Path | None:
        """File of boundaries or shares, as ``areas.toml`` names it."""
        found = [path / file for path in self.geodata_dirs if (path / file).is_file()]
        return found[0] if found else None

    def log(self, what: str, subject: str, details: Mapping[str, str]) -> None:
        """Add one event to the log; it is on disk when this returns."""
        append(self.log_path, what, subject, details)


# GDAL parts a path at the first and drops the others.
_UNFIT_PATH = re.compile(r"[!\x00-\x1f]")


def open_desk(city_dir: Path, home: Home, observer: Observer) -> Desk:
    """Read the configuration of a city and make its directories."""
    config = load_city(city_dir)
    if _UNFIT_PATH.search(str(home.root)):
        raise ConfigError(
            "Arbeitsverzeichnis: Pfad mit „!“, Tabulator oder Zeilenumbruch. Erwartet: ein "
            "Pfad, unter dem sich Grenzen öffnen lassen. Angabe --home ändern."
        )
    _make_directories(home, config)

    @cache
    def areas_of(edition_id: date) -> gpd.GeoDataFrame:
        found = [one for one in config.areas.editions if one.id == edition_id]
        if not found:
            raise ConfigError(
                f"Konfiguration areas.toml: Gebietsstand {edition_id} fehlt, eine Lieferung "
                "oder Veröffentlichung nennt ihn. Erwartet: alle früheren Gebietsstände "
                "bleiben stehen. Den Abschnitt [[editions]] wieder eintragen."
            )
        with observer.step(f"Gebietsstand {edition_id} prüfen", None):
            sources = Sources(desk.geodata_dirs, desk.scratch_dir)
            try:
                survey = survey_areas(config.city, found[0], sources)
            except BoundaryError as error:
                shown = _keep_picture(desk, edition_id, error.picture)
                raise GeographyError(" ".join([str(error), *shown])) from None
        for note in (*survey.notes, *_keep_picture(desk, edition_id, survey.picture)):
            observer.say(note)
        return survey.areas

    @cache
    def context_of(edition_id: date) -> ContextFiles | None:
        if config.context is None:
            return None
        with observer.step("Kontext der Karte prüfen", None):
            sources = Sources(desk.geodata_dirs, desk.scratch_dir)
            areas = areas_of(edition_id)
            return load_context(config.city, config.context, areas, sources, config.protection)

    desk = Desk(config, city_dir, home, observer, areas_of, context_of)
    return desk


def _make_directories(home: Home, config: CityConfig) -> None:
    try:
        home.create(config.city.id)
    except OSError as error:
        raise ConfigError(
            f"Arbeitsverzeichnis {error.filename or home.root}: nicht anlegbar oder gehört "
            "einem anderen Konto. Erwartet: ein Ordner dieses Kontos mit Schreibrecht. Rechte "
            "und Angabe --home prüfen."
        ) from None


def _keep_picture(desk: Desk, edition_id: date, picture: str) -> Iterator[str]:
    """Write the picture of what is wrong with boundaries, and say where it lies."""
    if picture:
        path = desk.private_dir / "findings" / f"grenzen-{edition_id}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, picture.encode())
        yield f"Bild der Stellen: {path.relative_to(desk.home.root)}."


@contextmanager
def only_one(desk: Desk) -> Iterator[None]:
    """Let one run work at a time; a second one says so and waits."""
    lock_path = desk.private_dir / "lock"
    with _private(), lock_path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            desk.observer.say(
                "Ein anderer Lauf arbeitet gerade; dieser wartet, bis er fertig ist."
            )
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _private() -> Iterator[None]:
    """Write for this account alone, whatever the umask; what is shared is opened by name."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def person_key(keys_dir: Path) -> tuple[int, bytes]:
    """Read the key of the current generation of person hashes; the first call makes it."""
    generation = max(_generations(keys_dir), default=1)
    return generation, _read_or_make(keys_dir / f"person.{generation}.key")


def latest_generation(keys_dir: Path) -> int:
    """Find the newest generation that has a key; 0 if none has."""
    return max(_generations(keys_dir), default=0)


def rotate_person_key(keys_dir: Path) -> int:
    """Begin a new generation; hashes of different generations do not match each other."""
    generation = latest_generation(keys_dir) + 1
    _read_or_make(keys_dir / f"person.{generation}.key")
    return generation


def order_key(keys_dir: Path) -> bytes:
    """Read the key by which protection breaks ties; the first call makes it."""
    return _read_or_make(keys_dir / _ORDER_KEY)


def has_order_key(keys_dir: Path) -> bool:
    """Whether the key is there, so that ``order_key`` would make none."""
    return (keys_dir / _ORDER_KEY).exists()


def key_check(keys_dir: Path) -> str:
    """Fingerprint of the key by which protection breaks ties; tells nothing of the key."""
    return hmac.new(order_key(keys_dir), _CHECKED, hashlib.sha256).hexdigest()[:_CHECK_DIGITS]


def _generations(keys_dir: Path) -> list[int]:
    names = keys_dir.iterdir() if keys_dir.is_dir() else ()
    return [int(match[1]) for path in names if (match := _PERSON.fullmatch(path.name))]


def read_key(path: Path) -> bytes:
    """Read a key that is as it was made.

    Raises
    ------
    DamageError
        If it is missing, empty or changed: another key links nobody and hides other cells.
    """
    key = path.read_bytes() if path.exists() else b""
    if len(key) != _KEY_BYTES:
        raise damaged(path, "Schlüssel", "hat nicht seine Länge" if key else "fehlt")
    check_path = _check_path(path)
    if check_path.exists() and check_path.read_bytes() != _check_of(key):
        raise damaged(path, "Schlüssel", "die Prüfsumme passt nicht")
    return key


def _read_or_make(path: Path) -> bytes:
    if not path.exists() and not _check_path(path).exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_private(path, secrets.token_bytes(_KEY_BYTES))
    key = read_key(path)
    if not _check_path(path).exists():  # new, or made by a program before there were checks
        _write_private(_check_path(path), _check_of(key))
    return key


def _check_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _check_of(key: bytes) -> bytes:
    return f"{hashlib.sha256(key).hexdigest()}\n".encode()


def _write_private(path: Path, content: bytes) -> None:
    with replacing(path) as scratch:
        scratch.touch(0o600)
        scratch.write_bytes(content)


def today() -> date:
    """Present day in the city: shortly after midnight it is not that of UTC."""
    return day_here(datetime.now(UTC))
