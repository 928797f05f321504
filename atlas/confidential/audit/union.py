"""What a reader adds from earlier releases of the same reference date.

Part of the audit; built from the ledger without any code of the suppression. A cell that was
hidden before and is hidden now is taken as unchanged, as readers would; a cell that was printed
with another count is a cell of its own.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import block_array, coo_array, csr_array, vstack

from atlas.confidential.audit.reader import KEY, Ints, Reading, parents_of
from atlas.terms import Kind


def unite(reading: Reading, ledger: pd.DataFrame, areas: pd.DataFrame) -> Reading:
    """Add the cells and sums of earlier releases to what a reader knows.

    Parameters
    ----------
    ledger
        One row per kind, area_id, group, measure, release; n missing where hidden; column
        ``parts`` (optional) lists the blocks of an area of another edition.
    """
    areas = areas.reset_index(drop=True)
    told = _told(reading, ledger)
    table = reading.table.copy()
    same = told.loc[told["is_same"], "row"].to_numpy(dtype=np.int64)
    table.loc[same, "is_known"] = True
    table.loc[same, "is_told"] = True
    table.loc[same, "need"] = 0
    sums = [
        (n, members)
        for _, release in told.groupby("release", sort=True)
        for n, members in _sums(table, release, areas)
    ]
    if not sums:
        return replace(reading, table=table)
    return _with_sums(replace(reading, table=table), sums)


def _told(reading: Reading, ledger: pd.DataFrame) -> pd.DataFrame:
    """Match the ledger with today's cells: row (−1 where none), n, is_same."""
    printable = reading.table.iloc[: reading.spelled.shape[1]]
    index = pd.MultiIndex.from_frame(printable[KEY])
    told = ledger.assign(parts=ledger.get("parts"))
    row = index.get_indexer(pd.MultiIndex.from_frame(told[KEY].astype(str)))
    row = np.where(told["parts"].notna(), -1, row)
    n = told["n"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    truth = printable["n"].to_numpy()[np.maximum(row, 0)]
    return told.assign(row=row, n=n, is_same=(row >= 0) & (truth == n))


def _sums(
    table: pd.DataFrame, release: pd.DataFrame, areas: pd.DataFrame
) -> list[tuple[int, list[int]]]:
    """List the sums of one release: what is left of each, and today's cells in it."""
    before = {int(r): n for r, n in zip(release["row"], release["n"], strict=True) if r >= 0}
    is_open = table["is_open"].to_numpy(dtype=bool)
    rows = table.index[is_open].to_numpy()
    row_of = dict(
        zip(table.loc[is_open, KEY].itertuples(index=False, name=None), rows, strict=True)
    )
    names = list(areas[["kind", "area_id"]].itertuples(index=False, name=None))
    kids: dict[int, list[tuple[str, str]]] = {}
    for area, parent in enumerate(parents_of(areas)):
        kids.setdefault(int(parent), []).append(names[area])
    number = {name: area for area, name in enumerate(names)}
    found = []
    for entry in release[release["n"].notna()].to_dict("records"):
        inside = (
            [(str(Kind.BLOCK), part) for part in str(entry["parts"]).split()]
            if isinstance(entry["parts"], str)
            else kids.get(number.get((entry["kind"], entry["area_id"]), -2), [])
        )
        cells = [row_of.get((*name, entry["group"], entry["measure"])) for name in inside]
        members = [int(cell) for cell in cells if cell is not None]
        if len(members) == len(cells) and members:
            found += _sum(table, (int(entry["n"]), members), before)
    return found


def _sum(
    table: pd.DataFrame, total: tuple[int, list[int]], before: dict[int, float]
) -> list[tuple[int, list[int]]]:
    """Take off what was printed then with another count; keep the sum if the truth fits."""
    n = table["n"].to_numpy()
    left, members = total
    for cell in list(members):
        then = before.get(cell, np.nan)
        if not np.isnan(then) and then != n[cell]:
            left -= int(then)
            members = [member for member in members if member != cell]
    return [(left, members)] if members and int(n[members].sum()) == left else []


def _with_sums(reading: Reading, sums: list[tuple[int, list[int]]]) -> Reading:
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
    totals = -csr_array(np.eye(len(sums), dtype=np.int64))
    relations = block_array([[reading.relations, None], [members, totals]], format="csr")
    nothing = csr_array((len(sums), reading.spelled.shape[1]), dtype=np.int64)
    return Reading(
        table=pd.concat([table, extra], ignore_index=True),
        relations=csr_array(relations),
        spelled=csr_array(vstack([reading.spelled, nothing])),
    )
