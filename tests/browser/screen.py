"""One browser window on the dashboard, as the tests see it.

Every request to another host is refused and counted; errors of the console are collected. The
map is judged by its layers and pixels, never by a flag alone.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Frame, Locator, Page, Route, expect

ALLOWED = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:")
# Streamlit asks for its server below the path of the page first, and is told: not here.
_PROBES = re.compile(r"/_stcore/(health|host-config)$")
_MAP = 'iframe[title="streamlit_folium.st_folium"]'
_IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_READY = """() => window.map && map.atlas && map.atlas.layers.size > 0
    && map.getContainer().dataset.state === "drawn" """
# Streamlit stands a grey bar where a part is still loading.
_WHOLE = """() => ![...document.querySelectorAll("[data-testid*=Skeleton]")]
    .some((one) => one.checkVisibility())"""
# What fades in has too little contrast for a moment.
_END_FADING = """() => document.getAnimations()
    .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
    .forEach((one) => one.finish())"""
_IN_VIEW = """(one) => { const box = one.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight; }"""
TIMEOUT_MS = 20_000


@dataclass
class Screen:
    """A page of the dashboard with everything that the browser did on the way."""

    base_url: str
    context: BrowserContext
    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received_bytes: int = 0
    sent_frames: int = 0

    @classmethod
    def on(cls, base_url: str, context: BrowserContext) -> "Screen":
        screen = cls(base_url, context, context.new_page())
        context.route(lambda url: not url.startswith(ALLOWED), screen._refuse)
        screen.page.on("console", screen._hear)
        screen.page.on("pageerror", lambda error: screen.errors.append(str(error)))
        screen.page.on("websocket", screen._listen)
        return screen

    def open(self, path: str = "/") -> "Screen":
        self.page.goto(self.base_url + path)
        expect(self.page.locator(".head, .stAlert").first).to_be_visible(timeout=TIMEOUT_MS)
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until no script has run for a moment and every part stands."""
        for _ in range(2):
            self.page.wait_for_selector(_IDLE, timeout=TIMEOUT_MS)
            self.page.wait_for_function(_WHOLE, timeout=TIMEOUT_MS)
            self.page.wait_for_timeout(150)

    def choose(self, select: str, option: str) -> None:
        # A run that ends meanwhile would close the list.
        self.page.wait_for_selector(_IDLE, timeout=TIMEOUT_MS)
        if self.buttons(select).count():
            self.buttons(select).filter(has_text=option).click()
            return
        box = self.page.get_by_role("combobox", name=select, exact=True)
        if not box.evaluate(_IN_VIEW):  # a list closes when its page scrolls
            box.scroll_into_view_if_needed()
            self.settle()
        box.click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def buttons(self, name: str) -> Locator:
        """Buttons of a choice that stands open; none where it is a list."""
        row = self.page.get_by_role("radiogroup", name=name, exact=True)
        return row.get_by_role("radio")

    def chosen(self, select: str) -> str:
        self.page.get_by_label(select, exact=True).first.wait_for(timeout=TIMEOUT_MS)
        if self.buttons(select).count():
            return (
                self.buttons(select)
                .and_(self.page.get_by_role("radio", checked=True))
                .inner_text()
            )
        box = self.page.get_by_role("combobox", name=select, exact=True)
        return str(box.input_value())

    def map(self, place: int = -1) -> Frame:
        """Frame of a map, by default the last, once all its areas are drawn."""
        self.page.wait_for_selector(_MAP, timeout=TIMEOUT_MS, state="attached")
        handle = self.page.locator(_MAP).nth(place).element_handle()
        assert handle is not None
        frame = handle.content_frame()
        assert frame is not None
        frame.wait_for_function(_READY, timeout=TIMEOUT_MS)
        return frame

    def areas(self) -> dict[str, dict[str, Any]]:
        """What each area of the map shows: colour, hatch, label, text."""
        found: dict[str, dict[str, Any]] = self.map().evaluate(
            """() => Object.fromEntries([...map.atlas.layers].map(([id, layer]) =>
                [id, {fill: layer.look.fill, hatch: layer.look.hatch, label: layer.label,
                      tip: layer.tip}]))"""
        )
        return found

    def place_of(self, area_id: str) -> tuple[float, float]:
        """Point inside an area, in pixels of the window."""
        frame = self.map()
        inside = frame.evaluate(
            """(id) => {
                const place = map.atlas.layers.get(id).getCenter();
                const point = map.latLngToContainerPoint(place);
                return [point.x, point.y]; }""",
            area_id,
        )
        self.page.locator(_MAP).last.scroll_into_view_if_needed()
        box = frame.frame_element().bounding_box()
        assert box is not None
        return box["x"] + inside[0], box["y"] + inside[1]

    def click_area(self, area_id: str) -> None:
        self.page.mouse.click(*self.place_of(area_id))

    def pixel(self, area_id: str) -> str:
        """Colour that the canvas really shows beside the label of an area, as ``#rrggbb``."""
        return str(
            self.map().evaluate(
                """(id) => {
                    const layer = map.atlas.layers.get(id);
                    const canvas = map.atlas.canvas, scale = devicePixelRatio > 1 ? 2 : 1;
                    const north = layer.getBounds().getNorth(), middle = layer.getCenter();
                    const place = L.latLng((3 * north + middle.lat) / 4, middle.lng);
                    const point = map.latLngToLayerPoint(place).subtract(canvas._bounds.min);
                    const data = canvas._ctx.getImageData(
                        point.x * scale, point.y * scale, 1, 1).data;
                    return "#" + [...data].slice(0, 3)
                        .map((part) => part.toString(16).padStart(2, "0")).join(""); }""",
                area_id,
            )
        )

    def download(self, button: Locator, folder: Path) -> Path:
        """Press a button and keep the file that it hands out under its own name."""
        with self.page.expect_download() as waiting:
            button.click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def violations(self) -> list[str]:
        """What axe finds wrong in the page and in its map, one line each."""
        self.settle()
        self.page.evaluate(_END_FADING)
        documents: list[Page | Frame] = [self.page]
        if self.page.locator(_MAP).count():
            documents.append(self.map())
        return [
            f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
            for document in documents
            for one in Axe().run(document).response["violations"]
            for node in one["nodes"]
        ]

    def sideways_px(self) -> int:
        """How far the page can be scrolled sideways."""
        return int(
            self.page.evaluate(
                """() => Math.max(...[document.scrollingElement,
                    document.querySelector('[data-testid="stMain"]')]
                    .filter(Boolean).map((part) => part.scrollWidth - part.clientWidth))"""
            )
        )

    def _refuse(self, route: Route) -> None:
        self.outside.append(route.request.url)
        route.abort()

    def _hear(self, message: Any) -> None:
        is_probe = _PROBES.search(message.location.get("url", ""))
        if message.type == "error" and not is_probe:
            self.errors.append(message.text)

    def _listen(self, socket: Any) -> None:
        def received(payload: str | bytes) -> None:
            self.received_bytes += len(payload)

        def sent(_: str | bytes) -> None:
            self.sent_frames += 1

        socket.on("framereceived", received)
        socket.on("framesent", sent)
