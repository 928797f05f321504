"""What readers keep from earlier releases of the same reference date, and what they make of it.

Ledger: one row per kind, area_id, group, measure and release; n is what was printed, missing
where the cell was hidden. ``parts`` (optional column) lists the blocks of an area of another
edition, separated by blanks; it is missing where the area is one of today's.

A family is a cell with the cells that add up to it. Where a count printed before has changed,
readers see that the family was corrected, and cannot know which of its newly hidden cells are
still what they were; elsewhere they take what they hold for true.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from atlas.confidential.protect.city import City
from atlas.confidential.protect.frame import Flags, Floats, Ints
from atlas.confidential.protect.memory import recall
from atlas.confidential.protect.told import Memory, OtherSum, Told
from atlas.terms import Kind


@dataclass(frozen=True)
class _Rows:
    """Ledger rows as columns: cell of today (−1 where there is none), count, release."""

    row: Ints
    slot: Ints
    n: Floats
    release: Ints


def remember(city: City, ledger: pd.DataFrame) -> City:
    """Add to the system what earlier releases told.

    Cells printed before with today's count are known, but for families that were corrected;
    cells hidden before stay hidden; what earlier totals say of hidden cells stays true.
    """
    ledger = _as_today(city, ledger)
    rows = _locate(city, ledger)
    releases = [_printed_in(city, rows, number) for number in np.unique(rows.release)]
    was_hidden = _hidden_before(city, rows)
    told = tuple(_told(city, releases))
    sums = tuple(_other_sums(city, ledger, rows))
    stays = (was_hidden | city.system.stays_hidden) & city.system.can_hide
    frame = replace(
        city.system.frame,
        withheld=city.system.frame.withheld | set(_withheld_before(city, was_hidden)),
        memory=Memory(told, sums, city.system.can_hide, city.system.need),
    )
    system = replace(city.system, frame=frame, stays_hidden=stays)
    return replace(city, system=recall(system, np.zeros_like(system.exists)))


def _as_today(city: City, ledger: pd.DataFrame) -> pd.DataFrame:
    """Take areas of another edition that have today's blocks for today's areas."""
    if "parts" not in ledger:
        return ledger
    blocks: list[list[str]] = [[] for _ in city.kinds]
    for area, rows in city.system.frame.members.items():
        blocks[area] = [city.area_ids[row] for row in rows]
    for row in np.flatnonzero(np.array(city.kinds) == Kind.BLOCK):
        above = int(city.system.parent[row])
        while above >= 0:
            blocks[above].append(city.area_ids[row])
            above = int(city.system.parent[above])
    today = {
        (kind, area): sorted(inside)
        for kind, area, inside in zip(city.kinds, city.area_ids, blocks, strict=True)
    }
    unchanged = [
        isinstance(parts, str) and today.get((str(kind), str(area))) == sorted(parts.split())
        for kind, area, parts in ledger[["kind", "area_id", "parts"]].itertuples(index=False)
    ]
    return ledger.assign(parts=ledger["parts"].mask(np.array(unchanged, dtype=bool)))


def _locate(city: City, ledger: pd.DataFrame) -> _Rows:
    """Find the cell of today that each ledger row names, and the order of the releases."""
    places = pd.MultiIndex.from_arrays([list(city.kinds), list(city.area_ids)])
    slots = {(s.measure, s.group): i for i, s in enumerate(city.slots) if s.whole is None}
    today = ledger[["kind", "area_id"]].astype(str)
    row = np.asarray(places.get_indexer(pd.MultiIndex.from_frame(today)), dtype=np.int64)
    if "parts" in ledger:
        row = np.where(ledger["parts"].notna(), -1, row)
    pairs = zip(ledger["measure"].astype(str), ledger["group"].astype(str), strict=True)
    slot = np.array([slots.get(pair, -1) for pair in pairs], dtype=np.int64)
    n = ledger["n"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    names = ledger["release"].astype(str)
    order = {name: i for i, name in enumerate(sorted(set(names), key=_number))}
    release = np.array([order[name] for name in names], dtype=np.int64)
    row = np.asarray(np.where(slot >= 0, row, -1), dtype=np.int64)
    return _Rows(row, slot, n.astype(np.float64), release)


def _number(release: str) -> tuple[int, str]:
    """Order releases by the number behind their date."""
    last = release.rpartition(".")[2]
    return (int(last) if last.isdecimal() else 0, release)


def _printed_in(city: City, rows: _Rows, number: int) -> Floats:
    """Spread what one release printed over today's cells; nan where it printed nothing."""
    n = np.full(city.system.value.shape, np.nan)
    here = (rows.release == number) & (rows.row >= 0) & ~np.isnan(rows.n)
    n[rows.row[here], rows.slot[here]] = rows.n[here]
    return n


