"""What lies between the generated blocks: a river, a railway, roads, parks, schools, streets.

Musterdaten on the real boundaries: every line, place and name is made up. Knows no person.
"""

from collections.abc import Iterator, Mapping
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]

_STEP_M = 150.0
_WINDOW_M = 2_200.0
_BEND_M = 190.0
_RAILWAY_M, _ROAD_M = 330.0, -240.0
_GREEN_PER_HA = 22.0
_MINOR_BEND = 0.07
_CORNERS = 14
_STREETS_PER_RESIDENT = 1 / 240
_PER_1000 = {"schulen": 0.26, "kitas": 0.55, "jugend": 0.09, "beratung": 0.07}
_HIGHEST_INDEX = 9
_TREES = (
    "Ahorn Birken Buchen Eichen Erlen Eschen Fichten Hasel Holunder Kastanien Kiefern "
    "Lärchen Linden Pappel Quitten Rosen Schlehen Tannen Ulmen Weiden Ginster Farn Flieder "
    "Nelken Amsel Drossel Finken Lerchen Meisen Schwalben Spatzen Zeisig Dachs Fuchs Hasen "
    "Igel Otter Reh Falken Kranich"
)
_PLACES = (
    "weg straße gasse platz allee pfad ring winkel höhe grund bogen steig hof zeile ufer "
    "feld garten kamp busch hang damm brücke tor treppe stiege bruch anger rain siedlung "
    "berg tal wiese markt born bach heide aue horst"
)
_NAMES = {
    "schulen": "Grundschule {street}",
    "kitas": "Kita {street}",
    "jugend": "Jugendzentrum {street}",
    "beratung": "Beratungsstelle {street}",
}


def make_surroundings(
    quartiere: gpd.GeoDataFrame, residents: Points, seed: int
) -> Mapping[str, gpd.GeoDataFrame]:
    """Make every layer by its name; column ``NAME``, of points also ``HINWEIS``.

    Schools also have ``SCHULNR``, ``SCHUELER`` and ``SOZIALINDEX``.

    Parameters
    ----------
    quartiere
        One row per Quartier in a metric CRS; column ``QUARTIER``.
    residents
        Residents of each of them: where many live are the valley and the schools, where few
        live the parks.
    """
    rng = np.random.default_rng([seed, 4])
    density = residents / quartiere.geometry.area.to_numpy() * 10_000
    valley = _valley(quartiere, residents)
    named = _streets(quartiere, residents, rng)
    layers = {
        "gewaesser": _named([("Musterfluss", _beside(valley, 0.0))]),
        "bahn": _named([("", _beside(valley, _RAILWAY_M))]),
        "hauptstrassen": _named(_roads(quartiere, density, valley)),
        "gruen": _named(_parks(quartiere, density, rng)),
        **{kind: _points(kind, residents, named, rng) for kind in _PER_1000},
        "strassen": _named([(name, line) for name, _, line in named]),
    }
    layers["schulen"] = _with_pupils(layers["schulen"], quartiere, density, seed)
    return {name: layer.set_crs(quartiere.crs) for name, layer in layers.items()}


def _named(rows: list[tuple[str, shapely.Geometry]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"NAME": [name for name, _ in rows]}, geometry=[shape for _, shape in rows]
    )


def _valley(quartiere: gpd.GeoDataFrame, residents: Points) -> Points:
    """Line from west to east along which most people live."""
    west, _, east, _ = quartiere.total_bounds
    middles = shapely.get_coordinates(shapely.centroid(quartiere.geometry.values))
    across = np.arange(west - 2 * _STEP_M, east + 2 * _STEP_M, _STEP_M)
    near = np.exp(-(((across[:, None] - middles[None, :, 0]) / _WINDOW_M) ** 2))
    weights = near * residents[None, :] + 1e-9
    along = (weights * middles[None, :, 1]).sum(axis=1) / weights.sum(axis=1)
    return np.column_stack([across, along])


def _beside(valley: Points, metres: float) -> shapely.LineString:
    """Line along the valley, some metres north of its middle, the nearer the more winding."""
    x, y = valley.T
    bends = _BEND_M * (np.sin(x / 640) + 0.5 * np.sin(x / 270 + 1)) / (1 + abs(metres) / 300)
    return shapely.LineString(np.column_stack([x, y + metres + bends]))


def _roads(
    quartiere: gpd.GeoDataFrame, density: Points, valley: Points
) -> list[tuple[str, shapely.Geometry]]:
    """One road along the valley, and one to it from the densest Quartier of each district."""
    main = _beside(valley, _ROAD_M)
    roads: list[tuple[str, shapely.Geometry]] = [("Talstraße", main)]
    districts = quartiere["QUARTIER"].str[0]
    for number, key in enumerate(sorted(set(districts)), start=1):
        rows = np.flatnonzero(districts == key)
        middles = shapely.centroid(quartiere.geometry.values[rows])
        order = rows[np.argsort(shapely.distance(middles, main))]
        stops = shapely.get_coordinates(shapely.centroid(quartiere.geometry.values[order]))
        far = stops[-1] if density[order[-1]] else stops[0]
        entry = shapely.line_interpolate_point(
            main, shapely.line_locate_point(main, shapely.Point(stops[0]))
        )
        start = shapely.get_coordinates(entry)[0]
        roads.append((f"Radialstraße {number}", _curve(start, far, _MINOR_BEND)))
    return roads


