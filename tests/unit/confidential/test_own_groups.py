"""What readers may add and subtract between a city's own groups is never too small."""

import pandas as pd
import pytest

from atlas.confidential.own_groups import refuse_small_remainders
from atlas.config import Population, ProtectionRules
from atlas.errors import ProtectionError
from atlas.terms import Group

RULES = ProtectionRules(format=1, min_count=3)
POPULATIONS = (
    Population(Group.ALL),
    Population(Group.U18, (0, 17), Group.ALL),
    Population(Group("a15_64"), (15, 64), Group.ALL),
    Population(Group("a65plus"), (65, 120), Group.ALL),
    Population(Group("women"), None, Group.ALL),
    Population(Group("girls"), (0, 17), Group("women")),
)


def counts(**numbers: int) -> pd.DataFrame:
    rows = [("block", "1", "residents", name, n, "published") for name, n in numbers.items()]
    return pd.DataFrame(rows, columns=["kind", "area_id", "measure", "group", "n", "status"])


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({"all": 100, "a65plus": 2}, "a65plus"),
        ({"all": 100, "a65plus": 99}, "all − a65plus"),
        ({"all": 100, "a15_64": 50, "a65plus": 48}, "all − a15_64 − a65plus"),  # under 15
        ({"all": 100, "u18": 20, "a15_64": 52, "a65plus": 30}, "u18 + a15_64"),  # 15 to 17
        ({"all": 100, "women": 98}, "all − women"),
        ({"u18": 20, "girls": 18}, "u18 − girls"),
        ({"women": 20, "girls": 18}, "women − girls"),
    ],
)
def test_a_small_remainder_stops_the_publication(numbers, told):
    with pytest.raises(ProtectionError, match="zu kleine Anzahl") as caught:
        refuse_small_remainders(counts(**numbers), POPULATIONS, RULES)
    assert all(word in str(caught.value) for word in told.split(" − "))


@pytest.mark.parametrize(
    "numbers",
    [
        {"all": 100, "a65plus": 3},
        {"all": 100, "a65plus": 0},
        {"all": 100, "a65plus": 97},
        {"all": 100, "u18": 20, "a15_64": 53, "a65plus": 30},
        {"all": 100, "u18": 99},  # protection itself tells these apart
    ],
)
def test_what_is_large_enough_or_related_passes(numbers):
    refuse_small_remainders(counts(**numbers), POPULATIONS, RULES)
