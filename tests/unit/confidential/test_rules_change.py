"""A new rule leaves the past as it was; at its first date both rules are computed."""

import filecmp
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.publish import verify
from atlas.confidential.run import run
from atlas.release import Release, list_releases, open_release, read_cells
from tests.town_office import make_office, make_small, put_small

DAYS = (date(2021, 12, 31), date(2022, 12, 31), date(2023, 12, 31))
SECOND, THIRD = DAYS[1:]
NEW_NEED = {"all": {"cuts": [-9.0, -8.0, -7.0], "indicators": [{"id": "sgb2_share"}]}}


def _with_edition(day: date) -> Callable[[dict[str, Any]], None]:
    def change(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["levels"]["editions"] = [{"id": day, "need": NEW_NEED, "min_residents": 50}]

    return change


def _publish(root: Path, change: Callable[[dict[str, Any]], object]) -> Desk:
    office = make_office(root, change)
    for day in DAYS:
        put_small(office, day)
    run(office, "")
    return office


def _release(office: Desk, day: date) -> Release:
    (ref,) = [one for one in list_releases(office.releases_dir) if one.reference_date == day]
    return open_release(ref.path)


def _levels(cells: pd.DataFrame, item: str) -> dict[str, float]:
    rows = cells[(cells["item"] == item) & (cells["kind"] == "quartier")]
    rows = rows.dropna(subset="value")
    return dict(zip(rows["area_id"], rows["value"], strict=True))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return _publish(tmp_path_factory.mktemp("plain"), make_small)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return _publish(tmp_path_factory.mktemp("changed"), _with_edition(SECOND))


def test_at_the_first_date_the_levels_of_both_rules_are_published(
    plain: Desk, changed: Desk
) -> None:
    release = _release(changed, SECOND)
    former = _levels(release.cells, "need_level.former")
    assert former == _levels(_release(plain, SECOND).cells, "need_level")
    assert former != _levels(release.cells, "need_level")
    verify(changed, release.path)


def test_dates_before_and_after_know_one_rule(plain: Desk, changed: Desk) -> None:
    for day in (DAYS[0], THIRD):
        release = _release(changed, day)
        assert not release.cells["item"].str.endswith(".former").any()
        assert release.info.config.former is None
        assert release.info.config.levels.editions == ()
    old = _release(changed, DAYS[0])
    assert old.info.config.levels == _release(plain, DAYS[0]).info.config.levels


def test_a_rule_that_comes_later_leaves_the_past_as_it_was(tmp_path: Path) -> None:
    office = _publish(tmp_path, make_small)
    before = {ref.name for ref in list_releases(office.releases_dir)}
    office = make_office(tmp_path, _with_edition(THIRD))
    result = run(office, "")
    assert [one.info.name for one in result.published] == [f"{THIRD}.2"]
    after = {ref.name for ref in list_releases(office.releases_dir)}
    assert after - before == {f"{THIRD}.2"}
    assert run(office, "").is_nothing_new
    assert "need_level.former" in {*read_cells(office.releases_dir / f"{THIRD}.2")["item"]}


def test_same_rule_under_a_new_date_gives_the_same_bytes(tmp_path: Path, plain: Desk) -> None:
    def repeat(tables: dict[str, Any]) -> None:
        make_small(tables)
        own = {key: value for key, value in tables["levels"].items() if key != "format"}
        tables["levels"]["editions"] = [{"id": date(2021, 1, 1), **own}]

    office = _publish(tmp_path, repeat)
    for day in DAYS:
        one, other = _release(plain, day).path, _release(office, day).path
        names = ["cells.csv", "cells.parquet", "changes.csv", "method.md"]
        assert filecmp.cmpfiles(one, other, names, shallow=False)[0] == names
