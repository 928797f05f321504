"""Nothing hidden reaches the browser: not by websocket, not by HTTP, not in the document."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from atlas.publication import assessments, planning
from atlas.publication.assessments import Assessment, Place
from atlas.publication.planning import Author, Kept, Shelf
from tests import leak_search, leak_town
from tests.browser.conftest import ServeHome
from tests.browser.screen import Screen
from tests.browser.wire import Wire

_THEMES = ("need", "density", "migrant_density", "case_share")
_WALK = (
    *(f"/?thema={theme}&ebene=block" for theme in _THEMES),
    *(f"/?thema={theme}&ebene=quartier&quartier=Q8" for theme in _THEMES),
    "/?thema=density&ebene=block&gruppe=u18&quartier=Q1",
    "/quartier?quartier=Q1",
    "/quartier?quartier=Q8",
    "/quartier?quartier=Q8&gruppe=u18",
    "/vergleich?vergleich=Q1,Q8&eigene=1,2&auswahl=density-ab-1",
    "/planung",
    "/planung?gruppe=u18",
    # What planners choose to see: rows, columns, both groups, layers of the map, maps beside.
    "/tabellen?auswahl=density-ab-1~density-bis-90000000",
    "/tabellen?spalten=density~density_u18~residents_all&gruppen=beide&sortierung=density",
    "/?thema=density&zeigen=schulen&daneben=gruppe.u18&quartier=Q8",
    "/?thema=density&ebene=quartier&klassen=1",
    "/vergleich?stellen=20&verteilung=1",
    "/entwicklung?eigene=1,2&thema=migrant_density",
    "/tabellen",
    "/tabellen?ebene=block",
    "/datenstand",
    "/methode",
)


def _keep_what_planners_said(planning_dir: Path) -> None:
    """Keep sets with hidden members, of Quartiere and of blocks, posts and an assessment."""
    planning_dir.mkdir()
    engine = planning.open_store(planning.store_url(planning_dir))
    author, moment = Author("Kim", is_verified=False), datetime(2025, 3, 1, tzinfo=UTC)
    for kind, keys in (("quartier", ["Q1", "Q8"]), ("block", ["Q1B1", "Q8B2"])):
        content = {"kind": kind, "area_ids": keys, "edition": "2020-01-01"}
        kept = Kept(0, 1, f"Satz {kind}", content, author, moment)
        planning.keep_new(engine, Shelf("zahlenstadt", "own_area", "Gebiet"), kept)
    posts = Kept(0, 1, "Haushalt", {"present": "Q1 2\nQ8 3 fest"}, author, moment)
    planning.keep_new(engine, Shelf("zahlenstadt", "posts", "Verteilung"), posts)
    place = Place("zahlenstadt", "Q8", "2023-12-31.1")
    assessments.save(engine, Assessment(place, 1, "Zu wenig Plätze.", author, moment))
    engine.dispose()


def _walk(browser: Browser, url: str) -> list[bytes]:
    context = browser.new_context(viewport={"width": 1400, "height": 2000}, locale="de-DE")
    screen = Screen.on(url, context)
    wire = Wire(screen.page)
    for path in _WALK:
        screen.open(path)
        if path.startswith("/?"):
            # What the map says travels packed: here it is as its tooltips say it.
            wire.contents.append(json.dumps(screen.areas(), ensure_ascii=False).encode())
        wire.hold(screen.page)
    _open_blocks(screen)
    wire.hold(screen.page)
    wire.contents.append(json.dumps(screen.areas(), ensure_ascii=False).encode())
    _look_for(screen, "Erste Straßen")
    _open_filters(screen)
    wire.hold(screen.page)
    context.close()
    return wire.contents


def _open_blocks(screen: Screen) -> None:
    """See the blocks of a Quartier, some of them hidden, on the map of its page."""
    screen.open("/quartier?quartier=Q1&sortierung=density")
    screen.page.get_by_text("auf der Karte zeigen").click()
    expect(screen.page.locator(".st-key-blocks-room")).to_be_visible()
    screen.settle()


def _look_for(screen: Screen, text: str) -> None:
    """Find a street, whose Quartier hides everything."""
    screen.open("/methode")
    screen.page.get_by_role("combobox", name="Suche", exact=True).fill(text)
    screen.page.keyboard.press("Enter")
    told = screen.page.get_by_text(f"{text} (Straße) liegt in Q8")
    expect(told).to_be_visible()


def _open_filters(screen: Screen) -> None:
    screen.open("/tabellen")
    screen.page.get_by_role("button", name="Filter und Spalten").click()
    expect(screen.page.get_by_role("textbox", name="Wert des Indikators")).to_be_visible()
    screen.settle()


@pytest.mark.parametrize("scope", ["cell", "open"])
def test_nothing_hidden_reaches_the_browser(
    browser: Browser, serve: ServeHome, tmp_path: Path, scope: str
) -> None:
    numbers = leak_town.hidden_numbers("cell")
    # To see that the search finds what is shown, one date is enough.
    for day in (leak_town.BEFORE, leak_town.DAY) if scope == "cell" else (leak_town.DAY,):
        leak_town.write_town(tmp_path / "releases", scope, day)
    _keep_what_planners_said(tmp_path / "planning")
    contents = _walk(browser, serve(tmp_path))
    for path in (tmp_path / "planning").iterdir():
        contents += leak_search.contents_of(path)
    found = leak_search.find(numbers, contents)
    if scope == "cell":
        assert not found
    else:  # the same search on an undefended release finds what its pages show
        shown = {name for name in numbers if "/all/" in name}
        assert len(found.keys() & shown) > 0.8 * len(shown)
