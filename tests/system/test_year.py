"""A year in the life of the office, as docs/ein-jahr.md tells it: its commands, its answers.

Every number below was counted by hand from the tables in ``tests.year_town``.
"""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean, pstdev

import pandas as pd
import pytest

from atlas.release import Release, list_releases, newest, open_release
from atlas.terms import Kind
from tests.command import PROJECT_DIR, Command, files_below
from tests.town_office import ba_csv
from tests.year_town import (
    AKDN_SEPTEMBER,
    BA_2024,
    CORRECTED_2024,
    FALSE_2024,
    TOWN_2024,
    add_crosswalk,
    akdn_rows,
    begin_new_edition,
    deliveries_of_2023,
    deliveries_of_january,
    ewo_csv,
    lay_in,
    shown,
    through_excel,
    write_year_city,
)

_BLOCK = re.compile(r"```(sh|text)\n(.*?)```", re.DOTALL)
QUARTIERE = ("11", "12", "13", "21", "22", "23")
CITY = "99999000"
# Quartier 22 has 12 residents, 23 none; a level needs 50.
NOT_CLASSIFIED = ["not_classified", "uninhabited"]
# Density (every Quartier has 2 ha), migrants and SGB II in percent of the residents.
RATES_2024 = [
    (155.0, 100 * 145 / 310, 30.0),  # 310 residents, 145 migrants, 93 recipients
    (100.0, 25.0, 15.0),  # 200, 50, 30
    (50.0, 23.0, 14.0),  # 100, 23, 14
    (50.0, 10.0, 4.0),  # 100, 10, 4
]
RATES_CORRECTED = [*RATES_2024[:3], (55.0, 100 * 10 / 110, 100 * 4 / 110)]  # 110, 10, 4
RATES_NEW_EDITION = [
    RATES_2024[0],
    (220 / 3, 25.0, 15.0),  # now 3 ha: 220, 55, 33
    (80.0, 22.5, 13.75),  # now 1 ha: 80, 18, 11
    RATES_CORRECTED[3],
]
# A release holds these for the whole city alone.
AKDN = ("cases_basic", "persons_basic", "costs_basic", "cases_analog", "persons_analog")


def told() -> Iterator[tuple[str, list[str]]]:
    """Commands of the page, each with the lines that it says are answered."""
    text = (PROJECT_DIR / "docs" / "ein-jahr.md").read_text(encoding="utf-8")
    commands: list[tuple[str, list[str]]] = []
    for language, content in _BLOCK.findall(text):
        lines = content.splitlines()
        if language == "sh":
            commands += [(line, []) for line in lines]
        else:
            commands[-1][1].extend(lines)
    yield from commands


def per_quartier(release: Release, item: str, group: str = "all") -> list[object]:
    found = shown(release.cells, "quartier", item, group)
    return [found[key] for key in QUARTIERE]


def in_city(release: Release, item: str, group: str = "all") -> object:
    return shown(release.cells, "city", item, group)[CITY]


def levels_by_hand(rows: list[tuple[float, float, float]]) -> list[int]:
    """Level of each area by the textbook: z with the population sd, summed, z again."""
    columns = list(zip(*rows, strict=True))
    sums = [
        sum(
            (x - fmean(column)) / pstdev(column) for x, column in zip(row, columns, strict=True)
        )
        for row in rows
    ]
    index = [(one - fmean(sums)) / pstdev(sums) for one in sums]
    return [1 + sum(one > cut for cut in (0, 0.5, 1)) for one in index]


def assert_rates(release: Release, rows: list[tuple[float, float, float]]) -> None:
    """Density, migration share and SGB II share of the four Quartiere with enough people."""
    for place, item in enumerate(("density", "migration_share", "sgb2_share")):
        expected = [row[place] for row in rows]
        assert per_quartier(release, item)[:4] == pytest.approx(expected), item
    assert per_quartier(release, "need_level")[:4] == levels_by_hand(rows)
    assert per_quartier(release, "need_level")[4:] == NOT_CLASSIFIED


@dataclass(frozen=True)
class Year:
    """The office at work: each command is the next one of the page."""

    command: Command
    city_dir: Path
    page: Iterator[tuple[str, list[str]]]

    @property
    def releases_dir(self) -> Path:
        return self.command.home / "releases" / "musterstadt"

    def do(self, expected: str, exit_code: int = 0) -> None:
        line, answers = next(self.page)
        assert line == expected
        done = self.command.run(*shlex.split(line)[1:])
        assert done.exit_code == exit_code, done.err
        for answer in answers:
            assert answer in done.out + done.err, line

    def receive(self, **files: str) -> None:
        lay_in(self.command.home, files)

    def inbox(self) -> list[str]:
        return [path.name for path in (self.command.home / "inbox").iterdir()]

    def clear_inbox(self) -> None:
        for path in (self.command.home / "inbox").iterdir():
            path.unlink()

    def release(self, name: str) -> Release:
        return open_release(self.releases_dir / name)

    def names(self) -> list[str]:
        return [ref.name for ref in list_releases(self.releases_dir)]


