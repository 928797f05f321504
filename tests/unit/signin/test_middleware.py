"""Who is let in, and whom the inside believes to be there, without any provider."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import Headers
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from atlas.errors import ConfigError
from atlas.signin import Everybody, Person, SignIn, form_token, open_entrance, person_of
from atlas.signin.person import Visitor
from atlas.signin.sessions import Login, Sessions
from atlas.terms import Role

_PROXY = """format = 1
public_url = "https://atlas.stadt.example/sozialatlas"

[proxy]
name_header = "Remote-User"
groups_header = "Remote-Groups"
addresses = ["10.1.2.3", "10.9.0.0/16"]

[roles]
planning = ["planung"]

[cities.nachbarstadt]
office = ["planung"]
"""
_NAMED = [("remote-user", "Änne"), ("remote-groups", "planung, sonst")]
Pairs = Sequence[tuple[str, str]]


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request"}


def _knock(app_of: Any, client: str, headers: Pairs, **scope: Any) -> tuple[Any, list[Any]]:
    """The headers that came through, and what was answered."""
    inside: list[Any] = []
    answered: list[Any] = []

    async def app(scope: Any, _: Any, __: Any) -> None:
        inside.append(Headers(scope=scope))

    async def send(message: Any) -> None:
        answered.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers]
    asked = {"type": "http", "method": "GET", "path": "/", "query_string": b""}
    asked |= {"headers": raw, "client": (client, 5), **scope}
    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, app_of(app)(asked, _nothing, send)).result()
    return (inside[0] if inside else None), answered


@pytest.fixture
def proxied(tmp_path: Path) -> Any:
    (tmp_path / "access.toml").write_text(_PROXY)
    entrance = open_entrance(tmp_path / "access.toml", tmp_path / "sessions")
    return lambda app: SignIn(app, entrance, "sozialatlas")


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ("10.1.2.3", "Änne"),
        ("10.9.255.255", "Änne"),
        ("10.1.2.2", ""),
        ("10.1.2.4", ""),
        ("10.10.0.0", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("unix", ""),
    ],
)
def test_a_proxy_is_believed_from_its_own_address_alone(
    proxied: Any, client: str, expected: str
) -> None:
    headers, _ = _knock(proxied, client, _NAMED)
    person = person_of(headers, "stadt")
    assert person.name == expected
    assert person.has(Role.PLANNING) is bool(expected)
    assert person.identity == expected
    assert person_of(headers, "nachbarstadt").has(Role.OFFICE) is bool(expected)
    assert not person_of(headers, "nachbarstadt").has(Role.PLANNING)


def test_an_address_that_a_request_named_itself_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "access.toml").write_text(_PROXY)
    entrance = open_entrance(tmp_path / "access.toml", tmp_path / "sessions")

    def served(app: Any) -> Any:
        return ProxyHeadersMiddleware(SignIn(app, entrance), trusted_hosts="127.0.0.1")

    headers, _ = _knock(served, "127.0.0.1", [*_NAMED, ("x-forwarded-for", "10.1.2.3")])
    assert person_of(headers) == Person()


def test_of_two_names_none_counts(proxied: Any) -> None:
    headers, _ = _knock(proxied, "10.1.2.3", [*_NAMED, ("remote-user", "otto")])
    assert person_of(headers) == Person()


def test_what_a_reader_says_of_himself_is_stripped(proxied: Any) -> None:
    forged = Visitor("Otto", "otto", {"": frozenset(Role)}).packed().decode()
    pairs = [("x-atlas-person", forged), ("X-ATLAS-PERSON", forged)]
    headers, _ = _knock(proxied, "10.7.7.7", pairs)
    assert person_of(headers) == Person()
    assert len(headers.getlist("x-atlas-person")) == 1
    headers, _ = _knock(lambda app: Everybody(app, [Role.PLANNING]), "10.7.7.7", pairs)
    assert person_of(headers) == Person(roles=frozenset({Role.PLANNING, Role.PUBLIC}))
    assert form_token(headers) == ""


@pytest.mark.parametrize(
    ("accept", "method", "status"),
    [("text/html", "GET", 303), ("*/*", "GET", 401), ("text/html", "POST", 401)],
)
def test_who_has_none_of_the_roles_is_sent_to_the_login(
    tmp_path: Path, accept: str, method: str, status: int
) -> None:
    (tmp_path / "access.toml").write_text(_PROXY)
    entrance = open_entrance(tmp_path / "access.toml", tmp_path / "sessions")

    def guarded(app: Any) -> SignIn:
        return SignIn(app, entrance, "", frozenset({Role.OFFICE}))

    inside, answered = _knock(
        guarded, "10.7.7.7", [("accept", accept)], method=method, path="/freigabe"
    )
    assert inside is None
    assert answered[0]["status"] == status
    inside, answered = _knock(guarded, "10.7.7.7", [], type="websocket")
    assert (inside, answered) == (None, [{"type": "websocket.close", "code": 1008}])
    inside, _ = _knock(guarded, "10.1.2.3", _NAMED)
    assert inside is not None  # office in one city; which, the page decides


def test_who_is_known_without_a_role_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "access.toml").write_text(_PROXY)
    entrance = open_entrance(tmp_path / "access.toml", tmp_path / "sessions")
    named = [("remote-user", "gast"), ("accept", "text/html")]
    inside, answered = _knock(
        lambda app: SignIn(app, entrance, "", frozenset({Role.OFFICE})), "10.1.2.3", named
    )
    assert inside is None
    assert answered[0]["status"] == 403
    assert "keine Rolle" in answered[1]["body"].decode()


def test_over_tls_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    (tmp_path / "access.toml").write_text(_PROXY)
    entrance = open_entrance(tmp_path / "access.toml", tmp_path / "sessions")
    assert entrance.cookie == "__Host-atlas"
    assert entrance.is_secure


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("https://atlas", "http://atlas", "https erwartet|erwartet wird https"),
        ('"10.1.2.3"', '"10.1.2"', "IP-Adresse"),
        ("[proxy]", "[proxi]", "unbekannter Schlüssel"),
        ('planning = ["planung"]', 'planer = ["planung"]', "unbekannter Schlüssel"),
        (
            "[roles]",
            '[provider]\nissuer = "https://a.example"\nclient_id = "a"\n[roles]',
            "entweder provider oder proxy",
        ),
    ],
)
def test_what_is_wrong_in_the_file_is_told(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    (tmp_path / "access.toml").write_text(_PROXY.replace(old, new, 1))
    with pytest.raises(ConfigError, match=told):
        open_entrance(tmp_path / "access.toml", tmp_path / "sessions")


def test_without_the_secret_no_server_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATLAS_OIDC_SECRET", raising=False)
    text = _PROXY.split("[proxy]")[0]
    text += '[provider]\nissuer = "https://a.example"\nclient_id = "a"\n'
    (tmp_path / "access.toml").write_text(text)
    with pytest.raises(ConfigError, match="ATLAS_OIDC_SECRET"):
        open_entrance(tmp_path / "access.toml", tmp_path / "sessions")
    monkeypatch.setenv("ATLAS_OIDC_SECRET", "x")
    assert open_entrance(tmp_path / "access.toml", tmp_path / "sessions").provider is not None


@pytest.mark.parametrize(("after", "lives"), [(59, True), (60, True), (61, False)])
def test_a_session_ends_when_nothing_happens(tmp_path: Path, after: int, lives: bool) -> None:
    clock = [1000.0]
    kept = Sessions(tmp_path, 60, 600, lambda: clock[0])
    key = kept.begin(Login("anna", "Anna", ())).key
    clock[0] += after
    assert (kept.find(key, is_used=False) is not None) is lives


def test_a_session_ends_at_last_however_busy(tmp_path: Path) -> None:
    clock = [1000.0]
    kept = Sessions(tmp_path, 60, 600, lambda: clock[0])
    key = kept.begin(Login("anna", "Anna", ("planung",))).key
    for _ in range(20):
        clock[0] += 30
        found = kept.find(key, is_used=True)
        assert found is not None
        assert found.login.groups == ("planung",)
    clock[0] += 1
    assert kept.find(key, is_used=True) is None


def test_what_somebody_wrote_into_the_file_is_no_session(tmp_path: Path) -> None:
    kept = Sessions(tmp_path, 60, 600)
    one, other = kept.begin(Login("anna", "Anna", ())), kept.begin(Login("otto", "Otto", ()))
    with kept._open() as database:
        database.execute("UPDATE sessions SET sealed = (SELECT max(sealed) FROM sessions)")
    found = [kept.find(key, is_used=False) for key in (one.key, other.key)]
    assert found.count(None) == 1
