"""A release is indexed once, and only what somebody asks for is made."""

import pytest

from atlas.publication.seen import ABSENT, Rank, see
from atlas.terms import AREA_HA, Group, Kind, Status


def test_cell_is_that_of_the_group(release):
    altstadt = see(release).area(Kind.QUARTIER, "11")
    assert see(release, Group.ALL).value(altstadt, "residents") == 300
    assert see(release, Group.U18).value(altstadt, "residents") == 75


def test_hidden_cell_has_a_status_and_no_value_and_no_rank(release):
    seen = see(release, Group.U18)
    bahnhof = seen.area(Kind.QUARTIER, "13")
    cell = seen.cell(bahnhof, "migrants")
    assert (cell.value, cell.status) == (None, Status.SUPPRESSED)
    assert seen.rank(bahnhof, "migrants") is None


def test_what_the_release_lacks_is_unavailable(release):
    seen = see(release)
    assert seen.cell(seen.area(Kind.QUARTIER, "11"), "nothing") == ABSENT
    assert not seen.holds(Kind.QUARTIER, "nothing")
    with pytest.raises(KeyError):
        seen.area(Kind.QUARTIER, "99")


def test_area_in_hectares_belongs_to_every_group(release):
    seen = see(release, Group.U18)
    area = seen.area(Kind.QUARTIER, "11")
    assert seen.value(area, AREA_HA) == seen.through(Group.ALL).value(area, AREA_HA) == 2


def test_equal_values_share_a_rank_and_gaps_take_no_part(release):
    seen = see(release)
    ranks = {area.id: seen.rank(area, "density") for area in seen.areas(Kind.QUARTIER)}
    assert ranks["11"] == Rank(1, 5)
    assert ranks["13"] == ranks["21"] == Rank(3, 5)
    assert ranks["23"] is None


def test_parents_reach_up_to_the_city_and_children_down(release):
    seen = see(release)
    altstadt = seen.area(Kind.QUARTIER, "11")
    assert [area.kind for area in seen.parents(altstadt)] == [Kind.DISTRICT, Kind.CITY]
    assert [area.id for area in seen.children(Kind.BLOCK, "13")] == ["1301", "1302"]
    assert seen.children(Kind.BLOCK, "99") == ()


def test_found_once_by_all_who_look_through_the_same_group(release):
    seen = see(release)
    made = [seen.through(group).once("found", object) for group in (Group.ALL, Group.ALL)]
    assert made[0] is made[1]
    assert seen.through(Group.U18).once("found", object) is not made[0]
