"""The login against a real identity provider, and what attackers try at it."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from atlas.signin import SignIn, open_entrance, person_of
from atlas.signin import sessions as sessions_module
from tests.identity import MISSING, free_port, installed_modules, start_identity
from tests.login import AGENT, Reader, Site

_PEOPLE = {
    "anna": {"name": "Anna Plan", "groups": ["planung"]},
    "otto": {"name": "Otto Amt", "groups": ["statistik", "planung"]},
    "rita": {"name": "Rita Recht", "groups": ["datenschutz"]},
    "gast": {"name": "Gast", "groups": []},
}


async def _who(request: Request) -> JSONResponse:
    person = person_of(request.headers, request.path_params["city"])
    return JSONResponse(
        {"name": person.name, "subject": person.subject, "roles": sorted(person.roles)}
    )


async def _talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(person_of(socket.headers).name)
    while (await socket.receive())["type"] != "websocket.disconnect":
        await socket.send_text("?")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    modules = installed_modules()
    if modules is None:
        pytest.skip(MISSING)
    directory, port = tmp_path_factory.mktemp("signin"), free_port()
    url = f"http://127.0.0.1:{port}"
    client = {
        "client_id": "atlas",
        "client_secret": "a-secret-of-the-tests-0123456789",
        "redirect_uris": [f"{url}/anmelden/zurueck"],
        "post_logout_redirect_uris": [f"{url}/"],
        "backchannel_logout_uri": f"{url}/abmelden/vom-anbieter",
    }
    other = {**client, "client_id": "fremd"}
    identity = start_identity(modules, [client, other], directory / "provider.log")
    identity.tell(people=_PEOPLE, fault={})
    (directory / "secret").write_text(client["client_secret"])
    (directory / "access.toml").write_text(
        f'''format = 1
public_url = "{url}"
idle_minutes = 1

[provider]
issuer = "{identity.issuer}"
client_id = "atlas"
secret_file = "{directory}/secret"

[roles]
planning = ["planung"]
office = ["statistik"]
auditor = ["datenschutz"]

[cities.nachbarstadt]
planning = ["nachbarn"]
'''
    )
    app = Starlette(routes=[Route("/wer/{city}", _who), WebSocketRoute("/rede", _talk)])
    entrance = open_entrance(directory / "access.toml", directory / "sessions")
    server = uvicorn.Server(
        uvicorn.Config(SignIn(app, entrance), "127.0.0.1", port, log_level="warning")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Site(url, identity, directory)
    server.should_exit = True
    thread.join()
    identity.stop()


@pytest.fixture(autouse=True)
def _as_usual(site: Site) -> Iterator[None]:
    yield
    site.identity.tell(people=_PEOPLE, fault={}, next="")


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider is asked at every look."""
    monkeypatch.setattr(sessions_module, "CHECKED_EVERY", 0.2)
    monkeypatch.setattr(sessions_module, "TRUSTED_FOR", 2.0)


def test_who_signs_in_has_the_roles_of_the_groups(site: Site) -> None:
    reader = site.reader()
    assert reader.who() == {"name": "", "subject": "", "roles": ["public"]}
    answer = reader.sign_in("anna")
    assert answer.json() == {
        "name": "Anna Plan",
        "subject": "anna",
        "roles": ["planning", "public"],
    }
    assert site.reader().who()["roles"] == ["public"]


def test_two_cities_have_their_own_roles(site: Site) -> None:
    reader = site.reader()
    reader.sign_in("otto")
    assert reader.who("stadt")["roles"] == ["office", "planning", "public"]
    assert reader.who("nachbarstadt")["roles"] == ["public"]


@pytest.mark.parametrize(
    "fault",
    [
        {"claims": {"aud": "fremd"}},
        {"claims": {"aud": "fremd", "azp": "atlas"}},
        {"claims": {"aud": ["fremd", "noch eine"]}},
        {"claims": {"iss": "http://127.0.0.1:1"}},
        {"claims": {"exp": 1_000_000_000}},
        {"claims": {"nonce": "another"}},
        {"claims": {"iat": 99_999_999_999}},
        {"isForged": True},
        {"isUnsigned": True},
    ],
    ids=json.dumps,
)
def test_a_token_that_is_not_for_here_and_now_is_refused(site: Site, fault: Any) -> None:
    site.identity.tell(fault=fault)
    reader = site.reader()
    answer = reader.sign_in("anna")
    assert answer.status_code == 403
    assert "nicht bestätigt" in answer.text
    assert reader.who()["roles"] == ["public"]


