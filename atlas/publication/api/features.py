"""Features of a collection as bytes: what was written once is put together."""

import json
from collections.abc import Mapping, Sequence

from atlas.publication.api.layer import Layer
from atlas.publication.api.links import Link, Site
from atlas.publication.api.query import Window


def collection_bytes(
    layer: Layer, places: Sequence[int], crs: str, matched: int, links: list[Link]
) -> bytes:
    """Write the features at some places as one GeoJSON."""
    head = {
        "type": "FeatureCollection",
        "numberMatched": matched,
        "numberReturned": len(places),
        "links": links,
    }
    features = b"},".join(layer.feature(place, crs) for place in places)
    closing = b"}" if places else b""
    return b"".join((_json(head)[:-1], b',"features":[', features, closing, b"]}"))


def feature_bytes(layer: Layer, place: int, crs: str, links: list[Link]) -> bytes:
    """Write one feature with its links."""
    return b"".join((layer.feature(place, crs), b',"links":', _json(links), b"}"))


def page_links(
    site: Site, asked: Mapping[str, str], window: Window, matched: int, path: Sequence[str]
) -> list[Link]:
    """Link to the pages before and after, with the same question."""
    links = []
    if window.offset + window.limit < matched:
        following = {**asked, "offset": str(window.offset + window.limit)}
        links.append(site.page_link("next", following, *path))
    if window.offset > 0:
        earlier = {**asked, "offset": str(max(window.offset - window.limit, 0))}
        links.append(site.page_link("prev", earlier, *path))
    return links


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
