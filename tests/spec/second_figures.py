"""Figures of an index by item, with the indicators that each of them needs."""

from collections.abc import Sequence

from tests.spec.method_reader import Scale
from tests.spec.second_scores import Scored, empty, extra_names, ranks_of, summed

Column = tuple[list[str], Sequence[float | None]]
"""Indicators that an area needs for a figure, and the figures."""


def figures_of(scored: Scored | None, scale: Scale) -> dict[str, Column]:
    """Figures of the compared areas by item, with the indicators that each needs."""
    found: dict[str, Column] = {}
    every = [part.item for part in scale.parts]
    index, level = f"{scale.name}_index", f"{scale.name}_level"
    marks = extra_names(every, scale, scale.indices)
    if scored is None:
        scored = empty(scale)
    cuts = scored.cuts
    known = [(x, None if x is None else 1 + sum(x > c for c in cuts)) for x in scored.index]
    found[index] = every, scored.index
    found[level] = every, [None if n is None else float(n) for _, n in known]
    found[f"{index}.distance"] = (
        every,
        [None if x is None or n is None else cuts[min(n, len(cuts)) - 1] - x for x, n in known],
    )
    needed = {theme.item: [part.item for part in theme.parts] for theme in scale.themes}
    for name, one in ((index, scored), *scored.themes.items()):
        items = needed.get(name, every)
        found[name] = items, one.index
        found[f"{name}.sum"] = items, one.sums
        found[f"{name}.rank"] = items, ranks_of(one.index)
    for place, item in enumerate(every):
        found[f"{item}.z"] = [item], scored.z[place]
        found[f"{item}.contribution"] = every, scored.contributions[place]
    for theme, inner in needed.items():
        mine = [scored.contributions[every.index(item)] for item in inner]
        found[f"{theme}.contribution"] = every, summed(mine)
    for name in marks:
        owner = name.rpartition(".")[0]
        needs = [owner] if owner in every else needed.get(owner, every)
        found[name] = needs, scored.extra.get(name, [])
    return found
