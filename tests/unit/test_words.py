from datetime import date

import pytest

from atlas.terms import Unit
from atlas.words import (
    ascii_text,
    counted,
    day_text,
    enumeration,
    first_few,
    index_text,
    number_text,
    rounded,
    setting_text,
    signed_text,
    sort_key,
    unit_text,
)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234.5, 1, "1.234,5"),
        (12.25, 1, "12,3"),
        (-0.25, 1, "−0,3"),
        (-0.04, 1, "0,0"),
        (0.0, 0, "0"),
        (1e6, 0, "1.000.000"),
    ],
)
def test_numbers(value: float, digits: int, text: str) -> None:
    assert number_text(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.246, "+0,25"), (-0.246, "−0,25"), (0.004, "±0,00"), (-0.004, "±0,00")],
)
def test_signs(value: float, text: str) -> None:
    assert signed_text(value, 2) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "0,25"),
        (0.0, "0,00"),
        (0.0004, "0,0004"),
        (-0.001, "−0,001"),
        # What only adding in another order leaves is none.
        (-1.4e-17, "0,00"),
    ],
)
def test_an_index_close_to_0_does_not_read_as_0(value: float, text: str) -> None:
    assert index_text(value) == text


def test_enumeration() -> None:
    assert [enumeration(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a und b",
        "a, b und c",
    ]


@pytest.mark.parametrize(
    ("most", "text"), [(2, "a, b und 1 weitere"), (3, "a, b, c"), (4, "a, b, c")]
)
def test_the_first_few_are_named_and_the_others_counted(most: int, text: str) -> None:
    assert first_few(["a", "b", "c"], most) == text


def test_nouns_follow_their_number() -> None:
    forms = ("Lieferung", "Lieferungen")
    assert [counted(n, *forms) for n in (0, 1, 2)] == [
        "0 Lieferungen",
        "1 Lieferung",
        "2 Lieferungen",
    ]


@pytest.mark.parametrize(("value", "text"), [(1.5, "1,5"), (-1.0, "−1"), (95.0, "95")])
def test_settings_keep_their_digits(value: float, text: str) -> None:
    assert setting_text(value) == text


def test_file_names_have_no_umlauts() -> None:
    assert ascii_text("Größe der Häuser") == "groesse der haeuser"


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
