"""``[base_map]`` of ``city.toml``: map tiles under the areas, from somebody else's server."""

import re
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, Field

from atlas.config._model import Model

# No user, query or fragment: what stands there would reach every browser.
_TEMPLATE = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
    r"(?::(?P<port>\d{1,5}))?/[A-Za-z0-9._~,;=:@%+{}/-]+"
)
_PLACES = re.compile(r"\{([^{}]*)\}")
_HIGHEST_PORT = 65535
_HOUSE_NAMES = (".intern", ".internal", ".intranet", ".lan", ".local")


def _check_template(text: str) -> str:
    match = _TEMPLATE.fullmatch(text)
    if not match or int(match["port"] or 0) > _HIGHEST_PORT:
        raise ValueError(
            "Adresse wie https://rechner/ordner/{z}/{x}/{y}.png erwartet, ohne Anmeldung und "
            "ohne „?“"
        )
    if sorted(_PLACES.findall(text)) != ["x", "y", "z"] or text.count("{") != 3:
        raise ValueError("genau die Platzhalter {z}, {x} und {y} erwartet, jeder einmal")
    if match["scheme"] == "http" and not _is_of_the_house(match["host"]):
        raise ValueError(
            "https erwartet; http nur bei einem Rechner des Hauses (private IP-Adresse, Name "
            f"ohne Punkt oder mit der Endung {', '.join(_HOUSE_NAMES)})"
        )
    return text


def _is_of_the_house(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.lower().endswith(_HOUSE_NAMES)


def _check_credit(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("Quellenvermerk in einer Zeile erwartet")
    return text.strip()


class BaseMap(Model):
    """Tiles of one server in the usual scheme of squares (Web Mercator, ``{z}/{x}/{y}``)."""

    url: Annotated[str, AfterValidator(_check_template)] = Field(
        description="Adresse der Kacheln mit {z}, {x}, {y}; https, im eigenen Netz auch http"
    )
    credit: Annotated[str, AfterValidator(_check_credit)] = Field(
        max_length=300, description="Quellenvermerk, wie ihn die Lizenz der Karte verlangt"
    )
    max_zoom: int = Field(
        default=18, ge=1, le=24, description="Höchste Zoomstufe, für die es Kacheln gibt"
    )

    @property
    def host(self) -> str:
        """Server that every browser asks."""
        return self._match()["host"].lower()

    @property
    def origin(self) -> str:
        """Scheme, host and port as a Content-Security-Policy names them."""
        match = self._match()
        port = f":{match['port']}" if match["port"] else ""
        return f"{match['scheme']}://{self.host}{port}"

    def _match(self) -> re.Match[str]:
        match = _TEMPLATE.fullmatch(self.url)
        if match is None:
            raise ValueError("url was not checked")
        return match
