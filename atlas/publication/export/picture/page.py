"""What a picture is made of, in CSS pixels from the upper left corner; knows no release."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

WIDTH_PX, HEIGHT_PX = 1123, 794  # A4 landscape at 96 dpi
PAPER, INK, SOFT = "#ffffff", "#24211c", "#5d574d"
# As on the interactive map.
LINE, MARK, HATCH_LINE = "#4a463f", "#14120f", "#8f8a80"
# Border of an area that is left out.
LEFT_OUT_LINE = "#b9b4a9"
# Where nobody lives there is nothing to see: quieter than any value.
_QUIET, QUIET_HATCH_LINE = "lines", "#ddd9d0"
TILE_PX = 8
_HALF, _OVER = TILE_PX / 2, TILE_PX + 2
# Hatches repeat in tiles; each stroke from x, y to x, y.
STROKES = {
    "diagonal": ((-2, _OVER, _OVER, -2), (-2, 2, 2, -2), (6, _OVER, _OVER, 6)),
    "lines": ((0, _HALF, TILE_PX, _HALF),),
    "dots": (),
}
DOTS, DOT_RADIUS_PX = ((2, 2), (6, 6)), 1

LEADING = 1.35
# Mean letter of the widest font that the picture may be shown in, as part of the size.
_LETTER = 0.52

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]  # the outer ring, then its holes


class Look(Protocol):
    """Colours and hatch of a legend entry; the pages choose them."""

    @property
    def fill(self) -> str:
        """Colour of areas, ``#rrggbb``."""

    @property
    def ink(self) -> str:
        """Colour of text on it."""

    @property
    def hatch(self) -> str:
        """A name in ``STROKES``, or empty."""


@dataclass(frozen=True)
class Layer:
    """All areas of one legend entry, each with its polygons; no border where it is empty."""

    label: str
    areas: tuple[tuple[Polygon, ...], ...]
    border: str


@dataclass(frozen=True)
class Stroke:
    """Closed lines of one colour and width."""

    rings: tuple[Ring, ...]
    colour: str
    width: float


@dataclass(frozen=True)
class Box:
    """A rectangle; filled as the legend entry at ``entry``, or empty with a border."""

    left: float
    top: float
    width: float
    height: float
    entry: int | None = None


@dataclass(frozen=True)
class Words:
    """One line of text on its baseline."""

    x: float
    y: float
    text: str
    size: float
    colour: str = INK
    is_bold: bool = False
    is_centred: bool = False
    halo: str = ""


@dataclass(frozen=True)
class Picture:
    """One sheet, by default a page. ``looks`` and ``layers`` belong together by their order."""

    title: str
    description: str
    looks: tuple[Look, ...]
    layers: tuple[Layer, ...]
    strokes: tuple[Stroke, ...]
    boxes: tuple[Box, ...]
    words: tuple[Words, ...]
    size: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)


def hatch_line(hatch: str) -> str:
    """Colour of the strokes of a hatch."""
    return QUIET_HATCH_LINE if hatch == _QUIET else HATCH_LINE


def width_of(text: str, size: float) -> float:
    """Estimate the width of a line in pixels; rather too wide than too narrow."""
    return len(text) * size * _LETTER


def lines_of(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of at most a width."""
    letters = max(1, int(width / (size * _LETTER)))
    return textwrap.wrap(text, letters, break_on_hyphens=False)


def height_of(lines: Sequence[str], size: float) -> float:
    """Height of some lines in pixels."""
    return len(lines) * size * LEADING


def stacked(
    lines: Sequence[str], at: tuple[float, float], size: float, colour: str = INK
) -> list[Words]:
    """Lines below each other; ``at`` is the left end of the first baseline."""
    return [
        Words(at[0], round(at[1] + number * size * LEADING, 1), line, size, colour)
        for number, line in enumerate(lines)
    ]
