"""The dashboard's image without a container engine: its files, its packages, its command.

What the Dockerfile copies goes into an empty directory, what it installs into an empty
environment, and the server starts as it says, on releases alone.
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import PROJECT_DIR, files_below
from tests.system.dockerfile import Stage, copy_files, read_stages

_START_SECONDS = 60
_RENDER = """
import json, pathlib, re, sys
from streamlit.testing.v1 import AppTest
sys.path.insert(0, "")
script = re.search(r'"(atlas/.+?[.]py)"', pathlib.Path("app.py").read_text())[1]
page = AppTest.from_file(str(pathlib.Path(script).resolve()), default_timeout=60).run()
html = " ".join(one.proto.body for one in page.get("html"))
print(json.dumps({"errors": [one.message for one in page.exception], "html": html}))
"""

_ASK_INTERFACE = """
import os, pathlib, uvicorn
from starlette.testclient import TestClient
from atlas.publication.api import __main__
from atlas.publication.api.server import Setting, make_app
app = make_app(Setting(pathlib.Path(os.environ["ATLAS_HOME"], "releases", "flensburg")))
print(TestClient(app, base_url="http://localhost:8503").get("/collections").json())
"""


@dataclass(frozen=True)
class Image:
    """The unpacked image: program files, Python environment, data directory."""

    stage: Stage
    app_dir: Path
    bin_dir: Path
    home: Path

    def environment(self) -> dict[str, str]:
        """Variables of a process in the container."""
        return {
            **self.stage.environment(),
            "ATLAS_HOME": str(self.home),
            "ATLAS_CITY": "flensburg",
            "HOME": str(self.home.parent),
            "PATH": f"{self.bin_dir}:{os.environ['PATH']}",
        }

    def run(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run Python code in the image."""
        return subprocess.run(
            [self.bin_dir / "python", "-c", code],
            cwd=self.app_dir,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, flensburg_home: Path) -> Image:
    """The dashboard's image, built by hand, with the releases of Flensburg and nothing else."""
    root = tmp_path_factory.mktemp("dashboard_image")
    stage = read_stages(PROJECT_DIR / "Dockerfile")["dashboard"]
    home = root / "data"
    copy_files(stage, PROJECT_DIR, root / "app")
    shutil.copytree(flensburg_home / "releases", home / "releases")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / "venv"], check=True)
    (install,) = [line for line in stage.all_of("RUN") if line.startswith("pip install")]
    arguments = [part for part in shlex.split(install)[1:] if part != "--no-cache-dir"]
    pip = [sys.executable, "-m", "pip", "--python", root / "venv/bin/python", "-qq"]
    subprocess.run([*pip, *arguments], cwd=root / "app", check=True, stdin=subprocess.DEVNULL)
    return Image(stage, root / "app", root / "venv" / "bin", home)


@pytest.fixture(scope="module")
def address(image: Image) -> Iterator[str]:
    """Address of the server that the image's CMD starts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    changes = {"8501": port, "0.0.0.0": "127.0.0.1"}
    program, *arguments = (changes.get(part, part) for part in image.stage.command("CMD"))
    server = subprocess.Popen(
        [image.bin_dir / program, *arguments],
        cwd=image.app_dir,
        env=image.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/_stcore/health", server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_image_holds_no_confidential_zone(image: Image) -> None:
    files = files_below(image.app_dir)
    assert "atlas/publication/dashboard/main.py" in files
    assert ".streamlit/config.toml" in files
    assert not [name for name in files if name.startswith(("atlas/confidential", "atlas/demo"))]
    for package in ("atlas.confidential", "atlas.demo", "duckdb", "ibis", "scipy"):
        assert "ModuleNotFoundError" in image.run(f"import {package}").stderr


def test_server_is_healthy_and_serves_the_page(image: Image, address: str) -> None:
    port = address.rsplit(":", 1)[1]
    check = [part.replace("8501", port) for part in image.stage.command("HEALTHCHECK")]
    environment = image.environment()
    healthy = subprocess.run(check, env=environment, cwd=image.app_dir, check=False)
    assert healthy.returncode == 0
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.status == 200
        assert b'<html lang="de"' in answer.read()


def test_server_hands_out_the_boundaries_of_a_release(image: Image, address: str) -> None:
    (path,) = (image.home / "releases/flensburg/2021-12-31.1/map").glob("quartier.*.json")
    url = f"{address}/karte/flensburg/2021-12-31.1/{path.name}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert len(json.load(answer)["features"]) == 13


def test_page_renders_without_office_or_confidential_directory(image: Image) -> None:
    assert not (image.home / "confidential").exists()
    done = image.run(_RENDER)
    assert done.returncode == 0, done.stderr
    page = json.loads(done.stdout.splitlines()[-1])
    assert page["errors"] == []
    assert "Sozialatlas Flensburg" in page["html"]
    assert "Veröffentlichung 2022-12-31.1" in page["html"]


def test_interface_answers_without_the_confidential_zone(image: Image) -> None:
    done = image.run(_ASK_INTERFACE)
    assert done.returncode == 0, done.stderr
    assert "'itemType': 'feature'" in done.stdout
    assert "quartier-2021-12-31" in done.stdout


def test_serving_writes_below_the_data_directory_alone(image: Image, address: str) -> None:
    before = files_below(image.app_dir)
    assert image.run(_RENDER).returncode == 0
    with urllib.request.urlopen(address, timeout=10) as answer:
        answer.read()
    assert files_below(image.app_dir) == before
    written = {path.name for path in image.home.iterdir()}
    assert written <= {"releases", "planning", "requests"}


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"no answer from {url} within {_START_SECONDS} s")
