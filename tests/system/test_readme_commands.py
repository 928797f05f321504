"""The commands of README.md, run as they stand there."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from atlas.release import open_release
from tests.command import PROJECT_DIR, files_below
from tests.docs.markdown import commands

README_PATH = PROJECT_DIR / "README.md"
_START_SECONDS = 300


@dataclass(frozen=True)
class Demo:
    """A directory in which the demo of Wuppertal has been started and stopped."""

    directory: Path
    printed: str
    page: bytes

    @property
    def home(self) -> Path:
        return self.directory / "var"


def _run(line: str, directory: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=directory,
        env={**kept, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answer(url: str, server: subprocess.Popen[str]) -> bytes:
    end = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bytes(answer.read())
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    return b""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Looks like the project to a command of the README; ``var`` is its own."""
    path = tmp_path_factory.mktemp("clone")
    for name in ("scripts", ".venv"):
        (path / name).symlink_to(PROJECT_DIR / name)
    return path


@pytest.fixture(scope="module")
def demo(directory: Path) -> Demo:
    """The first command of the README, with its dashboard on a free port."""
    port = _free_port()
    (line,) = [one for one in commands(README_PATH) if one == "scripts/demo"]
    server = subprocess.Popen(
        [*line.split(), "--port", str(port)],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    page = _answer(f"http://localhost:{port}", server)
    os.killpg(server.pid, signal.SIGTERM)
    printed, problems = server.communicate(timeout=30)
    assert page, problems
    return Demo(directory, printed, page)


def test_readme_has_the_two_commands_and_the_rerun() -> None:
    lines = commands(README_PATH)
    assert lines[:2] == ["scripts/demo", "scripts/test"]
    assert "mv var/spaeter/* var/inbox/ && .venv/bin/atlas run" in lines
    ci = (PROJECT_DIR / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert [line for line in ci if not line.startswith("#")] == [
        'exec "$(dirname "$0")/../scripts/test"'
    ]


def test_demo_publishes_four_dates_and_serves_them(demo: Demo) -> None:
    assert b'<html lang="de"' in demo.page
    releases = demo.home / "releases/wuppertal"
    years = {"2021", "2022", "2023", "2024"}
    assert {path.name[:4] for path in releases.glob("*-12-31.1")} == years
    states = {
        year: open_release(releases / f"{year}-12-31.1").info.state for year in sorted(years)
    }
    assert states == {"2021": "final", "2022": "final", "2023": "final", "2024": "provisional"}


def test_second_call_reuses_everything(demo: Demo) -> None:
    before = {name: path.stat().st_mtime_ns for name, path in _generated(demo.home)}
    again = _run("scripts/demo --no-serve", demo.directory)
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("Nichts Neues")
    assert {name: path.stat().st_mtime_ns for name, path in _generated(demo.home)} == before


def test_printed_command_is_the_one_of_the_readme(demo: Demo) -> None:
    (line,) = [one for one in demo.printed.splitlines() if one.strip().startswith("mv ")]
    parts = line.split()
    assert Path(parts[1]).parent.resolve() == (demo.home / "spaeter").resolve()
    assert Path(parts[2]).resolve() == (demo.home / "inbox").resolve()
    assert parts[3] == "&&"
    assert Path(parts[4]).samefile(PROJECT_DIR / ".venv/bin/atlas")
    assert parts[5] == "run"


def test_rerun_makes_the_provisional_date_final(demo: Demo) -> None:
    (line,) = [one for one in commands(README_PATH) if one.startswith("mv ")]
    first = files_below(demo.home / "releases/wuppertal/2024-12-31.1")
    done = _run(line, demo.directory)
    assert done.returncode == 0, done.stderr
    assert "2024-12-31.2" in done.stdout
    release = open_release(demo.home / "releases/wuppertal/2024-12-31.2")
    assert release.info.state == "final"
    assert release.info.supersedes == "2024-12-31.1"
    assert files_below(demo.home / "releases/wuppertal/2024-12-31.1") == first


@pytest.mark.parametrize("city", ["flensburg", "berlin"])
def test_other_cities_are_published(city: str, directory: Path) -> None:
    (line,) = [one for one in commands(README_PATH) if f"--city {city}" in one]
    done = _run(line, directory)
    assert done.returncode == 0, done.stderr
    assert list((directory / "var/releases" / city).glob("*.1/datapackage.json"))


def _generated(home: Path) -> list[tuple[str, Path]]:
    places = [home / "geodata", home / "spaeter", *(home / "releases/wuppertal").glob("*.1")]
    return [(str(one), one) for place in places for one in sorted(place.rglob("*"))]
