import fnmatch
import stat
from pathlib import Path

import pytest

from atlas.config import find_city_dir, load_city
from atlas.demo import DemoFiles, build_demo
from atlas.errors import ConfigError

SMALL = 0.02
DATA_DIR = Path(__file__).parents[3] / "atlas" / "demo" / "data"


def ignore_progress(step: str, done: int, total: int) -> None:
    pass


def content_of(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(small_home: Path, tmp_path: Path) -> None:
    build_demo("wuppertal", tmp_path, ignore_progress, size=SMALL)

    assert content_of(tmp_path) == content_of(small_home)


def test_another_seed_writes_another_town(small_home: Path, tmp_path: Path) -> None:
    build_demo("wuppertal", tmp_path, ignore_progress, size=SMALL, seed=7)

    other, first = content_of(tmp_path), content_of(small_home)
    assert other.keys() == first.keys()
    assert all(other[name] != first[name] for name in first)


def test_exactly_the_named_files_are_written(small_home: Path, small_files: DemoFiles) -> None:
    named = {*small_files.inbox, *small_files.later, *small_files.weekly, *small_files.geodata}

    assert {small_home / name for name in content_of(small_home)} == named
    assert len(small_files.inbox) == 11


def test_the_last_ba_delivery_lies_beside_the_inbox(
    small_home: Path, small_files: DemoFiles
) -> None:
    late = small_home / "spaeter" / "wuppertal_sgb2_2024-12-31.csv"

    assert small_files.later == (late,)
    assert not (small_home / "inbox" / late.name).exists()


def test_a_second_call_does_not_bring_back_what_was_moved(tmp_path: Path) -> None:
    first = build_demo("wuppertal", tmp_path, ignore_progress, size=SMALL)
    late = first.later[0]
    late.rename(tmp_path / "inbox" / late.name)
    before = content_of(tmp_path)

    assert build_demo("wuppertal", tmp_path, ignore_progress, size=SMALL) == first
    assert content_of(tmp_path) == before


def test_an_interrupted_call_is_made_up_for(small_home: Path, tmp_path: Path) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo("wuppertal", tmp_path, stop, size=SMALL)
    build_demo("wuppertal", tmp_path, ignore_progress, size=SMALL)

    assert content_of(tmp_path) == content_of(small_home)


def test_the_inbox_is_private(small_home: Path) -> None:
    assert stat.S_IMODE((small_home / "inbox").stat().st_mode) == 0o700
    assert stat.S_IMODE((small_home / "spaeter").stat().st_mode) == 0o700


def test_progress_runs_to_its_end(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []

    build_demo(
        "wuppertal", tmp_path, lambda step, *counts: seen.append((step, *counts)), size=SMALL
    )

    assert [done for _, done, _ in seen] == [0, 1, 2, 3, 4, 5, 6]
    assert {total for _, _, total in seen} == {6}


@pytest.mark.parametrize("city", ["flensburg", "berlin"])
def test_open_data_are_put_into_the_inbox_unchanged(city: str, tmp_path: Path) -> None:
    files = build_demo(city, tmp_path, ignore_progress)

    assert [path.read_bytes() for path in files.inbox] == [
        path.read_bytes() for path in sorted((DATA_DIR / city).glob("*.csv"))
    ]
    assert (files.later, files.geodata) == ((), ())
    assert content_of(tmp_path).keys() == {f"inbox/{path.name}" for path in files.inbox}


@pytest.mark.parametrize("city", ["wuppertal", "flensburg", "berlin"])
def test_exactly_one_layout_recognises_each_file_name(city: str, tmp_path: Path) -> None:
    files = build_demo(city, tmp_path, ignore_progress, size=SMALL)
    layouts = load_city(find_city_dir(city)).deliveries.layouts

    for path in (*files.inbox, *files.later):
        patterns = [layout.file.replace("{date}", "????-??-??") for layout in layouts]
        assert sum(fnmatch.fnmatchcase(path.name, pattern) for pattern in patterns) == 1


def test_cities_can_share_a_home(small_home: Path, tmp_path: Path) -> None:
    names = [
        path.name
        for city in ("wuppertal", "flensburg", "berlin")
        for path in build_demo(city, tmp_path, ignore_progress, size=SMALL).inbox
    ]

    assert len(names) == len(set(names)) == 13


def test_a_city_without_demo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Demo musterstadt: keine Beispieldaten"):
        build_demo("musterstadt", tmp_path, ignore_progress)
