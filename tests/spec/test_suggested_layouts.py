"""Tables as five cities published them: suggested, written, and then checked without a hand."""

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import PROJECT_DIR, Command
from tests.sample_town import write_squares

DATA_DIR = PROJECT_DIR / "tests" / "data"
_CITY = """
format = 1
id = "probe"
key = "99999000"
name = "{name}"
title = "Sozialatlas"
"""
_AREAS = """
format = 1
[kinds.quartier]
label = "Gebiet"
plural = "Gebiete"
{kinds}
[kinds.city]
label = "Stadt"
plural = "Städte"
[[editions]]
id = 2010-01-01
[editions.quartier]
file = "gebiete.geojson"
key = "KEY"
name = "NAME"
{parent}
"""
_INDICATORS = """
format = 1
[measures.residents]
label = "Einwohner*innen"
[measures.migrants]
label = "Einwohner*innen mit Migrationshintergrund"
part_of = "residents"
[indicators.migration_share]
label = "Anteil"
numerator = ["migrants"]
denominator = ["residents"]
"""
_LEVELS = """
format = 1
[need.all]
preset = "need4"
indicators = [{ id = "migration_share" }]
"""
_DELIVERIES = """
format = 1
[[layouts]]
id = "andere"
source = "andere"
label = "Andere"
shape = "counts"
file = "andere_{date}.csv"
kind = "quartier"
[layouts.columns]
G = { role = "area" }
A = { role = "count", item = "migrants" }
"""


@dataclass(frozen=True)
class _City:
    name: str
    areas: Mapping[str, str]
    parents: Mapping[str, str]


def _koeln() -> _City:
    with (DATA_DIR / "koeln/bevoelkerung.csv").open(encoding="utf-8") as lines:
        rows = {row["raum_id"]: row["raum"] for row in csv.DictReader(lines)}
    areas = {key: name for key, name in rows.items() if not key.startswith("00")}
    return _City("Köln", areas, {key: key[0] for key in areas})


def _hamburg() -> _City:
    text = (DATA_DIR / "hamburg/stadtteilprofile_2014.csv").read_text(encoding="cp1252")
    names = [line.partition(";")[0] for line in text.splitlines()[1:]]
    areas = {f"{i:05}": name for i, name in enumerate(names, 1) if name != "Hamburg"}
    return _City("Hamburg", areas, {})


def _muenchen() -> _City:
    text = (DATA_DIR / "muenchen/hauptwohnsitz_2021.csv").read_text(encoding="utf-8")
    texts = [line.partition(";")[0] for line in text.splitlines()[1:]]
    pairs = [(text.partition(" ")[0], text.partition(" ")[2]) for text in texts]
    areas = {key: name for key, name in pairs if "." in key}
    return _City("München", areas, {key: key[:2] for key in areas})


def _write(city: _City, city_dir: Path) -> Path:
    (city_dir / "geodata").mkdir(parents=True)
    write_squares(city_dir / "geodata/gebiete.geojson", city.areas, city.parents)
    kinds = '[kinds.district]\nlabel = "Bezirk"\nplural = "Bezirke"' if city.parents else ""
    parent = 'parent = "PARENT"\n[editions.district]' if city.parents else ""
    texts = {
        "city": _CITY.format(name=city.name),
        "areas": _AREAS.format(kinds=kinds, parent=parent),
        "indicators": _INDICATORS,
        "levels": _LEVELS,
        "protection": "format = 1\n",
        "deliveries": _DELIVERIES,
    }
    for name, text in texts.items():
        (city_dir / f"{name}.toml").write_text(text, encoding="utf-8")
    return city_dir


def _of_project(city: str, city_dir: Path) -> Path:
    shutil.copytree(PROJECT_DIR / "config" / city, city_dir)
    shutil.copytree(PROJECT_DIR / "geodata" / city, city_dir / "geodata")
    return city_dir


@pytest.mark.parametrize(
    ("file", "told", "arguments"),
    [
        (
            "koeln/bevoelkerung.csv",
            [
                'sums = { district = "00(1|2|3|4|5|6|7|8|9)" }',
                'totals = ["000"]',
                'jahr = { role = "date", format = "%Y" }',
                '"Einwohner mit Migrationshintergrund" = "migrants"',
            ],
            [],
        ),
        (
            "muenchen/hauptwohnsitz_2021.csv",
            ['pattern = "([0-9.]+) .*"', 'sums = { district = "[0-9]{2}" }'],
            [],
        ),
        (
            "hamburg/stadtteilprofile_2014.csv",
            ["by_name = true", 'thousands = " "', "Unterschied"],
            [],
        ),
        ("berlin/mss_2021.csv", ['S1 = { role = "value", item = "s1" }'], []),
        ("flensburg/stadtteile.csv", ['year = { role = "date", format = "%Y" }'], []),
    ],
)
def test_a_published_table_is_read_as_it_was_suggested(
    command: Command, tmp_path: Path, file: str, told: list[str], arguments: list[str]
) -> None:
    name = file.partition("/")[0]
    towns = {"koeln": _koeln, "hamburg": _hamburg, "muenchen": _muenchen}
    city_dir = tmp_path / name
    if name in towns:
        _write(towns[name](), city_dir)
    else:
        _of_project(name, city_dir)
    suggested = command.run("layout", DATA_DIR / file, "--city", city_dir)
    assert suggested.exit_code == 0
    assert [one for one in told if one not in suggested.out] == []
    written = command.run("layout", DATA_DIR / file, "--city", city_dir, "--write")
    assert written.exit_code == 0
    layout = next(line for line in suggested.out.splitlines() if line.startswith("id = "))
    layout_id = layout.split('"')[1]
    checked = command.run(
        "check", DATA_DIR / file, "--city", city_dir, "--layout", layout_id, *arguments
    )
    assert (checked.exit_code, checked.err) == (0, "")
    assert "annehmbar" in checked.out


def test_a_name_that_another_layout_reads_is_not_given_twice(
    command: Command, tmp_path: Path
) -> None:
    city_dir = _write(_muenchen(), tmp_path / "muenchen")
    sample = tmp_path / "andere_2021-12-31.csv"
    shutil.copyfile(DATA_DIR / "muenchen/hauptwohnsitz_2021.csv", sample)
    shown = command.run("layout", sample, "--city", city_dir)
    assert "der Dateiname passt schon auf das Layout andere" in shown.err
    refused = command.run("layout", sample, "--city", city_dir, "--write")
    assert refused.exit_code == 11
    assert (city_dir / "deliveries.toml").read_text(encoding="utf-8") == _DELIVERIES
