import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from atlas.config.groups import DEFAULT_GROUPS
from atlas.terms import Group, Kind, Reason, State, Status
from tests.browser.planner import Planner
from tests.browser.screen import TIMEOUT_MS, Screen
from tests.browser.walk_town import Town, make_town
from tests.factories import DAY, Gap, town_config, town_counts, town_info, with_gaps, write_town

PROJECT_DIR = Path(__file__).resolve().parents[2]
_CHROMIUM = "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_STARTED_S = 60

expect.set_options(timeout=TIMEOUT_MS)

ServeHome = Callable[[Path, Path], str]
OpenScreen = Callable[..., Screen]


def write_musterstadt(home: Path) -> None:
    """2022 and 2023 final with hidden cells, 2024 provisional without SGB II."""
    releases, config = home / "releases", town_config()
    before, later = date(2022, 12, 31), date(2024, 12, 31)
    base = town_counts(before)
    is_old = (base["area_id"] == "11") & (base["item"] == "sgb2") & (base["group"] == "all")
    base.loc[is_old, "value"] = 30.0
    write_town(releases, town_info(config, before), base)
    hidden = [
        Gap(Kind.BLOCK, ("1301", "1302"), "migrants", Group.ALL),
        Gap(Kind.QUARTIER, ("13", "21"), "migrants", Group.U18),
    ]
    write_town(releases, town_info(config, DAY), with_gaps(town_counts(DAY), hidden))
    kinds = {
        Kind.QUARTIER: ("11", "12", "13", "21", "22", "23"),
        Kind.DISTRICT: ("1", "2"),
        Kind.CITY: (config.city.key,),
    }
    pending = [
        Gap(kind, keys, "sgb2", group, Status.MISSING, Reason.PENDING)
        for group in DEFAULT_GROUPS
        for kind, keys in kinds.items()
    ]
    info = town_info(config, later).model_copy(
        update={"state": State.PROVISIONAL, "missing": ("SGB II",)}
    )
    write_town(releases, info, with_gaps(town_counts(later), pending))


def start_server(
    home: Path,
    port: int,
    project_dir: Path = PROJECT_DIR,
    app: str = "app.py",
    more: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server of a project directory on a home directory, and wait for it.

    Parameters
    ----------
    more
        Variables of its environment besides those that every server has.
    """
    # Only what a reader's server has: no leftovers of the caller's environment.
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"ATLAS_HOME": str(home), "HOME": str(home), **(more or {})}
    address = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", app, *address],
        cwd=project_dir,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(home / "server.log").open("wb"),
    )
    _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server, home / "server.log")
    return server


@pytest.fixture(scope="session")
def serve() -> Iterator[ServeHome]:
    """Start the dashboard of a project directory on a home directory; give its address."""
    started: list[subprocess.Popen[bytes]] = []

    def start(home: Path, project_dir: Path = PROJECT_DIR) -> str:
        port = free_port()
        started.append(start_server(home, port, project_dir))
        return f"http://127.0.0.1:{port}"

    yield start
    for server in started:
        server.terminate()
    for server in started:
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def musterstadt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write_musterstadt(home)
    (home / "requests").mkdir()
    (home / "planning").mkdir()
    return home


@pytest.fixture(scope="session")
def dashboard(serve: ServeHome, musterstadt: Path) -> str:
    return serve(musterstadt)


@pytest.fixture(scope="session")
def wandelstadt(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town that its office published; not to be changed."""
    return make_town(tmp_path_factory.mktemp("wandelstadt"))


@pytest.fixture(scope="session")
def wandelstadt_url(serve: ServeHome, wandelstadt: Town) -> str:
    return serve(wandelstadt.home)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_screen(browser: Browser, dashboard: str) -> Iterator[OpenScreen]:
    """Open a page in a browser of its own; afterwards nothing may have left the machine."""
    screens: list[Screen] = []

    def open_(
        path: str = "/",
        width: int = 1400,
        height: int = 900,
        url: str = "",
        has_own_clock: bool = False,
    ) -> Screen:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="de-DE", accept_downloads=True
        )
        screens.append(Screen.on(url or dashboard, context))
        if has_own_clock:
            screens[-1].page.clock.install()
        return screens[-1].open(path)

    yield open_
    for screen in screens:
        screen.context.close()
        assert screen.outside == []
        assert screen.errors == []


@pytest.fixture
def planner(open_screen: OpenScreen, wandelstadt: Town, wandelstadt_url: str) -> Planner:
    before, now = (wandelstadt.release(f"{year}-12-31.1") for year in (2022, 2023))
    return Planner(open_screen("/", url=wandelstadt_url), before, now)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _STARTED_S
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                assert answer.status == 200
                return
        except urllib.error.HTTPError as error:
            assert error.code == 401  # noqa: PT017 - it answers, to those who signed in
            return
        except OSError:  # a busy machine answers late
            time.sleep(0.2)
    raise AssertionError(f"dashboard did not start: {log.read_text(encoding='utf-8')}")
