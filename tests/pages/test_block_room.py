"""The blocks of a Quartier on a map that is linked with their list, on page Quartier."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.terms import Group, Kind
from tests.factories import DAY, Gap, town_config, town_counts, town_info, with_gaps, write_town
from tests.pages.opened import html_of, open_page


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    gaps = [Gap(Kind.BLOCK, ("1301", "1302"), "migrants", Group.ALL)]
    counts = with_gaps(town_counts(DAY), gaps)
    write_town(tmp_path / "releases", town_info(town_config(), DAY), counts)
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _open_map(app: AppTest) -> AppTest:
    found = next(one for one in app.checkbox if one.label == "Baublöcke auf der Karte zeigen")
    return found.set_value(True).run()


def test_map_is_drawn_only_while_it_is_open(home: Path) -> None:
    app = open_page("profile", quartier="13")
    assert 'data-ask="gebiet=' not in html_of(app)
    opened = _open_map(app)
    assert not opened.exception
    assert '<button type="button" data-ask="gebiet=1301">' in html_of(opened)


def test_chosen_block_of_the_address_is_marked_in_the_list(home: Path) -> None:
    opened = _open_map(open_page("profile", quartier="13", gebiet="1302"))
    assert '<span hidden data-show-row="1302">' in html_of(opened)
    # A block of another Quartier marks nothing here.
    other = _open_map(open_page("profile", quartier="13", gebiet="1201"))
    assert "data-show-row" not in html_of(other)
