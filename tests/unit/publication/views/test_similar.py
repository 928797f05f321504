"""Similar Quartiere of Musterstadt, checked against the published z-values by hand."""

import math

import pytest

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.similar import Similar, similar_table, similar_to
from atlas.terms import Group, Kind

ITEMS = ("density", "migration_share", "sgb2_share")


def test_nearest_first_by_the_published_scores(release):
    seen = see(release)
    found = similar_to(seen, "13")
    scores = {
        key: [seen.value(seen.area(Kind.QUARTIER, key), f"{item}.z") for item in ITEMS]
        for key in ("11", "12", "13", "21")
    }
    apart = {
        key: math.sqrt(sum((a - b) ** 2 for a, b in zip(own, scores["13"], strict=True)) / 3)
        for key, own in scores.items()
        if key != "13"
    }
    assert [one.area.id for one in found] == sorted(apart, key=apart.get)
    assert [one.distance for one in found] == pytest.approx(sorted(apart.values()))


def test_who_has_no_level_is_like_nobody(release):
    assert similar_to(see(release), "22") == ()
    assert "22" not in {one.area.id for one in similar_to(see(release), "11")}


def test_hidden_indicators_take_no_part(release):
    """The migration share of children of 13 and 21 is hidden."""
    seen = see(release, Group.U18)
    assert similar_to(seen, "13") == ()
    assert {one.area.id for one in similar_to(seen, "11")} == {"12"}


@pytest.mark.parametrize(
    ("distance", "word"),
    [
        (0.2499, "fast gleich"),
        (0.25, "sehr ähnlich"),
        (0.4999, "sehr ähnlich"),
        (0.5, "ähnlich"),
        (0.9999, "ähnlich"),
        (1.0, "am ehesten ähnlich"),
    ],
)
def test_words_change_at_their_limits(release, distance, word):
    area = see(release).area(Kind.QUARTIER, "12")
    assert Similar(area, distance, "density").word == word


def test_table_says_where_the_largest_difference_is(release):
    seen = see(release)
    found = similar_to(seen, "13")
    row = rows_of(similar_table(seen, "13", found))[0]
    assert row[0] == found[0].area.id
    assert ", hier " in row[-1]
