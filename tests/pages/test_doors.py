"""The doors of the atlas: pages in groups, a first visit, links that name their release."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from atlas.publication.dashboard.pages import DOORS, PAGE_PATHS
from atlas.publication.views.data_state import pinned_text
from atlas.release import ReleaseRef
from tests.factories import DAY, town_config, town_counts, town_info, write_town
from tests.pages.opened import html_of, open_app

ASSETS = Path(__file__).parents[2] / "atlas" / "publication" / "dashboard" / "assets"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = town_config()
    for day in (date(2022, 12, 31), DAY):
        write_town(tmp_path / "releases", town_info(config, day), town_counts(day))
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def test_every_page_stands_behind_one_door():
    inside = [path for paths in DOORS.values() for path in paths]
    assert len(inside) == len(set(inside))
    assert set(PAGE_PATHS) - {"", "quartier"} <= set(inside)


def test_script_knows_the_same_doors():
    script = (ASSETS / "doors.js").read_text(encoding="utf-8")
    told = dict(json.loads(f"[{one}]") for one in re.findall(r'\[("\w+", "[^"]+")\]', script))
    assert told == {path: door for door, paths in DOORS.items() for path in paths}


def test_first_visit_is_greeted_with_three_ways_until_it_is_closed(home):
    app = open_app()
    assert not app.exception
    ways = [link.proto.label for link in app.get("page_link")]
    assert ways[:3] == ["Wo?", "Warum?", "Was hat sich verändert?"]
    # 11 Altstadt has the highest index.
    assert "quartier=11" in app.get("page_link")[1].proto.query_string
    next(b for b in app.button if b.label == "Einführung schließen").click().run()
    assert "Wo?" not in [link.proto.label for link in app.get("page_link")]


def test_the_first_release_of_a_city_is_compared_with_nothing(tmp_path, monkeypatch):
    write_town(tmp_path / "releases", town_info(town_config(), DAY), town_counts(DAY))
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    app = open_app()
    ways = [link.proto.label for link in app.get("page_link")]
    assert ways[:2] == ["Wo?", "Warum?"]
    assert "Was hat sich verändert?" not in ways
    assert "mit dem davor" not in html_of(app)


def test_who_comes_with_a_choice_is_not_greeted(home):
    assert "Einführung schließen" not in [b.label for b in open_app(thema="density").button]


def test_head_copies_a_link_with_the_release(home):
    assert f'data-copy="{DAY.isoformat()}.1"' in html_of(open_app())


def test_link_shows_its_date_and_says_that_there_is_a_newer_one(home):
    app = open_app(stand="2022-12-31.1")
    html = html_of(app)
    assert "Stand 31.12.2022 · " in html
    assert "Es gibt einen neueren Stand: 31.12.2023" in html
    next(b for b in app.button if b.label.startswith("Stand ")).click().run()
    html = html_of(app)
    assert "Stand 31.12.2023 · " in html
    assert "neueren Stand" not in html
    assert "stand" not in app.query_params


def test_link_to_the_newest_release_says_nothing(home):
    assert "Link nennt" not in html_of(open_app(stand=f"{DAY.isoformat()}.1"))


def test_link_says_what_became_of_its_release():
    shown = town_info(town_config(), DAY, 2)
    every = [ReleaseRef(DAY, n, Path(f"{DAY}.{n}"), is_withdrawn=n == 3) for n in (1, 2, 3)]
    assert pinned_text(shown, 2, every, "") == ""
    assert pinned_text(shown, 1, every, "") == (
        "Dieser Link nennt Nummer 1 zum 31.12.2023: Sie ist durch eine neuere ersetzt und gilt "
        "nicht mehr. Gezeigt ist Nummer 2."
    )
    assert "Sie ist zurückgezogen und gilt nicht mehr." in pinned_text(shown, 3, every, "")
    assert "Sie gibt es hier nicht." in pinned_text(shown, 9, every, "")
