from datetime import date

import pytest

from atlas.confidential.delivery.dates import (
    age_at,
    compile_formats,
    german_format,
    is_incomplete,
    parse_birth,
    parse_date,
)

DAY = date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "date_format", "expected"),
    [
        ("31.12.2024", "%d.%m.%Y", DAY),
        ("1.2.2024", "%d.%m.%Y", date(2024, 2, 1)),
        ("2024", "%Y", DAY),
        ("202402", "%Y%m", date(2024, 2, 29)),
        ("2023-02", "%Y-%m", date(2023, 2, 28)),
        ("29.02.2023", "%d.%m.%Y", None),
        ("202413", "%Y%m", None),
        ("202400", "%Y%m", None),
        ("0000", "%Y", None),
        ("31.12.2024 ", "%d.%m.%Y", None),
        ("31-12-2024", "%d.%m.%Y", None),
        ("٢٠٢٤", "%Y", None),
        ("", "%Y", None),
    ],
)
def test_reference_date(text: str, date_format: str, expected: date | None) -> None:
    assert parse_date(text, compile_formats(date_format)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15.03.1990", date(1990, 3, 15)),
        ("00.03.1990", date(1990, 3, 15)),
        ("00.00.1990", date(1990, 7, 1)),
        ("15.00.1990", None),
        ("00.00.0000", None),
        ("31.04.1990", None),
    ],
)
def test_birth_with_unknown_parts(text: str, expected: date | None) -> None:
    assert parse_birth(text, compile_formats("%d.%m.%Y")) == expected


@pytest.mark.parametrize(
    ("text", "date_format"), [("2007", "%Y"), ("00.00.2007", "%d.%m.%Y"), ("200712", "%Y%m")]
)
def test_age_at_the_end_of_a_year_needs_only_the_year(text: str, date_format: str) -> None:
    birth = parse_birth(text, compile_formats(date_format))
    assert birth is not None
    assert age_at(DAY, birth) == 17


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2006, 12, 31), DAY, 18),
        (date(2007, 1, 1), DAY, 17),
        (date(2024, 12, 31), DAY, 0),
        (date(2025, 1, 1), DAY, -1),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
    ],
)
def test_age_is_completed_years(birth: date, day: date, age: int) -> None:
    assert age_at(day, birth) == age


def test_only_zeros_are_incomplete() -> None:
    formats = compile_formats("%d.%m.%Y")
    assert is_incomplete("00.07.1950", formats)
    assert not is_incomplete("10.07.1950", formats)
    assert not is_incomplete("2000", compile_formats("%Y"))


def test_format_as_german_readers_know_it() -> None:
    assert german_format("%d.%m.%Y") == "TT.MM.JJJJ"
