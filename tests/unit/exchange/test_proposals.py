"""A file that a reader hands in: whole, unread, with a note of who did, over no other file."""

import io
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from atlas.errors import AtlasError
from atlas.exchange import proposals
from atlas.exchange.proposals import Proposal, propose, proposed_files, read_note

CITY = "musterstadt"
NAME = "ba_2024-12-31.csv"
NOW = datetime(2025, 1, 2, 12, 0, tzinfo=UTC)


def _note(name: str = NAME, uploader: str = "Kim", is_verified: bool = True) -> Proposal:
    return Proposal(
        city=CITY, name=name, uploader=uploader, is_verified=is_verified, handed_in=NOW
    )


def _propose(requests_dir: Path, content: bytes, **note: object) -> Path:
    made = _note(**note)  # type: ignore[arg-type] - a test names what differs
    propose(requests_dir, made, io.BytesIO(content))
    return requests_dir / CITY / made.name


def _names(requests_dir: Path) -> list[str]:
    return [path.name for path in proposed_files(requests_dir / CITY)]


def test_file_is_handed_in_whole_and_unread_with_its_note(tmp_path: Path) -> None:
    content = b"\x00\xff" * 700_000
    path = _propose(tmp_path, content)
    assert path.read_bytes() == content
    assert read_note(path) == _note()
    assert _names(tmp_path) == [NAME]


@pytest.mark.parametrize(
    "name",
    [
        "../ba.csv",
        "a/b.csv",
        "a\\b.csv",
        "/etc/x.csv",
        ".verborgen.csv",
        "a\x00b.csv",
        "a\nb.csv",
        "neu-berechnen",
        "neu-berechnen.csv",
        "a..csv",
        "",
        "-x.csv",
        "a" * 130 + ".csv",
        "<b>.csv",
    ],
)
def test_name_that_is_no_plain_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(AtlasError, match="Dateiname"):
        _propose(tmp_path, b"x", name=name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["lieferung.exe", "lieferung", "lieferung.csv.gz"])
def test_unknown_type_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(AtlasError, match="Dateityp"):
        _propose(tmp_path, b"x", name=name)


@pytest.mark.parametrize("name", ["BA Größen (März).xlsx", "sgb2_2024-12-31.parquet", "A.CSV"])
def test_plain_names_are_kept(tmp_path: Path, name: str) -> None:
    assert _propose(tmp_path, b"x", name=name).is_file()


def test_too_large_a_file_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "MAX_BYTES", 10)
    _propose(tmp_path, b"x" * 10, name="genau.csv")
    with pytest.raises(AtlasError, match="größer als"):
        _propose(tmp_path, b"x" * 11, name="mehr.csv")
    assert _names(tmp_path) == ["genau.csv"]


def test_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match="ist leer"):
        _propose(tmp_path, b"", name="leer.csv")
    assert _names(tmp_path) == []


@pytest.mark.parametrize(
    ("uploader", "is_verified", "is_replaced"),
    [("Kim", True, True), ("Kim", False, False), ("Alex", True, False)],
)
@pytest.mark.parametrize("name", [NAME, NAME.upper(), "ba_2024-12-31.xlsx"])
def test_one_file_per_source_and_date_and_only_ones_own_is_replaced(
    name: str, uploader: str, is_verified: bool, is_replaced: bool, tmp_path: Path
) -> None:
    first = _propose(tmp_path, b"1")
    second = {"name": name, "uploader": uploader, "is_verified": is_verified}
    if is_replaced:
        assert _propose(tmp_path, b"2", **second).read_bytes() == b"2"
        assert _names(tmp_path) == [name]
    else:
        with pytest.raises(AtlasError, match="wartet schon"):
            _propose(tmp_path, b"2", **second)
        assert first.read_bytes() == b"1"
        assert read_note(first) == _note()


def test_waiting_files_are_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "MAX_WAITING", 2)
    for name in ("a.csv", "b.csv"):
        _propose(tmp_path, b"1", name=name)
    with pytest.raises(AtlasError, match="es warten schon 2 Dateien"):
        _propose(tmp_path, b"1", name="c.csv")
    _propose(tmp_path, b"2", name="a.csv")


def test_note_that_names_another_file_is_none(tmp_path: Path) -> None:
    path = _propose(tmp_path, b"1")
    proposals.note_path(path).write_text(
        _note("anders.csv").model_dump_json(), encoding="utf-8"
    )
    assert read_note(path) is None
    proposals.note_path(path).write_text("{", encoding="utf-8")
    assert read_note(path) is None


def test_absent_directory_is_one_german_sentence(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match="nicht beschreibbar"):
        _propose(tmp_path / "fehlt", b"1")
    assert proposed_files(tmp_path / "fehlt" / CITY) == []


@pytest.mark.parametrize(("days", "expected"), [(3, False), (4, True)])
def test_people_have_days_to_look_at_a_file(days: int, expected: bool, tmp_path: Path) -> None:
    path = _propose(tmp_path, b"1")
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert proposals.is_unheard(path, NOW + timedelta(days=days)) is expected


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_office_can_read_and_take_it_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    before = os.umask(umask)
    try:
        path = _propose(tmp_path, b"1")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o2770
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
