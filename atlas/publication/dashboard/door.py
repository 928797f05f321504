"""What stands before the dashboard's pages, as the operator's environment says.

With ``access.toml`` people sign in. Without one nobody does: then the server listens to this
machine alone, where everybody plans; or, where the operator insists and no release holds
blocks, to the network, where everybody is the public.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from streamlit.proto.BackMsg_pb2 import BackMsg

from atlas.errors import AtlasError, ConfigError
from atlas.home import Home, home_from_environment
from atlas.publication.access import Guard
from atlas.publication.dashboard import web
from atlas.publication.dashboard.frame import city_dirs
from atlas.release import list_releases, read_info
from atlas.signin import Entrance, Everybody, SignIn, open_entrance
from atlas.signin.gate import ACCESS_VARIABLE
from atlas.terms import Kind, Role

INSECURE_VARIABLE = "ATLAS_INSECURE_NETWORK"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ALONE = (
    "Dashboard: Ohne Anmeldung hört es nur auf diesem Rechner (127.0.0.1), denn wer es "
    f"erreicht, sieht auch Baublöcke. Erwartet: {ACCESS_VARIABLE} mit access.toml; siehe "
    "docs/betrieb.md, Abschnitt „Anmeldung und Rollen“."
)
_BLOCKS = (
    "Dashboard: --insecure-network geht nicht, denn die Stadt {city} hat Veröffentlichungen "
    f"mit Baublöcken. Erwartet: eine Anmeldung ({ACCESS_VARIABLE}), siehe docs/betrieb.md."
)


def middleware(base_url: str, pages: Sequence[str], address: str | None) -> list[Middleware]:
    """List the middleware around Streamlit: gate, login, roles, policy, German error page.

    Parameters
    ----------
    address
        What the server listens to; ``None`` is everything.

    Raises
    ------
    ConfigError
        If it must not listen there without a login, or the login is not set up.
    """
    home = home_from_environment()
    entrance = _entrance(home)
    if entrance is None:
        who = Middleware(Everybody, roles=roles_without_login(home, address))
    else:
        who = Middleware(SignIn, entrance=entrance, base=base_url, is_use=is_of_reader)
    guard = Middleware(Guard, base_url=base_url, releases_dir=home.root / "releases")
    return web.middleware(base_url, pages, who=(who, guard))


def roles_without_login(home: Home, address: str | None) -> frozenset[Role]:
    """Roles of everybody where nobody signs in.

    Raises
    ------
    ConfigError
        If the server would be open to others than it may.
    """
    if address in _LOOPBACK:
        return frozenset({Role.PUBLIC, Role.PLANNING})
    if not os.environ.get(INSECURE_VARIABLE):
        raise ConfigError(_ALONE)
    if city := _city_with_blocks(home):
        raise ConfigError(_BLOCKS.format(city=city))
    return frozenset({Role.PUBLIC})


def _entrance(home: Home) -> Entrance | None:
    path = os.environ.get(ACCESS_VARIABLE)
    return open_entrance(Path(path), home.sessions) if path else None


def _city_with_blocks(home: Home) -> str:
    """Find a city of which a release holds blocks; one that cannot be read counts as such."""
    for city in city_dirs(home.root):
        for ref in list_releases(home.releases(city)):
            try:
                if Kind.BLOCK in read_info(ref.path).config.areas.chain() and any(
                    (ref.path / "map").glob(f"{Kind.BLOCK}.*")
                ):
                    return city
            except AtlasError:
                return city
    return ""


def is_of_reader(message: Any) -> bool:
    """Whether a person did something, not the page by itself."""
    sent = BackMsg.FromString(message.get("bytes") or b"")
    kind = sent.WhichOneof("type")
    if kind == "rerun_script":
        return not bool(sent.rerun_script.is_auto_rerun)
    return bool(kind == "backend_operation_request")
