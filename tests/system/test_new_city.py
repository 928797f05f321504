"""A city added by the steps of docs/neue-stadt.md alone, outside of the project."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from atlas.release import open_release
from tests.command import PROJECT_DIR
from tests.system.town_guide import (
    NAMES,
    SMALL_BLOCKS,
    read_guide,
    write_boundaries,
    write_deliveries,
)


@pytest.fixture(scope="module")
def town_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which somebody has followed the guide to its end."""
    directory = tmp_path_factory.mktemp("new_city")
    guide = read_guide()
    assert len(guide.files) == 6
    write_boundaries(directory / "grenzen")
    write_deliveries(directory / "lieferungen", guide.samples)
    (directory / "musterstadt").mkdir()
    for name, text in guide.files.items():
        (directory / name).write_text(text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", guide.commands],
        cwd=directory,
        env={"PATH": path, "HOME": str(directory), "COLUMNS": "200"},
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return directory


def test_short_way_leads_to_a_release_without_a_line_of_toml(town_dir: Path) -> None:
    release = open_release(town_dir / "entwurf/var/releases/musterstadt/2024-12-31.1")
    assert release.info.state == "final"
    kinds = release.cells.groupby("kind")["area_id"].nunique()
    assert (kinds["block"], kinds["quartier"]) == (80, 4)
    levels = release.cells[release.cells["item"] == "need_level"]
    assert levels["value"].notna().any()


@pytest.fixture(scope="module")
def cells(town_dir: Path) -> pd.DataFrame:
    return open_release(town_dir / "var/releases/musterstadt/2024-12-31.1").cells


def test_guide_leads_to_a_final_release(town_dir: Path, cells: pd.DataFrame) -> None:
    assert not town_dir.is_relative_to(PROJECT_DIR)
    release = open_release(town_dir / "var/releases/musterstadt/2024-12-31.1")
    assert release.info.state == "final"
    assert release.info.missing == ()
    assert not list((town_dir / "var/inbox").iterdir())


def test_every_quartier_has_a_level(cells: pd.DataFrame) -> None:
    levels = cells[(cells["item"] == "need_level") & (cells["group"] == "all")]
    quartiere = levels[levels["kind"] == "quartier"]
    assert set(quartiere["area_id"]) == set(NAMES)
    assert (quartiere["status"] == "published").all()


def test_half_of_the_block_tables_survive_the_whole_table_rule(cells: pd.DataFrame) -> None:
    counts = cells[
        (cells["kind"] == "block") & cells["item"].isin(["residents", "migrants"])
    ].assign(quartier=lambda frame: frame["area_id"].str[:2])
    tables = counts.groupby(["quartier", "group", "item"])["status"].agg(set)
    assert len(tables) == 16
    shown = [key for key, states in tables.items() if states == {"published"}]
    assert {quartier for quartier, _, _ in shown} == {"01", "02"}
    assert len(shown) == 8
    assert all(states == {"suppressed"} for states in tables.loc[["03", "04"]])


def test_no_count_of_the_two_small_blocks_is_published(cells: pd.DataFrame) -> None:
    small = cells[cells["area_id"].isin(SMALL_BLOCKS) & (cells["item"] != "area_ha")]
    assert len(small) > 0
    assert small["value"].isna().all()


def test_quartier_values_are_not_hidden_to_protect_blocks(cells: pd.DataFrame) -> None:
    counts = cells[
        (cells["kind"] == "quartier") & cells["item"].isin(["residents", "migrants"])
    ]
    assert (counts["status"] == "published").all()
    residents = counts[(counts["item"] == "residents") & (counts["group"] == "all")]
    assert dict(zip(residents["area_id"], residents["value"], strict=True)) == {
        "01": 20 * 40.0,
        "02": 20 * 41.0,
        "03": 19 * 42.0 + 2,
        "04": 19 * 43.0 + 2,
    }
