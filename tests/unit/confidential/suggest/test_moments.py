"""Reference dates stand in a column, in the head or in the name of the file."""

from datetime import date

import pytest

from atlas.confidential.suggest.moments import (
    date_in_texts,
    find_date_column,
    find_dated_heads,
    find_dated_name,
)
from tests.sample_town import TODAY


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["31.12.2023", "31.12.2023"], ("%d.%m.%Y",)),
        (["202012", "202106"], ("%Y%m",)),
        (["20201231", "20211231"], ("%Y%m%d",)),
        (["2020", "2021"], ("%Y",)),
        (["12/2024", "11/2024"], ("%m/%Y",)),
        (["31.12.2023", "31_12_2022"], ("%d.%m.%Y", "%d_%m_%Y")),
    ],
)
def test_spellings_of_dates_in_a_column(cells: list[str], formats: tuple[str, ...]) -> None:
    found = find_date_column(["Wert", "Jahr"], [["5", "6"], cells], TODAY)
    assert found is not None
    assert (found.position, found.formats) == (1, formats)


def test_counts_between_1950_and_2100_are_no_years() -> None:
    assert find_date_column(["Einwohner"], [["2001", "1999", "2010"]], TODAY) is None


def test_years_as_columns_are_one_column_with_a_place_for_the_date() -> None:
    names = ("Gebiet", "EW am 31.12. / 2022", "EW am 31.12. / 2023")
    (found,) = find_dated_heads(names, TODAY)
    assert (found.pattern, found.format) == ("EW am 31.12. / {date}", "%Y")
    assert found.dates == (date(2022, 12, 31), date(2023, 12, 31))


def test_a_date_that_all_heads_share_is_not_the_one_they_differ_in() -> None:
    names = ("G", "Stand 31.12.2014 / 2013 / Anzahl", "Stand 31.12.2014 / 2014 / Anzahl")
    (found,) = find_dated_heads(names, TODAY)
    assert found.pattern == "Stand 31.12.2014 / {date} / Anzahl"


@pytest.mark.parametrize(
    ("name", "pattern", "form"),
    [
        ("ewo_2023-12-31.csv", "ewo_{date}.csv", "%Y-%m-%d"),
        ("sgb2_202312_neu.xlsx", "sgb2_{date}_neu.xlsx", "%Y%m"),
        ("bev 31.12.2023.xlsx", "bev {date}.xlsx", "%d.%m.%Y"),
        ("profile2014.csv", "profile{date}.csv", "%Y"),
    ],
)
def test_dates_in_names_of_files(name: str, pattern: str, form: str) -> None:
    found = find_dated_name(name, TODAY)
    assert found is not None
    assert (found.pattern, found.format) == (pattern, form)


def test_a_date_to_come_is_none() -> None:
    assert find_dated_name("plan_2040.csv", TODAY) is None
    assert date_in_texts(["Stand: 31.12.2023"], TODAY) == date(2023, 12, 31)
