"""Trials on page Methode, posts on page Vergleich, intervals on page Quartier."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.config import CityConfig
from atlas.config.methods import METHODS
from tests.factories import DAY, town_counts, town_info, town_tables, write_town
from tests.pages.opened import html_of, open_page

MARK = "Probe, nicht Teil der Veröffentlichung"


@pytest.fixture
def tables() -> dict[str, dict[str, object]]:
    return town_tables()


@pytest.fixture
def home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tables: dict[str, dict[str, object]]
) -> Path:
    config = CityConfig.model_validate(tables)
    write_town(tmp_path / "releases", town_info(config, DAY), town_counts(DAY))
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _number(app: AppTest, label: str):
    return next(one for one in app.text_input if one.label == label)


def _select(app: AppTest, label: str):
    return next(one for one in app.selectbox if one.label == label)


def test_trial_begins_with_the_rule_in_force(home: Path) -> None:
    app = open_page("method")
    assert not app.exception
    assert f"{MARK}: Quartiere mit anderer Stufe: keine." in html_of(app)
    assert [one.value for one in app.text_input] == ["1", "1", "1", "0", "0,5", "1"]


def test_other_cuts_show_who_moves(home: Path) -> None:
    app = open_page("method")
    for label, value in zip(("2", "3", "4"), ("−2", "-1,0", "0"), strict=True):
        _number(app, f"Grenze zu Stufe {label}").set_value(value)
    app.run()
    assert not app.exception
    html = html_of(app)
    assert "Quartiere mit anderer Stufe: keine." not in html
    assert f"{MARK}: Quartiere mit anderer Stufe, Alle" in html
    assert "Äußere Vorstadt" in html


@pytest.mark.parametrize("method", [name for name in METHODS if name != "zscore"])
def test_every_method_can_be_tried(home: Path, method: str) -> None:
    app = open_page("method")
    _select(app, "Verfahren").select(method).run()
    assert not app.exception
    assert not app.warning
    assert f'<span class="badge">{MARK}</span>' in html_of(app)


def test_a_choice_that_is_no_rule_is_a_sentence(home: Path) -> None:
    app = open_page("method")
    for label in ("Einwohnerdichte", "SGB-II-Quote", "Anteil mit Migrationshintergrund"):
        _number(app, label).set_value("0")
    app.run()
    assert not app.exception
    assert "mindestens ein Eintrag erwartet" in app.warning[0].value


@pytest.mark.parametrize("text", ["viel", "", "1; 2", "1.000,5", "nan", "1e5"])
def test_what_is_no_number_is_said(home: Path, text: str) -> None:
    app = open_page("method")
    _number(app, "Grenze zu Stufe 2").set_value(text).run()
    assert not app.exception
    assert "Grenze zu Stufe 2" in app.warning[0].value
    assert "keine Zahl" in app.warning[0].value


def test_trial_of_the_children(home: Path) -> None:
    app = open_page("method", gruppe="u18")
    assert not app.exception
    assert len(app.text_input) == 5
    assert "Kinder und Jugendliche" in html_of(app)


def test_posts_are_shared_out_with_reasons_and_files(home: Path) -> None:
    app = open_page("comparison")
    assert [tab.label for tab in app.tabs] == ["Vergleichen", "Stellen verteilen"]
    _number(app, "Stellen").set_value("104").run()
    html = html_of(app)
    assert "104 Stellen; Quartiere mit Stellen: 4 von 6." in html
    assert "40 Kinder × Faktor 2" in html
    assert "Nicht beteiligt, von Hand zu entscheiden (2): 22 Hafen und 23 Stadtwald." in html
    labels = [element.label for element in app.get("download_button")]
    assert labels == ["Tabelle als Excel", "CSV"]


def test_half_posts_and_a_plan_that_cannot_be_kept(home: Path) -> None:
    app = open_page("comparison")
    _select(app, "Kleinste Einheit").select("0.5").run()
    _number(app, "Stellen").set_value("1,5")
    _number(app, "Sockel je Quartier").set_value("0,5")
    app.run()
    assert not app.exception
    assert "reichen nicht für den Sockel" in app.warning[0].value


def test_more_posts_than_anybody_has(home: Path) -> None:
    app = open_page("comparison")
    _number(app, "Stellen").set_value("1000000").run()
    assert "höchstens 5000" in app.warning[0].value


def test_intervals_only_where_the_release_holds_them(home: Path) -> None:
    app = open_page("profile", quartier="11")
    assert all("sicher" not in one.value for one in app.subheader)


def test_intervals_of_a_city_that_asks_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = town_tables()
    tables["levels"]["confidence"] = 0.9
    info = town_info(CityConfig.model_validate(tables), DAY)
    write_town(tmp_path / "releases", info, town_counts(DAY))
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    app = open_page("profile", quartier="11")
    assert not app.exception
    assert any(one.value == "Wie sicher sind die Zahlen?" for one in app.subheader)
    assert "Zufallsschwankung" in html_of(app)
    assert "Vertrauensniveau 90 %" in html_of(app)
