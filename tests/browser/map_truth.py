"""A reader who does anything with the map, and what must be true of it after each step.

What lies where is read from the boundary file that the map says it shows; what the map draws
is read from the pixels of the window. Neither asks Leaflet which area a pointer meets.
"""

import io
import math
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import shapely
from PIL import Image
from playwright.sync_api import Browser, Frame, expect

from atlas.terms import Kind
from tests.browser.map_facts import Facts
from tests.browser.map_land import Extent, Land, extent_of, read_land
from tests.browser.screen import Screen

# Closer to a border than this, the map may round to the other side.
_BORDER_PX = 4
_TOLERANCE_PX = 1.5
_HALF_PX = 5
_NOISE = 6
_TRIES = 40
# Most of a map beside a city is empty.
_ON_LAND = 0.8
_ANSWER_MS = 8_000
_IFRAME = 'iframe[title="streamlit_folium.st_folium"]'
_MAIN = '[data-testid="stMain"]'
# Where the pointer is on the map, in degrees; null on a control of the map or outside.
_PLACE = """([x, y]) => {
    const box = map.getContainer();
    const rect = box.getBoundingClientRect();
    const met = document.elementFromPoint(x, y);
    if (!met || !met.closest(".leaflet-overlay-pane, .leaflet-tooltip-pane") && met !== box)
        return null;
    const place = map.containerPointToLatLng(
        [x - rect.left - box.clientLeft, y - rect.top - box.clientTop]);
    return [place.lng, place.lat]; }"""
_LOOKS = """() => Object.fromEntries([...map.atlas.layers].map(([id, layer]) =>
    [id, [layer.isShown ? layer.look.fill : "#ffffff", layer.isShown, layer.look.text]]))"""
_TITLE = "() => map.getContainer().getAttribute('aria-label')"
_INSIDE = """(id) => { const layer = map.atlas.layers.get(id);
    const place = layer.spot ? layer.spot.place : layer.getCenter();
    const {x, y} = map.latLngToContainerPoint(place);
    const box = map.getContainer().getBoundingClientRect();
    return [x + box.left, y + box.top]; }"""
_IS_MOVED = "() => Boolean(map.atlas.moved)"
_PAPER_PX = 740


@dataclass(frozen=True)
class Device:
    """What the reader holds: pixels per point, mouse or finger."""

    scale: float
    has_touch: bool


DEVICES = (Device(1, False), Device(2, False), Device(1.25, False), Device(3, True))


