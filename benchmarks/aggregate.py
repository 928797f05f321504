"""From register rows to counts: the atlas beside pandas, and 50 million rows in Parquet.

``.venv/bin/python benchmarks/aggregate.py [--rows 50000000] [--repeats 3]``

Every figure comes from a process of its own: seconds by its clock, memory by its highest
resident size, both with the imports. pandas stands for what one would write without the atlas:
``read_csv`` and ``groupby``, which checks nothing, hashes no key and knows no place that is
missing. Both have to find the same counts.
"""

import argparse
import csv
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

REGISTER_ROWS = 350_000
BLOCKS = 5_000
MORE_BLOCKS = 170_000
STATES = ("000", "163", "423", "792")
DAY = date(2024, 12, 31)
SEED = 1
_CHUNK = 2_000_000


def layout():
    from atlas.config import Layout

    return Layout.model_validate(
        {
            "id": "ewo",
            "source": "ewo",
            "label": "Einwohnerregister",
            "shape": "persons",
            "file": "ewo_{date}.csv",
            "kind": "block",
            "columns": {
                "ID": {"role": "person"},
                "BLOCK": {"role": "area"},
                "GEBURT": {"role": "birth_date", "format": "%d.%m.%Y"},
                "STAAT": {"role": "code", "codes": STATES},
            },
            "measures": {
                "residents": "every_row",
                "migrants": [{"STAAT": {"not_in": ["000"]}}],
            },
        }
    )


# ---- rows ---------------------------------------------------------------------------------


