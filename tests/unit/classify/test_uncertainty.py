import math

import numpy as np
import pandas as pd
import pytest

from atlas.classify import level_items
from atlas.classify.uncertainty import (
    byar_interval,
    interval_items,
    level_range_items,
    wilson_interval,
)
from atlas.terms import Status, Unit
from tests.method_tables import DAY, column_of, inputs_of, need_rule, read_table


def floats(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float)


def test_wilson() -> None:
    low, high = wilson_interval(floats(65), floats(100), 0.95)
    assert low[0] == pytest.approx(0.552544, abs=5e-7)
    assert high[0] == pytest.approx(0.736358, abs=5e-7)


def test_wilson_at_none_and_all() -> None:
    """Of 10: nobody 0 … 0.2775, all the mirror image; without a share no interval."""
    low, high = wilson_interval(floats(0, 10, 0, 11, -1), floats(10, 10, 0, 10, 10), 0.95)
    assert low[0] == 0
    assert high[1] == 1
    assert high[0] == pytest.approx(0.2775, abs=5e-5)
    assert low[1] == pytest.approx(1 - high[0], abs=1e-12)
    assert np.isnan(low[2:]).all()
    assert np.isnan(high[2:]).all()


def test_byar() -> None:
    low, high = byar_interval(floats(65, 0), 0.95)
    assert low[0] == pytest.approx(50.163188, abs=5e-7)
    assert high[0] == pytest.approx(82.849139, abs=5e-7)
    assert low[1] == 0
    assert high[1] == pytest.approx((1 - 1 / 9 + 1.959963984540054 / 3) ** 3, abs=1e-12)


def test_more_confidence_is_wider() -> None:
    narrow, wide = (wilson_interval(floats(5), floats(40), c) for c in (0.8, 0.99))
    assert wide[0] < narrow[0] < 5 / 40 < narrow[1] < wide[1]


FRACTIONS = pd.DataFrame(
    [
        ("01", "rate", 65.0, 100.0, "published", ""),
        ("02", "rate", math.nan, 100.0, "suppressed", "geheim"),
        ("03", "rate", 12.0, 10.0, "published", ""),
        ("01", "density", 65.0, 2.0, "published", ""),
    ],
    columns=["area_id", "item", "numerator", "denominator", "status", "reason"],
)


def test_interval_items() -> None:
    """Percent for a share, per hectare for a count; a gap stays a gap."""
    items = interval_items(FRACTIONS, {"rate": Unit.PERCENT, "density": Unit.PER_HA}, 0.95)
    values = items.set_index(["area_id", "item"])
    assert values.loc[("01", "rate.low"), "value"] == pytest.approx(55.2544, abs=5e-5)
    assert values.loc[("01", "rate.high"), "value"] == pytest.approx(73.6358, abs=5e-5)
    assert values.loc[("01", "density.high"), "value"] == pytest.approx(41.4245695, abs=5e-7)
    assert values.loc[("02", "rate.low"), "status"] == Status.SUPPRESSED
    assert values.loc[("03", "rate.low"), "status"] == Status.NOT_MEANINGFUL
    assert np.isnan(values.loc[("02", "rate.low"), "value"])


TABLE = """
area  a  b |
01    2  5 |
02    4  5 |
03    4  5 |
04    4  5 |
05    5  5 |
06    5  5 |
07    7  5 |
08    9  5 |
"""


def bounds(area_id: str, low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_id": area_id,
            "item": ["a.low", "a.high"],
            "value": [low, high],
            "status": "published",
            "reason": "",
        }
    )


def test_levels_at_the_bounds() -> None:
    """07 has index 1 on the cut: at a = 6 it is 0.5, at 7.5 it is 1.25, at 8.5 it is 1.75."""
    rule = need_rule("a", preset="mss")
    values, residents = inputs_of(read_table(TABLE), ("a",))
    items = level_items(values, residents, rule, DAY)
    for low, high, expected in ((6.0, 7.0, (2, 2)), (6.0, 7.5, (2, 3)), (2.5, 8.5, (1, 4))):
        ranges = level_range_items(values, items, bounds("07", low, high), rule)
        found = [column_of(ranges, f"need_level.{part}") for part in ("low", "high")]
        assert (found[0]["07"], found[1]["07"]) == expected
        assert (found[0]["08"], found[1]["08"]) == (4, 4)


def test_direction_turns_the_bounds() -> None:
    rule = need_rule(indicators=[{"id": "a", "direction": "less"}], preset="mss")
    values, residents = inputs_of(read_table(TABLE), ("a",))
    items = level_items(values, residents, rule, DAY)
    ranges = level_range_items(values, items, bounds("01", 1.5, 2.0), rule)
    assert column_of(ranges, "need_level.high")["01"] == 4
    assert column_of(ranges, "need_level.low")["01"] == 3


def test_constant_indicator_moves_no_level() -> None:
    rule = need_rule("b a", preset="mss")
    values, residents = inputs_of(read_table(TABLE), ("a", "b"))
    items = level_items(values, residents, rule, DAY)
    wide = bounds("01", 0.0, 100.0).assign(item=["b.low", "b.high"])
    ranges = level_range_items(values, items, wide, rule)
    assert column_of(ranges, "need_level.high")["01"] == 1


def test_no_range_for_methods_without_a_sum() -> None:
    rule = need_rule("a", method="percentile")
    values, residents = inputs_of(read_table(TABLE), ("a",))
    items = level_items(values, residents, rule, DAY)
    with pytest.raises(ValueError, match="percentile"):
        level_range_items(values, items, bounds("01", 1.0, 2.0), rule)


def test_not_classified_area_has_no_range() -> None:
    rule = need_rule("a", preset="mss")
    values, residents = inputs_of(read_table(TABLE + "09 geheim 5 |"), ("a",))
    items = level_items(values, residents, rule, DAY)
    ranges = level_range_items(values, items, bounds("01", 1.0, 2.0), rule)
    row = ranges[ranges["area_id"] == "09"]
    assert row["value"].isna().all()
    assert set(row["reason"]) == {"geheim"}
