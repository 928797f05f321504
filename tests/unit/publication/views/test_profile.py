import pytest

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.areas import block_table
from atlas.publication.views.comparison import beside_each_other, beside_groups, beside_parents
from atlas.publication.views.profile import Fact, card
from atlas.publication.views.reasons import reasons
from atlas.terms import Group, Kind


def test_card_shows_level_values_and_ranks(release, before):
    found = card(see(release, Group.ALL), Kind.QUARTIER, "11", see(before, Group.ALL))
    assert (found.title, found.place) == ("11 Altstadt", "Nord")
    assert (found.level, found.level_text) == (4, "hoher Handlungsbedarf")
    assert found.facts == (
        Fact("Einwohnerdichte", "150,0 je ha", "Rang 1 von 5"),
        Fact("Anteil mit Migrationshintergrund", "45,0 %", "Rang 1 von 5"),
        Fact("SGB-II-Quote", "30,0 %", "Rang 1 von 5"),
        Fact("Einwohner*innen", "300", ""),
    )


def test_equal_values_share_the_better_rank(release):
    ranks = {
        key: card(see(release, Group.ALL), Kind.QUARTIER, key).facts[0].rank
        for key in ("13", "21", "22")
    }
    assert ranks == {"13": "Rang 3 von 5", "21": "Rang 3 von 5", "22": "Rang 5 von 5"}


def test_trend_names_the_level_before(release, before):
    same = card(see(release, Group.ALL), Kind.QUARTIER, "11", see(before, Group.ALL))
    assert same.trend == "= unverändert seit 31.12.2022"
    fallen = card(see(release, Group.ALL), Kind.QUARTIER, "12", see(before, Group.ALL))
    assert fallen.trend == "▼ seit 31.12.2022: vorher Stufe 3, Handlungsbedarf"
    assert card(see(release, Group.ALL), Kind.QUARTIER, "12").trend == ""


def test_why_names_what_weighs_most(release):
    found = card(see(release, Group.ALL), Kind.QUARTIER, "11")
    assert found.why == (
        "Der Index liegt über dem Durchschnitt, vor allem wegen: SGB-II-Quote 30,0 % "
        "(Durchschnitt der Quartiere 14,8 %, Stadt insgesamt 19,2 %)."
    )


@pytest.mark.parametrize(
    ("name", "area_id", "expected"),
    [
        ("release", "22", "weniger als 50"),
        ("release", "23", "unbewohnt"),
    ],
)
def test_area_without_level_says_why(name, area_id, expected, request):
    found = card(see(request.getfixturevalue(name), Group.ALL), Kind.QUARTIER, area_id)
    assert found.level is None
    assert found.level_text.startswith("nicht klassifiziert: ")
    assert expected in found.level_text
    assert found.why == ""


def test_provisional_area_says_what_is_to_come_and_its_last_level(release, provisional):
    found = card(see(provisional), Kind.QUARTIER, "11", see(release))
    assert (found.level, found.level_text) == (None, "SGB-II-Quote fällt später an")
    assert found.trend == "Zuletzt am 31.12.2023: Stufe 4, hoher Handlungsbedarf"
    assert card(see(provisional), Kind.QUARTIER, "22", see(release)).trend == ""


def test_block_says_why_a_value_is_secret(release):
    told = (
        "Geheim: je Quartier die ganze Tabelle, weil sonst Anzahlen von 1 bis 2 darin stünden."
    )
    assert card(see(release), Kind.BLOCK, "1301").why == told
    assert card(see(release), Kind.BLOCK, "1101").why == ""


def test_hidden_value_has_no_rank(release):
    found = card(see(release, Group.ALL), Kind.BLOCK, "1301")
    fact = next(fact for fact in found.facts if "Migration" in fact.label)
    assert (fact.value, fact.rank) == (". geheim", "")


def test_block_tells_the_level_of_its_quartier(release):
    found = card(see(release, Group.ALL), Kind.BLOCK, "1101")
    assert found.level is None
    assert "Quartier 11 Altstadt: Stufe 4" in found.level_text
    assert found.place == "Altstadt · Nord"


def test_unknown_area_is_a_key_error(release):
    with pytest.raises(KeyError):
        card(see(release, Group.ALL), Kind.QUARTIER, "99")


