import hashlib
import hmac
from collections.abc import Callable
from datetime import date

import pytest

from atlas.confidential.delivery import Reading, profile
from atlas.config import Layout

Read = Callable[..., Reading]
DAY = date(2024, 12, 31)

LAYOUT = {
    "id": "ewo",
    "source": "ewo",
    "label": "Register",
    "shape": "persons",
    "file": "ewo.csv",
    "kind": "quartier",
    "columns": {"Gebiet": {"role": "area"}},
    "measures": {"residents": "every_row"},
}
GOOD = (
    "Schluessel;Gebiet;Geburt;Staat;Name\n"
    "P1;0101;31.12.2006;000;x\n"
    "P2;0102;01.01.2007;163;x\n"
    ";NA01;29.02.2004;;x\n"
    "P4;0101;00.07.1950;000;x\n"
)


def test_persons_hold_hash_age_and_codes_only(read_persons: Read) -> None:
    reading = read_persons(GOOD)
    part = reading.parts[DAY]
    assert part.column_names == ["area_id", "person", "age", "Staat"]
    assert part["age"].to_pylist() == [18, 17, 20, 74]
    assert part["area_id"].to_pylist() == ["0101", "0102", "NA01", "0101"]
    assert part["Staat"].to_pylist() == ["000", "163", None, "000"]
    expected = hmac.new(b"k" * 32, b"P1", hashlib.sha256).hexdigest()
    assert part["person"].to_pylist()[0] == expected
    assert part["person"].to_pylist()[2] is None


HEADER = "Schluessel;Gebiet;Geburt;Staat\n"


def found(reading: Reading) -> list[tuple[str, str, int]]:
    return [(one.check, str(one.severity), one.row_count) for one in reading.findings]


def persons(count: int, without_area: int) -> str:
    rows = [f"P{i};0101;01.01.1990;000\n" for i in range(count - without_area)]
    rows += [f"Q{i};;01.01.1990;000\n" for i in range(without_area)]
    return HEADER + "".join(rows)


@pytest.mark.parametrize(
    ("without_area", "severity"),
    [(1, "info"), (2, "info"), (3, "warning"), (100, "warning"), (101, "error")],
)
def test_a_few_persons_without_a_place_are_life(
    read_persons: Read, without_area: int, severity: str
) -> None:
    reading = read_persons(persons(200, without_area))
    assert found(reading) == [("no_area", severity, without_area)]
    assert reading.parts[DAY]["area_id"].null_count == without_area


def test_keys_that_mean_no_place_are_named_by_the_layout(read_persons: Read) -> None:
    text = persons(200, 0) + "Z;9999;01.01.1990;000\n"
    assert found(read_persons(text)) == [("unknown_area", "error", 1)]
    reading = read_persons(text, changes={"unplaced": ["9999"]})
    assert found(reading) == [("no_area", "info", 1)]
    assert reading.parts[DAY]["area_id"].to_pylist()[-1] is None


def test_person_of_an_extract_may_stand_twice(read_persons: Read) -> None:
    columns = {"Schluessel": {"role": "person"}, "Staat": {"role": "code"}}
    text = "Schluessel;Staat\nA;1\nA;2\n;3\n;4\n" + "".join(f"{i};1\n" for i in range(400))
    reading = read_persons(text, changes={"columns": columns, "place_from": "ewo"})
    assert found(reading) == [("duplicate_person", "warning", 2), ("no_person", "info", 2)]


@pytest.mark.parametrize(
    ("age", "check"),
    [("0", None), ("120", None), ("121", "too_old"), ("-1", "invalid_age"), ("", "empty_cell")],
)
def test_age_in_years(read_persons: Read, age: str, check: str | None) -> None:
    columns = {"Gebiet": {"role": "area"}, "Alter": {"role": "age"}}
    reading = read_persons(f"Gebiet;Alter\n0101;{age}\n", changes={"columns": columns})
    assert [one.check for one in reading.findings] == ([check] if check else [])
    assert reading.parts[DAY]["age"].to_pylist() == [int(age) if check is None else None]


def test_no_value_is_shown_by_a_representation(read_persons: Read) -> None:
    reading = read_persons(GOOD)
    assert "0101" not in repr(reading)
    assert "0101" not in repr(profile(reading.parts[DAY], Layout.model_validate(LAYOUT)))


def test_no_date_of_birth_and_no_clear_key_is_kept(read_persons: Read) -> None:
    columns = read_persons(GOOD).parts[DAY].to_pydict()
    kept = {str(value) for values in columns.values() for value in values}
    assert not kept & {"P1", "P2", "P4", "31.12.2006", "2006-12-31"}
    assert columns["person"][0] != read_persons(GOOD, hash_key=b"z").parts[DAY]["person"][0]
