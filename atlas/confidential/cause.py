"""Why a date is published anew, in the words of its release."""

import shapely

from atlas.confidential.day import Day
from atlas.config import PublishedConfig
from atlas.release import DeliveryInfo, Release, read_boundaries, read_withdrawal
from atlas.release.origin import BOUNDARIES, PROGRAM, references_text, settings_text

# Boundaries are written to the millimetre; what moved by less is the same.
_SAME_M = 0.01


def reason_of(
    day: Day, served: tuple[DeliveryInfo, ...], previous: Release | None, rules: PublishedConfig
) -> str:
    """Say why a release stands in the place of the one before it.

    Parameters
    ----------
    rules
        Configuration in force at this date.
    """
    gone = [mark for ref in day.withdrawn if (mark := read_withdrawal(ref.path))]
    parts = _arrived(served, previous) if previous else []
    parts += [f"anstelle der zurückgezogenen {one.release} ({one.reason})" for one in gone]
    parts += [f"anstelle der beschädigten {ref.name}" for ref in day.damaged]
    if parts:
        return "; ".join(parts)
    if previous is None:
        return "Erste Veröffentlichung dieses Stichtags"
    return f"geändert: {'; '.join(_changed(day, previous, rules))}"


def _arrived(served: tuple[DeliveryInfo, ...], previous: Release) -> list[str]:
    before = {one.source: one.number for one in previous.info.deliveries}
    new = [one.label for one in served if one.source not in before]
    corrected = [
        one.label for one in served if before.get(one.source, one.number) != one.number
    ]
    arrived = {"eingegangen": new, "berichtigt": corrected}
    return [f"{what}: {', '.join(labels)}" for what, labels in arrived.items() if labels]


def _changed(day: Day, previous: Release, rules: PublishedConfig) -> list[str]:
    """Name what else a release follows from and the one before does not."""
    found = [
        settings_text(previous.info.config, rules),
        "" if _is_same_land(day, previous) else BOUNDARIES,
        references_text(previous.info, [ref.name for ref in day.references]),
    ]
    return [one for one in found if one] or [PROGRAM]


def _is_same_land(day: Day, previous: Release) -> bool:
    if previous.info.edition != day.edition:
        return False
    key = ["kind", "area_id"]
    old, new = (
        one[[*key, "name", "parent_id"]].astype(str).sort_values(key).to_numpy().tolist()
        for one in (previous.areas, day.areas)
    )
    if old != new:
        return False
    for kind in previous.map_files:
        before = read_boundaries(previous.path, kind).set_index("area_id").geometry
        after = day.areas[day.areas["kind"] == str(kind)].set_index("area_id").geometry
        shapes = (before.to_numpy(), after.loc[before.index].to_numpy())
        if not shapely.equals_exact(*shapes, tolerance=_SAME_M).all():
            return False
    return True
