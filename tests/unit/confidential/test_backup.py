"""A home comes back from its backup as it was; what is not whole comes back not at all."""

import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from atlas.confidential.archive import make_key, write_archive
from atlas.confidential.backup import back_up, check, restore
from atlas.confidential.desk import Desk, open_desk
from atlas.confidential.run import run
from atlas.errors import AtlasError, ConfigError, DamageError, ReleaseError
from atlas.home import Home
from tests.command import Command, files_below
from tests.town_office import Watcher


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "sicherung.key"
    make_key(path)
    return path


@pytest.fixture
def saved(final: Desk, tmp_path: Path, key: Path) -> Path:
    path = tmp_path / "sicherung.age"
    back_up(final, path, key)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "wieder")


def _content(home: Home, *tops: str) -> dict[str, bytes]:
    return {
        name: content
        for name, content in files_below(home.root).items()
        if name.startswith(tops) and not name.endswith("/lock")
    }


def test_a_home_comes_back_as_it_was(final: Desk, saved: Path, key: Path, home: Home) -> None:
    restore(saved, key, home)
    kept = ("confidential/", "releases/", "planning/")
    before = _content(final.home, *kept)
    del before["confidential/musterstadt/steps.json"]  # of the last run
    assert _content(home, *kept) == before
    desk = open_desk(home.root / "config" / "musterstadt", home, Watcher())
    assert run(desk, "").is_nothing_new
    private = home.confidential("musterstadt")
    assert private.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (private / "keys").iterdir()} == {0o600}
    assert not list(home.root.glob("*/.restore"))


def test_restoring_twice_changes_nothing(saved: Path, key: Path, home: Home) -> None:
    restore(saved, key, home)
    before = _content(home, "")
    restore(saved, key, home)
    assert _content(home, "") == before


def test_assessments_still_in_the_log_of_sqlite_are_kept(
    final: Desk, tmp_path: Path, key: Path, home: Home
) -> None:
    """A copy of the file alone would be empty."""
    database = sqlite3.connect(final.home.planning / "assessments.sqlite")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE assessment (text)")
    database.execute("INSERT INTO assessment VALUES ('bleibt')")
    database.commit()
    back_up(final, tmp_path / "a.age", key)
    database.close()
    restore(tmp_path / "a.age", key, home)
    with sqlite3.connect(home.planning / "assessments.sqlite") as copy:
        assert copy.execute("SELECT text FROM assessment").fetchall() == [("bleibt",)]


def test_damaged_assessments_are_not_saved_as_if_they_were_whole(
    final: Desk, tmp_path: Path, key: Path
) -> None:
    (final.home.planning / "assessments.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 999)
    with pytest.raises(DamageError, match=r"planning/assessments\.sqlite"):
        back_up(final, tmp_path / "a.age", key)
    assert not list(tmp_path.glob("*.age*"))


def test_assessments_that_lie_elsewhere_are_named(
    final: Desk,
    tmp_path: Path,
    key: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ATLAS_CITY", str(final.city_dir))
    atlas = Command(final.home.root, monkeypatch, capsys)
    own = atlas.run("backup", tmp_path / "a.age", "--key", key).out
    monkeypatch.setenv("ATLAS_PLANNING_URL", "postgresql://amt:geheim@db/planung")
    house = atlas.run("backup", tmp_path / "b.age", "--key", key).out
    assert "mit der Datenbank sichern" not in own
    assert "mit der Datenbank sichern" in house
    assert "geheim" not in house


def test_what_a_backup_says(saved: Path, key: Path) -> None:
    found = check(saved, key)
    assert found.city == "musterstadt"
    assert found.releases == ["2023-12-31.1"]
    assert not [name for name in found.files if "scratch" in name or name.endswith("lock")]
    assert not [name for name in found.files if name.endswith(("steps.json", "run.json"))]
    assert saved.stat().st_mode & 0o777 == 0o600


def test_only_the_public_part_is_needed_to_save(final: Desk, tmp_path: Path, key: Path) -> None:
    """Who steals the machine that saves reads no backup."""
    public = tmp_path / "public"
    public.write_text(key.read_text(encoding="utf-8").splitlines()[2].removeprefix("# "))
    path = tmp_path / "a.age"
    assert back_up(final, path, public).releases == ["2023-12-31.1"]
    assert check(path, key).releases == ["2023-12-31.1"]
    with pytest.raises(ConfigError, match="kein Schlüssel"):
        check(path, public)


# ---- what is not whole ----------------------------------------------------------------------


def _cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def _flip(content: bytes) -> bytes:
    place = len(content) // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    "change", [_cut, _flip, lambda content: content[:-1], lambda content: content + b"x"]
)
def test_a_backup_that_is_not_whole(
    saved: Path, key: Path, home: Home, change: Callable[[bytes], bytes]
) -> None:
    saved.write_bytes(change(saved.read_bytes()))
    with pytest.raises(DamageError, match="abgeschnitten oder verändert"):
        check(saved, key)
    with pytest.raises(DamageError, match="abgeschnitten oder verändert"):
        restore(saved, key, home)
    assert not _content(home, "")


@pytest.mark.parametrize("content", [b"", b"no backup", b"age-encryption.org/v1\n"])
def test_a_file_that_is_no_backup(
    tmp_path: Path, key: Path, home: Home, content: bytes
) -> None:
    path = tmp_path / "x.age"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="keine Sicherung"):
        restore(path, key, home)


