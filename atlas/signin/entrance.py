"""What a server needs to let people in, and their way in and out."""

import hmac
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError

from atlas.config import Access, Provider, load_access
from atlas.errors import AtlasError, ConfigError
from atlas.signin.person import Visitor
from atlas.signin.provider import (
    ProviderClient,
    SignedOutError,
    UnnamedGroupsError,
    UnreachableError,
)
from atlas.signin.sessions import Attempt, Login, Session, Sessions
from atlas.signin.tokens import NotSignedError

SECRET_VARIABLE = "ATLAS_OIDC_SECRET"
BACK_PATH = "/anmelden/zurueck"


class RefusedError(AtlasError):
    """A login that was not let in."""


@dataclass(frozen=True)
class Entrance:
    """Configuration and sessions of one server; ``provider`` is missing behind a proxy."""

    access: Access
    sessions: Sessions
    provider: ProviderClient | None

    @property
    def is_secure(self) -> bool:
        """Whether browsers come over TLS."""
        return self.access.public_url.startswith("https:")

    @property
    def cookie(self) -> str:
        """Name of the cookie of a session; browsers bind ``__Host-`` to TLS and this host.

        Where several servers share a loopback name, the port tells them apart.
        """
        if self.is_secure:
            return "__Host-atlas"
        return f"atlas-{urlsplit(self.access.public_url).port or 80}"

    @property
    def attempt_cookie(self) -> str:
        """Name of the cookie of a login that began."""
        return f"{self.cookie}-anmeldung"

    async def begin(self, back: str) -> tuple[str, str]:
        """Begin a login: the provider's address, and the value that the browser holds."""
        attempt = Attempt(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            back=local_path(back),
        )
        url = await self._required.login_url(attempt)
        return url, self.sessions.begin_attempt(attempt)

    async def come_back(
        self, held: str, answer: dict[str, str], agent: str
    ) -> tuple[Session, str]:
        """Finish a login: a new session, and where the reader wanted to go.

        Parameters
        ----------
        held
            What the browser holds of the login that began.
        answer
            What the provider sent along: ``code``, ``state``, perhaps ``iss``.

        Raises
        ------
        RefusedError
            If the answer is not one to a login of this browser, or the provider says no.
        UnreachableError
            If the provider cannot be asked.
        """
        attempt = self.sessions.take_attempt(held)
        state = answer.get("state", "")
        if attempt is None or not hmac.compare_digest(attempt.state.encode(), state.encode()):
            raise RefusedError("Diese Anmeldung hat hier nicht begonnen oder ist zu lange her.")
        if not await self._required.is_own_answer(answer.get("iss")):
            raise RefusedError("Die Antwort kommt von einem anderen Anbieter.")
        if "code" not in answer:
            raise RefusedError("Der Anbieter hat die Anmeldung abgelehnt.")
        try:
            login = await self._required.redeem(answer["code"], attempt)
        except UnnamedGroupsError as error:
            raise RefusedError(str(error)) from None
        except (OAuthError, NotSignedError):
            raise RefusedError("Der Anbieter hat die Anmeldung nicht bestätigt.") from None
        return self.sessions.begin(replace(login, agent=agent)), attempt.back

    async def session_of(self, key: str, agent: str, *, is_used: bool) -> Session | None:
        """Find the session of a browser, confirmed by the provider not long ago.

        A value that comes from another browser than the one it was given to was stolen: its
        session ends for both.
        """
        session = self.sessions.find(key, is_used=is_used) if key else None
        if session is None:
            return None
        if session.login.agent != agent:
            self.sessions.end(key)
            return None
        if self.sessions.is_due(session) and self.sessions.claim_check(session):
            session = await self._checked(session)
        return session if session and self.sessions.is_trusted(session) else None

    async def leave(self, key: str) -> str:
        """End all sessions of a person; give the provider's address where its own ends."""
        session = self.sessions.find(key, is_used=False) if key else None
        if session is None:
            return ""
        self.sessions.end_all(session.login.subject)
        try:
            return await self._required.logout_url(session.login, self.access.public_url + "/")
        except UnreachableError:
            return ""

    async def leave_elsewhere(self, token: str) -> None:
        """End what the provider says has ended.

        Raises
        ------
        NotSignedError
            If the provider did not say so.
        """
        subject, provider_session = await self._required.read_logout(token)
        if provider_session:
            self.sessions.end_provider_session(provider_session)
        else:
            self.sessions.end_all(subject)

    def visitor_of(self, session: Session | None) -> Visitor:
        """Who somebody with this session is, as configured now."""
        if session is None:
            roles = self.access.roles_of(frozenset())
            return Visitor(roles=roles, has_door=self.provider is not None)
        login = session.login
        roles = self.access.roles_of(frozenset(login.groups))
        return Visitor(login.name, login.subject, roles, session.form_key, has_door=True)

    async def _checked(self, session: Session) -> Session | None:
        try:
            login: Login = await self._required.renew(session.login)
        except SignedOutError:
            self.sessions.end(session.key)
            return None
        except UnreachableError:
            return session
        return self.sessions.confirm(session, login)

    @property
    def _required(self) -> ProviderClient:
        if self.provider is None:
            raise RefusedError("Angemeldet wird hier am Proxy, nicht am Sozialatlas.")
        return self.provider


def open_entrance(access_path: Path, sessions_dir: Path) -> Entrance:
    """Read ``access.toml`` and open the sessions of a server; asks nobody yet.

    Raises
    ------
    ConfigError
        Naming file and key; also where the secret is missing.
    """
    access = load_access(access_path)
    sessions = Sessions(sessions_dir, access.idle_minutes * 60, access.session_hours * 3600)
    asked = access.provider
    if asked is None:
        return Entrance(access, sessions, None)
    client = ProviderClient(asked, _secret_of(asked), access.public_url + BACK_PATH)
    return Entrance(access, sessions, client)


def local_path(text: str) -> str:
    """Address below this server; whatever could lead elsewhere becomes its first page."""
    is_plain = text.isprintable() and "\\" not in text
    parts = urlsplit(text) if is_plain else None
    is_local = parts and not parts.scheme and not parts.netloc
    return text if is_local and text.startswith("/") and not text.startswith("//") else "/"


def _secret_of(provider: Provider) -> str:
    if not provider.secret_file:
        secret = os.environ.get(SECRET_VARIABLE, "")
    else:
        try:
            secret = Path(provider.secret_file).read_text(encoding="utf-8").strip()
        except OSError:
            secret = ""
    if not secret:
        raise ConfigError(
            "Anmeldung: das Geheimnis fehlt. Erwartet: eine lesbare Datei unter "
            f"provider.secret_file in access.toml oder die Variable {SECRET_VARIABLE}."
        )
    return secret
