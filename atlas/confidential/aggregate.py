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
import pandas as pd

from atlas.config import Condition, Layout, Rule
from atlas.terms import Group, Status

ADULT_AGE = 18


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
    return _complete(wide.set_index("area_id"), keys)


def _complete(wide: pd.DataFrame, keys: Iterable[str]) -> pd.DataFrame:
    """Give every area a row for every item; keys that are no area stay, to be refused later."""
    everything = pd.Index(sorted({*keys, *wide.index}), name="area_id")
    full = wide.reindex(everything, fill_value=0).reset_index()
    long = full.melt("area_id", var_name="item", value_name="n").astype({"n": "Int64"})
    parts = long["item"].str.partition("@")
    long = long.assign(measure=parts[0], group=parts[2], status=str(Status.PUBLISHED))
    grain = ["area_id", "measure", "group"]
    return long.sort_values(grain, ignore_index=True)[[*grain, "n", "status"]]


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
