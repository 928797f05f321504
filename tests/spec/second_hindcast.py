"""What levels would have been while an indicator was late, as ``method.md`` says."""

from dataclasses import replace

from tests.spec.method_reader import Method, Scale
from tests.spec.second_release import Cell, Published

Figures = dict[tuple[str, str], Cell]
_UNSURE = 3.0


def while_late(release: Published, scale: Scale) -> tuple[Published, Method]:
    """Give the release as it would be while indicators are pending, and its method."""
    assert scale.hindcast is not None
    late = Published(release.path)
    late.method = replace(release.method, carried=scale.hindcast.name)
    late.cells = {
        key: (None, "missing", "ausstehend") if key[3] in scale.hindcast.items else cell
        for key, cell in release.cells.items()
    }
    return late, late.method


def hindcast_figures(scale: Scale, final: Figures, then: Figures) -> Figures:
    """Level and stability of every area then, and of the city what came out.

    Raises
    ------
    AssertionError
        If the text says other figures.
    """
    level = f"{scale.name}_level"
    parts = ["", *(["stability"] if scale.drawing is not None else [])]
    found: Figures = {}
    counted = wrong = unsure = 0
    for area in {area for area, item in final if area and item == level}:
        official = final[area, level]
        for part in parts:
            cell = then[area, f"{level}.{part}".rstrip(".")]
            if official[1] == "estimated":
                cell = (None, "missing", "ausstehend")
            elif official[1] != "published":
                cell = (None, *official[1:])
            found[area, f"{level}.hindcast" + (f"_{part}" if part else "")] = cell
        own = found[area, f"{level}.hindcast"][0]
        if own is not None:
            counted += 1
            wrong += own != official[0]
            word = found.get((area, f"{level}.hindcast_stability"), (None, "", ""))[0]
            unsure += own != official[0] and word == _UNSURE
    for name, number in (("counted", counted), ("wrong", wrong)):
        found["", f"{level}.hindcast_{name}"] = (float(number), "published", "")
    assert scale.hindcast is not None
    assert scale.hindcast.told[:2] == (counted, wrong)
    if scale.drawing is not None and scale.steps == "z":
        assert scale.hindcast.told[2] == unsure
        found["", f"{level}.hindcast_unsure"] = (float(unsure), "published", "")
    return found
