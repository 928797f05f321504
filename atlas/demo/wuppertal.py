"""The generated city, year by year: blocks and the tables that its offices deliver.

Musterdaten on the real boundaries of Wuppertal. Same seed and size, same tables. Knows no file
but the boundaries.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from atlas.config import find_city_dir, geodata_dir, load_city
from atlas.demo.blocks import block_numbers, tile
from atlas.demo.persons import first_persons, next_persons
from atlas.demo.profile import YEARS, read_profile, yearly_targets
from atlas.demo.registers import foreigner_register, population_register, sgb2_counts
from atlas.demo.surroundings import make_surroundings
from atlas.demo.town import make_town

CITY_ID = "wuppertal"

_BLOCKS = 5000
_M2_PER_HA = 10_000.0


@dataclass(frozen=True)
class Year:
    """What the three offices deliver for 31 December of a year."""

    year: int
    population: pa.Table
    foreigners: pa.Table
    sgb2: pa.Table


def make_blocks(size: float, seed: int) -> gpd.GeoDataFrame:
    """Tile the real Quartiere into blocks; see ``blocks.tile``."""
    profile, quartiere = read_profile(), _read_quartiere()
    numbers = block_numbers(
        profile["residents_2015"].to_numpy(dtype=float),
        quartiere.geometry.area.to_numpy() / _M2_PER_HA,
        round(_BLOCKS * size),
    )
    return tile(quartiere, numbers, seed)


def make_context(seed: int) -> Mapping[str, gpd.GeoDataFrame]:
    """Make up what lies between the areas; see ``surroundings``."""
    residents = read_profile()["residents_2015"].to_numpy(dtype=float)
    return make_surroundings(_read_quartiere(), residents, seed)


def make_years(blocks: gpd.GeoDataFrame, size: float, seed: int) -> Iterator[Year]:
    """Let the city live from the first reference date to the last."""
    profile = read_profile()
    town = make_town(blocks, profile, seed)
    persons: pd.DataFrame | None = None
    for year, targets in yearly_targets(profile, size, seed).items():
        rng = np.random.default_rng([seed, year])
        if persons is None:
            persons = first_persons(town, targets, year, rng)
        else:
            persons = next_persons(persons, town, targets, year, rng)
        yield Year(
            year,
            population_register(persons, blocks["BAUBLOCK"].to_numpy(), year),
            foreigner_register(persons, rng),
            sgb2_counts(persons, targets, profile["quartier"].to_numpy(), year),
        )


def reference_dates() -> tuple[str, ...]:
    """All reference dates of the demo as in the names of the files."""
    return tuple(f"{year}-12-31" for year in YEARS)


def _read_quartiere() -> gpd.GeoDataFrame:
    city_dir = find_city_dir(CITY_ID)
    path = geodata_dir(city_dir) / "quartiere.geojson"
    quartiere = gpd.read_file(path).to_crs(load_city(city_dir).city.crs)
    return quartiere.sort_values("QUARTIER", ignore_index=True)
