from atlas.publication.seen import see
from atlas.publication.views.selection import selections
from atlas.terms import NEED_LEVEL, Group, Kind


def _ids(seen):
    return {one.label: one.area_ids for one in selections(seen)}


def _high(seen):
    levels = {area.id: seen.value(area, NEED_LEVEL) for area in seen.areas(Kind.QUARTIER)}
    return {key for key, level in levels.items() if level is not None and level >= 3}


def test_every_quartier_is_shown_until_one_asks(release):
    first = selections(see(release))[0]
    assert (first.id, first.label) == ("", "alle Quartiere")
    assert first.area_ids == {"11", "12", "13", "21", "22", "23"}


def test_high_need_in_both_groups_is_high_in_each(release):
    seen = see(release)
    found = _ids(seen)
    children = _high(seen.through(Group.U18))
    assert found["Stufe 3 oder höher, Alle"] == _high(seen)
    assert found["Stufe 3 oder höher in beiden Bezugsgruppen"] == _high(seen) & children


def test_district_holds_its_own_quartiere(release):
    places = [ids for label, ids in _ids(see(release)).items() if "Stadtbezirk" in label]
    assert places == [{"11", "12", "13"}, {"21", "22", "23"}]


def test_area_without_a_level_is_in_no_selection_by_level(provisional):
    by_level = [ids for label, ids in _ids(see(provisional)).items() if "Stufe" in label]
    assert by_level
    assert all(ids == frozenset() for ids in by_level)