def test_an_answer_counts_once_and_only_in_its_own_browser(site: Site) -> None:
    reader, other = site.reader(), site.reader()
    url = reader.answer_of_provider("anna")
    # Login CSRF: somebody else's answer, put into another browser.
    assert other.client.get(url).status_code == 403
    other.open(f"{site.url}/anmelden", until=lambda one: "127.0.0.1" in one and "/auth" in one)
    assert other.client.get(url).status_code == 403
    assert other.who()["name"] == ""
    assert reader.client.get(url).status_code == 303
    assert reader.who()["name"] == "Anna Plan"
    assert reader.client.get(url).status_code == 403


def test_an_answer_of_another_provider_is_refused(site: Site) -> None:
    reader = site.reader()
    url = reader.answer_of_provider("anna")
    assert "iss=" in url
    query = {key: one[0] for key, one in parse_qs(urlsplit(url).query).items()}
    foreign = urlencode({**query, "iss": "https://anderswo.example"})
    assert reader.client.get(f"{site.url}/anmelden/zurueck?{foreign}").status_code == 403
    without = urlencode({key: one for key, one in query.items() if key != "iss"})
    reader.answer_of_provider("anna")
    assert reader.client.get(f"{site.url}/anmelden/zurueck?{without}").status_code == 403


def test_a_session_that_was_laid_out_before_is_not_taken_over(site: Site) -> None:
    reader, attacker = site.reader(), site.reader()
    attacker.sign_in("gast")
    fixed = attacker.session
    reader.client.cookies.set(site.cookie, fixed, domain="127.0.0.1")
    reader.sign_in("anna")
    assert reader.session != fixed
    assert reader.who()["name"] == "Anna Plan"
    assert attacker.who()["name"] == ""


@pytest.mark.parametrize("value", ["", "x", "0" * 43, "../../x", "ä", "a" * 5000])
def test_a_forged_cookie_is_nobody(site: Site, value: str) -> None:
    reader = site.reader()
    reader.sign_in("anna")
    forged = site.reader()
    answer = forged.client.get(
        f"{site.url}/wer/stadt", headers=[(b"cookie", f"{site.cookie}={value}".encode())]
    )
    assert answer.json()["roles"] == ["public"]


def test_a_stolen_cookie_ends_the_session_of_both(site: Site) -> None:
    reader, thief = site.reader(), site.reader("curl of the tests")
    reader.sign_in("anna")
    thief.client.cookies.set(site.cookie, reader.session)
    assert thief.who()["name"] == ""
    assert reader.who()["name"] == ""


def test_the_file_of_sessions_holds_no_key_and_no_name(site: Site) -> None:
    reader = site.reader()
    reader.sign_in("anna")
    content = b"".join(one.read_bytes() for one in (site.directory / "sessions").iterdir())
    for told in (reader.session, "Anna", "anna", "planung"):
        assert told.encode() not in content
    assert {one.stat().st_mode & 0o077 for one in (site.directory / "sessions").iterdir()} == {
        0
    }


def test_a_header_from_outside_counts_nothing(site: Site) -> None:
    reader = site.reader()
    reader.sign_in("otto")
    assert reader.who(**{"x-atlas-person": "e30="})["name"] == "Otto Amt"
    assert site.reader().who(**{"X-Atlas-Person": "e30="})["roles"] == ["public"]


@pytest.mark.parametrize(
    "back",
    [
        "https://anderswo.example/",
        "//anderswo.example/",
        "/\\anderswo.example",
        "\\\\anderswo.example",
        "/\t/anderswo.example",
        "javascript:alert(1)",
        "http:anderswo.example",
        "@anderswo.example",
        "",
    ],
)
def test_the_way_back_leads_nowhere_else(site: Site, back: str) -> None:
    reader = site.reader()
    answer = reader.sign_in("anna", back)
    assert urlsplit(str(answer.url)).netloc == urlsplit(site.url).netloc
    assert answer.url.path == "/"


def test_the_way_back_is_kept(site: Site) -> None:
    answer = site.reader().sign_in("anna", "/wer/nachbarstadt?a=1")
    assert str(answer.url) == f"{site.url}/wer/nachbarstadt?a=1"


