"""A map or a series as a picture for a paper: drawn here from published cells and boundaries.

``map_picture`` lays out an A4 page once; ``svg_bytes`` and ``png.png_bytes`` write the same
page; ``locator_picture`` shows where one Quartier lies, ``plain_map`` all of them small,
``spot_map`` schools above them, ``line_picture`` a series. Same release and choice, same bytes.
``png`` is imported by itself: only it needs Pillow.
"""

from atlas.publication.export.picture.land import MapChoice
from atlas.publication.export.picture.layout import map_picture
from atlas.publication.export.picture.line import line_picture
from atlas.publication.export.picture.locator import locator_picture
from atlas.publication.export.picture.page import Look, Picture
from atlas.publication.export.picture.plain import plain_map, spot_map
from atlas.publication.export.picture.svg import svg_bytes

__all__ = [
    "Look",
    "MapChoice",
    "Picture",
    "line_picture",
    "locator_picture",
    "map_picture",
    "plain_map",
    "spot_map",
    "svg_bytes",
]
