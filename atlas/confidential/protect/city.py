"""Counts of one reference date, areas and rules -> the system that a reader reasons in.

Knows the kinds, groups and nesting of measures; knows nothing of how a pattern is found.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from atlas.confidential.protect.decoys import decoy_tables, lone_counts
from atlas.confidential.protect.frame import Flags, Floats, Frame, Ints
from atlas.confidential.protect.groups import POPULATIONS, Populations
from atlas.confidential.protect.near import labels_of
from atlas.confidential.protect.places import places_of
from atlas.confidential.protect.slots import Layout, Slot, Triple, lay_out
from atlas.confidential.protect.system import UNBOUNDED, System
from atlas.config import Population, ProtectionRules
from atlas.errors import ProtectionError
from atlas.terms import Kind, Status

_TIE = 1e-5
"""Keyed part of a cell's weight: far below 1, so that it decides between equal losses alone."""


@dataclass(frozen=True)
class City:
    """A system with the meaning of its rows and columns."""

    system: System
    kinds: tuple[str, ...]
    area_ids: tuple[str, ...]
    slots: tuple[Slot, ...]
    withheld: Flags


def build_city(  # noqa: PLR0913 - what is counted, where, and by which rules
    counts: pd.DataFrame,
    areas: pd.DataFrame,
    nesting: Mapping[str, str | None],
    rules: ProtectionRules,
    key: bytes,
    populations: Sequence[Population] = POPULATIONS,
) -> City:
    """Lay the counts out as a system of cells.

    Parameters
    ----------
    counts
        One row per kind, area_id, group, measure of one reference date; columns n, status.
    areas
        One row per kind and area_id, from small to large kind; parent_id is the area of the
        next existing kind. Column parts (optional) lists the blocks, separated by blanks, of
        an area of an overlay: a kind that does not nest; it is empty in the chain.
    nesting
        Measure -> the measure it is part of, or None.
    rules
        Disclosure rules; ``min_count``, ``complement``, ``min_group``, ``zero_is_sensitive``.
    key
        Secret that orders ties.
    populations
        What the groups are, and how they lie in each other.
    """
    places = places_of(areas)
    kinds, area_ids, parent, level = places.kinds, places.area_ids, places.parent, places.level
    sums = (parent, *places.holders)
    layout = lay_out(counts, nesting, Populations(populations), rules.homogeneity)
    slots = layout.slots
    value, exists, withheld = _values(counts, (kinds, area_ids), slots)
    printable = set(np.flatnonzero(layout.is_open).tolist())
    filled = _remainders(value, exists, layout.triples, printable)
    triples = layout.holding(np.where(withheld, -1, filled[0]), filled[1])
    value, exists = _remainders(value, exists, triples, printable)
    depths = range(int(level[parent >= 0].max(initial=0)) + 1)
    seen = np.array([exists[level == depth].any(axis=0) for depth in depths])
    for whole, part, rest in triples:  # a sum over a mark may hide that the nesting holds
        seen[:, rest] |= seen[:, whole] & seen[:, part]
    value, exists = _remainders(
        value, exists & ~_marked_sums(withheld, sums), triples, printable
    )
    is_open = exists & layout.is_open
    need = _small(value, exists, is_open, rules)
    above = (np.where(level == len(seen), 0, parent), *places.holders)
    need = np.maximum(need, _everybody(value, exists, above, (layout, rules)))
    blocks = np.array([kind == Kind.BLOCK for kind in kinds])
    crowd, around = _crowded(value, exists & blocks[:, None], layout, rules)
    need = np.maximum(need, crowd)
    need = np.where(withheld, np.where(value < rules.min_count - 1, value + 1, 0), need)
    upper = np.where(withheld, rules.min_count - 1, UNBOUNDED)
    need = _attainable(need, (value, exists, is_open), upper, triples)
    lowest, shape = 0 if rules.zero_is_sensitive else 1, value.shape
    relations = _coefficients(triples, shape[1])
    frame = Frame(
        ids=tuple(f"{kind}|{area}" for kind, area in zip(kinds, area_ids, strict=True)),
        parent=parent,
        level=level,
        slots=tuple(slot.name for slot in slots),
        relations=relations,
        persons=layout.persons(relations),
        seen=seen,
        kin=layout.kin(),
        label=labels_of(places.holders, (), shape[0]),
        holders=places.holders,
        strands=layout.strands(relations),
    )
    system = System(
        frame=frame,
        value=value,
        exists=exists,
        is_open=is_open,
        need=need,
        lower=np.where(is_open, lowest, 0),
        upper=upper,
        can_hide=is_open & (value >= lowest),
        weight=1.0 + _TIE * keyed_fractions(area_ids, kinds, shape[1], key) + around,
        is_known=np.zeros(shape, dtype=bool),
        stays_hidden=np.zeros(shape, dtype=bool),
    )
    system = _with_decoys(system, triples, rules, (kinds, area_ids, b"decoys" + key))
    return City(system, kinds, area_ids, slots, withheld)


