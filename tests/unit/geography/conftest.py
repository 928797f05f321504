from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from atlas.config import City, Edition
from atlas.geography import load_areas
from tests.town_office import layer_of
from tests.unit.geography.layers import CITY, Load


@pytest.fixture
def geodata_dir(tmp_path: Path) -> Path:
    for kind, file in (
        ("block", "bloecke"),
        ("quartier", "quartiere"),
        ("district", "bezirke"),
    ):
        layer_of(kind).to_file(tmp_path / f"{file}.gpkg")
    return tmp_path


@pytest.fixture
def load(geodata_dir: Path) -> Load:
    def load_edition(city: City = CITY, **layers: dict[str, Any]) -> gpd.GeoDataFrame:
        edition = Edition.model_validate({"id": date(2020, 1, 1), **layers})
        return load_areas(city, edition, [geodata_dir])

    return load_edition
