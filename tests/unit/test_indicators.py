"""Indicators of Musterstadt with hand-checked figures."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from atlas.config import ProtectionRules
from atlas.indicators import area_cells, base_items, indicator_cells
from atlas.terms import CELL_COLUMNS, Group, Kind, Reason, Status
from tests.factories import (
    CITY_KEY,
    DAY,
    Gap,
    town_areas,
    town_config,
    town_counts,
    town_tables,
    with_gaps,
)

INDICATORS = town_config().indicators
RULES = ProtectionRules(format=1)


def _cell(cells: pd.DataFrame, area_id: str, item: str, group: str = "all") -> pd.Series:
    is_cell = (cells["area_id"] == area_id) & (cells["item"] == item)
    return cells[is_cell & (cells["group"] == group)].squeeze()


def _value(cells: pd.DataFrame, area_id: str, item: str, group: str = "all") -> float:
    return float(_cell(cells, area_id, item, group)["value"])


def test_values_at_every_kind() -> None:
    cells = indicator_cells(town_counts(DAY), INDICATORS, RULES)
    assert _value(cells, "1101", "density") == 200
    assert _value(cells, "11", "density") == 150
    assert _value(cells, "1", "density") == 100
    assert _value(cells, CITY_KEY, "density") == pytest.approx(712 / 12)
    assert _value(cells, "11", "migration_share") == 45
    assert _value(cells, "1", "migration_share") == pytest.approx(100 * 208 / 600)
    assert _value(cells, "11", "migration_share", "u18") == 60
    assert _value(cells, CITY_KEY, "sgb2_share") == pytest.approx(100 * 137 / 712)


def test_gaps_at_every_kind() -> None:
    cells = indicator_cells(town_counts(DAY), INDICATORS, RULES)
    assert tuple(_cell(cells, "1101", "sgb2_share")[["status", "reason"]]) == (
        Status.UNAVAILABLE,
        Reason.NOT_DELIVERED,
    )
    for area_id in ("2202", "23"):
        assert tuple(_cell(cells, area_id, "migration_share")[["status", "reason"]]) == (
            Status.UNINHABITED,
            Reason.UNINHABITED,
        )
    # twelve residents, no child among them
    assert _value(cells, "22", "migration_share") == 25
    assert _cell(cells, "22", "migration_share", "u18")["status"] == Status.NOT_MEANINGFUL


def test_a_gap_stays_at_its_kind_and_group() -> None:
    gap = Gap(Kind.QUARTIER, ("11",), "migrants", Group.U18)
    cells = indicator_cells(with_gaps(town_counts(DAY), [gap]), INDICATORS, RULES)
    assert _cell(cells, "11", "migration_share", "u18")["status"] == Status.SUPPRESSED
    assert _cell(cells, "11", "migration_share")["status"] == Status.PUBLISHED
    assert _cell(cells, "1101", "migration_share", "u18")["status"] == Status.PUBLISHED
    assert _cell(cells, "1", "migration_share", "u18")["status"] == Status.PUBLISHED


def test_hidden_residents_hide_all_that_stands_on_them() -> None:
    gap = Gap(Kind.BLOCK, ("2201",), "residents", Group.ALL)
    cells = indicator_cells(with_gaps(town_counts(DAY), [gap]), INDICATORS, RULES)
    assert {
        _cell(cells, "2201", item)["status"] for item in ("density", "migration_share")
    } == {Status.SUPPRESSED}


def test_equal_keys_of_different_kinds_are_not_mixed_up() -> None:
    """A Quartier and a Stadtbezirk may both be called 11."""
    base = town_counts(DAY)
    is_district = (base["kind"] == "district") & (base["area_id"] == "1")
    base = base.assign(area_id=base["area_id"].mask(is_district, "11"))
    cells = indicator_cells(base, INDICATORS, RULES)
    density = cells[(cells["item"] == "density") & (cells["area_id"] == "11")]
    assert dict(zip(density["kind"], density["value"], strict=True)) == {
        "quartier": 150,
        "district": 100,
    }


def test_one_row_per_area_and_indicator_in_columns_of_cells() -> None:
    cells = indicator_cells(town_counts(DAY), INDICATORS, RULES)
    assert list(cells.columns) == list(CELL_COLUMNS)
    assert len(cells) == 21 * 5
    assert set(cells["reference_date"]) == {"2023-12-31"}


def test_area_cells() -> None:
    cells = area_cells(town_areas(), date(2024, 6, 30))
    assert list(cells.columns) == list(CELL_COLUMNS)
    assert cells["value"].round(9).tolist() == [1.0] * 12 + [2.0] * 6 + [6.0, 6.0, 12.0]
    assert set(cells["group"]) == {"all"}
    assert set(cells["reference_date"]) == {"2024-06-30"}


def test_base_items_are_all_that_is_not_computed() -> None:
    tables = town_tables()
    tables["indicators"]["indicators"]["s1"] = {"label": "S1", "is_delivered": True}  # type: ignore[index]
    indicators = type(INDICATORS).model_validate(tables["indicators"])
    assert base_items(indicators) == {
        "area_ha",
        "migrants",
        "migrants.unplaced",
        "residents",
        "residents.unplaced",
        "s1",
        "sgb2",
        "sgb2.unplaced",
    }


def test_arguments_are_left_as_they_were() -> None:
    base = town_counts(DAY)
    before = base.copy()
    indicator_cells(base, INDICATORS, RULES)
    pd.testing.assert_frame_equal(base, before)


def test_values_are_not_rounded() -> None:
    cells = indicator_cells(town_counts(DAY), INDICATORS, RULES)
    assert _value(cells, "2201", "migration_share") == 100 * 3 / 12
    assert np.isclose(_value(cells, "12", "sgb2_share"), 15.0, rtol=0, atol=1e-15)
