from datetime import date

import pytest

from atlas.desk.sources import following


@pytest.mark.parametrize(
    ("before", "last", "expected"),
    [
        ("2023-12-31", "2024-12-31", "2025-12-31"),  # 366 days lie between the first two
        ("2024-12-31", "2025-12-31", "2026-12-31"),
        ("2024-01-31", "2024-02-29", "2024-03-31"),  # the ends of months
        ("2024-03-31", "2024-06-30", "2024-09-30"),
        ("2024-11-15", "2024-12-15", "2025-01-15"),
        ("2023-12-30", "2024-01-30", "2024-02-29"),  # no 30th of February
        ("2024-02-29", "2024-03-07", "2024-03-14"),  # weekly
    ],
)
def test_next_date_keeps_the_pace_of_the_calendar(before, last, expected):
    found = following(date.fromisoformat(before), date.fromisoformat(last))
    assert found.isoformat() == expected
