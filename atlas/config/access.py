"""``access.toml``: who may sign in to a server of the atlas, and as what.

A file of the server, not of a city: the dashboard and the desk each have their own, and one
dashboard can show several cities.
"""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from atlas.config._model import Identifier, Model
from atlas.terms import Role

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _check_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises where it is none
    except ValueError:
        raise ValueError("erwartet wird eine Adresse wie https://anmeldung.stadt.de") from None
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("erwartet wird eine Adresse wie https://anmeldung.stadt.de")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("erwartet wird https; http nur auf diesem Rechner")
    return text.rstrip("/")


def _check_network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError:
        raise ValueError(
            "erwartet wird eine IP-Adresse oder ein Netz wie 10.1.2.0/28"
        ) from None
    return text


def _check_scope(text: str) -> str:
    if "openid" not in text.split():
        raise ValueError("erwartet wird mindestens openid")
    return text


WebAddress = Annotated[str, AfterValidator(_check_address)]
Network = Annotated[str, AfterValidator(_check_network)]


class Provider(Model):
    """The identity provider of the house (OpenID Connect)."""

    issuer: WebAddress = Field(
        description="Adresse des Anbieters, wie er sie selbst nennt (`issuer`)"
    )
    client_id: str = Field(min_length=1, description="Name dieses Servers beim Anbieter")
    secret_file: str = Field(
        default="",
        description="Datei mit dem Geheimnis; ohne Angabe steht es in `ATLAS_OIDC_SECRET`",
    )
    scope: Annotated[str, AfterValidator(_check_scope)] = Field(
        default="openid profile",
        description="Was erbeten wird; mit `offline_access`, wenn der Anbieter sonst kein "
        "Zeichen zum Nachprüfen gibt (Entra ID)",
    )
    claim: str = Field(
        default="groups", description="Angabe mit den Gruppen; mit Punkten in die Tiefe"
    )
    name_claim: str = Field(default="name", description="Angabe mit dem Namen der Person")


class Proxy(Model):
    """A proxy with a login of its own that says who is there."""

    name_header: str = Field(min_length=1, description="Kopfzeile mit dem Namen der Person")
    groups_header: str = Field(
        min_length=1, description="Kopfzeile mit den Gruppen, durch Komma getrennt"
    )
    addresses: tuple[Network, ...] = Field(
        min_length=1, description="Von welchen Adressen die Kopfzeilen gelten"
    )

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The addresses as networks."""
        return tuple(ip_network(one) for one in self.addresses)


class Grants(Model):
    """Which groups of the house have which role; ``public`` has everybody."""

    planning: tuple[str, ...] = Field(
        default=(), description="Gruppen mit Baublöcken, Bewertungen, „Neu berechnen“, Abgeben"
    )
    office: tuple[str, ...] = Field(default=(), description="Gruppen der Statistikstelle")
    auditor: tuple[str, ...] = Field(
        default=(), description="Gruppen, die Protokoll, Schutz und Bestand ansehen"
    )

    def of(self, groups: frozenset[str]) -> frozenset[Role]:
        """Roles of somebody with these groups."""
        given = {
            Role.PLANNING: self.planning,
            Role.OFFICE: self.office,
            Role.AUDITOR: self.auditor,
        }
        return frozenset(role for role, names in given.items() if groups & set(names)) | {
            Role.PUBLIC
        }


class Access(Model):
    """Who may sign in, and as what."""

    format: Literal[1]
    public_url: WebAddress = Field(
        description="Adresse, unter der die Menschen diesen Server öffnen, mit Unterpfad"
    )
    provider: Provider | None = Field(default=None, description="Anbieter der Anmeldung")
    proxy: Proxy | None = Field(
        default=None, description="Statt eines Anbieters: ein Proxy, der selbst anmeldet"
    )
    idle_minutes: int = Field(
        default=30, ge=1, le=1440, description="Minuten ohne Anfrage, nach denen es endet"
    )
    session_hours: int = Field(
        default=10, ge=1, le=24, description="Stunden, nach denen eine Anmeldung endet"
    )
    roles: Grants = Field(
        default_factory=Grants, description="Rollen in jeder Stadt, die keine eigenen nennt"
    )
    cities: dict[Identifier, Grants] = Field(
        default_factory=dict, description="Rollen in einer Stadt; ersetzt `roles` ganz"
    )

    @model_validator(mode="after")
    def _check_one_way(self) -> Self:
        if (self.provider is None) == (self.proxy is None):
            raise ValueError("erwartet wird entweder provider oder proxy")
        return self

    def roles_of(self, groups: frozenset[str]) -> dict[str, frozenset[Role]]:
        """Roles by city; under an empty name those of every other city."""
        return {"": self.roles.of(groups)} | {
            city: grants.of(groups) for city, grants in self.cities.items()
        }
