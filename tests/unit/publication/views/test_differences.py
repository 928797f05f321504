from atlas.publication import export, views
from atlas.terms import Group, Kind


def _row(table: views.Table, area_id: str) -> dict[str, str]:
    row = next(row for row in table.rows if row[0] == area_id)
    return {column.id: text for column, text in zip(table.columns, row, strict=True)}


def test_difference_is_later_minus_earlier(before, release):
    # Altstadt had 30 of 300 persons with SGB II, then 90.
    table = views.difference_table(before, release, Group.ALL)
    altstadt = _row(table, "11")
    assert altstadt["sgb2_share"] == "+20,0"
    assert altstadt["migration_share"] == "±0,0"
    assert altstadt["density"] == "±0,0"
    assert {c.id: c.unit for c in table.columns}["sgb2_share"] == "Prozentpunkte"
    back = views.difference_table(release, before, Group.ALL)
    assert _row(back, "11")["sgb2_share"] == "−20,0"


def test_level_says_what_it_was_before(before, release):
    table = views.difference_table(before, release, Group.ALL)
    assert _row(table, "12")["need_level"] == "2 ▼ vorher 3"
    assert _row(table, "11")["need_level"] == "4"
    back = views.difference_table(release, before, Group.ALL)
    assert _row(back, "12")["need_level"] == "3 ▲ vorher 2"


def test_hidden_at_one_of_the_two_shows_its_status(before, release, provisional):
    table = views.difference_table(release, provisional, Group.ALL)
    assert _row(table, "11")["sgb2_share"] == "… fällt später an"
    children = views.difference_table(before, release, Group.U18)
    assert _row(children, "13")["migration_share"] == ". geheim"
    back = views.difference_table(release, before, Group.U18)
    assert _row(back, "13")["migration_share"] == ". geheim"


def test_sorted_from_the_largest_rise_and_without_value_last(before, release):
    table = views.difference_table(before, release, Group.ALL)
    first = table.rows[table.order["sgb2_share"][0]]
    assert first[0] == "11"
    shown = [table.rows[place] for place in table.order["sgb2_share"]]
    place = [column.id for column in table.columns].index("sgb2_share")
    signs = [row[place][0] for row in shown]
    assert signs[0] == "+"
    assert signs[-1] not in "+−±"


def test_file_holds_both_values_and_the_difference(before, release):
    dataset = views.difference_dataset(before, release, Group.ALL)
    columns = export.text.columns_of(dataset)
    at = columns["area_id"].index("11")
    assert columns["sgb2_share.before"][at] == 10.0
    assert columns["sgb2_share.after"][at] == 30.0
    assert columns["sgb2_share.change"][at] == 20.0
    assert columns["sgb2.change"][at] == 60.0
    assert columns["need_level.before"][columns["area_id"].index("12")] == 3.0
    hidden = export.text.columns_of(views.difference_dataset(before, release, Group.U18))
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
    harbour = _row(views.difference_table(without, release, Group.ALL), "22")
    assert harbour["density"] == ". liegt nicht vor"
    view = views.change_map(without, release, Group.ALL)
    assert view.texts["22"] == "nicht vergleichbar"


def test_map_shows_who_moved_in_which_direction(before, release):
    view = views.change_map(before, release, Group.ALL)
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
    assert view.geometry == views.map_view(release, "need", Group.ALL, Kind.QUARTIER).geometry
    assert view.title == "Veränderung der Stufe · Alle · Quartiere · 31.12.2022 bis 31.12.2023"
    back = views.change_map(release, before, Group.ALL)
    assert back.labels["12"] == "▲ 3"
