"""How firmly a level stands when all that could be otherwise varies at once.

One simulation over the choices of the method, chance and carried values. It gives the share of
replications in each level, and for each factor how often the official level would be kept if
this factor alone stood still, with the same draws of all others.

Sources: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 7; holding one
factor: A. Saltelli et al. (2008), Global Sensitivity Analysis, „factor fixing“.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.classify.methods.arithmetic import Floats, levels_of
from atlas.classify.noise import Drawn, Noise, Sample, draw_carried, draw_chance
from atlas.classify.robustness import (
    cells_of,
    levels_and_ranks,
    levels_in,
    placed,
    robustness_parts,
    scaled_of,
    stability_of,
)
from atlas.classify.rule import Rule
from atlas.classify.series import orders_of

# In this order numbered from 1 as ``.driver``.
DRIVERS = ("weights", "scale", "left_out", "cuts", "chance", "carried")
JOINT_PARTS = ("driver", "share_held")
# Figures held at a time in one table: 4 MB.
_CHUNK = 500_000


@dataclass(frozen=True)
class Official:
    """Published result on n valid areas: ``z`` (n × k), ``sds`` (k), ``index`` (n), cuts."""

    z: Floats
    sds: Floats
    index: Floats
    cuts: tuple[float, ...]


@dataclass(frozen=True)
class _Choices:
    """Choices of the method in R replications.

    ``stretch`` (R × k) of the weights; ``left_out`` (R): a column, −1 for none; ``shifts``
    (R × number of cuts).
    """

    stretch: Floats
    is_min_max: NDArray[np.bool_]
    is_geometric: NDArray[np.bool_]
    left_out: NDArray[np.int_]
    shifts: Floats

    def some(self, rows: slice) -> "_Choices":
        """Choices of some replications."""
        return _Choices(
            self.stretch[rows],
            self.is_min_max[rows],
            self.is_geometric[rows],
            self.left_out[rows],
            self.shifts[rows],
        )


@dataclass(frozen=True)
class _Play:
    """What all replications draw from, and the choices where one factor of them is held."""

    sample: Sample
    official: Official
    rule: Rule
    held: dict[str, _Choices]
    chance: list[Drawn]
    carried: list[Drawn]


def joint_of(sample: Sample, official: Official, rule: Rule, noise: Noise) -> dict[str, Floats]:
    """Share of replications in each level, ranks, stability and driver of each valid area.

    Parameters
    ----------
    sample
        Values of the valid areas.
    rule
        Method ``zscore`` or ``quantile``.

    Returns
    -------
        One array of n per part of ``robustness_parts`` and ``JOINT_PARTS``. ``driver`` is the
        number of the factor in ``DRIVERS`` that raises the share of the official level most if
        it is held at its official choice, the first of equal ones; 0 if none raises it.
        ``share_held`` is the share with that factor held.
    """
    play, n_all = _play(sample, official, rule, noise), sample.settings.replications
    n, n_levels = sample.matrix.shape[0], len(rule.cuts) + 1
    levels_now = levels_of(official.index, official.cuts)
    counts, kept = np.zeros((n_levels, n)), np.zeros((len(DRIVERS), n))
    lows, highs = np.full(n, np.inf), np.zeros(n)
    step = max(_CHUNK // n, 1)
    for start in range(0, n_all, step):
        rows = slice(start, start + step)
        for factor, index in _results(play, rows):
            shifts = play.held[factor].shifts[rows]
            if factor:
                levels = levels_in(index, shifts, rule)
                kept[DRIVERS.index(factor)] += (levels == levels_now).sum(axis=0)
                continue
            levels, ranks = levels_and_ranks(index, shifts, rule)
            counts += [(levels == level).sum(axis=0) for level in range(1, n_levels + 1)]
            lows = np.minimum(lows, ranks.min(axis=0))
            highs = np.maximum(highs, ranks.max(axis=0))
    shares, held = counts / n_all, kept / n_all
    own = shares[levels_now.astype(int) - 1, np.arange(n)]
    most = held.max(axis=0)
    figures = (*shares, lows, highs, stability_of(own))
    return {
        **dict(zip(robustness_parts(rule), figures, strict=True)),
        "driver": np.where(most > own, held.argmax(axis=0) + 1.0, 0.0),
        "share_held": np.maximum(most, own),
    }


def joint_items(
    values: pd.DataFrame, items: pd.DataFrame, noise: Noise, rule: Rule
) -> pd.DataFrame:
    """Shares, ranks, stability and driver of the level of every area.

    Parameters
    ----------
    values, items
        As in and out of ``level_items``; with a method that standardises.
    rule
        With its settings of robustness.

    Returns
    -------
        An item ``need_level.X`` for every X of ``joint_of``; columns as ``level_items``.

    Raises
    ------
    ValueError
        If the rule asks for no robustness.
    """
    if rule.robustness is None:
        raise ValueError("the rule has no settings of robustness")
    states = items[(items["item"] == rule.index) & (items["area_id"] != "")]
    states = states.sort_values("area_id")
    valid = pd.Index(states.loc[states["value"].notna(), "area_id"])
    found: dict[str, Floats] = {}
    if len(valid):
        matrix = _spread_out(values, rule.items, valid)
        sample = Sample(matrix, tuple(valid), rule.items, rule.robustness)
        found = joint_of(sample, _official(items, rule, valid), rule, noise)
    frames = []
    for part in (*robustness_parts(rule), *JOINT_PARTS):
        known = pd.Series(found.get(part, np.nan), index=valid, dtype=float)
        told = known.reindex(states["area_id"]).to_numpy()
        frames.append(states.assign(item=f"{rule.level}.{part}", value=told))
    return pd.concat(frames, ignore_index=True)


def _official(items: pd.DataFrame, rule: Rule, valid: pd.Index) -> Official:
    city = items[items["area_id"] == ""].set_index("item")["value"]
    numbers = range(1, len(rule.cuts) + 1)
    return Official(
        z=_spread_out(items, [f"{item}.z" for item in rule.items], valid),
        sds=city[[f"{item}.sd" for item in rule.items]].to_numpy(dtype=float),
        index=_spread_out(items, [rule.index], valid)[:, 0],
        cuts=tuple(float(city[f"{rule.index}.cut_{number}"]) for number in numbers),
    )


def _spread_out(frame: pd.DataFrame, items: Sequence[str], area_ids: pd.Index) -> Floats:
    chosen = frame[frame["item"].isin(items)]
    spread = chosen.pivot(index="area_id", columns="item", values="value")
    return spread.reindex(index=area_ids, columns=list(items)).to_numpy(dtype=float)


def _play(sample: Sample, official: Official, rule: Rule, noise: Noise) -> _Play:
    factors = sample.settings.factors
    chance = draw_chance(noise, sample) if "chance" in factors else []
    carried = draw_carried(noise, sample) if "carried" in factors else []
    fixed = _still(sample, rule)
    held = {"": fixed}
    if "method" in factors:
        drawn = _drawn(sample, official, rule)
        held = {
            "": drawn,
            "weights": replace(drawn, stretch=fixed.stretch),
            "scale": replace(drawn, is_min_max=fixed.is_min_max),
            "left_out": replace(drawn, left_out=fixed.left_out),
            "cuts": replace(drawn, shifts=fixed.shifts),
        }
    held |= {"chance": held[""]} if chance else {}
    held |= {"carried": held[""]} if carried else {}
    return _Play(sample, official, rule, held, chance, carried)


def _still(sample: Sample, rule: Rule) -> _Choices:
    """Choices of the official rule."""
    n = sample.settings.replications
    no = np.zeros(n, dtype=bool)
    ones, zeros = np.ones((n, len(rule.parts))), np.zeros((n, len(rule.cuts)))
    return _Choices(ones, no, no, np.full(n, -1), zeros)


def _drawn(sample: Sample, official: Official, rule: Rule) -> _Choices:
    settings, seed = sample.settings, sample.settings.seed
    cells, left_out = cells_of(official.sds, settings.replications)
    weights = _points([f"{seed}|gewicht|{item}" for item in rule.items], cells)
    numbers = range(1, len(rule.cuts) + 1)
    cuts = _points([f"{seed}|grenze|{number}" for number in numbers], cells)
    return _Choices(
        stretch=1 + settings.weight_spread * (2 * weights - 1),
        is_min_max=cells % 2 == 1,
        is_geometric=cells // 2 % 2 == 1,
        left_out=left_out,
        shifts=settings.cut_spread * (2 * cuts - 1),
    )


def _points(texts: list[str], cells: NDArray[np.int_]) -> Floats:
    """Middles of equal parts of 0 … 1 (R × series), each once among equal choices."""
    points = np.empty((cells.size, len(texts)))
    for column, order in enumerate(orders_of(texts, cells.size)):
        for cell in range(int(cells.max()) + 1):
            own = order[cells[order] == cell]
            points[own, column] = (np.arange(own.size) + 0.5) / own.size
    return points


def _results(play: _Play, rows: slice) -> Iterator[tuple[str, Floats]]:
    """Find the index in some replications, by the factor that is held."""
    free = _values(play, rows, "")
    index = _index(play, play.held[""].some(rows), free)
    for factor, choices in play.held.items():
        if factor in ("", "cuts"):  # cuts change no index
            yield factor, index
        else:
            is_drawn = factor in ("chance", "carried")
            moved = _values(play, rows, factor) if is_drawn else free
            yield factor, _index(play, choices.some(rows), moved)


def _values(play: _Play, rows: slice, held: str) -> list[Floats]:
    """Deviations of each indicator in some replications (rows) of every area (columns)."""
    n_rows = play.held[""].stretch[rows].shape[0]
    tables = [np.zeros((n_rows, play.sample.matrix.shape[0])) for _ in play.rule.parts]
    for one in [] if held == "chance" else play.chance:
        tables[one.column][:, one.rows] += one.deviations(rows)
    for one in [] if held == "carried" else play.carried:
        tables[one.column][:, one.rows] += one.deviations(rows)
    return tables


def _index(play: _Play, choices: _Choices, moved: list[Floats]) -> Floats:
    """Index of every area (columns) in some replications (rows)."""
    weights = _weights(play, choices)
    is_z, is_product = ~choices.is_min_max, choices.is_min_max & choices.is_geometric
    sums = np.zeros(moved[0].shape)
    for column, part in enumerate(play.rule.parts):
        own, sd = weights[:, column, None], play.official.sds[column]
        if sd > 0:
            z = play.official.z[:, column] + part.sign * moved[column][is_z] / sd
            sums[is_z] += own[is_z] * z
        value = part.sign * (play.sample.matrix[:, column] + moved[column][~is_z])
        scaled = scaled_of(value, 1)
        is_log = is_product[~is_z]
        scaled[is_log] = np.log(scaled[is_log])
        sums[~is_z] += own[~is_z] * scaled
    sums[is_product] = np.exp(sums[is_product])
    return placed(sums, play.official.index, play.rule.ddof)


def _weights(play: _Play, choices: _Choices) -> Floats:
    weights = choices.stretch * [part.weight for part in play.rule.parts]
    weights[:, play.official.sds == 0] = 0.0
    reduced = np.flatnonzero(choices.left_out >= 0)
    weights[reduced, choices.left_out[reduced]] = 0.0
    shares: Floats = weights / weights.sum(axis=1, keepdims=True)
    return shares
