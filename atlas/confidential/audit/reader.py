"""What a reader of the published cells knows: an equation system in the reader's unknowns.

Part of the audit; built from the published cells and the true counts without any code of the
suppression. Cells of an area: every measure in group all and under 18, what remains of all
without under 18, and what remains of a measure outside each measure that is part of it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, eye_array, vstack

from atlas.confidential.audit.populations import subtractions
from atlas.config import Population, ProtectionRules
from atlas.terms import Kind, Status, chain_of

KEY = ["kind", "area_id", "group", "measure"]

Ints = NDArray[np.int64]
Pair = tuple[str, str]
"""Measure and group; a remainder's measure reads ``larger-smaller``."""

Entries = tuple[Ints, Ints, Ints]
"""Relation number, cell number and coefficient of a set of relations."""


@dataclass(frozen=True)
class Reading:
    """Cells of one reference date as a reader combines them.

    table
        One row per cell: area (row of ``areas``), kind, area_id, group, measure, n (true
        count), is_open (could be printed), is_printed, is_known (printed now or before),
        is_told (by earlier releases),
        is_marked (withheld by the supplier),
        low and high (the reader's bounds), need (count that must stay possible; 0 where none).
    relations
        One row per relation that the true counts satisfy: ``relations @ n = 0``.
    spelled
        Every cell as a sum and difference of printable cells: ``spelled @ n_printable = n``.
    """

    table: pd.DataFrame
    relations: csr_array
    spelled: csr_array


def read(  # noqa: PLR0913 - what was published, what is true, and by which rules
    published_cells: pd.DataFrame,
    counts: pd.DataFrame,
    areas: pd.DataFrame,
    nesting: Mapping[str, str | None],
    rules: ProtectionRules,
    populations: Sequence[Population],
) -> Reading:
    """Set up what a reader knows.

    Parameters
    ----------
    published_cells
        One row per kind, area_id, group, measure; columns n and status, as they would leave.
    counts, areas, nesting, rules, populations
        As for ``protect``.
    """
    areas = areas.reset_index(drop=True)
    table = _printable(published_cells, counts, areas, rules)
    above = holders_of(areas)
    by_slot = table.groupby(["measure", "group"])
    cells: dict[Pair, pd.DataFrame] = {(str(m), str(g)): own for (m, g), own in by_slot}
    unit = csr_array(eye_array(len(table), dtype=np.int64, format="csr"))
    spelled = {pair: csr_array(unit[own.index]) for pair, own in cells.items()}
    relations: list[Entries] = []
    height = len(table)
    printable = {group for _, group in cells}
    for whole, part, rest in subtractions_of(
        set(cells), nesting, populations, rules.homogeneity
    ):
        rows = _subtract(cells[whole], cells[part])
        if rest not in cells:
            own = _remainder(cells[whole], cells[part], rows, (rest, rules))
            if "-" in rest[0] and rest[1] in printable:
                whole_n = cells[whole]["n"].to_numpy()[rows[0]]
                own["need"] |= _everybody(own, whole_n, above, rules.min_group)
                if whole == _widest(part, nesting, set(cells)):
                    percent = rules.homogeneity.get(part[0])
                    own["need"] = np.maximum(own["need"], _crowded(own, whole_n, percent))
            cells[rest] = own.set_axis(height + np.arange(len(own)), axis=0)
            spelled[rest] = spelled[whole][rows[0]] - spelled[part][rows[1]]
            height += len(own)
        cells[part] = _within_marks(cells[whole], cells[part], rows)
        relations.append(_nesting_entries(cells[whole], cells[part], cells[rest]))
    table = pd.concat(cells.values()).sort_index()
    latent = [pair for pair in cells if cells[pair].index.min() >= unit.shape[0]]
    matrix = _matrix([*relations, *(_sum_entries(table, one) for one in above)], height)
    holds = np.asarray(matrix @ table["n"].to_numpy()) == 0
    table = table.assign(is_known=table["is_printed"], is_told=False)
    return Reading(
        table,
        csr_array(matrix[np.flatnonzero(holds)]),
        csr_array(vstack([unit, *(spelled[pair] for pair in latent)])),
    )