def draw(rows: int, blocks: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Block, age and state of every person, as numbers."""
    random = np.random.default_rng(seed)
    return (
        random.integers(0, blocks, rows),
        random.integers(0, 100, rows),
        random.choice(len(STATES), rows, p=(0.8, 0.1, 0.06, 0.04)),
    )


def write_csv(path: Path, rows: int) -> None:
    block, age, state = draw(rows, BLOCKS, SEED)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["ID", "BLOCK", "GEBURT", "STAAT"])
        for n in range(rows):
            birth = f"15.06.{DAY.year - age[n]}"
            writer.writerow([f"P{n:09d}", f"{block[n]:06d}", birth, STATES[state[n]]])


def write_parquet(path: Path, rows: int) -> None:
    """Write rows as the store keeps them, chunk by chunk."""
    names = pa.array([f"{number:06d}" for number in range(MORE_BLOCKS)])
    states = pa.array(STATES)
    schema = pa.schema([("area_id", pa.string()), ("age", pa.int16()), ("STAAT", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, rows, _CHUNK):
            size = min(_CHUNK, rows - start)
            block, age, state = draw(size, MORE_BLOCKS, start)
            columns = [
                names.take(pa.array(block)),
                pa.array(age.astype(np.int16)),
                states.take(pa.array(state)),
            ]
            writer.write_table(pa.table(columns, schema=schema))


# ---- what is measured: each in a process of its own, returning its counts -----------------


def atlas_import(path: Path) -> dict[str, int]:
    """Read a register with all checks, then count it on DuckDB."""
    from atlas.confidential.delivery import KnownAreas, Request, raise_on_errors, read_delivery

    keys = frozenset(f"{number:06d}" for number in range(BLOCKS))
    request = Request(
        layout=layout(), claimed=DAY, hash_key=b"k" * 32, areas=lambda _: KnownAreas(DAY, keys)
    )
    reading = read_delivery(path, request)
    raise_on_errors(reading.findings, reading.name)
    rows_path = path.with_suffix(".rows.parquet")
    pq.write_table(reading.parts[DAY], rows_path, compression="zstd")
    return atlas_count(rows_path, BLOCKS)


def atlas_aggregate(path: Path) -> dict[str, int]:
    return atlas_count(path, MORE_BLOCKS)


def atlas_count(path: Path, blocks: int) -> dict[str, int]:
    from atlas.confidential.aggregate import count_persons
    from atlas.confidential.engine import open_tables
    from atlas.config.groups import DEFAULT_GROUPS, memberships_of

    keys = [f"{number:06d}" for number in range(blocks)]
    with open_tables("duckdb://", {"ewo": path}, path.parent) as tables:
        counts = count_persons(tables["ewo"], layout(), keys, memberships_of(DEFAULT_GROUPS))
    counts["n"] = counts["n"].astype(int)
    totals = counts.groupby(["measure", "group"])["n"].sum()
    first = counts[counts["area_id"] == keys[0]].set_index(["measure", "group"])["n"]
    return {f"{what}@{group}": int(n) for (what, group), n in (*totals.items(), *_first(first))}


def _first(counts) -> Iterator[tuple[tuple[str, str], int]]:
    return ((("first " + what, group), n) for (what, group), n in counts.items())


def pandas_csv(path: Path) -> dict[str, int]:
    import pandas as pd

    persons = pd.read_csv(path, sep=";", dtype=str)
    birth = pd.to_datetime(persons["GEBURT"], format="%d.%m.%Y")
    day = pd.Timestamp(DAY)
    passed = (birth.dt.month < day.month) | (
        (birth.dt.month == day.month) & (birth.dt.day <= day.day)
    )
    age = day.year - birth.dt.year - (~passed).astype(int)
    return _pandas_counts(persons.assign(area_id=persons["BLOCK"], age=age))


def pandas_parquet(path: Path) -> dict[str, int]:
    import pandas as pd

    return _pandas_counts(pd.read_parquet(path))


def _pandas_counts(persons) -> dict[str, int]:
    flags = persons[["area_id"]].assign(
        **{
            "residents@all": 1,
            "residents@u18": (persons["age"] < 18).astype(int),
            "migrants@all": (persons["STAAT"] != "000").astype(int),
        }
    )
    flags["migrants@u18"] = flags["migrants@all"] * flags["residents@u18"]
    counts = flags.groupby("area_id").sum()
    found = {name: int(n) for name, n in counts.sum().items()}
    return found | {f"first {name}": int(n) for name, n in counts.loc["000000"].items()}


WORK = {
    one.__name__: one for one in (atlas_import, atlas_aggregate, pandas_csv, pandas_parquet)
}


def measure_here(name: str, path: Path) -> None:
    begin = time.perf_counter()
    counts = WORK[name](path)
    seconds = time.perf_counter() - begin
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "counts": counts}))


def measure(name: str, path: Path, repeats: int) -> tuple[float, float, dict[str, int]]:
    """Median of seconds, highest memory, and the counts found."""
    found = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, __file__, "--measure", name, str(path)],
            check=True,
            capture_output=True,
            text=True,
        )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    seconds = statistics.median(one["seconds"] for one in found)
    spread = [f"{one['seconds']:.1f}" for one in found]
    peak_mb = max(one["peak_mb"] for one in found)
    print(f"  {name:16} {seconds:7.2f} s  {peak_mb:7.0f} MB  ({', '.join(spread)} s)")
    return seconds, peak_mb, found[0]["counts"]


def compare(title: str, ours: str, theirs: str, path: Path, repeats: int) -> None:
    print(f"{title}, {path.stat().st_size / 1e6:.0f} MB")
    seconds, memory, counts = measure(ours, path, repeats)
    other_seconds, other_memory, other_counts = measure(theirs, path, repeats)
    if counts != other_counts:
        sys.exit("The counts differ.")
    print(
        f"  atlas / pandas: time {seconds / other_seconds:.2f}, "
        f"memory {memory / other_memory:.2f}; same counts\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--pandas-rows", type=int, default=5_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FILE"))
    chosen = parser.parse_args()
    if chosen.measure:
        measure_here(chosen.measure[0], Path(chosen.measure[1]))
        return
    with tempfile.TemporaryDirectory() as scratch:
        register = Path(scratch) / f"ewo_{DAY}.csv"
        write_csv(register, REGISTER_ROWS)
        title = f"Register of {REGISTER_ROWS:,} rows: import with all checks, then counts"
        compare(title, "atlas_import", "pandas_csv", register, chosen.repeats)
        some = Path(scratch) / "some.parquet"
        write_parquet(some, chosen.pandas_rows)
        title = f"{chosen.pandas_rows:,} rows, {MORE_BLOCKS:,} blocks"
        compare(title, "atlas_aggregate", "pandas_parquet", some, chosen.repeats)
        many = Path(scratch) / "many.parquet"
        write_parquet(many, chosen.rows)
        print(
            f"{chosen.rows:,} rows, {MORE_BLOCKS:,} blocks, {many.stat().st_size / 1e6:.0f} MB"
        )
        measure("atlas_aggregate", many, chosen.repeats)


if __name__ == "__main__":
    main()
