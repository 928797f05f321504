"""A planner before the screen of Wandelstadt."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from atlas.release import Release
from tests.browser.screen import Screen
from tests.browser.sight import rows_of
from tests.browser.walk_town import NAMES


@dataclass(frozen=True)
class Planner:
    """Somebody before the screen, and the releases that the screen must agree with."""

    screen: Screen
    before: Release
    now: Release

    @property
    def page(self) -> Page:
        return self.screen.page

    def go_to(self, title: str) -> None:
        self.page.get_by_role("link", name=title, exact=True).click()
        self.screen.settle()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.screen.settle()

    def choose(self, select: str, option: str) -> None:
        self.screen.choose(select, option)
        self.screen.settle()

    def table(self, caption: str) -> list[dict[str, str]]:
        """Rows of the one table whose caption holds these words."""
        found = self.page.get_by_role("table", name=caption)
        expect(found).to_have_count(1)
        return rows_of(found)


def title_of(area_id: str) -> str:
    return f"{area_id} {NAMES[area_id]}"
