"""The rows of a delivery to its portrait: what a release would count, and how it is made up."""

from collections.abc import Mapping

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.aggregate import count_linked, count_persons
from atlas.confidential.delivery import profile
from atlas.confidential.meaning.portrait import (
    AGE,
    AREA,
    EMPTY,
    PERSON,
    ROWS,
    Portrait,
    Source,
)
from atlas.terms import Group, Status


def draw(source: Source) -> Portrait:
    """Make the portrait of a delivery from its rows."""
    if source.layout.shape == "persons":
        return _draw_persons(source)
    figures = profile(source.rows, source.layout)
    places: dict[str, dict[str, float]] = {series: {} for series in figures.totals}
    for (series, area), n in figures.by_area.items():
        places[series][area] = n
    return Portrait(
        rows=source.rows.num_rows,
        edition=source.edition,
        areas=places,
        places=places,
        hidden=_hidden(source.rows),
    )


def _draw_persons(source: Source) -> Portrait:
    rows, layout = source.rows, source.layout
    names = [name for name, column in layout.columns.items() if column.role == "code"]
    places = _histogram(rows[AREA].drop_null()) if AREA in rows.column_names else {}
    return Portrait(
        rows=rows.num_rows,
        edition=source.edition,
        codes={name: _histogram(rows[name]) for name in names},
        ages={int(age): n for age, n in _histogram(_ages(rows)).items()},
        areas=_areas(source),
        places={ROWS: {area: float(n) for area, n in places.items()}} if places else {},
        link=_link(source),
    )


def _areas(source: Source) -> dict[str, dict[str, float]]:
    """Count every measure as a release would, per area of the compared kind."""
    rows, layout, register = source.rows, source.layout, source.register
    if AREA not in rows.column_names and register is None:
        return {}
    if register is not None and not link_of(rows, register)[0]:
        return {}
    connection = ibis.duckdb.connect()
    try:
        persons = connection.create_table("persons", rows)
        if register is None:
            counts = count_persons(persons, layout, (), source.groups)
        else:
            homes = connection.create_table("homes", register)
            counts = count_linked(persons, homes, layout, (), source.groups)
    finally:
        connection.disconnect()
    return _by_series(counts, source.upper)


def _by_series(counts: pd.DataFrame, upper: Mapping[str, str]) -> dict[str, dict[str, float]]:
    series = counts["measure"].where(
        counts["group"] == str(Group.ALL), counts["measure"] + "@" + counts["group"]
    )
    areas = counts["area_id"].map(lambda key: upper.get(key, key))
    found: dict[str, dict[str, float]] = {}
    parts = pd.DataFrame({"name": series, "area": areas, "n": counts["n"].astype(float)})
    summed = parts.groupby(["name", "area"], as_index=False)["n"].sum()
    for name, area, n in summed.itertuples(index=False):
        found.setdefault(str(name), {})[str(area)] = float(n)
    return found


def _link(source: Source) -> tuple[int, int] | None:
    if source.register is None or PERSON not in source.rows.column_names:
        return None
    return link_of(source.rows, source.register)


def link_of(rows: pa.Table, register: pa.Table) -> tuple[int, int]:
    """Count the persons whom another register knows, and all persons with a key."""
    keys = rows[PERSON].drop_null()
    known = pc.is_in(keys, register[PERSON].drop_null().combine_chunks())
    return pc.sum(known).as_py() or 0, len(keys)


def _ages(rows: pa.Table) -> pa.ChunkedArray:
    if AGE not in rows.column_names:
        return pa.chunked_array([], pa.string())
    return rows[AGE].drop_null().cast(pa.string())


def _histogram(column: pa.ChunkedArray) -> dict[str, int]:
    counts = pc.value_counts(pc.fill_null(column, EMPTY))
    found = zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True)
    return dict(sorted(found))


def _hidden(rows: pa.Table) -> dict[str, int]:
    rest = rows.filter(pc.not_equal(rows["status"], Status.PUBLISHED.value))
    found: dict[str, int] = {}
    for item, group in zip(rest["item"].to_pylist(), rest["group"].to_pylist(), strict=True):
        series = item if group == Group.ALL else f"{item}@{group}"
        found[series] = found.get(series, 0) + 1
    return found
