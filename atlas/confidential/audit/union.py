"""What a reader adds from earlier releases of the same reference date.

Part of the audit; built from the ledger without any code of the suppression. A total with the
cells that add up to it is a family. What was hidden before and is hidden now the reader takes
as unchanged while earlier totals still fit. What was printed before and is hidden now he takes
as unchanged too, but for families in which a printed count was corrected: there he cannot know
which of the newly hidden cells are still what they were. The same holds below a total that is
withheld with all its cells in such a family, now or in a release since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.sparse import block_array, coo_array, csr_array, eye_array, vstack

from atlas.confidential.audit.attack import Flags, Floats
from atlas.confidential.audit.reader import KEY, Ints, Reading, holders_of, parents_of
from atlas.terms import Kind

Total = tuple[int, list[int]]
"""What is left of an earlier total, and today's cells in it."""


@dataclass(frozen=True)
class _Town:
    """Today's printable cells spread over areas (rows) and measures in groups (columns).

    cell
        Row of the reading's table; −1 where there is no cell.
    above
        Row of the area that each area lies in, −1 where there is none: for the chain, then
        for overlays as ``holders_of`` gives it.
    largest_first
        Rows of the areas.
    """

    cell: Ints
    above: tuple[Ints, ...]
    largest_first: Ints

    def spread(self, values: Floats) -> Floats:
        """Bring a number of every cell into the grid; nan where there is no cell."""
        grid: Floats = np.where(self.cell >= 0, values[np.maximum(self.cell, 0)], np.nan)
        return grid

    def over(self, flags: Flags) -> Flags:
        """Mark what is marked itself or holds something marked."""
        marked = flags.copy()
        for above in self.above:
            inside = above >= 0
            np.logical_or.at(marked, above[inside], flags[inside])
        return marked

    def down(self, corrected: Flags, gone: Flags) -> Flags:
        """Mark also what is gone below something marked."""
        marked = corrected.copy()
        for area, above in product(self.largest_first, (self.above[0], *self.above[2::2])):
            if above[area] >= 0:
                marked[area] |= gone[area] & marked[above[area]]
        return marked

    def in_doubt(self, families: Flags) -> Flags:
        """Mark cells that may have changed: every family of theirs may, and the one below."""
        cells = self.cell >= 0
        has_parts, doubtful = np.zeros_like(cells), np.ones_like(cells)
        is_held = np.zeros(len(cells), dtype=bool)
        for above in self.above:
            inside = above >= 0
            np.logical_or.at(has_parts, above[inside], cells[inside])
            doubtful[inside] &= families[above[inside]]
            is_held |= inside
        around: Flags = np.where(is_held[:, None], doubtful, families)
        return around & (families | ~has_parts)


def unite(reading: Reading, ledger: pd.DataFrame, areas: pd.DataFrame) -> Reading:
    """Add the cells and sums of earlier releases to what a reader knows.

    Parameters
    ----------
    ledger
        One row per kind, area_id, group, measure, release; n missing where hidden; column
        ``parts`` (optional) lists the blocks of an area of another edition.
    """
    areas = areas.reset_index(drop=True)
    town = _town(reading, areas)
    truth = town.spread(reading.table["n"].to_numpy(dtype=float))
    is_shown = town.spread(reading.table["is_printed"].to_numpy(dtype=float)) > 0
    gone = (town.cell >= 0) & ~town.over(is_shown)
    told, known, once_gone = (np.zeros_like(gone) for _ in range(3))
    sums: list[Total] = []
    least = most = truth
    fewest = largest = np.full_like(truth, np.nan)
    for release in _newest_first(_as_today(ledger, areas)):
        then = _printed(reading, town, release)
        least, most = np.fmin(least, then), np.fmax(most, then)
        corrected = town.over((least < most) & (town.cell >= 0))
        told |= (then == truth) & ~town.in_doubt(town.down(corrected, once_gone))
        doubtful = town.down(corrected, gone | once_gone)
        known |= (then == truth) & ~town.in_doubt(doubtful)
        fewest, largest = np.fmin(fewest, then), np.fmax(largest, then)
        sums += _sums(town, np.where(town.over(fewest < largest), np.nan, then), then, truth)
        sums += _other_sums(release, areas, town, (then, truth, _columns(reading)))
        once_gone |= (town.cell >= 0) & ~town.over(~np.isnan(then))
    table = reading.table.copy()
    for name, cells in (("is_told", told), ("is_known", known)):
        table.loc[town.cell[cells], name] = True
    table.loc[town.cell[told], "need"] = 0
    united = Reading(table, reading.relations, reading.spelled)
    return _with_sums(united, sums) if sums else united


def _columns(reading: Reading) -> dict[tuple[str, str], int]:
    """Give every measure in a group a column."""
    printable = reading.table.iloc[: reading.spelled.shape[1]]
    pairs = sorted(set(zip(printable["measure"], printable["group"], strict=True)))
    return {pair: column for column, pair in enumerate(pairs)}


def _town(reading: Reading, areas: pd.DataFrame) -> _Town:
    """Spread the printable cells over areas and measures."""
    printable = reading.table.iloc[: reading.spelled.shape[1]]
    column_of = _columns(reading)
    columns = [
        column_of[pair] for pair in zip(printable["measure"], printable["group"], strict=True)
    ]
    cell = np.full((len(areas), len(column_of)), -1, dtype=np.int64)
    cell[printable["area"].to_numpy(), columns] = printable.index.to_numpy()
    above = holders_of(areas)
    depth = np.zeros(len(areas), dtype=np.int64)
    up = above[0].copy()
    while (up >= 0).any():
        depth += up >= 0
        up = np.where(up >= 0, above[0][up], -1)
    return _Town(cell, tuple(above), np.argsort(depth, kind="stable"))


