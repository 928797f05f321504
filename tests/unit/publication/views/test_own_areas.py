"""Own areas of Musterstadt by hand: sums of what is published, nothing of what is not."""

from dataclasses import replace

import pytest

from atlas.publication.export.csv_text import columns_of
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.chosen_table import offered_table
from atlas.publication.views.comparison import beside_each_other, trends_of
from atlas.publication.views.own_area_tables import (
    compared_file_table,
    member_table,
    own_file_table,
    own_rows,
    own_table,
)
from atlas.publication.views.own_areas import OwnArea, is_of_edition, own_cell
from atlas.publication.views.selection import Span
from atlas.terms import Group, Kind, Status

NORTH = OwnArea(1, "Programm Nord", Kind.QUARTIER, ("11", "12"))
WITH_HIDDEN = OwnArea(2, "Mit Bahnhof", Kind.QUARTIER, ("12", "13"))
SCHOOL = OwnArea(3, "Schule", Kind.BLOCK, ("1101", "1201"))
HIDDEN_SCHOOL = OwnArea(4, "Schule Süd", Kind.BLOCK, ("1102", "1301"))
EMPTY = OwnArea(5, "Wald", Kind.QUARTIER, ("23",))
SMALL = OwnArea(6, "Hafen", Kind.BLOCK, ("2202", "2301"))


def test_counts_are_added_and_shares_computed_from_the_sums(release):
    """Residents 300 + 200, migrants 135 + 50, SGB II 90 + 30, four hectares."""
    seen = see(release)
    found = {
        item: own_cell(seen, NORTH, item).value
        for item in ("residents", "migrants", "sgb2", "area_ha", "sgb2_share", "density")
    }
    assert found == {
        "residents": 500,
        "migrants": 185,
        "sgb2": 120,
        "area_ha": pytest.approx(4),
        "sgb2_share": pytest.approx(24),
        "density": pytest.approx(125),
    }
    # Not the mean of 45 % and 25 %.
    assert own_cell(seen, NORTH, "migration_share").value == pytest.approx(37)


def test_a_group_has_its_own_sums(release):
    """Children 75 + 40, of them 45 + 15 with a migration background."""
    seen = see(release, Group.U18)
    assert own_cell(seen, NORTH, "residents").value == 115
    assert own_cell(seen, NORTH, "migration_share").value == pytest.approx(100 * 60 / 115)


def test_one_hidden_member_hides_the_sum_and_every_share_of_it(release):
    """Children with a migration background of Bahnhof are hidden; the children are not."""
    seen = see(release, Group.U18)
    for item in ("migrants", "migration_share"):
        cell = own_cell(seen, WITH_HIDDEN, item)
        assert (cell.value, cell.status) == (None, Status.SUPPRESSED)
    assert own_cell(seen, WITH_HIDDEN, "residents").value == 56


def test_blocks_are_added_as_quartiere_are(release):
    seen = see(release)
    assert own_cell(seen, SCHOOL, "residents").value == 350
    assert own_cell(seen, SCHOOL, "migration_share").value == pytest.approx(100 * 120 / 350)
    assert own_cell(seen, HIDDEN_SCHOOL, "migrants").status is Status.SUPPRESSED
    # SGB II comes per Quartier: a block has none, and the share none either.
    assert own_cell(seen, SCHOOL, "sgb2_share").status is Status.UNAVAILABLE


def test_where_nobody_lives_there_is_no_rate(release):
    seen = see(release)
    assert own_cell(seen, EMPTY, "residents").value == 0
    assert own_cell(seen, EMPTY, "migration_share").status is Status.UNINHABITED
    assert own_cell(seen, SMALL, "migration_share").status is Status.UNINHABITED


def test_what_is_still_to_come_is_said(provisional):
    assert own_cell(see(provisional), NORTH, "sgb2_share").status is Status.MISSING


def test_a_member_that_a_release_does_not_know_leaves_no_figure(release):
    seen = see(release)
    strange = replace(NORTH, area_ids=("11", "99"))
    for item in ("residents", "migration_share", "density"):
        assert own_cell(seen, strange, item).value is None
    row = rows_of(own_table(seen, [strange]))[0]
    assert set(row[2:]) == {"anderer Gebietsstand"}


def test_edition_is_told_apart(release):
    seen = see(release)
    assert is_of_edition(seen, NORTH)
    assert is_of_edition(seen, replace(NORTH, edition="2020-01-01"))
    assert not is_of_edition(seen, replace(NORTH, edition="2019-01-01"))


