"""What readers keep from earlier releases of the same reference date.

Ledger: one row per kind, area_id, group, measure and release; n is what was printed, missing
where the cell was hidden. ``parts`` (optional column) lists the blocks of an area of another
edition, separated by blanks; it is missing where the area is one of today's.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from atlas.confidential.protect.city import City
from atlas.confidential.protect.system import Flags, Floats, Ints, System
from atlas.terms import Kind

Sum = tuple[Ints, int]
"""Rows and slot of cells whose sum was printed under another edition."""


def remember(city: City, ledger: pd.DataFrame) -> City:
    """Add to the system what earlier releases told.

    Cells printed before with today's count are known; cells hidden before stay hidden; sums
    over other areas bind the blocks in them. Where a correction changed a hidden cell, the
    earlier count must stay in doubt as well.
    """
    ledger = _as_today(city, ledger)
    row, slot, n = _locate(city, ledger)
    here = (row >= 0) & (slot >= 0)
    printed = here & ~np.isnan(n)
    system = city.system
    known = np.zeros_like(system.exists)
    same = printed.copy()
    same[printed] = system.value[row[printed], slot[printed]] == n[printed]
    known[row[same], slot[same]] = True
    known &= system.exists
    corrected = np.zeros_like(known)
    changed = printed & ~same
    corrected[row[changed], slot[changed]] = True
    stays = np.zeros_like(known)
    was_hidden = here & np.isnan(n)
    stays[row[was_hidden], slot[was_hidden]] = True
    stays &= system.can_hide & ~known & ~corrected
    system = replace(
        system,
        is_known=known,
        stays_hidden=stays,
        need=np.where(known & system.is_open, 0, system.need),
        can_hide=system.can_hide & ~known & (~corrected | (system.need > 0)),
    )
    system = _doubt_earlier_counts(system, (row, slot, n), printed)
    sums = (*_other_sums(city, ledger), *_corrected_sums(system, (row, slot, n), printed))
    frame = replace(
        system.frame,
        label=_labels(system, sums, corrected),
        sums=sums,
        withheld=frozenset(_withheld_before(city, (row, slot), was_hidden)),
    )
    return replace(city, system=replace(system, frame=frame))


def _as_today(city: City, ledger: pd.DataFrame) -> pd.DataFrame:
    """Take areas of another edition that have today's blocks for today's areas."""
    if "parts" not in ledger:
        return ledger
    today = {
        (city.kinds[row], city.area_ids[row]): sorted(city.area_ids[kid] for kid in kids)
        for row, kids in enumerate(city.system.children)
    }
    unchanged = [
        isinstance(parts, str) and today.get((str(kind), str(area))) == sorted(parts.split())
        for kind, area, parts in ledger[["kind", "area_id", "parts"]].itertuples(index=False)
    ]
    return ledger.assign(parts=ledger["parts"].mask(np.array(unchanged, dtype=bool)))


def _locate(city: City, ledger: pd.DataFrame) -> tuple[Ints, Ints, Floats]:
    """Find the cell of today that each ledger row names; −1 where there is none."""
    places = pd.MultiIndex.from_arrays([list(city.kinds), list(city.area_ids)])
    slots = {(s.measure, s.group): i for i, s in enumerate(city.slots) if s.whole is None}
    today = ledger[["kind", "area_id"]].astype(str)
    row = np.asarray(places.get_indexer(pd.MultiIndex.from_frame(today)), dtype=np.int64)
    if "parts" in ledger:
        row = np.where(ledger["parts"].notna(), -1, row)
    pairs = zip(ledger["measure"].astype(str), ledger["group"].astype(str), strict=True)
    slot = np.array([slots.get(pair, -1) for pair in pairs], dtype=np.int64)
    n = ledger["n"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return row, slot, n.astype(np.float64)


def _withheld_before(
    city: City, cells: tuple[Ints, Ints], was_hidden: Flags
) -> Iterator[tuple[int, int]]:
    """List the block tables of which an earlier release showed nothing."""
    system = city.system
    hidden = np.zeros_like(system.exists)
    hidden[cells[0][was_hidden], cells[1][was_hidden]] = True
    blocks = np.array([kind == Kind.BLOCK for kind in city.kinds])
    for parent, kids in enumerate(system.children):
        if len(kids) and blocks[kids[0]]:
            open_kids = system.is_open[kids] & system.exists[kids]
            whole = (hidden[kids] | ~open_kids).all(axis=0) & open_kids.any(axis=0)
            yield from ((parent, int(slot)) for slot in np.flatnonzero(whole))


def _doubt_earlier_counts(
    system: System,
    cells: tuple[Ints, Ints, Floats],
    printed: Flags,
) -> System:
    """Keep room for both counts wherever a hidden cell was corrected between releases.

    The printed total of a group tells by how much its hidden cells changed together.
    """
    row, slot, n = cells
    before = system.value.astype(float)
    before[row[printed], slot[printed]] = n[printed]
    lower, need = system.lower.copy(), system.need.copy()
    for parent, kids in enumerate(system.children):
        if not len(kids):
            continue
        change = np.abs(before[kids].sum(axis=0) - before[parent]).astype(np.int64)
        for column in np.flatnonzero(change * system.stays_hidden[kids].any(axis=0)):
            inside = kids[system.stays_hidden[kids, column]]
            by = int(change[column])
            value = system.value[inside, column]
            least = int(need[:, column].max())
            close = inside[(value >= least) & (value < least + by)]
            lower[inside, column] += by
            need[close, column] = system.value[close, column] + least - 1
    return replace(system, lower=lower, need=need)


def _other_sums(city: City, ledger: pd.DataFrame) -> Iterator[Sum]:
    """List the sums over blocks that another edition printed and that today's counts keep."""
    if "parts" not in ledger:
        return
    block = {
        area: row
        for row, (kind, area) in enumerate(zip(city.kinds, city.area_ids, strict=True))
        if kind == Kind.BLOCK
    }
    slots = {(s.measure, s.group): i for i, s in enumerate(city.slots) if s.whole is None}
    told = ledger[ledger["parts"].notna() & ledger["n"].notna()]
    for measure, group, n, parts in told[["measure", "group", "n", "parts"]].itertuples(
        index=False
    ):
        rows = np.array([block.get(part, -1) for part in str(parts).split()], dtype=np.int64)
        slot = slots.get((str(measure), str(group)), -1)
        if slot < 0 or not len(rows) or (rows < 0).any():
            continue
        if int(city.system.value[rows, slot].sum()) == int(n):
            yield np.sort(rows), slot


