"""``atlas report``: what it writes, and what it says of what is not there."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from atlas.publication.assessments import (
    Assessment,
    Author,
    Place,
    open_store,
    save,
    store_url,
)
from tests.command import Command
from tests.town_office import make_office

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


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


REPORTS = """
format = 1
[weekly]
title = "Bevölkerung aktuell"
source = "alw"
[[weekly.sections]]
title = "Die Stadt"
series = ["migrants"]
[[weekly.sections]]
title = "Im Blick"
text = "blick.txt"
areas = ["residents"]
[yearly]
title = "Migrationsbericht"
[[yearly.sections]]
title = "Jahre"
dates = ["migration_share"]
"""


@pytest.fixture
def own(atlas: Command, tmp_path: Path, series_dir: Path) -> Path:
    """Let the office have a source that comes for the city alone, and papers of its own."""
    city = tmp_path / "office" / "city"
    releases = atlas.home / "releases" / "musterstadt"
    shutil.copytree(series_dir, releases, dirs_exist_ok=True)
    layouts = city / "deliveries.toml"
    told = layouts.read_text(encoding="utf-8")
    layouts.write_text(told.replace('"id" = "alw"', '"id" = "alw", is_series = true'), "utf-8")
    (city / "reports").mkdir()
    (city / "reports" / "blick.txt").write_text("Ein Text.", encoding="utf-8")
    (city / "reports.toml").write_text(REPORTS, encoding="utf-8")
    return city


def test_papers_of_a_city_are_named_after_their_title(atlas: Command, own: Path) -> None:
    names = {
        ("weekly",): "musterstadt_bevoelkerung-aktuell_2024-03-24.1.pdf",
        ("weekly", "--date", "2024-01-14"): "musterstadt_bevoelkerung-aktuell_2024-01-14.1.pdf",
        ("yearly", "--format", "docx"): "musterstadt_migrationsbericht_2023-12-31.1.docx",
    }
    for more, name in names.items():
        done = atlas.run("report", *more)
        assert (done.exit_code, done.out) == (0, f"{name}\n"), done.err


@pytest.mark.parametrize(
    ("old", "new", "code", "parts"),
    [
        ('"blick.txt"', '"fehlt.txt"', 10, ("reports/fehlt.txt", "Datei fehlt")),
        ('"blick.txt"', '"../city.toml"', 10, ("reports.toml", "weekly.sections.1.text")),
        ('["migrants"]', '["gibts"]', 10, ("weekly.sections.0", "gibts@all gibt es nicht")),
        ('["migrants"]', '["migrants@alte"]', 10, ("migrants@alte gibt es nicht",)),
        ('source = "alw"', 'source = "ewo"', 10, ("weekly.source", "is_series", "alw")),
        ('source = "alw"', "", 10, ("weekly", "source: fehlt")),
        (
            '["residents"]',
            '["residents"]\nkind = "bezirk9"',
            10,
            ("sections.1.kind“: gibt es nicht",),
        ),
        ("[weekly]", "[woche]", 10, ("woche", "unbekannter Schlüssel")),
    ],
)
def test_bad_reports_are_one_sentence(
    atlas: Command, own: Path, old: str, new: str, code: int, parts: tuple[str, ...]
) -> None:
    (own / "reports.toml").write_text(REPORTS.replace(old, new, 1), encoding="utf-8")
    done = atlas.run("report", "weekly")
    assert (done.exit_code, done.err.count("\n")) == (code, 1), done.err
    assert all(part in done.err for part in parts), done.err


def test_a_city_without_such_a_paper_says_where_it_is_set_up(atlas: Command) -> None:
    done = atlas.run("report", "weekly")
    assert (done.exit_code, done.err.count("\n")) == (10, 1)
    assert "[weekly] in reports.toml" in done.err


def test_assessments_come_in_where_one_asks_for_them(atlas: Command) -> None:
    engine = open_store(store_url(atlas.home / "planning"))
    for key, text in (("11", "Mehr *Kitas* nötig."), ("12", "Anderes.")):
        said = Assessment(
            Place("musterstadt", key, "2023-12-31.1"), 1, text, Author("Amt 51", False), NOON
        )
        save(engine, said)
    for what in ("edition", "profile"):
        told = {}
        for name, more in {"none": (), "one": ("--assessments", "11")}.items():
            done = atlas.run("report", what, *more, "--out", name)
            assert done.exit_code == 0, done.err
            (path,) = (Path(name) / Path(done.out.strip()).name,)
            told[name] = pypdf.PdfReader(path).pages
        texts = {
            name: " ".join(p.extract_text() for p in pages) for name, pages in told.items()
        }
        assert "Mehr *Kitas* nötig." not in texts["none"]
        assert "Mehr *Kitas* nötig." in texts["one"]
        assert "Amt 51" in texts["one"]
        assert "Anderes." not in texts["one"]


SUBSCRIPTION = """
format = 1
[mail]
host = "127.0.0.1"
sender = "statistik@example.de"
[[subscriptions]]
id = "rat"
reports = ["weekly", "edition"]
folder = "abo"
"""


def test_send_hands_over_once_and_the_house_has_each_issue(atlas: Command, own: Path) -> None:
    Path("abo").mkdir()
    (own / "subscriptions.toml").write_text(SUBSCRIPTION, encoding="utf-8")
    done = atlas.run("send")
    assert done.exit_code == 0, done.err
    issue = "musterstadt_bevoelkerung-aktuell_2024-03-24.1.pdf"
    assert done.out.splitlines() == [
        "Abo reports: Bevölkerung aktuell Nr. 12/2024, Stand 24.03.2024",
        "Abo rat: Bevölkerung aktuell Nr. 12/2024, Stand 24.03.2024",
        "Abo rat: Sozialatlas Musterstadt, Stand 31.12.2023",
    ]
    edition = "musterstadt_ausgabe_2023-12-31.1.pdf"
    assert sorted(path.name for path in Path("abo").iterdir()) == [edition, issue]
    house = atlas.home / "reports" / "musterstadt"
    assert sorted(path.name for path in house.iterdir()) == [issue, "versand.json"]
    assert house.stat().st_mode & 0o077 == 0
    assert (atlas.run("send").out, atlas.run("send").exit_code) == ("", 0)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('folder = "abo"', "", ("subscriptions.0", "folder, webdav und to")),
        ('folder = "abo"', 'to = ["a@b.de"]', ("subscriptions.0", "link")),
        ('folder = "abo"', 'webdav = "ftp://x"', ("webdav", "http")),
        ('folder = "abo"', 'webdav = "https://a:b@x/"', ("webdav", "ohne Kennwort")),
        ('folder = "abo"', 'to = ["keine"]\nlink = "https://x/{file}"', ("E-Mail-Adresse",)),
        ('id = "rat"', 'id = "reports"', ("id nur einmal", "nicht reports")),
        ('["weekly", "edition"]', '["taeglich"]', ("reports", "weekly")),
        ('["weekly", "edition"]', "[]", ("reports oder tables",)),
        ("[mail]", "[post]", ("post", "unbekannter Schlüssel")),
    ],
)
def test_bad_subscriptions_are_one_sentence(
    atlas: Command, own: Path, old: str, new: str, parts: tuple[str, ...]
) -> None:
    text = SUBSCRIPTION.replace(old, new, 1)
    (own / "subscriptions.toml").write_text(text, encoding="utf-8")
    done = atlas.run("send")
    assert (done.exit_code, done.out, done.err.count("\n")) == (10, "", 1), done.err
    assert all(part in done.err for part in parts), done.err