def test_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    city_dir = write_year_city(tmp_path / "city")
    monkeypatch.setenv("ATLAS_CITY", str(city_dir))
    monkeypatch.chdir(tmp_path)
    year = Year(Command(tmp_path / "home", monkeypatch, capsys), city_dir, told())
    for season in (excel, january, spring, july, september, november, december, next_year):
        season(year)
    assert next(year.page, None) is None
    for name in year.names():
        assert year.command.run("verify", name).exit_code == 0
    assert_data_state(year.releases_dir)
    # The select „Stichtag“ offers what is no series.
    refs = [ref for ref in list_releases(year.releases_dir) if not ref.is_series]
    days = {str(ref.reference_date) for ref in refs}
    assert days == {"2023-12-31", "2024-12-31", "2025-12-31"}


def excel(year: Year) -> None:
    year.receive(**deliveries_of_2023())
    year.do("atlas run")
    year.receive(**{"ewo_2024-12-31.csv": through_excel(ewo_csv(TOWN_2024))})
    year.do("atlas run", exit_code=11)
    assert year.inbox() == ["ewo_2024-12-31.csv"]
    assert year.names() == ["2023-12-31.1"]


def january(year: Year) -> None:
    year.receive(**deliveries_of_january())
    year.do("atlas run", exit_code=11)
    assert year.inbox() == ["alw_2024-12-29.csv"]
    assert set(per_quartier(year.release("2024-12-31.1"), "refugees")) == {"missing"}
    year.do("atlas findings --for alw")
    year.do('atlas import alw_2024-12-29.csv --accept-warnings "Doppelte Zeile, eine Person"')
    year.do("atlas run")
    assert_provisional(year.release("2024-12-31.2"))
    weeks = {"2024-12-22": 36, "2024-12-29": 36, "2025-01-05": 37}
    for day, persons in weeks.items():
        week = year.release(f"{day}.1")
        assert set(week.cells["kind"]) == {str(Kind.CITY)}
        assert in_city(week, "refugees") == persons
        assert not week.map_files
    assert akdn(year.release("2024-10-31.1")) == [50, 120, 61234.5, 30, 75]
    assert akdn(year.release("2024-11-30.1")) == [52, 124, 63000.25, 31, 77]


def spring(year: Year) -> None:
    before = year.names()
    year.do("atlas run")
    assert year.names() == before
    year.do("atlas status")


def july(year: Year) -> None:
    year.receive(**{"ba_2024-12-31.csv": ba_csv(BA_2024)})
    year.do("atlas run")
    final = year.release("2024-12-31.3")
    assert final.info.state == "final"
    assert final.info.supersedes == "2024-12-31.2"
    assert_rates(final, RATES_2024)
    changed = pd.read_csv(final.path / "changes.csv", dtype=str)
    assert set(changed.loc[changed["item"] == "sgb2", "old_status"]) == {"missing"}


def september(year: Year) -> None:
    corrections = {
        "ewo_2024-12-31.csv": ewo_csv(CORRECTED_2024),
        "akdn_2025-09-10.csv": akdn_rows(AKDN_SEPTEMBER),
    }
    year.receive(**corrections)
    year.do("atlas run")
    corrected = year.release("2024-12-31.4")
    assert corrected.info.supersedes == "2024-12-31.3"
    assert_rates(corrected, RATES_CORRECTED)
    assert in_city(corrected, "residents") == 732
    assert akdn(year.release("2024-11-30.1")) == [52, 124, 63000.25, 31, 77]
    assert akdn(year.release("2024-11-30.2")) == [51, 122, 62000.25, 32, 79]
    assert year.release("2024-11-30.2").info.supersedes == "2024-11-30.1"
    year.do("atlas verify 2024-12-31.3")


