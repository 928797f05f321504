"""Sums that hold everywhere and that nobody declared are found; what is declared is none."""

import numpy as np
import pandas as pd
import pytest

from atlas.confidential.audit.sums import undeclared_sum
from atlas.config import Population
from atlas.config.groups import DEFAULT_GROUPS, populations_of
from atlas.terms import Group

NESTING = dict.fromkeys(("germans", "eu", "third"), "residents") | {"residents": None}
POPULATIONS = populations_of(DEFAULT_GROUPS)
AREAS = 16
AGES = ("young", "middle", "old")


def counts(kind: str = "block", **columns: list[int]) -> pd.DataFrame:
    """Counts of ``measure`` or ``measure_group``, one per area."""
    rows = [
        (kind, str(area), name.partition("__")[0], name.partition("__")[2] or "all", n)
        for name, numbers in columns.items()
        for area, n in enumerate(numbers)
    ]
    frame = pd.DataFrame(rows, columns=["kind", "area_id", "measure", "group", "n"])
    return frame.astype({"n": "Int64"}).assign(status="published")


def drawn(seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    parts = {
        name: rng.integers(0, most, AREAS)
        for name, most in (("germans", 200), ("eu", 30), ("third", 9))
    }
    return parts | {"residents": sum(parts.values())}


def test_parts_that_make_the_whole_are_found():
    found = undeclared_sum(counts(**drawn()), NESTING, POPULATIONS)
    assert {name: sign * -found["residents", "all"] for (name, _), sign in found.items()} == {
        "germans": 1,
        "eu": 1,
        "third": 1,
        "residents": -1,
    }


def test_one_exception_and_it_is_no_sum():
    numbers = drawn()
    numbers["third"][3] += 1
    assert undeclared_sum(counts(**numbers), NESTING, POPULATIONS) == {}


def test_a_chain_of_parts_says_the_same_and_is_declared():
    numbers = drawn()
    chain = {
        "residents": numbers["residents"],
        "foreigners": numbers["eu"] + numbers["third"],
        "eu": numbers["eu"],
    }
    nesting = {"residents": None, "foreigners": "residents", "eu": "foreigners"}
    assert undeclared_sum(counts(**chain), nesting, POPULATIONS) == {}


def test_two_sexes_make_everybody():
    women, men = drawn()["germans"], drawn()["eu"]
    populations = [Population(Group(name), None, Group.ALL) for name in ("women", "men")]
    both = counts(residents=women + men, residents__women=women, residents__men=men)
    found = undeclared_sum(both, {"residents": None}, (*POPULATIONS, *populations))
    assert set(found) == {("residents", name) for name in ("all", "women", "men")}


def three_ages(middle_from: int) -> tuple[pd.DataFrame, list[Population]]:
    """Counts of three age groups that leave nobody out, and what is known of them."""
    own = {
        name: drawn()[part] for name, part in zip(AGES, ("third", "germans", "eu"), strict=True)
    }
    named = {f"residents__{name}": numbers for name, numbers in own.items()}
    years = ((0, 17), (middle_from, 64), (65, 120))
    ages = [
        Population(Group(name), own, Group.ALL) for name, own in zip(AGES, years, strict=True)
    ]
    return counts(residents=sum(own.values()), **named), [Population(Group.ALL), *ages]


@pytest.mark.parametrize("middle_from", [18, 15])
def test_years_say_what_age_groups_are(middle_from: int):
    """From 18 the three are everybody; from 15 they happen to be: nobody is 15 to 17 here."""
    numbers, ages = three_ages(middle_from)
    assert undeclared_sum(numbers, {"residents": None}, ages) == {}


def test_age_groups_without_years_are_found():
    numbers, ages = three_ages(18)
    without_years = [Population(one.name, None, one.part_of) for one in ages]
    assert len(undeclared_sum(numbers, {"residents": None}, without_years)) == 4


def test_one_thing_counted_twice_is_found_a_part_that_is_all_is_not():
    numbers = drawn()
    same = numbers["germans"]
    twice = counts(residents=numbers["residents"], eu=same, third=same)
    assert set(undeclared_sum(twice, NESTING, POPULATIONS)) == {("eu", "all"), ("third", "all")}
    nested = {"residents": None, "eu": "residents", "third": "eu"}
    assert undeclared_sum(twice, nested, POPULATIONS) == {}


def test_a_count_that_nobody_has_hides_no_sum_and_makes_none():
    numbers = drawn() | {"refugees": np.zeros(AREAS, dtype=np.int64)}
    nesting = NESTING | {"refugees": "residents"}
    found = undeclared_sum(counts(**numbers), nesting, POPULATIONS)
    assert ("refugees", "all") not in found
    assert len(found) == 4
    del numbers["third"]
    assert undeclared_sum(counts(**numbers), nesting, POPULATIONS) == {}


@pytest.mark.parametrize(("areas", "found"), [(7, 4), (3, 0)])
def test_the_fewer_areas_the_less_they_prove(areas: int, found: int):
    few = {name: numbers[:areas] for name, numbers in drawn().items()}
    assert len(undeclared_sum(counts(**few), NESTING, POPULATIONS)) == found


def test_a_sum_of_quartiere_is_found_although_blocks_lack_a_count():
    blocks = counts(residents=list(drawn()["residents"]), germans=list(drawn()["germans"]))
    both = pd.concat([blocks, counts("quartier", **drawn(2))])
    assert len(undeclared_sum(both, NESTING, POPULATIONS)) == 4


@pytest.mark.parametrize("seed", range(20))
def test_counts_that_merely_nest_give_no_alarm(seed: int):
    rng = np.random.default_rng(seed)
    residents = rng.integers(0, 12, 40)
    numbers = {"residents": residents}
    for name in ("germans", "eu", "third"):
        numbers[name] = rng.binomial(residents, 0.2)
    both = numbers | {f"{name}__u18": rng.binomial(n, 0.2) for name, n in numbers.items()}
    assert undeclared_sum(counts(**both), NESTING, POPULATIONS) == {}
