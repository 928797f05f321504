"""Buttons „Thema“ and slider „Zeitachse“ of page Karte."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.publication.dashboard import selects
from tests.factories import DAY, town_config, town_counts, town_info, write_town
from tests.pages.opened import open_page

DAYS = (date(2021, 12, 31), date(2022, 12, 31), DAY)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _write(home: Path, *days: date) -> None:
    for day in days:
        write_town(home / "releases", town_info(town_config(), day), town_counts(day))


def _labels(app: AppTest) -> list[str]:
    return [one.label for one in app.selectbox]


def test_few_themes_are_buttons_and_stand_in_the_address(home: Path) -> None:
    _write(home, DAY)
    app = open_page("map")
    assert "Thema" not in _labels(app)
    themes = app.button_group(key="thema")
    assert themes.proto.label == "Thema"
    themes.set_value("sgb2_share").run()
    assert app.query_params["thema"] == "sgb2_share"
    assert open_page("map", thema="density").button_group(key="thema").value == "density"


def test_many_themes_are_a_select(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(home, DAY)
    monkeypatch.setattr(selects, "_MOST_IN_A_ROW", 40)
    assert "Thema" in _labels(open_page("map"))


def test_slider_and_select_are_one_date(home: Path) -> None:
    _write(home, *DAYS)
    app = open_page("map", daneben="stichtage")
    assert app.select_slider[0].value == DAY.isoformat()
    app.select_slider[0].set_value("2022-12-31").run()
    assert not app.exception
    assert app.query_params["stichtag"] == "2022-12-31"
    assert app.query_params["daneben"] == "stichtage"
    day = next(one for one in app.selectbox if one.label == "Stichtag")
    assert day.value == "2022-12-31"
    day.set_value("2021-12-31").run()
    assert app.select_slider[0].value == "2021-12-31"


def test_two_dates_need_no_slider(home: Path) -> None:
    _write(home, *DAYS[1:])
    assert not open_page("map").select_slider
