"""The control room of the table of Quartiere, as Streamlit runs it on Musterstadt."""

import io
import re
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from atlas.publication.dashboard import downloads
from atlas.terms import Group, Kind
from tests.factories import DAY, Gap, town_config, town_counts, town_info, with_gaps, write_town


def _script(name: str) -> None:
    from importlib import import_module

    from atlas.publication.dashboard import address, asking
    from atlas.publication.dashboard.frame import find_context

    address.read_address()
    context = find_context()
    asking.listen()
    import_module(f"atlas.publication.dashboard.pages.{name}").page(context)
    address.write_address()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config, before = town_config(), date(2022, 12, 31)
    base = town_counts(before)
    is_old = (base["area_id"] == "11") & (base["item"] == "sgb2") & (base["group"] == "all")
    base.loc[is_old, "value"] = 30.0
    write_town(tmp_path / "releases", town_info(config, before), base)
    gaps = [Gap(Kind.QUARTIER, ("13", "21"), "migrants", Group.U18)]
    counts = with_gaps(town_counts(DAY), gaps)
    write_town(tmp_path / "releases", town_info(config, DAY), counts)
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _open(name: str, **address: str) -> AppTest:
    app = AppTest.from_function(_script, kwargs={"name": name}, default_timeout=30)
    for key, value in address.items():
        app.query_params[key] = value
    return app.run()


def _html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def _said(app: AppTest, key: str) -> str:
    return "".join(app.query_params[key])


def _numbers(app: AppTest) -> list[str]:
    """Keys of the rows of the table of Quartiere, from top to bottom."""
    table = next(t for t in _html(app).split("<table>") if "<caption>Quartiere, " in t)
    return re.findall(r'<tr data-row="(\d+)"', table)


def test_head_sorts_both_ways_and_stands_in_the_address(home):
    app = _open("tables")
    app.text_input(key="asked").set_value("sortierung=sgb2_share").run()
    down = _numbers(app)
    assert _said(app, "sortierung") == "sgb2_share"
    assert 'aria-sort="descending"><button type="button" data-ask="sortierung=-sgb2' in _html(
        app
    )
    app.text_input(key="asked").set_value("sortierung=-sgb2_share").run()
    # Nobody lives in 23 Stadtwald: it has no rate and stays last.
    assert _numbers(app) == [*down[-2::-1], "23"]
    assert _said(app, "sortierung") == "-sgb2_share"
    assert 'aria-sort="ascending"' in _html(app)
    assert _numbers(_open("tables", sortierung="-sgb2_share")) == _numbers(app)


def test_hidden_values_stand_last_in_both_directions(home):
    for order in ("migration_share", "-migration_share"):
        shown = _numbers(_open("tables", gruppe="u18", sortierung=order))
        assert set(shown[:2]) == {"11", "12"}


@pytest.mark.parametrize("name", ["tables", "comparison"])
def test_one_room_stands_wherever_the_table_stands(home, name):
    app = _open(name, auswahl="stufe-all-3~sgb2_share-ab-20")
    assert not app.exception
    shown = _numbers(app)
    assert f"{len(shown)} von 6 Quartieren: Stufe 3 oder höher (Alle) und SGB-II-Quote" in (
        _html(app)
    )
    assert shown
    assert len(shown) < 6


def test_unknown_condition_is_told_and_the_rest_kept(home):
    app = _open("tables", auswahl="district-2~district-77")
    assert sorted(_numbers(app)) == ["21", "22", "23"]
    told = app.session_state["_replaced_now"]
    assert told == ["Auswahl: „district-77“ steht hier nicht zur Wahl; gezeigt ist der Rest."]


def test_chosen_columns_and_both_groups_stand_in_the_address(home):
    html = _html(_open("tables", spalten="sgb2_share"))
    table = next(t for t in html.split("<table>") if "<caption>Quartiere, " in t)
    assert table.count('<th scope="col"') == 3
    html = _html(_open("tables", gruppen="beide"))
    assert "SGB-II-Quote (Kinder)" in html


def test_names_lead_to_the_profile_of_the_same_group_and_date(home):
    html = _html(_open("tables", gruppe="u18"))
    link = re.search(r'<a href="([^"]+)" data-ask="quartier=11">Altstadt</a>', html)
    assert link
    asked = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)
    assert asked == {"gruppe": ["u18"], "stichtag": ["2023-12-31"], "quartier": ["11"]}


def test_filtered_table_with_two_conditions_as_excel_and_as_link(home, monkeypatch):
    """Task 16."""
    made = {}
    monkeypatch.setattr(
        downloads, "offer", lambda label, make, name, mime: made.update({name: make})
    )
    address = {"auswahl": "stufe-all-3~sgb2_share-ab-20", "sortierung": "sgb2_share"}
    app = _open("tables", **address)
    shown = _numbers(app)
    assert {key: _said(app, key) for key in address} == address
    name = f"musterstadt_quartiere-{len(shown)}-von-6_{DAY.isoformat()}.1.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(made[name]()))
    table, notes = book.worksheets
    assert [row[0].value for row in table.iter_rows(min_row=2)] == shown
    told = [cell.value for cell in notes[2]]
    assert told[0] == "Auswahl"
    assert told[2].startswith(f"{len(shown)} von 6 Quartieren: Stufe 3 oder höher (Alle)")
