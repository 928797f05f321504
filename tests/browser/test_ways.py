"""Ways through the map of Wandelstadt: by name, by number, down to the blocks and back."""

import re
from collections.abc import Iterable

from playwright.sync_api import expect

from tests.browser.planner import Planner, title_of
from tests.browser.sight import legend_counts
from tests.browser.walk_town import NAMES


def test_quartier_is_found_by_name_or_number(planner: Planner) -> None:
    box = planner.page.get_by_role("combobox", name="Quartier", exact=True)
    for typed, found in (("25", "25"), ("hafen", "22"), ("VORST", "12")):
        box.fill(typed)
        expect(planner.page.get_by_role("option")).to_have_text([title_of(found)])
        box.press("Enter")
        expect(planner.page.locator(".panel h2")).to_have_text(title_of(found))
        planner.screen.settle()
    box.fill("Nirgendwo")
    expect(planner.page.get_by_role("option")).to_have_text(["Kein Treffer"])


def test_down_to_the_blocks_and_back_by_the_select(planner: Planner) -> None:
    page, screen = planner.page, planner.screen
    # For Stadtbezirke the map shows the levels of their Quartiere.
    for kind, count in (("Stadtbezirke", 10), ("Quartiere", 10), ("Baublöcke", 60)):
        planner.choose("Ebene", kind)
        expect(page.locator(".legend-title")).to_contain_text(kind)
        assert len(screen.areas()) == count
        assert sum(legend_counts(screen).values()) == count
    planner.choose("Ebene", "Stadtbezirke")
    screen.click_area("21")
    expect(page.locator(".panel h2")).to_have_text("2 Süd")
    planner.press("Quartiere zeigen")
    screen.click_area("25")
    expect(page.locator(".panel h2")).to_have_text("25 Siedlung Süd")
    planner.press("Baublöcke zeigen")
    screen.click_area("2506")
    expect(page.locator(".panel h2")).to_have_text(["25 Siedlung Süd", "2506"])
    screen.settle()
    # The block and around it the Quartier, each a dark line on a light one.
    assert screen.map().evaluate("map.atlas.markGroup.getLayers().length") == 4
    screen.click_area("2403")  # neighbours stay in sight
    expect(page.locator(".panel h2")).to_have_text(["24 Mühlenfeld", "2403"])
    planner.press("Quartiere zeigen")
    expect(page.locator(".panel h2")).to_have_text("24 Mühlenfeld")
    assert screen.areas().keys() == NAMES.keys()


def test_theme_without_values_of_blocks_shows_the_quartiere_and_says_so(
    planner: Planner,
) -> None:
    page, screen = planner.page, planner.screen
    planner.choose("Ebene", "Baublöcke")
    planner.choose("Thema", "SGB-II-Quote")
    told = "SGB-II-Quote: keine Zahlen für Baublöcke; gezeigt sind Quartiere."
    expect(page.get_by_text(told)).to_be_in_viewport()
    assert screen.areas().keys() == NAMES.keys()
    screen.click_area("25")
    expect(page.locator(".panel h2")).to_have_text("25 Siedlung Süd")
    screen.settle()
    assert "gebiet=" not in page.url
    planner.choose("Thema", "Einwohnerdichte")
    assert len(screen.areas()) == 60


def test_legend_counts_what_the_table_lists(planner: Planner) -> None:
    for day, theme, column in (
        ("31.12.2023", "Handlungsbedarf", "Handlungsbedarf"),
        ("31.12.2023", "Einwohnerdichte", "Einwohnerdichte je ha"),
        ("31.12.2024 · vorläufig", "Handlungsbedarf", "Handlungsbedarf"),
        ("31.12.2024 · vorläufig", "SGB-II-Quote", "SGB-II-Quote %"),
    ):
        planner.choose("Stichtag", day)
        planner.choose("Thema", theme)
        expect(planner.page.locator(".legend-title")).to_contain_text(theme)
        planner.screen.settle()
        texts = [row[column] for row in planner.table("Quartiere, Alle Einwohner*innen")]
        counts = legend_counts(planner.screen)
        for text in texts:
            counts[legend_entry(text, counts)] -= 1
        assert set(counts.values()) == {0}, theme


def legend_entry(text: str, entries: Iterable[str]) -> str:
    """Find where the legend counts a text of the table: by name, or by the class it lies in."""
    if not text[0].isdigit():
        word = text.partition(" ")[2]  # symbol and word of a status
        return next(one for one in entries if word in one.split(" oder "))
    number, _, name = text.partition(" ")
    if name:
        return name
    value = float(number.replace(",", "."))
    classes = [one for one in entries if " bis " in one]
    bounds = [
        [float(n.replace(",", ".")) for n in re.findall(r"[\d,]+", one)] for one in classes
    ]
    inside = [
        one
        for one, (low, high) in zip(classes, bounds, strict=True)
        if low <= value and (value < high or "unter" not in one)
    ]
    assert len(inside) == 1, text
    return inside[0]
