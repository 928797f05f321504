"""When a file of the inbox is ripe to be taken, by the clock of this machine."""

import os
from pathlib import Path

import pytest

from atlas.confidential import ripe
from atlas.confidential.ripe import Lying


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(ripe, "time", clock)
    return clock


@pytest.mark.parametrize(("seconds", "is_ripe"), [(59, False), (60, True), (61, True)])
def test_file_is_ripe_when_it_has_lain_still(
    seconds: int, is_ripe: bool, tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1")
    os.utime(path, (1, 1))  # a time that was copied along says nothing
    lying = Lying(tmp_path, 60)
    assert not lying.ripe()
    clock.now += seconds
    assert lying.is_ripe(path) is is_ripe


def test_file_that_grows_after_a_pause_waits_again(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1")
    lying = Lying(tmp_path, 60)
    lying.ripe()
    clock.now += 59
    path.write_bytes(b"12")
    clock.now += 1
    assert not lying.ripe()
    clock.now += 60
    assert lying.is_ripe(path)
    path.write_bytes(b"123")
    assert not lying.is_ripe(path)


def test_file_that_others_may_read_now_is_news(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1")
    path.chmod(0)
    lying = Lying(tmp_path, 60)
    lying.ripe()
    clock.now += 60
    before = lying.ripe()
    path.chmod(0o600)
    assert not lying.ripe()
    clock.now += 60
    assert lying.ripe().isdisjoint(before)


def test_file_that_went_or_is_out_of_reach_is_no_error(tmp_path: Path, clock: Clock) -> None:
    lying = Lying(tmp_path / "fehlt", 0)
    assert lying.ripe() == frozenset()
    assert not lying.is_ripe(tmp_path / "fehlt" / "a.csv")