def _printable(
    published_cells: pd.DataFrame,
    counts: pd.DataFrame,
    areas: pd.DataFrame,
    rules: ProtectionRules,
) -> pd.DataFrame:
    """List the printable cells with truth, bounds and need."""
    has_value = counts["status"].isin([Status.PUBLISHED, Status.WITHHELD])
    has_value &= ~_marked_sums(counts, areas)
    shown = published_cells[[*KEY, "status"]].rename(columns={"status": "shown"})
    table = counts.loc[has_value, [*KEY, "n", "status"]].merge(shown, on=KEY, how="left")
    number = pd.Series(areas.index, index=pd.MultiIndex.from_frame(areas[["kind", "area_id"]]))
    places = pd.MultiIndex.from_frame(table[["kind", "area_id"]])
    marked = (table["status"] == Status.WITHHELD).to_numpy(dtype=bool)
    table = table.assign(
        area=number.reindex(places).to_numpy(dtype=np.int64),
        n=table["n"].astype("Int64").mask(marked, 1).to_numpy(dtype=np.int64),
        is_open=True,
        is_printed=(table["shown"] == Status.PUBLISHED).to_numpy(dtype=bool),
        is_marked=marked,
        high=np.where(marked, rules.min_count - 1.0, np.inf),
    )
    least = 0 if rules.zero_is_sensitive else 1
    small = table["n"].between(least, rules.min_count - 1) & ~marked
    table = table.assign(need=np.where(small, rules.min_count, 0), low=least)
    table.loc[_in_withheld_table(table, areas) & ~marked, "low"] = 0
    return table.drop(columns=["status", "shown"])


def _marked_sums(counts: pd.DataFrame, areas: pd.DataFrame) -> NDArray[np.bool_]:
    """Mark sums over parts that the supplier withheld: known through their parts alone."""
    cells = counts[[*KEY, "status"]].astype(str)
    cells_marked = cells[cells["status"] == Status.WITHHELD]
    sums: set[tuple[str, ...]] = set()
    for above in holders_of(areas):
        marked = cells_marked.merge(areas[["kind", "area_id"]].assign(above=above))
        marked = marked[marked["above"] >= 0]
        at = areas.iloc[marked["above"]]
        sums.update(
            zip(at["kind"], at["area_id"], marked["group"], marked["measure"], strict=True)
        )
    is_sum = [key in sums for key in cells[KEY].itertuples(index=False, name=None)]
    return np.array(is_sum, dtype=bool) & (cells["status"] == Status.WITHHELD).to_numpy()


def _in_withheld_table(table: pd.DataFrame, areas: pd.DataFrame) -> NDArray[np.bool_]:
    """Mark areas beside which nothing is printed: zeros may be among them.

    The city has none beside it; its own cell may be a zero where nothing at all is printed.
    """
    above = areas["parent_id"].to_numpy()[table["area"].to_numpy()]
    slot = [table["group"], table["measure"]]
    beside = [table["kind"], pd.Series(above), *slot]
    any_beside = table["is_printed"].groupby(beside, dropna=False).transform("any")
    any_at_all = table["is_printed"].groupby(slot).transform("any")
    any_printed = any_beside.where(table["kind"] != Kind.CITY, any_at_all)
    return ~any_printed.to_numpy(dtype=bool)


def subtractions_of(
    present: set[Pair],
    nesting: Mapping[str, str | None],
    populations: Sequence[Population],
    of_all: Collection[str],
) -> Iterator[tuple[Pair, Pair, Pair]]:
    """Name each whole, its part, and what a reader gets by subtracting.

    ``of_all`` names measures that are looked at as a part of the largest that holds them, too.
    """
    groups: dict[str, list[str]] = {}
    for measure, group in sorted(present):
        groups.setdefault(measure, []).append(group)
    for measure, names in groups.items():
        for whole, part, rest in list(subtractions(names, populations)):
            yield (measure, whole), (measure, part), (measure, rest)
            names += [rest] if rest not in names else []
    for measure, names in groups.items():
        for group in sorted(names):
            larger = [one for one in _wholes(measure, nesting) if group in groups.get(one, [])]
            for one in dict.fromkeys(larger[:1] + larger[-1:] * (measure in of_all)):
                yield (one, group), (measure, group), (f"{one}-{measure}", group)


