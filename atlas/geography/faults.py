"""What is wrong with boundaries: a German sentence, and where it is to be seen."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import shapely


@dataclass(frozen=True)
class Fault:
    """One fault, or what is worth a look.

    Attributes
    ----------
    text
        A German sentence.
    spots
        Shapes in the CRS of the city that show it, e.g. what two areas both cover; none where
        there is nothing to see.
    """

    text: str
    spots: tuple[shapely.Geometry, ...] = field(default=(), repr=False)


def texts_of(faults: Iterable[Fault]) -> tuple[str, ...]:
    """Their sentences."""
    return tuple(one.text for one in faults)
