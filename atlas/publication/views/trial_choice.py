"""What a reader may try in place of the rule in force: method, cuts, weights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atlas.config import Levels, Scale, read_scale
from atlas.config.methods import METHODS, MethodName
from atlas.publication.seen import Seen
from atlas.publication.views.items import indicators
from atlas.terms import Kind

_QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Choice:
    """What a reader tries: weights by indicator (0 leaves it out), cuts of the index.

    ``part_cuts``: limits of each indicator, for method ``fixed`` alone.
    """

    method: MethodName
    cuts: tuple[float, ...]
    weights: Mapping[str, float]
    part_cuts: Mapping[str, tuple[float, ...]]


def official_choice(seen: Seen) -> Choice:
    """Describe the rule in force; an indicator that it leaves out has the weight 0.

    Where the index is made of sub-indices, only their indicators can be weighed.
    """
    scale = seen.config.levels.need[seen.group]
    weights = {part.id: part.weight for part in scale.parts}
    offered = [item.id for item in indicators(seen.config, seen.group)]
    if scale.themes:
        offered = list(weights)
    return Choice(
        method=scale.method,
        cuts=scale.limits(),
        weights={item: weights.get(item, 0.0) for item in offered},
        part_cuts={part.id: part.cuts for part in scale.parts if part.cuts},
    )


def suggested_cuts(seen: Seen, method: MethodName) -> tuple[float, ...]:
    """Cuts to begin with: those in force, else the usual ones of the method."""
    scale = seen.config.levels.need[seen.group]
    if scale.method == method:
        return scale.limits()
    return METHODS[method].cuts


def suggested_part_cuts(seen: Seen, item: str) -> tuple[float, ...]:
    """Limits of an indicator to begin with: those in force, else its quarters here."""
    scale = seen.config.levels.need[seen.group]
    own = [part.cuts for part in scale.parts if part.id == item and part.cuts]
    if own:
        return own[0]
    shown = seen.values(Kind.QUARTIER, item)
    if not shown:
        return ()
    digits = seen.config.indicators.indicators[item].digits
    return tuple(sorted({round(_quantile(shown.values(), q), digits) for q in _QUARTERS}))


def trial_levels(seen: Seen, choice: Choice) -> Levels:
    """Levels of the release with one group tried otherwise.

    Raises
    ------
    ConfigError
        If the choice makes no rule.
    """
    levels = seen.config.levels
    official = levels.need[seen.group]
    direction = {part.id: part.direction for part in official.parts}
    parts: list[dict[str, object]] = [
        {"id": item, "weight": weight, "direction": direction.get(item, "more")}
        | (
            {"cuts": choice.part_cuts.get(item, ())}
            if METHODS[choice.method].has_part_cuts
            else {}
        )
        for item, weight in choice.weights.items()
        if weight
    ]
    table: dict[str, object] = {
        "method": choice.method,
        "cuts": choice.cuts,
        **_arranged(official, parts),
    }
    table |= _kept(official, choice.method)
    return levels.model_copy(update={"need": {**levels.need, seen.group: read_scale(table)}})


def _arranged(official: Scale, parts: list[dict[str, object]]) -> dict[str, object]:
    """Put indicators into the sub-indices of the rule in force; one without any is gone."""
    if not official.themes:
        return {"indicators": parts}
    found = []
    for theme in official.themes:
        ids = {part.id for part in theme.indicators}
        inner = [part for part in parts if part["id"] in ids]
        about = {"id": theme.id, "label": theme.label, "weight": theme.weight}
        found += [{**about, "indicators": inner}] if inner else []
    return {"themes": found}


def _kept(official: Scale, method: MethodName) -> dict[str, object]:
    """Take over how to spread, centre, rank and leave out, where the method does that."""
    kept: dict[str, object] = {"sd": official.sd, "missing": official.missing}
    if METHODS[method].ties:
        kept["ties"] = official.ties
    if METHODS[method].is_standardising:
        kept |= {"mean_base": official.mean_base, "base_date": official.base_date}
    return kept


def _quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[int(share * (len(ordered) - 1))]
