"""The map of moves: which Quartiere went up or down a level between two releases."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from atlas.publication.seen import ABSENT, Seen
from atlas.publication.views.changes import levels_of
from atlas.publication.views.items import NEED, mark_of
from atlas.publication.views.legend import LegendEntry
from atlas.publication.views.map import MapView, map_view
from atlas.terms import NEED_LEVEL, Kind, Status

_STEPS = ("niedrigere Stufe", "gleiche Stufe", "höhere Stufe")
_SAME = 2
_ARROWS = {1: "▼ ", 2: "", 3: "▲ "}
_NOT_COMPARABLE = "nicht vergleichbar"


def change_map(before: Seen, after: Seen) -> MapView:
    """Draw the Quartiere of the later release by the direction in which their level moved.

    A label gives the later level, with an arrow where it is another than before.
    """
    old, new = levels_of(before), levels_of(after)
    steps = {key: _step(old.get(key), level) for key, level in new.items()}
    parts = (
        "Veränderung der Stufe",
        after.group_short,
        after.plural(Kind.QUARTIER),
        f"{before.day} bis {after.day}",
    )
    return replace(
        map_view(after, NEED, Kind.QUARTIER),
        title=" · ".join(parts),
        palette="move",
        legend=_legend(steps),
        entry_of={key: step - 1 if step else len(_STEPS) for key, step in steps.items()},
        texts={key: _move_text(before, after, key) for key in new},
        labels={
            key: f"{_ARROWS[step]}{new[key]}" if step else "" for key, step in steps.items()
        },
        notes=(),
    )


def _legend(steps: Mapping[str, int]) -> tuple[LegendEntry, ...]:
    counts = Counter(steps.values())
    legend = [
        LegendEntry(step, Status.PUBLISHED, label, counts[step])
        for step, label in enumerate(_STEPS, start=1)
    ]
    if counts[0]:
        legend.append(LegendEntry(0, Status.NOT_CLASSIFIED, _NOT_COMPARABLE, counts[0]))
    return tuple(legend)


def _step(before: int | None, after: int | None) -> int:
    if before is None or after is None:
        return 0
    return _SAME + (after > before) - (after < before)


def _move_text(before: Seen, after: Seen, area_id: str) -> str:
    old, new = (
        one.column(Kind.QUARTIER, NEED_LEVEL).get(area_id, ABSENT) for one in (before, after)
    )
    if old.value is None or new.value is None:
        return _NOT_COMPARABLE
    first, second = (f"{one.value:.0f}{mark_of(one)}" for one in (old, new))
    return (
        f"Stufe {first} → {second}" if old.value != new.value else f"weiterhin Stufe {second}"
    )