def _corrected_sums(
    system: System, cells: tuple[Ints, Ints, Floats], printed: Flags
) -> Iterator[Sum]:
    """List what earlier totals say about the siblings of a cell that was corrected since."""
    row, slot, n = cells
    before = np.full(system.value.shape, np.nan)
    before[row[printed], slot[printed]] = n[printed]
    changed = ~np.isnan(before) & (before != system.value) & system.exists
    for parent, kids in enumerate(system.children):
        for column in np.flatnonzero(changed[kids].any(axis=0)) if len(kids) else ():
            others = kids[~changed[kids, column] & system.exists[kids, column]]
            gone = before[kids[changed[kids, column]], column].sum()
            if (
                len(others)
                and system.value[others, column].sum() + gone == before[parent, column]
            ):
                yield np.sort(others), int(column)


def _labels(system: System, sums: tuple[Sum, ...], corrected: Flags) -> Ints:
    """Tell siblings apart that do not lie in the same areas of every other edition."""
    families = {tuple(np.sort(kids).tolist()) for kids in system.children if len(kids)}
    areas = sorted({tuple(rows.tolist()) for rows, _ in sums} - families)
    names: list[tuple[int, ...]] = [() for _ in system.parent]
    for number, rows in enumerate(areas):
        for row in rows:
            names[row] = (*names[row], number)
    for row in np.flatnonzero((corrected & (system.need > 0)).any(axis=1)):
        names[row] = (*names[row], -1 - int(row))
    order = {name: i for i, name in enumerate(sorted(set(names) | {()}))}
    return np.array([order[name] for name in names], dtype=np.int64)
