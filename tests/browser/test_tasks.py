"""What planners come for, sixteen tasks: the answer is right, and so many clicks away.

A click, a choice from a list, or Enter on a typed choice counts as one, so does a field that is
filled in; scrolling does not. What the answers must be is read from the releases, or counted by
hand. ``ATLAS_KEYBOARD=1`` does all of them by keyboard too; without it those that say so.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import expect

from atlas.publication import assessments
from atlas.publication.assessments import Assessment, Author, Place
from atlas.release import list_releases, open_release
from atlas.words import signed_text
from tests.browser.conftest import OpenScreen, ServeHome, write_musterstadt
from tests.browser.planner import Planner, title_of
from tests.browser.screen import Screen
from tests.browser.sight import german, statuses_of, values_of, view_of
from tests.browser.typist import Typist
from tests.browser.walk_town import NAMES, TOP, Town
from tests.context_town import write_context_town

# From the first page to the answer; what is also kept takes the clicks after the plus.
CLICKS = {
    "test_three_quartiere_whose_need_rose_most_and_why": 1,
    "test_two_neighbours_with_differences": 3,
    "test_blocks_that_drive_a_quartier_and_what_is_hidden_and_why": 2,
    "test_excel_for_a_committee": 2,
    "test_picture_of_the_map": 1,
    "test_link_that_shows_the_same_elsewhere": 2,
    "test_assessment_is_found_again_next_year": 2 + 1,
    "test_day_of_the_ba_with_progress": 2,
    "test_what_provisional_means": 1,
    "test_level_of_three_or_more_in_both_groups": 1,
    "test_development_over_all_dates": 1,
    "test_definition_of_an_indicator": 2,
    "test_own_area_of_several_quartiere": 3 + 4,
    "test_posts_beside_those_that_are_there": 4 + 4,
    "test_street_or_school_leads_to_its_quartier": 1 + 1,
    "test_quartiere_that_two_indicators_single_out": 4,
}
_HANDS = {"mouse": Planner, "keys": Typist}
_EVERYWHERE = tuple(_HANDS) if os.environ.get("ATLAS_KEYBOARD") else ("mouse",)
BY_BOTH_HANDS = pytest.mark.parametrize("hand", tuple(_HANDS), indirect=True)


@pytest.fixture(params=_EVERYWHERE)
def hand(request: pytest.FixtureRequest) -> type[Planner]:
    return _HANDS[request.param]


@pytest.fixture
def clicks(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What a planner does; afterwards it must have been as much as the table says."""
    done: list[str] = []
    yield done
    assert len(done) == CLICKS[request.node.originalname], done


@pytest.fixture
def task(planner: Planner, hand: type[Planner], clicks: list[str]) -> Planner:
    """Somebody on the first page of Wandelstadt."""
    return hand(planner.screen, planner.before, planner.now, clicks)