def _as_today(ledger: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Take an area of another edition for today's where it holds the same blocks."""
    told = ledger.assign(parts=ledger.get("parts"))
    if told["parts"].isna().all():
        return told
    own = areas.get("parts", pd.Series("", index=areas.index))
    blocks = {area: set(str(text).split()) for area, text in enumerate(own)}
    above = parents_of(areas)
    for area in np.flatnonzero(areas["kind"] == Kind.BLOCK):
        up = int(above[area])
        while up >= 0:
            blocks[up].add(str(areas["area_id"].iloc[area]))
            up = int(above[up])
    names = zip(areas["kind"].astype(str), areas["area_id"].astype(str), strict=True)
    today = {name: blocks[area] for area, name in enumerate(names)}
    is_same = [
        isinstance(parts, str) and today.get((str(kind), str(area))) == set(parts.split())
        for kind, area, parts in told[["kind", "area_id", "parts"]].itertuples(index=False)
    ]
    return told.assign(parts=told["parts"].mask(np.array(is_same, dtype=bool)))


def _newest_first(ledger: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Split the ledger by the number behind the date of its releases."""
    number = ledger["release"].astype(str).str.extract(r"(\d+)$")[0].fillna("0").astype(int)
    for _, name in sorted({*zip(number, ledger["release"], strict=True)}, reverse=True):
        yield ledger[ledger["release"] == name]


def _printed(reading: Reading, town: _Town, release: pd.DataFrame) -> Floats:
    """Spread what one release printed of today's cells; nan where it printed nothing."""
    index = pd.MultiIndex.from_frame(reading.table.iloc[: reading.spelled.shape[1]][KEY])
    own = release[release["parts"].isna() & release["n"].notna()]
    row = index.get_indexer(pd.MultiIndex.from_frame(own[KEY].astype(str)))
    n = np.full(len(reading.table), np.nan)
    n[row[row >= 0]] = own["n"].to_numpy(dtype=float)[row >= 0]
    return town.spread(n)


def _sums(town: _Town, totals: Floats, then: Floats, truth: Floats) -> Iterator[Total]:
    """Take off each total what was printed beside it; keep the rest if the truth fits.

    ``totals`` leaves out those of families in which a later release printed another count.
    """
    for above in town.above:
        for area in np.unique(above[above >= 0]):
            inside = np.flatnonzero(above == area)
            for column in np.flatnonzero(~np.isnan(totals[area])):
                where = inside, int(column)
                yield from _rest(town, (then, truth), where, totals[area, column])


def _other_sums(
    release: pd.DataFrame,
    areas: pd.DataFrame,
    town: _Town,
    counts: tuple[Floats, Floats, dict[tuple[str, str], int]],
) -> Iterator[Total]:
    """Do the same with totals of another edition over the blocks in them."""
    then, truth, column_of = counts
    is_block = areas["kind"] == Kind.BLOCK
    row_of = dict(zip(areas.loc[is_block, "area_id"], areas.index[is_block], strict=True))
    other = release[release["parts"].notna() & release["n"].notna()]
    for measure, group, n, parts in other[["measure", "group", "n", "parts"]].itertuples(
        index=False
    ):
        rows = [row_of.get(part, -1) for part in str(parts).split()]
        column = column_of.get((measure, group), -1)
        if column >= 0 and -1 not in rows:
            inside = np.array(rows, dtype=np.int64)
            yield from _rest(town, (then, truth), (inside, column), float(n))


def _rest(
    town: _Town, counts: tuple[Floats, Floats], where: tuple[Ints, int], total: float
) -> Iterator[Total]:
    """Say what a total leaves for the cells that were hidden in it."""
    (then, truth), (inside, column) = counts, where
    cells = inside[town.cell[inside, column] >= 0]
    hidden = cells[np.isnan(then[cells, column])]
    left = total - np.nansum(then[cells, column])
    if len(hidden) and truth[hidden, column].sum() == left:
        yield int(left), town.cell[hidden, column].tolist()


def _with_sums(reading: Reading, sums: list[Total]) -> Reading:
    """Append a known cell for every earlier sum, and its relation."""
    table, old = reading.table, len(reading.table)
    extra = pd.concat([table.iloc[[0]]] * len(sums), ignore_index=True).assign(
        measure=[f"earlier sum {i}" for i in range(len(sums))],
        n=[n for n, _ in sums],
        is_open=False,
        is_printed=True,
        is_known=True,
        is_told=True,
        is_marked=False,
        need=0,
    )
    number = np.repeat(np.arange(len(sums)), [len(members) for _, members in sums])
    cells: Ints = np.concatenate([members for _, members in sums]).astype(np.int64)
    ones = np.ones(len(cells), dtype=np.int64)
    shape = (len(sums), old)
    members = coo_array((ones, (number, cells)), shape=shape).tocsr()
    totals = -eye_array(len(sums), dtype=np.int64, format="csr")
    relations = block_array([[reading.relations, None], [members, totals]], format="csr")
    nothing = csr_array((len(sums), reading.spelled.shape[1]), dtype=np.int64)
    return Reading(
        table=pd.concat([table, extra], ignore_index=True),
        relations=csr_array(relations),
        spelled=csr_array(vstack([reading.spelled, nothing])),
    )
