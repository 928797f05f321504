"""``atlas report``: what it writes, and what it says of what is not there."""

import shutil
from pathlib import Path

import pytest

from tests.command import Command
from tests.town_office import make_office


@pytest.fixture
def atlas(
    releases_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    office = make_office(tmp_path / "office")
    shutil.copytree(releases_dir / "musterstadt", office.releases_dir, dirs_exist_ok=True)
    monkeypatch.setenv("ATLAS_CITY", str(tmp_path / "office" / "city"))
    monkeypatch.chdir(tmp_path)
    return Command(office.home.root, monkeypatch, capsys)


@pytest.mark.parametrize(("form", "begin"), [("pdf", b"%PDF"), ("docx", b"PK")])
@pytest.mark.parametrize("what", ["edition", "profile"])
def test_a_paper_is_one_file_and_always_the_same(
    atlas: Command, tmp_path: Path, what: str, form: str, begin: bytes
) -> None:
    contents = []
    for name in ("one", "two"):
        done = atlas.run("report", what, "--format", form, "--out", tmp_path / name)
        assert (done.exit_code, done.err) == (0, "")
        (path,) = (tmp_path / name).iterdir()
        assert path.name in done.out
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]
    assert contents[0].startswith(begin)


def test_the_newest_final_date_is_meant_where_none_is_named(atlas: Command) -> None:
    assert "_2023-12-31.1.pdf" in atlas.run("report", "edition").out
    assert "_2024-12-31.1.pdf" in atlas.run("report", "edition", "--date", "2024-12-31").out


def test_the_name_of_a_file_says_whose_profiles_it_holds(atlas: Command) -> None:
    names = {
        (): "musterstadt_profile-quartiere_2023-12-31.1.pdf",
        ("--areas", "11, 2"): "musterstadt_profil-11-2_2023-12-31.1.pdf",
        ("--group", "u18"): "musterstadt_profile-quartiere-u18_2023-12-31.1.pdf",
    }
    for more, name in names.items():
        assert name in atlas.run("report", "profile", *more).out


@pytest.mark.parametrize("name", [".", "none/changes.csv"])
def test_a_file_of_changes_has_a_folder_before_the_work_begins(
    atlas: Command, tmp_path: Path, name: str
) -> None:
    done = atlas.run("diff", "2022-12-31", "2023-12-31", "--out", tmp_path / name)
    assert (done.exit_code, done.out, done.err.count("\n")) == (10, "", 1)
    assert "Angabe --out" in done.err


@pytest.mark.parametrize("below", ["", "folder"])
@pytest.mark.parametrize("command", [("report", "edition"), ("export", "2023-12-31.1")])
def test_a_file_where_the_folder_should_be_is_one_sentence(
    atlas: Command, tmp_path: Path, command: tuple[str, str], below: str
) -> None:
    (tmp_path / "file").write_text("mine")
    done = atlas.run(*command, "--out", tmp_path / "file" / below)
    assert done.exit_code == 10
    assert "Angabe --out" in done.err
    assert done.err.count("\n") == 1
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        (("--areas", "11,99"), ("Gebiet 99", "31.12.2023")),
        (("--group", "men"), ("--group", "men", "all, u18")),
        (("--date", "2019-12-31"), ("keine Veröffentlichung zum 31.12.2019",)),
    ],
)
def test_what_is_not_there_is_one_sentence(
    atlas: Command, more: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    done = atlas.run("report", "profile", *more)
    assert done.exit_code == 14
    assert done.err.startswith("Fehler: ")
    assert done.err.count("\n") == 1
    assert all(part in done.err for part in parts)
