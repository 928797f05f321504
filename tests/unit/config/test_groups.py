"""Groups of a city: who lies in whom, as protection and checks are told."""

from typing import Any

from atlas.config import Population
from atlas.config.groups import (
    DEFAULT_GROUPS,
    GroupRule,
    holders_of,
    populations_of,
    with_everybody,
)
from atlas.terms import Group

SEX = [{"sex": {"is_in": ["w"]}}]


def groups_of(**rules: dict[str, Any]) -> dict[Group, GroupRule]:
    tables = {Group(name): GroupRule(label=name, **rule) for name, rule in rules.items()}
    return with_everybody(tables)


def test_customary_groups() -> None:
    assert populations_of(DEFAULT_GROUPS) == (
        Population(Group.ALL),
        Population(Group.U18, (0, 17), Group.ALL),
    )
    assert holders_of(DEFAULT_GROUPS) == {Group.ALL: (), Group.U18: (Group.ALL,)}


def test_age_bands_nest_overlap_and_are_disjoint() -> None:
    groups = groups_of(
        u18={"max_age": 17},
        a6_10={"min_age": 6, "max_age": 10},
        a15_64={"min_age": 15, "max_age": 64},
    )
    bands = {one.name: one.ages for one in populations_of(groups)}
    assert bands == {"all": None, "u18": (0, 17), "a6_10": (6, 10), "a15_64": (15, 64)}
    holders = holders_of(groups)
    assert holders[Group("a6_10")] == ("all", "u18")
    assert holders[Group("a15_64")] == ("all",)


def test_an_open_band_reaches_beyond_every_age() -> None:
    populations = {one.name: one for one in populations_of(groups_of(old={"min_age": 65}))}
    assert populations[Group("old")].ages == (65, 120)


def test_a_part_takes_the_ages_of_its_whole() -> None:
    groups = groups_of(u18={"max_age": 17}, pupils={"part_of": "u18", "min_age": 6})
    assert {one.name: one.ages for one in populations_of(groups)}[Group("pupils")] == (6, 17)


def test_codes_tell_more_than_age() -> None:
    """Girls are told from children by a code: no band, but certainly children and women."""
    groups = groups_of(
        u18={"max_age": 17},
        women={"where": SEX},
        girls={"part_of": "women", "max_age": 17},
        boys={"part_of": "u18", "where": [{"sex": {"is_in": ["m"]}}]},
    )
    populations = {one.name: one for one in populations_of(groups)}
    assert populations[Group("women")] == Population(Group("women"), None, Group.ALL)
    assert populations[Group("girls")] == Population(Group("girls"), (0, 17), Group("women"))
    assert populations[Group("boys")] == Population(Group("boys"), None, Group.U18)
    assert holders_of(groups)[Group("girls")] == ("all", "u18", "women")


def test_a_group_without_a_rule_is_known_by_its_whole_alone() -> None:
    groups = groups_of(u18={"max_age": 17}, pupils={"part_of": "u18"})
    assert {one.name: one.ages for one in populations_of(groups)}[Group("pupils")] is None
    assert holders_of(groups)[Group("pupils")] == ("all", "u18")
