"""Own areas on page Planung and beside Quartiere on page Vergleich."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.terms import Group, Kind
from tests.factories import DAY, Gap, town_config, town_counts, town_info, with_gaps, write_town
from tests.pages.opened import html_of, open_page


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    gaps = [
        Gap(Kind.BLOCK, ("1301", "1302"), "migrants", Group.ALL),
        Gap(Kind.QUARTIER, ("13", "21"), "migrants", Group.U18),
    ]
    counts = with_gaps(town_counts(DAY), gaps)
    write_town(tmp_path / "releases", town_info(town_config(), DAY), counts)
    (tmp_path / "planning").mkdir()
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _field(elements, label: str):
    return next(one for one in elements if one.label == label)


def _press(app: AppTest, label: str) -> None:
    _field(app.button, label).click().run()
    assert not app.exception


def _keep(app: AppTest, name: str, keys: list[str], author: str = "Planungsteam") -> None:
    _field(app.multiselect, "Quartiere des Gebiets").set_value(keys).run()
    _field(app.text_input, "Bezeichnung").set_value(name)
    _field(app.text_input, "Name").set_value(author)
    _press(app, "Gebiet speichern")


def test_own_area_is_kept_and_compared(home):
    app = open_page("planning")
    _keep(app, "Programm Nord", ["11", "12"])
    assert "Gespeichert" in app.success[0].value
    html = html_of(app)
    assert "2 Quartiere" in html
    assert "24,0" in html
    assert list(app.query_params["eigene"]) == ["1"]
    compared = open_page("comparison", vergleich="11", eigene="1")
    html = html_of(compared)
    assert "Programm Nord" in html
    assert "wird nicht eingestuft" in html
    assert "−6,0 %-Punkte" in html
    labels = [one.label for one in compared.get("download_button")]
    assert labels[:2] == ["Vergleich als Excel", "CSV"]


def test_hidden_member_is_said_and_nothing_is_added(home):
    app = open_page("planning", gruppe="u18")
    _keep(app, "Mit Bahnhof", ["12", "13"])
    assert "enthält geheime Werte" in html_of(app)


def test_revision_keeps_its_number_and_deletion_empties_the_list(home):
    app = open_page("planning")
    _keep(app, "Programm Nord", ["11", "12"])
    _field(app.multiselect, "Quartiere des Gebiets").set_value(["11", "13"]).run()
    _press(app, "Gebiet speichern")
    assert "Fassung 2, Planungsteam (nicht geprüft)" in html_of(app)
    _press(app, "Gebiet löschen")
    assert "Gelöscht" in app.success[0].value
    assert "Programm Nord" not in html_of(open_page("planning"))
    gone = open_page("comparison", vergleich="11,12", eigene="1")
    assert "Programm Nord" not in html_of(gone)


def test_blocks_are_pasted_or_added_by_quartier(home):
    app = open_page("planning")
    _field(app.selectbox, "Besteht aus").set_value("block").run()
    _field(app.text_area, "Nummern der Baublöcke").set_value("1101\t1201\n1101").run()
    assert "350" in html_of(app)
    _field(app.selectbox, "Alle Baublöcke von").set_value("11").run()
    _press(app, "Dazunehmen")
    assert app.text_area[0].value == "1101, 1102, 1201"
    _field(app.text_input, "Bezeichnung").set_value("<b>Schule</b>")
    _field(app.text_input, "Name").set_value("Kim")
    _press(app, "Gebiet speichern")
    html = html_of(app)
    assert "&lt;b&gt;Schule&lt;/b&gt;" in html
    assert "<b>Schule" not in html
    assert "3 Baublöcke" in html


@pytest.mark.parametrize(
    ("name", "keys", "author", "told"),
    [
        ("Leer", [], "Kim", "noch leer"),
        ("", ["11"], "Kim", "Bezeichnung fehlt"),
        ("Ohne Namen", ["11"], "", "Name fehlt"),
    ],
)
def test_what_cannot_be_kept_is_one_sentence(home, name, keys, author, told):
    app = open_page("planning")
    _keep(app, name, keys, author)
    assert told in app.error[0].value
    assert not app.success


def test_strange_numbers_and_taken_names_are_refused(home):
    app = open_page("planning")
    _keep(app, "Programm Nord", ["11", "12"])
    other = open_page("planning")
    _keep(other, "programm nord", ["13", "21"])
    assert "gibt es schon" in other.error[0].value
    _field(other.selectbox, "Besteht aus").set_value("block").run()
    _field(other.text_area, "Nummern der Baublöcke").set_value("1101 99").run()
    _field(other.text_input, "Bezeichnung").set_value("Schule")
    _press(other, "Gebiet speichern")
    assert "die es am 31.12.2023 nicht gibt: 1, zuerst „99“" in other.error[0].value.replace(
        "\\", ""
    )


def test_second_of_two_planners_is_told(home):
    _keep(open_page("planning"), "Programm Nord", ["11", "12"])
    first, second = (open_page("planning") for _ in range(2))
    for app in (first, second):
        _field(app.selectbox, "Gebiet").set_value("1").run()
    for app, keys in ((first, ["11", "13"]), (second, ["11", "21"])):
        _field(app.multiselect, "Quartiere des Gebiets").set_value(keys).run()
        _field(app.text_input, "Name").set_value("Kim")
        _press(app, "Gebiet speichern")
    assert "inzwischen hat jemand anderes" in second.error[0].value
    assert _field(second.multiselect, "Quartiere des Gebiets").value == ["11", "21"]
    _press(second, "Gebiet speichern")
    assert "Gespeichert" in second.success[0].value


def test_own_area_stands_beside_quartiere_over_the_dates(home):
    _keep(open_page("planning"), "Programm Nord", ["11", "12"])
    before = date(2022, 12, 31)
    write_town(home / "releases", town_info(town_config(), before), town_counts(before))
    app = open_page("development", eigene="1", thema="sgb2_share")
    assert not app.exception
    html = html_of(app)
    assert "Programm Nord (eigenes Gebiet)" in html
    assert "24,0" in html
    assert "Eigene Gebiete werden nicht eingestuft" in html
    labels = [element.label for element in app.get("download_button")]
    assert "Verlauf als Excel" in labels
    assert html.count("Programm Nord (eigenes Gebiet)") == 2  # all dates, and what changed
    assert "Programm Nord" not in html_of(open_page("development"))


def test_without_planning_the_page_says_so(home):
    (home / "planning").rmdir()
    assert "Hier wird nichts aufbewahrt" in html_of(open_page("planning"))
    assert [one.label for one in open_page("comparison").multiselect] == [
        "Quartiere (bis zu fünf)"
    ]


def test_assessments_are_listed_with_their_own_fields(home):
    app = open_page("profile", quartier="11")
    app.text_area[0].set_value("Mehr Plätze in der <b>Kita</b>.")
    app.text_area[1].set_value("Jugendtreff")
    _field(app.selectbox, "Eigene Einschätzung").set_value(3)
    _field(app.text_input, "Name").set_value("Planungsteam")
    _field(app.text_input, "Wiedervorlage").set_value("01.02.2024")
    _press(app, "Bewertung speichern")
    assert "Eigene Einschätzung: 3 Handlungsbedarf" in html_of(app)
    listed = open_page("planning", quartier="11")
    html = html_of(listed)
    assert "Zu diesem Stand bewertet: 1 von 6. Zur Wiedervorlage fällig: 1." in html
    assert "&lt;b&gt;Kita&lt;/b&gt;" in html
    assert "Jugendtreff" in html
    _field(listed.selectbox, "Zustand").set_value("offen").run()
    html = html_of(listed)
    assert "Jugendtreff" not in html
    assert "Waldheim" in html
    _field(listed.selectbox, "Verfasst von").set_value("Planungsteam (nicht geprüft)").run()
    assert "Keine Bewertung passt" in html_of(listed)


def test_strange_day_is_one_sentence_and_the_fields_stay(home):
    app = open_page("profile", quartier="11")
    app.text_area[0].set_value("Etwas.")
    _field(app.text_input, "Wiedervorlage").set_value("bald")
    _field(app.text_input, "Name").set_value("Kim")
    _press(app, "Bewertung speichern")
    assert "Wiedervorlage" in app.error[0].value
    assert app.text_area[0].value == "Etwas."
    assert _field(app.text_input, "Wiedervorlage").value == "bald"


def test_plan_of_posts_is_kept_and_found_again(home):
    app = open_page("comparison", stellen="108")
    _field(app.selectbox, "Stellen ab Stufe").set_value("1").run()
    lines = app.text_area[0].set_value("12 17\n22 4 fest").run()
    assert "Fest: bleibt bei 4." in html_of(lines)
    assert "Summe" in html_of(lines)
    _field(app.text_input, "Bezeichnung der Verteilung").set_value("Schulsozialarbeit")
    _field(app.text_input, "Name").set_value("Kim")
    _press(app, "Neu speichern")
    assert "gespeichert" in app.success[0].value
    again = open_page("comparison", verteilung="1")
    assert again.text_area[0].value == "12 17\n22 4 fest"
    assert _field(again.text_input, "Stellen").value == "108"
    assert "Fest: bleibt bei 4." in html_of(again)
    _field(again.text_input, "Name").set_value("Kim")
    _press(again, "Löschen")
    assert not [one for one in again.selectbox if one.label == "Gespeicherte Verteilung"]


def test_present_posts_that_cannot_be_read_are_told(home):
    app = open_page("comparison")
    app.text_area[0].set_value("11 zwei").run()
    assert "Zeile 1" in app.warning[0].value
    app.text_area[0].set_value("11 2").run()
    assert not app.warning
    _press(app, "Alle Quartiere eintragen")
    assert app.text_area[0].value.startswith("11 Altstadt 2")


def test_profile_names_similar_quartiere(home):
    app = open_page("profile", quartier="11")
    assert "Ähnliche Quartiere" in [one.value for one in app.subheader]
    assert "Quartiere wie 11 Altstadt" in html_of(app)
    assert "Quartiere wie 22" not in html_of(open_page("profile", quartier="22"))