def test_own_areas_are_columns_of_the_comparison(release):
    table = beside_each_other(see(release), ["11"], [NORTH])
    assert [field.label for field in table.fields] == [
        "Kennzahl",
        "11 Altstadt",
        "Programm Nord",
        "Unterschied",
        "Musterstadt",
    ]
    rows = {row[0]: row[1:] for row in rows_of(table)}
    assert rows["Handlungsbedarf"][1:3] == ("wird nicht eingestuft", "–")
    assert rows["SGB-II-Quote (%)"][:3] == ("30,0 (Rang 1 von 5)", "24,0", "−6,0 %-Punkte")
    assert rows["Einwohner*innen"][:3] == ("300 (Rang 1 von 6)", "500", "+200")


def test_what_is_compared_has_its_changes_in_the_same_columns(before, release):
    """In 2022 Altstadt had 30 of 300, Programm Nord 60 of 500 with SGB II; now 90 and 120."""
    table = trends_of(see(release), see(before), ["11", "12"], [NORTH])
    labels = ["Kennzahl", "11 Altstadt", "12 Äußere Vorstadt", "Programm Nord", "Musterstadt"]
    assert [field.label for field in table.fields] == labels
    assert table.title.startswith("Veränderung seit 31.12.2022")
    rows = {row[0]: row[1:] for row in rows_of(table)}
    assert rows["SGB-II-Quote (%)"] == ("▲ +20,0", "= ±0,0", "▲ +12,0", "= ±0,0")
    assert rows["Handlungsbedarf"][1:] == ("▼ vorher 3", "–", "–")


def test_a_hidden_member_at_either_date_leaves_no_change(before, release):
    for pair in ((before, release), (release, before)):
        old, new = (see(one, Group.U18) for one in pair)
        table = trends_of(new, old, [], [WITH_HIDDEN])
        rows = {row[0]: row[1] for row in rows_of(table)}
        assert rows["mit Migrationshintergrund"] == "–"


def test_page_says_in_words_that_something_is_hidden(release):
    table = beside_each_other(see(release, Group.U18), ["11", "12"], [WITH_HIDDEN])
    rows = {row[0]: row[1:] for row in rows_of(table)}
    assert rows["mit Migrationshintergrund"][2] == "enthält geheime Werte"
    assert "difference" not in [field.id for field in table.fields]


def test_files_hold_numbers_and_statuses(release):
    seen = see(release, Group.U18)
    columns = columns_of(compared_file_table(seen, ["11"], [NORTH, WITH_HIDDEN]))
    assert columns["name"] == ["Altstadt", "Programm Nord", "Mit Bahnhof", "Musterstadt"]
    assert columns["of"][1] == "eigenes Gebiet, 2 Quartiere"
    assert columns["migrants"][:3] == [45.0, 60.0, None]
    assert columns["migrants_status"][1:3] == ["published", "suppressed"]
    assert columns["need_level_status"][1] == "not_classified"
    own = columns_of(own_file_table(seen, [NORTH, WITH_HIDDEN]))
    assert own["migrants"] == [60.0, None]
    assert rows_of(member_table(seen, [NORTH])) == (
        ("Programm Nord", "Quartier", "11", "Altstadt"),
        ("Programm Nord", "Quartier", "12", "Äußere Vorstadt"),
    )


def test_a_row_among_the_quartiere_has_the_sums_of_its_group_under_each_head(release):
    """Programm Nord: 500 residents, of them 115 children; 120 of 500 are 24 per cent."""
    seen = see(release)
    table = offered_table(Span(seen), is_beside=True)
    (row,) = own_rows(seen, table, (NORTH,))
    told = {field.id: entry for field, entry in zip(table.fields, row, strict=True)}
    assert (told["area_id"], told["name"]) == ("", "Programm Nord (eigenes Gebiet)")
    assert told["residents_all"].value == 500
    assert told["residents_u18"].value == 115
    assert told["sgb2_share_all"].value == pytest.approx(24)
    assert told["need_level_all"].status is Status.NOT_CLASSIFIED
    (hidden,) = own_rows(see(release, Group.U18), table, (WITH_HIDDEN,))
    told = {field.id: entry for field, entry in zip(table.fields, hidden, strict=True)}
    assert told["migration_share_u18"].value is None
