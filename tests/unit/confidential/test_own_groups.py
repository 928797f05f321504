"""What overlapping age groups share is never too small without protection."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.confidential.own_groups import _sets_of_ages, refuse_small_remainders
from atlas.confidential.protect.groups import related_ages
from atlas.config import Population, ProtectionRules
from atlas.errors import ProtectionError
from atlas.terms import Group

RULES = ProtectionRules(format=1, min_count=3)
POPULATIONS = (
    Population(Group.ALL),
    Population(Group.U18, (0, 17), Group.ALL),
    Population(Group("a15_64"), (15, 64), Group.ALL),
    Population(Group("a15plus"), (15, 120), Group.ALL),
    Population(Group("a65plus"), (65, 120), Group.ALL),
    Population(Group("women"), None, Group.ALL),
    Population(Group("girls"), (0, 17), Group("women")),
)


def counts(**numbers: int) -> pd.DataFrame:
    rows = [("block", "1", "residents", name, n, "published") for name, n in numbers.items()]
    return pd.DataFrame(rows, columns=["kind", "area_id", "measure", "group", "n", "status"])


# 15 to 17: from 0 to 17 and from 15 on, less everybody; 24 and older is told by subtracting.
OVERLAP = {"all": 100, "u18": 20, "a15plus": 82}
SHARED = frozenset(range(15, 18))


def test_what_bands_share_and_nobody_protects_stops_the_publication():
    with pytest.raises(ProtectionError, match="zu kleine Anzahl") as caught:
        refuse_small_remainders(counts(**OVERLAP), POPULATIONS, RULES, ())
    assert "u18" in str(caught.value)
    assert "a15plus" in str(caught.value)


def test_what_protection_relates_or_is_large_enough_passes():
    refuse_small_remainders(counts(**OVERLAP), POPULATIONS, RULES, (SHARED,))
    refuse_small_remainders(counts(**{**OVERLAP, "a15plus": 83}), POPULATIONS, RULES, ())


def test_protection_relates_what_the_usual_groups_leave_of_each_other():
    """Each of these is small somewhere; protection itself hides what tells it."""
    numbers = {"all": 100, "u18": 20, "a15_64": 52, "a65plus": 30, "women": 98, "girls": 18}
    related = related_ages(POPULATIONS, list(numbers))
    assert SHARED in related
    refuse_small_remainders(counts(**numbers), POPULATIONS, RULES, related)


def naive_sets(bands: dict[str, tuple[int, int]]) -> set[frozenset[int]]:
    """Try every sum and difference of bands; keep the smallest sets of ages."""
    years = np.arange(121)
    rows = np.array([(years >= first) & (years <= last) for first, last in bands.values()])
    told = set()
    for signs in product((-1, 0, 1), repeat=len(bands)):
        people = np.array(signs) @ rows.astype(int)
        if people.min() >= 0 and people.max() == 1:
            told.add(frozenset(np.flatnonzero(people).tolist()))
    return {one for one in told if not any(other < one for other in told)}


ages = st.sampled_from([0, 6, 10, 15, 18, 27, 65, 80])
band = st.tuples(ages, ages).map(sorted).filter(lambda ends: ends[0] < ends[1])


@settings(deadline=None)
@given(st.lists(band, min_size=1, max_size=4))
def test_no_set_of_ages_is_overlooked_and_each_is_told_as_said(ends: list[list[int]]) -> None:
    bands = {f"g{place}": (first, last - 1) for place, (first, last) in enumerate(ends)}
    groups = [Population(Group(name), band, Group.ALL) for name, band in bands.items()]
    found = dict(_sets_of_ages([Population(Group.ALL), *groups]))
    bands["all"] = (0, 120)
    for people, signs in found.items():
        told = sum(
            sign * np.isin(np.arange(121), range(bands[name][0], bands[name][1] + 1))
            for name, sign in signs.items()
        )
        assert set(np.flatnonzero(told)) == people
        assert told.max() == 1
    naive = naive_sets(bands)
    assert all(any(one <= other for one in found) for other in naive)
    assert {one for one in naive if not any(o < one for o in found)} <= set(found)


def test_many_bands_one_after_another_tell_only_themselves() -> None:
    """Five-year bands up to 99: trying every sum would take three to the power of twenty."""
    bands = [Population(Group(f"a{n}"), (n, n + 4), Group.ALL) for n in range(0, 100, 5)]
    found = dict(_sets_of_ages([Population(Group.ALL), *bands]))
    assert sorted(len(one) for one in found) == [5] * 20 + [21]
