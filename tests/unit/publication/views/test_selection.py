"""Which Quartiere a filter finds; Musterstadt has six, their levels 4, 1, 2 …"""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.config.groups import DEFAULT_GROUPS
from atlas.publication.seen import see
from atlas.publication.views.chosen_table import Wish, chosen, offered_table
from atlas.publication.views.selection import (
    LEAST,
    MOST,
    Bound,
    Inside,
    LevelFrom,
    Span,
    bounded_items,
    presets,
    read,
    select,
    written,
)
from atlas.terms import NEED_LEVEL, Group, Kind, Status

SHOWN = {str(Status.PUBLISHED), str(Status.ESTIMATED)}
EVERY_ONE = {"11", "12", "13", "21", "22", "23"}


def _find(span, *conditions):
    return set(select(span, conditions).area_ids)


def _high(seen):
    levels = {area.id: seen.value(area, NEED_LEVEL) for area in seen.areas(Kind.QUARTIER)}
    return {key for key, level in levels.items() if level is not None and level >= 3}


def test_every_quartier_is_shown_until_one_asks(release):
    first = next(iter(presets(Span(see(release))).items()))
    assert first == ("", "alle Quartiere")
    found = select(Span(see(release)), ())
    assert found.area_ids == EVERY_ONE
    assert found.told == ""


def test_high_need_in_both_groups_is_high_in_each(release):
    seen = see(release)
    both = [LevelFrom(group, 3) for group in DEFAULT_GROUPS]
    assert _find(Span(seen), both[0]) == _high(seen)
    assert _find(Span(seen), *both) == _high(seen) & _high(seen.through(Group.U18))
    assert presets(Span(seen))[written(both)] == "Stufe 3 oder höher in beiden Bezugsgruppen"


def test_district_holds_its_own_quartiere(release):
    span = Span(see(release))
    assert _find(span, Inside(Kind.DISTRICT, "1")) == {"11", "12", "13"}
    assert _find(span, Inside(Kind.DISTRICT, "2")) == {"21", "22", "23"}


def test_area_without_a_level_is_in_no_selection_by_level(provisional):
    assert _find(Span(see(provisional)), LevelFrom(Group.ALL, 2)) == set()


def test_bound_takes_what_readers_see_at_the_limit_and_above(release):
    # SGB II of 11 Altstadt: 60 of 200 residents; the next is 23 Hafen.
    span = Span(see(release))
    value = see(release).values(Kind.QUARTIER, "sgb2_share")["11"]
    at = round(value, 1)
    assert "11" in _find(span, Bound("sgb2_share", LEAST, at))
    assert "11" not in _find(span, Bound("sgb2_share", LEAST, at + 0.1))
    assert "11" in _find(span, Bound("sgb2_share", MOST, at))
    assert "11" not in _find(span, Bound("sgb2_share", MOST, at - 0.1))


def test_change_is_measured_against_the_date_before(release, before):
    # SGB II of 11 Altstadt was 30 people in 2022; nothing else changed.
    span = Span(see(release), see(before))
    assert _find(span, Bound("sgb2_share.change", LEAST, 0.1)) == {"11"}
    assert _find(Span(see(release)), Bound("sgb2_share.change", LEAST, -99.0)) == set()


def test_words_tell_how_many_of_all_and_why(release):
    told = select(
        Span(see(release)),
        (LevelFrom(Group.U18, 2), Inside(Kind.DISTRICT, "1"), Bound("sgb2_share", LEAST, 12.5)),
    ).told
    assert told.endswith(
        "von 6 Quartieren: Stufe 2 oder höher (Kinder), Stadtbezirk 1 Nord und SGB-II-Quote "
        "mindestens 12,5 %."
    )


def test_address_is_short_and_read_back(release, before):
    span = Span(see(release), see(before))
    asked = (
        LevelFrom(Group.ALL, 3),
        Inside(Kind.DISTRICT, "2"),
        Bound("sgb2_share", LEAST, 20.0),
        Bound("sgb2_share.change", MOST, -0.5),
    )
    text = "stufe-all-3~district-2~sgb2_share-ab-20~sgb2_share.change-bis--0.5"
    assert written(asked) == text
    assert read(span, text) == (asked, ())


