"""A reader who looks whether the map tells the truth.

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
from playwright.sync_api import Frame, expect

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
MAP_FRAME = 'iframe[title="streamlit_folium.st_folium"]'
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
    const inside = x > 80 && x < box.width - 80 && y > 20 && y < box.height - 60;
    return inside ? [x + box.left, y + box.top] : null; }"""
_SIZE = "() => [map.getContainer().clientWidth, map.getContainer().clientHeight]"
_IS_MOVED = "() => Boolean(map.atlas.moved)"
_PAPER_PX = 740


@dataclass(frozen=True)
class Device:
    """What the reader holds: pixels per point, mouse or finger."""

    scale: float
    has_touch: bool


DEVICES = (Device(1, False), Device(2, False), Device(1.25, False), Device(3, True))


class Witness:
    """Points at the map and holds it against boundaries, release and pixels."""

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

    # ---- what must be true ----

    def _keeping(self, step: Callable[[], Any]) -> None:
        before, size = self.extent(), self._frame().evaluate(_SIZE)
        step()
        self.screen.settle()
        after = self.extent()
        is_same_size = self._frame().evaluate(_SIZE) == size
        is_moved = self._frame().evaluate(_IS_MOVED)
        # What nobody moved is fitted anew into a frame of another size.
        if not self.has_moved or not (is_same_size or is_moved):
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
        return max(1, self.page.locator(MAP_FRAME).count())

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

    def _check_paper(self, looks: Mapping[str, tuple[str, bool, str]]) -> None:
        """Pixels of some areas on the paper, as far as they are on it."""
        self._frame().frame_element().scroll_into_view_if_needed()
        box = self._frame().frame_element().bounding_box()
        size = self.page.viewport_size
        assert box is not None
        assert size is not None
        for area in self.chance.sample(sorted(looks), k=min(8, len(looks))):
            place = self._frame().evaluate(_INSIDE, area)
            if place is None:  # the map on paper is narrower than its frame
                continue
            x, y = round(box["x"] + place[0]), round(box["y"] + place[1])
            if 8 < x < size["width"] - 8 and 8 < y < size["height"] - 8:
                self._check_colour(x, y, area, looks[area][0])

    def look_at_paper(self) -> None:
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
