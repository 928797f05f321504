"""What a reader may try in place of the rule in force: method, cuts, weights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atlas.config import Levels, Scale, read_scale
from atlas.config.methods import METHODS, MethodName
from atlas.publication.views.cells import column, shown_values
from atlas.publication.views.items import indicators
from atlas.release import Release
from atlas.terms import Group, Kind

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


def official_choice(release: Release, group: Group) -> Choice:
    """Describe the rule in force; an indicator that it leaves out has the weight 0."""
    scale = release.info.config.levels.need[group]
    weights = {part.id: part.weight for part in scale.indicators}
    return Choice(
        method=scale.method,
        cuts=scale.limits(),
        weights={
            item.id: weights.get(item.id, 0.0)
            for item in indicators(release.info.config, group)
        },
        part_cuts={part.id: part.cuts for part in scale.indicators if part.cuts},
    )


def suggested_cuts(release: Release, group: Group, method: MethodName) -> tuple[float, ...]:
    """Cuts to begin with: those in force, else the usual ones of the method."""
    scale = release.info.config.levels.need[group]
    if scale.method == method:
        return scale.limits()
    return METHODS[method].cuts


def suggested_part_cuts(release: Release, group: Group, item: str) -> tuple[float, ...]:
    """Limits of an indicator to begin with: those in force, else its quarters here."""
    scale = release.info.config.levels.need[group]
    own = [part.cuts for part in scale.indicators if part.id == item and part.cuts]
    if own:
        return own[0]
    shown = shown_values(column(release, Kind.QUARTIER, group, item))
    if not shown:
        return ()
    digits = release.info.config.indicators.indicators[item].digits
    return tuple(sorted({round(_quantile(shown.values(), q), digits) for q in _QUARTERS}))


def trial_levels(release: Release, group: Group, choice: Choice) -> Levels:
    """Levels of the release with one group tried otherwise.

    Raises
    ------
    ConfigError
        If the choice makes no rule.
    """
    levels = release.info.config.levels
    official = levels.need[group]
    direction = {part.id: part.direction for part in official.indicators}
    parts = [
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
        "indicators": parts,
    }
    table |= _kept(official, choice.method)
    return levels.model_copy(update={"need": {**levels.need, group: read_scale(table)}})


def _kept(official: Scale, method: MethodName) -> dict[str, object]:
    """Take over how to spread and centre, where the method does that."""
    kept: dict[str, object] = {"sd": official.sd}
    if METHODS[method].is_standardising:
        kept |= {"mean_base": official.mean_base, "base_date": official.base_date}
    return kept


def _quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[int(share * (len(ordered) - 1))]
