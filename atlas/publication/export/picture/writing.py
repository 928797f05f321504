"""How wide text is and where it breaks, for fonts that nobody knows beforehand."""

import textwrap
from collections.abc import Sequence

from atlas.publication.export.picture.page import INK, Words

LEADING = 1.35
# Mean letter of the widest font that the picture may be shown in, as part of the size.
_LETTER = 0.52


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
