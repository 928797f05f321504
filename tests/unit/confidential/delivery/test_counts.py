from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from atlas.confidential.delivery import KnownAreas, Reading

Read = Callable[..., Reading]
DAY = date(2024, 12, 31)

GOOD = "Gebiet;Personen;Kinder\n0101;10;3\n0102;*;0\n0103;-9999;*\nNA01;7;7\n"


def rows(part: object) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in part.to_pylist()]  # type: ignore[attr-defined]


def test_wide_counts_become_one_row_per_area_item_and_group(read_counts: Read) -> None:
    reading = read_counts(GOOD)
    assert reading.findings == ()
    assert rows(reading.parts[DAY]) == [
        ("0101", "sgb2_recipients", "all", 10.0, "published"),
        ("0101", "sgb2_recipients", "u18", 3.0, "published"),
        ("0102", "sgb2_recipients", "all", None, "withheld"),
        ("0102", "sgb2_recipients", "u18", 0.0, "published"),
        ("0103", "sgb2_recipients", "all", None, "unavailable"),
        ("0103", "sgb2_recipients", "u18", None, "withheld"),
        ("NA01", "sgb2_recipients", "all", 7.0, "published"),
        ("NA01", "sgb2_recipients", "u18", 7.0, "published"),
    ]


def test_long_counts_of_several_years_add_texts_of_one_measure(read_long: Read) -> None:
    lines = ["Jahr;Gebiet;Merkmal;Anzahl"]
    for area in ("0101", "0102", "0103", "NA01"):
        lines += [f"2021;{area};Einwohner;100", f"2022;{area};Einwohner;110"]
        lines += [f"2022;{area};Ausländer;{'' if area == '0102' else 20}"]
        lines += [f"2022;{area};Deutsche mit Migrationshintergrund;5"]
    reading = read_long("\n".join(lines))
    assert reading.findings == ()
    assert list(reading.parts) == [date(2021, 12, 31), date(2022, 12, 31)]
    assert rows(reading.parts[date(2022, 12, 31)])[:4] == [
        ("0101", "migrants", "all", 25.0, "published"),
        ("0101", "residents", "all", 110.0, "published"),
        ("0102", "migrants", "all", None, "withheld"),
        ("0102", "residents", "all", 110.0, "published"),
    ]


AREAS = ("0101", "0102", "0103", "NA01")


def found(reading: Reading) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(one.check, str(one.severity), one.rows) for one in reading.findings]


def values(reading: Reading, item: str = "sgb2_recipients") -> dict[Any, tuple[Any, Any]]:
    return {
        (row["area_id"], row["group"]): (row["value"], row["status"])
        for row in reading.parts[DAY].to_pylist()
        if row["item"] == item
    }


def test_totals_row_is_checked_and_not_counted(read_counts: Read) -> None:
    whole = "Gebiet;Personen;Kinder\n" + "".join(f"{area};10;2\n" for area in AREAS)
    changes = {"totals": ["Stadt"]}
    assert found(read_counts(whole + "Stadt;40;8\n", changes=changes)) == []
    assert found(read_counts(whole + "Stadt;41;8\n", changes=changes)) == [
        ("total_differs", "error", (6,))
    ]
    reading = read_counts(whole + "Stadt;40;*\n", changes=changes)
    assert found(reading) == []
    assert {area for area, _ in values(reading)} == set(AREAS)


def test_total_with_hidden_parts_may_be_larger_but_not_smaller(read_counts: Read) -> None:
    hidden = GOOD.replace("0101;10;3", "0101;10;0")  # shown: 10 + 7 persons
    changes = {"totals": ["Stadt"]}
    assert found(read_counts(hidden + "Stadt;17;9\n", changes=changes)) == []
    assert found(read_counts(hidden + "Stadt;16;9\n", changes=changes)) == [
        ("total_differs", "error", (6,))
    ]


def test_unplaced_rows_belong_to_the_total_but_to_no_area(read_counts: Read) -> None:
    whole = "Gebiet;Personen;Kinder\n" + "".join(f"{area};10;2\n" for area in AREAS)
    reading = read_counts(
        whole + "99;5;1\nStadt;45;9\n", changes={"totals": ["Stadt"], "unplaced": ["99"]}
    )
    assert found(reading) == [("no_area", "info", (6,))]
    assert {area for area, _ in values(reading)} == set(AREAS)


def test_absent_area_is_missing_or_zero_as_the_layout_says(read_counts: Read) -> None:
    three = "Gebiet;Personen;Kinder\n" + "".join(f"{area};10;2\n" for area in AREAS[:3])
    missing = read_counts(three)
    assert found(missing) == [("missing_area", "warning", ())]
    assert ("NA01", "all") not in values(missing)
    zero = read_counts(three, changes={"absent": "zero"})
    assert found(zero) == []
    assert values(zero)["NA01", "all"] == (0.0, "published")
    assert values(zero)["NA01", "u18"] == (0.0, "published")