def november(year: Year) -> None:
    false = {"ewo_2024-12-31.csv": ewo_csv(FALSE_2024)}
    year.receive(**false)
    year.do("atlas run")
    before = files_below(year.releases_dir / "2024-12-31.5")
    year.do("atlas deliveries")
    year.do('atlas reject ewo/2024-12-31.3 --reason "Auszug mit vertauschten Baublöcken"')
    assert newest(year.releases_dir, date(2024, 12, 31)).name == "2024-12-31.4"
    year.do("atlas run")
    right = year.release("2024-12-31.6")
    assert right.info.supersedes == "2024-12-31.4"
    assert right.info.state == "final"
    assert_rates(right, RATES_CORRECTED)
    year.receive(**false)
    year.do("atlas run", exit_code=11)
    year.clear_inbox()
    year.do("atlas releases")
    assert files_below(year.releases_dir / "2024-12-31.5") == before


def december(year: Year) -> None:
    """The disk of the office is lost; what was published lies elsewhere."""
    year.do("atlas key backup sicherung.key")
    year.do("atlas backup dezember.age --key sicherung.key")
    before = files_below(year.releases_dir)
    shutil.rmtree(year.command.home / "confidential")
    year.do("atlas run", exit_code=13)
    year.do("atlas restore dezember.age --key sicherung.key")
    year.do("atlas run")
    after = files_below(year.releases_dir)
    del before["datenstand.json"], after["datenstand.json"]  # hold the time of the run
    assert after == before


def next_year(year: Year) -> None:
    begin_new_edition(year.city_dir)
    year.receive(
        **{
            "ewo_2025-12-31.csv": ewo_csv(CORRECTED_2024),
            "ba_2025-12-31.csv": ba_csv(BA_2024),
        }
    )
    before = year.names()
    year.do("atlas run", exit_code=12)
    assert [name for name in year.names() if name not in before] == ["2025-12-31.1"]
    assert year.inbox() == ["ba_2025-12-31.csv"]
    add_crosswalk(year.city_dir)
    year.do("atlas run")
    assert_new_edition(year.release("2025-12-31.2"))
    year.do("atlas diff 2024-12-31 2025-12-31")


def akdn(release: Release) -> list[object]:
    return [in_city(release, f"akdn_{name}") for name in AKDN]


def assert_provisional(first: Release) -> None:
    assert first.info.state == "provisional"
    assert first.info.missing == ("SGB II",)
    assert per_quartier(first, "residents") == [310, 200, 100, 100, 12, 0]
    assert per_quartier(first, "migrants") == [145, 50, 23, 10, 3, 0]
    assert per_quartier(first, "residents", "u18") == [75, 40, 16, 20, 0, 0]
    assert per_quartier(first, "density") == [155, 100, 50, 50, 6, "uninhabited"]
    assert set(per_quartier(first, "sgb2")) == {"missing"}
    assert per_quartier(first, "need_level") == [*4 * ["not_classified"], *NOT_CLASSIFIED]
    # Block 1101: 20, 1201: 5, 1302: 4 and one with § 81 in 1301, 2102: 3 children.
    assert per_quartier(first, "refugees") == [20, 5, 5, 3, 0, 0]
    assert per_quartier(first, "refugees", "u18") == [6, 0, 0, 3, 0, 0]
    assert in_city(first, "refugees") == 33
    assert in_city(first, "refugees.unplaced") == 3
    used = {one.source: one.reference_date.isoformat() for one in first.info.deliveries}
    assert used == {"ewo": "2024-12-31", "alw": "2024-12-29", "akdn": "2024-12-31"}
    # Of December stand the figures at the city in the release of the reference date.
    assert akdn(first) == [55, 130, 66000, 33, 80]


def assert_new_edition(release: Release) -> None:
    """Block 1302 has 20 people; a fifth of the 14 of Quartier 13 is 2.8, so 3 whole people."""
    assert per_quartier(release, "residents") == [310, 220, 80, 110, 12, 0]
    assert per_quartier(release, "area_ha") == pytest.approx([2, 3, 1, 2, 2, 2])
    assert per_quartier(release, "sgb2") == [93, 33, 11, 4, 3, 0]
    assert per_quartier(release, "sgb2", "u18") == [30, 11, 3, 0, 0, 0]
    assert in_city(release, "sgb2") == sum(int(everyone) for everyone, _ in BA_2024.values())
    assert_rates(release, RATES_NEW_EDITION)


def assert_data_state(releases_dir: Path) -> None:
    state = json.loads((releases_dir / "datenstand.json").read_text(encoding="utf-8"))
    assert state["last_run"]["result"] == "ok"
    found = {(one["source"], one["reference_date"]): one["state"] for one in state["sources"]}
    assert found["ewo", "2024-12-31"] == "corrected"
    assert found["ba", "2024-12-31"] == "accepted"
    assert found["ba", "2025-12-31"] == "accepted"
    assert found["alw", "2025-12-31"] == "overdue"
