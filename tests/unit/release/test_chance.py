"""Intervals and level ranges of a release: off by default, rebuilt like every other cell."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.classify import level_items, rule_of
from atlas.config import CityConfig
from atlas.errors import ReleaseError
from atlas.release import (
    ReleaseContent,
    derive_cells,
    open_release,
    verify_release,
    write_release,
)
from atlas.terms import CELL_KEY, Group, Kind, Reason, Status
from tests.factories import (
    BLOCKS,
    DAY,
    Gap,
    town_areas,
    town_config,
    town_counts,
    town_info,
    town_tables,
    with_gaps,
    write_town,
)

_Z = 1.959963984540054
_BOUND = r"\.(?:low|high)$"


def _config(**levels: Any) -> CityConfig:
    tables = town_tables()
    tables["levels"] |= {"confidence": 0.95, **levels}
    return CityConfig.model_validate(tables)


def _derive(base: pd.DataFrame, config: CityConfig) -> pd.DataFrame:
    return derive_cells(base, config.published(), DAY, {})


def _cell(cells: pd.DataFrame, kind: str, area_id: str, item: str, group: str) -> pd.Series:
    return cells.set_index(["kind", "area_id", "item", "group"]).loc[
        (kind, area_id, item, group)
    ]


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    return _derive(town_counts(DAY), _config())


def _wilson(count: int, n: int) -> list[float]:
    """Shares whose own chance variation just reaches the share found, in percent."""
    share, square = count / n, _Z**2 / n
    return sorted(100 * np.roots([1 + square, -(2 * share + square), share**2]))


@pytest.mark.parametrize(
    ("kind", "area_id", "item", "group", "count", "n"),
    [
        ("quartier", "11", "sgb2_share", "all", 90, 300),
        ("quartier", "11", "migration_share", "u18", 45, 75),
        ("district", "1", "sgb2_share", "u18", 43, 131),
        ("city", "99999000", "sgb2_share", "all", 137, 712),
        ("block", "1301", "migration_share", "all", 18, 80),
    ],
)
def test_shares_of_every_kind_and_group(
    cells: pd.DataFrame, kind: str, area_id: str, item: str, group: str, count: int, n: int
) -> None:
    found = [
        _cell(cells, kind, area_id, f"{item}.{b}", group)["value"] for b in ("low", "high")
    ]
    assert found == pytest.approx(_wilson(count, n), abs=1e-9)


def test_densities_by_byar(cells: pd.DataFrame) -> None:
    """300 residents on two hectares."""
    low, high = (
        _cell(cells, "quartier", "11", f"density.{b}", "all")["value"] for b in ("low", "high")
    )
    assert low == pytest.approx(300 * (1 - 1 / 2700 - _Z / (3 * 300**0.5)) ** 3 / 2)
    assert high == pytest.approx(301 * (1 - 1 / 2709 + _Z / (3 * 301**0.5)) ** 3 / 2)


def test_every_shown_rate_and_no_other_has_bounds_around_it(cells: pd.DataFrame) -> None:
    keys = ["kind", "area_id", "group"]
    for item in town_config().indicators.indicators:
        own, low, high = (
            cells[cells["item"] == name].set_index(keys).sort_index()
            for name in (item, f"{item}.low", f"{item}.high")
        )
        assert own.index.equals(low.index)
        assert own.index.equals(high.index)
        assert list(own["status"]) == list(low["status"]) == list(high["status"])
        shown = own["status"] == Status.PUBLISHED
        assert (low["value"][shown] <= own["value"][shown]).all()
        assert (own["value"][shown] <= high["value"][shown]).all()
        assert low["value"][~shown].isna().all()
        assert high["value"][~shown].isna().all()


def test_a_hidden_count_hides_its_interval() -> None:
    gap = Gap(Kind.QUARTIER, ("11",), "migrants", Group.ALL)
    cells = _derive(with_gaps(town_counts(DAY), [gap]), _config())
    for item in ("migration_share.low", "need_level.low"):
        cell = _cell(cells, "quartier", "11", item, "all")
        assert np.isnan(cell["value"])
        assert cell["reason"] == Reason.CONFIDENTIAL


def test_levels_are_those_of_the_moved_values_with_the_parameters_held(
    cells: pd.DataFrame,
) -> None:
    """Naive: put one value at a bound, freeze mean and spread, classify again."""
    config = _config()
    rule = rule_of(config.levels, "need", Group.ALL)
    own = cells[(cells["kind"] == "quartier") & (cells["group"] == "all")]
    values = own[own["item"].isin(rule.items)]
    residents = own[own["item"] == "residents"]
    city = cells[(cells["kind"] == "city") & (cells["group"] == "all")]
    frozen = replace(rule, base_date=date(2000, 1, 1), robustness=None)
    parameters = dict(zip(city["item"], city["value"], strict=True))
    official = own[own["item"] == "need_level"].set_index("area_id")["value"]
    assert official.notna().sum() == 4
    for area_id, level in official.dropna().items():
        reached = [level]
        for item in rule.items:
            for bound in ("low", "high"):
                moved = values.copy()
                is_cell = (moved["area_id"] == area_id) & (moved["item"] == item)
                at = _cell(cells, "quartier", str(area_id), f"{item}.{bound}", "all")
                moved.loc[is_cell, "value"] = at["value"]
                again = level_items(moved, residents, frozen, DAY, parameters)
                is_level = (again["area_id"] == area_id) & (again["item"] == "need_level")
                reached.append(again.loc[is_level, "value"].item())
        for part, expected in (("low", min(reached)), ("high", max(reached))):
            found = _cell(cells, "quartier", str(area_id), f"need_level.{part}", "all")
            assert found["value"] == expected, (area_id, part)


def test_some_level_moves(cells: pd.DataFrame) -> None:
    wide = cells[cells["item"].isin(["need_level.low", "need_level.high"])]
    wide = wide.pivot(index=["area_id", "group"], columns="item", values="value").dropna()
    assert (wide["need_level.low"] < wide["need_level.high"]).any()


def test_without_confidence_nothing_is_there_and_nothing_else_moves(
    cells: pd.DataFrame,
) -> None:
    plain = _derive(town_counts(DAY), town_config())
    assert not plain["item"].str.contains(_BOUND).any()
    others = cells[~cells["item"].str.contains(_BOUND)].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, plain)


def test_other_methods_have_intervals_and_no_level_range() -> None:
    parts = [{"id": "density"}, {"id": "sgb2_share"}]
    config = _config(need={"all": {"method": "percentile", "indicators": parts}})
    items = set(_derive(town_counts(DAY), config)["item"])
    assert "sgb2_share.low" in items
    assert "need_level.low" not in items


def test_carried_values_make_estimated_ranges() -> None:
    config = _config(provisional="carry_forward")
    earlier = _derive(town_counts(DAY), config)
    later = date(2024, 12, 31)
    keys = tuple(sorted({block[:2] for block in BLOCKS}))
    gap = Gap(Kind.QUARTIER, keys, "sgb2", Group.ALL, Status.MISSING, Reason.PENDING)
    base = with_gaps(town_counts(later), [gap])
    cells = derive_cells(base, config.published(), later, {DAY: earlier})
    assert _cell(cells, "quartier", "11", "need_level.low", "all")["status"] == "estimated"
    assert _cell(cells, "quartier", "11", "sgb2_share.low", "all")["status"] == "missing"


def test_verify_rebuilds_the_bounds(tmp_path: Path) -> None:
    path = write_town(tmp_path, town_info(_config(), DAY), town_counts(DAY))
    verify_release(path, town_areas(), None, {})


@pytest.mark.parametrize("item", ["sgb2_share.low", "density.high", "need_level.high"])
def test_a_changed_bound_is_refused(tmp_path: Path, item: str) -> None:
    info = town_info(_config(), DAY)
    path = write_town(tmp_path / "true", info, town_counts(DAY))
    cells = open_release(path).cells
    is_cell = (cells["item"] == item) & (cells["area_id"] == "11")
    assert is_cell.any()
    forged = cells.assign(value=cells["value"].mask(is_cell, 3.25))
    forged_path = tmp_path / "forged" / path.name
    write_release(forged_path, ReleaseContent(info, forged, town_areas()))
    with pytest.raises(ReleaseError, match=r"cells\.parquet"):
        verify_release(forged_path, town_areas(), None, {})


def test_keys_stay_unique_and_sorted(cells: pd.DataFrame) -> None:
    assert not cells.duplicated(list(CELL_KEY)).any()


def test_a_city_with_ready_made_indicators_alone_has_no_intervals() -> None:
    tables: Any = town_tables()
    for name in ("density", "migration_share", "sgb2_share"):
        one = tables["indicators"]["indicators"][name]
        del one["numerator"], one["denominator"]
        one["is_delivered"] = True
    tables["levels"]["confidence"] = 0.95
    ready = town_counts(DAY)
    shares = derive_cells(ready, town_config().published(), DAY, {})
    base = pd.concat([ready, shares[shares["item"].isin(tables["indicators"]["indicators"])]])
    cells = _derive(base, CityConfig.model_validate(tables))
    assert not cells["item"].str.contains(_BOUND).any()
    assert cells.loc[cells["item"] == "need_level", "value"].notna().any()
