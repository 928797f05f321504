"""A planner before the screen of Wandelstadt."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from atlas.release import Release
from tests.browser.screen import Screen
from tests.browser.sight import rows_of
from tests.browser.walk_town import NAMES


@dataclass(frozen=True)
class Planner:
    """Somebody before the screen, and the releases that the screen must agree with.

    Attributes
    ----------
    clicks
        What was done on the way: a click, a choice from a list, or Enter on a typed choice.
    """

    screen: Screen
    before: Release
    now: Release
    clicks: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.screen.page

    def go_to(self, title: str) -> None:
        self.clicks.append(title)
        self.activate(self.page.get_by_role("link", name=title, exact=True))
        self.screen.settle()

    def press(self, name: str) -> None:
        self.clicks.append(name)
        self.screen.settle()  # a run that ends meanwhile would put another button in its place
        self.activate(self.page.get_by_role("button", name=name, exact=True))
        self.screen.settle()

    def open_tab(self, name: str) -> None:
        self.clicks.append(name)
        self.turn_to(self.page.get_by_role("tab", name=name, exact=True))
        self.screen.settle()

    def choose(self, select: str, option: str) -> None:
        self.clicks.append(option)
        self.pick(select, option)
        self.screen.settle()

    def add(self, select: str, option: str) -> None:
        """Choose one more from a list of several; it stays open, and hides the page."""
        self.choose(select, option)
        self.page.keyboard.press("Escape")

    def open_words(self, summary: str) -> None:
        """Open what explains itself to whoever asks."""
        self.clicks.append(summary)
        self.activate(self.page.get_by_text(summary, exact=True))

    def write(self, name: str, text: str) -> None:
        """Put a text, of one line or more, in the place of what a field holds."""
        self.clicks.append(name)
        self.enter(self.page.get_by_role("textbox", name=name, exact=True))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Tab")
        self.screen.settle()

    def look_for(self, text: str) -> None:
        """Type into the search and send it."""
        self.clicks.append(text)
        self.enter(self.page.get_by_role("combobox", name="Suche", exact=True))
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.screen.settle()

    def click_area(self, area_id: str) -> None:
        self.clicks.append(area_id)
        self.point_at(area_id)
        self.screen.settle()

    def take(self, button: Locator, folder: Path) -> Path:
        self.clicks.append(button.inner_text())
        with self.page.expect_download() as waiting:
            self.activate(button)
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    # What a hand does: this one holds a mouse.

    def activate(self, control: Locator) -> None:
        """Press a button, follow a link."""
        control.click()

    def turn_to(self, tab: Locator) -> None:
        """Show what stands behind a tab."""
        tab.click()

    def enter(self, field: Locator) -> None:
        """Go into a field."""
        field.click()

    def pick(self, select: str, option: str) -> None:
        """Choose from a list."""
        self.screen.choose(select, option)

    def point_at(self, area_id: str) -> None:
        """Choose an area on the map."""
        self.screen.click_area(area_id)

    def table(self, caption: str) -> list[dict[str, str]]:
        """Rows of the one table whose caption holds these words."""
        found = self.page.get_by_role("table", name=caption)
        expect(found).to_have_count(1)
        return rows_of(found)


def title_of(area_id: str) -> str:
    return f"{area_id} {NAMES[area_id]}"
