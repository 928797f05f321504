"""From published counts to all cells: what leaves the comparison, and what other dates give."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from atlas.config import CityConfig
from atlas.config.groups import DEFAULT_GROUPS
from atlas.release import derive_cells, referred_dates
from atlas.terms import CELL_COLUMNS, Group, Kind, Reason, Status
from tests.factories import (
    CITY_KEY,
    DAY,
    Gap,
    town_config,
    town_counts,
    town_tables,
    with_gaps,
)

BEFORE = date(2022, 12, 31)
QUARTIERE = ("11", "12", "13", "21", "22", "23")


def _config(**levels: Any) -> CityConfig:
    tables: dict[str, Any] = town_tables()
    tables["levels"] |= levels
    return CityConfig.model_validate(tables)


def _derive(
    base: pd.DataFrame,
    config: CityConfig,
    day: date = DAY,
    earlier: dict[date, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    return derive_cells(base, config.published(), day, earlier or {})


def _cell(cells: pd.DataFrame, area_id: str, item: str, group: str = "all") -> pd.Series:
    kind = "city" if area_id == CITY_KEY else "quartier"
    is_cell = (cells["kind"] == kind) & (cells["area_id"] == area_id)
    return cells[is_cell & (cells["item"] == item) & (cells["group"] == group)].squeeze()


def _levels(cells: pd.DataFrame, group: str = "all") -> dict[str, Any]:
    """Level of each Quartier, or the reason why it has none."""
    found = {}
    for area_id in QUARTIERE:
        cell = _cell(cells, area_id, "need_level", group)
        found[area_id] = cell["reason"] if np.isnan(cell["value"]) else int(cell["value"])
    return found


PENDING = [
    Gap(kind, keys, "sgb2", group, Status.MISSING, Reason.PENDING)
    for group in DEFAULT_GROUPS
    for kind, keys in (
        (Kind.QUARTIER, QUARTIERE),
        (Kind.DISTRICT, ("1", "2")),
        (Kind.CITY, (CITY_KEY,)),
    )
]


def test_levels_of_the_town() -> None:
    cells = _derive(town_counts(DAY), _config())
    assert _levels(cells) == {
        "11": 4,
        "12": 2,
        "13": 1,
        "21": 1,
        "22": "zu_wenige_einwohner",
        "23": "unbewohnt",
    }
    # 150, 100, 50, 50: mean 87.5, population sd √1718.75
    assert _cell(cells, CITY_KEY, "density.mean")["value"] == 87.5
    assert _cell(cells, CITY_KEY, "density.sd")["value"] == pytest.approx(1718.75**0.5)
    assert _cell(cells, "11", "density.z")["value"] == pytest.approx(62.5 / 1718.75**0.5)


def test_a_hidden_count_takes_its_area_out_of_mean_and_sd() -> None:
    gaps = [Gap(Kind.QUARTIER, ("13",), "migrants", Group.ALL)]
    cells = _derive(with_gaps(town_counts(DAY), gaps), _config())
    assert _levels(cells)["13"] == "geheim"
    assert _cell(cells, "13", "migration_share")["status"] == Status.SUPPRESSED
    # 150, 100, 50 are left
    assert _cell(cells, CITY_KEY, "density.mean")["value"] == 100
    assert _levels(cells, "u18")["13"] == 1


@pytest.mark.parametrize("other", [0.0, 17.0, 80.0])
def test_nothing_follows_from_a_hidden_count(other: float) -> None:
    """Whatever the true number is, every cell of the release is the same."""
    gaps = [Gap(Kind.QUARTIER, ("13", "21"), "migrants", Group.ALL)]
    base = with_gaps(town_counts(DAY), gaps)
    forged = base.assign(value=base["value"].mask(base["status"] == "suppressed", other))
    honest, tried = _derive(base, _config()), _derive(forged, _config())
    is_hidden = (honest["status"] == "suppressed") & (honest["item"] == "migrants")
    pd.testing.assert_frame_equal(honest[~is_hidden], tried[~is_hidden])


def test_no_level_before_every_required_indicator_is_there() -> None:
    cells = _derive(with_gaps(town_counts(DAY), PENDING), _config())
    levels = _levels(cells)
    assert {levels[area_id] for area_id in ("11", "12", "13", "21")} == {"ausstehend"}
    assert _cell(cells, "11", "density")["status"] == "published"


def test_every_area_has_every_item_of_its_kind() -> None:
    cells = _derive(with_gaps(town_counts(DAY), PENDING), _config())
    assert list(cells.columns) == list(CELL_COLUMNS)
    for (_, _), part in cells.groupby(["kind", "group"]):
        assert part.groupby("area_id")["item"].nunique().nunique() == 1


def test_derived_items_are_computed_anew() -> None:
    """A forged level among the given cells does not survive."""
    cells = _derive(town_counts(DAY), _config())
    forged = cells.assign(value=cells["value"].mask(cells["item"] == "need_level", 1.0))
    pd.testing.assert_frame_equal(_derive(forged, _config()), cells)


# ---- other reference dates ----------------------------------------------------------------


def test_levels_carried_forward_are_estimates() -> None:
    config = _config(provisional="carry_forward")
    before = _derive(town_counts(BEFORE), config, BEFORE)
    base = with_gaps(town_counts(DAY), PENDING)
    cells = _derive(base, config, earlier={BEFORE: before})
    level = _cell(cells, "11", "need_level")
    assert (level["value"], level["status"], level["reason"]) == (
        4,
        "estimated",
        "fortgeschrieben",
    )
    share = _cell(cells, "11", "sgb2_share")
    assert (share["status"], share["reason"]) == ("missing", "ausstehend")


def test_without_an_earlier_date_nothing_is_carried_forward() -> None:
    config = _config(provisional="carry_forward")
    cells = _derive(with_gaps(town_counts(DAY), PENDING), config)
    assert _levels(cells)["11"] == "ausstehend"


def _need(**scale: Any) -> dict[str, Any]:
    parts = [{"id": "density"}, {"id": "migration_share"}, {"id": "sgb2_share"}]
    return {"need": {"all": {"indicators": parts, **scale}}}


def test_a_base_date_that_is_not_published_leaves_everybody_without_level() -> None:
    config = _config(**_need(base_date=BEFORE))
    assert _levels(_derive(town_counts(DAY), config))["11"] == "bezugswert_fehlt"


def test_with_a_frozen_base_a_level_follows_the_old_mean() -> None:
    config = _config(**_need(base_date=BEFORE))
    before = _derive(town_counts(BEFORE), config, BEFORE)
    base = town_counts(DAY)
    is_more = (base["item"] == "residents") & (base["kind"] == "quartier")
    base.loc[is_more & (base["area_id"] == "21") & (base["group"] == "all"), "value"] = 150.0
    cells = _derive(base, config, earlier={BEFORE: before})
    assert _cell(cells, CITY_KEY, "density.mean")["value"] == 87.5
    assert _cell(cells, "21", "density.z")["value"] == pytest.approx(-12.5 / 1718.75**0.5)


def _dynamic(**scale: Any) -> dict[str, Any]:
    parts = [{"id": "migration_share"}]
    return {"dynamic": {"all": {"indicators": parts, "span_years": 1, **scale}}}


def test_dynamics_follow_the_change_over_the_span() -> None:
    config = _config(**_dynamic())
    old = town_counts(BEFORE)
    migrants = (
        (old["item"] == "migrants") & (old["group"] == "all") & (old["kind"] == "quartier")
    )
    # before: 35 %, 25 %, 23 %, 14 %; now 45, 25, 23, 10: changes +10, 0, 0, −4
    for area_id, n in (("11", 105.0), ("21", 14.0)):
        old.loc[migrants & (old["area_id"] == area_id), "value"] = n
    before = _derive(old, config, BEFORE)
    cells = _derive(town_counts(DAY), config, earlier={BEFORE: before})
    changes = [_cell(cells, a, "migration_share.change")["value"] for a in ("11", "12", "21")]
    assert changes == pytest.approx([10, 0, -4])
    levels = [_cell(cells, area, "dynamic_level")["value"] for area in ("11", "12", "13", "21")]
    assert levels == [3, 2, 2, 1]
    # mean 1.5, squared deviations 72.25, 2.25, 2.25 and 30.25
    index = _cell(cells, "21", "dynamic_index")["value"]
    assert index == pytest.approx(-5.5 / 26.75**0.5)


def test_dynamics_leave_out_who_was_too_few_at_the_earlier_date() -> None:
    """40 of the 50 residents that the rule asks for: 25 % then, 10 % now, and no news."""
    config = _config(**_dynamic())
    old = town_counts(BEFORE)
    is_people = (old["item"] == "residents") & (old["group"] == "all")
    old.loc[is_people & (old["kind"] == "quartier") & (old["area_id"] == "21"), "value"] = 40.0
    before = _derive(old, config, BEFORE)
    cells = _derive(town_counts(DAY), config, earlier={BEFORE: before})
    for item in ("migration_share.change", "dynamic_level"):
        cell = _cell(cells, "21", item)
        told = (cell["status"], cell["reason"])
        assert told == ("not_classified", "damals_zu_wenige_einwohner")
        assert np.isnan(cell["value"])
    assert _cell(cells, "21", "need_level")["value"] == 1
    assert _cell(cells, "12", "migration_share.change")["value"] == 0


def test_dynamics_around_the_change_of_the_whole_city() -> None:
    """Migrants of the city: 30 more of 712; the mean of the four changes is another."""
    config = _config(**_dynamic(mean_base="city_value"))
    old = town_counts(BEFORE)
    is_city = (old["item"] == "migrants") & (old["group"] == "all") & (old["kind"] == "city")
    old.loc[is_city, "value"] -= 30
    is_old = (old["item"] == "migrants") & (old["group"] == "all") & (old["area_id"] == "11")
    old.loc[is_old & (old["kind"] == "quartier"), "value"] -= 30
    before = _derive(old, config, BEFORE)
    cells = _derive(town_counts(DAY), config, earlier={BEFORE: before})
    centre = _cell(cells, CITY_KEY, "migration_share.change.mean")["value"]
    assert centre == pytest.approx(100 * 30 / 712)
    assert _cell(cells, "11", "dynamic_level")["value"] == 3


def test_dynamics_without_the_earlier_date() -> None:
    cells = _derive(town_counts(DAY), _config(**_dynamic()))
    assert np.isnan(_cell(cells, "11", "dynamic_level")["value"])


def test_dynamics_need_the_same_area() -> None:
    config = _config(**_dynamic())
    old = town_counts(BEFORE)
    is_area = (
        (old["item"] == "area_ha") & (old["area_id"] == "11") & (old["kind"] == "quartier")
    )
    old.loc[is_area, "value"] = 2.1
    before = _derive(old, config, BEFORE)
    cells = _derive(town_counts(DAY), config, earlier={BEFORE: before})
    assert _cell(cells, "11", "dynamic_level")["reason"] == "nicht_vergleichbar"
    assert not np.isnan(_cell(cells, "12", "migration_share.change")["value"])


def test_the_same_indicator_twice_would_give_two_cells_with_one_key() -> None:
    """Without a span the dynamic index has the items of the need index."""
    with pytest.raises(ValidationError, match="span_years"):
        _config(dynamic={"all": {"indicators": [{"id": "migration_share"}]}})


YEARS = [date(year, 12, 31) for year in range(2019, 2024)]


@pytest.mark.parametrize(
    ("levels", "wanted"),
    [
        ({}, []),
        (_need(base_date=date(2021, 12, 31)), [date(2021, 12, 31)]),
        (_need(base_date=date(2011, 12, 31)), []),  # not published
        (_need(base_date=DAY), []),  # the date itself
        (_dynamic(span_years=2), [date(2021, 12, 31)]),
        (_dynamic(span_years=9), []),
        ({"provisional": "carry_forward"}, [BEFORE]),
        (
            {"provisional": "carry_forward", **_dynamic(span_years=3)},
            [date(2020, 12, 31), BEFORE],
        ),
    ],
)
def test_other_dates_that_are_needed(levels: dict[str, Any], wanted: list[date]) -> None:
    assert referred_dates(_config(**levels).published(), DAY, YEARS, is_waiting=True) == wanted


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2023, 2, 28), date(2022, 2, 28)),
        (date(2024, 2, 28), date(2023, 2, 28)),
        (date(2025, 3, 31), date(2024, 3, 31)),
    ],
)
def test_span_from_the_last_of_february(day: date, before: date) -> None:
    days = sorted({before, day, before.replace(day=27), before.replace(day=20)})
    config = _config(**_dynamic()).published()
    assert referred_dates(config, day, days, is_waiting=False) == [before]


def test_the_town_of_the_factories_is_configured() -> None:
    assert town_config().levels.provisional == "no_level"
