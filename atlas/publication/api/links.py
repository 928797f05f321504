"""Addresses of the interface, and links as OGC API has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
JSON_LD = "application/ld+json"

Link = dict[str, str]


@dataclass(frozen=True)
class Site:
    """Where the interface is reached, without a slash at the end."""

    base: str

    def url(self, *parts: str, **asked: str) -> str:
        """Write an address below the base; parts are quoted."""
        path = "".join(f"/{quote(part, safe='')}" for part in parts) or "/"
        return f"{self.base}{path}{f'?{urlencode(asked)}' if asked else ''}"

    def link(self, rel: str, kind: str, title: str, *parts: str) -> Link:
        """Link to an address below the base, in a format."""
        asked = {HTML: {"f": "html"}, JSON: {"f": "json"}, GEOJSON: {"f": "json"}}
        url = self.url(*parts, **asked.get(kind, {}))
        return {"rel": rel, "type": kind, "title": title, "href": url}

    def both(self, rel: str, kind: str, title: str, *parts: str) -> list[Link]:
        """Link to what is told for programs and for people alike."""
        return [
            self.link(rel, kind, title, *parts),
            self.link(rel, HTML, f"{title} (HTML)", *parts),
        ]

    def self_links(self, kind: str, is_html: bool, *parts: str) -> list[Link]:
        """Link to the document itself, and to its other format."""
        own, other = ("alternate", "self") if is_html else ("self", "alternate")
        return [
            self.link(own, kind, "Als JSON", *parts),
            self.link(other, HTML, "Als Seite", *parts),
        ]

    def page_link(self, rel: str, asked: Mapping[str, str], *parts: str) -> Link:
        """Link to another page of the same answer."""
        return {
            "rel": rel,
            "type": GEOJSON,
            "title": {"next": "Weiter", "prev": "Zurück"}[rel],
            "href": self.url(*parts, **asked),
        }
