"""The command line: exit codes, one German sentence per error, no traceback, no markup."""

import errno
import importlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from atlas.cli import main, screen
from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from atlas.errors import ProtectionError
from tests.factories import DAY, SGB2
from tests.town_office import (
    EARLIER,
    ba_csv,
    make_office,
    put,
    put_all,
    put_registers,
    reopen,
)


class Done(NamedTuple):
    code: int
    out: str
    err: str


Atlas = Callable[..., Done]


@pytest.fixture(scope="session")
def published_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One date published twice: without and with the BA; not to be changed."""
    root = tmp_path_factory.mktemp("published")
    office = make_office(root)
    put_registers(office)
    run(office, "")
    put(office, f"ba_{DAY}.csv", ba_csv())
    run(office, "")
    return root


@pytest.fixture
def office(published_root: Path, tmp_path: Path) -> Desk:
    return reopen(Path(shutil.copytree(published_root, tmp_path / "office")))


@pytest.fixture
def atlas(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Atlas:
    """Run one command as ``atlas`` would; the office of this test is the default one."""
    root = tmp_path / "office"
    monkeypatch.setenv("ATLAS_HOME", str(root / "home"))
    monkeypatch.setenv("ATLAS_CITY", str(root / "city"))
    monkeypatch.setattr(screen.out, "_width", 200)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Done:
        monkeypatch.setattr("sys.argv", ["atlas", *map(str, arguments)])
        capsys.readouterr()
        code: Any = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        shown = capsys.readouterr()
        return Done(code, shown.out, shown.err)

    return call


def _assert_refused(done: Done, code: int, *parts: str) -> None:
    assert done.code == code, done
    assert done.err.startswith("Fehler: ")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err + done.out
    for part in parts:
        assert part in done.err


# ---- exit codes ---------------------------------------------------------------------------


def test_10_unknown_city(atlas: Atlas) -> None:
    _assert_refused(atlas("run", "--city", "atlantis"), 10, "Stadt atlantis", "wuppertal")


def test_10_broken_configuration(office: Desk, atlas: Atlas) -> None:
    (office.city_dir / "protection.toml").write_text("format = 1\nmin_count = 1\n")
    _assert_refused(atlas("status"), 10, "protection.toml", "„min_count“")


def test_11_no_such_layout(office: Desk, atlas: Atlas) -> None:
    path = put(office, "bericht.csv", "x")
    _assert_refused(atlas("import", path), 11, "bericht.csv", "kein Layout passt")
    assert path.exists()


def test_11_bad_delivery(office: Desk, atlas: Atlas) -> None:
    path = put(office, f"ba_{EARLIER}.csv", ba_csv({**SGB2, "11": ("geheimer Text", 3)}))
    for command in ("check", "import"):
        done = atlas(command, path)
        _assert_refused(done, 11, f"ba_{EARLIER}.csv", "Spalte „SGB2“", "Zeile 2")
        assert "geheimer Text" not in done.out + done.err
    assert path.exists()


def test_11_no_date(office: Desk, atlas: Atlas) -> None:
    for command in (("build", "--date", "gestern"), ("check", "x", "--date", "1.1.2024")):
        done = atlas(*command)
        _assert_refused(done, 11)


def test_11_nothing_to_build(office: Desk, atlas: Atlas) -> None:
    _assert_refused(atlas("build", "--date", "1999-12-31"), 11, "Stichtag")


def test_12_broken_boundaries(office: Desk, atlas: Atlas) -> None:
    (office.city_dir / "geodata" / "quartiere.gpkg").write_text("<html>")
    _assert_refused(atlas("run"), 12, "quartiere.gpkg", "nicht lesbar")


def test_13_disclosure(office: Desk, atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ProtectionError("Geheimhaltung: wäre aufgedeckt.")

    module = importlib.import_module("atlas.confidential.recipe")
    monkeypatch.setattr(module, "protect_counts", refuse)
    put_all(office, EARLIER)
    done = atlas("run")
    _assert_refused(done, 13, "wäre aufgedeckt")
    assert not (office.releases_dir / "2022-12-31.1").exists()


@pytest.mark.parametrize("command", ["verify", "publish", "approve"])
def test_14_no_such_release(office: Desk, atlas: Atlas, command: str) -> None:
    _assert_refused(atlas(command, "2031-12-31.1"), 14, "2031-12-31.1")


def test_14_changed_release(office: Desk, atlas: Atlas) -> None:
    (office.releases_dir / "2023-12-31.1" / "notiz.txt").write_text("x")
    _assert_refused(atlas("verify", "2023-12-31.1"), 14, "notiz.txt", "folgen nicht")


def test_14_broken_release(office: Desk, atlas: Atlas) -> None:
    (office.releases_dir / "2023-12-31.2" / "cells.parquet").write_bytes(b"x")
    _assert_refused(atlas("diff", "2023-12-31.1", "2023-12-31.2"), 14, "cells.parquet")


def test_2_wrong_arguments(atlas: Atlas) -> None:
    assert atlas("import").code == 2
    assert atlas("gibtsnicht").code == 2


def test_a_bug_is_a_sentence_and_a_report(
    office: Desk, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("Geheimwert")

    monkeypatch.setattr("atlas.confidential.datastate.source_dates", break_down)
    done = atlas("status")
    assert done.code == 1
    assert "Befehl status: unerwarteter Fehler im Programm (ZeroDivisionError)" in done.err
    assert "Traceback" not in done.err
    (report,) = (office.private_dir / "reports").iterdir()
    told = report.read_text(encoding="utf-8")
    assert "break_down" in told
    assert "Geheimwert" not in told + done.err


@pytest.mark.parametrize(
    ("number", "part"),
    [(errno.ENOSPC, "kein Speicherplatz"), (errno.EROFS, "keine Schreibrechte")],
)
def test_a_full_or_locked_disk_is_one_german_sentence(
    office: Desk, atlas: Atlas, monkeypatch: pytest.MonkeyPatch, number: int, part: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "No such luck")

    monkeypatch.setattr("atlas.confidential.run.run", refuse)
    _assert_refused(atlas("run"), 10, "Arbeitsverzeichnis", part, "noch einmal")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["besuch"], "atlas: diesen Befehl gibt es nicht."),
        (["run", "--leise"], "atlas run: die Option --leise gibt es nicht."),
        (["import"], "atlas import: die Angabe file fehlt."),
        (["diff", "a", "b", "c"], "atlas diff: zu viele Angaben."),
        (["dashboard", "--port", "abc"], "atlas dashboard: die Angabe --port passt nicht."),
        (["run", "--home"], "atlas: der Option --home fehlt ihr Wert."),
        (["key", "besuch"], "atlas key: diesen Befehl gibt es nicht."),
    ],
)
def test_mistyped_command_is_one_german_sentence(
    atlas: Atlas, typed: list[str], sentence: str
) -> None:
    done = atlas(*typed)
    command = sentence.partition(":")[0]
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"Fehler: {sentence} Erwartet: ein Aufruf, wie {command} --help ihn beschreibt.\n"
    )


def test_no_command_shows_the_help(atlas: Atlas) -> None:
    done = atlas()
    assert done.code == 2
    assert "Lieferungen annehmen" in done.out
    assert done.err == ""


def test_interrupted(office: Desk, atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends without a traceback and leaves everything published as it was."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("atlas.confidential.run.run", interrupt)
    done = atlas("run")
    assert done.code == 130
    assert "Traceback" not in done.err
    assert done.err.strip() == "Abgebrochen."


# ---- what is shown ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["[bold]ba[-bold].csv", "[/].csv", "a:smile:b.csv", "[red].csv", "x [link=a]y.csv"]
)
def test_file_names_are_no_markup(office: Desk, atlas: Atlas, name: str) -> None:
    path = office.home.inbox / name.replace("/", "\\")
    path.write_text("x")
    _assert_refused(atlas("import", path), 11, path.name)
    done = atlas("run")
    assert path.name in done.err
    path.unlink()
    good = office.home.inbox / name.replace("/", "\\")
    good.write_text(ba_csv())
    checked = atlas("check", good, "--layout", "ba", "--date", "2023-12-31")
    assert f"{good.name}: 6 Zeilen für 2023-12-31, annehmbar." in checked.out


def test_help_is_german(atlas: Atlas) -> None:
    done = atlas("--help")
    assert done.code == 0
    for command in (
        "check",
        "import",
        "status",
        "build",
        "verify",
        "approve",
        "publish",
        "run",
    ):
        assert command in done.out
    assert "Nimmt eine Lieferung an" in done.out


def test_status_as_text(office: Desk, atlas: Atlas) -> None:
    put_registers(office, EARLIER)
    atlas("run")
    done = atlas("status")
    assert done.code == 0
    lines = {line.split("│")[1].strip() + line.split("│")[2] for line in _rows(done.out)}
    assert len(lines) == 6
    assert "überfällig seit 30.06.2023" in done.out
    assert "SGB-II-Quote, Handlungsbedarf" in done.out


def _rows(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.startswith("│")]


def test_status_for_machines(office: Desk, atlas: Atlas) -> None:
    done = atlas("status", "--json")
    rows = json.loads(done.out)
    assert [row["source"] for row in rows] == ["ewo", "alw", "ba"]
    assert rows[2]["due_date"] == "2024-06-29"
    assert done.err == ""


def test_findings_for_machines(office: Desk, atlas: Atlas) -> None:
    put(office, f"ba_{EARLIER}.csv", ba_csv({**SGB2, "99": ("4711", 3)}))
    assert atlas("run").code == 11
    done = atlas("findings", "--for", "ba", "--json")
    (report,) = json.loads(done.out)
    assert report["delivery"] == f"ba_{EARLIER}.csv"
    assert any(finding["severity"] == "error" for finding in report["findings"])
    assert "4711" not in done.out


def test_timings(office: Desk, atlas: Atlas) -> None:
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    done = atlas("run", "--timings")
    assert done.code == 0
    for step in (f"ba_{DAY}.csv lesen", f"{DAY} zählen", f"{DAY} schreiben", "zusammen"):
        assert step in done.out
    assert "MB" in done.out.splitlines()[-1]


# ---- the way through ----------------------------------------------------------------------


def test_run_twice(office: Desk, atlas: Atlas) -> None:
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    first = atlas("run")
    assert first.code == 0
    assert first.out.startswith("Veröffentlicht: 2023-12-31.3; angenommen: 1 Lieferung.\n")
    assert "endgültig" in first.out
    assert "berichtigt: SGB II" in first.out
    second = atlas("run")
    assert second == (0, "Nichts Neues: alle Lieferungen sind schon verarbeitet.\n", "")


def test_step_by_step(office: Desk, atlas: Atlas) -> None:
    path = put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    assert "annehmbar" in atlas("check", path).out
    assert atlas("import", path).out == (
        "Angenommen: SGB II, Stand 2023-12-31 (Berichtigung 2).\n"
    )
    assert not path.exists()
    assert atlas("build", "--date", DAY).out == "Entwurf 2023-12-31.3 gebaut.\n"
    _assert_refused(atlas("publish"), 14, "2023-12-31.3", "nicht so geprüft")
    assert "2023-12-31.3: jede Datei folgt" in atlas("verify").out
    assert atlas("publish", "2023-12-31.3").out == "Veröffentlicht: 2023-12-31.3.\n"
    assert "Nichts Neues" in atlas("run").out


def test_import_the_same_file_again(office: Desk, atlas: Atlas, tmp_path: Path) -> None:
    path = tmp_path / f"ba_{DAY}.csv"
    path.write_text(ba_csv())
    done = atlas("import", path)
    assert done == (0, f"ba_{DAY}.csv: ist schon angenommen, nichts Neues.\n", "")
    assert path.exists()  # only the inbox is emptied


def test_import_by_the_name_of_a_file_in_the_inbox(office: Desk, atlas: Atlas) -> None:
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    assert "Berichtigung 2" in atlas("import", f"ba_{DAY}.csv").out


def test_a_refused_delivery_gives_the_code_after_all_else_is_done(
    office: Desk, atlas: Atlas
) -> None:
    put_all(office, EARLIER)
    bad = put(office, f"ba_{DAY}.csv", "<html>")
    done = atlas("run")
    assert done.code == 11
    assert "2022-12-31.1" in done.out
    assert f"Fehler: Lieferung ba_{DAY}.csv" in done.err
    assert bad.exists()


def test_leftovers_are_no_drafts(office: Desk, atlas: Atlas) -> None:
    office.drafts_dir.mkdir(exist_ok=True)
    (office.drafts_dir / ".verify-abc").mkdir()
    (office.drafts_dir / ".DS_Store").write_text("x")
    for command in ("verify", "publish"):
        done = atlas(command)
        assert done == (0, "Keine Entwürfe.\n", "")


def test_diff_names_values_and_why_there_are_none(office: Desk, atlas: Atlas) -> None:
    done = atlas("diff", "2023-12-31.1", "2023-12-31.2")
    assert done.code == 0
    assert "nan" not in done.out
    line = next(line for line in _rows(done.out) if "quartier 11" in line and " sgb2 " in line)
    assert "fällt später an" in line
    assert "90" in line


def test_diff_writes_everything_into_a_file(office: Desk, atlas: Atlas, tmp_path: Path) -> None:
    path = tmp_path / "alles.csv"
    done = atlas("diff", "2023-12-31.1", "2023-12-31.2", "--out", str(path))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert f"von {len(lines) - 1} verschiedenen Zellen" in done.out
    assert "Andere Grundlagen: Lieferungen (SGB II)." in done.out


def test_nothing_outside_of_the_home_is_written(
    office: Desk, atlas: Atlas, tmp_path: Path
) -> None:
    before = sorted(path for path in tmp_path.iterdir())
    atlas("run")
    atlas("status")
    assert sorted(path for path in tmp_path.iterdir()) == before
