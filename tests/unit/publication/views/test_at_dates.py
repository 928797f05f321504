from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.comparison import at_dates


def test_values_stand_by_date_and_of_two_the_change(before, release):
    table = at_dates((see(before), see(release)), "11")
    assert [one.label for one in table.fields][1:] == [
        "31.12.2022",
        "31.12.2023",
        "Veränderung",
    ]
    rows = {row[0]: row[1:] for row in rows_of(table)}
    # Altstadt had 30 recipients the year before; the town's factory gives it more.
    old, new, by = rows["Empfänger*innen von SGB II"]
    assert old == "30"
    assert by == f"▲ +{int(new) - 30}"


def test_three_dates_have_no_column_of_change(before, release):
    table = at_dates((see(before), see(before), see(release)), "11")
    assert len(table.fields) == 4
    labels = [row[0] for row in rows_of(table)]
    assert labels[-1] == "Einwohner*innen"
    assert "Geflüchtete" not in labels
    assert rows_of(table)[0][1] in {"1", "2", "3", "4"}


def test_hidden_value_is_a_symbol_and_has_no_change(before, release, provisional):
    table = at_dates((see(release), see(provisional)), "11")
    rows = {row[0]: row[1:] for row in rows_of(table)}
    assert rows["SGB-II-Quote (%)"][1:] == ("… fällt später an", "–")
