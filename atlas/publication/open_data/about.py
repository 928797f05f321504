"""What a release is, said once for every kind of metadata."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyogrio
from pyproj import Transformer

from atlas.config import City
from atlas.publication.seen import Seen
from atlas.publication.views.items import indicators
from atlas.publication.views.notes import credit_lines, release_notes
from atlas.terms import Kind
from atlas.words import enumeration

_DEGREES = "OGC:CRS84"
_DECIMALS = 4
_KEYWORDS = ("Sozialraum", "Sozialatlas", "Stadtteile", "Statistik", "Bevölkerung")


@dataclass(frozen=True)
class About:
    """Title, text and frame of a data set.

    Attributes
    ----------
    name
        For addresses and folders, e.g. ``wuppertal-2024-12-31.2``.
    previous
        Number of the release that this one corrects; ``None`` for a first one.
    notes
        Why it was published anew; empty for a first one.
    bbox
        West, south, east, north in degrees.
    """

    name: str
    title: str
    text: str
    day: date
    version: str
    previous: str | None
    notes: str
    keywords: tuple[str, ...]
    sources: tuple[str, ...]
    bbox: tuple[float, float, float, float]


def about(seen: Seen, city: City) -> About:
    """Say of a release what portals ask; the city as it is configured now."""
    info = seen.info
    head = release_notes(seen)
    badges = f" ({', '.join(head.badges)})" if head.badges else ""
    return About(
        name=f"{city.id}-{info.name}",
        title=f"{head.title}, Stand {head.day}",
        text=f"{_subject(seen)} Stichtag {head.day}, {head.state}{badges}. Wo eine Zahl geheim "
        "ist, nicht vorliegt oder keinen Sinn hat, bleibt das Feld leer, und daneben steht "
        "der Status.",
        day=info.reference_date,
        version=info.name,
        previous=info.supersedes,
        notes=info.reason,
        keywords=(city.name, *_KEYWORDS, *(city.open_data.keywords if city.open_data else ())),
        sources=credit_lines(seen),
        bbox=bounds_in_degrees(seen, seen.kinds[-1]),
    )


def kind_title(seen: Seen, kind: Kind) -> str:
    """Name all areas of a kind; of the city there is one."""
    return seen.singular(kind) if kind == Kind.CITY else seen.plural(kind)


def bounds_in_degrees(seen: Seen, kind: Kind) -> tuple[float, float, float, float]:
    """Frame around all areas of a kind: west, south, east, north, outward to 10 m."""
    return _bounds(seen.release.path / "areas.gpkg", str(kind))


@lru_cache(maxsize=512)
def _bounds(path: Path, name: str) -> tuple[float, float, float, float]:
    layer = pyogrio.read_info(path, layer=name, force_total_bounds=True)
    to_degrees = Transformer.from_crs(layer["crs"], _DEGREES, always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(*layer["total_bounds"])
    step = 10.0**-_DECIMALS
    return (
        round(west - step, _DECIMALS),
        round(south - step, _DECIMALS),
        round(east + step, _DECIMALS),
        round(north + step, _DECIMALS),
    )


def _subject(seen: Seen) -> str:
    found = {
        item.label: item for group in seen.groups for item in indicators(seen.config, group)
    }
    kinds = enumeration([kind_title(seen, kind) for kind in seen.kinds])
    return (
        f"{enumeration(list(found))} der Stadt {seen.config.city.name} nach Gebieten ({kinds})."
    )
