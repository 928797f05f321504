"""The pages as Streamlit runs them, on Musterstadt; what they show is tested with the views."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.exchange import requests
from atlas.terms import Group, Kind, Reason, State, Status
from tests.factories import DAY, Gap, town_config, town_counts, town_info, with_gaps, write_town
from tests.pages.opened import html_of, open_page

PAGES = ("profile", "comparison", "development", "planning", "tables", "data_state", "method")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two final dates; hidden blocks and Quartiere in the newer one."""
    config = town_config()
    releases_dir = tmp_path / "releases"
    before = date(2022, 12, 31)
    base = town_counts(before)
    is_old = (base["area_id"] == "11") & (base["item"] == "sgb2") & (base["group"] == "all")
    base.loc[is_old, "value"] = 30.0
    write_town(releases_dir, town_info(config, before), base)
    gaps = [
        Gap(Kind.BLOCK, ("1301", "1302"), "migrants", Group.ALL),
        Gap(Kind.QUARTIER, ("13", "21"), "migrants", Group.U18),
    ]
    write_town(releases_dir, town_info(config, DAY), with_gaps(town_counts(DAY), gaps))
    (tmp_path / "requests").mkdir()
    entry = {"source": "ba", "label": "SGB II", "reference_date": "2023-12-31"}
    state = {"format": 1, "city": "musterstadt", "sources": [{**entry, "state": "accepted"}]}
    path = releases_dir / "musterstadt" / "datenstand.json"
    path.write_text(json.dumps(state), encoding="utf-8")
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("group", ["all", "u18"])
def test_every_page_opens(home, name, group):
    app = open_page(name, quartier="13", gruppe=group)
    assert not app.exception
    assert not app.error
    assert len(app.header) == 1


@pytest.mark.parametrize("name", [name for name in PAGES if name != "planning"])
def test_every_table_has_caption_and_scoped_heads(home, name):
    html = html_of(open_page(name, quartier="13"))
    tables = html.count("<table>")
    assert tables
    assert html.count("<caption>") == tables
    assert html.count('<th scope="col"') >= 2 * tables


def test_profile_without_choice_asks_for_one(home):
    app = open_page("profile")
    assert "suchen" in app.info[0].value
    assert "Äußere Vorstadt" in html_of(app)


def test_profile_shows_level_reason_and_blocks(home):
    app = open_page("profile", quartier="11", gruppe="all")
    html = html_of(app)
    assert app.header[0].value == "11 Altstadt"
    assert "hoher Handlungsbedarf" in html
    assert "Stufe 4" in html
    assert "1101" in html
    assert any(
        element.label == "Alle Jahre als Excel" for element in app.get("download_button")
    )


def test_assessment_is_kept_with_author_and_history(home):
    (home / "planning").mkdir()
    app = open_page("profile", quartier="11")
    assert "noch keine Bewertung" in html_of(app)
    app.text_area[0].set_value("Mehr Plätze in der Kita.")
    app.text_input[0].set_value("Planungsteam")
    _press(app, "Bewertung speichern")
    assert not app.exception
    assert "Mehr Plätze in der Kita." in html_of(app)
    assert "Planungsteam (nicht geprüft)" in html_of(app)
    again = open_page("profile", quartier="11")
    assert "Mehr Plätze in der Kita." in html_of(again)


def test_assessment_without_author_is_refused_and_its_text_kept(home):
    (home / "planning").mkdir()
    app = open_page("profile", quartier="11")
    app.text_area[0].set_value("Mehr Plätze in der Kita.")
    _press(app, "Bewertung speichern")
    assert "Name fehlt" in app.error[0].value
    assert app.text_area[0].value == "Mehr Plätze in der Kita."


def test_second_of_two_planners_sees_the_first_and_keeps_the_own_text(home):
    (home / "planning").mkdir()
    first, second = (open_page("profile", quartier="11") for _ in range(2))
    for app, text in ((first, "Von der ersten."), (second, "Von der zweiten.")):
        app.text_area[0].set_value(text)
        app.text_input[0].set_value("Planungsteam")
        _press(app, "Bewertung speichern")
    assert "jemand anderes" in second.error[0].value
    assert "Von der ersten." in html_of(second)
    assert second.text_area[0].value == "Von der zweiten."
    _press(second, "Bewertung speichern")
    assert not second.error
    assert "Von der zweiten." in html_of(open_page("profile", quartier="11"))


def test_typed_text_is_shown_as_text(home):
    (home / "planning").mkdir()
    app = open_page("profile", quartier="11")
    app.text_area[0].set_value("<img src=x onerror=alert(1)> *kursiv*")
    app.text_input[0].set_value("<b>Planung</b>")
    _press(app, "Bewertung speichern")
    html = html_of(app)
    assert "&lt;img src=x onerror=alert(1)&gt; *kursiv*" in html
    assert "&lt;b&gt;Planung&lt;/b&gt; (nicht geprüft)" in html
    assert "<img src=x" not in html
    assert "<b>Planung" not in html


