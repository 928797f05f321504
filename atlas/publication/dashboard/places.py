"""Where the dashboard finds releases, and which city it shows; knows no page."""

import os
from pathlib import Path

from atlas.errors import ReleaseError
from atlas.release import list_releases


def city_dirs(home: Path) -> list[str]:
    """Names of the cities that have a release, sorted."""
    releases = home / "releases"
    if not releases.is_dir():
        return []
    return sorted(path.name for path in releases.iterdir() if list_releases(path))


def chosen_city(cities: list[str], asked: object) -> str:
    """City to show: ``$ATLAS_CITY`` if set, else the asked one, else the first.

    Raises
    ------
    ReleaseError
        If ``$ATLAS_CITY`` has no release.
    """
    fixed = os.environ.get("ATLAS_CITY")
    if not fixed:
        return str(asked) if asked in cities else cities[0]
    if fixed in cities:
        return fixed
    raise ReleaseError(
        f"Stadt {fixed} (ATLAS_CITY): kein Release gefunden. Vorhanden: {', '.join(cities)}. "
        "ATLAS_CITY ändern oder die Stadt mit atlas run veröffentlichen."
    )


def is_city_fixed() -> bool:
    """Whether ``$ATLAS_CITY`` leaves no choice."""
    return bool(os.environ.get("ATLAS_CITY"))
