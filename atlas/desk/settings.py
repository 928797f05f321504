"""What the desk's server was started with: whose office, who may come in."""

import os
from pathlib import Path

from atlas.confidential.desk import Advance, Desk, open_desk
from atlas.config import find_city_dir
from atlas.home import home_from_environment

CITY_VARIABLE = "ATLAS_CITY"
# A register of a large city is some hundred megabytes; the server keeps all of it in memory.
MAX_UPLOAD_MB = 500


class Silent:
    """An observer for looks that nobody waits for."""

    def step(self, name: str, total: int | None) -> "Silent":
        """Open one step that nobody follows."""
        return self

    def __enter__(self) -> Advance:
        return lambda done: None

    def __exit__(self, *_: object) -> None:
        return None

    def say(self, message: str) -> None:
        """Tell nobody."""


def city_dir() -> Path:
    """Directory of the city whose office works here."""
    return find_city_dir(os.environ[CITY_VARIABLE])


def open_office() -> Desk:
    """Open the office as it is now: configuration, boundaries and deliveries may change."""
    return open_desk(city_dir(), home_from_environment(), Silent())
