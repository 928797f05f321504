"""The desk's image without a container engine: its files, its lock, its command, every page."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus

from atlas.confidential.desk import Desk
from atlas.desk.pages import PAGES
from tests.architecture.test_project_files import pins_of
from tests.command import PROJECT_DIR, files_below
from tests.identity import free_port
from tests.server import ended
from tests.system.dockerfile import Stage, copy_files, read_stages, with_packages
from tests.town_office import make_office, put
from tests.wire_reader import fetch, wire_reader

_STARTED_S = 120
_ROLES = ("office", "auditor", "planning", "public")


@dataclass(frozen=True)
class Running:
    """The unpacked image at work."""

    url: str
    stage: Stage
    app_dir: Path
    office: Desk


def _who(role: str) -> dict[str, str]:
    return {} if role == "public" else {"Remote-User": f"die {role}", "Remote-Groups": role}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """What the Dockerfile copies, started as it says, behind a proxy that vouches."""
    root, port = tmp_path_factory.mktemp("desk_image"), free_port()
    stage = read_stages(PROJECT_DIR / "Dockerfile")["desk"]
    copy_files(stage, PROJECT_DIR, root / "app")
    office = make_office(root / "office")
    put(office, "notiz.txt", "wer weiß")
    roles = "\n".join(f'{role} = ["{role}"]' for role in _ROLES[:-1])
    (root / "access.toml").write_text(
        f'format = 1\npublic_url = "http://127.0.0.1:{port}"\n[proxy]\n'
        'name_header = "Remote-User"\ngroups_header = "Remote-Groups"\n'
        f'addresses = ["127.0.0.1"]\n[roles]\n{roles}\n'
    )
    changes = {"8502": str(port), "0.0.0.0": "127.0.0.1", "python": sys.executable}
    command = [*stage.command("ENTRYPOINT"), *stage.command("CMD")]
    environment = {
        **stage.environment(),
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        **with_packages(pins_of("requirements.lock"), root / "lock"),
        "ATLAS_HOME": str(office.home.root),
        "ATLAS_CITY": str(office.city_dir),
        "ATLAS_ACCESS": str(root / "access.toml"),
    }
    server = subprocess.Popen(
        [changes.get(part, part) for part in command],
        cwd=root / "app",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(root / "log").open("wb"),
    )
    try:
        _wait_for(port, server, root / "log")
        yield Running(f"http://127.0.0.1:{port}", stage, root / "app", office)
    finally:
        ended(server)


def test_image_is_healthy_and_writes_nothing_beside_the_data(desk: Running) -> None:
    port = desk.url.rsplit(":", 1)[1]
    check = [part.replace("8502", port) for part in desk.stage.command("HEALTHCHECK")]
    before = files_below(desk.app_dir)
    assert subprocess.run([sys.executable, *check[1:]], check=False).returncode == 0
    assert fetch(desk.url, "/", _who("office")).status_code == 200
    assert files_below(desk.app_dir) == before


def test_every_page_is_drawn_with_the_packages_of_the_lock(desk: Running) -> None:
    with wire_reader(desk.url, _who("office")) as reader:
        for title, path, _ in PAGES:
            frames = reader.open(path).frames
            drawn = [ForwardMsg.FromString(one).delta.new_element for one in frames]
            kinds = [one.WhichOneof("type") for one in drawn]
            assert title in [one.heading.body for one in drawn], title
            assert "exception" not in kinds, title
            assert len(kinds) > 5, title


@pytest.mark.parametrize("role", _ROLES)
def test_who_has_no_role_here_learns_nothing(desk: Running, role: str) -> None:
    is_in = role in ("office", "auditor")
    addresses = [f"/{path}" for _, path, _ in PAGES]
    addresses += [
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/metrics",
        "/teile/0/page.js",
    ]
    for address in addresses:
        answer = fetch(desk.url, address, _who(role))
        assert (answer.status_code in (401, 403)) is not is_in, address
        assert is_in or "notiz.txt" not in answer.text
    refused = nullcontext() if is_in else pytest.raises(InvalidStatus)
    with refused, wire_reader(desk.url, _who(role)) as reader:
        assert b"notiz.txt" in b"".join(reader.open("").frames)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://boese.example"}, {"Origin": "null"}, {"Host": "boese.example"}],
    ids=["origin", "null", "host"],
)
def test_no_other_page_acts_with_the_login_of_an_office(
    desk: Running, headers: dict[str, str]
) -> None:
    """Whatever the desk does it does over its websocket: that is where forgery would knock."""
    for address in ("/", "/_stcore/health", "/_stcore/upload_file/x/y"):
        assert fetch(desk.url, address, {**_who("office"), **headers}).status_code == 403
    port = int(desk.url.rsplit(":", 1)[1])
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    asked = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": "streamlit",
    }
    line.request("GET", "/_stcore/stream", headers={**asked, **_who("office"), **headers})
    assert line.getresponse().status == 403
    line.close()


@pytest.mark.parametrize("announced", ["600000000", "-1", "viel"])
def test_an_upload_that_is_too_large_does_not_arrive(desk: Running, announced: str) -> None:
    line = HTTPConnection("127.0.0.1", int(desk.url.rsplit(":", 1)[1]), timeout=30)
    line.putrequest("PUT", "/_stcore/upload_file/x/y")
    for name, value in {**_who("office"), "Content-Length": announced}.items():
        line.putheader(name, value)
    line.endheaders()
    # What is no number the server itself refuses.
    assert line.getresponse().status in ((413,) if announced.isdigit() else (400, 413))
    line.close()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _STARTED_S
    while server.poll() is None and time.monotonic() < end:
        try:
            line = HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/_stcore/health")
            if line.getresponse().status in (200, 401):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(log.read_text(encoding="utf-8"))