def test_more_rows_than_areas_can_have_are_read_no_further(
    read_counts: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atlas.confidential.delivery.reading._MOST_COUNT_ROWS", 4)
    assert read_counts(GOOD).findings == ()
    (finding,) = read_counts(GOOD + "0101;1;1\n").findings
    assert finding.check == "too_many_rows"
    assert finding.hint.startswith("mehr als 4 Zeilen. Erwartet: eine Zeile je Gebiet")


def test_half_of_the_areas_missing_is_the_limit(read_counts: Read) -> None:
    rows = ["Gebiet;Personen;Kinder", *(f"{area};10;2" for area in AREAS)]
    assert found(read_counts("\n".join(rows[:3]))) == [("missing_area", "warning", ())]
    assert found(read_counts("\n".join(rows[:2]))) == [("missing_area", "error", ())]


def test_missing_blocks_are_life(read_counts: Read) -> None:
    three = "Gebiet;Personen;Kinder\n" + "".join(f"{area};10;2\n" for area in AREAS[:3])
    reading = read_counts(three, changes={"kind": "block"})
    assert found(reading) == [("missing_area", "info", ())]


def test_children_as_many_as_all_is_the_limit(read_counts: Read) -> None:
    assert found(read_counts(GOOD)) == []  # NA01 has 7 of 7
    assert found(read_counts(GOOD.replace("NA01;7;7", "NA01;7;8"))) == [
        ("nesting", "warning", (5,))
    ]


@pytest.mark.parametrize("cell", ["viele", "", "-7", "7,5", "1.234", "999999999"])
def test_a_broken_cell_is_compared_with_nothing(read_counts: Read, cell: str) -> None:
    reading = read_counts(GOOD.replace("NA01;7;7", f"NA01;{cell};7"))
    assert [one.rows for one in reading.findings] == [(5,)]
    assert {one.severity for one in reading.findings} == {"error"}
    total = "Gebiet;Personen;Kinder\n0101;10;3\n0102;0;0\n0103;4;1\nNA01;7;7\n"
    reading = read_counts(
        total.replace("NA01;7", f"NA01;{cell}") + "Summe;21;11\n", changes={"totals": ["Summe"]}
    )
    assert [one.rows for one in reading.findings] == [(5,)]


def test_subset_larger_than_its_whole_is_a_warning(read_long: Read) -> None:
    lines = ["Jahr;Gebiet;Merkmal;Anzahl"]
    for area in AREAS:
        lines += [f"2022;{area};Einwohner;10", f"2022;{area};Ausländer;6"]
        lines += [f"2022;{area};Deutsche mit Migrationshintergrund;5"]
    reading = read_long("\n".join(lines), nesting={"migrants": "residents", "residents": None})
    assert [(check, severity) for check, severity, _ in found(reading)] == [
        ("nesting", "warning")
    ]


def test_sum_with_a_part_that_has_no_row_is_unavailable(read_long: Read) -> None:
    lines = ["Jahr;Gebiet;Merkmal;Anzahl"]
    lines += [f"2024;{area};Ausländer;6" for area in AREAS]
    lines += [f"2024;{area};Deutsche mit Migrationshintergrund;5" for area in AREAS[:3]]
    reading = read_long("\n".join(lines))
    assert found(reading) == [("missing_area", "warning", ())]
    assert values(reading, "migrants")["0101", "all"] == (11.0, "published")
    assert values(reading, "migrants")["NA01", "all"] == (None, "unavailable")


def test_number_columns_of_a_long_table_may_have_their_own_items(read_long: Read) -> None:
    columns = {
        "Monat": {"role": "date", "format": "%Y%m"},
        "Gebiet": {"role": "area"},
        "PKS": {"role": "item"},
        "Faelle": {"role": "count", "items": {"01": "cases_asylum", "02": "cases_other"}},
        "Personen": {"role": "count", "items": {"01": "persons_asylum"}},
    }
    lines = ["Monat;Gebiet;PKS;Faelle;Personen"]
    for area in AREAS:
        lines += [f"202412;{area};01;3;8", f"202412;{area};02;1;1"]
    reading = read_long("\n".join(lines), changes={"columns": columns})
    assert found(reading) == []
    assert values(reading, "cases_asylum")["0101", "all"] == (3.0, "published")
    assert values(reading, "cases_other")["0101", "all"] == (1.0, "published")
    assert values(reading, "persons_asylum")["0101", "all"] == (8.0, "published")


def test_ready_made_values_may_be_negative_and_fractional(read_counts: Read) -> None:
    columns = {
        "Gebiet": {"role": "area"},
        "Aenderung": {"role": "value", "item": "d1"},
    }
    rows = ["Gebiet;Aenderung", "0101;-1,25", "0102;0", "0103;3,5", "NA01;-9999"]
    reading = read_counts("\n".join(rows), changes={"columns": columns})
    assert found(reading) == []
    assert values(reading, "d1")["0101", "all"] == (-1.25, "published")
    assert values(reading, "d1")["NA01", "all"] == (None, "unavailable")


def test_whole_number_with_a_point_zero_is_a_count(read_counts: Read) -> None:
    text = GOOD.replace(";10;", ";10.0;")
    reading = read_counts(text, changes={"decimal": "."})
    assert found(reading) == []
    assert values(reading)["0101", "all"] == (10.0, "published")


def test_continued_table_ends_with_the_claimed_date(read_long: Read) -> None:
    lines = ["Jahr;Gebiet;Merkmal;Anzahl"]
    lines += [f"{year};{area};Einwohner;9" for year in (2023, 2024) for area in AREAS]
    text = "\n".join(lines)
    assert found(read_long(text, claimed=DAY)) == []
    assert found(read_long(text, claimed=date(2025, 12, 31))) == [("other_date", "error", ())]
    later = read_long(text, claimed=date(2023, 12, 31))
    assert found(later) == [("other_date", "error", (6, 7, 8, 9))]
    assert list(later.parts) == [date(2023, 12, 31)]


def test_other_edition_is_named(read_counts: Read) -> None:
    old = KnownAreas(date(2019, 1, 1), frozenset({"1", "2"}))
    reading = read_counts(GOOD, areas=lambda day: old)
    assert [one.check for one in reading.findings] == ["unknown_area", "missing_area"]
    assert "die meisten Schlüssel fehlen im Gebietsstand 2019-01-01" in reading.findings[0].hint


def test_rows_of_districts_beside_keys_with_zeros_are_no_lost_zeros(read_counts: Read) -> None:
    """``101`` stands for a district where ``0101`` has its own row."""
    known = KnownAreas(date(2024, 1, 1), frozenset({"0101", "0102"}))
    text = "Gebiet;Personen;Kinder\n101;20;6\n0101;10;3\n0102;10;3"
    reading = read_counts(text, areas=lambda day: known)
    (hint,) = {one.hint for one in reading.findings if one.check == "unknown_area"}
    assert "größeres Gebiet" in hint
    assert "sums" in hint


@pytest.mark.parametrize("width", [2, 3, 4])
def test_zeros_that_the_boundaries_lost_are_named(read_counts: Read, width: int) -> None:
    lost = KnownAreas(date(2024, 1, 1), frozenset({"1", "2"}))
    lines = [f"{key:0{width}d};10;3" for key in (1, 2)]
    text = "\n".join(["Gebiet;Personen;Kinder", *lines])
    hint = read_counts(text, areas=lambda day: lost).findings[0].hint
    assert (
        f"fehlen führende Nullen, dort waren die Schlüssel Zahlen. width = {width} in" in hint
    )


def test_key_na_is_a_key(read_counts: Read) -> None:
    assert values(read_counts(GOOD))["NA01", "all"] == (7.0, "published")


def test_mark_for_nothing_is_a_zero(read_counts: Read) -> None:
    reading = read_counts(GOOD.replace(";*\n", ";-\n"), changes={"zero": ["-"]})
    assert found(reading) == []
    assert values(reading)["0103", "u18"] == (0.0, "published")


def test_reference_date_in_the_future(read_counts: Read) -> None:
    assert found(read_counts(GOOD, today=DAY)) == []
    early = read_counts(GOOD, today=date(2024, 12, 30))
    assert found(early) == [("future_date", "error", ())]


@pytest.mark.parametrize(
    ("day", "is_refused"),
    [
        (date(1, 12, 31), True),
        (date(1900, 12, 31), True),
        (date(1949, 12, 31), True),
        (date(1950, 1, 1), False),
    ],
)
def test_reference_date_that_is_an_empty_cell(
    day: date, is_refused: bool, read_counts: Read
) -> None:
    expected = [("early_date", "error", ())] if is_refused else []
    assert found(read_counts(GOOD, claimed=day)) == expected


def test_date_at_which_the_source_does_not_exist(read_counts: Read) -> None:
    reading = read_counts(GOOD, changes={"first_date": "2025-01-01"})
    assert found(reading) == [("not_covered", "info", ())]


def test_table_without_an_area_column_speaks_of_the_city(read_counts: Read) -> None:
    columns = {
        "Monat": {"role": "date", "format": "%m/%Y"},
        "PKS": {"role": "item", "items": {"01": "cases_asylum", "02": "cases_asylum"}},
        "Faelle": {"role": "count"},
    }
    city = KnownAreas(date(2024, 1, 1), frozenset({"99999000"}))
    reading = read_counts(
        "Monat;PKS;Faelle\n11/2024;01;3\n11/2024;02;1\n12/2024;01;4\n12/2024;02;1\n",
        changes={"kind": "city", "columns": columns},
        areas=lambda day: city,
        claimed=None,
    )
    assert found(reading) == []
    assert list(reading.parts) == [date(2024, 11, 30), DAY]
    assert values(reading, "cases_asylum") == {("99999000", "all"): (5.0, "published")}


def test_share_of_children_may_be_higher(read_counts: Read) -> None:
    """Only counts nest: 30 % of the children beside 20 % of everybody is no finding."""
    columns = {
        "Gebiet": {"role": "area"},
        "Personen": {"role": "value", "item": "sgb2_share"},
        "Kinder": {"role": "value", "item": "sgb2_share", "group": "u18"},
    }
    content = "Gebiet;Personen;Kinder\n0101;20;30\n0102;10;10\n0103;5;6\nNA01;1;2\n"
    assert read_counts(content, changes={"columns": columns}).findings == ()
