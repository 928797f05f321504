from dataclasses import replace
from datetime import date

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.classes import classes_over
from atlas.publication.views.items import item_of
from atlas.publication.views.map import map_view
from atlas.publication.views.over_time import over_time
from atlas.terms import Kind


def _past(*releases):
    return tuple(map(see, releases))


def test_levels_of_all_dates_stand_side_by_side(before, release, provisional):
    found = over_time(_past(before, release, provisional), "need")
    heads = [field.label for field in found.table.fields]
    days = ("31.12.2022", "31.12.2023", "31.12.2024 vorläufig")
    assert heads == ["Nummer", "Quartier", *days, "Stichtage in dieser Stufe"]
    rows = rows_of(found.table)
    # A date whose levels are to come ends nothing.
    assert rows[1] == ("12", "Äußere Vorstadt", "3", "2", "… fällt später an", "1")
    assert [rows[at][-1] for at in (0, 3)] == ["2", "2"]
    assert rows[4][2:] == (*("x nicht klassifiziert",) * 3, "–")
    # By the newest date that shows any level, the highest first.
    assert [rows[at][0] for at in found.order[:2]] == ["11", "12"]
    assert [entry.step for entry in found.table.rows[1][2:-1]] == [3, 2, 0]


def test_colours_mean_the_same_at_every_date(before, release, provisional):
    past = _past(before, release, provisional)
    classes = classes_over(past, item_of(past[0].config, "sgb2_share"), Kind.QUARTIER)
    # 4, 10, 15, 25 of both years and the 30 of 2023.
    assert classes.lowers == (4.0, 10.0, 15.0, 25.0, 30.0)
    found = over_time(past, "sgb2_share")
    assert found.steps == classes.texts()
    assert [entry.step for entry in found.table.rows[0][2:]] == [2, 5, 0]
    for seen in past[:2]:
        view = map_view(seen, "sgb2_share", Kind.QUARTIER, past)
        assert tuple(e.label for e in view.legend if e.step) == classes.texts()
        assert view.legend[view.entry_of["12"]].label == "15,0 bis unter 25,0"
    alone = map_view(past[0], "sgb2_share", Kind.QUARTIER)
    assert len([entry for entry in alone.legend if entry.step]) == 4


def test_years_without_a_date_stand_between_the_dates(before, release, provisional):
    """2024 and 2023 stand for 2031 and 2030: seven years after 2022."""
    later = [
        replace(one, info=one.info.model_copy(update={"reference_date": date(year, 12, 31)}))
        for one, year in ((release, 2030), (provisional, 2031))
    ]
    earlier = replace(
        before, info=before.info.model_copy(update={"reference_date": date(2021, 12, 31)})
    )
    found = over_time(_past(earlier, before, *later), "sgb2_share")
    labels = [field.label for field in found.table.fields]
    assert labels[2:6] == [
        "31.12.2021",
        "31.12.2022",
        "2023 bis 2029: kein Stichtag",
        "31.12.2030",
    ]
    assert {row[4] for row in found.table.rows} == {""}
