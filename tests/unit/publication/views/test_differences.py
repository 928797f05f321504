from atlas.publication.export.csv_text import columns_of
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.change_map import change_map
from atlas.publication.views.differences import difference_table
from atlas.publication.views.map import map_view
from atlas.publication.views.table import Table
from atlas.terms import Group, Kind


def _row(table: Table, area_id: str) -> dict[str, str]:
    row = next(row for row in rows_of(table) if row[0] == area_id)
    return {column.id: text for column, text in zip(table.on_page().fields, row, strict=True)}


def test_difference_is_later_minus_earlier(before, release):
    # Altstadt had 30 of 300 persons with SGB II, then 90.
    table = difference_table(see(before, Group.ALL), see(release, Group.ALL))
    altstadt = _row(table, "11")
    assert altstadt["sgb2_share"] == "+20,0"
    assert altstadt["migration_share"] == "±0,0"
    assert altstadt["density"] == "±0,0"
    assert {c.id: c.unit for c in table.on_page().fields}["sgb2_share"] == "Prozentpunkte"
    back = difference_table(see(release, Group.ALL), see(before, Group.ALL))
    assert _row(back, "11")["sgb2_share"] == "−20,0"


def test_level_says_what_it_was_before(before, release):
    table = difference_table(see(before, Group.ALL), see(release, Group.ALL))
    assert _row(table, "12")["need_level"] == "2 ▼ vorher 3"
    assert _row(table, "11")["need_level"] == "4"
    back = difference_table(see(release, Group.ALL), see(before, Group.ALL))
    assert _row(back, "12")["need_level"] == "3 ▲ vorher 2"


def test_hidden_at_one_of_the_two_shows_its_status(before, release, provisional):
    table = difference_table(see(release, Group.ALL), see(provisional, Group.ALL))
    assert _row(table, "11")["sgb2_share"] == "… fällt später an"
    children = difference_table(see(before, Group.U18), see(release, Group.U18))
    assert _row(children, "13")["migration_share"] == ". geheim"
    back = difference_table(see(release, Group.U18), see(before, Group.U18))
    assert _row(back, "13")["migration_share"] == ". geheim"


def test_sorted_from_the_largest_rise_and_without_value_last(before, release):
    table = difference_table(see(before, Group.ALL), see(release, Group.ALL))
    first = rows_of(table)[table.order("sgb2_share")[0]]
    assert first[0] == "11"
    shown = [rows_of(table)[place] for place in table.order("sgb2_share")]
    place = [column.id for column in table.on_page().fields].index("sgb2_share")
    signs = [row[place][0] for row in shown]
    assert signs[0] == "+"
    assert signs[-1] not in "+−±"


def test_file_holds_both_values_and_the_difference(before, release):
    dataset = difference_table(see(before, Group.ALL), see(release, Group.ALL))
    columns = columns_of(dataset)
    at = columns["area_id"].index("11")
    assert columns["sgb2_share.before"][at] == 10.0
    assert columns["sgb2_share.after"][at] == 30.0
    assert columns["sgb2_share.change"][at] == 20.0
    assert columns["sgb2.change"][at] == 60.0
    assert columns["need_level.before"][columns["area_id"].index("12")] == 3.0
    hidden = columns_of(difference_table(see(before, Group.U18), see(release, Group.U18)))
    at = hidden["area_id"].index("13")
    assert hidden["migrants.before"][at] == 7.0
    assert hidden["migrants.change"][at] is None
    assert hidden["migrants.change_status"][at] == "suppressed"


def test_area_that_one_release_lacks_has_no_difference(before, release):
    is_harbour = (before.areas["kind"] == "quartier") & (before.areas["area_id"] == "22")
    without = before.__class__(
        before.path,
        before.info,
        before.cells[before.cells["area_id"] != "22"],
        before.areas[~is_harbour],
        before.map_files,
    )
    harbour = _row(difference_table(see(without, Group.ALL), see(release, Group.ALL)), "22")
    assert harbour["density"] == ". liegt nicht vor"
    view = change_map(see(without, Group.ALL), see(release, Group.ALL))
    assert view.texts["22"] == "nicht vergleichbar"


def test_map_shows_who_moved_in_which_direction(before, release):
    view = change_map(see(before, Group.ALL), see(release, Group.ALL))
    assert [(entry.step, entry.label, entry.count) for entry in view.legend] == [
        (1, "niedrigere Stufe", 1),
        (2, "gleiche Stufe", 3),
        (3, "höhere Stufe", 0),
        (0, "nicht vergleichbar", 2),
    ]
    assert view.texts["12"] == "Stufe 3 → 2"
    assert view.labels["12"] == "▼ 2"
    assert view.texts["11"] == "weiterhin Stufe 4"
    assert view.labels["11"] == "4"
    assert view.legend[view.entry_of["12"]].label == "niedrigere Stufe"
    assert view.legend[view.entry_of["22"]].label == "nicht vergleichbar"
    assert view.geometry == map_view(see(release, Group.ALL), "need", Kind.QUARTIER).geometry
    assert view.title == "Veränderung der Stufe · Alle · Quartiere · 31.12.2022 bis 31.12.2023"
    back = change_map(see(release, Group.ALL), see(before, Group.ALL))
    assert back.labels["12"] == "▲ 3"
