from collections.abc import Callable
from datetime import date

from atlas.confidential.delivery import Reading

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
