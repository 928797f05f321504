from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.areas import area_table
from atlas.publication.views.remarks import symbol_table
from atlas.terms import Group, Kind


def test_table_has_a_row_per_area_in_order_of_keys(release):
    table = area_table(see(release, Group.ALL), Kind.QUARTIER)
    assert table.title == "Quartiere, Alle Einwohner*innen, 31.12.2023"
    assert [row[0] for row in rows_of(table)] == ["11", "12", "13", "21", "22", "23"]
    assert rows_of(table)[0][:5] == (
        "11",
        "Altstadt",
        "Nord",
        "4 hoher Handlungsbedarf",
        "150,0",
    )


def test_numbers_sort_from_high_to_low(release):
    table = area_table(see(release, Group.ALL), Kind.QUARTIER)
    ordered = [rows_of(table)[place][1] for place in table.order("sgb2_share")]
    assert ordered == [
        "Altstadt",
        "Hafen",
        "Äußere Vorstadt",
        "Bahnhof",
        "Waldheim",
        "Stadtwald",
    ]


def test_hidden_cells_sort_last_and_by_name(release):
    table = area_table(see(release, Group.U18), Kind.QUARTIER)
    place = [column.id for column in table.on_page().fields].index("migrants")
    ordered = [
        (rows_of(table)[at][1], rows_of(table)[at][place]) for at in table.order("migrants")
    ]
    assert ordered == [
        ("Altstadt", "45"),
        ("Äußere Vorstadt", "15"),
        ("Hafen", "0"),
        ("Stadtwald", "0"),
        ("Bahnhof", ". geheim"),
        ("Waldheim", ". geheim"),
    ]


def test_every_column_has_an_order_of_all_rows(release):
    for kind in see(release).kinds:
        table = area_table(see(release, Group.ALL), kind)
        for column in table.on_page().fields:
            assert sorted(table.order(column.id)) == list(range(len(rows_of(table))))


def test_columns_that_no_source_delivers_are_left_out(release):
    table = area_table(see(release, Group.ALL), Kind.BLOCK)
    assert not {"sgb2", "sgb2_share"} & {column.id for column in table.on_page().fields}


def test_symbols_of_the_city_take_the_place_of_the_standard_ones(release):
    table = symbol_table(see(release))
    assert rows_of(table)[0] == (
        ".",
        "geheim oder vom Lieferanten gesperrt oder liegt nicht vor",
    )
    assert ("…", "fällt später an") in rows_of(table)