def test_an_envelope_with_something_else_in_it(tmp_path: Path, key: Path) -> None:
    text = key.read_text(encoding="utf-8").splitlines()[-1]
    to = pyrage.x25519.Identity.from_str(text).to_public()
    path = tmp_path / "x.age"
    path.write_bytes(pyrage.encrypt(b"hello" * 1000, [to]))
    with pytest.raises(DamageError, match="abgeschnitten oder verändert"):
        check(path, key)


def test_another_key(saved: Path, tmp_path: Path, home: Home) -> None:
    other = tmp_path / "other.key"
    make_key(other)
    with pytest.raises(ConfigError, match="nicht für diesen Schlüssel"):
        restore(saved, other, home)


@pytest.mark.parametrize("text", ["", "hunter2", "AGE-SECRET-KEY-1XYZ", "age1xyz"])
def test_what_is_no_key(final: Desk, tmp_path: Path, text: str) -> None:
    path = tmp_path / "no.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"no\.key: kein Schlüssel"):
        back_up(final, tmp_path / "a.age", path)
    assert not (tmp_path / "a.age").exists()


def test_nothing_is_overwritten(final: Desk, saved: Path, key: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(ConfigError, match="gibt es schon"):
        back_up(final, saved, key)
    with pytest.raises(ConfigError, match="gibt es schon"):
        make_key(key)
    assert saved.read_bytes() == before


# ---- where something lies already -----------------------------------------------------------


def test_a_home_with_something_else_in_it(saved: Path, key: Path, home: Home) -> None:
    other = home.confidential("musterstadt") / "log.jsonl"
    other.parent.mkdir(parents=True)
    other.write_text("{}\n")
    with pytest.raises(ConfigError, match=r"musterstadt/log\.jsonl: gibt es schon"):
        restore(saved, key, home)
    assert list(_content(home, "")) == ["confidential/musterstadt/log.jsonl"]


def test_releases_that_survived_are_kept_and_completed(
    final: Desk, saved: Path, key: Path, home: Home
) -> None:
    releases = home.releases("musterstadt")
    shutil.copytree(final.releases_dir / "2023-12-31.1", releases / "2023-12-31.1")
    restore(saved, key, home)
    assert _content(home, "releases/") == _content(final.home, "releases/")


@pytest.mark.parametrize("newer", ["2023-12-31.2", "2024-12-31.1"])
def test_a_backup_older_than_the_releases_is_refused(
    final: Desk, saved: Path, key: Path, home: Home, newer: str
) -> None:
    """Its numbers would be given twice, and what readers know would be forgotten."""
    shutil.copytree(final.releases_dir, home.releases("musterstadt"))
    newest = home.releases("musterstadt") / newer
    shutil.copytree(final.releases_dir / "2023-12-31.1", newest)
    with pytest.raises(ReleaseError, match=f"Release {newer}: liegt in releases/musterstadt"):
        restore(saved, key, home)
    assert not _content(home, "confidential/")


def test_a_folder_that_is_not_there(final: Desk, tmp_path: Path, key: Path) -> None:
    """A disk that is not mounted must not hold the lock of every run for ever."""
    with pytest.raises(ConfigError, match=r"^Sicherung a\.age: ihr Ordner fehlt"):
        back_up(final, tmp_path / "weg" / "a.age", key)
    big = tmp_path / "big"
    big.write_bytes(bytes(1_000_000))
    with pytest.raises(FileNotFoundError):
        write_archive(tmp_path / "weg" / "a.age", key, {"big": big}, {})


def test_a_full_disk_is_a_sentence(tmp_path: Path, key: Path) -> None:
    big = tmp_path / "big"
    big.write_bytes(os.urandom(300_000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(ConfigError, match=r"^Sicherung a\.age: nicht zu schreiben"):
            write_archive(tmp_path / ".a.age.new", key, {"big": big}, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handled)


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_modes_of_what_comes_back_follow_its_role(
    umask: int, saved: Path, key: Path, home: Home
) -> None:
    before = os.umask(umask)
    try:
        restore(saved, key, home)
    finally:
        os.umask(before)
    modes = {path: path.stat().st_mode & 0o777 for path in (home.root, *home.root.rglob("*"))}
    assert [path for path, mode in modes.items() if mode & 0o022] == []
    assert modes[home.root] == modes[home.root / "releases"] == 0o755


def test_a_refused_backup_leaves_nothing(saved: Path, key: Path, home: Home) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamageError):
        restore(saved, key, home)
    assert [*home.root.iterdir()] == []


def test_a_member_outside_of_the_home_is_refused(tmp_path: Path, key: Path, home: Home) -> None:
    path = tmp_path / "evil.age"
    about = {"city": "x", "made": "2026"}
    write_archive(path, key, {"confidential/../../evil": key}, about)
    with pytest.raises(AtlasError):
        restore(path, key, home)
    assert not (tmp_path / "evil").exists()
