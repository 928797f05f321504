"""``anzeige.json``: what the office says about display and portals, beside a city's releases.

Written by the office from the city's configuration; no release knows it. Without the file the
dashboard asks no other server, and the interface tells portals nothing.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from atlas.config import BaseMap, Breaks, City, Model, OpenData, WebOrigin
from atlas.home import share_file
from atlas.integrity import with_digest, without_digest

FILE_NAME = "anzeige.json"


class _Display(Model):
    """Content of the file."""

    format: Literal[1]
    base_map: BaseMap | None = Field(default=None, exclude_if=lambda value: value is None)
    classes: dict[str, Breaks] = Field(default_factory=dict, exclude_if=lambda value: not value)
    open_data: OpenData | None = Field(default=None, exclude_if=lambda value: value is None)
    frame_ancestors: tuple[WebOrigin, ...] = Field(
        default=(), exclude_if=lambda value: not value
    )


def read_base_map(city_dir: Path) -> BaseMap | None:
    """Read the base map of a city; ``None`` without one."""
    return _read(city_dir).base_map


def read_classes(city_dir: Path) -> Mapping[str, Sequence[float]]:
    """Where the city itself parts the classes of an indicator's map, by indicator."""
    return _read(city_dir).classes


def read_open_data(city_dir: Path) -> OpenData | None:
    """Who publishes and who answers questions, for portals; ``None`` where nobody said."""
    return _read(city_dir).open_data


def write_display(city_dir: Path, city: City) -> None:
    """Replace the file in one step; a city that configures nothing of it has none."""
    path = city_dir / FILE_NAME
    display = _Display(
        format=1,
        base_map=city.base_map,
        classes=city.classes,
        open_data=city.open_data,
        frame_ancestors=city.frame_ancestors,
    )
    if display == _Display(format=1):
        path.unlink(missing_ok=True)
        return
    content = with_digest(display.model_dump(mode="json"))
    share_file(path, json.dumps(content, ensure_ascii=False, indent=1).encode())


def _read(city_dir: Path) -> _Display:
    """Read the file.

    A damaged one counts as none: the map is whole without it, and no host that was not checked
    may enter the policy. The office writes the file anew on every run.
    """
    try:
        content = json.loads((city_dir / FILE_NAME).read_text(encoding="utf-8"))
        return _Display.model_validate(without_digest(content))
    except (OSError, ValueError, ValidationError):
        return _Display(format=1)


def tile_origins(home: Path) -> tuple[str, ...]:
    """Origins of the base maps of all cities that this dashboard shows, sorted."""
    base_maps = [one.base_map for one in _shown(home)]
    return tuple(sorted({one.origin for one in base_maps if one is not None}))


def frame_origins(home: Path) -> tuple[str, ...]:
    """Sites that may show pages of this dashboard in a frame, sorted."""
    return tuple(sorted({one for shown in _shown(home) for one in shown.frame_ancestors}))


def _shown(home: Path) -> list[_Display]:
    """Read what the offices of all cities say that this dashboard shows."""
    fixed = os.environ.get("ATLAS_CITY")
    dirs = [path.parent for path in (home / "releases").glob(f"*/{FILE_NAME}")]
    return [_read(one) for one in dirs if not fixed or one.name == fixed]
