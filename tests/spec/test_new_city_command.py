"""A city from its boundaries and one file of counts, without writing a line of TOML."""

import io
from datetime import date
from pathlib import Path

import pytest

from atlas.config import load_city
from atlas.release import open_release
from tests.command import Command
from tests.sample_town import NAMES, write_squares

_PARENTS = {"01": "1", "02": "1", "03": "1", "04": "2", "05": "2"}
_COUNTS = {"01": 900, "02": 1200, "03": 700, "04": 300, "05": 80}


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Boundaries and a table of counts as an office has them."""
    folder = tmp_path / "quellen"
    folder.mkdir()
    write_squares(folder / "stadtteile.geojson", NAMES, _PARENTS)
    rows = "".join(f"{NAMES[key]};{n};{n // 5}\n" for key, n in _COUNTS.items())
    total = sum(_COUNTS.values())
    text = f"Bevölkerung;;\nStadtteil;Einwohner;mit Migrationshintergrund\n{rows}"
    (folder / "bevoelkerung_2024-12-31.csv").write_text(
        f"{text}Musterstadt;{total};{total // 5}\n", encoding="cp1252"
    )
    return folder


def _arguments(sources: Path, city_dir: Path) -> list[str | Path]:
    files = (sources / "stadtteile.geojson", sources / "bevoelkerung_2024-12-31.csv")
    return ["new-city", city_dir, "--boundaries", files[0], "--sample", files[1]]


def test_boundaries_and_counts_become_a_provisional_release(
    command: Command, sources: Path, tmp_path: Path
) -> None:
    city_dir = tmp_path / "musterstadt"
    given = ["--name", "Musterstadt", "--key", "99999000"]
    done = command.run(*_arguments(sources, city_dir), *given)
    assert (done.exit_code, done.err) == (0, "")
    assert "alles in Ordnung" in done.out
    assert "2024-12-31.1 vorläufig, es fehlt: Grundsicherung nach SGB II" in done.out
    assert f"atlas dashboard --city {city_dir}" in done.out
    config = load_city(city_dir)
    assert config.city.key == "99999000"
    assert not config.city.is_adopted
    assert [str(kind) for kind in config.areas.used_kinds()] == ["quartier", "district", "city"]
    release = open_release(command.home / "releases/musterstadt/2024-12-31.1")
    cells = release.cells.set_index(["kind", "area_id", "group", "item"])["value"]
    for key, count in _COUNTS.items():
        assert cells["quartier", key, "all", "residents"] == count
    assert cells["city", "99999000", "all", "residents"] == sum(_COUNTS.values())
    assert cells["district", "2", "all", "residents"] == 380
    assert cells["quartier", "02", "all", "need_level"] == 4


def test_what_could_not_be_known_is_listed_with_its_file(
    command: Command, sources: Path, tmp_path: Path
) -> None:
    done = command.run(*_arguments(sources, tmp_path / "ort"))
    for told in (
        "city.toml: der Amtliche Gemeindeschlüssel",
        "city.toml: Quellenvermerk und Lizenz",
        "areas.toml: seit wann diese Grenzen gelten",
        "protection.toml: die Regel Ihres Hauses",
        "deliveries.toml: Spaltennamen der Datei, die noch fehlt",
    ):
        assert told in done.out
    assert load_city(tmp_path / "ort").areas.editions[0].id == date(2024, 1, 1)


def test_on_a_terminal_it_asks_six_questions_and_takes_empty_answers_as_its_guess(
    command: Command, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = _Terminal("Neustadt\n99999000\n\n\nStadt Neustadt\nCC-BY-4.0\n")
    monkeypatch.setattr("sys.stdin", answers)
    done = command.run(*_arguments(sources, tmp_path / "ort"))
    assert done.err.count(": ") == 6
    assert "Ein Gebiet heißt [Stadtteil]: " in done.err
    config = load_city(tmp_path / "ort")
    assert (config.city.name, config.city.id) == ("Neustadt", "neustadt")
    assert config.city.credits[0].text == "Stadt Neustadt"
    assert config.areas.kinds["quartier"].plural == "Stadtteile"


def test_a_city_that_is_there_is_only_checked_and_every_fault_is_said_at_once(
    command: Command, sources: Path, tmp_path: Path
) -> None:
    city_dir = tmp_path / "musterstadt"
    arguments = _arguments(sources, city_dir)
    command.run(*arguments, "--name", "Musterstadt")
    before = (city_dir / "areas.toml").read_text(encoding="utf-8")
    _change(city_dir / "areas.toml", 'name = "NAME"', 'name = "NAMEN"')
    _change(city_dir / "protection.toml", "min_count = 3", 'min_count = 1\nscope = "x"')
    _change(city_dir / "levels.toml", 'preset = "need4"', 'preset = "need5"')
    _change(city_dir / "deliveries.toml", "skip_rows = 1", "skip_rows = 0")
    done = command.run(*arguments)
    assert done.exit_code == 10
    assert before != (city_dir / "areas.toml").read_text(encoding="utf-8")
    for told in (
        "protection.toml, Schlüssel „min_count“: Zahl ab 2 erwartet",
        "protection.toml, Schlüssel „scope“",
        "levels.toml, Schlüssel „need.all.preset“",
        "Spalte „NAMEN“ fehlt",
        "Spalte fehlt im Kopf",
    ):
        assert told in done.err
    assert done.err.splitlines()[0].startswith("1. ")


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_districts_that_deviate_are_made_of_their_parts(
    command: Command, sources: Path, tmp_path: Path
) -> None:
    bent = {"1": "Nord", "2": "Süd"}
    write_squares(sources / "bezirke.geojson", bent, {})
    files = ["--boundaries", sources / "bezirke.geojson"]
    done = command.run(*_arguments(sources, tmp_path / "ort"), *files, "--name", "Ort")
    assert "alles in Ordnung" in done.out
    district = load_city(tmp_path / "ort").areas.editions[0].district
    assert district is not None
    assert (district.file, district.names) == ("", bent)


def test_a_sample_at_fault_is_said_once_and_ends_the_command_so(
    command: Command, sources: Path, tmp_path: Path
) -> None:
    broken = sources / "kaputt_2023.parquet"
    broken.write_bytes(b"PAR1")
    undated = sources / "ohne_tag.csv"
    undated.write_text("Gebiet;Einwohner\n01;100\n02;200\n", encoding="utf-8")
    files = ["--sample", broken, "--sample", undated]
    done = command.run(*_arguments(sources, tmp_path / "ort"), *files, "--name", "Ort")
    assert done.exit_code == 11
    assert done.err.count("kaputt_2023.parquet: Datei ist beschädigt") == 1
    assert done.err.count("ohne_tag.csv: kein Stichtag bekannt") == 1
    assert "Veröffentlicht: " in done.out  # the other samples are shown all the same


def test_without_boundaries_there_is_no_city(command: Command, tmp_path: Path) -> None:
    done = command.run("new-city", tmp_path / "ort")
    assert done.exit_code == 10
    assert "Angabe --boundaries fehlt" in done.err


def test_names_that_only_the_samples_have_are_taken_from_them(
    command: Command, sources: Path, tmp_path: Path
) -> None:
    write_squares(sources / "nummern.geojson", dict.fromkeys(NAMES, ""), {})
    rows = "".join(f"{key} {NAMES[key]};{n}\n" for key, n in _COUNTS.items())
    sample = sources / "ew_2024-12-31.csv"
    sample.write_text(f"Gebiet;Einwohner\n{rows}", encoding="utf-8")
    files = ("--boundaries", sources / "nummern.geojson", "--sample", sample)
    done = command.run("new-city", tmp_path / "ort", *files, "--name", "Ort")
    assert "alles in Ordnung" in done.out
    assert load_city(tmp_path / "ort").areas.editions[0].quartier.names == NAMES


def test_with_sgb2_and_children_everything_is_there_and_final(
    command: Command, sources: Path, tmp_path: Path
) -> None:
    rows = "".join(f"{k};{n};{n // 4};{n // 10};{n // 20}\n" for k, n in _COUNTS.items())
    sample = sources / "alles_2024-12-31.csv"
    head = "Nr;Einwohner;unter 18;SGB II;SGB II unter 18"
    sample.write_text(f"{head}\n{rows}", encoding="utf-8")
    files = ("--boundaries", sources / "stadtteile.geojson", "--sample", sample)
    done = command.run("new-city", tmp_path / "ort", *files, "--name", "Ort")
    assert "Veröffentlicht: 2024-12-31.1 endgültig" in done.out
    config = load_city(tmp_path / "ort")
    assert sorted(config.levels.need) == ["all", "u18"]
    assert [part.id for part in config.levels.need["u18"].indicators] == [
        "density",
        "sgb2_recipients_share",
    ]
    assert [one.id for one in config.deliveries.layouts] == ["alles"]
