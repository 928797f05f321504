"""``atlas classify --what-if``: another levels.toml on a release, refused when it is broken."""

from pathlib import Path

import pytest

from tests.command import Command, files_below
from tests.factories import DAY, town_config, town_counts, town_info, write_town

LEVELS = """
format = 1
min_residents = 50
[need.all]
cuts = [-2.0, -1.0, 0.0]
indicators = [{ id = "density" }, { id = "migration_share" }, { id = "sgb2_share" }]
"""


@pytest.fixture
def release_dir(tmp_path: Path) -> Path:
    return write_town(tmp_path / "releases", town_info(town_config(), DAY), town_counts(DAY))


@pytest.fixture
def levels_path(tmp_path: Path) -> Path:
    path = tmp_path / "versuch.toml"
    path.write_text(LEVELS, encoding="utf-8")
    return path


def test_table_and_areas_that_move(
    command: Command, release_dir: Path, levels_path: Path
) -> None:
    before = files_below(release_dir)
    done = command.run("classify", "--what-if", levels_path, release_dir)
    assert done.exit_code == 0, done.err
    assert "Probe, nicht Teil der Veröffentlichung: Quartiere mit anderer Stufe: 3" in done.out
    cells = [line.split("│")[1:-1] for line in done.out.splitlines() if "│" in line]
    rows = {row[0].strip(): [one.strip() for one in row[1:]] for row in cells}
    assert rows["1"] == ["–", "1", "1", "–", "–"]
    assert rows["2"] == ["–", "–", "–", "1", "–"]
    assert rows["4"] == ["–", "–", "–", "1", "–"]
    assert rows["ohne Stufe"] == ["–", "–", "–", "–", "2"]
    assert rows["12"][:3] == ["Äußere Vorstadt", "2", "4"]
    assert rows["12"][3] == rows["12"][4]
    assert files_below(release_dir) == before


def test_the_rule_in_force_moves_nobody(
    command: Command, release_dir: Path, levels_path: Path
) -> None:
    levels_path.write_text(LEVELS.replace("-2.0, -1.0, 0.0", "0.0, 0.5, 1.0"), encoding="utf-8")
    done = command.run("classify", "--what-if", levels_path, release_dir)
    assert "Quartiere mit anderer Stufe: keine." in done.out


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "format = 1",
            "format = ",
            ["versuch.toml", "kein gültiges TOML (Zeile 2, Spalte 10)"],
        ),
        (
            "format = 1",
            "format = 1\nmin = 3",
            ["versuch.toml", "„min“", "unbekannter Schlüssel"],
        ),
        ("[-2.0, -1.0, 0.0]", "[1, 0, 2]", ["versuch.toml", "need.all", "aufsteigend"]),
        ("[-2.0, -1.0, 0.0]", "[0, 1]", ["versuch.toml", "drei Grenzen"]),
        ("min_residents = 50", "min_residents = -1", ["„min_residents“", "Zahl ab 0"]),
        ('"density"', '"dichte"', ["need.all", "Indikator dichte fehlt"]),
    ],
)
def test_broken_file_is_one_german_sentence(
    command: Command,
    release_dir: Path,
    levels_path: Path,
    old: str,
    new: str,
    wanted: list[str],
) -> None:
    assert old in LEVELS
    levels_path.write_text(LEVELS.replace(old, new), encoding="utf-8")
    done = command.run("classify", "--what-if", levels_path, release_dir)
    assert done.exit_code == 10
    assert done.err.startswith("Fehler: ")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    for part in wanted:
        assert part in done.err


def test_missing_file(command: Command, release_dir: Path, tmp_path: Path) -> None:
    done = command.run("classify", "--what-if", tmp_path / "nichts.toml", release_dir)
    assert done.exit_code == 10
    assert "nichts.toml: Datei fehlt" in done.err


def test_unknown_release(command: Command, levels_path: Path) -> None:
    done = command.run(
        "classify", "--what-if", levels_path, "2099-12-31.1", "--city", "flensburg"
    )
    assert done.exit_code == 14
    assert "2099-12-31.1" in done.err


def test_group_that_neither_has(command: Command, release_dir: Path, levels_path: Path) -> None:
    text = LEVELS.replace("[need.all]", "[need.u18]").replace('{ id = "density" }, ', "")
    levels_path.write_text(text, encoding="utf-8")
    done = command.run("classify", "--what-if", levels_path, release_dir)
    assert done.exit_code == 0, done.err
    assert "Kinder und Jugendliche" in done.out
    assert "Alle Einwohner*innen" not in done.out
