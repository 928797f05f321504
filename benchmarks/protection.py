"""Measure the suppression on an abstract instance, beside what other programs reach.

Reads ``cells.csv`` and ``relations.csv`` (plain or .gz) of a directory, writes one row per
cell with its value (empty = hidden), and attacks the result with linear programmes that share
no code with the suppression.
"""

import argparse
import csv
import gzip
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from atlas.confidential.audit.attack import Equations, Flags, Ints, intervals, unsafe_cells
from benchmarks.instance import suppress

MIN_COUNT = 3
KEY = b"benchmark"

# Extra hidden cells, seconds, disclosed (exact / certainly 1..2 / certainly < 3), reader's
# lower bound 1; measured on two shared cores.
PEERS = {
    "full_s1_refugees": [
        ("primary only", "0", "", "172/279/279"),
        ("GaussSuppression 1.2.3", "29", "3.8", "0/168/168"),
        ("sdcTable SIMPLEHEURISTIC", "1", "7.5", "171/278/278"),
        ("sdcTable HYPERCUBE", "47", "1.5", "17/107/107"),
        ("tau-ARGUS OPT", "40", "1.1", "0/0/0"),
    ],
    "full_s1_linked3": [
        ("GaussSuppression 1.2.3", "59", "38", "43/270/270"),
        ("tau-ARGUS OPT", "92", "409", "0/0/0"),
    ],
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--instance", type=Path, required=True, metavar="DIR")
    arguments.add_argument("--out", type=Path, required=True, metavar="OUT.csv")
    given = arguments.parse_args()
    cells = _read(given.instance, "cells")
    relations = _read(given.instance, "relations")
    started, worked = time.perf_counter(), time.process_time()
    hidden = suppress(cells, relations, MIN_COUNT, KEY)
    seconds = time.perf_counter() - started
    worked = time.process_time() - worked
    _write(given.out, cells, hidden)
    _report(given.instance.resolve().name, (cells, relations), hidden, seconds)
    print(f"processor time {worked:.2f} seconds")


def _read(directory: Path, name: str) -> pd.DataFrame:
    """Read one table of the instance; keys stay text."""
    path = directory / f"{name}.csv"
    if not path.exists():
        path = directory / f"{name}.csv.gz"
    text = dict.fromkeys(("cell_id", "geo", "parent", "measure", "role", "rel_id"), str)
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values={"parent": [""]})


def _write(path: Path, cells: pd.DataFrame, hidden: Flags) -> None:
    """Write one row per cell: its value, or nothing."""
    opened = gzip.open if path.suffix == ".gz" else open
    values = cells["value"].astype(str).mask(hidden, "")
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["cell_id", "value"])
        rows.writerows(zip(cells["cell_id"], values, strict=True))


def _report(
    name: str, tables: tuple[pd.DataFrame, pd.DataFrame], hidden: Flags, seconds: float
) -> None:
    """Print what was hidden and what a reader learns, beside the peers."""
    cells, relations = tables
    is_open = (cells["role"] == "publish").to_numpy()
    sensitive = (cells["sensitive"] == 1).to_numpy()
    extra = int((hidden & is_open & ~sensitive).sum())
    disclosed = {low: disclosures(cells, relations, hidden, low) for low in (1, 0)}
    print(f"{name}: {int(is_open.sum())} cells, {int(sensitive.sum())} sensitive")
    print(f"{'method':<28}{'extra':>6}{'seconds':>9}  exact / certainly 1..2 / certainly < 3")
    for method, peer_extra, peer_seconds, figures in PEERS.get(name, []):
        print(f"{method:<28}{peer_extra:>6}{peer_seconds:>9}  {figures}")
    print(f"{'atlas, reader from 1':<28}{extra:>6}{seconds:>9.2f}  {_slashes(disclosed[1])}")
    print(f"{'atlas, reader from 0':<28}{'':>6}{'':>9}  {_slashes(disclosed[0])}")


def _slashes(figures: tuple[int, int, int]) -> str:
    return "/".join(str(figure) for figure in figures)


def disclosures(
    cells: pd.DataFrame, relations: pd.DataFrame, hidden: Flags, low: int
) -> tuple[int, int, int]:
    """Count the sensitive cells that are exact, certainly 1..2, certainly below 3.

    Parameters
    ----------
    low
        The reader's lower bound of a hidden printable cell; remainders may be 0.
    """
    is_open = (cells["role"] == "publish").to_numpy()
    equations = Equations(
        relations=_matrix(cells, relations),
        value=cells["value"].to_numpy(dtype=np.int64),
        is_known=~hidden & is_open,
        low=np.where(is_open, float(low), 0.0),
        high=np.full(len(cells), np.inf),
    )
    need: Ints = np.where(cells["sensitive"] == 1, MIN_COUNT, 0).astype(np.int64)
    below = unsafe_cells(equations, need)
    found = intervals(equations, below.tolist())
    exact = int((found[:, 0] == found[:, 1]).sum())
    between = int(((found[:, 0] >= 1) & (found[:, 1] < MIN_COUNT)).sum())
    return exact, between, len(below)


def _matrix(cells: pd.DataFrame, relations: pd.DataFrame) -> csr_array:
    """Write the relations as a matrix over the cells."""
    number = pd.factorize(relations["rel_id"])[0]
    column = pd.Index(cells["cell_id"]).get_indexer(relations["cell_id"])
    entries = (relations["coef"].to_numpy(dtype=np.int64), (number, column))
    return coo_array(entries, shape=(int(number.max()) + 1, len(cells))).tocsr()


if __name__ == "__main__":
    main()