def _hidden_before(city: City, rows: _Rows) -> Flags:
    """Mark what any earlier release hid."""
    hidden = np.zeros_like(city.system.exists)
    here = (rows.row >= 0) & np.isnan(rows.n)
    hidden[rows.row[here], rows.slot[here]] = True
    return hidden


def _told(city: City, releases: list[Floats]) -> Iterator[Told]:
    """Say for each release what is the same today, and what happened to it since."""
    system = city.system
    low = high = system.value.astype(np.float64)
    gone = np.zeros_like(system.exists)
    least, most = np.full_like(low, np.nan), np.full_like(low, np.nan)
    for n in reversed(releases):
        least, most = np.fmin(least, n), np.fmax(most, n)
        outdated = _over(city, least < most)
        low, high = np.fmin(low, n), np.fmax(high, n)
        corrected = _over(city, (low != high) & system.exists)
        yield Told(n, (n == system.value) & system.exists, corrected, gone, outdated)
        gone = gone | (system.exists & ~_over(city, ~np.isnan(n)))


def _over(city: City, flags: Flags) -> Flags:
    """Mark what is marked itself or holds something marked."""
    marked = flags.copy()
    for holder in _holders(city):
        below = holder >= 0
        np.logical_or.at(marked, holder[below], flags[below])
    return marked


def _holders(city: City) -> Iterator[Ints]:
    """Name for each place the larger ones that hold it: the city holds overlays, too."""
    system = city.system
    yield np.where(system.level > system.depth, 0, system.parent)
    yield from system.frame.holders


def _withheld_before(city: City, hidden: Flags) -> Iterator[tuple[int, int]]:
    """List the block tables of which an earlier release showed nothing."""
    system = city.system
    blocks = np.array([kind == Kind.BLOCK for kind in city.kinds])
    for parent, kids in enumerate(system.children):
        if len(kids) and blocks[kids[0]]:
            open_kids = system.is_open[kids] & system.exists[kids]
            whole = (hidden[kids] | ~open_kids).all(axis=0) & open_kids.any(axis=0)
            yield from ((parent, int(slot)) for slot in np.flatnonzero(whole))


def _other_sums(city: City, ledger: pd.DataFrame, rows: _Rows) -> Iterator[OtherSum]:
    """List what another edition's totals say of cells it hid, where today's counts keep it."""
    if "parts" not in ledger:
        return
    block = {
        area: row
        for row, (kind, area) in enumerate(zip(city.kinds, city.area_ids, strict=True))
        if kind == Kind.BLOCK
    }
    slots = {(s.measure, s.group): i for i, s in enumerate(city.slots) if s.whole is None}
    is_told = (ledger["parts"].notna() & ledger["n"].notna()).to_numpy(dtype=bool)
    told = ledger[is_told].assign(number=rows.release[is_told])
    printed = {int(i): _printed_in(city, rows, int(i)) for i in told["number"].unique()}
    columns = ["measure", "group", "n", "parts", "number"]
    for measure, group, n, parts, number in told[columns].itertuples(index=False):
        inside = np.array([block.get(part, -1) for part in str(parts).split()], dtype=np.int64)
        slot = slots.get((str(measure), str(group)), -1)
        if slot < 0 or not len(inside) or (inside < 0).any():
            continue
        then = printed[int(number)][inside, slot]
        left = int(n) - int(np.nansum(then))
        hidden = inside[np.isnan(then)]
        if len(hidden) and int(city.system.value[hidden, slot].sum()) == left:
            same = inside[then == city.system.value[inside, slot]]
            yield OtherSum(hidden, same, slot)
