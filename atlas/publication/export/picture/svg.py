"""A page as SVG: shapes and texts that a drawing program can go on with."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from atlas.publication.export.picture.page import (
    DOT_RADIUS_PX,
    DOTS,
    HATCH_LINE,
    INK,
    PAPER,
    STROKES,
    TILE_PX,
    Box,
    Layer,
    Look,
    Picture,
    Polygon,
    Ring,
    Stroke,
    Words,
    hatch_line,
)

_FONTS = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BORDER_PX = 0.5
_MM_PER_PX = 25.4 / 96


def svg_bytes(picture: Picture) -> bytes:
    """Write the page; each area is one path in the group of its legend entry."""
    width, height = picture.size
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * _MM_PER_PX:.0f}mm" '
        f'height="{height * _MM_PER_PX:.0f}mm" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc" '
        f'lang="de" font-family="{_FONTS}">',
        f'<title id="title">{_plain(picture.title)}</title>',
        f'<desc id="desc">{_plain(picture.description)}</desc>',
        *_patterns(picture.looks),
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
    ]
    for at, layer in enumerate(picture.layers):
        lines += _group(layer, _fill(picture.looks, at))
    lines += [_stroke(stroke) for stroke in picture.strokes]
    lines += [_box(box, picture.looks) for box in picture.boxes]
    lines += [_text(words) for words in picture.words]
    return "\n".join([*lines, "</svg>\n"]).encode()


def _patterns(looks: Sequence[Look]) -> Iterator[str]:
    for at, look in enumerate(looks):
        if look.hatch:
            yield (
                f'<pattern id="look-{at}" width="{TILE_PX}" height="{TILE_PX}" '
                f'patternUnits="userSpaceOnUse"><rect width="{TILE_PX}" height="{TILE_PX}" '
                f'fill="{look.fill}"/>{_hatch(look.hatch)}</pattern>'
            )


def _hatch(name: str) -> str:
    lines = "".join(f"M{_n(a)} {_n(b)}L{_n(c)} {_n(d)}" for a, b, c, d in STROKES[name])
    if lines:
        return f'<path d="{lines}" stroke="{hatch_line(name)}" stroke-width="1"/>'
    return "".join(
        f'<circle cx="{x}" cy="{y}" r="{DOT_RADIUS_PX}" fill="{HATCH_LINE}"/>' for x, y in DOTS
    )


def _fill(looks: Sequence[Look], at: int) -> str:
    return f"url(#look-{at})" if looks[at].hatch else looks[at].fill


def _group(layer: Layer, fill: str) -> Iterator[str]:
    border = layer.border or "none"
    yield (
        f'<g class="areas" fill="{fill}" fill-rule="evenodd" stroke="{border}" '
        f'stroke-width="{_BORDER_PX}" stroke-linejoin="round">'
        f"<title>{_plain(layer.label)}</title>"
    )
    for area in layer.areas:
        yield f'<path d="{"".join(_path(polygon) for polygon in area)}"/>'
    yield "</g>"


def _path(polygon: Polygon) -> str:
    return "".join(_ring(ring) for ring in polygon)


def _ring(ring: Ring) -> str:
    return f"M{'L'.join(f'{_n(x)} {_n(y)}' for x, y in ring)}Z"


def _stroke(stroke: Stroke) -> str:
    path = "".join(_ring(ring) for ring in stroke.rings)
    return (
        f'<path d="{path}" fill="none" stroke="{stroke.colour}" '
        f'stroke-width="{_n(stroke.width)}" stroke-linejoin="round"/>'
    )


def _box(box: Box, looks: Sequence[Look]) -> str:
    fill = "none" if box.entry is None else _fill(looks, box.entry)
    return (
        f'<rect x="{_n(box.left)}" y="{_n(box.top)}" width="{_n(box.width)}" '
        f'height="{_n(box.height)}" fill="{fill}" stroke="{INK}" stroke-width="0.8"/>'
    )


def _text(words: Words) -> str:
    parts = [f'x="{_n(words.x)}" y="{_n(words.y)}" font-size="{_n(words.size)}"']
    parts.append(f'fill="{words.colour}"')
    if words.is_bold:
        parts.append('font-weight="600"')
    if words.is_centred:
        parts.append('text-anchor="middle"')
    if words.halo:
        parts.append(f'stroke="{words.halo}" stroke-width="3" stroke-linejoin="round"')
        parts.append('paint-order="stroke"')
    return f"<text {' '.join(parts)}>{_plain(words.text)}</text>"


def _plain(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
