"""A person as the pages see one, and the header in which the middleware hands it over."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atlas.terms import Role

# Only the middleware writes it; whatever a request brings under this name is stripped.
HEADER = "x-atlas-person"

Roles = Mapping[str, frozenset[Role]]


@dataclass(frozen=True)
class Person:
    """Who is there.

    Attributes
    ----------
    name
        As the provider shows it; two persons may share one.
    subject
        The provider's own, unchanging mark of the person; empty for nobody.
    roles
        In the city that was asked for.
    """

    name: str = ""
    subject: str = ""
    roles: frozenset[Role] = frozenset({Role.PUBLIC})

    @property
    def identity(self) -> str:
        """What tells two persons apart; behind a proxy the name, which it vouches for."""
        return self.subject or self.name

    def has(self, role: Role) -> bool:
        """Whether the person has a role."""
        return role in self.roles


@dataclass(frozen=True)
class Visitor:
    """Who is there in every city, and the mark of the own session in forms."""

    name: str = ""
    subject: str = ""
    roles: Roles = field(default_factory=lambda: {"": frozenset({Role.PUBLIC})})
    form_key: str = ""
    has_door: bool = False

    @property
    def mark(self) -> str:
        """Changes whenever somebody else is there, or the same person with other roles."""
        return hashlib.sha256(self.packed(None)).hexdigest()[:24]

    def has_one_of(self, needed: frozenset[Role]) -> bool:
        """Whether the visitor has one of these roles in any city."""
        return any(needed & roles for roles in self.roles.values())

    def packed(self, form_key: str | None = "") -> bytes:
        """Write the header's value; ``None`` leaves out what is the session's own."""
        content: dict[str, Any] = {
            "name": self.name,
            "subject": self.subject,
            "roles": {city: sorted(roles) for city, roles in sorted(self.roles.items())},
        }
        if form_key is not None:
            content |= {"form": self.form_key, "door": self.has_door}
        return base64.urlsafe_b64encode(json.dumps(content, sort_keys=True).encode())


def person_of(headers: Mapping[str, str], city: str = "") -> Person:
    """Learn who is there, in one city; nobody where no middleware stands in front."""
    content = _content(headers)
    roles = content.get("roles", {})
    own = roles.get(city, roles.get("", ()))
    return Person(
        name=content.get("name", ""),
        subject=content.get("subject", ""),
        roles=frozenset({Role.PUBLIC, *map(Role, own)}),
    )


def every_role(headers: Mapping[str, str]) -> frozenset[tuple[str, Role]]:
    """Roles in every city; under an empty name those of the cities that are not named."""
    roles = _content(headers).get("roles", {"": [Role.PUBLIC]})
    return frozenset((city, Role(role)) for city, held in roles.items() for role in held)


def has_door(headers: Mapping[str, str]) -> bool:
    """Whether somebody could sign in here."""
    return bool(_content(headers).get("door"))


def form_token(headers: Mapping[str, str]) -> str:
    """Mark of the own session; a form that changes something carries it."""
    return str(_content(headers).get("form", ""))


def is_own_form(headers: Mapping[str, str], token: str) -> bool:
    """Whether a form was drawn for the session that sends it."""
    own = form_token(headers)
    return bool(own) and hmac.compare_digest(own.encode(), token.encode())


def _content(headers: Mapping[str, str]) -> dict[str, Any]:
    value = headers.get(HEADER)
    if not value:
        return {}
    return dict(json.loads(base64.urlsafe_b64decode(value)))
