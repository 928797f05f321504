"""An address with something that is not there: said in words, and the select shows the rest."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.publication.dashboard import address
from tests.context_town import write_context_town
from tests.pages.opened import html_of, open_app, open_page

STRANGE = "quatsch"
# Key of the address, page, and what is needed beside it.
ASKED = {
    address.THEME_KEY: ("map", {}),
    address.GROUP_KEY: ("map", {}),
    address.DATE_KEY: ("map", {}),
    address.KIND_KEY: ("map", {}),
    address.QUARTIER_KEY: ("map", {}),
    address.AREA_KEY: ("map", {}),
    address.CLASSES_KEY: ("map", {}),
    address.BREAKS_KEY: ("map", {"thema": "density"}),
    address.MAPS_KEY: ("map", {}),
    address.LAYERS_KEY: ("map", {}),
    address.PLACE_KEY: ("map", {}),
    address.SELECTION_KEY: ("tables", {}),
    address.SORT_KEY: ("tables", {}),
    address.COLUMNS_KEY: ("tables", {}),
    address.BESIDE_KEY: ("tables", {}),
    address.COMPARED_KEY: ("comparison", {}),
    address.OWN_KEY: ("comparison", {}),
    address.STEP_KEY: ("comparison", {}),
    address.BASIS_KEY: ("comparison", {}),
    address.ROUNDING_KEY: ("comparison", {}),
    address.LEAST_KEY: ("comparison", {}),
    address.PLAN_KEY: ("comparison", {}),
    address.RECEIVERS_KEY: ("comparison", {}),
}
# Told where they are read: a number as a warning, the others by tests of their own.
ELSEWHERE = {
    address.CITY_KEY,
    address.PIN_KEY,
    address.POSTS_KEY,
    address.FLOOR_KEY,
    address.LEAST_INDEX_KEY,
    address.BEFORE_KEY,
    address.AFTER_KEY,
    address.SERIES_KEY,
    address.FIGURE_KEY,
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_context_town(tmp_path / "releases", tmp_path)
    (tmp_path / "planning").mkdir()
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _told(app: AppTest) -> list[str]:
    assert not app.exception
    return list(app.session_state["_replaced_now"])


def test_every_key_of_the_address_is_tried() -> None:
    assert ASKED.keys() | ELSEWHERE == set(address.ADDRESS_KEYS)


@pytest.mark.parametrize("key", ASKED)
def test_what_is_not_there_is_told_once(home: Path, key: str) -> None:
    page, beside = ASKED[key]
    told = set(_told(open_page(page, **beside, **{key: STRANGE})))
    assert len(told) == 1
    assert f": „{STRANGE}“ steht hier nicht zur Wahl; " in told.pop()


def test_bad_selection_leaves_all_and_the_address(home: Path) -> None:
    app = open_page("tables", auswahl=STRANGE)
    select = next(one for one in app.selectbox if one.label == "Auswahl")
    assert select.value == ""
    assert "eigene Auswahl" not in select.options
    assert "auswahl" not in app.query_params
    half = open_page("tables", auswahl=f"{STRANGE}~stufe-all-3")
    select = next(one for one in half.selectbox if one.label == "Auswahl")
    assert select.value == "stufe-all-3"


def test_map_without_any_layer_is_drawn(home: Path) -> None:
    app = open_page("map", zeigen="-")
    assert not app.exception
    assert 'class="signs"' not in html_of(app)
    assert 'class="signs"' in html_of(open_page("map", zeigen=STRANGE))


@pytest.mark.parametrize("key", [address.POSTS_KEY, address.FLOOR_KEY])
def test_bad_number_is_a_warning(home: Path, key: str) -> None:
    assert "keine Zahl" in open_page("comparison", **{key: STRANGE}).warning[0].value


def test_bad_release_in_a_link_is_told_and_forgotten(home: Path) -> None:
    app = open_app(stand=STRANGE)
    assert "Stand: „quatsch“ steht hier nicht zur Wahl; gezeigt ist" in html_of(app)
    assert "stand" not in app.query_params


def test_what_another_page_sorted_by_is_no_fault(home: Path) -> None:
    app = open_page("tables")
    app.session_state["_kept_choices"]["sortierung"] = "not_here"
    app.run()
    assert "_replaced_now" not in app.session_state
