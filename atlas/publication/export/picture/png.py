"""A page as PNG, drawn with Pillow: for whoever cannot place an SVG in a paper."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

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

_DPI = 192
_SCALE = 2  # 192 dots per inch
# Lines and areas are drawn twice as large and then reduced, which smooths their edges.
_FINER = 2
_DRAWN = _SCALE * _FINER
_BORDER_PX = 0.5
_REGULAR, _BOLD = 400, 600


def png_bytes(picture: Picture, font: Path) -> bytes:
    """Write the page at 192 dots per inch.

    Parameters
    ----------
    font
        Variable font with one axis, its weight.
    """
    size = (picture.size[0] * _DRAWN, picture.size[1] * _DRAWN)
    sheet = Image.new("RGB", size, PAPER)
    fills = [_hatched(look, size) if look.hatch else look.fill for look in picture.looks]
    for layer, fill in zip(picture.layers, fills, strict=True):
        if layer.areas:
            sheet.paste(fill, (0, 0), _mask(layer, size))
    pen = ImageDraw.Draw(sheet)
    borders = [
        Stroke(tuple(ring for polygon in area for ring in polygon), layer.border, _BORDER_PX)
        for layer in picture.layers
        if layer.border
        for area in layer.areas
    ]
    for stroke in (*borders, *picture.strokes):
        _draw_stroke(pen, stroke)
    for box in picture.boxes:
        _draw_box(sheet, box, fills)
    sheet = sheet.reduce(_FINER)
    _write(sheet, picture.words, font)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", dpi=(_DPI, _DPI), optimize=False)
    return buffer.getvalue()


def _hatched(look: Look, size: tuple[int, int]) -> Image.Image:
    """Whole page in the hatch of a legend entry."""
    tile = _hatch_tile(look)
    row = Image.new("RGB", (size[0], tile.height))
    for left in range(0, size[0], tile.width):
        row.paste(tile, (left, 0))
    page = Image.new("RGB", size)
    for top in range(0, size[1], tile.height):
        page.paste(row, (0, top))
    return page


def _hatch_tile(look: Look) -> Image.Image:
    tile = Image.new("RGB", (TILE_PX * _DRAWN, TILE_PX * _DRAWN), look.fill)
    pen = ImageDraw.Draw(tile)
    for a, b, c, d in STROKES[look.hatch]:
        ends = [(a * _DRAWN, b * _DRAWN), (c * _DRAWN, d * _DRAWN)]
        pen.line(ends, hatch_line(look.hatch), _DRAWN)
    if not STROKES[look.hatch]:
        for x, y in DOTS:
            pen.circle((x * _DRAWN, y * _DRAWN), DOT_RADIUS_PX * _DRAWN, HATCH_LINE)
    return tile


def _mask(layer: Layer, size: tuple[int, int]) -> Image.Image:
    """Where the areas of a layer are; what lies in the hole of a larger area stays."""
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    polygons = [polygon for area in layer.areas for polygon in area]
    for outer, *holes in sorted(polygons, key=_extent, reverse=True):
        _fill(pen, outer, 255)
        for hole in holes:
            _fill(pen, hole, 0)
    return mask


def _extent(polygon: Polygon) -> float:
    x, y = zip(*polygon[0], strict=True)
    return float((max(x) - min(x)) * (max(y) - min(y)))


def _fill(pen: ImageDraw.ImageDraw, ring: Ring, value: int) -> None:
    if len(ring) > 1:
        pen.polygon(_drawn(ring), fill=value)


def _drawn(ring: Ring) -> list[tuple[float, float]]:
    return [(x * _DRAWN, y * _DRAWN) for x, y in ring]


def _draw_stroke(pen: ImageDraw.ImageDraw, stroke: Stroke) -> None:
    width = max(1, round(stroke.width * _DRAWN))
    for ring in stroke.rings:
        if len(ring) > 1:
            joint = "curve" if width > _DRAWN else None
            pen.line(_drawn((*ring, ring[0])), stroke.colour, width, joint)


def _draw_box(sheet: Image.Image, box: Box, fills: Sequence[Image.Image | str]) -> None:
    right, bottom = box.left + box.width, box.top + box.height
    corners = [round(number * _DRAWN) for number in (box.left, box.top, right, bottom)]
    left, top, right_px, bottom_px = corners
    if box.entry is not None:
        area = (left, top, right_px, bottom_px)
        fill = fills[box.entry]
        sheet.paste(fill if isinstance(fill, str) else fill.crop(area), area)
    ImageDraw.Draw(sheet).rectangle(corners, outline=INK, width=round(0.8 * _DRAWN))


def _write(sheet: Image.Image, lines: Sequence[Words], font: Path) -> None:
    pen = ImageDraw.Draw(sheet)
    fonts: dict[tuple[float, bool], ImageFont.FreeTypeFont] = {}
    for words in lines:
        kind = (words.size, words.is_bold)
        if kind not in fonts:
            fonts[kind] = ImageFont.truetype(str(font), words.size * _SCALE)
            fonts[kind].set_variation_by_axes([_BOLD if words.is_bold else _REGULAR])
        pen.text(
            (words.x * _SCALE, words.y * _SCALE),
            words.text,
            fill=words.colour,
            font=fonts[kind],
            anchor="ms" if words.is_centred else "ls",
            stroke_width=1.5 * _SCALE if words.halo else 0,
            stroke_fill=words.halo or None,
        )
