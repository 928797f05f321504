"""The levels as a style of QGIS: the colours of the map, so that a layer opens as it looks."""

from xml.etree import ElementTree as Xml

from atlas.publication.palette import INK, PAPER, level_looks
from atlas.publication.seen import Seen
from atlas.publication.views.items import NO_LEVEL, item_of
from atlas.terms import NEED_LEVEL

_VERSION = "3.28"
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def level_style(seen: Seen, column: str) -> str:
    """Colour areas by the level in a column; the last category takes those without one."""
    names = item_of(seen.config, NEED_LEVEL).names
    colours = [look.fill for look in level_looks()]
    categories = [
        (str(level), f"{level} {name}", colours[level - 1])
        for level, name in sorted(names.items())
    ]
    categories.append(("", NO_LEVEL, PAPER))
    root = Xml.Element("qgis", version=_VERSION, styleCategories="Symbology")
    renderer = Xml.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr=column, symbollevels="0"
    )
    listed = Xml.SubElement(renderer, "categories")
    symbols = Xml.SubElement(renderer, "symbols")
    for place, (value, label, colour) in enumerate(categories):
        told = {"value": value, "symbol": str(place), "label": label, "render": "true"}
        Xml.SubElement(listed, "category", told)
        _add_symbol(symbols, str(place), colour)
    Xml.SubElement(root, "layerGeometryType").text = "2"
    return _DOCTYPE + Xml.tostring(root, encoding="unicode")


def _add_symbol(symbols: Xml.Element, name: str, colour: str) -> None:
    symbol = Xml.SubElement(symbols, "symbol", type="fill", name=name, alpha="1")
    layer = Xml.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1"})
    options = Xml.SubElement(layer, "Option", type="Map")
    for key, value in (
        ("color", _rgba(colour)),
        ("outline_color", _rgba(INK)),
        ("outline_width", "0.15"),
        ("style", "solid"),
    ):
        Xml.SubElement(options, "Option", type="QString", name=key, value=value)


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"