@pytest.fixture(scope="module")
def planning_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Musterstadt with streets and schools, where planners may keep something."""
    home = tmp_path_factory.mktemp("home")
    write_context_town(home / "releases", home)
    (home / "planning").mkdir()
    return home


@pytest.fixture(scope="module")
def planning_url(serve: ServeHome, planning_home: Path) -> str:
    return serve(planning_home)


@pytest.fixture
def planning_task(
    open_screen: OpenScreen,
    planning_home: Path,
    planning_url: str,
    hand: type[Planner],
    clicks: list[str],
) -> Planner:
    """Somebody on the first page of Musterstadt."""
    return _planner(hand, open_screen("/", url=planning_url), planning_home, clicks)


def _planner(hand: type[Planner], screen: Screen, home: Path, clicks: list[str]) -> Planner:
    refs = list_releases(home / "releases" / "musterstadt")
    return hand(screen, open_release(refs[0].path), open_release(refs[-1].path), clicks)


def test_three_quartiere_whose_need_rose_most_and_why(task: Planner) -> None:
    old, new = (values_of(one, "need_index") for one in (task.before, task.now))
    rises = {key: new[key] - old[key] for key in old.keys() & new.keys()}
    first = sorted((k for k in rises if rises[k] > 0.005), key=lambda key: -rises[key])[:3]
    task.go_to("Entwicklung")
    reasons = task.page.locator(".reason")
    expect(reasons.locator("h4")).to_have_text([title_of(key) for key in first])
    for key, reason in zip(first, reasons.all(), strict=True):
        told = f"der Index steigt von {german(old[key], 2)} auf {german(new[key], 2)}"
        expect(reason).to_contain_text(told)
        expect(reason).to_contain_text("Den Index verändern")


def test_two_neighbours_with_differences(task: Planner) -> None:
    task.choose("Quartier", title_of(TOP))
    task.go_to("Vergleich")
    task.press("+ 11 Altstadt")
    rows = {row["Kennzahl"]: row for row in task.table("Quartier im Vergleich")}
    shares = values_of(task.now, "sgb2_share")
    # What one can check by the numbers beside it.
    by = round(round(shares["11"], 1) - round(shares[TOP], 1), 1)
    assert rows["SGB-II-Quote (%)"]["Unterschied"] == f"{german(by)} %-Punkte"
    people = values_of(task.now, "residents")
    assert rows["Einwohner*innen"]["Unterschied"] == german(people["11"] - people[TOP], 0)
    assert rows["Handlungsbedarf"]["Unterschied"] == "–"


@BY_BOTH_HANDS
def test_blocks_that_drive_a_quartier_and_what_is_hidden_and_why(task: Planner) -> None:
    task.click_area(TOP)
    task.go_to("Warum diese Stufe? → Profil")
    rows = {row["Indikator"]: row for row in task.table("Baublöcke mit den höchsten Werten")}
    values = values_of(task.now, "migration_share", "block")
    own = {block: value for block, value in values.items() if block.startswith(TOP)}
    first = max(sorted(own), key=lambda block: own[block])
    told = rows["Anteil mit Migrationshintergrund"]["Höchste Werte"]
    assert told.startswith(f"{first} ({german(own[first])} %)")
    assert rows["SGB-II-Quote"]["Höchste Werte"] == "keine Zahlen für Baublöcke"
    statuses = statuses_of(task.now, "refugee_share", "block")
    hidden = [b for b in statuses.index[statuses == "suppressed"] if b.startswith(TOP)]
    assert rows["Flüchtlingsanteil"]["Geheime Baublöcke"] == f"{len(hidden)} von 6"
    why = task.page.get_by_text(
        "geheim: Anzahlen von 1 bis 2, oder was eine solche Zahl verriete."
    )
    expect(why).to_be_visible()


def test_excel_for_a_committee(task: Planner, tmp_path: Path) -> None:
    task.go_to("Tabellen")
    row = task.page.locator(".st-key-files-quartier")
    path = task.take(row.get_by_role("button", name="Excel zum Drucken"), tmp_path)
    assert path.name == "wandelstadt_quartiere-zum-drucken_2023-12-31.1.xlsx"
    book = openpyxl.load_workbook(path)
    assert all(sheet.page_setup.paperSize == 9 for sheet in book.worksheets)


def test_picture_of_the_map(task: Planner, tmp_path: Path) -> None:
    path = task.take(task.page.get_by_role("button", name="Karte als PNG"), tmp_path)
    assert Image.open(path).size == (2246, 1588)


def test_link_that_shows_the_same_elsewhere(task: Planner, open_screen: OpenScreen) -> None:
    task.choose("Thema", "SGB-II-Quote")
    task.click_area("25")
    seen, base = view_of(task.screen), task.screen.base_url
    assert view_of(open_screen(task.page.url.removeprefix(base), url=base)) == seen


def test_assessment_is_found_again_next_year(
    open_screen: OpenScreen,
    serve: ServeHome,
    tmp_path: Path,
    hand: type[Planner],
    clicks: list[str],
) -> None:
    write_musterstadt(tmp_path)
    (tmp_path / "planning").mkdir()
    engine = assessments.open_store(assessments.store_url(tmp_path / "planning"))
    place, author = Place("musterstadt", "11", "2022-12-31.1"), Author("Kim", False)
    moment = datetime(2023, 6, 1, 8, tzinfo=UTC)
    said = Assessment(place, 1, "Der Jugendtreff bleibt offen.", author, moment)
    assessments.save(engine, said)
    engine.dispose()
    one = _planner(hand, open_screen("/", url=serve(tmp_path)), tmp_path, clicks)
    one.choose("Quartier", title_of("11"))
    one.go_to("Warum diese Stufe? → Profil")
    page = one.page
    expect(page.locator(".typed")).to_have_text("Der Jugendtreff bleibt offen.")
    about = page.get_by_text("Zum Stand 31.12.2022 (Nummer 1): Kim (nicht geprüft)")
    expect(about).to_be_visible()
    one.open_words("Bewertung schreiben")
    draft = page.get_by_role("textbox", name="Bewertung", exact=True)
    expect(draft).to_have_value("Der Jugendtreff bleibt offen.")


def test_day_of_the_ba_with_progress(
    open_screen: OpenScreen,
    serve: ServeHome,
    tmp_path: Path,
    hand: type[Planner],
    clicks: list[str],
) -> None:
    write_musterstadt(tmp_path)
    (tmp_path / "requests").mkdir()
    one = _planner(hand, open_screen("/", url=serve(tmp_path)), tmp_path, clicks)
    one.go_to("Datenstand")
    one.press("Neu berechnen")
    told = one.page.get_by_test_id("stAlert")
    expect(told).to_contain_text("wartet auf die Statistikstelle")
    requests = list((tmp_path / "requests").iterdir())
    run = {"step": "run", "result": "running", "message": "Jetzt: Stichtag 31.12.2023."}
    run["finished"] = datetime.now(UTC).isoformat()
    state = {"format": 1, "city": "musterstadt", "sources": [], "last_run": run}
    path = tmp_path / "releases" / "musterstadt" / "datenstand.json"
    path.write_text(json.dumps(state), encoding="utf-8")
    for request in requests:
        request.unlink()
    expect(told).to_contain_text("Die Berechnung läuft")
    expect(told).to_contain_text("Jetzt: Stichtag 31.12.2023.")


def test_what_provisional_means(task: Planner) -> None:
    words = task.page.get_by_text("erscheint der Stichtag noch einmal ganz")
    expect(words).not_to_be_visible()
    task.open_words("31.12.2024 vorläufig: SGB II fällt später an")
    expect(words).to_be_visible()


def test_level_of_three_or_more_in_both_groups(task: Planner) -> None:
    both = [values_of(task.now, "need_level", group=group) for group in ("all", "u18")]
    asked = {key for key in NAMES if all(one.get(key, 0) >= 3 for one in both)}
    assert asked
    task.choose("Auswahl", "Stufe 3 oder höher in beiden Bezugsgruppen")
    rows = task.table("Quartiere, Alle Einwohner*innen")
    assert {row["Nummer"] for row in rows} == asked


def test_development_over_all_dates(task: Planner, wandelstadt: Town) -> None:
    task.go_to("Entwicklung")
    rows = {row["Nummer"]: row for row in task.table("alle Stichtage")}
    assert rows.keys() == NAMES.keys()
    for year in (2022, 2023):
        levels = values_of(wandelstadt.release(f"{year}-12-31.1"), "need_level")
        for key, level in levels.items():
            assert rows[key][f"31.12.{year}"] == str(int(level))
    assert {row["31.12.2024 vorläufig"] for row in rows.values()} >= {"… fällt später an"}


def test_definition_of_an_indicator(task: Planner) -> None:
    task.choose("Thema", "Anteil mit Migrationshintergrund")
    task.open_words("Was heißt Anteil mit Migrationshintergrund?")
    expect(task.page.locator("details[open] dl")).to_be_visible()
    expect(task.page.locator("details[open] dl")).to_contain_text("Geteilt durch")


@BY_BOTH_HANDS
def test_own_area_of_several_quartiere(planning_task: Planner) -> None:
    one = planning_task
    one.go_to("Planung")
    for key in ("11", "12"):
        one.add("Quartiere des Gebiets", title_of(key))
    people = values_of(one.now, "residents")
    both = german(people["11"] + people["12"], 0)
    rows = {row["Kennzahl"]: row for row in one.table("im Vergleich")}
    assert rows["Einwohner*innen"]["Auswahl"] == both
    one.write("Bezeichnung", "Programm West")
    one.write("Name", "Jugendamt")
    one.press("Gebiet speichern")
    one.go_to("Vergleichen → Vergleich")
    row = one.table("Eigene Gebiete")[0]
    assert (row["Eigenes Gebiet"], row["besteht aus"]) == ("Programm West", "2 Quartiere")
    assert row["Einwohner*innen"] == both


@BY_BOTH_HANDS
def test_posts_beside_those_that_are_there(
    planning_task: Planner, open_screen: OpenScreen
) -> None:
    one = planning_task
    one.go_to("Vergleich")
    one.open_tab("Stellen verteilen")
    one.open_words("Vorhandene Stellen")
    one.write("Je Zeile Nummer, Stellen und auf Wunsch „fest“", "11 2\n12 3")
    rows = {row["Nummer"]: row for row in one.table("Stellen verteilen")}
    assert rows["12"]["Vorhanden"] == "3"
    assert rows["12"]["Unterschied"] == signed_text(int(rows["12"]["Stellen"]) - 3, 0)
    expect(one.page.locator(".st-key-plan-map img")).to_be_visible()
    one.open_words("Verteilung speichern")
    one.write("Bezeichnung der Verteilung", "Haushalt 2025")
    one.write("Name", "Jugendamt")
    one.press("Neu speichern")
    again = type(one)(open_screen("/", url=one.screen.base_url), one.before, one.now)
    again.go_to("Vergleich")
    again.open_tab("Stellen verteilen")
    again.choose("Gespeicherte Verteilung", "Haushalt 2025")
    assert {row["Nummer"]: row for row in again.table("Stellen verteilen")} == rows


def test_street_or_school_leads_to_its_quartier(planning_task: Planner) -> None:
    one = planning_task
    one.look_for("hafengasse")
    expect(one.page.locator(".panel h2")).to_have_text("22 Hafen")
    told = one.page.get_by_text("Hafengasse (Straße) liegt in 22 Hafen.")
    expect(told).to_be_visible()
    one.look_for("am Markt")
    expect(one.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")


def test_quartiere_that_two_indicators_single_out(task: Planner) -> None:
    task.go_to("Vergleich")
    task.open_words("Bereich in Zahlen")
    task.write("Waagrecht von", "60")
    task.write("Senkrecht von", "40")
    density, share = (values_of(task.now, item) for item in ("density", "migration_share"))
    asked = {
        key for key in density if round(density[key], 1) >= 60 and round(share[key], 1) >= 40
    }
    assert 0 < len(asked) < len(NAMES)
    rows = task.table("Quartiere, Alle Einwohner*innen")
    assert {row["Nummer"] for row in rows} == asked
    expect(task.page.locator(".st-key-marked-map img")).to_be_visible()
