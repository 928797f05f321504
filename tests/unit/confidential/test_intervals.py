"""Intervals from deliveries to a verified release: off by default, nothing else moves."""

from pathlib import Path
from typing import Any

from atlas.confidential.desk import Desk
from atlas.confidential.publish import verify
from atlas.confidential.run import run
from atlas.release import Release, list_releases, open_release
from tests.town_office import make_office, put_all

_BOUNDS = r"\.(?:low|high)$"


def _ask_for_intervals(tables: dict[str, Any]) -> None:
    tables["levels"]["confidence"] = 0.95


def _published(office: Desk) -> Release:
    put_all(office)
    run(office, "")
    (ref,) = list_releases(office.releases_dir)
    return open_release(ref.path)


def test_intervals_follow_from_what_is_published(tmp_path: Path) -> None:
    office = make_office(tmp_path / "with", _ask_for_intervals)
    release = _published(office)
    verify(office, release.path)
    is_bound = release.cells["item"].str.contains(_BOUNDS)
    shown = release.cells[is_bound & release.cells["value"].notna()]
    assert {"quartier", "district", "city"} <= {*shown["kind"]}
    assert {"need_level.low", "need_level.high"} <= {*shown["item"]}
    plain = _published(make_office(tmp_path / "without"))
    others = release.cells[~is_bound].reset_index(drop=True)
    assert others.equals(plain.cells)
    assert not plain.cells["item"].str.contains(_BOUNDS).any()
