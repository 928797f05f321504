"""A configuration that is not what the models say: exit 10, naming file, table and key."""

from pathlib import Path

import pytest

from tests.command import Command

# file, text, its replacement, what the message has to name
BREAKAGES = {
    "unknown key": ("city.toml", "title =", "colour = 1\ntitle =", ["city.toml", "„colour“"]),
    "misspelled key": (
        "city.toml",
        "title =",
        "titel =",
        ["city.toml", "„titel“", "unbekannt"],
    ),
    "missing key": ("city.toml", "title =", "# title =", ["city.toml", "„title“", "fehlt"]),
    "not TOML": ("levels.toml", "[need.all]", "[need.all", ["levels.toml", "TOML"]),
    "text for a number": (
        "protection.toml",
        "min_count = 4",
        'min_count = "vier"',
        ["protection.toml", "„min_count“"],
    ),
    "too small": (
        "protection.toml",
        "min_count = 4",
        "min_count = 1",
        ["protection.toml", "„min_count“"],
    ),
    "number of a city that is text": (
        "city.toml",
        'key = "01001000"',
        "key = 1001000",
        ["city.toml", "„key“"],
    ),
    "in a table": (
        "deliveries.toml",
        'shape = "counts"',
        'shape = "rows"',
        ["deliveries.toml", "layouts.0.shape"],
    ),
    "unknown measure": (
        "indicators.toml",
        'numerator = ["unemployed"]',
        'numerator = ["jobless"]',
        ["indicators.toml", "indicators.unemployed_share", "jobless"],
    ),
    "unknown indicator": (
        "levels.toml",
        '{ id = "sgb2_share" }',
        '{ id = "sgb3_share" }',
        ["levels.toml", "need.all", "sgb3_share"],
    ),
    "unknown edition": (
        "deliveries.toml",
        "edition = 2018-01-01",
        "edition = 1999-01-01",
        ["deliveries.toml", "layouts.", "edition", "areas.toml"],
    ),
    "unknown method": (
        "levels.toml",
        'preset = "mss"',
        'preset = "msb"',
        ["levels.toml", "need.all.preset"],
    ),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_message_names_file_table_and_key(
    name: str, flensburg_dir: Path, command: Command
) -> None:
    file, old, new, wanted = BREAKAGES[name]
    path = flensburg_dir / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    done = command.run("run", "--city", flensburg_dir)
    _assert_one_sentence(done.err, wanted)
    assert done.exit_code == 10


def test_missing_file_is_named(flensburg_dir: Path, command: Command) -> None:
    (flensburg_dir / "indicators.toml").unlink()
    done = command.run("run", "--city", flensburg_dir)
    _assert_one_sentence(done.err, ["flensburg/indicators.toml", "Datei fehlt"])
    assert done.exit_code == 10


def test_file_in_another_encoding_is_named(flensburg_dir: Path, command: Command) -> None:
    path = flensburg_dir / "city.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    done = command.run("run", "--city", flensburg_dir)
    _assert_one_sentence(done.err, ["flensburg/city.toml", "UTF-8"])
    assert done.exit_code == 10


def test_byte_order_mark_of_an_editor_is_read_over(
    flensburg_dir: Path, command: Command
) -> None:
    path = flensburg_dir / "protection.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-8-sig"))
    assert command.run("status", "--city", flensburg_dir).exit_code == 0


def test_unknown_city_lists_the_known_ones(command: Command) -> None:
    done = command.run("run", "--city", "bielefeld")
    _assert_one_sentence(done.err, ["bielefeld", "berlin, flensburg, wuppertal"])
    assert done.exit_code == 10


def _assert_one_sentence(message: str, wanted: list[str]) -> None:
    assert message.startswith("Fehler: ")
    assert message.count("\n") == 1
    assert "Traceback" not in message
    for part in wanted:
        assert part in message
