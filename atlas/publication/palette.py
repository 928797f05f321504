"""Colours and hatches of levels, classes and gaps, on pages and on paper alike.

Levels are one hue (wine red) from light to dark, indicators another (petrol). Both fall evenly
in lightness, so that they stay apart in grey and for colour-blind readers; the number of a
level and the hatch of a status say the same without colour.
"""

from dataclasses import dataclass

from atlas.publication.views.legend import LegendEntry, sign_of
from atlas.publication.views.map import MapView
from atlas.terms import Status

INK = "#24211c"
PAPER = "#ffffff"
LEVEL_COLOURS = ("#f8e9df", "#e6b59d", "#b55a4e", "#7a1d34")
CLASS_COLOURS = ("#e5f0f1", "#b4d3d7", "#79adb7", "#3a7e8d", "#124b5a")
DYNAMIC_COLOURS = ("#79adb7", "#f2ecdf", "#8a2b3e")
CHANGE_COLOURS = ("#3a7e8d", "#b4d3d7", "#f2ecdf", "#e6b59d", "#b55a4e")
_PALETTES = {
    "level": LEVEL_COLOURS,
    "class": CLASS_COLOURS,
    "dynamic": DYNAMIC_COLOURS,
    "move": DYNAMIC_COLOURS,
    "change": CHANGE_COLOURS,
}
_DARK = frozenset({"#b55a4e", "#7a1d34", "#3a7e8d", "#124b5a", "#8a2b3e"})
# Three signs: hidden; uninhabited, quieter than any value; everything else without a figure.
_HATCHES = {Status.SUPPRESSED: "diagonal", Status.UNINHABITED: "lines", Status.MISSING: "dots"}


@dataclass(frozen=True)
class Look:
    """How the areas of one legend entry look.

    Attributes
    ----------
    fill, ink
        Colours of area and label, as ``#rrggbb``.
    hatch
        ``""``, ``diagonal``, ``dots`` or ``lines``.
    text
        What the tooltip says where an area has no text of its own.
    """

    fill: str
    ink: str
    hatch: str
    text: str


def looks_of(view: MapView) -> tuple[Look, ...]:
    """Colour, hatch and tooltip of each legend entry of a map."""
    return tuple(look_of(view.palette, entry) for entry in view.legend)


def look_of(palette: str, entry: LegendEntry) -> Look:
    """Colour and hatch of one legend entry."""
    if not entry.step:
        return Look(PAPER, INK, _HATCHES[sign_of(entry.status)], entry.label)
    fill = colour_of(palette, entry.step)
    return Look(fill, ink_on(fill), "", entry.label)


def class_look(step: int) -> Look:
    """Colours of a class, counted from 1."""
    fill = colour_of("class", step)
    return Look(fill, ink_on(fill), "", "")


def plain_look() -> Look:
    """Colour of an area that stands out and has no level."""
    return Look(CLASS_COLOURS[1], INK, "", "")


def level_looks() -> tuple[Look, ...]:
    """Colours of the levels, the lowest first."""
    return tuple(Look(fill, ink_on(fill), "", "") for fill in LEVEL_COLOURS)


def colour_of(palette: str, step: int) -> str:
    """Colour of a level or class, counted from 1."""
    return _PALETTES[palette][step - 1]


def ink_on(fill: str) -> str:
    """Colour of text that is readable on a palette colour."""
    return PAPER if fill in _DARK else INK