def test_tables_offer_assessments_where_there_are_any(home):
    (home / "planning").mkdir()
    label = "Bewertungen als CSV"
    assert label not in [one.label for one in open_page("tables").get("download_button")]
    app = open_page("profile", quartier="11")
    app.text_area[0].set_value("Mehr Plätze in der Kita.")
    app.text_input[0].set_value("Planungsteam")
    _press(app, "Bewertung speichern")
    assert label in [one.label for one in open_page("tables").get("download_button")]


def test_without_planning_nobody_assesses(home):
    app = open_page("profile", quartier="11")
    assert not app.text_area
    assert "Bewertung der Planung" not in [one.value for one in app.subheader]


def test_profile_shows_where_the_quartier_lies(home):
    html = html_of(open_page("profile", quartier="12"))
    assert 'alt="Lage von 12 Äußere Vorstadt: Stadtbezirk Nord, Musterstadt.' in html


def test_head_of_the_profile_says_so_where_there_is_no_level(home):
    assert '<p class="standing">nicht klassifiziert</p>' in html_of(
        open_page("profile", quartier="22")
    )


def _neighbours(app: AppTest) -> list[str]:
    return [one.label for one in app.button if one.label.startswith("\\+")]


def test_comparison_offers_neighbours_until_there_are_five(home):
    app = open_page("comparison", quartier="12")
    offered = ["22 Hafen", "11 Altstadt", "13 Bahnhof"]
    assert _neighbours(app) == [f"\\+ {title}" for title in offered]
    _press(app, "\\+ 22 Hafen")
    assert app.multiselect[0].value == ["12", "22"]
    assert app.query_params["vergleich"] == "12,22"
    assert "22 Hafen" in html_of(app)
    app.multiselect[0].set_value(["11", "12", "13", "21", "22"]).run()
    assert not _neighbours(app)


def test_comparison_sets_quartiere_side_by_side(home):
    app = open_page("comparison")
    assert "Zwei bis fünf Quartiere wählen." in html_of(app)
    assert "Lage unter allen" not in [one.value for one in app.subheader]
    app.multiselect[0].set_value(["11", "21"]).run()
    assert "30,0 (Rang 1 von 5)" in html_of(app)
    assert "Veränderung seit 31.12.2022" in html_of(app)
    assert "▲ +20,0" in html_of(app)
    assert not app.exception


def test_comparison_where_everything_is_hidden_draws_no_empty_chart(home):
    keys = ("11", "12", "13", "21", "22", "23")
    items = ("residents", "migrants", "sgb2")
    gaps = [Gap(Kind.QUARTIER, keys, item, Group.ALL) for item in items]
    info = town_info(town_config(), DAY, number=2)
    write_town(home / "releases", info, with_gaps(town_counts(DAY), gaps))
    app = open_page("comparison", vergleich="11,12")
    assert not app.exception
    assert not app.get("vega_lite_chart")
    assert "Lage unter allen" not in [one.value for one in app.subheader]
    assert "0 Punkte. 6 ohne Wert sind nicht dabei." in html_of(app)


def test_development_tells_who_moved_and_why(home):
    html = html_of(open_page("development"))
    assert "Quartiere mit anderer Stufe: 1" in html
    assert "<h4>12 Äußere Vorstadt</h4><p>Von Stufe 3" in html
    assert "2 ▼ vorher 3" in re.sub(r"<[^>]+>", "", html)


def test_development_of_the_first_date_has_nothing_before(home):
    app = open_page("development", stichtag="2022-12-31")
    assert "gibt es keinen anderen" in html_of(app)


def test_tables_offer_every_kind_in_every_format(home):
    app = open_page("tables")
    labels = [element.label for element in app.get("download_button")]
    formats = ["Excel", "CSV", "GeoPackage", "GeoJSON"]
    with_paper = [*formats, "Excel zum Drucken"]
    people = ["Menschen je Stufe als Excel", "CSV"]
    papers = ["Ausgabe als PDF", "Ausgabe als Word", "Alle Profile als PDF"]
    kinds = [*formats, *with_paper, *with_paper, *formats]
    assert labels == [*kinds, *papers, "ZIP", *people]


def test_profile_is_offered_as_a_sheet(home):
    app = open_page("profile", quartier="13")
    labels = [element.label for element in app.get("download_button")]
    assert labels[:2] == ["Profil als PDF", "Profil als Word"]


