from datetime import date

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see, without_blocks
from atlas.publication.views.changes import level_changes, parted
from atlas.publication.views.development import (
    city_line_of,
    development_items,
    development_table,
    long_gaps,
    series_of,
)
from atlas.publication.views.spread import scatter_of
from atlas.terms import Group, Kind


def test_series_follows_quartier_district_and_city(before, release, provisional):
    series = series_of(
        (see(before), see(release), see(provisional)),
        "11",
        "sgb2_share",
    )
    assert series.places == ("11 Altstadt", "Stadtbezirk Nord", "Musterstadt")
    own = [(p.day_text, p.text) for p in series.points if p.place == "11 Altstadt"]
    # 30 of 300 in the year before.
    assert own == [("31.12.2022", "10,0 %"), ("31.12.2023", "30,0 %")]
    assert series.days == tuple(date(year, 12, 31) for year in (2022, 2023, 2024))
    assert series.gaps == ("31.12.2024 (fällt später an)",)
    assert series.summary == "SGB-II-Quote: 10,0 % am 31.12.2022, 30,0 % am 31.12.2023."


def test_provisional_values_are_marked(before, release, provisional):
    series = series_of(
        (see(before), see(release), see(provisional)),
        "11",
        "density",
    )
    own = [(p.text, p.is_provisional) for p in series.points if p.place == "11 Altstadt"]
    assert own == [
        ("150,0 je ha", False),
        ("150,0 je ha", False),
        ("150,0 je ha (vorläufig)", True),
    ]


def test_counts_stand_alone(before, release):
    series = series_of((see(before), see(release)), "11", "residents")
    assert series.places == ("11 Altstadt",)


def test_table_has_a_row_per_reference_date(before, release, provisional):
    table = development_table((see(before), see(release), see(provisional)), "12")
    assert [row[:3] for row in rows_of(table)] == [
        ("31.12.2022", "endgültig", "3 Handlungsbedarf"),
        ("31.12.2023", "endgültig", "2 Handlungsbedarf abwägen"),
        ("31.12.2024", "vorläufig", "… fällt später an"),
    ]


def test_changes_count_moves_and_give_reasons(before, release):
    found = level_changes(see(before), see(release))
    assert found.summary == (
        "Quartiere mit anderer Stufe: 1 (0 mit höherer Stufe; 1 mit niedrigerer Stufe). "
        "Davon belastbar: 0; an der Grenze: 1."
    )
    matrix = {row[0]: row[1:] for row in rows_of(found.matrix)}
    assert matrix["3 Handlungsbedarf"] == ("–", "1", "–", "–", "–")
    assert matrix["4 hoher Handlungsbedarf"] == ("–", "–", "–", "1", "–")
    assert matrix["ohne Stufe"] == ("–", "–", "–", "–", "2")
    assert [row[:5] for row in rows_of(found.moved)] == [
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
    found = level_changes(see(release), see(release))
    assert found.summary == (
        "Keine Veränderung: alle eingestuften Quartiere haben dieselbe Stufe wie vorher."
    )
    assert found.moves == ()


def test_where_nobody_has_a_level_nobody_kept_it(provisional):
    found = level_changes(see(provisional), see(provisional))
    assert found.summary == "Quartiere mit einer Stufe: keine, an beiden Ständen."
    assert found.moves == ()


def test_scatter_leaves_out_areas_that_hide_a_value(release):
    scatter = scatter_of(see(release, Group.U18), "migration_share", "sgb2_share")
    assert {spot.area_id for spot in scatter.spots} == {"11", "12"}
    assert scatter.left_out == 4
    assert scatter.spots[0].x_text == "60,0 %"


def test_blocks_are_not_needed_for_the_development(before, release):
    small = [see(without_blocks(one)) for one in (before, release)]
    assert not (small[0].release.cells["kind"] == "block").any()
    for item in development_items(see(release)):
        expected = series_of((see(before), see(release)), "13", item)
        assert series_of(small, "13", item) == expected
    table = development_table(small, "13")
    assert table == development_table((see(before), see(release)), "13")


def test_dates_far_apart_are_a_gap_and_usual_ones_are_none():
    years = [date(year, 12, 31) for year in (2011, 2017, 2018, 2019)]
    assert long_gaps(years) == ((years[0], years[1]),)
    assert long_gaps(years[1:]) == ()
    assert long_gaps(years[:2]) == ()
    assert long_gaps([]) == ()


def test_line_of_the_city_follows_its_own_values(before, release):
    line = city_line_of((see(before), see(release)), "sgb2_share")
    assert line is not None
    assert line.places == ("Musterstadt",)
    city = see(release).areas(Kind.CITY)[0]
    assert line.points[-1].value == see(release).value(city, "sgb2_share")
    assert line.breaks == ()


def test_moves_are_parted_by_how_firm_they_are(before, release):
    found = level_changes(see(before), see(release))
    assert found is not None
    ((heading, moves),) = parted(found.moves)
    assert heading == "An der Grenze: eine der beiden Stufen ist unsicher"
    assert [move.area_id for move in moves] == ["12"]
    assert moves[0].firmness.startswith("Der Wechsel ist an der Grenze: Robustheit vorher ")
