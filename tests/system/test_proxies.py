"""The documented recipes for proxies, below a path, with a real nginx and a real Apache."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import yaml

from tests import apache, leak_town, nginx
from tests.command import PROJECT_DIR
from tests.identity import free_port
from tests.server import ended, start_dashboard
from tests.wire_reader import fetch, wire_reader


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Port of a dashboard that believes proxies of this machine."""
    home, port = tmp_path_factory.mktemp("proxies"), free_port()
    leak_town.write_town(home / "releases", "cell")
    (home / "access.toml").write_text(
        'format = 1\npublic_url = "http://127.0.0.1/sozialatlas"\n[proxy]\n'
        'name_header = "Remote-User"\ngroups_header = "Remote-Groups"\n'
        'addresses = ["127.0.0.1"]\n[roles]\nplanning = ["planung"]\n'
    )
    server = start_dashboard(
        home,
        port,
        ATLAS_ACCESS=str(home / "access.toml"),
        STREAMLIT_SERVER_BASE_URL_PATH="sozialatlas",
    )
    yield port
    ended(server)


@pytest.fixture(scope="module", params=["nginx", "apache"])
def urls(
    request: pytest.FixtureRequest, inside: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Through a proxy that vouches for nobody, and through one that does."""
    started, found = list[subprocess.Popen[bytes]](), list[str]()
    try:
        for user in ("", "planung"):
            directory, port = tmp_path_factory.mktemp(request.param), free_port()
            started.append(_start(request.param, directory, (port, inside), user))
            found.append(f"http://127.0.0.1:{port}/sozialatlas")
        yield found[0], found[1]
    finally:
        for one in started:
            ended(one)


def _start(
    name: str, directory: Path, ports: tuple[int, int], user: str
) -> subprocess.Popen[bytes]:
    port, inside = ports
    if name == "nginx":
        if (program := nginx.nginx_program()) is None:
            pytest.skip(nginx.MISSING)
        return nginx.start_nginx(program, directory, port, (inside,), user)
    if (program := apache.apache_program()) is None:
        pytest.skip(apache.MISSING)
    return apache.start_apache(program, directory, port, inside, user)


def test_pages_and_websocket_work_below_the_path(urls: tuple[str, str]) -> None:
    plain, named = urls
    for url, is_planner in ((plain, False), (named, True)):
        assert fetch(url, "/tabellen", {}).status_code == 200
        with wire_reader(url, {}) as reader:
            seen = reader.open("tabellen", "ebene=block")
            assert len(seen.offered) > 10
            assert (b"Q1B1" in b"".join(seen.frames)) is is_planner
            file = reader.press(next(iter(seen.offered.values())))
            assert fetch(url, file, {}).status_code == 200
        missing = fetch(url, "/planung", {}).status_code
        assert missing == (200 if is_planner else 404)


def test_a_reader_names_nobody_through_the_proxy(urls: tuple[str, str]) -> None:
    plain, named = urls
    forged = {"Remote-User": "otto", "Remote-Groups": "planung", "X-Forwarded-For": "10.0.0.1"}
    assert fetch(plain, "/planung", forged).status_code == 404
    # The proxy is believed by its own address, whatever a reader says of others.
    assert fetch(named, "/planung", {"X-Forwarded-For": "10.0.0.1"}).status_code == 200


def test_a_foreign_page_is_refused_at_once(urls: tuple[str, str]) -> None:
    plain = urls[0]
    for headers in (
        {"Origin": "https://boese.example"},
        {"Host": "boese.example"},
        {"Origin": "null"},
    ):
        began = time.monotonic()
        answer = fetch(plain, "/_stcore/health", headers)
        assert answer.status_code == 403
        assert time.monotonic() - began < 2  # asks nobody outside, who would not answer
    assert fetch(plain, "/_stcore/health", {}).status_code == 200


def test_a_body_that_is_too_large_does_not_arrive(urls: tuple[str, str]) -> None:
    with httpx2.Client(trust_env=False) as client:
        url = f"{urls[0]}/_stcore/upload_file/x/y"
        assert client.put(url, content=b"x" * (7 << 20)).status_code == 413


def test_the_recipe_for_traefik_names_what_it_defines() -> None:
    """Not tried with a Traefik: what can be said of it without one."""
    page = (PROJECT_DIR / "docs" / "betrieb.md").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"```yaml\n# Traefik.*?\n(.*?)```", page, re.DOTALL)
    http = yaml.safe_load(recipe)["http"]
    (router,) = http["routers"].values()
    assert router["service"] in http["services"]
    assert set(router["middlewares"]) <= set(http["middlewares"])
    headers = http["middlewares"]["ohne-namen"]["headers"]["customRequestHeaders"]
    assert headers == {"Remote-User": "", "Remote-Groups": ""}
