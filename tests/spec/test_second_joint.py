"""The second program draws every replication again, and looks back on provisional levels."""

from pathlib import Path

import pytest

from tests.spec.made_up_town import DAYS_OF_YEARS, levels_of, publish_town
from tests.spec.second_implementation import compare
from tests.spec.test_second_implementation import (
    _CHANGES,
    _assert_reproduced,
    _assert_told,
    _need,
    _scale,
)

_EVERY = ["method", "chance", "carried"]


@pytest.mark.parametrize(
    ("method", "factors"),
    [("zscore", _EVERY), ("quantile", ["method", "chance"]), ("quantile", ["carried"])],
)
def test_joint_robustness(method: str, factors: list[str], tmp_path: Path) -> None:
    """Every replication is drawn again: shares, ranks, words and drivers are the same."""
    robustness = {"replications": 1000, "factors": factors, "seed": 7}
    others = {"provisional": "carry_forward", "robustness": robustness}
    levels = levels_of(_need(method, sd="sample", mean_base="city_value"), **others)
    paths = publish_town(tmp_path, levels, seed=3, days=DAYS_OF_YEARS, late=True)
    assert _assert_reproduced(paths[-1:]) > 300
    assert compare(paths[-1]).compared["need driver"] == 28


def test_joint_robustness_of_dynamics(tmp_path: Path) -> None:
    robustness = {"replications": 1000, "factors": ["chance", "method"], "dynamic": True}
    dynamic = {"u18": {"span_years": 3, "indicators": _CHANGES}}
    others = {"robustness": robustness, "dynamic": dynamic}
    levels = levels_of({"all": _scale("fixed")}, **others)
    paths = publish_town(tmp_path, levels, seed=4)
    assert _assert_reproduced(paths[-1:]) > 300
    assert compare(paths[-1]).compared["dynamic driver"] == 14


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("method", ["zscore", "fixed"])
def test_what_provisional_levels_were_worth(method: str, late: bool, tmp_path: Path) -> None:
    levels = levels_of(_need(method), hindcast=["sgb2_share"], min_residents=40)
    paths = publish_town(tmp_path, levels, seed=12, late=late)
    assert _assert_reproduced(paths) > 300
    assert compare(paths[-1]).compared["need hindcast"] == 28
    cells = (paths[-1] / "cells.csv").read_text(encoding="utf-8")
    assert ("fortgeschrieben" in cells) == (not late)


def test_what_uncertain_provisional_levels_were_worth(tmp_path: Path) -> None:
    robustness = {"replications": 1000, "factors": ["chance", "carried"]}
    others = {"provisional": "carry_forward", "robustness": robustness}
    levels = levels_of(_need("zscore"), hindcast=["sgb2_share"], **others)
    paths = publish_town(tmp_path, levels, seed=13, days=DAYS_OF_YEARS)
    assert _assert_reproduced(paths[-1:]) > 300
    assert compare(paths[-1]).compared["need hindcast_unsure"] == 2


def test_a_lie_about_draws_is_noticed(tmp_path: Path) -> None:
    robustness = {"replications": 1000, "factors": ["chance", "carried"]}
    others = {"provisional": "carry_forward", "robustness": robustness}
    levels = levels_of(_need("zscore"), **others)
    path = publish_town(tmp_path, levels, seed=10, days=DAYS_OF_YEARS, late=True)[-1]
    spans = "2021-12-31.1 und 2022-12-31.1"
    for true, lie in (
        ("Startwert 1,", "Startwert 2,"),
        (spans, "2020-12-31.1 und 2022-12-31.1"),
        ("dabei schwankt jede Anzahl zufällig, schwankt", "dabei schwankt"),
    ):
        _assert_told(path, true, lie)
