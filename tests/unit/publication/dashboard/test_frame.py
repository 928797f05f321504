import gc
import os
import weakref
from datetime import date
from pathlib import Path

import pytest

from atlas.errors import ReleaseError
from atlas.publication.dashboard import frame
from atlas.publication.dashboard.frame import chosen_city, city_dirs, find_context
from tests.factories import town_config, town_counts, town_info, write_town

pytestmark = pytest.mark.usefixtures("planner")

_DAY = date(2023, 12, 31)


def test_no_city_without_a_release(tmp_path: Path) -> None:
    assert city_dirs(tmp_path) == []
    (tmp_path / "releases" / "leer").mkdir(parents=True)
    (tmp_path / "releases" / "notiz.txt").write_text("x", encoding="utf-8")
    assert city_dirs(tmp_path) == []


def test_cities_are_those_with_releases(tmp_path: Path) -> None:
    write_town(tmp_path / "releases", town_info(town_config(), _DAY), town_counts(_DAY))
    assert city_dirs(tmp_path) == ["musterstadt"]


def test_release_that_may_not_be_read_takes_nothing_else_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights are asked for, not tried: tests may run as an account that may read everything."""
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    for day in (_DAY, date(2024, 12, 31)):
        write_town(tmp_path / "releases", town_info(town_config(), day), town_counts(day))
    closed = tmp_path / "releases" / "musterstadt" / "2024-12-31.1"
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != closed and access(path, mode))
    context = find_context()
    assert context is not None
    assert [ref.name for ref in context.refs] == [f"{_DAY}.1"]
    assert context.closed == ("2024-12-31.1",)


def test_asked_city_is_taken_if_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATLAS_CITY", raising=False)
    assert chosen_city(["berlin", "flensburg"], "flensburg") == "flensburg"
    assert chosen_city(["berlin", "flensburg"], "wuppertal") == "berlin"
    assert chosen_city(["berlin", "flensburg"], None) == "berlin"


def test_house_with_one_city_leaves_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_CITY", "flensburg")
    assert chosen_city(["berlin", "flensburg"], "berlin") == "flensburg"
    monkeypatch.setenv("ATLAS_CITY", "bonn")
    with pytest.raises(ReleaseError, match="ATLAS_CITY"):
        chosen_city(["berlin", "flensburg"], "berlin")


def test_opened_release_is_out_of_searches_for_garbage_and_goes_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    write_town(tmp_path / "releases", town_info(town_config(), _DAY), town_counts(_DAY))
    context = find_context()
    assert context is not None
    before = gc.get_freeze_count()
    seen = weakref.ref(context.seen)
    assert gc.get_freeze_count() > before
    gc.disable()
    try:
        frame._see.clear()
        assert seen() is None
    finally:
        gc.enable()
