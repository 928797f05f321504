"""The office's own screen in Chromium: a day without a shell, by several logins."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from atlas.confidential.log import events
from atlas.desk.pages import PAGES
from atlas.release import list_releases, read_withdrawal
from tests.browser.desk_site import Site, desk_site
from tests.browser.keyboard import tab_to, tour_of
from tests.factories import DAY, SGB2
from tests.identity import MISSING, installed_modules
from tests.leak_search import find
from tests.town_office import ba_csv, ewo_csv, put

# What nobody could take for anything else: counts of the BA.
SECRETS = {"BA": 740213.0, "BA, children": 86421.0}
_SEEN_MS = 60_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    modules = installed_modules()
    if modules is None:
        pytest.skip(MISSING)
    with desk_site(tmp_path_factory.mktemp("desk"), modules, browser) as site:
        yield site


def test_a_day_at_the_desk(site: Site) -> None:
    the_wrong_people_are_not_let_in(site)
    a_refused_file(site)
    the_ba_day(site)
    a_withdrawal_by_keyboard_alone(site)
    auditors_look_and_do_not_decide(site)
    nothing_of_a_delivery_travelled(site)


def the_wrong_people_are_not_let_in(site: Site) -> None:
    guest = site.come("gast")
    expect(guest.page.get_by_role("heading", name="Kein Zugang")).to_be_visible()
    guest.screen.context.close()


def a_refused_file(site: Site) -> None:
    """It holds what cannot be; nobody reads the numbers, everybody reads what is wrong."""
    put(site.office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (740213, 86421)}))
    otto = site.come_and_be_heard("otto")
    otto.screen.choose("Datei", f"ba_{DAY}.csv")
    otto.press("Prüfen")
    otto.hears("geprüft")
    assert "abgelehnt: Fehler" in otto.says() or "angehalten: Warnungen" in otto.says()
    otto.press("Ablehnen")
    otto.hears("Begründung fehlt")
    otto.write("Begründung", "Spalten vertauscht")
    otto.press("Ablehnen")
    otto.hears(f"Abgelehnt: ba_{DAY}.csv")
    assert (site.office.home.refused / f"ba_{DAY}.csv").is_file()
    otto.screen.context.close()


def the_ba_day(site: Site) -> None:
    """Files arrive, one by the page; run, four eyes, published."""
    otto = site.come_and_be_heard("otto")
    otto.screen.settle()
    for name, content in ((f"ewo_{DAY}.csv", ewo_csv()), (f"ba_{DAY}.csv", ba_csv())):
        file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        otto.page.locator("input[type=file]").set_input_files(file)
        expect(otto.page.get_by_test_id("stFileChipName")).to_have_text(name)
        otto.press("In den Eingang legen")
        otto.hears(f"Im Eingang: {name}")
    otto.open("Lauf").press("Lauf starten")
    otto.hears("Der Lauf hat begonnen")
    otto.hears(f"Wartet auf Freigabe: {DAY}.1")
    assert f"{DAY} schützen" in otto.says()
    otto.open("Freigabe").press("Freigeben")
    otto.hears("gebaut von derselben Person")
    berta, clara = (site.come_and_be_heard(one, "/freigabe") for one in ("berta", "clara"))
    berta.hears("Urteil der Prüfung: sicher.")
    berta.press("Freigeben")
    berta.hears("Es fehlen noch 1.")
    berta.press("Freigeben")  # once more is not twice
    berta.hears("Es fehlen noch 1.")
    clara.press("Freigeben")
    clara.hears("Er kann veröffentlicht werden.")
    clara.press("Veröffentlichen")
    clara.hears(f"Veröffentlicht: {DAY}.1.")
    assert f"{DAY}.1" in [ref.name for ref in list_releases(site.office.releases_dir)]
    told = [one for one in events(site.office.log_path) if one.subject == f"{DAY}.1"]
    by = [(one.what, one.who, one.details.get("login")) for one in told]
    assert [one for one in by if one[0] in ("built", "approved", "published")] == [
        ("built", "Otto Amt", "otto"),
        ("approved", "Berta Blick", "berta"),
        ("approved", "Clara Fall", "clara"),
        ("published", "Clara Fall", "clara"),
    ]
    for seat in (otto, berta, clara):
        assert seat.screen.outside == []
        seat.screen.context.close()


def a_withdrawal_by_keyboard_alone(site: Site) -> None:
    berta = site.come_and_be_heard("berta")
    berta.screen.settle()
    keyboard = berta.page.keyboard
    tab_to(berta.screen, "Stichtag")
    keyboard.type("2023")
    keyboard.press("Enter")
    berta.screen.settle()
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.type("Falscher Monat")
    tab_to(berta.screen, "Stichtag zurückziehen")
    keyboard.press("Enter")
    berta.hears(f"Zurückgezogen: {DAY}.1.")
    (ref,) = (one for one in list_releases(site.office.releases_dir) if one.name == f"{DAY}.1")
    mark = read_withdrawal(ref.path)
    assert mark is not None
    assert mark.reason == "Falscher Monat"
    berta.screen.context.close()


def auditors_look_and_do_not_decide(site: Site) -> None:
    rita = site.come_and_be_heard("rita")
    rita.write("Begründung", "weg damit")
    rita.press("Ablehnen")
    rita.hears("sie entscheidet nicht")
    assert (site.office.home.inbox / "notiz.txt").is_file()
    rita.open("Protokoll")
    rita.hears("jeder hält den vorigen")
    assert "Falscher Monat" in rita.says()
    rita.screen.context.close()


def nothing_of_a_delivery_travelled(site: Site) -> None:
    contents = [content for wire in site.wires for content in wire.contents]
    assert len(contents) > 100
    assert find(SECRETS, contents) == {}


@pytest.mark.parametrize("width", [1400, 390])
def test_pages_of_the_login_are_accessible_by_keyboard(site: Site, width: int) -> None:
    """Without a role, signing out, nobody there, and an answer that nobody asked for."""
    page = site.come("gast", width=width).page
    _expect_page(page, "Kein Zugang", "Abmelden")
    page.keyboard.press("Enter")
    _expect_page(page, "Abmelden", "Auf allen Geräten abmelden")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.identity.issuer}/**")
    page.goto(f"{site.url}/abmelden")
    _expect_page(page, "Abmelden", "Zur Karte")
    page.goto(f"{site.url}/anmelden/zurueck?state=x&code=y")
    _expect_page(page, "Nicht angemeldet", "Noch einmal anmelden")
    page.context.close()


def _expect_page(page: Page, title: str, control: str) -> None:
    """Nothing for axe, nothing sideways; one press of Tab reaches the control."""
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(control)


def test_of_two_persons_in_one_browser_the_one_who_is_signed_in_acts(site: Site) -> None:
    otto = site.come("otto", "/protokoll")
    otto.screen.settle()
    second = otto.screen.context.new_page()
    otto.screen.context.clear_cookies()  # the provider remembers who was there
    site.identity.tell(next="berta")
    second.goto(f"{site.url}/protokoll")
    expect(second.locator(".head")).to_contain_text("Berta Blick", timeout=_SEEN_MS)
    # The page that Otto left open is hers now, before anything could be decided on it.
    expect(otto.page.locator(".head")).to_contain_text("Berta Blick", timeout=_SEEN_MS)
    otto.screen.context.close()


@pytest.mark.parametrize("width", [1400, 390])
def test_every_page_is_accessible_and_fits(site: Site, width: int) -> None:
    seat = site.come("otto", width=width)
    for title, path, _ in PAGES:
        seat.page.goto(f"{site.url}/{path}")
        expect(seat.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        assert seat.screen.violations() == [], title
        assert seat.screen.sideways_px() == 0, title
    seat.screen.context.close()


def test_tab_reaches_everything(site: Site) -> None:
    seat = site.come("otto")
    for title, path, _ in PAGES:
        seat.page.goto(f"{site.url}/{path}")
        expect(seat.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        seat.screen.settle()
        tour = tour_of(seat.screen)
        assert (tour.unreached, tour.unseen, tour.has_ended) == ([], [], True), title
    seat.screen.context.close()
