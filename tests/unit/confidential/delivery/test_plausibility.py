from collections.abc import Callable
from datetime import date

import pytest

from atlas.confidential.delivery import Profile, Reading, profile
from atlas.config import Layout

Read = Callable[..., Reading]
DAY = date(2024, 12, 31)
HEADER = "Gebiet;Personen;Kinder\n"
AREAS = ("0101", "0102", "0103", "NA01")


def counts(*numbers: int) -> str:
    rows = zip(AREAS, numbers, strict=True)
    return HEADER + "".join(f"{area};{number};0\n" for area, number in rows)


def before(total: float, **by_area: float) -> Callable[[date], Profile]:
    areas = {("sgb2_recipients", area): count for area, count in by_area.items()}
    return lambda day: Profile({"sgb2_recipients": total}, areas)


def checks(reading: Reading) -> list[tuple[str, str]]:
    return [(one.check, str(one.severity)) for one in reading.findings]


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (1000, []),
        (870, []),  # 1000 is 14.94 % more
        (869, [("total_changed", "warning")]),  # 15.07 %
        (1176, []),  # 14.97 % less
        (1177, [("total_changed", "warning")]),
        (126, [("total_changed", "warning")]),
        (125, [("total_slipped", "error")]),  # eight times
        (100, [("total_slipped", "error")]),
        (7999, [("total_changed", "warning")]),
        (8000, [("total_slipped", "error")]),
        (10000, [("total_slipped", "error")]),
    ],
)
def test_total_against_the_delivery_before(
    read_counts: Read, total: int, expected: list[tuple[str, str]]
) -> None:
    reading = read_counts(counts(250, 250, 250, 250), previous=before(total))
    assert checks(reading) == expected


def test_small_totals_swing_by_themselves(read_counts: Read) -> None:
    assert checks(read_counts(counts(10, 10, 10, 19), previous=before(3))) == []
    assert checks(read_counts(counts(10, 10, 10, 20), previous=before(3))) == [
        ("total_slipped", "error")
    ]


@pytest.mark.parametrize(("old", "is_changed"), [(151, False), (150, False), (149, True)])
def test_single_area_beyond_the_limit(read_counts: Read, old: int, is_changed: bool) -> None:
    text = counts(225, 1000, 1000, 1000)  # 225 is 50 % more than 150
    reading = read_counts(text, previous=before(3225, **{"0101": old}))
    assert checks(reading) == ([("area_changed", "warning")] if is_changed else [])


def test_limits_are_configuration(read_counts: Read) -> None:
    text = counts(250, 250, 250, 250)
    assert checks(read_counts(text, previous=before(1200))) == [("total_changed", "warning")]
    assert checks(read_counts(text, previous=before(1200), changes={"total_change": 20})) == []


def layout_of(**changes: object) -> Layout:
    base = {"id": "x", "source": "x", "label": "x", "file": "x.csv", "kind": "quartier"}
    return Layout.model_validate({**base, **changes})


def test_profile_of_counts_leaves_out_hidden_values(read_counts: Read) -> None:
    reading = read_counts(HEADER + "0101;10;3\n0102;*;0\n0103;20;*\nNA01;-9999;1\n")
    columns = {"a": {"role": "area"}, "b": {"role": "count", "item": "b"}}
    figures = profile(reading.parts[DAY], layout_of(shape="counts", columns=columns))
    assert figures.totals == {"sgb2_recipients": 30.0, "sgb2_recipients@u18": 4.0}
    assert figures.by_area["sgb2_recipients", "0103"] == 20.0


def persons(ages: dict[int, int]) -> str:
    rows = ["Gebiet;Alter\n"]
    for age, count in ages.items():
        rows += [f"0101;{age}\n"] * count
    return "".join(rows)


COLUMNS = {"Gebiet": {"role": "area"}, "Alter": {"role": "age"}}


@pytest.mark.parametrize(("moved", "is_changed"), [(5, False), (6, True)])
def test_age_structure_moves_by_at_most_five_percent(
    read_persons: Read, moved: int, is_changed: bool
) -> None:
    old = Profile({"Zeilen": 100.0}, {("Zeilen", "0101"): 100.0}, {1: 50, 4: 50})
    text = persons({15: 50 + moved, 45: 50 - moved})
    reading = read_persons(text, changes={"columns": COLUMNS}, previous=lambda day: old)
    assert checks(reading) == ([("ages_changed", "warning")] if is_changed else [])


def test_profile_of_persons_counts_rows_areas_and_ages(read_persons: Read) -> None:
    reading = read_persons(persons({9: 2, 10: 1, 19: 1}), changes={"columns": COLUMNS})
    measures = {"residents": "every_row"}
    layout = layout_of(shape="persons", columns=COLUMNS, measures=measures)
    figures = profile(reading.parts[DAY], layout)
    assert figures.totals == {"Zeilen": 4.0}
    assert figures.by_area == {("Zeilen", "0101"): 4.0}
    assert figures.ages == {0: 2, 1: 2}
