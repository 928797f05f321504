from datetime import date

import pytest

from atlas.classify.german import rounded, unit_text
from atlas.publication.views.text import day_text, sort_key
from atlas.terms import Unit


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [(12.25, 1, 12.3), (12.24, 1, 12.2), (-12.25, 1, -12.3), (0.5, 0, 1.0), (2.675, 2, 2.68)],
)
def test_halves_round_away_from_zero_as_in_excel(value, digits, expected):
    assert rounded(value, digits) == expected


def test_units_follow_the_number():
    assert unit_text(31.04, 1, Unit.PERCENT) == "31,0 %"
    assert unit_text(1234.0, 0, Unit.COUNT) == "1.234"
    assert unit_text(-0.04, 1, Unit.PER_HA) == "0,0 je ha"


def test_dates_are_german():
    assert day_text(date(2023, 1, 5)) == "05.01.2023"


def test_umlauts_sort_as_their_base_letters():
    names = ["Zoo", "Äußere Vorstadt", "Bahnhof", "altstadt", "Süd", "Suhl"]
    assert sorted(names, key=sort_key) == [
        "altstadt",
        "Äußere Vorstadt",
        "Bahnhof",
        "Süd",
        "Suhl",
        "Zoo",
    ]