def _widest(pair: Pair, nesting: Mapping[str, str | None], present: set[Pair]) -> Pair:
    """Name the largest measure that holds one in its group."""
    return [(one, pair[1]) for one in _wholes(pair[0], nesting) if (one, pair[1]) in present][
        -1
    ]


def _wholes(measure: str, nesting: Mapping[str, str | None]) -> list[str]:
    """List the measures that hold a measure, the nearest first."""
    above: list[str] = []
    whole = nesting.get(measure)
    while whole is not None and whole not in (measure, *above):
        above.append(whole)
        whole = nesting.get(whole)
    return above


def _subtract(whole: pd.DataFrame, part: pd.DataFrame) -> tuple[Ints, Ints]:
    """Pair the positions of a whole and its part wherever the truth is nested."""
    places = pd.Index(part["area"].to_numpy()).get_indexer(whole["area"].to_numpy())
    first = np.flatnonzero(places >= 0)
    second = places[first]
    nested = whole["n"].to_numpy()[first] >= part["n"].to_numpy()[second]
    return first[nested], second[nested]


def _remainder(
    whole: pd.DataFrame,
    part: pd.DataFrame,
    rows: tuple[Ints, Ints],
    meaning: tuple[Pair, ProtectionRules],
) -> pd.DataFrame:
    """List the cells that a reader gets by subtracting."""
    rest, rules = meaning
    left = whole["n"].to_numpy()[rows[0]] - part["n"].to_numpy()[rows[1]]
    small = (left >= 1) & (left < rules.min_count) & rules.complement
    high = whole["high"].to_numpy()[rows[0]]
    need = np.minimum(np.where(small, rules.min_count, 0), high).astype(np.int64)
    return whole.iloc[rows[0]].assign(
        measure=rest[0],
        group=rest[1],
        n=left,
        is_open=False,
        is_printed=False,
        is_marked=False,
        low=0,
        high=high,
        need=np.where(need > left, need, 0),
    )


def _within_marks(
    whole: pd.DataFrame, part: pd.DataFrame, rows: tuple[Ints, Ints]
) -> pd.DataFrame:
    """Bound a part by what the supplier's mark says of its whole; ask no more of it."""
    high, need = part["high"].to_numpy(copy=True), part["need"].to_numpy(copy=True)
    own = rows[1]
    high[own] = np.minimum(high[own], whole["high"].to_numpy()[rows[0]])
    less = np.minimum(need[own], high[own]).astype(np.int64)
    need[own] = np.where(less > part["n"].to_numpy()[own], less, need[own])
    return part.assign(high=high, need=need)


def _everybody(cells: pd.DataFrame, whole: Ints, above: Sequence[Ints], min_group: int) -> Ints:
    """Mark small groups that lie wholly inside a part, unless a larger area says so anyway."""
    inside = (cells["n"].to_numpy() == 0) & (whole > 0)
    areas = cells["area"].to_numpy()
    large = set(areas[inside & (whole >= min_group)].tolist())
    marked = np.zeros(len(cells), dtype=np.int64)
    for i in np.flatnonzero(inside):
        around = [int(areas[i])]
        for area in around:
            around += [int(one[area]) for one in above if one[area] >= 0]
        marked[i] = large.isdisjoint(around)
    return marked


