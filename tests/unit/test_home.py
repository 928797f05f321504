"""A file that others read is the old one or the new one, never one in half."""

from pathlib import Path

import pytest

from atlas.home import files_in, move_in, remove_leftovers, replacing, write_file


def test_a_file_is_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "datenstand.json"
    for content in (b"old", b"new"):
        write_file(path, content)
        assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["datenstand.json"]


def test_a_writer_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_file(path, b"old")
    with pytest.raises(TypeError), replacing(path) as scratch:
        scratch.write_text(b"half")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_every_byte_is_on_disk_before_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file, then its name, then the directory that holds the name."""
    seen: list[str] = []
    rename = Path.rename
    monkeypatch.setattr("os.fsync", lambda descriptor: seen.append("fsync"))

    def named(path: Path, target: Path) -> Path:
        seen.append("rename")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", named)
    write_file(tmp_path / "file", b"x")
    assert seen == ["fsync", "rename", "fsync"]
    seen.clear()
    scratch = tmp_path / ".new-1"
    scratch.mkdir()
    (scratch / "cells").write_bytes(b"x")
    move_in(scratch, tmp_path / "1")
    assert seen == ["fsync", "fsync", "rename", "fsync"]


def test_what_a_killed_writer_left_is_no_file_and_goes(tmp_path: Path) -> None:
    (tmp_path / ".0123456789abcdef.new").write_bytes(b"half")
    write_file(tmp_path / "whole", b"x")
    assert [one.name for one in files_in(tmp_path)] == ["whole"]
    remove_leftovers(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["whole"]


def test_links_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link").symlink_to(tmp_path / "secret")
    assert files_in(inbox) == []
