"""The field „Suche“ and the layers of the map, as Streamlit runs the whole app."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.context_town import write_context_town
from tests.factories import DAY, town_config, town_counts, town_info, write_town
from tests.pages.opened import html_of, open_app


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_context_town(tmp_path / "releases", tmp_path)
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _search(app: AppTest, text: str) -> AppTest:
    """Type a text and send it: the simulated select takes nothing but its options."""
    assert any(one.label == "Suche" for one in app.selectbox)
    app.session_state["_search_asked"] = text
    return app.run()


def _links(app: AppTest) -> list[str]:
    return [one.proto.label for one in app.get("page_link")]


def test_area_is_chosen_on_the_map(home: Path) -> None:
    app = _search(open_app(), "aeussere")
    assert not app.exception
    assert app.query_params["quartier"] == "12"


def test_street_is_marked_and_told_until_another_area_is_chosen(home: Path) -> None:
    app = _search(open_app(thema="density"), "hafengasse")
    assert app.query_params["quartier"] == "22"
    assert app.query_params["ort"] == ":22:Hafengasse"
    assert "Hafengasse (Straße) liegt in 22 Hafen." in html_of(app)
    quartier = next(one for one in app.selectbox if one.label == "Quartier")
    quartier.set_value("11").run()
    assert "Hafengasse" not in html_of(app)
    assert "ort" not in app.query_params


def test_several_are_listed_as_links_and_markup_stays_text(home: Path) -> None:
    app = _search(open_app(), "schule")
    assert [one.value for one in app.text] == ["2 Treffer für „schule“:"]
    assert "Hafenschule – 22 Hafen" in _links(app)
    assert "quartier" not in app.query_params
    app = _search(app, "<b>x")
    assert app.text[0].value == "Nichts heißt „<b>x“."
    assert not [one for one in _links(app) if "Hafenschule" in one]


def test_larger_area_is_chosen_from_the_list_and_shown_on_the_map(home: Path) -> None:
    app = open_app()
    field = next(one for one in app.selectbox if one.label == "Suche")
    field.set_value("Stadtbezirk 2 Süd").run()
    assert next(one for one in app.selectbox if one.label == "Suche").value is None
    assert app.query_params["ebene"] == "district"
    assert app.query_params["gebiet"] == "2"


def _open_boxes(app: AppTest) -> AppTest:
    """Open „Auf der Karte zeigen“; before, no box is drawn."""
    assert not app.checkbox
    app.session_state["context-boxes"] = True
    return app.run()


def test_layers_are_switched_and_stand_in_the_address(home: Path) -> None:
    app = _open_boxes(open_app(quartier="22"))
    boxes = {one.label: one for one in app.checkbox}
    assert {name: box.value for name, box in boxes.items()} == {
        "Gewässer": True,
        "Bahn": True,
        "Grün": True,
        "■ Schulen": False,
        "● Kitas": False,
    }
    assert "zeigen" not in app.query_params
    boxes["■ Schulen"].check().run()
    assert app.query_params["zeigen"] == "gewaesser,bahn,parks,schulen"
    assert "Hafenschule" in html_of(app)


def test_address_decides_on_layers_and_unknown_ones_are_left_out(home: Path) -> None:
    app = _open_boxes(open_app(zeigen="schulen,gibtesnicht"))
    assert [one.label for one in app.checkbox if one.value] == ["■ Schulen"]
    app = _open_boxes(open_app(zeigen="-"))
    assert not [one for one in app.checkbox if one.value]
    first = next(one for one in app.checkbox if one.label == "Gewässer")
    first.check().run()
    assert app.query_params["zeigen"] == "gewaesser"


def test_sources_of_the_layers_are_named(home: Path) -> None:
    assert "Vermessungsamt Musterstadt (dl-de/by-2-0)" in html_of(open_app())


def test_city_without_context_has_the_search_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_town(tmp_path / "releases", town_info(town_config(), DAY), town_counts(DAY))
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    app = open_app(ort=":22:Hafengasse", zeigen="schulen")
    assert not app.exception
    assert not app.checkbox
    assert _search(app, "22").query_params["quartier"] == "22"
