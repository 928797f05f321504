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
        self.page.get_by_role("link", name=title, exact=True).click()
        self.screen.settle()

    def press(self, name: str) -> None:
        self.clicks.append(name)
        self.screen.settle()  # a run that ends meanwhile would put another button in its place
        self.page.get_by_role("button", name=name, exact=True).click()
        self.screen.settle()

    def choose(self, select: str, option: str) -> None:
        self.clicks.append(option)
        self.screen.choose(select, option)
        self.screen.settle()

    def open_words(self, summary: str) -> None:
        """Open what explains itself to whoever asks."""
        self.clicks.append(summary)
        self.page.get_by_text(summary, exact=True).click()

    def click_area(self, area_id: str) -> None:
        self.clicks.append(area_id)
        self.screen.click_area(area_id)
        self.screen.settle()

    def take(self, button: Locator, folder: Path) -> Path:
        self.clicks.append(button.inner_text())
        return self.screen.download(button, folder)

    def table(self, caption: str) -> list[dict[str, str]]:
        """Rows of the one table whose caption holds these words."""
        found = self.page.get_by_role("table", name=caption)
        expect(found).to_have_count(1)
        return rows_of(found)


def title_of(area_id: str) -> str:
    return f"{area_id} {NAMES[area_id]}"
