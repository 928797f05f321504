"""Persons of one register found again in the next one: who left, came, stayed the same."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.meaning.portrait import (
    AGE,
    EMPTY,
    GONE,
    PERSON,
    REST,
    Continuity,
    Source,
)

Bools = npt.NDArray[np.bool_]

# A run of neighbouring rows: long enough that chance empties none, short enough to be cut off.
_RUN, _RUNS = 50, 500
_PARTS = 10
# Fewer persons than this who change their code in the same way are kept as a sum of all such.
_HANDFUL = 5


def continuity(source: Source, before: pa.Table, dates: tuple[date, date]) -> Continuity | None:
    """Find the persons of one register again in the next one.

    Parameters
    ----------
    dates
        Of the register before and of this one, in this order whichever is the older.
    """
    rows = source.rows
    if PERSON not in rows.column_names or PERSON not in before.column_names:
        return None
    rows, before = rows.combine_chunks(), before.filter(before[PERSON].is_valid())
    before = before.combine_chunks()
    found = pc.index_in(rows[PERSON], before[PERSON].combine_chunks(), skip_nulls=True)
    is_seen = found.is_valid().to_numpy()
    again, was = rows.filter(pa.array(is_seen)), before.take(found.drop_null())
    is_left = np.zeros(before.num_rows, dtype=bool)
    is_left[found.drop_null().to_numpy()] = True
    columns = [
        name
        for name in again.column_names
        if name not in (PERSON, AGE) and name in was.column_names
    ]
    same = {name: _same(again[name], was[name]) for name in columns}
    kept = {name: int(found.sum()) for name, found in same.items()}
    if AGE in again.column_names and AGE in was.column_names:
        kept[AGE] = _aged(again[AGE], was[AGE], dates)
    is_moved = ~is_seen
    is_moved[is_seen] = ~np.all([*same.values(), np.ones(len(was), bool)], axis=0)
    roles = {name: column.role for name, column in source.layout.columns.items()}
    codes = [name for name in columns if roles.get(name) == "code"]
    gone = before.filter(pa.array(~is_left))
    return Continuity(
        since=dates[0],
        before=before.num_rows,
        now=len(rows) - rows[PERSON].null_count,
        seen=int(is_seen.sum()),
        kept=kept,
        thinnest=_thinnest(is_left),
        parts=_parts(is_moved),
        turned={name: _turned(was[name], again[name], gone[name]) for name in codes},
        emptied={name: _emptied(was[name], again[name]) for name in codes},
    )


def _parts(is_moved: Bools) -> tuple[tuple[int, int], ...]:
    """Persons per tenth of a file, and how many of them are new or changed."""
    return tuple((len(part), int(part.sum())) for part in np.array_split(is_moved, _PARTS))


def _turned(
    was: pa.ChunkedArray, now: pa.ChunkedArray, gone: pa.ChunkedArray
) -> dict[str, dict[str, int]]:
    """Count persons by code before and code now, those who are gone by code before."""
    pairs = (
        pa.table({"was": was, "now": now})
        .group_by(["was", "now"])
        .aggregate([([], "count_all")])
    )
    found: dict[str, dict[str, int]] = {}
    for pair in pairs.to_pylist():
        turns = found.setdefault(pair["was"] or EMPTY, {})
        code = (pair["now"] or EMPTY) if pair["count_all"] >= _HANDFUL else REST
        turns[code] = turns.get(code, 0) + pair["count_all"]
    for one in pc.value_counts(gone).to_pylist():
        found.setdefault(one["values"] or EMPTY, {})[GONE] = one["counts"]
    return {code: dict(sorted(turns.items())) for code, turns in sorted(found.items())}


def _emptied(was: pa.ChunkedArray, now: pa.ChunkedArray) -> int:
    had, has = (pc.not_equal(pc.fill_null(one, EMPTY), EMPTY) for one in (was, now))
    return pc.sum(pc.and_not(had, has)).as_py() or 0


def _same(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Bools:
    is_same = pc.equal(pc.fill_null(one, EMPTY), pc.fill_null(other, EMPTY))
    return np.asarray(is_same.to_numpy(), dtype=bool)


def _aged(now: pa.ChunkedArray, was: pa.ChunkedArray, dates: tuple[date, date]) -> int:
    before, after = dates
    years = after.year - before.year
    if (after.month, after.day) < (before.month, before.day):
        years -= 1
    most = years if (after.month, after.day) == (before.month, before.day) else years + 1
    gap = pc.subtract(now.cast(pa.int32()), was.cast(pa.int32()))
    is_aged = pc.and_(pc.greater_equal(gap, years), pc.less_equal(gap, most))
    return pc.sum(is_aged).as_py() or 0


def _thinnest(is_left: Bools) -> float:
    size = max(_RUN, len(is_left) // _RUNS)
    runs = len(is_left) // size
    if not runs:
        return 1.0
    # From the end, where files are cut off; the first rows that fill no run are left out.
    return float(is_left[len(is_left) - runs * size :].reshape(runs, size).mean(axis=1).min())
