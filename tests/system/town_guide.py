"""Musterstadt's boundaries and deliveries, and the guide docs/neue-stadt.md as a script.

Four Quartiere of 20 square blocks. Every block has some forty residents, but one
block in each of Hafen and Waldheim has two residents.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely

from tests.command import PROJECT_DIR

GUIDE_PATH = PROJECT_DIR / "docs" / "neue-stadt.md"
NAMES = {"01": "Altstadt", "02": "Bahnhof", "03": "Hafen", "04": "Waldheim"}
SMALL_BLOCKS = ("03007", "04012")
_BLOCKS = 20
_SIDE_M = 100.0
_ORIGIN = (370_000.0, 5_680_000.0)
_ADULT, _CHILD = "01.07.1984", "01.07.2014"
_BLOCK = re.compile(
    r"(?:`(?P<file>[\w./-]+)`\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL
)


@dataclass(frozen=True)
class Guide:
    """Code blocks of the guide: files by name, commands in their order, first CSV lines."""

    files: dict[str, str]
    commands: str
    samples: dict[str, str]


def read_guide() -> Guide:
    """Take the code blocks out of the guide."""
    found = list(_BLOCK.finditer(GUIDE_PATH.read_text(encoding="utf-8")))
    return Guide(
        files={one["file"]: one["text"] for one in found if one["kind"] == "toml"},
        commands="".join(one["text"] for one in found if one["kind"] == "sh"),
        samples={one["file"]: one["text"] for one in found if one["kind"] == "csv"},
    )


def write_boundaries(directory: Path) -> None:
    """Write ``quartiere.gpkg`` and ``bloecke.gpkg``: a row of Quartiere, each 5 × 4 blocks."""
    directory.mkdir()
    rows = [
        {"BLOCK": _block(quartier, number), "QUARTIER": quartier, "geometry": square}
        for column, quartier in enumerate(NAMES)
        for number, square in enumerate(_squares(5 * column), start=1)
    ]
    blocks = gpd.GeoDataFrame(rows, crs="EPSG:25832")
    quartiere = blocks.dissolve("QUARTIER").reset_index()[["QUARTIER", "geometry"]]
    quartiere["NAME"] = quartiere["QUARTIER"].map(NAMES)
    blocks.to_file(directory / "bloecke.gpkg", driver="GPKG")
    # Another coordinate system and format than the city's own must do as well.
    quartiere.to_crs("EPSG:4326").to_file(directory / "quartiere.gpkg", driver="GPKG")


def write_deliveries(directory: Path, samples: dict[str, str]) -> None:
    """Write both deliveries with the header and form that the guide shows."""
    directory.mkdir()
    register, sgb2 = (text.splitlines()[0] for text in samples.values())
    people = [
        line
        for quartier in NAMES
        for number in range(1, _BLOCKS + 1)
        for line in _people(_block(quartier, number))
    ]
    benefits = ["01;120;40", "02;60;20", "03;90;35", "04;24;6"]
    for name, lines in zip(samples, ([register, *people], [sgb2, *benefits]), strict=True):
        path = directory.parent / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _people(block: str) -> list[str]:
    if block in SMALL_BLOCKS:
        return [f"{block};{_ADULT};000;", f"{block};{_CHILD};163;"]
    return [
        *([f"{block};{_ADULT};000;"] * (20 + int(block[:2]))),
        *([f"{block};{_ADULT};163;"] * 8),
        *([f"{block};{_CHILD};000;"] * 6),
        *([f"{block};{_CHILD};000;792"] * 5),
    ]


def _block(quartier: str, number: int) -> str:
    return f"{quartier}{number:03d}"


def _squares(first_column: int) -> list[shapely.Polygon]:
    corners = [
        (_ORIGIN[0] + _SIDE_M * (first_column + column), _ORIGIN[1] + _SIDE_M * row)
        for row in range(4)
        for column in range(5)
    ]
    return [shapely.box(x, y, x + _SIDE_M, y + _SIDE_M) for x, y in corners]
