"""What overlapping age groups share is never too small without protection."""

import pandas as pd
import pytest

from atlas.confidential.own_groups import refuse_small_remainders
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
