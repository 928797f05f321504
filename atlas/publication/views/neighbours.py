"""Which Quartiere lie beside each other: a common border line, not a common corner."""

from collections.abc import Mapping, Sequence

import shapely

from atlas.publication.views.cells import Area, areas, known_area, parents_of
from atlas.publication.views.items import place_name
from atlas.release import Release, read_boundaries
from atlas.terms import Kind
from atlas.words import enumeration

# A border that was drawn twice may lie a little apart; around a corner so little is common.
_APART_M = 0.5
_CORNER_M = 4 * _APART_M
# Metres of common border by the keys of both areas.
Borders = Mapping[str, Mapping[str, float]]


def borders_of(release: Release) -> Borders:
    """Measure the common borders of all Quartiere on the published boundaries.

    Returns
    -------
        Every Quartier with its neighbours; the one with the longest common border comes first.
    """
    bounds = read_boundaries(release.path, Kind.QUARTIER)
    shapes = bounds.geometry.to_numpy()
    keys = bounds["area_id"].tolist()
    found: dict[str, dict[str, float]] = {key: {} for key in keys}
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="dwithin", distance=_APART_M)
    wide = shapely.buffer(shapes, _APART_M)
    lengths = shapely.length(
        shapely.intersection(shapely.boundary(shapes)[first], wide[second])
    )
    for one, other, length in zip(first, second, lengths, strict=True):
        if one != other and length > _CORNER_M:
            found[keys[one]][keys[other]] = float(length)
    return {key: _longest_first(beside) for key, beside in found.items()}


def neighbours_of(
    release: Release, borders: Borders, chosen: Sequence[str]
) -> tuple[Area, ...]:
    """Quartiere beside any of the chosen ones, the longest common border first."""
    metres: dict[str, float] = {}
    for key in chosen:
        for other, length in borders.get(key, {}).items():
            metres[other] = metres.get(other, 0.0) + length
    known = {area.id: area for area in areas(release, Kind.QUARTIER)}
    return tuple(
        known[key] for key in _longest_first(metres) if key in known and key not in chosen
    )


def location_text(release: Release, borders: Borders, area_id: str) -> str:
    """Say where a Quartier lies: its district, the city, its neighbours.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    area = known_area(release, Kind.QUARTIER, area_id)
    above = parents_of(release, Kind.QUARTIER, area).items()
    places = [place_name(release, kind, one.name) for kind, one in above]
    beside = [one.title for one in neighbours_of(release, borders, (area_id,))]
    near = f" Grenzt an {enumeration(beside)}." if beside else ""
    return f"Lage von {area.title}: {', '.join(places)}.{near}"


def _longest_first(metres: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(metres.items(), key=lambda one: (-one[1], one[0])))
