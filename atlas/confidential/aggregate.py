"""Register rows to counts per area: the one step that may be large; knows no formula, no file.

Written once against Ibis, so that DuckDB in the process and a database server give the same
integers. counts: one row per kind, area_id, group and measure; columns ``n, status, reason``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir
import pandas as pd

from atlas.config import Ages, Condition, Layout, Membership, Rule
from atlas.config.groups import EVERY_AGE, columns_of
from atlas.terms import Group, Status

Memberships = Mapping[Group, Membership]


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


def count_persons(
    persons: ir.Table, layout: Layout, keys: Iterable[str], groups: Memberships
) -> pd.DataFrame:
    """Count the rows of a register that has its own places.

    Parameters
    ----------
    keys
        All areas of the register's kind: a register is complete, so nobody there means 0.
    groups
        Whom to count; a group is left out whose age or column the rows do not tell.

    Returns
    -------
    pandas.DataFrame
        One row per area_id, group and measure; columns n and status. Rows without a place are
        not counted.
    """
    flags = {name: _matches(persons, rule) for name, rule in layout.measures.items()}
    told = {name: _matches(persons, rule) for name, rule in _told(persons, groups).items()}
    return _count(persons.mutate(**flags, **told), layout, keys, groups)


def count_linked(
    persons: ir.Table,
    register: ir.Table,
    layout: Layout,
    keys: Iterable[str],
    groups: Memberships,
) -> pd.DataFrame:
    """Count persons at the place and age that another register knows; a person counts once.

    Parameters and grain as in ``count_persons``. Who belongs to a group is what the register
    of places says; only what it does not know, the linked one tells.
    """
    known = _told(register, groups)
    own = {name: rule for name, rule in _told(persons, groups).items() if name not in known}
    homes = _homes(register, known)
    placed = homes.filter(homes.area_id == homes.last_area_id)
    linked = _one_per_person(persons, {**layout.measures, **own}).inner_join(placed, "person")
    return _count(linked, layout, keys, groups)


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
    once = _one_per_person(persons, layout.measures)
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
    once = _one_per_person(persons, layout.measures)
    links = once.left_join(_homes(register, {}), "person")
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
    homes = _homes(register, {})
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


def _homes(register: ir.Table, rules: Mapping[str, Rule]) -> ir.Table:
    known = register.filter(register.person.notnull())
    ages = {"age": known.age.min()} if "age" in known.columns else {}
    return known.group_by("person").aggregate(
        area_id=known.area_id.min(),
        last_area_id=known.area_id.max(),
        **ages,
        **_ever(known, rules),
    )


def _figures(totals: ir.Table) -> dict[str, int]:
    figures: dict[str, int] = totals.to_pyarrow().to_pylist()[0]
    return figures


def _one_per_person(persons: ir.Table, rules: Mapping[str, Rule]) -> ir.Table:
    known = persons.filter(persons.person.notnull())
    return known.group_by("person").aggregate(rows=known.count(), **_ever(known, rules))


def _ever(rows: ir.Table, rules: Mapping[str, Rule]) -> dict[str, ir.BooleanValue]:
    """Whether any of a person's rows matches, by the name of the rule."""
    return {name: rows.count(where=_matches(rows, rule)) > 0 for name, rule in rules.items()}


def _told(rows: ir.Table, groups: Memberships) -> dict[str, Rule]:
    """Conditions of the groups whose columns these rows have, by the name of their flag."""
    return {
        _flag(name, place): rule
        for name, member in groups.items()
        for place, rule in enumerate(member.where)
        if columns_of(rule) <= set(rows.columns)
    }


def _flag(group: Group, place: int) -> str:
    return f"@{group}.{place}"


def _members(rows: ir.Table, groups: Memberships) -> dict[Group, ir.BooleanValue]:
    """Who belongs to each group that the rows can tell."""
    known = set(rows.columns)
    found = {}
    for name, member in groups.items():
        flags = [_flag(name, place) for place, _ in enumerate(member.where)]
        if {*flags, *([] if member.ages == EVERY_AGE else ["age"])} <= known:
            tests = [rows[flag] for flag in flags]
            tests += _of_age(rows.age, member.ages) if "age" in known else []
            found[name] = reduce(and_, tests, ibis.literal(True))
    return found


def _of_age(age: ir.IntegerValue, ages: Ages) -> list[ir.BooleanValue]:
    """Nobody without an age belongs to an age group; everybody belongs to every age."""
    first = [(age >= ages.first).fill_null(False)] if ages.first else []
    last = [(age <= ages.last).fill_null(False)] if ages.last is not None else []
    return first + last


def _count(
    flagged: ir.Table, layout: Layout, keys: Iterable[str], groups: Memberships
) -> pd.DataFrame:
    placed = flagged.filter(flagged.area_id.notnull())
    totals = {
        f"{name}@{group}": placed.count(where=placed[name] & is_member)
        for name in layout.measures
        for group, is_member in _members(placed, groups).items()
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
