"""Nothing is removed unread: what grows, comes or goes while a file is read."""

import os
from pathlib import Path

import pytest

from atlas.confidential.taking import move_as_read, restore_held, take
from atlas.errors import DeliveryError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "inbox" / "ewo_2024-12-31.csv"
    path.parent.mkdir()
    path.write_bytes(b"eins")
    return path


def _lying(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


def test_copy_is_removed_where_it_lay(path: Path, tmp_path: Path) -> None:
    with take(path, tmp_path) as taken:
        assert taken is not None
        taken.content.seek(0)
        assert taken.content.read() == b"eins"
        assert move_as_read(path, taken.stamp, tmp_path / "kept")
    assert _lying(path) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["inbox", "kept"]
    assert (tmp_path / "kept").read_bytes() == b"eins"


def test_file_that_grew_meanwhile_stays(path: Path, tmp_path: Path) -> None:
    with take(path, tmp_path) as taken:
        assert taken is not None
        with path.open("ab") as file:
            file.write(b"zwei")
        assert not move_as_read(path, taken.stamp, tmp_path / "kept")
    assert path.read_bytes() == b"einszwei"
    assert _lying(path) == [path.name]


def test_file_of_the_same_size_that_took_its_place_stays(path: Path, tmp_path: Path) -> None:
    with take(path, tmp_path) as taken:
        assert taken is not None
        newer = path.with_name("neuer")
        newer.write_bytes(b"zwei")
        os.utime(newer, ns=(taken.stamp.changed_ns, taken.stamp.changed_ns))
        newer.rename(path)
        assert not move_as_read(path, taken.stamp, tmp_path / "kept")
    assert path.read_bytes() == b"zwei"


def test_file_that_somebody_still_writes_is_not_taken(path: Path, tmp_path: Path) -> None:
    with (
        path.open("ab"),
        pytest.raises(DeliveryError, match="wird noch geschrieben"),
        take(path, tmp_path),
    ):
        pass
    assert _lying(path) == [path.name]


def test_file_that_somebody_only_reads_is_taken(path: Path, tmp_path: Path) -> None:
    with path.open("rb"), take(path, tmp_path) as taken:
        assert taken is not None


def test_file_that_its_sender_took_back_is_no_fault(path: Path, tmp_path: Path) -> None:
    with take(path, tmp_path) as taken:
        assert taken is not None
        path.unlink()
        assert not move_as_read(path, taken.stamp, tmp_path / "kept")
    assert _lying(path) == []


@pytest.mark.parametrize("kind", ["folder", "pipe", "nothing"])
def test_what_is_no_file_is_not_waited_for(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "ewo_2024-12-31.csv"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with take(path, tmp_path) as taken:
        assert taken is None


def test_what_a_killed_run_held_comes_back(path: Path) -> None:
    held = path.parent / ".gelesen"
    held.mkdir()
    path.rename(held / path.name)
    (held / "ba_2024-12-31.csv").write_bytes(b"alt")
    path.with_name("ba_2024-12-31.csv").write_bytes(b"neu")
    restore_held(path.parent)
    assert _lying(path) == ["ba_2024-12-31.csv", path.name]
    assert path.read_bytes() == b"eins"
    assert path.with_name("ba_2024-12-31.csv").read_bytes() == b"neu"
