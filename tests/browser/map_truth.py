"""A reader who does anything with the map, and looks after each step whether it is true."""

import random
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from atlas.terms import Kind
from tests.browser.map_witness import MAP_FRAME, Device, Witness
from tests.browser.screen import Screen


class Wanderer(Witness):
    """Draws what to do by chance, does it, and looks."""

    def walk(self, chance: random.Random, steps: int) -> None:
        """Open the map in a window of any size, do something, look; again and again."""
        self.chance = chance
        self.has_moved = False
        self.map_place = 0
        self.done = []
        self.page.goto("about:blank")
        self._resize()
        self.screen.open("/")
        self._show_all()
        for _ in range(steps):
            name, step = self.chance.choice(self._steps())
            self.done.append(name)
            step()
            self.screen.settle()
            self.map_place = self.chance.randrange(self._maps())
            self.look()
            self.point(self.chance.randint(0, 700))

    def _steps(self) -> list[tuple[str, Callable[[], None]]]:
        moving = (
            *(self.zoom_in_or_out, self._drag, self._turn_wheel),
            *(self._press_key, self._show_all),
        )
        staying = (
            *(self._choose_theme, self._choose_group, self._choose_date, self._choose_quartier),
            *(self._reload, self._turn_page, self._hide_for_a_moment, self._resize),
            *(self._press_legend, self._choose_beside, self._print, self._choose_unseen),
        )
        every = (*moving, *staying, self.choose_kind)
        return [(one.__name__.strip("_"), one) for one in every]

    # ---- steps ----

    def zoom_in_or_out(self) -> None:
        name = self.chance.choice(("Vergrößern", "Vergrößern", "Verkleinern"))
        for _ in range(self.chance.randint(1, 4)):
            button = self._frame().get_by_role("button", name=name)
            # Very small maps have no buttons.
            if not button.count() or button.get_attribute("aria-disabled") == "true":
                return
            button.click()
            self.page.wait_for_timeout(300)
            self.has_moved = True

    def _drag(self) -> None:
        if self.device.has_touch or (found := self._somewhere()) is None:
            return
        x, y = found
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        far = (x + self.chance.randint(-400, 400), y + self.chance.randint(-400, 400))
        self.page.mouse.move(*far, steps=6)
        self.page.mouse.up()
        self.page.wait_for_timeout(500)
        self.has_moved = True

    def _turn_wheel(self) -> None:
        if self.device.has_touch or (found := self._somewhere()) is None:
            return
        self.page.mouse.move(*found)
        self.page.keyboard.down("Control")
        self.page.mouse.wheel(0, self.chance.choice((-400, -200, 200)))
        self.page.wait_for_timeout(500)
        self.page.keyboard.up("Control")
        self.has_moved = True

    def _press_key(self) -> None:
        self._frame().locator("#map_div").focus()
        for _ in range(self.chance.randint(1, 6)):
            self.page.keyboard.press(self.chance.choice(("+", "-", "+")))
            self.page.wait_for_timeout(300)
        self.has_moved = True

    def _show_all(self) -> None:
        button = self._frame().get_by_role("button", name="Ganze Stadt")
        if button.count():
            button.click()
            self.has_moved = False

    def choose_kind(self) -> None:
        before = self.screen.chosen("Ebene")
        self._choose_another("Ebene")
        if "Baublöcke" in (before, self.screen.chosen("Ebene")):
            self.has_moved = True  # blocks are shown around the chosen Quartier

    def _choose_theme(self) -> None:
        self._keeping(lambda: self._choose_another("Thema"))

    def _choose_group(self) -> None:
        self._keeping(lambda: self._choose_another("Bezugsgruppe"))

    def _choose_date(self) -> None:
        self._keeping(lambda: self._choose_another("Stichtag"))

    def _choose_quartier(self) -> None:
        if self.screen.chosen("Ebene") != "Baublöcke":
            self._keeping(lambda: self._choose_another(self._word_for_quartier()))

    def _word_for_quartier(self) -> str:
        facts = self._facts()
        return facts.seen.singular(Kind.QUARTIER)

    def _press_legend(self) -> None:
        """Leave the areas of one more class, or of one less."""
        entries = self.page.get_by_role("toolbar", name="Legende").get_by_role("button")
        entry = entries.nth(self.chance.randrange(entries.count()))
        self._keeping(lambda: (entry.focus(), self.page.keyboard.press("Space")))

    def _choose_beside(self) -> None:
        self._keeping(lambda: self._choose_another("Daneben"))

    def _choose_unseen(self) -> None:
        """Choose another theme while the maps have no size."""
        self._keeping(lambda: self._hide_and_show(lambda: self._choose_another("Thema")))

    def _choose_another(self, select: str) -> None:
        self.screen.settle()
        buttons = self.screen.buttons(select)
        if buttons.count():
            buttons.nth(self.chance.randrange(buttons.count())).click()
            return
        box = self.page.get_by_role("combobox", name=select, exact=True)
        box.focus()
        for _ in range(self.chance.randint(1, 4)):
            box.press("ArrowDown")
        box.press("Enter")

    def _reload(self) -> None:
        self._keeping(self.page.reload)

    def _turn_page(self) -> None:
        self._keeping(self._away_and_back)

    def _away_and_back(self) -> None:
        if self.page.viewport_size and self.page.viewport_size["width"] < 800:
            return  # pages hide behind a button
        for name in (self.chance.choice(("Datenstand", "Entwicklung", "Tabellen")), "Karte"):
            self.page.get_by_role("link", name=name, exact=True).first.click()
            self.page.wait_for_timeout(400)
            self.screen.settle()

    def _hide_for_a_moment(self) -> None:
        self._keeping(lambda: self._hide_and_show(lambda: self.page.wait_for_timeout(200)))

    def _hide_and_show(self, meanwhile: Callable[[], object]) -> None:
        hide = self.page.add_style_tag(content=f"{MAP_FRAME} {{ display: none !important; }}")
        meanwhile()
        self.screen.settle()
        hide.evaluate("(tag) => tag.remove()")
        self.page.wait_for_timeout(200)

    def _print(self) -> None:
        self._keeping(self.look_at_paper)

    def _resize(self) -> None:
        if self.device.has_touch:
            wide, high = self.chance.randint(340, 480), self.chance.randint(600, 950)
        else:
            wide, high = self.chance.randint(360, 1500), self.chance.randint(480, 1000)
        self.page.set_viewport_size({"width": wide, "height": high})
        self.page.wait_for_timeout(200)
        self.done.append(f"{wide}x{high}")


def open_wanderer(browser: Browser, url: str, device: Device, home: Path) -> Wanderer:
    """Give the reader a browser window of the device."""
    context = browser.new_context(
        viewport={"width": 1000, "height": 800},
        device_scale_factor=device.scale,
        has_touch=device.has_touch,
        is_mobile=device.has_touch,
        locale="de-DE",
    )
    return Wanderer(Screen.on(url, context), device, home)
