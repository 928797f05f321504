import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.planner import Planner

_VIEW = "/?thema=sgb2_share&gruppe=u18&stichtag=2022-12-31&ebene=quartier&quartier=12"
_CHOICES = {
    "Thema": "SGB-II-Quote",
    "Bezugsgruppe": "Kinder und Jugendliche",
    "Stichtag": "31.12.2022",
    "Ebene": "Quartiere",
    "Quartier": "12 Äußere Vorstadt",
}


def test_view_opens_from_its_address(open_screen: OpenScreen) -> None:
    screen = open_screen(_VIEW)
    assert {select: screen.chosen(select) for select in _CHOICES} == _CHOICES
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")


def test_choices_stand_in_the_address_and_open_elsewhere(open_screen: OpenScreen) -> None:
    first = open_screen()
    for select, option in _CHOICES.items():
        first.choose(select, option)
        first.settle()
    expect(first.page).to_have_url(re.compile("quartier=12"))
    second = open_screen(first.page.url.removeprefix(first.base_url))
    assert {select: second.chosen(select) for select in _CHOICES} == _CHOICES
    assert second.areas() == first.areas()


def test_choices_go_along_to_other_pages_and_back(open_screen: OpenScreen) -> None:
    screen = open_screen(_VIEW)
    screen.page.get_by_role("link", name="Quartier", exact=True).click()
    expect(screen.page.locator("h2").first).to_contain_text("12 Äußere Vorstadt")
    screen.settle()
    assert "quartier=12" in screen.page.url
    assert screen.chosen("Bezugsgruppe") == "Kinder und Jugendliche"
    screen.page.get_by_role("link", name="Karte", exact=True).click()
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")
    screen.settle()
    assert {select: screen.chosen(select) for select in _CHOICES} == _CHOICES


def test_browser_goes_back_to_the_view_before(open_screen: OpenScreen) -> None:
    screen = open_screen(_VIEW)
    screen.choose("Quartier", "11 Altstadt")
    expect(screen.page.locator(".panel h2")).to_have_text("11 Altstadt")
    screen.settle()
    screen.page.go_back()
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")


def test_nonsense_in_the_address_falls_back(open_screen: OpenScreen) -> None:
    screen = open_screen("/?thema=%3Cscript%3E&stichtag=gestern&ebene=haus&quartier=99")
    assert screen.chosen("Thema") == "Handlungsbedarf"
    assert screen.chosen("Stichtag") == "31.12.2023"
    assert screen.chosen("Quartier") == ""
    screen.map()


def test_two_compared_releases_stand_in_the_address(open_screen: OpenScreen) -> None:
    first = open_screen("/entwicklung")
    assert first.chosen("Stand nachher") == "31.12.2023, endgültig (Nummer 1)"
    assert "nachher" not in first.page.url
    first.choose("Stand nachher", "31.12.2024, vorläufig (Nummer 1)")
    first.settle()
    first.choose("Stand vorher", "31.12.2022, endgültig (Nummer 1)")
    expect(first.page).to_have_url(re.compile("vorher=2022-12-31.1&nachher=2024-12-31.1"))
    first.settle()
    second = open_screen(first.page.url.removeprefix(first.base_url))
    for select in ("Stand vorher", "Stand nachher"):
        assert second.chosen(select) == first.chosen(select)
    expect(second.page.get_by_text("31.12.2022 Nr. 1 zu 31.12.2024 Nr. 1")).to_be_visible()


def test_compared_release_follows_the_date_until_it_is_chosen(open_screen: OpenScreen) -> None:
    screen = open_screen("/?stichtag=2024-12-31")
    screen.page.get_by_role("link", name="Entwicklung", exact=True).click()
    screen.settle()
    assert screen.chosen("Stand nachher") == "31.12.2024, vorläufig (Nummer 1)"
    assert screen.chosen("Stand vorher") == "31.12.2023, endgültig (Nummer 1)"


