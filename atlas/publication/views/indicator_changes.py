"""How one indicator changed between two releases: on a map, and where it changed most.

Differences are those of the values as readers see them, so that they fit what stands beside
them. Bounds are the same up and down, so that equal colours mean equal changes.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from statistics import median

from atlas.publication.seen import ABSENT, Cell, Seen
from atlas.publication.views.differences import shown_change
from atlas.publication.views.items import Item, indicators, item_of
from atlas.publication.views.legend import LegendEntry, sign_entries, sign_of
from atlas.publication.views.map import MapView, map_view
from atlas.publication.views.table import Table, number, text
from atlas.sentences import change_unit
from atlas.terms import STATUS_LABELS, UNIT_LABELS, Kind, Status
from atlas.words import number_text, rounded, signed_text

_SAME = 3
_MOST = 3


def changed_items(seen: Seen) -> tuple[Item, ...]:
    """List the indicators whose change can be shown."""
    return indicators(seen.config, seen.group)


def indicator_change_map(before: Seen, after: Seen, item_id: str) -> MapView:
    """Draw the Quartiere of the later release by how far one indicator went up or down.

    A label gives the difference with its sign.
    """
    item = item_of(after.config, item_id)
    cells = _changes(before, after, item_id)
    bound = _bound(cells, item.digits)
    steps = {key: _step(cell, bound, item.digits) for key, cell in cells.items()}
    legend = _legend(cells, steps, number_text(bound, item.digits) if bound else "")
    position = {(one.step, sign_of(one.status)): at for at, one in enumerate(legend)}
    shown = {
        key: "" if cell.value is None else signed_text(cell.value, item.digits)
        for key, cell in cells.items()
    }
    unit = UNIT_LABELS[change_unit(item.unit)]
    parts = (
        f"{item.label}: Veränderung",
        after.group_short,
        after.plural(Kind.QUARTIER),
        f"{before.day} bis {after.day}",
    )
    return replace(
        map_view(after, item_id, Kind.QUARTIER),
        title=" · ".join(parts),
        unit=unit,
        palette="change",
        legend=legend,
        entry_of={
            key: position[step, sign_of(_status(cells[key], step))]
            for key, step in steps.items()
        },
        texts={
            key: f"{told} {unit}".strip() if told else STATUS_LABELS[cells[key].status]
            for key, told in shown.items()
        },
        labels=shown,
        notes=(),
    )


def extreme_changes(before: Seen, after: Seen, item_id: str) -> Table:
    """List where one indicator rose and fell most, at most three Quartiere each."""
    item = item_of(after.config, item_id)
    cells = _changes(before, after, item_id)
    known = {key: cell.value for key, cell in cells.items() if cell.value is not None}
    ordered = sorted(known, key=lambda key: (-known[key], key))
    signs = {key: rounded(known[key], item.digits) for key in ordered}
    risen = [key for key in ordered if signs[key] > 0][:_MOST]
    fallen = [key for key in reversed(ordered) if signs[key] < 0][:_MOST]
    old, new = (one.values(Kind.QUARTIER, item_id) for one in (before, after))
    rows = tuple(
        (
            after.area(Kind.QUARTIER, key).title,
            item.bare_text(old[key]),
            item.bare_text(new[key]),
            signed_text(known[key], item.digits),
        )
        for key in (*risen, *reversed(fallen))
    )
    fields = (
        text("name", after.singular(Kind.QUARTIER)),
        number("before", before.day),
        number("after", after.day),
        number("by", "Veränderung"),
    )
    title = f"{item.label_with_unit}, {after.group_label}: am stärksten gestiegen und gesunken"
    return Table(title, fields, rows)


def _changes(before: Seen, after: Seen, item: str) -> dict[str, Cell]:
    found = {}
    for area in after.areas(Kind.QUARTIER):
        old = before.find(Kind.QUARTIER, area.id)
        first = ABSENT if old is None else before.cell(old, item)
        found[area.id] = shown_change(
            item_of(after.config, item), first, after.cell(area, item)
        )
    return found


def _bound(cells: Mapping[str, Cell], digits: int) -> float:
    """Difference that half of those that differ do not exceed; 0 where none does."""
    sizes = [abs(rounded(one.value, digits)) for one in cells.values() if one.value is not None]
    return rounded(median([size for size in sizes if size] or [0.0]), digits)


def _step(cell: Cell, bound: float, digits: int) -> int:
    """Step from 1, much less, to 5, much more; 0 where there is no difference to show."""
    if cell.value is None:
        return 0
    by = rounded(cell.value, digits)
    return _SAME + (by > 0) - (by < 0) + (by > bound) - (by < -bound)


def _status(cell: Cell, step: int) -> Status:
    return Status.PUBLISHED if step else cell.status


def _legend(
    cells: Mapping[str, Cell], steps: Mapping[str, int], bound: str
) -> tuple[LegendEntry, ...]:
    labels = (
        f"um mehr als {bound} gesunken",
        f"um bis zu {bound} gesunken",
        "unverändert",
        f"um bis zu {bound} gestiegen",
        f"um mehr als {bound} gestiegen",
    )
    counts = Counter((step, _status(cells[key], step)) for key, step in steps.items())
    known = range(1, len(labels) + 1) if bound else (_SAME,)
    shown = [
        LegendEntry(step, Status.PUBLISHED, labels[step - 1], counts[step, Status.PUBLISHED])
        for step in known
    ]
    hidden = {status: count for (step, status), count in counts.items() if not step}
    return (*shown, *sign_entries(hidden))
