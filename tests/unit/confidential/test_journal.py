"""The log keeps every event, even after a power failure in the middle of a line."""

import getpass
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from atlas.confidential.chain import link, relinked
from atlas.confidential.log import (
    Account,
    acting_as,
    append,
    events,
    follows_from,
    head_of,
    now,
    rewrite,
    user,
)
from atlas.errors import DamageError


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


# ---- damage -------------------------------------------------------------------------------


def _three(log_path: Path) -> bytes:
    for number in range(3):
        append(log_path, "built", f"2024-12-31.{number}", {"hash": "ab" * 32})
    return log_path.read_bytes()


def test_any_single_bit_of_the_log_is_noticed(log_path: Path) -> None:
    whole = _three(log_path)
    told = [*events(log_path)]
    for place in range(0, len(whole), 3):
        for bit in (0, 4):
            content = bytearray(whole)
            content[place] ^= 1 << bit
            other = log_path.with_name(f"{place}-{bit}.jsonl")
            other.write_bytes(content)
            with pytest.raises(DamageError, match=r"Zeile \d"):
                list(events(other))
    assert [*events(log_path)] == told


@pytest.mark.parametrize("line", [0, 1])
def test_a_line_taken_out_is_noticed(log_path: Path, line: int) -> None:
    lines = _three(log_path).splitlines(keepends=True)
    del lines[line]
    log_path.write_bytes(b"".join(lines))
    with pytest.raises(DamageError, match=f"Zeile {line + 1}"):
        list(events(log_path))


def test_a_log_of_before_there_were_checks_goes_on(log_path: Path) -> None:
    old = '{"when": "2025", "who": "a", "what": "built", "subject": "old", "details": {}}'
    log_path.write_text(f'{old}\n{{"when": "2025\n{old}\n')
    append(log_path, "built", "new", {})
    assert [one.subject for one in events(log_path)] == ["old", "old", "new"]


def test_a_long_line_is_followed_too(log_path: Path) -> None:
    append(log_path, "refused", "x" * 100_000, {})
    append(log_path, "built", "after", {})
    assert [len(one.subject) for one in events(log_path)] == [100_000, 5]


def test_a_line_without_its_end_counts(log_path: Path) -> None:
    """Only the last byte did not reach the disk."""
    log_path.write_bytes(_three(log_path)[:-1])
    assert len([*events(log_path)]) == 3
    append(log_path, "built", "after", {})
    assert len([*events(log_path)]) == 4


def test_a_line_of_a_later_program(log_path: Path) -> None:
    line = link(b"", '{"when": "2025"}').replace(b'"format": 3', b'"format": 4')
    log_path.write_bytes(line + b"\n")
    with pytest.raises(DamageError, match="Format 4, von einer neueren"):
        list(events(log_path))


# ---- every entry holds the one before, and the head the last one ----------------------------


def _drop(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], *lines[3:]]


def _swap(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


def _change(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"built"', b'"seen!"'), *lines[2:]]


def _repeat(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[1], *lines[2:]]


def _forge(lines: list[bytes]) -> list[bytes]:
    """Put another last entry there, with a check that fits: the head knows the right one."""
    return [*lines[:-1], link(lines[-2].rstrip(), '{"what": "approved"}') + b"\n"]


@pytest.mark.parametrize(
    "harm",
    [_drop, _swap, _change, _repeat, _forge, lambda lines: lines[:-1], lambda lines: []],
    ids=["one deleted", "two swapped", "changed", "twice", "forged", "last gone", "all gone"],
)
def test_an_entry_cannot_go_change_or_move_unnoticed(
    log_path: Path, harm: Callable[[list[bytes]], list[bytes]]
) -> None:
    for number in range(5):
        append(log_path, "built", f"2024-12-31.{number}", {})
    whole = log_path.read_bytes().splitlines(keepends=True)
    log_path.write_bytes(b"".join(harm(whole)))
    with pytest.raises(DamageError, match=r"atlas doctor --mend-log"):
        list(events(log_path))
    log_path.write_bytes(b"".join(whole))
    assert len([*events(log_path)]) == 5


def test_no_entry_covers_those_that_are_missing(log_path: Path) -> None:
    whole = _three(log_path)
    cut = b"".join(whole.splitlines(keepends=True)[:-1])
    log_path.write_bytes(cut)
    with pytest.raises(DamageError, match="am Ende fehlen Einträge"):
        append(log_path, "built", "after", {})
    assert log_path.read_bytes() == cut


def test_a_log_without_its_head_is_noticed(log_path: Path) -> None:
    _three(log_path)
    log_path.with_name("log.head").unlink()
    with pytest.raises(DamageError, match="wo es endet"):
        list(events(log_path))


def test_a_log_of_an_older_program_goes_on(log_path: Path) -> None:
    """Its checks were shorter, and nothing said where it ended; the first entry mends both."""
    first = b'{"when": "w", "who": "a", "what": "built", "subject": "old", "details": {}'
    check = hashlib.sha256(b"\n" + first + b"}\n2").hexdigest()[:16]
    log_path.write_bytes(first + f', "format": 2, "check": "{check}"}}\n'.encode())
    assert [one.subject for one in events(log_path)] == ["old"]
    append(log_path, "built", "new", {})
    assert [one.subject for one in events(log_path)] == ["old", "new"]
    log_path.write_bytes(log_path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(DamageError, match="am Ende fehlen Einträge"):
        list(events(log_path))


def test_a_noted_head_is_found_as_long_as_the_log_went_on_from_it(log_path: Path) -> None:
    _three(log_path)
    noted = head_of(log_path)
    assert len(noted) == 64
    append(log_path, "built", "after", {})
    assert follows_from(log_path, noted)
    rewrite(log_path, relinked(log_path.read_bytes().replace(b"2024", b"2025"))[0])
    assert len([*events(log_path)]) == 4  # whole by itself
    assert not follows_from(log_path, noted)
    assert not follows_from(log_path, "")


def test_twenty_writers_lose_no_entry(log_path: Path) -> None:
    def write(number: int) -> None:
        with acting_as(Account(f"Person {number}", f"sub-{number}")):
            append(log_path, "approved", str(number), {})

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(20)))
    told = [*events(log_path)]
    assert sorted(int(one.subject) for one in told) == [*range(20)]
    assert all(one.who == f"Person {one.subject}" for one in told)
    assert all(one.details == {"login": f"sub-{one.subject}"} for one in told)