def test_what_a_link_asks_for_in_vain_is_said_until_something_is_chosen(
    open_screen: OpenScreen,
) -> None:
    screen = open_screen("/?stichtag=2019-12-31&quartier=99&thema=%3Cb%3E&vergleich=11,98")
    told = screen.page.locator(".told")
    day = "Stichtag: „31.12.2019“ steht hier nicht zur Wahl; gezeigt ist 31.12.2023."
    area = "Quartier: „99“ steht hier nicht zur Wahl; gewählt ist nichts."
    theme = "Thema: Die Angabe im Link steht hier nicht zur Wahl; gezeigt ist Handlungsbedarf."
    expect(told).to_have_text([day, theme, area])
    assert screen.violations() == []
    screen.choose("Quartier", "12 Äußere Vorstadt")
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")
    expect(told).to_have_count(0)
    screen.settle()
    screen.page.get_by_role("link", name="Vergleich", exact=True).click()
    expect(told).to_have_text("Quartier: „98“ steht hier nicht zur Wahl; gewählt ist nichts.")


def test_theme_that_a_group_lacks_is_said(planner: Planner) -> None:
    planner.choose("Thema", "Flüchtlingsanteil")
    planner.choose("Bezugsgruppe", "Kinder und Jugendliche")
    told = planner.page.locator(".st-key-replaced")
    theme = "Thema: „Flüchtlingsanteil“ steht hier nicht zur Wahl; gezeigt ist Handlungsbedarf."
    expect(told).to_have_text(theme)


def test_order_of_a_table_survives_another_page_and_a_reload(planner: Planner) -> None:
    planner.choose("Sortieren nach", "Einwohnerdichte")
    expect(planner.page).to_have_url(re.compile("sortierung=density"))
    first = [row["Nummer"] for row in planner.table("Quartiere, Alle Einwohner*innen")]
    assert first[0] == "12"
    planner.go_to("Quartier")
    planner.go_to("Karte")
    assert planner.screen.chosen("Sortieren nach") == "Einwohnerdichte"
    planner.page.reload()
    planner.screen.open(planner.page.url.removeprefix(planner.screen.base_url))
    assert [row["Nummer"] for row in planner.table("Quartiere, Alle Einw")] == first


def test_copied_link_names_the_release(planner: Planner) -> None:
    page = planner.page
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    planner.press("Link kopieren")
    expect(page.locator(".copy [role=status]")).to_have_text("Kopiert.")
    link = page.evaluate("window.copied")
    assert "stichtag=2023-12-31&" in link
    assert link.endswith("stand=2023-12-31.1")


def test_heads_sort_by_keyboard_and_names_lead_to_the_profile(planner: Planner) -> None:
    planner.go_to("Tabellen")
    page = planner.page
    page.get_by_role("button", name="Einwohnerdichte").press("Enter")
    expect(page.locator('th[aria-sort="descending"]')).to_contain_text("Einwohnerdichte")
    button = page.get_by_role("button", name="Einwohnerdichte")
    expect(button).to_be_focused()
    button.press("Enter")
    expect(page.locator('th[aria-sort="ascending"]')).to_contain_text("Einwohnerdichte")
    expect(page).to_have_url(re.compile("sortierung=-density"))
    page.get_by_role("link", name="Altstadt").click()
    expect(page.get_by_role("heading", name="11 Altstadt")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/quartier\?.*quartier=11"))


def test_posts_stand_in_the_address(planner: Planner) -> None:
    page = planner.page
    planner.go_to("Vergleich")
    page.get_by_role("tab", name="Stellen verteilen").click()
    planner.screen.settle()
    planner.choose("Kleinste Einheit", "halbe Stellen")
    posts = page.get_by_role("textbox", name="Stellen", exact=True)
    posts.fill("7,5")
    posts.press("Enter")
    expect(page).to_have_url(re.compile("stellen=7%2C5&einheit=0.5"))
    planner.screen.settle()
    shared = planner.table("Stellen verteilen")
    planner.screen.open(page.url.removeprefix(planner.screen.base_url))
    page.get_by_role("tab", name="Stellen verteilen").click()
    expect(posts).to_have_value("7,5")
    assert planner.screen.chosen("Kleinste Einheit") == "halbe Stellen"
    assert planner.table("Stellen verteilen") == shared
