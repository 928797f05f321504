"""Register rows to counts per area: the one step that may be large; knows no formula, no file.

Written once against Ibis, so that DuckDB in the process and a database server give the same
integers. counts: one row per kind, area_id, group and measure; columns ``n, status, reason``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from atlas.config import Condition, Layout, Rule
from atlas.errors import ConfigError, DeliveryError
from atlas.terms import KINDS, UNPLACED, Group, Kind, Reason, Status

ADULT_AGE = 18

COUNT_COLUMNS = ["kind", "area_id", "group", "measure", "n", "status", "reason"]


@dataclass(frozen=True)
class Source:
    """What one layout gives for one reference date.

    Attributes
    ----------
    kind
        Kind of area whose keys it counts by.
    items
        Measures per group that it can give.
    counts
        One row per area_id, group and measure with n (missing where withheld) and status;
        None if the delivery has not arrived.
    unplaced
        Persons per measure whom no area holds.
    is_expected
        Whether the source exists at this reference date.
    """

    kind: Kind
    items: frozenset[tuple[str, Group]]
    counts: pd.DataFrame | None
    unplaced: dict[str, int]
    is_expected: bool


@dataclass(frozen=True)
class LinkReport:
    """How the link of two registers ended, in persons.

    Attributes
    ----------
    matched, not_matched, matched_twice, not_placeable
        Persons of the linked register: with one place, unknown to the other register (or
        without a key), with two different places there, known there without a place.
    repeated
        Persons who stand more than once in the linked register; each counts once.
    register_matched, register_not_matched
        Persons of the register that gives the place.
    """

    matched: int
    not_matched: int
    matched_twice: int
    not_placeable: int
    repeated: int
    register_matched: int
    register_not_matched: int


def count_persons(persons: ir.Table, layout: Layout, keys: Iterable[str]) -> pd.DataFrame:
    """Count the rows of a register that has its own places.

    Parameters
    ----------
    keys
        All areas of the register's kind: a register is complete, so nobody there means 0.

    Returns
    -------
    pandas.DataFrame
        One row per area_id, group and measure; columns n and status. Rows without a place are
        not counted.
    """
    flags = {name: _matches(persons, rule) for name, rule in layout.measures.items()}
    return _count(persons.mutate(**flags), layout, keys)


def count_linked(
    persons: ir.Table, register: ir.Table, layout: Layout, keys: Iterable[str]
) -> pd.DataFrame:
    """Count persons at the place and age that another register knows; a person counts once.

    Parameters and grain as in ``count_persons``.
    """
    homes = _homes(register)
    placed = homes.filter(homes.area_id == homes.last_area_id)
    linked = _one_per_person(persons, layout).inner_join(placed, "person")
    return _count(linked, layout, keys)


def count_unplaced(persons: ir.Table, layout: Layout, placed: pd.DataFrame) -> dict[str, int]:
    """Count per measure the persons that no area holds: „nicht zuordenbar“.

    Parameters
    ----------
    placed
        What ``count_persons`` or ``count_linked`` found.
    """
    found = placed[placed["group"] == str(Group.ALL)].groupby("measure")["n"].sum()
    totals = _totals(persons, layout)
    return {name: total - int(found[name]) for name, total in totals.items()}


def count_city(persons: ir.Table, layout: Layout, city_id: str) -> pd.DataFrame:
    """Count a register for the whole city, whether or not its persons have a place.

    Returns
    -------
    pandas.DataFrame
        One row per measure, group all; columns area_id, n and status.
    """
    totals = _totals(persons, layout)
    counts = pd.DataFrame({"measure": list(totals), "n": list(totals.values())})
    return counts.astype({"n": "Int64"}).assign(
        area_id=city_id, group=str(Group.ALL), status=str(Status.PUBLISHED)
    )


def _totals(persons: ir.Table, layout: Layout) -> dict[str, int]:
    """Persons per measure; a linked register has a person once, however many rows."""
    if layout.place_from is None:
        return _matching(persons, layout)
    once = _one_per_person(persons, layout)
    totals = _figures(
        once.aggregate(**{name: once.count(where=once[name]) for name in layout.measures})
    )
    loose = _matching(persons.filter(persons.person.isnull()), layout)
    return {name: total + loose[name] for name, total in totals.items()}


def _matching(rows: ir.Table, layout: Layout) -> dict[str, int]:
    counts = {
        name: rows.count(where=_matches(rows, rule)) for name, rule in layout.measures.items()
    }
    return _figures(rows.aggregate(**counts))


def link_report(persons: ir.Table, register: ir.Table, layout: Layout) -> LinkReport:
    """Count persons by how their link ended; a row without a key is a person not matched."""
    keyless = persons.filter(persons.person.isnull())
    once = _one_per_person(persons, layout)
    links = once.left_join(_homes(register), "person")
    is_known = links.person_right.notnull()
    has_place = is_known & links.area_id.notnull()
    is_twice = (has_place & (links.area_id != links.last_area_id)).fill_null(False)
    ends = _figures(
        links.aggregate(
            n=links.count(),
            known=links.count(where=is_known),
            placed=links.count(where=has_place),
            twice=links.count(where=is_twice),
            repeated=links.count(where=links.rows > 1),
        )
    )
    loose = _figures(keyless.aggregate(n=keyless.count()))["n"]
    homes = _homes(register)
    people = _figures(homes.aggregate(n=homes.count()))["n"]
    return LinkReport(
        matched=ends["placed"] - ends["twice"],
        not_matched=ends["n"] - ends["known"] + loose,
        matched_twice=ends["twice"],
        not_placeable=ends["known"] - ends["placed"],
        repeated=ends["repeated"],
        register_matched=ends["known"],
        register_not_matched=people - ends["known"],
    )


def counts_of(
    sources: Iterable[Source], areas: pd.DataFrame, measures: Iterable[str]
) -> pd.DataFrame:
    """Roll counts up the hierarchy and give every area a row for every measure.

    Parameters
    ----------
    areas
        One row per kind and area_id with parent_id, from small to large kind.

    Returns
    -------
    pandas.DataFrame
        counts. A kind below that of its source is ``unavailable``; a source that has not
        arrived is ``missing``; a sum over a withheld part is ``withheld``.
    """
    known = list(sources)
    wanted = list(measures)
    items = sorted({item for one in known for item in one.items if item[0] in wanted})
    frames = [_item_counts(known, areas, name, group) for name, group in items]
    return pd.concat([*frames, _unplaced(known, areas)], ignore_index=True)[COUNT_COLUMNS]


def _unplaced(sources: list[Source], areas: pd.DataFrame) -> pd.DataFrame:
    city = areas.loc[areas["kind"] == str(Kind.CITY), "area_id"].iloc[0]
    place, shown = (str(Kind.CITY), city, str(Group.ALL)), (str(Status.PUBLISHED), "")
    rows = [
        (*place, f"{name}{UNPLACED}", n, *shown)
        for one in sources
        for name, n in sorted(one.unplaced.items())
    ]
    return pd.DataFrame(rows, columns=COUNT_COLUMNS).astype({"n": "Int64"})


def _item_counts(
    sources: list[Source], areas: pd.DataFrame, name: str, group: Group
) -> pd.DataFrame:
    giving = [one for one in sources if (name, group) in one.items]
    frames: list[pd.DataFrame] = []
    below: pd.DataFrame | None = None
    for kind in (kind for kind in KINDS if (areas["kind"] == str(kind)).any()):
        here = areas.loc[areas["kind"] == str(kind), ["area_id", "parent_id"]]
        own = [
            rows for one in giving if one.kind is kind and len(rows := _rows(one, name, group))
        ]
        if own:
            found = _delivered(own, here, name, group)
        elif below is not None and not _is_gap(below):
            found = _sum_of_parts(below, here)
        else:
            found = here.assign(n=pd.array([pd.NA] * len(here), "Int64"), **_gap(giving, kind))
        below = found.astype({"n": "Int64"})
        frames.append(below.assign(kind=str(kind), group=str(group), measure=name))
    return pd.concat(frames, ignore_index=True)


def _is_gap(counts: pd.DataFrame) -> bool:
    return bool(counts["status"].isin([str(Status.UNAVAILABLE), str(Status.MISSING)]).all())


def _gap(giving: list[Source], kind: Kind) -> dict[str, str]:
    is_due = any(
        one.is_expected and one.counts is None and KINDS.index(one.kind) <= KINDS.index(kind)
        for one in giving
    )
    status, reason = (
        (Status.MISSING, Reason.PENDING)
        if is_due
        else (Status.UNAVAILABLE, Reason.NOT_DELIVERED)
    )
    return {"status": str(status), "reason": str(reason)}


def _rows(source: Source, name: str, group: Group) -> pd.DataFrame:
    """Select one item; a long table may lack at one date what it gives at others."""
    if source.counts is None:
        return pd.DataFrame()
    is_item = (source.counts["measure"] == name) & (source.counts["group"] == str(group))
    return source.counts.loc[is_item, ["area_id", "n", "status"]]


def _delivered(
    own: list[pd.DataFrame], here: pd.DataFrame, name: str, group: Group
) -> pd.DataFrame:
    if len(own) > 1:
        raise ConfigError(
            f"deliveries.toml: {name} ({group}) kommt an einem Stichtag aus mehreren Layouts "
            "derselben Gebietsart. Erwartet: aus einem. items, first_date oder last_date "
            "eines der Layouts ändern."
        )
    if not own[0]["area_id"].isin(here["area_id"]).all():
        raise _lost_areas(f"{name} ({group})")
    found = here.merge(own[0], on="area_id", how="left")
    is_withheld = found["status"] == str(Status.WITHHELD)
    is_absent = found["n"].isna() & ~is_withheld
    status = found["status"].fillna(str(Status.UNAVAILABLE))
    reason = is_withheld.map({True: str(Reason.SUPPLIER), False: str(Reason.NONE)})
    return found.assign(
        status=status.mask(is_absent, str(Status.UNAVAILABLE)),
        reason=reason.mask(is_absent, str(Reason.NOT_DELIVERED)),
    )


def _sum_of_parts(parts: pd.DataFrame, here: pd.DataFrame) -> pd.DataFrame:
    grouped = parts.groupby("parent_id")
    sums = grouped["n"].sum(min_count=1)
    total = here["area_id"].map(sums).astype("Int64").fillna(0)
    status = pd.Series(str(Status.PUBLISHED), index=here.index)
    reason = pd.Series(str(Reason.NONE), index=here.index)
    for gap, why in (
        (Status.WITHHELD, Reason.SUPPLIER),
        (Status.UNAVAILABLE, Reason.NOT_DELIVERED),
        (Status.MISSING, Reason.PENDING),
    ):
        holders = parts.loc[parts["status"] == str(gap), "parent_id"]
        is_gap = here["area_id"].isin(holders)
        status, reason = status.mask(is_gap, str(gap)), reason.mask(is_gap, str(why))
        total = total.mask(is_gap)
    return here.assign(n=total, status=status, reason=reason)


def _homes(register: ir.Table) -> ir.Table:
    known = register.filter(register.person.notnull())
    ages = {"age": known.age.min()} if "age" in known.columns else {}
    return known.group_by("person").aggregate(
        area_id=known.area_id.min(), last_area_id=known.area_id.max(), **ages
    )


def _figures(totals: ir.Table) -> dict[str, int]:
    figures: dict[str, int] = totals.to_pyarrow().to_pylist()[0]
    return figures


def _one_per_person(persons: ir.Table, layout: Layout) -> ir.Table:
    known = persons.filter(persons.person.notnull())
    flags = {
        name: known.count(where=_matches(known, rule)) > 0
        for name, rule in layout.measures.items()
    }
    return known.group_by("person").aggregate(rows=known.count(), **flags)


def _count(flagged: ir.Table, layout: Layout, keys: Iterable[str]) -> pd.DataFrame:
    placed = flagged.filter(flagged.area_id.notnull())
    everybody = ibis.literal(True)
    members = {str(Group.ALL): everybody}
    if "age" in placed.columns:
        members[str(Group.U18)] = (placed.age < ADULT_AGE).fill_null(False)
    totals = {
        f"{name}@{group}": placed.count(where=placed[name] & is_member)
        for name in layout.measures
        for group, is_member in members.items()
    }
    wide: pd.DataFrame = placed.group_by("area_id").aggregate(**totals).to_pyarrow().to_pandas()
    return _complete(wide.set_index("area_id"), layout, sorted(keys))


def _complete(wide: pd.DataFrame, layout: Layout, keys: list[str]) -> pd.DataFrame:
    """Give every area a row for every item; a key that is none would lose persons."""
    if not wide.index.isin(keys).all():
        raise _lost_areas(layout.label)
    full = wide.reindex(pd.Index(keys, name="area_id"), fill_value=0).reset_index()
    long = full.melt("area_id", var_name="item", value_name="n").astype({"n": "Int64"})
    parts = long["item"].str.partition("@")
    long = long.assign(measure=parts[0], group=parts[2], status=str(Status.PUBLISHED))
    grain = ["area_id", "measure", "group"]
    return long.sort_values(grain, ignore_index=True)[[*grain, "n", "status"]]


def _lost_areas(what: str) -> DeliveryError:
    """Refuse to count on: whoever lives there would be lost without a word."""
    return DeliveryError(
        f"Lieferung, {what}: Gebietsschlüssel, die bei der Annahme galten, fehlen im "
        "Gebietsstand. edition in deliveries.toml oder areas.toml prüfen."
    )


def _matches(rows: ir.Table, rule: Rule) -> ir.BooleanValue:
    if rule == "every_row":
        return ibis.literal(True)
    alternatives = [
        reduce(and_, (_holds(rows[name], one) for name, one in alternative.items()))
        for alternative in rule
    ]
    return reduce(or_, alternatives).fill_null(False)


def _holds(column: ir.StringColumn, condition: Condition) -> ir.BooleanValue:
    if condition.is_in is not None:
        return column.isin(condition.is_in).fill_null(False)
    if condition.not_in is not None:
        return column.notnull() & column.notin(condition.not_in).fill_null(False)
    return column.notnull() if condition.is_filled else column.isnull()


def shares_of(
    sources: Iterable[Source], areas: pd.DataFrame, indicators: Iterable[str]
) -> pd.DataFrame:
    """Give every area a row for every ready-made share; shares are never rolled up.

    Returns
    -------
    pandas.DataFrame
        One row per kind, area_id, group and measure (the indicator); n is the share.
    """
    known = list(sources)
    wanted = list(indicators)
    frames = []
    for name, group in sorted({i for one in known for i in one.items if i[0] in wanted}):
        giving = [one for one in known if (name, group) in one.items]
        for kind in dict.fromkeys(areas["kind"]):
            here = areas.loc[areas["kind"] == kind, ["area_id", "parent_id"]]
            own = [
                rows
                for one in giving
                if one.kind == kind and len(rows := _rows(one, name, group))
            ]
            gap = _gap([one for one in giving if one.kind == kind], Kind(kind))
            found = _delivered(own, here, name, group) if own else here.assign(n=np.nan, **gap)
            frames.append(found.assign(kind=kind, group=str(group), measure=name))
    stacked = [frame.astype({"n": float})[COUNT_COLUMNS] for frame in frames]
    return (
        pd.concat(stacked, ignore_index=True)
        if stacked
        else pd.DataFrame(columns=COUNT_COLUMNS)
    )