class Wanderer:
    """Draws what to do by chance, does it, and looks whether the map told the truth."""

    def __init__(self, screen: Screen, device: Device, home: Path) -> None:
        self.screen = screen
        self.page = screen.page
        self.device = device
        self.home = home
        self.chance = random.Random()
        self.has_moved = False
        self.map_place = 0
        self.done: list[str] = []

    def close(self) -> None:
        """Put the device away."""
        self.screen.context.close()

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
            if button.get_attribute("aria-disabled") == "true":
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
        self._frame().get_by_role("button", name="Ganze Stadt").click()
        self.has_moved = False

    def choose_kind(self) -> None:
        before = self.screen.chosen("Ebene")
        self._choose_another("Ebene")
        if "Baublöcke" in (before, self.screen.chosen("Ebene")):
            self.has_moved = True  # blocks are shown around the chosen Quartier

    def _choose_theme(self) -> None:
        self._keeping(lambda: self._choose_another("Thema"))

    def _choose_group(self) -> None:
        self._keeping(self._press_another_group)

    def _press_another_group(self) -> None:
        group = self.page.get_by_role("radio", checked=False)
        if group.count():
            group.first.click(force=True)

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
        hide = self.page.add_style_tag(content=f"{_IFRAME} {{ display: none !important; }}")
        meanwhile()
        self.screen.settle()
        hide.evaluate("(tag) => tag.remove()")
        self.page.wait_for_timeout(200)

    def _print(self) -> None:
        self._keeping(self._print_and_back)

    def _print_and_back(self) -> None:
        """Look at the paper: the same place around the middle, every area as on the screen."""
        size = self.page.viewport_size
        if self.device.has_touch or size is None or size["width"] < _PAPER_PX:
            return
        frames = [self.screen.map(at) for at in range(self._maps())]
        before, looks = self.extent(), self._frame().evaluate(_LOOKS)
        self.page.emulate_media(media="print")
        for frame in frames:
            frame.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        after = self.extent()
        if self._frame().evaluate(_IS_MOVED):
            assert after.zoom == before.zoom, (before, after)
            assert after.px_from(before) < _TOLERANCE_PX, (before, after)
        assert self._frame().evaluate(_LOOKS) == looks
        self._check_paper(looks)
        self.page.emulate_media(media="screen")
        for frame in frames:
            frame.evaluate("window.dispatchEvent(new Event('afterprint'))")
        self.page.wait_for_timeout(200)

    def _check_paper(self, looks: Mapping[str, tuple[str, bool, str]]) -> None:
        """Pixels of some areas on the paper, as far as they are on it."""
        self._frame().frame_element().scroll_into_view_if_needed()
        box = self._frame().frame_element().bounding_box()
        size = self.page.viewport_size
        assert box is not None
        assert size is not None
        for area in self.chance.sample(sorted(looks), k=min(8, len(looks))):
            x, y = self._frame().evaluate(_INSIDE, area)
            inside = 80 < x < box["width"] - 80 and 20 < y < box["height"] - 60
            x, y = round(box["x"] + x), round(box["y"] + y)
            if inside and 8 < x < size["width"] - 8 and 8 < y < size["height"] - 8:
                self._check_colour(x, y, area, looks[area][0])

    def _resize(self) -> None:
        if self.device.has_touch:
            wide, high = self.chance.randint(340, 480), self.chance.randint(600, 950)
        else:
            wide, high = self.chance.randint(360, 1500), self.chance.randint(480, 1000)
        self.page.set_viewport_size({"width": wide, "height": high})
        self.page.wait_for_timeout(200)
        self.done.append(f"{wide}x{high}")

    # ---- what must be true ----

    def _keeping(self, step: Callable[[], Any]) -> None:
        before = self.extent()
        step()
        self.screen.settle()
        after = self.extent()
        if not self.has_moved:
            return
        assert after.zoom == before.zoom, (before, after)
        assert after.px_from(before) < _TOLERANCE_PX, (before, after)

    def look(self) -> None:
        """The city is seen, all of it until the map is moved; the date is the chosen one."""
        extent = self.extent()
        land = self._land(extent)
        seen = shapely.box(*extent.bounds)
        share = seen.intersection(land.whole).area / seen.area
        assert share > 0, f"nothing of the city is seen: {extent}"
        if not self.has_moved:
            assert seen.contains(shapely.box(*land.whole.bounds)), f"city is cut off: {extent}"
        self._look_at_all()

    def _look_at_all(self) -> None:
        """One map is of the chosen theme and date; several show one place; classes filter."""
        day = ".".join(reversed(self.extent().release.split(".")[0].split("-")))
        if self._maps() == 1:
            assert self.screen.chosen("Stichtag").startswith(day)
            assert self._facts().theme == self.screen.chosen("Thema")
            self._look_at_classes()
        first, *others = (extent_of(self.screen.map(at)) for at in range(self._maps()))
        for other in others:
            assert other.zoom == first.zoom, (first, other)
            assert other.px_from(first) < _TOLERANCE_PX, (first, other)

    def _look_at_classes(self) -> None:
        entries = self.page.get_by_role("toolbar", name="Legende").get_by_role("button")
        pressed = [
            " ".join(one.inner_text().split()).rpartition(" (")[0]
            for one in entries.all()
            if one.get_attribute("aria-pressed") == "true"
        ]
        for area, (_, is_shown, text) in self._frame().evaluate(_LOOKS).items():
            assert is_shown == (not pressed or text in pressed), (area, text, pressed)

    def point(self, scrolled_px: int) -> None:
        """Scroll the page, then point at and click anywhere on what is seen of the map."""
        self.page.locator(_MAIN).evaluate(
            "(main, far) => { main.scrollTop = far; }", scrolled_px
        )
        self.page.wait_for_timeout(100)
        if (found := self._somewhere()) is None:
            return
        x, y = found
        land = self._land(self.extent())
        place = self._place_at(x, y)
        assert place is not None
        area = land.at(*place)
        self.done.append(f"point at {area or 'nothing'} ({x}, {y})")
        if not self.device.has_touch:
            self._hover(x, y, land, area)
        self._check_pixels(x, y, area)
        before = self._selected()
        self._press(x, y)
        self._check_selection(area, before)

    def _hover(self, x: int, y: int, land: Land, area: str) -> None:
        self.page.mouse.move(x - 30, y - 20)
        self.page.mouse.move(x - 3, y)
        self.page.mouse.move(x, y)
        tip = self._frame().locator(".atlas-tip")
        if not area:
            expect(tip).to_have_count(0)
            return
        expect(tip.locator("strong")).to_have_text(land.title_of(area), timeout=_ANSWER_MS)
        expect(tip).to_contain_text(self._facts().told(area))

    def _check_pixels(self, x: int, y: int, area: str) -> None:
        """Around the pointer lies the colour of the area, between letters and hatches."""
        if not area:
            return
        if not self.device.has_touch:
            self.page.mouse.move(1, 1)
            expect(self._frame().locator(".atlas-tip")).to_have_count(0)
        self._check_colour(x, y, area, self._frame().evaluate(_LOOKS)[area][0])

    def _check_colour(self, x: int, y: int, area: str, fill: str) -> None:
        wanted = tuple(int(fill[at : at + 2], 16) for at in (1, 3, 5))
        size = 2 * _HALF_PX
        clip = {"x": x - _HALF_PX, "y": y - _HALF_PX, "width": size, "height": size}
        shot = Image.open(io.BytesIO(self.page.screenshot(clip=clip, scale="device")))
        colours = {colour for _, colour in shot.convert("RGB").getcolors(100_000) or []}
        nearest = min(math.dist(one, wanted) for one in colours)
        assert nearest <= _NOISE, f"{area} shall be {fill}, seen: {sorted(colours)[:8]}"

    def _press(self, x: int, y: int) -> None:
        if self.device.has_touch:
            self.page.touchscreen.tap(x, y)
        else:
            self.page.mouse.click(x, y)

    def _check_selection(self, area: str, before: Mapping[str, str]) -> None:
        if not area:
            self.page.wait_for_timeout(500)
            assert self._selected() == before
            return
        facts = self._facts()
        kind = facts.kind_called(self.screen.chosen("Ebene"))
        if kind == Kind.BLOCK:
            kind = facts.drawn  # of a theme without blocks Quartiere are drawn
        name = "quartier" if kind == Kind.QUARTIER else "gebiet"
        wanted = facts.holder(area, kind)
        pattern = re.compile(rf"[?&]{name}={re.escape(wanted)}(&|$)")
        expect(self.page).to_have_url(pattern, timeout=_ANSWER_MS)
        self.screen.settle()
        heading = facts.seen.area(kind, wanted).title
        expect(self.page.locator(".panel h2").last).to_have_text(heading)
        self.has_moved = self.has_moved or kind == Kind.BLOCK

    # ---- what is seen ----

    def _frame(self) -> Frame:
        return self.screen.map(min(self.map_place, self._maps() - 1))

    def _maps(self) -> int:
        return max(1, self.page.locator(_IFRAME).count())

    def _facts(self) -> Facts:
        return Facts(self.home, self.extent(), str(self._frame().evaluate(_TITLE)))

    def extent(self) -> Extent:
        return extent_of(self._frame())

    def _land(self, extent: Extent) -> Land:
        return read_land(self.home / "releases" / extent.map_file)

    def _selected(self) -> dict[str, str]:
        asked = parse_qs(urlsplit(self.page.url).query)
        return {key: asked.get(key, [""])[0] for key in ("quartier", "gebiet")}

    def _somewhere(self) -> tuple[int, int] | None:
        """Point of the window on the map, away from borders; ``None`` where none is in view."""
        box = self._frame().frame_element().bounding_box()
        size = self.page.viewport_size
        assert box is not None
        assert size is not None
        extent = self.extent()
        land = self._land(extent)
        degrees = extent.degrees(_BORDER_PX)
        wants_land = self.chance.random() < _ON_LAND
        for attempt in range(_TRIES):
            x = round(box["x"] + self.chance.uniform(8, box["width"] - 8))
            y = round(box["y"] + self.chance.uniform(8, box["height"] - 8))
            if not (8 < x < size["width"] - 8 and 8 < y < size["height"] - 8):
                continue
            place = self._place_at(x, y)
            if place is None or land.is_near_border(*place, degrees):
                continue
            if not wants_land or land.at(*place) or attempt > _TRIES // 2:
                return x, y
        return None

    def _place_at(self, x: int, y: int) -> tuple[float, float] | None:
        is_map = self.page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y)?.tagName === 'IFRAME'", [x, y]
        )
        box = self._frame().frame_element().bounding_box()
        if not is_map or box is None:
            return None
        place = self._frame().evaluate(_PLACE, [x - box["x"], y - box["y"]])
        return (place[0], place[1]) if place else None


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