@pytest.mark.parametrize("part", ["stufe-all-9", "district-9", "x", "sgb2_share-ab-", "~", "é"])
def test_what_a_release_lacks_is_told_and_the_rest_kept(release, part):
    found, unknown = read(Span(see(release)), f"stufe-all-3~{part}")
    assert found == (LevelFrom(Group.ALL, 3),)
    assert unknown == (() if part == "~" else (part,))


def test_links_of_before_still_mean_the_same(release):
    span = Span(see(release))
    both = tuple(LevelFrom(group, 3) for group in DEFAULT_GROUPS)
    assert read(span, "stufe3-beiden") == (both, ())
    assert read(span, "stufe3") == ((LevelFrom(Group.ALL, 3),), ())
    assert read(span, "district-1") == ((Inside(Kind.DISTRICT, "1"),), ())


@pytest.fixture(scope="module")
def spoiled(release):
    """The release with an unmistakable number under every status that hides."""
    cells = release.cells.copy()
    is_hidden = ~cells["status"].isin(SHOWN)
    assert is_hidden.sum() > 20
    cells.loc[is_hidden, "value"] = 87_654.321
    return dataclasses.replace(release, cells=cells)


@settings(max_examples=60)
@given(
    group=st.sampled_from([Group.ALL, Group.U18]),
    way=st.sampled_from([LEAST, MOST]),
    value=st.one_of(st.floats(-100.0, 200.0), st.sampled_from([-1e9, 0.0, 87_654.3, 1e9])),
    data=st.data(),
)
def test_no_filter_finds_a_hidden_cell(release, spoiled, before, group, way, value, data):
    span = Span(see(release, group), see(before, group))
    item = data.draw(st.sampled_from(sorted(bounded_items(span))))
    found = _find(span, Bound(item, way, value))
    for key in found:
        assert span.cell(span.seen.area(Kind.QUARTIER, key), item).value is not None
    other = Span(see(spoiled, group), see(before, group))
    assert _find(other, Bound(item, way, value)) == found
    hidden_before = Span(see(before, group), see(spoiled, group))
    clean_before = Span(see(before, group), see(release, group))
    asked = Bound(item, way, value)
    assert _find(hidden_before, asked) == _find(clean_before, asked)


def test_level_filter_passes_no_hidden_level(spoiled):
    span = Span(see(spoiled, Group.U18))
    shown = span.seen.values(Kind.QUARTIER, NEED_LEVEL)
    assert _find(span, LevelFrom(Group.U18, 2)) <= shown.keys()


def test_both_groups_stand_in_one_row(release):
    span = Span(see(release))
    offered = offered_table(span, is_beside=True)
    found = chosen(span, offered, Wish(is_beside=True)).table.on_page()
    labels = [one.label for one in found.fields]
    assert "SGB-II-Quote (Alle)" in labels
    assert "SGB-II-Quote (Kinder)" in labels
    at = [one.id for one in found.fields].index("sgb2_share_u18")
    children = see(release, Group.U18)
    for row in found.rows:
        assert row[at] == children.cell(children.area(Kind.QUARTIER, row[0]), "sgb2_share")


def test_chosen_columns_stand_alone_beside_number_and_name(release):
    span = Span(see(release))
    wish = Wish(columns=("sgb2_share", "no_such_column"))
    found = chosen(span, offered_table(span, is_beside=False), wish)
    assert [one.id for one in found.table.fields] == ["area_id", "name", "sgb2_share"]


def test_change_that_is_asked_for_is_shown(release, before):
    span = Span(see(release), see(before))
    wish = Wish((Bound("sgb2_share.change", LEAST, 0.1),))
    found = chosen(span, offered_table(span, is_beside=False), wish)
    labels = [one.label for one in found.table.on_page().fields]
    assert labels[-1] == "SGB-II-Quote seit 31.12.2022"
    assert [found.table.rows[at][0] for at in found.keep(range(6))] == ["11"]