def test_contributions_add_up_to_the_index(release):
    found = reasons(see(release, Group.ALL), "11")
    total = sum(one.amount for one in found.contributions)
    cells = release.cells
    index = cells[
        (cells["item"] == "need_index") & (cells["area_id"] == "11") & (cells["group"] == "all")
    ]
    assert total == pytest.approx(float(index["value"].iloc[0]), abs=1e-12)
    assert rows_of(found.table)[-1][-1] == "+1,57"
    assert found.contributions[0].text == (
        "SGB-II-Quote 30,0 %, Durchschnitt der Quartiere 14,8 %: hebt den Index um 0,54."
    )


def test_reasons_say_in_words_what_the_table_says_in_numbers(release):
    found = reasons(see(release, Group.ALL), "11")
    assert found.text == "11 Altstadt: Stufe 4 „hoher Handlungsbedarf“, Rang 1 von 4."
    assert found.drivers == (
        "Mehr Bedarf als im Durchschnitt der Quartiere bei SGB-II-Quote (am stärksten), "
        "Anteil mit Migrationshintergrund und Einwohnerdichte."
    )
    assert [one.name for one in found.limits] == ["Zu Stufe 3", "Robustheit"]
    assert found.limits[0].text == (
        "Der Index 1,57 liegt 0,57 über der Grenze 1,00 zur höchsten Stufe."
    )
    assert [one.name for one in found.meanings] == [
        "Index",
        "z-Wert",
        "Beitrag",
        "Durchschnitt der Quartiere",
        "Robustheit",
    ]


def test_reasons_tell_what_raises_from_what_lowers(release):
    """Means of the four: 87.5 per ha, 25.75 %, 14.75 %; 12 has 100, 25 and 15."""
    assert reasons(see(release, Group.ALL), "12").drivers == (
        "Mehr Bedarf als im Durchschnitt der Quartiere bei Einwohnerdichte (am stärksten) und "
        "SGB-II-Quote. Weniger Bedarf als im Durchschnitt der Quartiere bei Anteil mit "
        "Migrationshintergrund."
    )


def test_reasons_of_an_area_without_level_have_no_figures(release):
    found = reasons(see(release, Group.ALL), "22")
    assert found.contributions == ()
    assert found.table is None
    assert found.text == "22 Hafen ist nicht klassifiziert: hier leben weniger als 50 Menschen."


def test_beside_parents_gives_value_district_city_and_rank(release):
    table = beside_parents(see(release, Group.ALL), "12")
    assert [column.label for column in table.on_page().fields] == [
        "Kennzahl",
        "Quartier Äußere Vorstadt",
        "Stadtbezirk Nord",
        "Musterstadt",
        "Rang",
    ]
    rows = {row[0]: row[1:] for row in rows_of(table)}
    # District: 130 of 600; city: 137 of 712.
    assert rows["SGB-II-Quote (%)"] == ("15,0", "21,7", "19,2", "3 von 5")
    assert rows["Handlungsbedarf"][0] == "2 Handlungsbedarf abwägen"
    assert rows["Handlungsbedarf"][1:] == ("wird nicht eingestuft", "wird nicht eingestuft", "")


def test_children_stand_beside_the_whole(release):
    table = beside_groups(see(release), "11")
    rows = {row[0]: row[1:] for row in rows_of(table)}
    assert rows["Anteil mit Migrationshintergrund (%)"] == (
        "45,0",
        "1 von 5",
        "60,0",
        "1 von 2",
    )
    assert rows["Einwohnerdichte (je ha)"] == ("150,0", "1 von 5", "nicht berechnet", "")


def test_quartiere_stand_side_by_side(release):
    table = beside_each_other(see(release, Group.ALL), ("11", "21"))
    rows = {row[0]: row[1:] for row in rows_of(table)}
    # The second less the first.
    cells = ("30,0 (Rang 1 von 5)", "4,0 (Rang 5 von 5)", "−26,0 %-Punkte", "19,2")
    assert rows["SGB-II-Quote (%)"] == cells
    assert rows["Handlungsbedarf"][2] == "–"
    three = rows_of(beside_each_other(see(release, Group.ALL), ("11", "21", "13")))
    assert {len(row) for row in three} == {5}  # a difference is of two


def test_blocks_of_a_quartier_show_hidden_cells_as_hidden(release):
    table = block_table(see(release, Group.ALL), "13")
    assert [row[0] for row in rows_of(table)] == ["1301", "1302"]
    columns = [column.id for column in table.on_page().fields]
    assert "sgb2" not in columns
    assert rows_of(table)[0][columns.index("migrants")] == ". geheim"
    assert rows_of(table)[0][columns.index("residents")] == "80"
