"""Published figures of an index that the text does not lead to."""

from collections.abc import Iterable

from tests.spec.method_reader import Scale
from tests.spec.second_release import AREA, CITY, Cell, Published

# Where the method alone varies: said in the text by its settings, not to be drawn again.
_SIMULATED = (".share_1", ".share_2", ".share_3", ".share_4")
_SIMULATED += (".rank_low", ".rank_high", ".stability")
_SIMULATED += (".hindcast_stability", ".hindcast_unsure")


def unsaid(
    release: Published, scale: Scale, found: dict[tuple[str, str], Cell]
) -> Iterable[str]:
    """Name published figures of an index that the text does not lead to."""
    own = {part.item for part in scale.parts}
    for kind, area, group, item in release.cells:
        base, dot, _ = item.rpartition(".")
        of_index = item.startswith((f"{scale.name}_index", f"{scale.name}_level"))
        is_told = of_index or (dot and base in own and not item.endswith(".change"))
        if group != scale.group or kind not in (AREA, CITY) or not is_told:
            continue
        place = ("" if kind == CITY else area, item)
        is_bound = item.endswith((".low", ".high")) and not of_index
        is_simulated = item.endswith(_SIMULATED) and scale.drawing is None
        if place not in found and not is_bound and not is_simulated:
            yield f"{release.path.name} {group} {area} {item}: unsaid"
