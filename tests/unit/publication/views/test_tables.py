from atlas.publication import views
from atlas.terms import Group, Kind


def test_table_has_a_row_per_area_in_order_of_keys(release):
    table = views.area_table(release, Kind.QUARTIER, Group.ALL)
    assert table.caption == "Quartiere, Alle Einwohner*innen, 31.12.2023"
    assert [row[0] for row in table.rows] == ["11", "12", "13", "21", "22", "23"]
    assert table.rows[0][:5] == ("11", "Altstadt", "Nord", "4 hoher Handlungsbedarf", "150,0")


def test_numbers_sort_from_high_to_low(release):
    table = views.area_table(release, Kind.QUARTIER, Group.ALL)
    ordered = [table.rows[place][1] for place in table.order["sgb2_share"]]
    assert ordered == [
        "Altstadt",
        "Hafen",
        "Äußere Vorstadt",
        "Bahnhof",
        "Waldheim",
        "Stadtwald",
    ]


def test_hidden_cells_sort_last_and_by_name(release):
    table = views.area_table(release, Kind.QUARTIER, Group.U18)
    place = [column.id for column in table.columns].index("migrants")
    ordered = [(table.rows[at][1], table.rows[at][place]) for at in table.order["migrants"]]
    assert ordered == [
        ("Altstadt", "45"),
        ("Äußere Vorstadt", "15"),
        ("Hafen", "0"),
        ("Stadtwald", "0"),
        ("Bahnhof", ". geheim"),
        ("Waldheim", ". geheim"),
    ]


def test_every_column_has_an_order_of_all_rows(release):
    for kind in views.kinds_of(release):
        table = views.area_table(release, kind, Group.ALL)
        for column in table.columns:
            assert sorted(table.order[column.id]) == list(range(len(table.rows)))


def test_columns_that_no_source_delivers_are_left_out(release):
    table = views.area_table(release, Kind.BLOCK, Group.ALL)
    assert not {"sgb2", "sgb2_share"} & {column.id for column in table.columns}


def test_symbols_of_the_city_take_the_place_of_the_standard_ones(release):
    table = views.symbol_table(release)
    assert table.rows[0] == (".", "geheim oder vom Lieferanten gesperrt oder liegt nicht vor")
    assert ("…", "fällt später an") in table.rows
