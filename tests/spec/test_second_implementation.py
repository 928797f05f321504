"""``method.md`` is the whole specification: a second program reproduces releases from it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.spec.made_up_town import DAYS, levels_of, publish_town
from tests.spec.second_implementation import compare

_PARTS = [
    {"id": "density", "weight": 0.7, "direction": "less"},
    {"id": "migration_share", "weight": 1.2345678},
    {"id": "sgb2_share"},
]
_CHANGES = [{"id": "migration_share", "weight": 2}, {"id": "sgb2_share", "direction": "less"}]


def _scale(method: str, **options: Any) -> dict[str, Any]:
    own = {"cuts": [15.0, 30.5]} if method == "fixed" else {}
    return {"method": method, "indicators": [{**part, **own} for part in _PARTS], **options}


def _need(method: str, **options: Any) -> dict[str, Any]:
    scale = _scale(method, **options)
    children = [part for part in scale["indicators"] if part["id"] != "density"]
    return {"all": scale, "u18": {**scale, "indicators": children}}


def _assert_reproduced(paths: list[Path]) -> int:
    compared = 0
    for path in paths:
        verdict = compare(path)
        assert verdict.different == []
        compared += sum(verdict.compared.values())
    return compared


METHODS = ("zscore", "quantile", "fixed", "percentile", "rank_exponential")
STANDARDISING = METHODS[:2]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sd", ["population", "sample"])
def test_every_method(method: str, sd: str, tmp_path: Path) -> None:
    levels = levels_of(_need(method, sd=sd), min_residents=40)
    paths = publish_town(tmp_path, levels, seed=1, days=DAYS[:1])
    assert _assert_reproduced(paths) > 300


@pytest.mark.parametrize("method", STANDARDISING)
@pytest.mark.parametrize("mean_base", ["area_mean", "city_value"])
@pytest.mark.parametrize("base_date", [DAYS[0], DAYS[-1], date(2011, 12, 31)])
def test_a_frozen_scale(method: str, mean_base: str, base_date: date, tmp_path: Path) -> None:
    need = _need(method, mean_base=mean_base, base_date=base_date, cuts=[0.2, 0.4, 0.8])
    assert _assert_reproduced(publish_town(tmp_path, levels_of(need), seed=2)) > 300


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("provisional", ["no_level", "carry_forward"])
def test_an_indicator_that_is_late(method: str, provisional: str, tmp_path: Path) -> None:
    options = {"mean_base": "city_value"} if method in STANDARDISING else {}
    levels = levels_of(_need(method, **options), provisional=provisional)
    paths = publish_town(tmp_path, levels, seed=3, late=True)
    assert _assert_reproduced(paths) > 300
    is_estimated = "fortgeschrieben" in (paths[-1] / "cells.csv").read_text(encoding="utf-8")
    assert is_estimated == (provisional == "carry_forward")


@pytest.mark.parametrize("method", STANDARDISING)
@pytest.mark.parametrize("span_years", [2, 3])
@pytest.mark.parametrize("regrown", [False, True])
def test_dynamics(method: str, span_years: int, regrown: bool, tmp_path: Path) -> None:
    scale = {"method": method, "sd": "sample", "span_years": span_years}
    dynamic = {group: {**scale, "indicators": _CHANGES} for group in ("all", "u18")}
    levels = levels_of(_need("zscore"), min_residents=60, dynamic=dynamic)
    paths = publish_town(tmp_path, levels, seed=4, regrown=regrown)
    assert _assert_reproduced(paths) > 300


@pytest.mark.parametrize("method", METHODS)
def test_levels_that_were_delivered(method: str, tmp_path: Path) -> None:
    paths = publish_town(
        tmp_path, levels_of(_need(method)), seed=5, days=DAYS[:1], delivered=True
    )
    assert _assert_reproduced(paths) > 300
