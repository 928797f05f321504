"""Schools of a release that may get posts: pupils and social index of each.

``map/context-pupils.<hash>.json`` lies beside the boundaries, but no browser is given it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas.config import ProtectionRules, PublishedConfig
from atlas.errors import ReleaseError
from atlas.geography import json_bytes
from atlas.release.context import PUPILS, find_context


@dataclass(frozen=True)
class School:
    """One school; ``layer`` is the id of its layer, ``key`` unique in it.

    Attributes
    ----------
    position
        Longitude and latitude.
    pupils, social_index
        None: not known.
    """

    layer: str
    key: str
    name: str
    quartier: str
    position: tuple[float, float]
    pupils: int | None
    social_index: float | None


def read_schools(release: Path) -> tuple[School, ...]:
    """Schools by layer and key; none where the city names no pupils.

    Raises
    ------
    ReleaseError
        If the file is not what the format says.
    """
    path = find_context(release, PUPILS)
    try:
        return _schools(json.loads(path.read_bytes())) if path else ()
    except (ValueError, KeyError, TypeError):
        raise ReleaseError(
            f"Release {release.name}: Schulen mit Sozialindex beschädigt. Mit atlas verify "
            "prüfen und den Stichtag neu veröffentlichen."
        ) from None


def wrong_with_pupils(release: Path, config: PublishedConfig) -> Iterator[str]:
    """Say what a reader could not read, or must not; nothing where all is right."""
    path = find_context(release, PUPILS)
    layers = [layer.id for layer in config.context.with_pupils()] if config.context else []
    if find_context(release, "quartier") and bool(layers) != (path is not None):
        yield "Schulen mit Sozialindex fehlen oder gehören nicht dazu"
    if path is None:
        return
    content = path.read_bytes()
    try:
        told = json.loads(content)
        schools = _schools(told)
        is_plain = json_bytes(told) == content and told.keys() == {"schools"}
    except (ValueError, KeyError, TypeError):
        is_plain, schools = False, ()
    if not is_plain or any(one.layer not in layers for one in schools):
        yield "die Schulen mit Sozialindex sind nicht lesbar"
    if any(_is_small(one, config.protection) for one in schools):
        yield f"Schulen mit weniger als {config.protection.min_count} Schüler*innen"


def _is_small(school: School, rules: ProtectionRules) -> bool:
    least = 0 if rules.zero_is_sensitive else 1
    return school.pupils is not None and least <= school.pupils < rules.min_count


def _schools(told: Any) -> tuple[School, ...]:
    return tuple(
        School(layer, key, name, quartier, (float(x), float(y)), pupils, index)
        for layer, key, name, quartier, x, y, pupils, index in told["schools"]
    )
