"""Abstract instances: cells and relations as tables -> system, smallest pattern, values.

The instances name places and measures freely, and any printable cell may be hidden; so they
measure the solver alone. Cities go through ``city``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.confidential.protect.cells import solve
from atlas.confidential.protect.city import keyed_fractions
from atlas.confidential.protect.frame import Flags, Frame, Ints
from atlas.confidential.protect.moves import Persons, classes_of
from atlas.confidential.protect.system import UNBOUNDED, System, depth_order
from atlas.confidential.protect.worlds import printed
from atlas.errors import ProtectionError

_TIE = 1e-6
_BY_WEIGHT = 1e-3


@dataclass(frozen=True)
class Instance:
    """A system, and where each cell of the instance lies in it."""

    system: System
    row: Ints
    slot: Ints


def suppress(cells: pd.DataFrame, relations: pd.DataFrame, min_count: int, key: bytes) -> Flags:
    """Hide the fewest cells that leave every sensitive cell of an instance in doubt.

    Parameters
    ----------
    cells
        One row per cell_id; columns geo, parent (geo), measure, role (publish or latent),
        value, sensitive (0 or 1), weight.
    relations
        One row per rel_id and cell_id; the values times coef add up to nought.
    min_count
        A sensitive cell must keep a world with so many.
    key
        Secret that orders equal choices.

    Returns
    -------
    One flag per row of ``cells``: hidden. Latent cells are never printed and always hidden.

    Raises
    ------
    ProtectionError
        If some sensitive cell cannot be protected by hiding cells.
    """
    instance = build_instance(cells, relations, min_count, key)
    solution = solve(instance.system)
    if solution.unsafe:
        place = instance.system.frame.ids[solution.unsafe[0].row]
        raise ProtectionError(
            f"Instanz, {place}: kein sicheres Muster gefunden, erwartet wird ein Nachweis "
            "für jede geheime Zelle. cells.csv und relations.csv prüfen."
        )
    shown = printed(instance.system, solution.pattern)
    hidden: Flags = ~shown[instance.row, instance.slot]
    return hidden


def build_instance(
    cells: pd.DataFrame, relations: pd.DataFrame, min_count: int, key: bytes
) -> Instance:
    """Lay an instance out as places and slots."""
    geos, parent, level = _places(cells)
    measures = sorted(cells["measure"].astype(str).unique())
    row = pd.Index(geos).get_indexer(pd.Index(cells["geo"]))
    slot = pd.Index(measures).get_indexer(pd.Index(cells["measure"].astype(str)))
    shape = (len(geos), len(measures))
    grid = {name: np.zeros(shape, dtype=np.int64) for name in ("value", "open", "need", "here")}
    grid["value"][row, slot] = cells["value"]
    grid["open"][row, slot] = cells["role"] == "publish"
    grid["need"][row, slot] = cells["sensitive"] * min_count
    grid["here"][row, slot] = 1
    weight = np.zeros(shape)
    weight[row, slot] = cells["weight"] / max(float(cells["weight"].max()), 1.0)
    templates = _templates(cells, relations, measures)
    exists, is_open = grid["here"] > 0, grid["open"] > 0
    frame = Frame(
        ids=tuple(geos),
        parent=parent,
        level=level,
        slots=tuple(measures),
        relations=templates,
        persons=Persons(classes_of(templates)),
        seen=np.array([exists[level == depth].any(axis=0) for depth in range(level.max() + 1)]),
        kin=np.ones((len(measures), len(measures)), dtype=bool),
        label=np.zeros(len(geos), dtype=np.int64),
    )
    ties = keyed_fractions(geos, [""] * len(geos), len(measures), key)
    system = System(
        frame=frame,
        value=grid["value"],
        exists=exists,
        is_open=is_open,
        need=grid["need"],
        lower=np.where(is_open, 1, 0),
        upper=np.full(shape, UNBOUNDED),
        can_hide=is_open & (grid["value"] >= 1),
        weight=1.0 + _BY_WEIGHT * weight + _TIE * ties,
        is_known=np.zeros(shape, dtype=bool),
        stays_hidden=np.zeros(shape, dtype=bool),
    )
    return Instance(system, row, slot)


def _places(cells: pd.DataFrame) -> tuple[list[str], Ints, Ints]:
    """Order the places with parents first and siblings together."""
    places = cells.drop_duplicates("geo")
    geos = places["geo"].astype(str).tolist()
    parents = pd.Index(geos).get_indexer(pd.Index(places["parent"].astype("object")))
    order, depth = depth_order(parents.tolist())
    new_row = np.empty(len(order), dtype=np.int64)
    new_row[order] = np.arange(len(order))
    above = parents[order]
    parent = np.where(above >= 0, new_row[np.maximum(above, 0)], -1)
    return [geos[i] for i in order], parent, depth[order]


def _templates(cells: pd.DataFrame, relations: pd.DataFrame, measures: Sequence[str]) -> Ints:
    """Collect the relations between the measures of one place, whole −1 and parts 1."""
    at = pd.Index(cells["cell_id"]).get_indexer(pd.Index(relations["cell_id"]))
    number, names = pd.factorize(relations["rel_id"])
    geo = pd.factorize(cells["geo"])[0][at]
    column = pd.Index(measures).get_indexer(pd.Index(cells["measure"].astype(str)))[at]
    first = np.zeros(len(names), dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    elsewhere, other = geo != geo[first[number]], column != column[first[number]]
    spreads = np.zeros((2, len(names)), dtype=bool)
    spreads[0, number[elsewhere]] = True
    spreads[1, number[other]] = True
    mixed = np.flatnonzero(spreads[0] & spreads[1])
    if len(mixed):
        raise ProtectionError(
            f"Instanz, Beziehung {names[mixed[0]]}: verbindet Orte und Merkmale "
            "zugleich, erwartet wird eine Summe über Orte oder eine Zerlegung an einem Ort. "
            "relations.csv prüfen."
        )
    here = ~spreads[0][number]
    coefficients = np.zeros((len(names), len(measures)), dtype=np.int64)
    coefficients[number[here], column[here]] = relations["coef"].to_numpy()[here]
    templates = np.unique(coefficients[~spreads[0]], axis=0)
    flipped = (templates < 0).sum(axis=1) > 1
    templates[flipped] *= -1
    return templates
