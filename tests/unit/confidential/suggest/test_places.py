"""The column of areas is the one whose texts the boundaries know."""

import pytest

from atlas.confidential.suggest.places import find_area_column
from tests.sample_town import NAMES, places


@pytest.mark.parametrize(
    ("cells", "pattern", "width", "by_name"),
    [
        (["01", "02", "03", "04", "05"], "", 0, False),
        (["1", "2", "3", "4", "5"], "", 2, False),
        (["ALTSTADT", "Sued-Ost", "Bahnhof", "Wald", "Hafen"], "", 0, True),
        (["01 Altstadt", "02 Süd", "03 B", "04 W", "05 H"], "([0-9]+) .*", 0, False),
        (["A (01)", "B (02)", "C (03)", "D (04)", "E (05)"], r".*\(([^()]+)\)", 0, False),
        (["099901", "099902", "099903", "099904", "099905"], "0999(.+)", 0, False),
    ],
)
def test_ways_to_write_an_area(
    cells: list[str], pattern: str, width: int, by_name: bool
) -> None:
    found = find_area_column([["x"] * 5, cells], places())
    assert found is not None
    reading = found.reading
    assert found.position == 1
    assert (reading.pattern, reading.width, reading.by_name) == (pattern, width, by_name)
    assert list(found.keys.values()) == list(NAMES)


def test_counts_that_happen_to_be_keys_are_no_areas() -> None:
    counts = ["01", "05", "03", "77", "91"]
    names = ["Altstadt", "Süd-Ost", "Bahnhof", "Wald", "Hafen"]
    found = find_area_column([counts, names], places())
    assert found is not None
    assert found.position == 1


@pytest.mark.parametrize(
    "numbers",
    [
        ["1", "2", "3", "4", "5"],  # ages or running numbers
        ["9001", "9002", "9003", "9004", "9005"],  # keys of persons
    ],
)
def test_numbers_that_can_be_made_keys_yield_to_keys_with_their_zeros(
    numbers: list[str],
) -> None:
    found = find_area_column([numbers, ["01", "01", "03", "02", "03"]], places())
    assert found is not None
    assert found.position == 1


def test_a_table_without_areas_has_no_such_column() -> None:
    assert find_area_column([["2020", "2021"], ["100", "200"]], places()) is None
