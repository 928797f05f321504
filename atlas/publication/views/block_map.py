"""The blocks of one Quartier on the map of the city: which theme, which areas, their legend."""

from collections import Counter
from dataclasses import replace

from atlas.publication.seen import Seen
from atlas.publication.views.class_choice import ClassChoice
from atlas.publication.views.items import indicators
from atlas.publication.views.map import MapView
from atlas.terms import Kind


def block_theme(seen: Seen, asked: str) -> str:
    """Find the indicator that colours blocks: the asked one, else the first that any shows."""
    shown = [
        item.id
        for item in indicators(seen.config, seen.group)
        if seen.values(Kind.BLOCK, item.id)
    ]
    return asked if asked in shown else next(iter(shown), "")


def only_inside(seen: Seen, area_id: str) -> ClassChoice:
    """Leave the blocks of one Quartier on a map of blocks."""
    inside = frozenset(block.id for block in seen.children(Kind.BLOCK, area_id))
    title = seen.area(Kind.QUARTIER, area_id).title
    return ClassChoice((), Kind.BLOCK, inside, frozenset({area_id}), title)


def inside_view(seen: Seen, view: MapView, area_id: str) -> MapView:
    """Count in the legend of a map of blocks those of one Quartier alone."""
    inside = (view.entry_of[block.id] for block in seen.children(Kind.BLOCK, area_id))
    counts = Counter(inside)
    counted = [replace(entry, count=counts[at]) for at, entry in enumerate(view.legend)]
    # A sign that no block here bears explains nothing.
    return replace(view, legend=tuple(one for one in counted if one.step or one.count))
