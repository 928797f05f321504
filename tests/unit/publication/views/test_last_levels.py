"""Levels of the last final date beside a provisional one: in the table and on the map."""

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.chosen_table import offered_table, usual_columns
from atlas.publication.views.items import NEED
from atlas.publication.views.last_levels import LAST_LEVEL, with_last_levels
from atlas.publication.views.map import map_view
from atlas.publication.views.selection import Span
from atlas.terms import Group, Kind


def test_table_shows_them_behind_the_level_that_is_still_missing(provisional, release):
    span = Span(see(provisional), final=see(release))
    table = offered_table(span, is_beside=False).on_page()
    fields = [one.id for one in table.fields]
    at = fields.index(LAST_LEVEL)
    assert fields[at - 1] == "need_level"
    assert table.fields[at].label == "Handlungsbedarf am 31.12.2023"
    rows = {row[0]: row[at - 1 : at + 1] for row in rows_of(table)}
    assert rows["11"] == ("… fällt später an", "4 hoher Handlungsbedarf")
    assert rows["12"][1].startswith("2 ")
    # Too few residents then as now: no level is no level.
    assert "nicht klassifiziert" in rows["22"][1]
    assert LAST_LEVEL in usual_columns(offered_table(span, is_beside=True))


def test_a_final_date_has_none(release):
    table = offered_table(Span(see(release)), is_beside=False)
    assert LAST_LEVEL not in [one.id for one in table.fields]


def test_each_group_has_those_of_its_own(provisional, release):
    groups = [see(one, Group.U18) for one in (provisional, release)]
    table = offered_table(Span(groups[0], final=groups[1]), is_beside=False)
    at = table.place_of(LAST_LEVEL)
    shown = {row[0]: row[at].value for row in table.rows}
    assert shown == dict.fromkeys(shown) | groups[1].values(Kind.QUARTIER, "need_level")


def test_map_says_what_was_last_where_there_is_no_level_now(provisional, release):
    seen, final = see(provisional), see(release)
    view = map_view(seen, NEED, Kind.QUARTIER)
    told = with_last_levels(view, seen, final)
    assert told.texts["11"] == "fällt später an; am 31.12.2023: Stufe 4 hoher Handlungsbedarf"
    assert told.texts["23"] == view.texts["23"]
    assert (told.entry_of, told.labels) == (view.entry_of, view.labels)
    # Where there is a level, it speaks for itself.
    shown = map_view(final, NEED, Kind.QUARTIER)
    assert with_last_levels(shown, final, final) == shown
