import pytest

from atlas.publication.seen import Seen, see
from atlas.publication.views.class_choice import carried, class_choice
from atlas.publication.views.items import NEED
from atlas.publication.views.map import map_view
from atlas.terms import Group, Kind


@pytest.fixture
def seen(release):
    return see(release, Group.ALL)


def test_pressed_level_leaves_its_quartiere(seen):
    choice = class_choice(seen, map_view(seen, NEED, Kind.QUARTIER), ("4", "2"))
    assert choice.codes == ("2", "4")
    assert choice.area_ids == choice.quartiere == {"11", "12"}
    assert choice.told == (
        "Gezeigt: Handlungsbedarf abwägen und hoher Handlungsbedarf. 2 Quartiere von 6."
    )


def test_nothing_pressed_shows_all_and_says_nothing(seen):
    choice = class_choice(seen, map_view(seen, NEED, Kind.QUARTIER), ())
    assert (choice.codes, choice.told) == ((), "")
    assert len(choice.area_ids) == len(choice.quartiere) == 6


@pytest.mark.parametrize("asked", [("9",), ("geheim",), ("",)])
def test_what_the_legend_does_not_have_is_left_out(seen, asked):
    assert class_choice(seen, map_view(seen, NEED, Kind.QUARTIER), asked).codes == ()


def test_class_without_areas_leaves_none(seen):
    choice = class_choice(seen, map_view(seen, NEED, Kind.QUARTIER), ("3",))
    assert choice.area_ids == frozenset()
    assert choice.told.endswith("0 Quartiere von 6.")


def test_hidden_blocks_are_counted_with_their_quartiere(seen):
    view = map_view(seen, "migration_share", Kind.BLOCK)
    choice = class_choice(seen, view, ("suppressed",))
    assert choice.area_ids == {"1301", "1302"}
    assert choice.quartiere == {"13"}
    assert choice.told == "Gezeigt: geheim. 2 Baublöcke von 12, in 1 Quartier."


def test_district_of_a_class_leaves_its_quartiere(seen):
    view = map_view(seen, "density", Kind.DISTRICT)
    code = view.legend[view.entry_of["1"]].code
    assert class_choice(seen, view, (code,)).quartiere == {"11", "12", "13"}


def test_areas_are_carried_to_other_kinds(seen):
    assert carried(seen, {"11", "21"}, Kind.QUARTIER, Kind.DISTRICT) == {"1", "2"}
    assert carried(seen, {"11"}, Kind.QUARTIER, Kind.BLOCK) == {"1101", "1102"}
    assert carried(seen, {"1101", "99"}, Kind.BLOCK, Kind.QUARTIER) == {"11"}


def test_nothing_pressed_looks_for_the_quartier_of_no_block(seen, monkeypatch):
    view = map_view(seen, "migration_share", Kind.BLOCK)
    monkeypatch.setattr(Seen, "holder", lambda *_: pytest.fail("searched"))
    choice = class_choice(seen, view, ())
    assert choice.quartiere == {"11", "12", "13", "21", "22", "23"}
    assert len(choice.area_ids) == 12
