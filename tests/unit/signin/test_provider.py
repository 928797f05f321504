"""Tokens as Keycloak and Entra ID write them, and which roles come of them."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx2
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from atlas.config import Provider
from atlas.config.access import Grants
from atlas.signin import provider
from atlas.signin.provider import ProviderClient, SignedOutError, UnnamedGroupsError
from atlas.signin.sessions import Attempt, Login
from atlas.terms import Role

_KEY = RSAKey.generate_key(2048, {"kid": "sig", "use": "sig", "alg": "RS256"})
# Keycloak lists a key for encryption beside the one that signs.
_OTHER = RSAKey.generate_key(2048, {"kid": "enc", "use": "enc", "alg": "RSA-OAEP"})
_ATTEMPT = Attempt("state", "a nonce", "a verifier", "/")
_KEYCLOAK = "https://anmeldung.stadt.example/realms/stadt"
_TENANT = "8b1f0a6e-1111-4222-8333-9d7a0c5e4f21"
_ENTRA = f"https://login.microsoftonline.com/{_TENANT}/v2.0"
_GUID = "3f2a9c1d-aaaa-4bbb-8ccc-0123456789ab"
_OFFICE = frozenset({Role.PUBLIC, Role.OFFICE})

Claims = dict[str, Any]
Provide = Callable[..., ProviderClient]


def keycloak(**more: Any) -> Claims:
    """Claims of Keycloak 26's ID token for the code flow."""
    return {
        "iss": _KEYCLOAK,
        "aud": "sozialatlas",
        "azp": "sozialatlas",
        "typ": "ID",
        "acr": "1",
        "sub": "f6b7a7c2-0000-4000-8000-2f5f1f9e7a10",
        "sid": "c1d2",
        "auth_time": int(time.time()),
        "email_verified": True,
        "name": "Otto Amt",
        "preferred_username": "otto",
        **more,
    }


def entra(**more: Any) -> Claims:
    """Claims of Entra ID's ID token, version 2.0."""
    return {
        "iss": _ENTRA,
        "aud": "sozialatlas",
        "nbf": int(time.time()),
        "tid": _TENANT,
        "oid": "00000000-0000-0000-66f3-3332eca7ea81",
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "uti": "fqiBqXLPj0eQa82S",
        "rh": "0.AXoA",
        "ver": "2.0",
        "name": "Otto Amt",
        "preferred_username": "otto@stadt.example",
        **more,
    }


@pytest.fixture
def provide(monkeypatch: pytest.MonkeyPatch) -> Provide:
    """Make a client of a provider that answers with these claims."""

    def make(
        issuer: str, claims: Claims, claim: str, userinfo: Claims | None
    ) -> ProviderClient:
        def answer(request: httpx2.Request) -> httpx2.Response:
            content: dict[str, Any] = {
                "/keys": KeySet([_KEY, _OTHER]).as_dict(private=False),
                "/userinfo": {"sub": claims["sub"], **(userinfo or {})},
                "/token": {"access_token": "opaque", "token_type": "Bearer"},
            }.get(request.url.path, _metadata(issuer))
            if request.url.path == "/token":
                now = int(time.time())
                told = {**claims, "iat": now, "exp": now + 300}
                if b"authorization_code" in request.content:
                    told["nonce"] = _ATTEMPT.nonce
                content["id_token"] = jwt.encode({"alg": "RS256", "kid": "sig"}, told, _KEY)
                content["refresh_token"] = "0.AXoA"
            return httpx2.Response(200, json=content)

        transport = httpx2.MockTransport(answer)
        open_client = partial(AsyncOAuth2Client, transport=transport)
        monkeypatch.setattr(provider, "AsyncOAuth2Client", open_client)
        config = Provider(issuer=issuer, client_id="sozialatlas", claim=claim)
        return ProviderClient(
            config, "a secret", "https://atlas.stadt.example/anmelden/zurueck"
        )

    return make


def _metadata(issuer: str) -> dict[str, Any]:
    host = "https://anbieter.example"
    return {
        "issuer": issuer,
        "jwks_uri": f"{host}/keys",
        "token_endpoint": f"{host}/token",
        "userinfo_endpoint": f"{host}/userinfo",
    }


def _signed_in(client: ProviderClient) -> Login:
    return asyncio.run(client.redeem("a code", _ATTEMPT))


@pytest.mark.parametrize(
    ("issuer", "claims", "claim", "named"),
    [
        (_KEYCLOAK, keycloak(groups=["/Statistik"]), "groups", "/Statistik"),
        (_KEYCLOAK, keycloak(groups=["/Amt 12/Statistik"]), "groups", "/Amt 12/Statistik"),
        (_KEYCLOAK, keycloak(groups=["Statistik"]), "groups", "Statistik"),
        (
            _KEYCLOAK,
            keycloak(realm_access={"roles": ["offline_access", "atlas-statistik"]}),
            "realm_access.roles",
            "atlas-statistik",
        ),
        (
            _KEYCLOAK,
            keycloak(resource_access={"sozialatlas": {"roles": ["statistik"]}}),
            "resource_access.sozialatlas.roles",
            "statistik",
        ),
        (_ENTRA, entra(roles=["Atlas.Statistik"]), "roles", "Atlas.Statistik"),
        (_ENTRA, entra(groups=[_GUID, _TENANT]), "groups", _GUID),
        (
            _ENTRA,
            entra(roles=["Atlas.Statistik"], _claim_names={"groups": "src1"}),
            "roles",
            "Atlas.Statistik",
        ),
    ],
)
def test_roles_come_of_what_the_provider_names(
    provide: Provide, issuer: str, claims: Claims, claim: str, named: str
) -> None:
    client = provide(issuer, claims, claim, None)
    login = _signed_in(client)
    assert login.name == "Otto Amt"
    assert Grants(office=(named,)).of(frozenset(login.groups)) == _OFFICE
    # Neither a part of the name nor another one is enough.
    others = (named.lstrip("/") if named.startswith("/") else f"/{named}", named.upper())
    assert not set(others) & set(login.groups)
    assert asyncio.run(client.renew(login)).groups == login.groups


def test_what_the_token_does_not_hold_is_asked_for(provide: Provide) -> None:
    """Keycloak's roles of a realm stand in the ID token only if a mapper says so."""
    told = {"realm_access": {"roles": ["atlas-statistik"]}}
    client = provide(_KEYCLOAK, keycloak(), "realm_access.roles", told)
    assert _signed_in(client).groups == ("atlas-statistik",)
    nobody = provide(_KEYCLOAK, keycloak(), "realm_access.roles", {"sub": "somebody", **told})
    assert _signed_in(nobody).groups == ()


@pytest.mark.parametrize(
    "more",
    [
        {
            "_claim_names": {"groups": "src1"},
            "_claim_sources": {"src1": {"endpoint": "https://graph.example/getMemberObjects"}},
        },
        {"hasgroups": True},
    ],
    ids=["distributed", "implicit"],
)
def test_groups_that_are_left_out_for_their_number_are_no_role_but_said(
    provide: Provide, more: Claims
) -> None:
    client = provide(_ENTRA, entra(**more), "groups", None)
    with pytest.raises(UnnamedGroupsError, match="App-Rollen"):
        _signed_in(client)
    before = Login(entra()["sub"], "Otto Amt", (_GUID,), refresh_token="0.AXoA")
    with pytest.raises(SignedOutError):
        asyncio.run(client.renew(before))
