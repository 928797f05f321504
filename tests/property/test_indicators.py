"""What holds for every indicator, whatever the counts."""

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.config import ProtectionRules
from atlas.indicators import indicator_cells
from atlas.terms import Reason, Status
from tests.factories import DAY, Gap, town_config, town_counts, with_gaps

CONFIG = town_config()
INDICATORS = CONFIG.indicators
BASE = town_counts(DAY)
KEY = ["kind", "area_id", "group", "item"]
HIDDEN = (
    (Status.SUPPRESSED, Reason.CONFIDENTIAL),
    (Status.WITHHELD, Reason.SUPPLIER),
    (Status.MISSING, Reason.PENDING),
    (Status.UNAVAILABLE, Reason.NOT_DELIVERED),
)
# Everything but the area and the blocks that have no SGB II anyway.
OPEN = BASE[(BASE["item"] != "area_ha") & (BASE["status"] == "published")]
gaps = st.lists(st.tuples(st.integers(0, len(OPEN) - 1), st.sampled_from(HIDDEN)), max_size=12)


def _with(chosen: list[tuple[int, tuple[Status, Reason]]]) -> pd.DataFrame:
    rows = [
        Gap(row["kind"], (row["area_id"],), row["item"], row["group"], *why)
        for place, why in chosen
        for row in [OPEN.iloc[place]]
    ]
    return with_gaps(BASE, rows)


def _compute(base: pd.DataFrame, min_denominator: int = 10) -> pd.DataFrame:
    rules = ProtectionRules(format=1, min_denominator=min_denominator)
    cells = indicator_cells(base, INDICATORS, rules)
    return cells.sort_values(KEY, ignore_index=True)


@settings(max_examples=10, deadline=None)
@given(gaps, st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(chosen: Any, random: Any) -> None:
    base = _with(chosen)
    order = list(range(len(base)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(_compute(base), _compute(base.iloc[order]))


@settings(max_examples=10, deadline=None)
@given(gaps)
def test_every_area_has_a_cell_with_a_value_or_a_reason(chosen: Any) -> None:
    cells = _compute(_with(chosen))
    wanted = sum(len(one.groups) for one in INDICATORS.indicators.values())
    assert len(cells) == wanted * BASE[["kind", "area_id"]].drop_duplicates().shape[0]
    assert not cells[KEY].duplicated().any()
    has_value = cells["value"].notna()
    assert (has_value == (cells["status"] == str(Status.PUBLISHED))).all()
    assert (has_value == (cells["reason"] == "")).all()
    assert np.isfinite(cells["value"].dropna()).all()


@settings(max_examples=10, deadline=None)
@given(gaps, st.floats(-1e6, 1e6))
def test_a_hidden_count_never_shows_in_any_indicator(chosen: Any, other: float) -> None:
    """Whatever stands in a cell that is no longer published, nothing follows from it."""
    base = _with(chosen)
    is_hidden = base["status"] != str(Status.PUBLISHED)
    forged = base.assign(value=base["value"].mask(is_hidden, other))
    pd.testing.assert_frame_equal(_compute(base), _compute(forged))


@settings(max_examples=8, deadline=None)
@given(st.integers(2, 50))
def test_rates_depend_on_proportions_alone(factor: int) -> None:
    is_count = BASE["item"] != "area_ha"
    larger = BASE.assign(value=BASE["value"].mask(is_count, BASE["value"] * factor))
    one, other = _compute(BASE, 0), _compute(larger, 0)
    is_share = (one["item"] != "density") & one["value"].notna()
    np.testing.assert_allclose(one.loc[is_share, "value"], other.loc[is_share, "value"])
    is_density = (one["item"] == "density") & one["value"].notna()
    np.testing.assert_allclose(
        one.loc[is_density, "value"] * factor, other.loc[is_density, "value"]
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400))
def test_a_stricter_limit_never_shows_more(low: int, high: int) -> None:
    low, high = sorted((low, high))
    loose, strict = _compute(BASE, low), _compute(BASE, high)
    shown = strict["value"].notna()
    assert loose.loc[shown, "value"].notna().all()
    np.testing.assert_array_equal(loose.loc[shown, "value"], strict.loc[shown, "value"])


def test_the_city_lies_between_its_quartiere() -> None:
    """Rates are computed from sums of counts, so a larger area is a weighted mean."""
    cells = _compute(BASE, 0)
    cells = cells[cells["value"].notna() & (cells["group"] == "all")]
    for item in INDICATORS.indicators:
        values = cells[cells["item"] == item]
        parts = values.loc[values["kind"] == "quartier", "value"]
        whole = values.loc[values["kind"] == "city", "value"].iloc[0]
        # density: Stadtwald has nobody and is no part of the mean
        assert (parts.min() if item != "density" else 0) <= whole <= parts.max()
