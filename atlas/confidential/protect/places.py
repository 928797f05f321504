"""Areas as rows of the system: the tree of the chain, and which overlay holds which block."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.confidential.protect.frame import Ints
from atlas.confidential.protect.system import depth_order
from atlas.errors import ProtectionError
from atlas.terms import Kind, chain_of


@dataclass(frozen=True)
class Places:
    """Areas in the order of the system's rows; see ``Frame``."""

    kinds: tuple[str, ...]
    area_ids: tuple[str, ...]
    parent: Ints
    level: Ints
    holders: tuple[Ints, ...] = ()


def places_of(areas: pd.DataFrame) -> Places:
    """Order areas, parents first and siblings together; areas of overlays last.

    Parameters
    ----------
    areas
        As for ``build_city``.
    """
    if "parts" not in areas:
        return _of_chain(areas)
    is_overlay = areas["parts"] != ""
    return _with_overlays(_of_chain(areas[~is_overlay]), areas[is_overlay])


def _with_overlays(chain: Places, overlays: pd.DataFrame) -> Places:
    """Append the areas of overlays, and say which of them holds each block."""
    size = len(chain.kinds) + len(overlays)
    row_of = {
        area_id: row
        for row, (kind, area_id) in enumerate(zip(chain.kinds, chain.area_ids, strict=True))
        if kind == Kind.BLOCK
    }
    ordered = overlays.sort_values(["kind", "area_id"], kind="stable")
    kinds, area_ids = (tuple(ordered[name].astype(str)) for name in ("kind", "area_id"))
    holders = {kind: np.full(size, -1, dtype=np.int64) for kind in dict.fromkeys(kinds)}
    for row, kind in enumerate(kinds, start=len(chain.kinds)):
        for block in str(ordered["parts"].iloc[row - len(chain.kinds)]).split():
            holders[kind][row_of[block]] = row
    after = np.full(len(overlays), int(chain.level.max()) + 1)
    return Places(
        chain.kinds + kinds,
        chain.area_ids + area_ids,
        np.concatenate([chain.parent, np.full(len(overlays), -1)]),
        np.concatenate([chain.level, after]),
        tuple(holders.values()),
    )


def _of_chain(areas: pd.DataFrame) -> Places:
    """Order the areas with parents first and siblings together."""
    size = {kind: -i for i, kind in enumerate(chain_of(areas["kind"]))}
    ordered = areas.assign(size=areas["kind"].map(size))
    ordered = ordered.sort_values(["size", "area_id"], kind="stable")
    present = sorted(set(ordered["size"]))
    above = dict(zip(present[1:], present, strict=False))
    sizes, names = ordered["size"].tolist(), ordered["area_id"].astype(str).tolist()
    row_of = {place: i for i, place in enumerate(zip(sizes, names, strict=True))}
    parent_of = []
    for own, name, parent_id in zip(sizes, names, ordered["parent_id"], strict=True):
        if own == present[0]:
            parent_of.append(-1)
            continue
        row = row_of.get((above[own], str(parent_id)))
        if row is None:
            raise ProtectionError(
                f"Gebiete, {name}: übergeordnetes Gebiet fehlt, erwartet wird eines der "
                "nächsten Ebene. areas.toml und Gebietsstand prüfen."
            )
        parent_of.append(row)
    order, depth = depth_order(parent_of)
    new_row = np.empty(len(order), dtype=np.int64)
    new_row[order] = np.arange(len(order))
    parents = np.array(parent_of, dtype=np.int64)[order]
    parents = np.where(parents >= 0, new_row[np.maximum(parents, 0)], -1)
    kinds = ordered["kind"].astype(str).tolist()
    return Places(
        tuple(kinds[row] for row in order),
        tuple(names[row] for row in order),
        parents,
        depth[order],
    )
