"""Which Quartiere moved to another level between two releases, as a map."""

from collections import Counter
from dataclasses import replace

from atlas.publication.views.changes import levels_of
from atlas.publication.views.items import group_short_label, plural
from atlas.publication.views.map import LegendEntry, MapView, map_view
from atlas.publication.views.themes import NEED
from atlas.release import Release
from atlas.terms import Group, Kind, Status
from atlas.words import day_text

_STEPS = ("niedrigere Stufe", "gleiche Stufe", "höhere Stufe")
_DOWN, _SAME, _UP = 1, 2, 3
_ARROWS = {_DOWN: "▼ ", _SAME: "", _UP: "▲ "}
_NOT_COMPARABLE = "nicht vergleichbar"


def change_map(before: Release, after: Release, group: Group) -> MapView:
    """Draw the Quartiere of the later release by the direction in which their level moved.

    A label gives the later level, with an arrow where it is another than before.
    """
    old, new = levels_of(before, group), levels_of(after, group)
    steps = {key: _step(old.get(key), level) for key, level in new.items()}
    counts = Counter(steps.values())
    legend = [
        LegendEntry(step, Status.PUBLISHED, label, counts[step])
        for step, label in enumerate(_STEPS, start=1)
    ]
    if counts[0]:
        legend.append(LegendEntry(0, Status.NOT_CLASSIFIED, _NOT_COMPARABLE, counts[0]))
    parts = (
        "Veränderung der Stufe",
        group_short_label(after, group),
        plural(after, Kind.QUARTIER),
        f"{day_text(before.info.reference_date)} bis {day_text(after.info.reference_date)}",
    )
    return replace(
        map_view(after, NEED, group, Kind.QUARTIER),
        title=" · ".join(parts),
        palette="move",
        legend=tuple(legend),
        entry_of={key: step - 1 if step else len(_STEPS) for key, step in steps.items()},
        texts={key: _text(old.get(key), new[key]) for key in new},
        labels={
            key: f"{_ARROWS[step]}{new[key]}" if step else "" for key, step in steps.items()
        },
        notes=(),
    )


def _step(before: int | None, after: int | None) -> int:
    if before is None or after is None:
        return 0
    return _SAME + (after > before) - (after < before)


def _text(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return _NOT_COMPARABLE
    return f"Stufe {before} → {after}" if before != after else f"weiterhin Stufe {after}"