def _crowded(cells: pd.DataFrame, whole: Ints, percent: int | None) -> Ints:
    """Ask at blocks for the remainder with which a large share would be a smaller one."""
    if percent is None:
        return np.zeros_like(whole)
    part = whole - cells["n"].to_numpy()
    crowded = (part > 0) & (100 * part >= percent * whole)
    crowded &= (cells["kind"] == str(Kind.BLOCK)).to_numpy(dtype=bool)
    return np.where(crowded, whole * (100 - percent) // 100 + 1, 0)


def parents_of(areas: pd.DataFrame) -> Ints:
    """Return the row of each area's parent in the chain, −1 where it has none."""
    is_overlay = np.array(areas.get("parts", pd.Series("", index=areas.index)) != "")
    order = chain_of(areas.loc[~is_overlay, "kind"])
    above = dict(zip(order, order[1:], strict=False))
    index = pd.MultiIndex.from_frame(areas[["kind", "area_id"]])
    keys = pd.MultiIndex.from_arrays([areas["kind"].map(above), areas["parent_id"]])
    return np.asarray(index.get_indexer(keys), dtype=np.int64)


def holders_of(areas: pd.DataFrame) -> list[Ints]:
    """Return for each way in which areas lie in larger ones the row of the larger, or −1.

    The chain first, then for every overlay its areas over the blocks that ``parts`` names, and
    the city over these areas.
    """
    found = [parents_of(areas)]
    if "parts" not in areas:
        return found
    row_of = {
        str(area_id): row
        for row, (kind, area_id) in enumerate(zip(areas["kind"], areas["area_id"], strict=True))
        if kind == Kind.BLOCK
    }
    for kind in dict.fromkeys(areas.loc[areas["parts"] != "", "kind"]):
        holder = np.full(len(areas), -1, dtype=np.int64)
        for row in np.flatnonzero(areas["kind"] == kind):
            holder[[row_of[part] for part in str(areas["parts"].iloc[row]).split()]] = row
        is_area = (areas["kind"] == kind).to_numpy(dtype=bool)
        city = np.flatnonzero(areas["kind"] == Kind.CITY)[0]
        found += [holder, np.where(is_area, city, -1)]
    return found


def _nesting_entries(whole: pd.DataFrame, part: pd.DataFrame, rest: pd.DataFrame) -> Entries:
    """Whole = part + remainder, one relation per area that has all three."""
    rows = [pd.Series(own.index, index=own["area"].to_numpy()) for own in (whole, part, rest)]
    three = pd.concat(rows, axis=1, join="inner").to_numpy(dtype=np.int64).reshape(-1, 3)
    number = np.arange(len(three))
    return np.tile(number, 3), three.T.reshape(-1), np.repeat([-1, 1, 1], len(number))


def _sum_entries(table: pd.DataFrame, parent: Ints) -> Entries:
    """Area = sum of the areas in it, for every printable cell whose parts all exist."""
    cells = table.loc[table["is_open"], ["area", "measure", "group"]]
    cells = cells.assign(row=cells.index, parent=parent[cells["area"].to_numpy()])
    own = cells[["area", "measure", "group", "row"]].rename(
        columns={"area": "parent", "row": "total"}
    )
    joined = cells.merge(own, on=["parent", "measure", "group"])
    size = pd.Series(parent).value_counts()
    delivered = joined.groupby("total")["row"].transform("size")
    joined = joined[delivered.to_numpy() == size.reindex(joined["parent"]).to_numpy()]
    totals, number = np.unique(joined["total"].to_numpy(), return_inverse=True)
    return (
        np.concatenate([number, np.arange(len(totals))]),
        np.concatenate([joined["row"].to_numpy(), totals]),
        np.concatenate([np.ones(len(number)), -np.ones(len(totals))]).astype(np.int64),
    )


def _matrix(entries: list[Entries], width: int) -> csr_array:
    """Stack sets of relations."""
    rows, columns, data = [], [], []
    height = 0
    for number, column, coefficient in entries:
        rows.append(number + height)
        columns.append(column)
        data.append(coefficient)
        height += int(number.max()) + 1 if len(number) else 0
    index = (np.concatenate(rows), np.concatenate(columns))
    return coo_array((np.concatenate(data), index), shape=(height, width)).tocsr()
