"""What is wrong with boundaries: sentences, the shapes that show it, and the error of all."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from atlas.errors import GeographyError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with boundaries, or was repaired.

    Attributes
    ----------
    text
        German sentence: where, what, what to do.
    shapes
        What to draw of it, in the CRS of the city; empty where it lies nowhere.
    details
        One line per area, for the report alone.
    """

    text: str
    shapes: tuple[shapely.Geometry, ...] = ()
    details: tuple[str, ...] = ()


def refusal(faults: Sequence[Fault]) -> GeographyError:
    """Write all faults into one error."""
    if len(faults) == 1:
        return GeographyError(faults[0].text)
    listed = "".join(f"\n  {n}. {fault.text}" for n, fault in enumerate(faults, start=1))
    return GeographyError(f"Grenzen, {len(faults)} Befunde:{listed}")
