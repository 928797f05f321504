"""Names of files: city, table, reference date and number of the release."""

import re

from atlas.publication.views import plural, singular
from atlas.release import Release
from atlas.terms import Kind
from atlas.words import ascii_text, day_text


def file_name(release: Release, table: str, suffix: str) -> str:
    """Name of a download, e.g. ``wuppertal_quartiere_2024-12-31.2.xlsx``."""
    return f"{release.info.config.city.id}_{table}_{release.info.name}.{suffix}"


def table_name(release: Release, kind: Kind) -> str:
    """Name of the table of a kind, e.g. ``quartiere``, ``baubloecke``."""
    return _plain(plural(release, kind))


def quartier_table_name(release: Release, area_id: str) -> str:
    """Name of the workbook of one Quartier, e.g. ``quartier_01``."""
    return f"{_plain(singular(release, Kind.QUARTIER))}_{_plain(area_id)}"


def series_table_name(series_id: str) -> str:
    """Name of the table of a series of the city, e.g. ``reihe-alw``."""
    return f"reihe-{_plain(series_id)}"


def picture_name(release: Release, title: str, around: str = "") -> str:
    """Name of a map's picture, e.g. ``karte-handlungsbedarf-alle-quartiere``.

    Parameters
    ----------
    around
        Key of the area that a map of its surroundings shows.
    """
    day = day_text(release.info.reference_date)
    return _plain(f"karte {title.removesuffix(day)} {around}")


def release_table_name() -> str:
    """Name of the archive of a whole release."""
    return "veroeffentlichung"


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", ascii_text(text)).strip("-")
