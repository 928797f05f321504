"""The log keeps every event, even after a power failure in the middle of a line."""

import getpass
from pathlib import Path

import pytest

from atlas.confidential.desk import append, events, now, user


@pytest.fixture
def log_path(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


def test_events_in_order(log_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_USER", "statistik")
    append(log_path, "accepted", "ewo 2024-12-31.1", {"rows": "5"})
    append(log_path, "built", "2024-12-31.1", {})
    one, two = events(log_path)
    assert (one.what, one.subject, one.details) == (
        "accepted",
        "ewo 2024-12-31.1",
        {"rows": "5"},
    )
    assert (two.what, two.who) == ("built", "statistik")
    assert one.when <= two.when <= now()
    assert one.when.endswith("+00:00")


def test_no_log_no_events(log_path: Path) -> None:
    assert list(events(log_path)) == []


def test_events_of_a_release_without_all_others(log_path: Path) -> None:
    for what, subject in (("built", "a"), ("built", "b"), ("verified", "a")):
        append(log_path, what, subject, {})
    assert [(one.what, one.subject) for one in events(log_path, holding='"built"')] == [
        ("built", "a"),
        ("built", "b"),
    ]
    assert list(events(log_path, holding="approved")) == []


@pytest.mark.parametrize(
    "cut", [b'{"when": "2025', b'{"when": "2025-01-01", "who": "\xc3', b'{"when": 1}', b"7"]
)
def test_a_line_cut_off_costs_no_other_event(log_path: Path, cut: bytes) -> None:
    append(log_path, "built", "before", {})
    with log_path.open("ab") as file:
        file.write(cut)
    append(log_path, "built", "after", {})
    assert [one.subject for one in events(log_path)] == ["before", "after"]


@pytest.mark.parametrize(
    "name",
    [
        "a\nb",
        "a\u2028b",
        "a\x85b",
        "a\x0cb",
        "Größe „x“",
        b"a\xff".decode("utf-8", "surrogateescape"),
    ],
)
def test_any_file_name_keeps_its_line(log_path: Path, name: str) -> None:
    append(log_path, "refused", name, {})
    append(log_path, "built", "after", {})
    assert [one.subject for one in events(log_path)] == [name, "after"]


def test_user_is_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATLAS_USER", raising=False)
    assert user() == getpass.getuser()


def test_account_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may run as a number that no password file knows."""
    monkeypatch.delenv("ATLAS_USER", raising=False)

    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", unknown)
    monkeypatch.setattr("os.getuid", lambda: 12345)
    assert user() == "uid 12345"
