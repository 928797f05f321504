"""The documented recipe for nginx, below a path of its own, with a real nginx."""

import time
from collections.abc import Iterator

import httpx2
import pytest

from tests import leak_town
from tests.identity import free_port
from tests.nginx import MISSING, nginx_program, start_nginx
from tests.server import ended, start_dashboard
from tests.wire_reader import fetch, wire_reader


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """Through a proxy that vouches for nobody, through one that does, and directly."""
    program = nginx_program()
    if program is None:
        pytest.skip(MISSING)
    home = tmp_path_factory.mktemp("nginx")
    ports = plain, named, inside = free_port(), free_port(), free_port()
    leak_town.write_town(home / "releases", "cell")
    (home / "access.toml").write_text(
        f'format = 1\npublic_url = "http://127.0.0.1:{plain}/sozialatlas"\n[proxy]\n'
        'name_header = "Remote-User"\ngroups_header = "Remote-Groups"\n'
        'addresses = ["127.0.0.1"]\n[roles]\nplanning = ["planung"]\n'
    )
    started = [
        start_dashboard(
            home,
            inside,
            ATLAS_ACCESS=str(home / "access.toml"),
            STREAMLIT_SERVER_BASE_URL_PATH="sozialatlas",
        )
    ]
    try:
        for port, user in ((plain, ""), (named, "planung")):
            (home / str(port)).mkdir()
            started.append(start_nginx(program, home / str(port), port, (inside,), user))
        a, b, c = (f"http://127.0.0.1:{port}/sozialatlas" for port in ports)
        yield a, b, c
    finally:
        for one in started:
            ended(one)


def test_pages_and_websocket_work_below_the_path(urls: tuple[str, str, str]) -> None:
    plain, named, _ = urls
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


def test_a_reader_names_nobody_through_the_proxy(urls: tuple[str, str, str]) -> None:
    plain, named, _ = urls
    forged = {"Remote-User": "otto", "Remote-Groups": "planung", "X-Forwarded-For": "10.0.0.1"}
    assert fetch(plain, "/planung", forged).status_code == 404
    # The proxy is believed by its own address, whatever a reader says of others.
    assert fetch(named, "/planung", {"X-Forwarded-For": "10.0.0.1"}).status_code == 200


def test_a_foreign_page_is_refused_at_once(urls: tuple[str, str, str]) -> None:
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


def test_a_body_that_is_too_large_does_not_arrive(urls: tuple[str, str, str]) -> None:
    with httpx2.Client(trust_env=False) as client:
        url = f"{urls[0]}/_stcore/upload_file/x/y"
        assert client.put(url, content=b"x" * (7 << 20)).status_code == 413
