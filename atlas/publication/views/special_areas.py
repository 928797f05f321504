"""Areas of particular attention, as a city defines them by level and dynamics."""

from atlas.publication.seen import Area, Seen
from atlas.publication.views.items import level_text
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, DynamicLevel, Kind

LABEL = "Besondere Aufmerksamkeit"


def has_special(seen: Seen) -> bool:
    """Whether the city names such areas, and the group has levels."""
    return seen.config.levels.attention is not None and seen.has_levels


def is_special(seen: Seen, area: Area) -> bool | None:
    """Whether an area is one; ``None`` where its level or dynamics are not known."""
    rule, level = seen.config.levels.attention, seen.value(area, NEED_LEVEL)
    if rule is None or level is None:
        return None
    if level in rule.levels:
        return True
    if level not in rule.levels_if_negative:
        return False
    trend = seen.value(area, DYNAMIC_LEVEL)
    return None if trend is None else trend == DynamicLevel.NEGATIVE


def special_text(seen: Seen, area: Area) -> str:
    """Say of an area of particular attention why it is one; empty for any other."""
    rule, level = seen.config.levels.attention, seen.value(area, NEED_LEVEL)
    if rule is None or level is None or not is_special(seen, area):
        return ""
    text = f"{LABEL}: Stufe {level_text(seen.config, NEED_LEVEL, level)}"
    if level in rule.levels:
        return f"{text}."
    trend = level_text(seen.config, DYNAMIC_LEVEL, DynamicLevel.NEGATIVE)
    return f"{text} und Dynamik {trend}."


def special_note(seen: Seen) -> str:
    """Say how many areas are ones; empty where the city names none."""
    if not has_special(seen):
        return ""
    areas = seen.areas(Kind.QUARTIER)
    count = sum(is_special(seen, area) is True for area in areas)
    return f"{LABEL}: {count} von {len(areas)} ({seen.plural(Kind.QUARTIER)})."
