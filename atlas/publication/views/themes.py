"""Themes that a map can show, and the levels behind two of them."""

from dataclasses import dataclass

from atlas.publication.views.items import indicators, item_of
from atlas.release import Release
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, Group

NEED = "need"
DYNAMIC = "dynamic"
LEVEL_ITEMS = {NEED: NEED_LEVEL, DYNAMIC: DYNAMIC_LEVEL}


@dataclass(frozen=True)
class Theme:
    """Something that a map shows: need, dynamics, or an indicator by its id."""

    id: str
    label: str


def themes(release: Release, group: Group) -> tuple[Theme, ...]:
    """Themes of a group: need and dynamics where the group has them, then its indicators."""
    levels = release.info.config.levels
    found = []
    if group in levels.need:
        found.append(Theme(NEED, "Handlungsbedarf"))
    if group in levels.dynamic:
        found.append(Theme(DYNAMIC, "Dynamik"))
    every = indicators(release.info.config, group)
    return (*found, *(Theme(item.id, item.label) for item in every))


def theme_label(release: Release, theme: str) -> str:
    """Name of a theme."""
    return item_of(release.info.config, LEVEL_ITEMS.get(theme, theme)).label


def level_names(release: Release, theme: str) -> dict[int, str]:
    """Names of the levels of need or of the classes of dynamics, by number."""
    levels = release.info.config.levels
    return levels.dynamic_labels if theme == DYNAMIC else levels.labels
