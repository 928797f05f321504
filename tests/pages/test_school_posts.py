"""Posts for schools on page Vergleich: chosen, kept, found again; other numbers than areas."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.context_town import write_context_town
from tests.pages.opened import html_of, open_page


@pytest.fixture(scope="module")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write_context_town(home / "releases", home)
    (home / "planning").mkdir()
    return home


@pytest.fixture(autouse=True)
def _home(town_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_HOME", str(town_home))


def _field(elements, label):
    return next(one for one in elements if one.label == label)


def _labels(app: AppTest) -> list[str]:
    return [one.label for one in (*app.selectbox, *app.text_input)]


def test_schools_get_posts_beside_areas() -> None:
    app = open_page("comparison")
    assert "Stellen ab Stufe" in _labels(app)
    _field(app.selectbox, "Verteilen auf").select("schulen").run()
    _field(app.text_input, "Stellen").set_value("9").run()
    assert not app.exception
    html = html_of(app)
    assert "9 Stellen; Schulen mit Stellen: 2 von 2." in html
    assert "Schule &lt;b&gt;am Markt&lt;/b&gt;" in html
    assert "Stellen je Schule" in html
    labels = _labels(app)
    assert {"Sockel je Schule", "Stellen ab Sozialindex"} <= {*labels}
    assert not {"Maßstab: Kinder mal", "Stellen ab Stufe"} & {*labels}


def test_the_address_leads_to_schools_of_a_least_index() -> None:
    app = open_page("comparison", empfaenger="schulen", mindestindex="4", stellen="9")
    assert "Schulen mit Stellen: 1 von 2." in html_of(app)


def test_a_plan_of_schools_is_kept_apart_from_the_numbers_of_areas() -> None:
    app = open_page("comparison", empfaenger="schulen", stellen="9")
    app.text_area[0].set_value("S1 7 fest").run()
    _field(app.text_input, "Bezeichnung der Verteilung").set_value("Schulen 2025")
    _field(app.text_input, "Name").set_value("Kim")
    next(one for one in app.button if one.label == "Neu speichern").click().run()
    assert "gespeichert" in app.success[0].value
    _field(app.selectbox, "Verteilen auf").select("").run()
    assert not app.warning
    assert app.text_area[0].value == ""
    again = open_page("comparison", verteilung="1")
    assert _field(again.selectbox, "Verteilen auf").value == "schulen"
    assert again.text_area[0].value == "S1 7 fest"
    assert "Fest: bleibt bei 7." in html_of(again)
