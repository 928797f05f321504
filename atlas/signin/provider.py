"""The identity provider of the house: where it is asked, how it is asked, what it answered.

Nobody else is ever asked: no proxy of the environment is used, no redirect is followed.
"""

import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from atlas.config import Provider
from atlas.errors import AtlasError
from atlas.signin.sessions import Attempt, Login
from atlas.signin.tokens import Claims, NotSignedError, id_claims, logout_marks

_WAIT = 5.0
_KNOWN_FOR = 3600
_KEYS_ASKED_EVERY = 10
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class UnreachableError(AtlasError):
    """The provider gives no answer that one could use."""


class SignedOutError(AtlasError):
    """The provider no longer vouches for the person."""


class UnnamedGroupsError(NotSignedError):
    """The provider leaves out the groups of somebody who is in too many."""


class ProviderClient:
    """One provider, asked as one client."""

    def __init__(self, config: Provider, secret: str, redirect_url: str) -> None:
        self._config, self._secret, self._redirect = config, secret, redirect_url
        self._tls = ssl.create_default_context()
        self._metadata: dict[str, Any] = {}
        self._known_at = 0.0
        self._keys: KeySet | None = None
        self._keys_at = 0.0

    async def login_url(self, attempt: Attempt) -> str:
        """Address at the provider where a login begins."""
        url = await self._endpoint("authorization_endpoint")
        async with self._client() as client:
            address, _ = client.create_authorization_url(
                url, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(address)

    async def redeem(self, code: str, attempt: Attempt) -> Login:
        """Exchange the code of a login for what the provider says of the person."""
        url = await self._endpoint("token_endpoint")
        async with self._client() as client:
            token = await client.fetch_token(
                url, code=code, code_verifier=attempt.verifier, grant_type="authorization_code"
            )
        claims = await self._claims(token, attempt.nonce)
        return self._login(claims, token, {})

    async def renew(self, login: Login) -> Login:
        """Ask again: the same person, still there, in which groups now.

        Raises
        ------
        SignedOutError
            If the provider says no, or names somebody else.
        UnreachableError
            If it says nothing.
        """
        try:
            renewed = await self._renewed(login)
        except (OAuthError, NotSignedError):
            raise SignedOutError("Anmeldung: der Anbieter bestätigt sie nicht mehr.") from None
        if renewed.subject != login.subject:
            raise SignedOutError("Anmeldung: der Anbieter nennt eine andere Person.")
        return renewed

    async def _renewed(self, login: Login) -> Login:
        if not login.refresh_token:
            return self._login(await self._userinfo(login.access_token), {}, vars(login))
        url = await self._endpoint("token_endpoint")
        async with self._client() as client:
            token = await client.refresh_token(url, refresh_token=login.refresh_token)
        # Not every provider sends a new ID token; what counts is what it says now.
        if token.get("id_token"):
            claims = await self._claims(token, "")
        else:
            claims = await self._userinfo(str(token.get("access_token", "")))
        return self._login(claims, token, vars(login))

    async def logout_url(self, login: Login, back: str) -> str:
        """Address at the provider where its own session ends; empty where it has none."""
        metadata = await self._known()
        url = str(metadata.get("end_session_endpoint", ""))
        asked = {
            "id_token_hint": login.id_token,
            "client_id": self._config.client_id,
            "post_logout_redirect_uri": back,
        }
        return f"{url}?{urlencode(asked)}" if url else ""

    async def read_logout(self, token: str) -> tuple[str, str]:
        """Check what the provider sends when a person signed out elsewhere; see ``tokens``."""
        keys = await self._key_set()
        return logout_marks(token, keys, self._config.issuer, self._config.client_id)

    async def is_own_answer(self, issuer: str | None) -> bool:
        """Whether an answer in the browser is this provider's, where it says so (RFC 9207)."""
        metadata = await self._known()
        if issuer is None:
            return not metadata.get("authorization_response_iss_parameter_supported")
        return issuer == self._config.issuer

    async def _claims(self, token: Mapping[str, Any], nonce: str) -> Claims:
        expected = {"issuer": self._config.issuer, "client_id": self._config.client_id}
        expected["access_token"] = str(token.get("access_token", ""))
        if nonce:
            expected["nonce"] = nonce
        text = str(token.get("id_token", ""))
        try:
            claims = id_claims(text, await self._key_set(), expected)
        except NotSignedError:
            # A provider may have changed its keys.
            claims = id_claims(text, await self._key_set(is_fresh=True), expected)
        if _dig(claims, self._config.claim) is None and token.get("access_token"):
            told = await self._userinfo(str(token["access_token"]))
            if told.get("sub") == claims["sub"]:
                claims = {**told, **claims}
        _require_groups(claims, self._config.claim)
        return claims

    async def _userinfo(self, access_token: str) -> Claims:
        url = await self._endpoint("userinfo_endpoint")
        answer = await self._get(url, {"authorization": f"Bearer {access_token}"})
        if answer.status_code in (400, 401, 403):
            raise NotSignedError("Anmeldung: der Anbieter bestätigt sie nicht mehr.")
        return _content(answer)

    def _login(
        self, claims: Claims, token: Mapping[str, Any], before: Mapping[str, Any]
    ) -> Login:
        groups = _dig(claims, self._config.claim) or []
        groups = groups if isinstance(groups, list) else [groups]
        name = _dig(claims, self._config.name_claim) or claims.get("preferred_username")
        kept = {
            key: str(token.get(key) or before.get(key, ""))
            for key in ("id_token", "access_token", "refresh_token")
        }
        return Login(
            subject=str(claims.get("sub") or ""),
            name=str(name or claims.get("sub") or ""),
            groups=tuple(str(one) for one in groups),
            provider_session=str(claims.get("sid") or before.get("provider_session", "")),
            **kept,
        )

    async def _endpoint(self, name: str) -> str:
        url = str((await self._known()).get(name, ""))
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise UnreachableError(
                f"Anmeldung: der Anbieter nennt für {name} keine sichere Adresse."
            )
        return url

    async def _known(self) -> dict[str, Any]:
        if self._metadata and time.monotonic() - self._known_at < _KNOWN_FOR:
            return self._metadata
        answer = await self._get(f"{self._config.issuer}/.well-known/openid-configuration", {})
        metadata = _content(answer)
        if str(metadata.get("issuer", "")).rstrip("/") != self._config.issuer:
            raise UnreachableError(
                "Anmeldung: unter dieser Adresse antwortet ein anderer Anbieter."
            )
        self._metadata, self._known_at = metadata, time.monotonic()
        return metadata

    async def _key_set(self, *, is_fresh: bool = False) -> KeySet:
        age = time.monotonic() - self._keys_at
        if self._keys is None or age > _KNOWN_FOR or (is_fresh and age > _KEYS_ASKED_EVERY):
            url = await self._endpoint("jwks_uri")
            answer = await self._get(url, {})
            try:
                self._keys = KeySet.import_key_set(
                    KeySetSerialization(keys=_content(answer)["keys"])
                )
            except (JoseError, ValueError, KeyError):
                raise UnreachableError(
                    "Anmeldung: der Anbieter nennt keine Schlüssel."
                ) from None
            self._keys_at = time.monotonic()
        return self._keys

    async def _get(self, url: str, headers: Mapping[str, str]) -> httpx2.Response:
        async with self._client() as client:
            answer: httpx2.Response = await client.request(
                "GET", url, withhold_token=True, headers=headers
            )
            return answer

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[AsyncOAuth2Client]:
        client = AsyncOAuth2Client(
            client_id=self._config.client_id,
            client_secret=self._secret,
            scope=self._config.scope,
            redirect_uri=self._redirect,
            code_challenge_method="S256",
            timeout=_WAIT,
            verify=self._tls,
            trust_env=False,
            follow_redirects=False,
        )
        try:
            async with client:
                yield client
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            if isinstance(error, AtlasError):
                raise
            raise UnreachableError("Anmeldung: der Anbieter antwortet nicht.") from None


def _content(answer: httpx2.Response) -> dict[str, Any]:
    try:
        content = answer.raise_for_status().json()
    except (httpx2.HTTPError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise UnreachableError("Anmeldung: der Anbieter antwortet nicht, wie er soll.")
    return content


def _require_groups(claims: Claims, path: str) -> None:
    """Stop where groups are left out for their number (OpenID Connect Core 5.6.2, Entra ID).

    They could be asked for elsewhere only; without them somebody would have no role, and
    nobody would know why.
    """
    name = path.split(".")[0]
    elsewhere = claims.get("_claim_names")
    is_left_out = isinstance(elsewhere, Mapping) and name in elsewhere
    if _dig(claims, path) is None and (is_left_out or claims.get(f"has{name}")):
        raise UnnamedGroupsError(
            "Ihr Konto ist in so vielen Gruppen, dass der Anbieter sie nicht mehr nennt. "
            "Erwartet: nur die Gruppen dieser Anwendung oder App-Rollen. Bitte an den Betrieb "
            "wenden."
        )


def _dig(claims: Mapping[str, Any], path: str) -> Any:
    """Find a claim; points lead into the depth, as in Keycloak's ``realm_access.roles``."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
