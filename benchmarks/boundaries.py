"""How long boundaries of a million vertices take to be read and checked.

    .venv/bin/python -m benchmarks.boundaries [VERTICES]

One city of 70 × 70 Quartiere whose borders wind; every border belongs to two of them.
"""

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from atlas.config import City, Edition
from atlas.geography import load_areas

_SIDE = 70
_METRES = 400.0
_FORMS = ("gpkg", "geojson", "shp", "fgb")
_CITY = City(
    format=1,
    id="dicht",
    key="05999000",
    name="Dicht",
    title="Dicht",
    crs="EPSG:25832",
    credits=(),
)


def quartiere(vertices: int) -> gpd.GeoDataFrame:
    """Squares with winding sides, together of about so many vertices."""
    steps = max(2, vertices // (4 * _SIDE**2))
    along = np.linspace(0, 1, steps, endpoint=False)
    aside = 0.05 * np.sin(np.arange(steps) * 0.7) * np.sin(np.pi * along)
    across, up = np.column_stack([along, aside]), np.column_stack([aside, along])
    keys, shapes = [], []
    for row in range(_SIDE):
        for column in range(_SIDE):
            right, high = up + [1, 0], across + [0, 1]
            ends = np.array([[1.0, 1.0]]), np.array([[0.0, 1.0]])
            back_high = np.vstack([ends[0], high[:0:-1]])
            back_left = np.vstack([ends[1], up[:0:-1]])
            ring = np.vstack([across, right, back_high, back_left]) + [column, row]
            keys.append(f"{row:02d}{column:02d}")
            shapes.append(shapely.Polygon(np.round(ring * _METRES + [350_000, 5_670_000], 3)))
    return gpd.GeoDataFrame({"KEY": keys, "NAME": keys}, geometry=shapes, crs="EPSG:25832")


def main(vertices: int) -> None:
    layer = quartiere(vertices)
    count = int(shapely.get_num_coordinates(layer.geometry.values).sum())
    print(f"{len(layer)} areas, {count} vertices")
    with tempfile.TemporaryDirectory() as scratch:
        for form in _FORMS:
            layer.to_file(Path(scratch) / f"a.{form}")
        for form in _FORMS:
            for extra in ({}, {"repair": True}):
                edition = Edition.model_validate(
                    {
                        "id": date(2020, 1, 1),
                        "quartier": {"file": f"a.{form}", "key": "KEY", **extra},
                    }
                )
                start, busy = time.perf_counter(), time.process_time()
                load_areas(_CITY, edition, [Path(scratch)])
                how = " with repair" if extra else ""
                took, used = time.perf_counter() - start, time.process_time() - busy
                print(f"{form}{how}: {took:.1f} s, {used:.1f} s of processor time")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
