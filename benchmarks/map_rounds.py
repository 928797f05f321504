"""Rounds of one reader with a map in Chromium: the first page, changes of theme, a click.

The clock is the browser's own: it starts with the click as the page hears of it and ends with
the first picture whose map, or panel, shows the answer.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Frame, Locator, Page
from playwright.sync_api import Error as PlaywrightError

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
FRAME = 'iframe[title="streamlit_folium.st_folium"]'
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
WAIT_MS = 120_000
POLL_MS = 10
# Looks before every picture; the frame of a map may be replaced by its answer.
_WATCH = """([script, inFrame, frame]) => {
    const last = () => [...document.querySelectorAll(frame)].at(-1)?.contentWindow;
    const now = () => performance.timeOrigin + performance.now();
    const read = () => {
        try { return inFrame ? last().Function(`return (${script})()`)() : eval(script)(); }
        catch { return ""; }
    };
    const before = read();
    window.round = {};
    for (const one of [window, last()])
        one.addEventListener("click", () => { window.round.pressed ??= now(); },
            {capture: true, once: true});
    const look = () => {
        const shown = read();
        if (shown && shown !== before && window.round.pressed) window.round.seen = now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
_SEEN = "() => window.round.seen && window.round.seen - window.round.pressed"


@dataclass(frozen=True)
class Site:
    """One way to draw the map, and how a browser sees what it drew."""

    name: str
    script: str
    drawn: str  # JavaScript: what the map shows now, as text; empty until all is drawn
    chosen: str  # JavaScript: which area the page around says is chosen
    place: str  # JavaScript: a point inside an area, in pixels of the frame


ATLAS = Site(
    name="Atlas",
    script="app.py",
    drawn="""() => window.map && map.atlas && map.atlas.layers.size
        && map.getContainer().dataset.state === "drawn"
        ? map.getContainer().getAttribute("aria-label") : "" """,
    chosen="() => document.querySelector('.panel h2')?.textContent || ''",
    place="""() => { const layers = [...map.atlas.layers.values()];
        const layer = layers[Math.floor(layers.length * 0.4)];
        const point = map.latLngToContainerPoint(layer.getCenter());
        return [point.x, point.y]; }""",
)
PLAIN = Site(
    name="st_folium, GeoJSON",
    script="benchmarks/plain_map/app.py",
    drawn="""() => { const paths = [...document.querySelectorAll("path.leaflet-interactive")];
        return paths.map((path) => path.getAttribute("fill")).join(""); }""",
    chosen="() => document.querySelector('#chosen')?.textContent || ''",
    place="""() => { for (const path of document.querySelectorAll("path.leaflet-interactive")) {
        const box = path.getBoundingClientRect();
        const x = box.x + box.width / 2, y = box.y + box.height / 2;
        if (box.width > 4 && document.elementFromPoint(x, y) === path) return [x, y]; } }""",
)


@dataclass
class Traffic:
    """Bytes and files that a page received so far."""

    socket: int = 0
    http: int = 0
    requests: int = 0

    def since(self, before: "Traffic") -> "Traffic":
        """Count what came after an earlier moment."""
        return Traffic(
            self.socket - before.socket,
            self.http - before.http,
            self.requests - before.requests,
        )

    def copy(self) -> "Traffic":
        """Keep what came until now."""
        return Traffic(self.socket, self.http, self.requests)


@dataclass
class Figures:
    """Seconds and bytes of several rounds."""

    cold: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    click: list[float] = field(default_factory=list)
    cold_bytes: list[Traffic] = field(default_factory=list)
    change_bytes: list[Traffic] = field(default_factory=list)


def measure(browser: Browser, site: Site, url: str, rounds: int) -> Figures:
    figures = Figures()
    one_round(browser, site, url, Figures())  # the server's own caches are filled
    for _ in range(rounds):
        one_round(browser, site, url, figures)
    return figures


def one_round(browser: Browser, site: Site, url: str, figures: Figures) -> None:
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, locale="de-DE", bypass_csp=True
    )
    page = context.new_page()
    traffic = listen(page)
    began = time.perf_counter()
    page.goto(url)
    wait_until(lambda: evaluated(page, site.drawn))
    figures.cold.append(time.perf_counter() - began)
    rest(page)
    figures.cold_bytes.append(traffic.copy())
    for step in range(2):
        before = traffic.copy()
        option = _option(page, step + 1)
        figures.change.append(_seconds(page, site.drawn, True, option.click))
        rest(page)
        figures.change_bytes.append(traffic.since(before))
    x, y = frame_of(page).evaluate(site.place)
    box = page.locator(FRAME).last.bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_timeout(300)

    def click() -> None:
        page.mouse.click(box["x"] + x, box["y"] + y)

    figures.click.append(_seconds(page, site.chosen, False, click))
    context.close()


def _seconds(page: Page, shown: str, is_in_frame: bool, press: Callable[[], None]) -> float:
    """Press, and read the browser's clock once another text is shown than before."""
    page.evaluate(_WATCH, [shown, is_in_frame, FRAME])
    press()
    return float(page.wait_for_function(_SEEN, timeout=WAIT_MS).json_value()) / 1000


def _option(page: Page, number: int) -> Locator:
    """Another theme, ready to be pressed."""
    option = page.get_by_role("radiogroup", name="Thema").get_by_role("radio").nth(number)
    if not option.count():  # the plain map has a list
        page.get_by_role("combobox", name="Thema").click()
        option = page.get_by_role("option").nth(number)
    option.wait_for()
    return option


def listen(page: Page) -> Traffic:
    traffic = Traffic()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def finished(event: dict[str, float]) -> None:
        traffic.http += int(event["encodedDataLength"])
        traffic.requests += 1

    def received(event: dict[str, dict[str, str]]) -> None:
        traffic.socket += len(event["response"]["payloadData"]) * 3 // 4  # base64

    session.on("Network.loadingFinished", finished)
    session.on("Network.webSocketFrameReceived", received)
    return traffic


def evaluated(page: Page, script: str) -> str:
    frame = frame_of(page)
    return str(frame.evaluate(script) or "") if frame else ""


def frame_of(page: Page) -> Frame | None:
    handle = page.locator(FRAME).last.element_handle() if page.locator(FRAME).count() else None
    return handle.content_frame() if handle else None


def wait_until(look: Callable[[], str]) -> str:
    deadline = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < deadline:
        try:
            seen = look()
        except PlaywrightError as error:  # a frame may vanish while it is redrawn
            if "frame" not in str(error).lower() and "context" not in str(error):
                raise
            seen = ""
        if seen:
            return seen
        time.sleep(POLL_MS / 1000)
    sys.exit("Die Karte ist nicht erschienen.")


def rest(page: Page) -> None:
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(700)
