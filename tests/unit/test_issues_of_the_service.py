"""``atlas watch`` writes an issue when its source arrives, and hands it over."""

import json
import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from atlas.cli import office as service
from atlas.confidential.ripe import Lying
from tests.town_office import make_office, put

FIRST = date(2024, 1, 7)
REPORTS = """
format = 1
[weekly]
title = "Bevölkerung aktuell"
source = "woche"
[[weekly.sections]]
title = "Die Stadt"
series = ["residents"]
"""
SUBSCRIPTIONS = """
format = 1
[[subscriptions]]
id = "rat"
reports = ["weekly"]
folder = "abo"
"""


def _weekly(tables: dict[str, Any]) -> None:
    tables["deliveries"]["layouts"].append(
        {
            "id": "woche",
            "source": "woche",
            "label": "Wochenzahlen",
            "shape": "counts",
            "file": "woche_{date}.csv",
            "kind": "city",
            "is_series": True,
            "is_required": False,
            "columns": {"ALLE": {"role": "count", "item": "residents"}},
        }
    )


def test_each_issue_is_written_and_handed_over_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = make_office(tmp_path, _weekly)
    (desk.city_dir / "reports.toml").write_text(REPORTS, encoding="utf-8")
    (desk.city_dir / "subscriptions.toml").write_text(SUBSCRIPTIONS, encoding="utf-8")
    lying = Lying(desk.home.inbox, 0)

    def look() -> float:
        lying.ripe()
        return service._run_and_go_on(str(desk.city_dir), desk.home.root, desk, lying)

    put(desk, f"woche_{FIRST}.csv", "ALLE\n7310\n")
    assert look() == service._TRY_AGAIN_SECONDS  # the folder is not there
    assert "abo ist kein Ordner" in capsys.readouterr().err
    state = json.loads((desk.releases_dir / "datenstand.json").read_text(encoding="utf-8"))
    assert state["last_run"]["result"] == "ok"  # what was published stays published
    (tmp_path / "abo").mkdir()
    assert look() == math.inf
    later = FIRST + timedelta(days=7)
    put(desk, f"woche_{later}.csv", "ALLE\n7312\n")
    assert look() == math.inf
    assert look() == math.inf
    names = [f"musterstadt_bevoelkerung-aktuell_{day}.1.pdf" for day in (FIRST, later)]
    assert sorted(path.name for path in (tmp_path / "abo").iterdir()) == names
    house = desk.home.reports("musterstadt")
    assert sorted(path.name for path in house.iterdir()) == [*names, "versand.json"]
    out = capsys.readouterr().out
    assert [out.count(f"Abo rat: Bevölkerung aktuell Nr. {n}/2024") for n in (1, 2)] == [1, 1]
