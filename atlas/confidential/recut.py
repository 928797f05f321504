"""What a release told of its blocks, in today's blocks: the same, divided, or joined.

A key is no identity: one that is kept may stand for half of what it was. Blocks are told apart
by their boundaries alone. Knows boundaries and rows; no files.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from atlas.errors import ProtectionError
from atlas.geography import PARTS, chain_of_areas, places_of
from atlas.terms import Kind, chain_of
from atlas.words import first_few

# Share of an area that may differ: boundaries drawn anew are never quite the old ones.
_DRAWN_ANEW = 0.05
_CELL = ["area_id", "group", "measure"]
_NAMED = 3


@dataclass(frozen=True)
class Recut:
    """How the blocks of a release lie in today's.

    made_of
        Block of then -> the blocks of today that it is made of.
    joined
        Block of then -> the one of today in which it lies together with others.
    cut
        Blocks of then that are neither.
    """

    made_of: Mapping[str, tuple[str, ...]]
    joined: Mapping[str, str]
    cut: frozenset[str]

    @property
    def is_same(self) -> bool:
        """Whether every block is still what its key says."""
        return not (self.joined or self.cut) and all(
            parts == (key,) for key, parts in self.made_of.items()
        )


def compare(then: gpd.GeoDataFrame, today: gpd.GeoDataFrame) -> Recut:
    """Find each block of a release among today's by its boundary.

    Parameters
    ----------
    then, today
        One row per block: area_id, geometry; same CRS.
    """
    old, new = then["area_id"].to_numpy(dtype=str), today["area_id"].to_numpy(dtype=str)
    shapes, others = then.geometry.to_numpy(), today.geometry.to_numpy()
    if np.array_equal(old, new) and shapely.equals_exact(shapes, others, 1e-3).all():
        return Recut({key: (key,) for key in old}, {}, frozenset())
    row, column = shapely.STRtree(others).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[row], others[column]))
    of_old, of_new = common / shapely.area(shapes)[row], common / shapely.area(others)[column]
    is_shared = np.maximum(of_old, of_new) > _DRAWN_ANEW
    row, column = row[is_shared], column[is_shared]
    ones, size = np.ones(len(row)), len(old) + len(new)
    graph = coo_array((ones, (row, len(old) + column)), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    is_covered = np.bincount(row, of_old[is_shared], len(old)) >= 1 - _DRAWN_ANEW
    is_filled = np.bincount(column, of_new[is_shared], len(new)) >= 1 - _DRAWN_ANEW
    made_of: dict[str, tuple[str, ...]] = {}
    joined: dict[str, str] = {}
    cut: set[str] = set()
    inside = pd.Series(new).groupby(label[len(old) :]).agg(tuple)
    filled = pd.Series(is_filled).groupby(label[len(old) :]).all()
    for name, at in pd.Series(range(len(old))).groupby(label[: len(old)]):
        keys, parts = old[at.to_numpy()], inside.get(name, ())
        is_whole = bool(is_covered[at.to_numpy()].all() and filled.get(name, False))
        if is_whole and len(keys) == 1:
            made_of[keys[0]] = parts
        elif is_whole and len(parts) == 1:
            joined |= dict.fromkeys(keys, parts[0])
        else:
            cut |= set(keys)
    return Recut(made_of, joined, frozenset(cut))


def blocks_of(every: pd.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    """Blocks of every larger area, in order."""
    every = places_of(every)
    areas = chain_of_areas(every)
    kinds = list(chain_of(areas["kind"]))
    blocks = areas[areas["kind"] == str(Kind.BLOCK)]
    held: dict[tuple[str, str], list[str]] = {}
    holders = dict(zip(blocks["area_id"], blocks["parent_id"], strict=True))
    for kind in kinds[1:] if holders else ():
        for block, holder in holders.items():
            held.setdefault((str(kind), holder), []).append(block)
        level = areas[areas["kind"] == kind]
        above = dict(zip(level["area_id"], level["parent_id"], strict=True))
        holders = {block: above[holder] for block, holder in holders.items()}
    outside = every[every[PARTS] != ""] if PARTS in every else every.iloc[:0]
    return {name: tuple(sorted(inside)) for name, inside in held.items()} | {
        (kind, area_id): tuple(sorted(parts.split()))
        for kind, area_id, _, parts in outside.itertuples(index=False, name=None)
    }


def in_todays_blocks(
    told: pd.DataFrame, held: Mapping[tuple[str, str], Collection[str]], recut: Recut
) -> pd.DataFrame:
    """Say of one release what it told of today's blocks and of sums of them.

    Parameters
    ----------
    told
        Rows of the ledger of one release; column parts.
    held
        Kind and key of every larger area of that release -> its blocks of then.

    Returns
    -------
    pandas.DataFrame
        The rows; parts names today's blocks of all that is no single block of today.

    Raises
    ------
    ProtectionError
        Naming blocks that were cut anew, or joined where one of them was hidden.
    """
    is_block = told["kind"] == str(Kind.BLOCK)
    _refuse_lost(told[is_block], recut, _across(held.values(), recut))
    blocks = told[is_block & ~told["area_id"].isin(recut.cut)]
    larger = told[~is_block]
    names = larger[["kind", "area_id"]].itertuples(index=False, name=None)
    parts = [
        " ".join(sorted(_parts_of(held[name], recut))) if name in held else own
        for name, own in zip(names, larger[PARTS], strict=True)
    ]
    return pd.concat([*_of_blocks(blocks, recut), larger.assign(parts=parts)])


def _of_blocks(blocks: pd.DataFrame, recut: Recut) -> Iterator[pd.DataFrame]:
    """Rename what stayed, name the parts of what was divided, add up what was joined."""
    for_now = blocks["area_id"].map(lambda key: recut.made_of.get(key, ()))
    is_one = for_now.map(len) == 1
    yield blocks[is_one].assign(area_id=for_now[is_one].map("".join), parts=None)
    is_divided = for_now.map(len) > 1
    yield blocks[is_divided].assign(parts=for_now[is_divided].map(" ".join))
    together = blocks[blocks["area_id"].isin(recut.joined)]
    together = together.assign(area_id=together["area_id"].map(recut.joined))
    first = together.drop_duplicates(_CELL).set_index(_CELL)
    yield first.assign(n=together.groupby(_CELL)["n"].sum()).reset_index()[[*blocks.columns]]


def _parts_of(blocks: Collection[str], recut: Recut) -> set[str]:
    found = {part for key in blocks for part in recut.made_of.get(key, ())}
    return found | {recut.joined[key] for key in blocks if key in recut.joined}


def _across(areas: Iterable[Collection[str]], recut: Recut) -> set[str]:
    """List joined blocks of which a larger area held some only: its sum is none of today's."""
    together: dict[str, set[str]] = {}
    for key, block in recut.joined.items():
        together.setdefault(block, set()).add(key)
    return {
        key
        for inside in (set(area) for area in areas)
        for key in inside & set(recut.joined)
        if not together[recut.joined[key]] <= inside
    }


def _refuse_lost(blocks: pd.DataFrame, recut: Recut, across: Collection[str]) -> None:
    """Stop where a difference of old and new blocks could not be told from today's counts."""
    is_cut = blocks["area_id"].isin({*recut.cut, *across}) & (blocks["n"].fillna(1) > 0)
    is_joined = blocks["area_id"].isin(recut.joined) & blocks["n"].isna()
    lost = sorted(set(blocks.loc[is_cut | is_joined, "area_id"]))
    if lost:
        raise ProtectionError(
            f"Geheimhaltung, Blöcke der Veröffentlichung {blocks['release'].iloc[0]}: "
            f"{first_few(lost, _NAMED)} neu geschnitten oder mit anderen zusammengelegt. Neben "
            "der früheren Ausgabe gäbe die Differenz verborgene Anzahlen preis. Erwartet: "
            "Blöcke eines veröffentlichten Stichtags bleiben oder werden geteilt. In "
            "areas.toml den neuen Gebietsstand (id) erst nach diesem Stichtag beginnen lassen."
        )
