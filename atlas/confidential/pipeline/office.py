"""What every step of the office needs: configuration, directories, areas, an observer."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol

import geopandas as gpd

from atlas.config import CityConfig, geodata_dir, load_city
from atlas.errors import ConfigError
from atlas.geography import Sources, survey_areas
from atlas.home import Home

Advance = Callable[[int], None]


class Observer(Protocol):
    """Whoever wants to see how the work goes on."""

    def step(self, name: str, total: int | None) -> AbstractContextManager[Advance]:
        """Open one step of ``total`` units; the value counts units done."""

    def say(self, message: str) -> None:
        """Tell one German sentence."""


@dataclass(frozen=True)
class Office:
    """One city's statistics office at work.

    Attributes
    ----------
    areas_of
        Areas of the edition with this id, read once.
    """

    config: CityConfig
    city_dir: Path
    home: Home
    observer: Observer
    areas_of: Callable[[date], gpd.GeoDataFrame]

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


def open_office(city_dir: Path, home: Home, observer: Observer) -> Office:
    """Read the configuration of a city and make its directories."""
    config = load_city(city_dir)
    try:
        home.create(config.city.id)
    except OSError:
        raise ConfigError(
            f"Arbeitsverzeichnis {home.root}: nicht anlegbar oder nicht beschreibbar. "
            "Erwartet: ein Ordner mit Schreibrecht. Angabe --home prüfen."
        ) from None

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
            sources = Sources(office.geodata_dirs, office.scratch_dir)
            survey = survey_areas(config.city, found[0], sources)
        for note in survey.notes:
            observer.say(note)
        return survey.areas

    office = Office(config, city_dir, home, observer, areas_of)
    return office


@contextmanager
def only_one(office: Office) -> Iterator[None]:
    """Let one run work at a time; a second one says so and waits."""
    lock_path = office.private_dir / "lock"
    with lock_path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            office.observer.say(
                "Ein anderer Lauf arbeitet gerade; dieser wartet, bis er fertig ist."
            )
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
