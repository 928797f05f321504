"""Who is there: signing in at the house's identity provider, sessions, roles; in no zone.

A server puts ``SignIn`` in front of everything it answers::

    entrance = open_entrance(Path(os.environ["ATLAS_ACCESS"]), directory / "sessions")
    app = SignIn(inner_app, entrance, base="/atlas", needs=frozenset({Role.OFFICE}))

``base`` is the path below which the server answers, ``""`` at the root. ``needs``: who has
none of these roles in any city is not let in at all (empty: everybody is, as ``public``).
``is_use``: which messages of a websocket put off the end of the session (what a page asks by
itself should not). A server without ``access.toml`` uses ``Everybody(inner_app, roles)``:
nobody signs in, everybody has these roles.

Inside, a page learns who is there with one function, from the headers of its own request::

    person = person_of(st.context.headers, city_id)      # Streamlit
    person = person_of(request.headers, city_id)         # Starlette
    person.subject   # who it is at the provider, for ever; "" for nobody and behind a proxy
    person.name      # to be shown; not unique
    person.roles     # frozenset[Role] in this city; always holds Role.PUBLIC
    person.identity  # what two approvals are compared by; "" for nobody

The header is written by the middleware alone; copies from outside are stripped. For approvals
take ``identity``, never ``name``.

Addresses below ``base``: ``/anmelden`` (``?zurueck=/planung`` names where to go afterwards),
``/anmelden/zurueck`` (the provider's answer), ``/abmelden`` (GET asks, POST does),
``/abmelden/vom-anbieter`` (back-channel logout), ``/anmelden/stand`` (a mark that changes when
somebody else, or the same person with other roles, is there).

Serve with ``proxy_headers=False`` (uvicorn): else anybody on this machine chooses the address
that ``[proxy]`` trusts.

A form that changes something holds ``form_token(request.headers)`` and checks it with
``is_own_form(request.headers, token)``.

A websocket of somebody who signed in is closed with code 4401 within ``TOLD_WITHIN`` seconds of
the end of the session, and when the roles change. At the provider the session is checked every
``CHECKED_EVERY`` seconds; what was not confirmed for ``TRUSTED_FOR`` seconds is not let in.
"""

from atlas.signin.entrance import Entrance, open_entrance
from atlas.signin.middleware import SIGNED_OUT, TOLD_WITHIN, Everybody, SignIn
from atlas.signin.person import (
    Person,
    every_role,
    form_token,
    has_door,
    is_own_form,
    person_of,
)
from atlas.signin.sessions import CHECKED_EVERY, TRUSTED_FOR

__all__ = [
    "CHECKED_EVERY",
    "SIGNED_OUT",
    "TOLD_WITHIN",
    "TRUSTED_FOR",
    "Entrance",
    "Everybody",
    "Person",
    "SignIn",
    "every_role",
    "form_token",
    "has_door",
    "is_own_form",
    "open_entrance",
    "person_of",
]
