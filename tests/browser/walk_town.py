"""Wandelstadt: ten Quartiere of six blocks, published by the office itself for three dates.

2022 and 2023 are final; of 2024 the BA's counts are not there yet. Quartier 12 has the highest
need and blocks with one or two refugees, which are hidden. Nothing here is a real town.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from atlas.confidential.desk import open_desk
from atlas.confidential.run import run
from atlas.home import Home
from atlas.release import Release, list_releases, open_release
from tests.town_office import Watcher, ba_csv, ewo_csv, office_tables, write_city
from tests.year_town import lay_in

CITY = "wandelstadt"
TOP = "12"
NAMES = {
    "11": "Altstadt",
    "12": "Äußere Vorstadt",
    "13": "Bahnhof",
    "14": "Gartenstadt",
    "15": "Schloßberg",
    "21": "Waldheim",
    "22": "Am Hafen",
    "23": "Stadtwald",
    "24": "Mühlenfeld",
    "25": "Siedlung Süd",
}
# Per block of each Quartier: residents; percent migrants, children, migrants of the children.
PEOPLE = {
    "11": (60, 40, 20, 50),
    "12": (90, 55, 30, 60),
    "13": (50, 45, 20, 50),
    "14": (30, 10, 25, 10),
    "15": (25, 8, 20, 10),
    "21": (40, 20, 20, 20),
    "22": (3, 40, 0, 0),  # 39 residents: not classified
    "23": (0, 0, 0, 0),
    "24": (45, 25, 22, 25),
    "25": (70, 35, 25, 40),
}
SGB2 = {
    "11": (70, 20),
    "12": (190, 70),
    "13": (70, 22),
    "14": (9, 3),
    "15": (6, 0),
    "21": (24, 8),
    "22": (4, 0),
    "23": (0, 0),
    "24": (40, 12),
    "25": (80, 30),
}
# Refugees per block of Quartier 12 and 25; one and two are hidden.
REFUGEES = {"12": (14, 2, 1, 9, 0, 12), "25": (5, 4, 6, 2, 1, 8)}
Counts = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Town:
    """Wandelstadt on disk: its configuration and its home."""

    city_dir: Path
    home: Path

    @property
    def releases_dir(self) -> Path:
        return self.home / "releases" / CITY

    def release(self, name: str) -> Release:
        return open_release(self.releases_dir / name)

    def names(self) -> list[str]:
        return [ref.name for ref in list_releases(self.releases_dir)]


def make_town(root: Path) -> Town:
    """Configure the town, receive its deliveries, publish: what the office does."""
    city_dir = write_city(root / "city", _tables())
    for kind, file in (("block", "bloecke"), ("quartier", "quartiere")):
        _layer(kind).to_file(city_dir / "geodata" / f"{file}.gpkg")
    town = Town(city_dir, root / "home")
    lay_in(town.home, _deliveries("2022-12-31", {"13": 0.6, "24": 1.4, "25": 0.7}))
    lay_in(town.home, _deliveries("2023-12-31", {}))
    latest = _deliveries("2024-12-31", {"11": 1.1, "21": 1.2})
    del latest["ba_2024-12-31.csv"]
    lay_in(town.home, latest)
    # One key is another person at each date here; an office would ask why.
    result = run(open_desk(city_dir, Home(town.home), Watcher()), "Erfundene Personen")
    assert not result.errors
    return town


def late_ba() -> str:
    """What the BA delivers at last for 2024: less in Quartier 13, more in 24."""
    return ba_csv({**SGB2, "13": (40, 12), "24": (58, 17)})


def _tables() -> dict[str, Any]:
    tables = office_tables()
    tables["city"] |= {"id": CITY, "name": "Wandelstadt", "title": "Sozialatlas Wandelstadt"}
    tables["protection"]["scope"] = "cell"
    tables["indicators"]["indicators"]["refugee_share"] = {
        "label": "Flüchtlingsanteil",
        "numerator": ["refugees"],
        "denominator": ["residents"],
        "groups": ["all"],
    }
    return tables


def _deliveries(day: str, factors: Mapping[str, float]) -> dict[str, str]:
    """Deliveries of one date, with more or fewer people in some Quartiere."""
    blocks = {
        f"{quartier}0{n}": _people(round(factors.get(quartier, 1) * people[0]) + n, people)
        for quartier, people in PEOPLE.items()
        for n in range(1, 7)
    }
    counts = {
        key: (round(factors.get(key, 1) ** 2 * all_), round(factors.get(key, 1) * young))
        for key, (all_, young) in SGB2.items()
    }
    return {
        f"ewo_{day}.csv": ewo_csv(blocks),
        f"alw_{day}.csv": _alw_csv(blocks),
        f"ba_{day}.csv": ba_csv(counts),
    }


def _people(residents: int, people: tuple[int, ...]) -> tuple[int, int, int, int]:
    everyone, migrants, children, young_migrants = people
    if not everyone:
        return 0, 0, 0, 0
    young = residents * children // 100
    return residents, residents * migrants // 100, young, young * young_migrants // 100


def _alw_csv(blocks: Mapping[str, tuple[int, int, int, int]]) -> str:
    rows = ["ID;TITEL"]
    for quartier, per_block in REFUGEES.items():
        for n, count in enumerate(per_block, start=1):
            block = f"{quartier}0{n}"
            first_adult = blocks[block][2]
            rows += [f"P{block}-{first_adult + at};24" for at in range(count)]
    return "\n".join(rows) + "\n"


def _layer(kind: str) -> gpd.GeoDataFrame:
    """Blocks are squares of 100 m, three by two make a Quartier, five Quartiere a district."""
    rows = [
        {"KEY": f"{quartier}0{n + 1}", "NAME": f"{quartier}0{n + 1}", "PARENT": quartier}
        | {"geometry": _square(quartier, n)}
        for quartier in NAMES
        for n in range(6)
    ]
    blocks = gpd.GeoDataFrame(rows, crs="EPSG:25832")
    if kind == "block":
        return blocks
    merged = blocks.dissolve("PARENT")[["geometry"]].reset_index(names="KEY")
    parents = merged["KEY"].str[:1]
    return merged.assign(NAME=merged["KEY"].map(NAMES), PARENT=parents)


def _square(quartier: str, n: int) -> shapely.Polygon:
    x = 370_000.0 + 300 * (int(quartier[1]) - 1) + 100 * (n % 3)
    y = 5_680_000.0 - 200 * int(quartier[0]) - 100 * (n // 3)
    return shapely.box(x, y, x + 100, y + 100)
