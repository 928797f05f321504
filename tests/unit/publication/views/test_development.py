from atlas.publication import views
from atlas.terms import Group


def test_series_follows_quartier_district_and_city(before, release, provisional):
    series = views.series_of((before, release, provisional), "11", Group.ALL, "sgb2_share")
    assert series.places == ("11 Altstadt", "Stadtbezirk Nord", "Musterstadt")
    own = [(p.day_text, p.text) for p in series.points if p.place == "11 Altstadt"]
    # 30 of 300 in the year before.
    assert own == [("31.12.2022", "10,0 %"), ("31.12.2023", "30,0 %")]
    assert series.days == ("31.12.2022", "31.12.2023", "31.12.2024")
    assert series.gaps == ("31.12.2024: … fällt später an",)
    assert series.summary == "SGB-II-Quote: 10,0 % am 31.12.2022, 30,0 % am 31.12.2023."


def test_provisional_values_are_marked(before, release, provisional):
    series = views.series_of((before, release, provisional), "11", Group.ALL, "density")
    own = [(p.text, p.is_provisional) for p in series.points if p.place == "11 Altstadt"]
    assert own == [
        ("150,0 je ha", False),
        ("150,0 je ha", False),
        ("150,0 je ha (vorläufig)", True),
    ]


def test_counts_stand_alone(before, release):
    series = views.series_of((before, release), "11", Group.ALL, "residents")
    assert series.places == ("11 Altstadt",)


def test_table_has_a_row_per_reference_date(before, release, provisional):
    table = views.development_table((before, release, provisional), "12", Group.ALL)
    assert [row[:3] for row in table.rows] == [
        ("31.12.2022", "endgültig", "3 Handlungsbedarf"),
        ("31.12.2023", "endgültig", "2 Handlungsbedarf abwägen"),
        ("31.12.2024", "vorläufig", "… fällt später an"),
    ]


def test_changes_count_moves_and_give_reasons(before, release):
    found = views.level_changes(before, release, Group.ALL)
    assert found.summary == (
        "Quartiere mit anderer Stufe: 1 (0 mit höherer Stufe; 1 mit niedrigerer Stufe)."
    )
    matrix = {row[0]: row[1:] for row in found.matrix.rows}
    assert matrix["3 Handlungsbedarf"] == ("–", "1", "–", "–", "–")
    assert matrix["4 hoher Handlungsbedarf"] == ("–", "–", "–", "1", "–")
    assert matrix["nicht klassifiziert"] == ("–", "–", "–", "–", "2")
    assert [row[:5] for row in found.moved.rows] == [
        (
            "12",
            "Äußere Vorstadt",
            "▼ niedriger",
            "3 Handlungsbedarf",
            "2 Handlungsbedarf abwägen",
        )
    ]
    assert found.moves[0].text.startswith("12 Äußere Vorstadt: von Stufe 3")


def test_no_move_is_said(release):
    found = views.level_changes(release, release, Group.ALL)
    assert found.summary == (
        "Keine Veränderung: alle eingestuften Quartiere haben dieselbe Stufe wie vorher."
    )
    assert found.moves == ()


def test_where_nobody_has_a_level_nobody_kept_it(provisional):
    found = views.level_changes(provisional, provisional, Group.ALL)
    assert found.summary == "Quartiere mit einer Stufe: keine, an beiden Ständen."
    assert found.moves == ()


def test_scatter_leaves_out_areas_that_hide_a_value(release):
    scatter = views.scatter_of(release, Group.U18, "migration_share", "sgb2_share")
    assert {spot.area_id for spot in scatter.spots} == {"11", "12"}
    assert scatter.left_out == 4
    assert scatter.spots[0].x_text == "60,0 %"


def test_blocks_are_not_needed_for_the_development(before, release):
    small = [views.without_blocks(one) for one in (before, release)]
    assert not (small[0].cells["kind"] == "block").any()
    for item in views.development_items(release, Group.ALL):
        expected = views.series_of((before, release), "13", Group.ALL, item)
        assert views.series_of(small, "13", Group.ALL, item) == expected
    table = views.development_table(small, "13", Group.ALL)
    assert table == views.development_table((before, release), "13", Group.ALL)