def _curve(start: Points, end: Points, bend: float) -> shapely.LineString:
    """Line between two points that winds a little."""
    t = np.linspace(0, 1, 25)[:, None]
    along = end - start
    across = np.array([-along[1], along[0]])
    return shapely.LineString(start + t * along + bend * np.sin(2 * np.pi * t) * across)


def _parks(
    quartiere: gpd.GeoDataFrame, density: Points, rng: np.random.Generator
) -> list[tuple[str, shapely.Geometry]]:
    """Parks and woods in Quartiere where few people live on much land."""
    parks: list[tuple[str, shapely.Geometry]] = []
    for at in np.flatnonzero(density < _GREEN_PER_HA):
        shape = quartiere.geometry.iloc[at]
        for spot in _inside(shape, 1 + int(shape.area / 7e6), rng):
            turns = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
            size = rng.uniform(280, 640) * rng.uniform(0.75, 1.15, _CORNERS)
            round_ = np.column_stack([np.cos(turns), 0.7 * np.sin(turns)])
            corners = spot + round_ * size[:, None]
            blob = shapely.Polygon(corners).buffer(60).buffer(-60)
            inner = shapely.intersection(blob, shape.buffer(-40))
            if inner.geom_type == "Polygon" and inner.area > 40_000:
                parks.append((f"Musterpark {len(parks) + 1}", inner.simplify(4)))
    return parks


def _inside(shape: shapely.Geometry, number: int, rng: np.random.Generator) -> Points:
    """Random points in a polygon."""
    left, bottom, right, top = shape.bounds
    found: list[Points] = []
    while sum(map(len, found)) < number:
        points = rng.uniform((left, bottom), (right, top), size=(4 * number + 8, 2))
        found.append(points[shapely.contains_xy(shape, points[:, 0], points[:, 1])])
    return np.concatenate(found)[:number]


def _streets(
    quartiere: gpd.GeoDataFrame, residents: Points, rng: np.random.Generator
) -> list[tuple[str, int, shapely.LineString]]:
    """Streets with a name that no other has, each with the row of its Quartier."""
    names = rng.permutation(
        [f"{tree}{place}" for tree, place in product(_TREES.split(), _PLACES.split())]
    )
    numbers = np.maximum(3, (residents * _STREETS_PER_RESIDENT).astype(int))
    streets: list[tuple[str, int, shapely.LineString]] = []
    for at, number in enumerate(numbers.tolist()):
        shape = quartiere.geometry.iloc[at].buffer(-60)
        for start in _inside(shape, number, rng):
            turn = rng.uniform(0, 2 * np.pi)
            end = start + rng.uniform(120, 420) * np.array([np.cos(turn), np.sin(turn)])
            line = shapely.intersection(_curve(start, end, 0.05).simplify(3), shape)
            if line.geom_type == "LineString" and line.length > 40:
                streets.append((str(names[len(streets) % len(names)]), at, line))
    return streets


def _points(
    kind: str,
    residents: Points,
    streets: list[tuple[str, int, shapely.LineString]],
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """Places beside generated streets, more where more people live."""
    found = _at_streets(kind, residents, streets, rng)
    points = _named([(_NAMES[kind].format(street=name), spot) for name, spot in found])
    return points.assign(HINWEIS="Musterdaten")


def _with_pupils(
    schools: gpd.GeoDataFrame, quartiere: gpd.GeoDataFrame, density: Points, seed: int
) -> gpd.GeoDataFrame:
    """Give each school a number, pupils, and a social index that rises with density."""
    rng = np.random.default_rng([seed, 5])
    tree = shapely.STRtree(quartiere.geometry.values)
    rank = pd.Series(density).rank(pct=True).to_numpy()[tree.nearest(schools.geometry.values)]
    told = rank * _HIGHEST_INDEX + rng.normal(0, 1.2, len(schools))
    return schools.assign(
        SCHULNR=[f"M{number:03d}" for number in range(1, len(schools) + 1)],
        SCHUELER=rng.integers(110, 430, len(schools)),
        SOZIALINDEX=np.clip(np.ceil(told), 1, _HIGHEST_INDEX).astype(int),
    )


def _at_streets(
    kind: str,
    residents: Points,
    streets: list[tuple[str, int, shapely.LineString]],
    rng: np.random.Generator,
) -> Iterator[tuple[str, shapely.Point]]:
    holders = pd.Series([at for _, at, _ in streets])
    wanted = residents / 1000 * _PER_1000[kind]
    numbers = np.floor(wanted + rng.random(len(wanted))).astype(int)
    for at, number in enumerate(numbers.tolist()):
        own = holders.index[holders == at].to_numpy()
        for row in rng.choice(own, size=min(number, len(own)), replace=False):
            name, _, line = streets[row]
            yield name, shapely.line_interpolate_point(line, rng.random(), normalized=True)
