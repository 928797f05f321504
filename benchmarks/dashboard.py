"""Measure the map of the dashboard beside a plain st_folium map in the same run.

Cold load, change of indicator and click in Chromium, with the bytes that came over HTTP and the
websocket; then many sessions on one process with time to think between two changes. Needs a
home directory with releases (``atlas demo --city wuppertal --no-serve --home DIR``); 6,000
blocks with 202,000 vertices come from ``benchmarks/dense_city.py``.
"""

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import websockets
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from atlas.release import list_releases, open_release

PROJECT_DIR = Path(__file__).resolve().parents[1]
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
KINDS = ("quartier", "block")
THINK_S = 5.0


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
    """Bytes that a page received so far."""

    socket: int = 0
    http: int = 0

    def since(self, before: "Traffic") -> "Traffic":
        """Count what came after an earlier moment."""
        return Traffic(self.socket - before.socket, self.http - before.http)

    def copy(self) -> "Traffic":
        """Keep what came until now."""
        return Traffic(self.socket, self.http)


@dataclass
class Figures:
    """Seconds and bytes of several rounds."""

    cold: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    click: list[float] = field(default_factory=list)
    cold_bytes: list[Traffic] = field(default_factory=list)
    change_bytes: list[Traffic] = field(default_factory=list)


