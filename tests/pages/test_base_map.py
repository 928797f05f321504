"""The switch „Hintergrundkarte“: there only where configured, off until turned on."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.factories import DAY, town_config, town_counts, town_info, write_town

BASE_MAP = {"url": "https://a.example/{z}/{x}/{y}", "credit": "© <b>Amt</b>", "max_zoom": 9}


def _script() -> None:
    import streamlit as st

    from atlas.publication.dashboard import address
    from atlas.publication.dashboard.base_map import offer_base_map, wanted_base_map
    from atlas.publication.dashboard.frame import find_context

    address.read_address()
    context = find_context()
    wanted = wanted_base_map(context)
    offer_base_map(context)
    address.write_address()
    st.text(wanted.url if wanted else "keine")


@pytest.fixture
def city_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_town(tmp_path / "releases", town_info(town_config(), DAY), town_counts(DAY))
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path / "releases" / "musterstadt"


def _configure(city_dir: Path) -> None:
    content = {"format": 1, "base_map": BASE_MAP}
    (city_dir / "anzeige.json").write_text(json.dumps(content), encoding="utf-8")


def _open(**address: str) -> AppTest:
    app = AppTest.from_function(_script, default_timeout=30)
    for key, value in address.items():
        app.query_params[key] = value
    return app.run()


def test_without_configuration_there_is_nothing_to_switch(city_dir: Path) -> None:
    app = _open(gruppe="all")
    assert not app.exception
    assert not app.toggle
    assert app.text[0].value == "keine"


def test_switch_is_off_until_the_reader_turns_it_on(city_dir: Path) -> None:
    _configure(city_dir)
    app = _open(gruppe="all")
    assert (app.toggle[0].label, app.toggle[0].value) == ("Hintergrundkarte", False)
    assert app.text[0].value == "keine"
    app.toggle[0].set_value(True).run()
    assert app.text[0].value == BASE_MAP["url"]
    assert "hintergrund" not in app.query_params
    app.toggle[0].set_value(False).run()
    assert app.text[0].value == "keine"


def test_page_says_who_hears_what(city_dir: Path) -> None:
    _configure(city_dir)
    said = _open().get("html")[0].proto.body
    assert "kommen von außerhalb des Atlas, von a.example" in said
    assert "die Adresse und den angesehenen Ausschnitt" in said
    assert "© &lt;b&gt;Amt&lt;/b&gt;" in said


def test_no_address_turns_it_on(city_dir: Path) -> None:
    _configure(city_dir)
    app = _open(hintergrund="an")
    assert app.toggle[0].value is False
    assert app.text[0].value == "keine"