def test_tables_show_the_district_that_the_address_names(home):
    html = html_of(open_page("tables", auswahl="district-2"))
    assert "3 von 6 Quartieren: Stadtbezirk 2 " in html
    assert 'data-row="21"' in html
    assert 'data-row="11"' not in html


@pytest.mark.parametrize("name", ["profile", "method"])
def test_indicators_are_defined_where_they_are_shown(home, name):
    assert "Fläche des Gebiets in Hektar" in html_of(open_page(name, quartier="13"))


def test_method_keeps_stars_inside_words(home):
    app = open_page("method")
    text = " ".join(element.value for element in app.markdown)
    assert "Einwohner\\*innen" in text
    assert "Geheimhaltung" in text


def test_button_hands_in_an_empty_request(home):
    app = open_page("data_state")
    app.button[0].click().run()
    assert (home / "requests" / "neu-berechnen").read_bytes() == b""
    assert "wartet auf die Statistikstelle" in app.info[0].value


def test_request_that_nobody_takes_is_said_plainly(home):
    requests.request_run(home / "requests")
    os.utime(home / "requests" / "neu-berechnen", (1_700_000_000, 1_700_000_000))
    app = open_page("data_state")
    assert "läuft zurzeit kein Dienst" in app.warning[0].value


def test_dashboard_without_office_says_so(home):
    (home / "requests").rmdir()
    app = open_page("data_state")
    assert "mit keiner Statistikstelle verbunden" in app.warning[0].value
    assert not app.button


def test_result_of_the_request_offers_the_new_release_with_its_changes(home):
    app = open_page("data_state")
    app.button[0].click().run()
    (home / "requests" / "neu-berechnen").unlink()
    info = town_info(town_config(), DAY, number=2)
    base = town_counts(DAY)
    is_new = (base["area_id"] == "12") & (base["item"] == "sgb2") & (base["group"] == "all")
    base.loc[is_new, "value"] = 80.0
    write_town(home / "releases", info, base)
    state = {
        "format": 1,
        "city": "musterstadt",
        "last_run": {"result": "ok", "message": "Fertig.", "finished": "2099-01-01T00:00:00Z"},
    }
    path = home / "releases" / "musterstadt" / "datenstand.json"
    path.write_text(json.dumps(state), encoding="utf-8")
    app.run()
    assert not app.exception
    assert "Fertig" in app.success[0].value
    assert any("Neuer Stand 31.12.2023" in button.label for button in app.button)
    assert "Alle Einwohner*innen: Quartiere mit anderer Stufe: 1" in html_of(app)


def test_file_that_nobody_takes_is_said_plainly(home):
    app = open_page("data_state")
    app.file_uploader[0].upload("ba_2024-12-31.csv", b"key;n\n", "text/csv")
    app.text_input[0].input("Kim")
    next(button for button in app.button if button.label == "Abgeben").click().run()
    path = home / "requests" / "musterstadt" / "ba_2024-12-31.csv"
    assert path.read_bytes() == b"key;n\n"
    assert "ba\\_2024\\-12\\-31.csv ist abgegeben" in app.info[0].value
    os.utime(path, (1_700_000_000, 1_700_000_000))
    app.run()
    assert "niemand holt sie ab" in app.warning[0].value


def test_uploads_are_offered_for_the_sources_of_the_city(home):
    html = html_of(open_page("data_state"))
    assert "Angenommen wird: SGB II." in html


def test_damaged_data_state_is_one_german_sentence(home):
    path = home / "releases" / "musterstadt" / "datenstand.json"
    path.write_text("{", encoding="utf-8")
    app = open_page("data_state")
    assert not app.exception
    assert "nicht lesbar" in app.error[0].value
    assert app.button[0].label == "Neu berechnen"


def test_provisional_date_shows_what_is_still_to_come(home):
    later = date(2024, 12, 31)
    config = town_config()
    keys = ("11", "12", "13", "21", "22", "23")
    gap = Gap(Kind.QUARTIER, keys, "sgb2", Group.ALL, Status.MISSING, Reason.PENDING)
    info = town_info(config, later).model_copy(
        update={"state": State.PROVISIONAL, "missing": ("SGB II",)}
    )
    write_town(home / "releases", info, with_gaps(town_counts(later), [gap]))
    app = open_page("profile", quartier="11", stichtag="2024-12-31")
    html = html_of(app)
    assert "fällt später an" in html
    assert "vorläufig" in html
    assert "Zuletzt am 31.12.2023: Stufe 4" in html
    tables = open_page("tables", stichtag="2024-12-31")
    assert not tables.exception
    assert "Handlungsbedarf am 31.12.2023" in html_of(tables)
    assert "Handlungsbedarf am" not in html_of(open_page("tables", stichtag="2023-12-31"))