@contextmanager
def served(site: Site, home: Path, release: Path) -> Iterator[tuple[str, int]]:
    """Address and process of a server that ends afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {
        "ATLAS_HOME": str(home),
        "BENCHMARK_RELEASE": str(release),
        "PYTHONPATH": str(PROJECT_DIR),
    }
    address = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    command = [sys.executable, "-m", "streamlit", "run", site.script, *address]
    server = subprocess.Popen(
        command,
        cwd=PROJECT_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/_stcore/health")
        yield url, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except URLError:
            time.sleep(0.2)
    sys.exit("Der Server ist nicht gestartet.")


def measure(browser: Browser, site: Site, url: str, rounds: int) -> Figures:
    figures = Figures()
    one_round(browser, site, url, Figures())  # the server's own caches are filled
    for _ in range(rounds):
        one_round(browser, site, url, figures)
    return figures


def one_round(browser: Browser, site: Site, url: str, figures: Figures) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="de-DE")
    page = context.new_page()
    traffic = listen(page)
    began = time.perf_counter()
    page.goto(url)
    shown = wait_until(lambda: evaluated(page, site.drawn))
    figures.cold.append(time.perf_counter() - began)
    rest(page)
    figures.cold_bytes.append(traffic.copy())
    for step in range(2):
        before = traffic.copy()
        began = choose_theme(page, step + 1)
        shown = wait_until(lambda: evaluated(page, site.drawn), shown)
        figures.change.append(time.perf_counter() - began)
        rest(page)
        figures.change_bytes.append(traffic.since(before))
    x, y = frame_of(page).evaluate(site.place)
    box = page.locator(FRAME).last.bounding_box()
    chosen = str(page.evaluate(site.chosen))
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_timeout(300)
    began = time.perf_counter()
    page.mouse.click(box["x"] + x, box["y"] + y)
    wait_until(lambda: str(page.evaluate(site.chosen)), chosen)
    figures.click.append(time.perf_counter() - began)
    context.close()


def choose_theme(page: Page, number: int) -> float:
    """Choose another theme; the clock starts when its button or option is pressed."""
    option = page.get_by_role("radiogroup", name="Thema").get_by_role("radio").nth(number)
    if not option.count():
        page.get_by_role("combobox", name="Thema").click()
        option = page.get_by_role("option").nth(number)
    option.wait_for()
    began = time.perf_counter()
    option.click(no_wait_after=True)
    return began


def listen(page: Page) -> Traffic:
    traffic = Traffic()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def finished(event: dict[str, float]) -> None:
        traffic.http += int(event["encodedDataLength"])

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


def wait_until(look: Callable[[], str], before: str = "") -> str:
    deadline = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < deadline:
        try:
            seen = look()
        except PlaywrightError as error:  # a frame may vanish while it is redrawn
            seen = "" if "frame" in str(error).lower() or "context" in str(error) else before
        if seen and seen != before:
            return seen
        time.sleep(POLL_MS / 1000)
    sys.exit("Die Karte ist nicht erschienen.")


def rest(page: Page) -> None:
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(700)


async def one_session(url: str, seconds: float, seed: int) -> list[float]:
    """Change the theme again and again, with time to think; seconds of each answer."""
    draw, answers = random.Random(seed), []
    address = f"{url.replace('http', 'ws')}/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as line:
        themes = await rerun(line, None, "")
        end = time.monotonic() + seconds
        await asyncio.sleep(draw.uniform(0, THINK_S))
        shown = themes.options[0]
        while time.monotonic() < end:
            shown = draw.choice([option for option in themes.options if option != shown])
            began = time.perf_counter()
            await rerun(line, themes, shown)
            answers.append(time.perf_counter() - began)
            await asyncio.sleep(draw.uniform(0.5, 1.5) * THINK_S)
    return answers


@dataclass(frozen=True)
class Themes:
    """Buttons or select „Thema“ as the server told of them."""

    id: str
    options: tuple[str, ...]
    shown: str
    are_buttons: bool


def themes_in(element: Element) -> Themes | None:
    """Read buttons or select „Thema“; ``None`` for any other element."""
    if element.WhichOneof("type") == "selectbox" and element.selectbox.label == "Thema":
        box = element.selectbox
        return Themes(box.id, tuple(box.options), box.raw_value, are_buttons=False)
    if element.WhichOneof("type") == "button_group" and element.button_group.label == "Thema":
        row = element.button_group
        options = tuple(one.content for one in row.options)
        return Themes(row.id, options, "".join(row.raw_values), are_buttons=True)
    return None


async def rerun(line: websockets.ClientConnection, themes: Themes | None, value: str) -> Themes:
    """Run the page with one chosen option; give the choice „Thema“ once it has ended.

    Ends the benchmark if the answer does not show what was asked for.
    """
    message = BackMsg()
    message.rerun_script.query_string = "ebene=block"
    if themes:
        state = message.rerun_script.widget_states.widgets.add()
        state.id = themes.id
        if themes.are_buttons:
            state.string_array_value.data.append(value)
        else:
            state.string_value = value
    await line.send(message.SerializeToString())
    found = None
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await line.recv())
        if answer.WhichOneof("type") == "script_finished":
            if found is None or (value and found.shown != value):
                sys.exit("Eine Sitzung hat ein anderes Thema bekommen als gefragt.")
            return found
        found = themes_in(answer.delta.new_element) or found


async def many_sessions(url: str, count: int, seconds: float) -> list[float]:
    every = await asyncio.gather(*(one_session(url, seconds, seed) for seed in range(count)))
    return [answer for answers in every for answer in answers]


def report(site: Site, label: str, figures: Figures) -> None:
    seconds = [figures.cold, figures.change, figures.click]
    cells = [f"{statistics.median(every):.2f} s" for every in seconds]
    for traffic in (figures.cold_bytes, figures.change_bytes):
        for every in zip(*map(parts, traffic), strict=True):
            cells.append(f"{statistics.median(every) / 1000:.1f} kB")
    print(f"| {' | '.join((label, site.name, *cells))} |", flush=True)


def compare(label: str, ours: Figures, plain: Figures) -> None:
    """Say how many times faster and smaller one change of indicator is, by the medians."""
    faster = statistics.median(plain.change) / statistics.median(ours.change)
    smaller = statistics.median(map(sum, map(parts, plain.change_bytes))) / statistics.median(
        map(sum, map(parts, ours.change_bytes))
    )
    print(
        f"{label}: ein Wechsel {faster:.1f}-mal so schnell, mit {smaller:.0f}-mal weniger Byte"
    )


def parts(traffic: Traffic) -> tuple[int, int]:
    return traffic.socket, traffic.http


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--city", default="wuppertal")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    release = list_releases(options.home / "releases" / options.city)[-1].path
    sizes = open_release(release).areas["kind"].value_counts()
    print(f"{os.cpu_count()} Kerne, Last {os.getloadavg()[0]:.1f}, {options.rounds} Runden")
    print("| Ebene | | kalt | Wechsel | Klick | kalt: WS | HTTP | Wechsel: WS | HTTP |")
    print("|---|---|---|---|---|---|---|---|---|")
    measured: dict[tuple[str, str], Figures] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for site in (ATLAS, PLAIN):
            with served(site, options.home, release) as (url, _):
                for kind in KINDS:
                    figures = measure(browser, site, f"{url}/?ebene={kind}", options.rounds)
                    report(site, f"{kind} ({sizes[kind]})", figures)
                    measured[site.name, kind] = figures
        browser.close()
    for kind in KINDS:
        compare(kind, measured[ATLAS.name, kind], measured[PLAIN.name, kind])
    measure_sessions(options.home, release, options.sessions, options.seconds)


def measure_sessions(home: Path, release: Path, count: int, seconds: float) -> None:
    with served(ATLAS, home, release) as (url, process):
        asyncio.run(many_sessions(url, 1, 2 * THINK_S))
        before = cpu_seconds(process)
        answers = asyncio.run(many_sessions(url, count, seconds))
        used = cpu_seconds(process) - before
    p95 = statistics.quantiles(answers, n=20)[-1]
    print(
        f"{count} Sitzungen, {THINK_S:.0f} s Denkzeit, {len(answers)} Wechsel: "
        f"Median {statistics.median(answers):.2f} s, p95 {p95:.2f} s, "
        f"{used / len(answers):.2f} s Rechenzeit je Wechsel, Last {os.getloadavg()[0]:.1f}"
    )


def cpu_seconds(process: int) -> float:
    """Read how long a process has computed so far; first draws of sessions count too."""
    fields = (
        Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    )
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