@pytest.mark.usefixtures("eager")
def test_who_is_revoked_is_out_and_an_open_websocket_closed(site: Site) -> None:
    reader = site.reader()
    reader.sign_in("anna")
    with _socket(reader) as socket:
        assert socket.recv(timeout=5) == "Anna Plan"
        site.identity.tell(people={**_PEOPLE, "anna": {"revoked": True}})
        began = time.monotonic()
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert time.monotonic() - began < 10
    assert reader.who()["name"] == ""


@pytest.mark.usefixtures("eager")
def test_who_loses_a_group_loses_the_role(site: Site) -> None:
    reader = site.reader()
    reader.sign_in("otto")
    with _socket(reader) as socket:
        socket.recv(timeout=5)
        site.identity.tell(people={**_PEOPLE, "otto": {"name": "Otto Amt", "groups": []}})
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)
    time.sleep(0.3)
    assert reader.who() == {"name": "Otto Amt", "subject": "otto", "roles": ["public"]}


@pytest.mark.usefixtures("eager")
def test_many_requests_at_once_ask_the_provider_once(site: Site) -> None:
    reader = site.reader()
    reader.sign_in("anna")
    time.sleep(0.3)
    before = site.identity.tell()["asked"]

    async def ask() -> list[Any]:
        async with httpx2.AsyncClient(trust_env=False, cookies=reader.client.cookies) as client:
            headers = {"user-agent": AGENT}
            url = f"{site.url}/wer/stadt"
            return await asyncio.gather(*(client.get(url, headers=headers) for _ in range(20)))

    answers = asyncio.run(ask())
    assert {one.json()["name"] for one in answers} == {"Anna Plan"}
    assert site.identity.tell()["asked"] - before <= 2


@pytest.mark.usefixtures("eager")
def test_a_provider_that_is_silent_lets_nobody_stay_for_long(site: Site) -> None:
    reader = site.reader()
    reader.sign_in("anna")
    site.identity.tell(fault={"isDown": True})
    time.sleep(0.5)
    assert reader.who()["name"] == "Anna Plan"
    time.sleep(2.0)
    assert reader.who()["name"] == ""
    site.identity.tell(fault={})


def test_signing_out_ends_it_on_every_machine(site: Site) -> None:
    here, there = site.reader(), site.reader("Chromium of the tests")
    here.sign_in("anna")
    there.sign_in("anna")
    with _socket(there) as socket:
        socket.recv(timeout=5)
        page = here.client.get(f"{site.url}/abmelden").text
        # A page of somebody else's cannot sign a reader out.
        assert here.client.post(f"{site.url}/abmelden").status_code == 403
        wrong = here.client.post(f"{site.url}/abmelden", data={"marke": "x" * 64})
        assert wrong.status_code == 403
        mark = page.split('name="marke" value="')[1].split('"')[0]
        done = here.client.post(f"{site.url}/abmelden", data={"marke": mark})
        assert done.status_code == 303
        assert done.headers["location"].startswith(site.identity.issuer)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)
    assert here.who()["name"] == there.who()["name"] == ""


def test_signing_out_at_the_provider_ends_it_here(site: Site) -> None:
    reader = site.reader()
    reader.sign_in("anna")
    page = reader.client.get(f"{site.identity.issuer}/session/end")
    secret = page.text.split('name="xsrf" value="')[1].split('"')[0]
    reader.client.post(
        f"{site.identity.issuer}/session/end/confirm", data={"xsrf": secret, "logout": "yes"}
    )
    assert reader.who()["name"] == ""


@pytest.mark.parametrize("token", ["", "x", "e30.e30.e30"])
def test_a_forged_word_of_the_provider_signs_nobody_out(site: Site, token: str) -> None:
    reader = site.reader()
    reader.sign_in("anna")
    answer = reader.client.post(
        f"{site.url}/abmelden/vom-anbieter", data={"logout_token": token}
    )
    assert answer.status_code == 400
    assert reader.who()["name"] == "Anna Plan"


def _socket(reader: Reader) -> Any:
    cookies = "; ".join(f"{key}={one}" for key, one in reader.client.cookies.items())
    return connect(
        reader.site.url.replace("http", "ws") + "/rede",
        additional_headers={"cookie": cookies},
        user_agent_header=reader.client.headers["user-agent"],
        proxy=None,
    )
