"""What page Vergleich compares, and the address that carries it."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import factories
from tests.factories import DAY, town_config, town_counts, town_info, write_town
from tests.pages.opened import open_page

EARLIER = date(2022, 12, 31)


@pytest.fixture
def releases_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path / "releases"


def _write(releases_dir: Path, day: date) -> None:
    write_town(releases_dir, town_info(town_config(), day), town_counts(day))


def _rename(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """Give a Quartier of Musterstadt another key, in boundaries and counts."""
    areas, counts = factories.town_areas, factories.town_counts

    def renamed_areas():
        return areas().replace({"area_id": {old: new}, "parent_id": {old: new}})

    monkeypatch.setattr(factories, "town_areas", renamed_areas)
    monkeypatch.setitem(
        globals(), "town_counts", lambda day: counts(day).replace({"area_id": {old: new}})
    )


def _go_to(app: AppTest, compared: str | None) -> None:
    """Change the address as the browser's back button does."""
    if compared is None:
        del app.query_params["vergleich"]
    else:
        app.query_params["vergleich"] = compared
    app.run()


def test_each_known_quartier_of_the_address_is_compared_once(releases_dir):
    _write(releases_dir, DAY)
    app = open_page("comparison", vergleich="12,12,99,,11,13,21,22,23")
    assert not app.exception
    assert app.multiselect[0].value == ["12", "11", "13", "21", "22"]


@pytest.mark.parametrize("key", ["1,2", "12,5%", "a%2Cb"])
def test_key_with_a_comma_stands_in_the_address(releases_dir, monkeypatch, key):
    _rename(monkeypatch, "12", key)
    _write(releases_dir, DAY)
    app = open_page("comparison")
    app.multiselect[0].set_value([key, "11"]).run()
    address = str(app.query_params["vergleich"])
    assert open_page("comparison", vergleich=address).multiselect[0].value == [key, "11"]


def test_browser_goes_back_to_what_was_compared_before(releases_dir):
    _write(releases_dir, DAY)
    app = open_page("comparison", gruppe="all", quartier="12")
    assert app.multiselect[0].value == ["12"]
    app.multiselect[0].set_value(["12", "11"]).run()
    app.multiselect[0].set_value(["12", "11", "21"]).run()
    _go_to(app, "12,11")
    assert app.multiselect[0].value == ["12", "11"]
    _go_to(app, None)
    assert app.multiselect[0].value == ["12"]


def test_nothing_compared_stays_nothing(releases_dir):
    _write(releases_dir, DAY)
    app = open_page("comparison", quartier="12", vergleich="12,11")
    app.multiselect[0].set_value([]).run()
    app.run()
    assert app.multiselect[0].value == []


def test_quartier_that_a_date_does_not_know_is_compared_again_at_the_next(
    releases_dir, monkeypatch
):
    _write(releases_dir, DAY)
    _rename(monkeypatch, "12", "14")
    _write(releases_dir, EARLIER)
    app = open_page("comparison", vergleich="12,11")
    day = next(select for select in app.selectbox if select.label == "Stichtag")
    day.set_value(EARLIER.isoformat()).run()
    assert app.multiselect[0].value == ["11"]
    next(one for one in app.selectbox if one.label == "Stichtag").set_value(
        DAY.isoformat()
    ).run()
    assert app.multiselect[0].value == ["12", "11"]
