"""What an index rests on besides its rule: counts, changes of the past, all replications."""

import math

from tests.spec.method_reader import Scale
from tests.spec.second_indicators import fraction_of
from tests.spec.second_joint import Counted, Replayed, replay
from tests.spec.second_release import ABSENT, AREA, Cell, Published

Figures = dict[tuple[str, str], Cell]


def replayed(
    release: Published,
    scale: Scale,
    figures: tuple[Figures, Figures],
    carried: set[tuple[str, str]],
) -> Figures:
    """Shares, ranks and driver of the level by all replications.

    ``figures``: what goes into the index, and what came out of it.
    """
    given, found = figures
    index, level = f"{scale.name}_index", f"{scale.name}_level"
    items = [part.item for part in scale.parts]
    valid = [area for area in release.areas if found[area, index][0] is not None]
    told: dict[str, list[float]] = {}
    if valid:
        city = {item: cell[0] or 0.0 for (area, item), cell in found.items() if not area}
        late = {item for _, item in carried}
        told = replay(
            Replayed(
                scale=scale,
                areas=valid,
                values=[[given[a, item][0] or 0.0 for a in valid] for item in items],
                z=[[found[a, f"{item}.z"][0] or 0.0 for a in valid] for item in items],
                spreads=[city[f"{item}.sd"] for item in items],
                index=[found[area, index][0] or 0.0 for area in valid],
                cuts=[city[f"{index}.cut_{n}"] for n in range(1, len(scale.cuts) + 1)],
                counts=[
                    one
                    for one in _counts(release, scale, valid)
                    if (one.area, one.item) not in carried  # varies as it is carried
                ],
                carried=carried,
                pasts={item: _pasts(release, scale, item) for item in late},
            )
        )
    shares = [f"share_{n}" for n in range(1, len(scale.cuts) + 2)]
    result: Figures = {}
    for part in (*shares, "rank_low", "rank_high", "stability", "driver", "share_held"):
        values = dict(zip(valid, told.get(part, []), strict=True)) if told else {}
        for area in release.areas:
            _, status, reason = found[area, index]
            result[area, f"{level}.{part}"] = (values.get(area), status, reason)
    return result


def _counts(release: Published, scale: Scale, valid: list[str]) -> list[Counted]:
    """Counts behind the values, and those behind what is subtracted."""
    releases = [("zufall", 1.0, release)]
    if scale.span not in (None, "-"):
        releases.append(("frueher", -1.0, release.beside(str(scale.span))))
    found = []
    for series, sign, one in releases:
        for part in scale.parts:
            formula = release.method.formulas.get(part.item.removesuffix(".change"))
            for area in valid if formula is not None else ():
                place = (AREA, area, scale.group)
                fraction = fraction_of(one.cells, place, formula, release.method.least)
                if fraction.gap is None:
                    found.append(Counted(series, area, part.item, sign, fraction))
    return found


def _pasts(release: Published, scale: Scale, item: str) -> list[list[float]]:
    """Changes over every earlier span of the areas that have the size of today."""
    found = []
    for names in (scale.drawing.spans or ()) if scale.drawing is not None else ():
        ends = [release.beside(name).cells for name in names]
        changes = []
        for area in release.areas:
            size = release.cells[AREA, area, "all", "area_ha"][0] or 0.0
            sizes = [one.get((AREA, area, "all", "area_ha"), ABSENT)[0] or 0.0 for one in ends]
            cells = [one.get((AREA, area, scale.group, item), ABSENT) for one in ends]
            is_same = all(math.isclose(size, other, rel_tol=1e-9) for other in sizes)
            if is_same and all(cell[1] == "published" for cell in cells):
                changes.append((cells[1][0] or 0.0) - (cells[0][0] or 0.0))
        found.append(sorted(changes))
    return [one for one in found if one]