def _with_decoys(
    system: System,
    triples: Sequence[Triple],
    rules: ProtectionRules,
    named: tuple[tuple[str, ...], tuple[str, ...], bytes],
) -> System:
    """Hide what else would let the pattern itself tell of small counts."""
    if not rules.decoys:
        return system
    kinds, area_ids, key = named
    tables = frozenset[tuple[int, int]]()
    if Kind.BLOCK in kinds:
        drawn = keyed_fractions(area_ids, kinds, system.value.shape[1], key)
        tables = decoy_tables(system, triples, rules, drawn)
    alone = lone_counts(system, triples, rules)
    return replace(system, frame=replace(system.frame, withheld=tables), stays_hidden=alone)


def keyed_fractions(
    area_ids: Sequence[str], kinds: Sequence[str], columns: int, key: bytes
) -> Floats:
    """Draw a number in [0, 1) per cell that only the holder of the key can foresee."""
    drawn = []
    for kind, area_id in zip(kinds, area_ids, strict=True):
        name = f"{kind}|{area_id}".encode()
        secret = hashlib.blake2b(key, digest_size=32).digest()
        block = b"".join(
            hashlib.blake2b(name + bytes([part]), key=secret, digest_size=64).digest()
            for part in range(-(-columns * 4 // 64))
        )
        drawn.append(np.frombuffer(block[: columns * 4], dtype="<u4"))
    return np.array(drawn, dtype=np.float64).reshape(len(drawn), columns) / 2.0**32


def _coefficients(triples: Sequence[Triple], columns: int) -> Ints:
    """Write every relation as a row of coefficients that sums to nought."""
    relations = np.zeros((len(triples), columns), dtype=np.int64)
    for row, (whole, part, rest) in zip(relations, triples, strict=True):
        row[[whole, part, rest]] = (-1, 1, 1)
    return relations


def _values(
    counts: pd.DataFrame,
    places: tuple[tuple[str, ...], tuple[str, ...]],
    slots: tuple[Slot, ...],
) -> tuple[Ints, Flags, Flags]:
    """Spread the long counts over places and slots."""
    row_of = pd.Series(
        range(len(places[0])),
        index=pd.MultiIndex.from_arrays([list(places[0]), list(places[1])]),
    )
    column_of = {
        (slot.measure, slot.group): i for i, slot in enumerate(slots) if not slot.whole
    }
    cells = counts.loc[counts["status"].isin([Status.PUBLISHED, Status.WITHHELD])]
    index = pd.MultiIndex.from_arrays([cells["kind"].astype(str), cells["area_id"].astype(str)])
    rows = row_of.reindex(index)
    if rows.isna().any():
        unknown = index[rows.isna().to_numpy()][0]
        raise ProtectionError(
            f"Zählwerte, Gebiet {unknown[0]} {unknown[1]}: kein Gebiet dieses Gebietsstands. "
            "Gebietsstand in deliveries.toml prüfen."
        )
    at = rows.to_numpy(dtype=np.int64)
    columns = np.array(
        [column_of[pair] for pair in zip(cells["measure"], cells["group"], strict=True)],
        dtype=np.int64,
    )
    shape = (len(places[0]), len(slots))
    value, exists = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    withheld = np.zeros(shape, dtype=bool)
    value[at, columns] = cells["n"].fillna(1).to_numpy(dtype=np.int64)
    exists[at, columns] = True
    withheld[at, columns] = (cells["status"] == Status.WITHHELD).to_numpy()
    value[withheld] = 1
    return value, exists, withheld


def _marked_sums(withheld: Flags, holders: Sequence[Ints]) -> Flags:
    """Mark sums over a part that the supplier withheld: no cell, nobody can print them.

    The supplier's bound holds for its own cells, not for what they add up to; and a small sum
    has a small part, whose proof serves for both.
    """
    sums = np.zeros_like(withheld)
    for holder in holders:
        below = holder >= 0
        np.logical_or.at(sums, holder[below], withheld[below])
    return sums & withheld


def _remainders(
    value: Ints, exists: Flags, triples: Sequence[Triple], printable: Collection[int]
) -> tuple[Ints, Flags]:
    """Fill the remainders; one exists only where the true counts satisfy the nesting."""
    value, exists = value.copy(), exists.copy()
    for whole, part, rest in triples:
        difference = value[:, whole] - value[:, part]
        holds = exists[:, whole] & exists[:, part] & (difference >= 0)
        if rest not in printable:
            value[:, rest] = np.where(holds, difference, 0)
            exists[:, rest] = holds
    return value, exists


def _small(value: Ints, exists: Flags, is_open: Flags, rules: ProtectionRules) -> Ints:
    """Ask for ``min_count`` wherever a count or a remainder is smaller."""
    smallest = 0 if rules.zero_is_sensitive else 1
    small = (value < rules.min_count) & (value >= np.where(is_open, smallest, 1))
    return np.where(small & exists & (is_open | rules.complement), rules.min_count, 0)


def _attainable(
    need: Ints, truth: tuple[Ints, Flags, Flags], upper: Ints, triples: Sequence[Triple]
) -> Ints:
    """Ask no more of a part than its whole can hold: the supplier's mark itself tells that.

    A part that could be printed keeps its need, and with it its secrecy, where none is left.
    """
    value, exists, is_open = truth
    upper = upper.copy()
    for whole, part, rest in triples:
        held = np.where(exists[:, rest], upper[:, whole], UNBOUNDED)
        for column in (part, rest):
            upper[:, column] = np.minimum(upper[:, column], held)
    is_told = (upper <= value) & ~is_open
    return np.where(is_told, 0, np.where(upper > value, np.minimum(need, upper), need))


def _everybody(
    value: Ints, exists: Flags, above: Sequence[Ints], meaning: tuple[Layout, ProtectionRules]
) -> Ints:
    """Ask for somebody outside where a small group lies wholly inside a part of it.

    Not where a larger group around it lies inside, too: that may be shown and says it all.
    """
    layout, rules = meaning
    column_of = {slot: i for i, slot in enumerate(layout.slots)}
    need = np.zeros_like(value)
    for column, slot in enumerate(layout.slots):
        if slot.whole is None or slot.group in layout.rests:
            continue
        whole = value[:, column_of[Slot(slot.whole, slot.group)]]
        nobody_outside = exists[:, column] & (value[:, column] == 0) & (whole > 0)
        is_said = nobody_outside & (whole >= rules.min_group)
        for row, holder in product(np.flatnonzero(nobody_outside), above):
            is_said[row] |= holder[row] >= 0 and is_said[holder[row]]
        need[nobody_outside & ~is_said, column] = 1
    return need


def _crowded(
    value: Ints, exists: Flags, layout: Layout, rules: ProtectionRules
) -> tuple[Ints, Flags]:
    """Ask for so many outside that a part falls below the share from which it is secret.

    Returns
    -------
    tuple
        What the remainders need, and the wholes: they had better be shown than the parts.
    """
    column_of = {slot: i for i, slot in enumerate(layout.slots)}
    need, around = np.zeros_like(value), np.zeros_like(exists)
    for measure, percent in rules.homogeneity.items():
        own = [s for s in layout.slots if s.measure == measure and s.whole is not None]
        of_all = {s.group: s for s in own if s.group not in layout.rests}  # widest comes last
        for slot in of_all.values():
            names = (Slot(str(slot.whole), slot.group), Slot(measure, slot.group), slot)
            whole, part, rest = (column_of[name] for name in names)
            share = 100 * value[:, part] >= percent * value[:, whole]
            at = exists[:, rest] & (value[:, part] > 0) & share
            need[at, rest] = value[at, whole] * (100 - percent) // 100 + 1
            around[at, whole] = True
    return need, around
