"""Boundaries that are broken: exit 12, naming the areas."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from atlas.demo import build_demo
from tests.command import Command


def _doubled_key(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return areas.assign(AREA_ID=areas["AREA_ID"].replace({"STGT02": "STGT01"}))


def _overlapping(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = areas.geometry.where(areas["AREA_ID"] != "STGT03", areas.geometry.buffer(200))
    return areas.set_geometry(shapes)


def _crossing_itself(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    left, low, right, high = areas.loc[areas["AREA_ID"] == "STGT04"].total_bounds
    bow = shapely.Polygon([(left, low), (right, high), (right, low), (left, high)])
    shapes = areas.geometry.where(areas["AREA_ID"] != "STGT04", bow)
    return areas.set_geometry(shapes)


def _without_area(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = areas.geometry.where(areas["AREA_ID"] != "STGT05", shapely.Polygon())
    return areas.set_geometry(shapes)


def _a_point(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = areas.geometry.where(areas["AREA_ID"] != "STGT06", areas.geometry.centroid)
    return areas.set_geometry(shapes)


BREAKAGES: dict[str, tuple[Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame], list[str]]] = {
    "key twice": (_doubled_key, ["mehrfach", "STGT01"]),
    "overlap": (_overlapping, ["überlappen", "STGT03"]),
    "crossing itself": (_crossing_itself, ["ungültig", "STGT04"]),
    "no area": (_without_area, ["ohne Fläche", "STGT05"]),
    "a point": (_a_point, ["keine Polygone", "STGT06"]),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_message_names_the_areas(name: str, flensburg_dir: Path, command: Command) -> None:
    break_areas, wanted = BREAKAGES[name]
    path = flensburg_dir / "geodata" / "stadtteile.gpkg"
    areas = gpd.read_file(path)
    path.unlink()
    break_areas(areas).to_file(path, driver="GPKG")
    _assert_refused(flensburg_dir, command, ["stadtteile.gpkg", *wanted])


def test_missing_column_is_named(flensburg_dir: Path, command: Command) -> None:
    path = flensburg_dir / "geodata" / "stadtteile.gpkg"
    areas = gpd.read_file(path)
    path.unlink()
    areas.drop(columns="AREA_ID").to_file(path, driver="GPKG")
    _assert_refused(flensburg_dir, command, ["stadtteile.gpkg", "„AREA_ID“"])


def test_missing_file_is_named(flensburg_dir: Path, command: Command) -> None:
    (flensburg_dir / "geodata" / "stadtteile.gpkg").unlink()
    _assert_refused(flensburg_dir, command, ["stadtteile.gpkg", "fehlt"])


def test_no_boundaries_at_all(flensburg_dir: Path, command: Command) -> None:
    path = flensburg_dir / "geodata" / "stadtteile.gpkg"
    path.write_text("<html>Anmeldung</html>", encoding="utf-8")
    _assert_refused(flensburg_dir, command, ["stadtteile.gpkg", "nicht lesbar"])


def test_area_outside_of_its_parent(flensburg_dir: Path, command: Command) -> None:
    areas = gpd.read_file(flensburg_dir / "geodata" / "stadtteile.gpkg")
    halves = pd.Series(["N", "S"]).repeat([6, len(areas) - 6]).to_list()
    areas = areas.sort_values("AREA_ID", ignore_index=True).assign(PARENT=halves)
    districts = areas.dissolve("PARENT").reset_index()[["PARENT", "geometry"]]
    areas.loc[0, "PARENT"] = "S"
    wrong = areas.loc[0, "AREA_ID"]
    geodata_dir = flensburg_dir / "geodata"
    (geodata_dir / "stadtteile.gpkg").unlink()
    areas.to_file(geodata_dir / "stadtteile.gpkg", driver="GPKG")
    districts.to_file(geodata_dir / "bezirke.gpkg", driver="GPKG")
    with (flensburg_dir / "areas.toml").open("a", encoding="utf-8") as file:
        file.write('parent = "PARENT"\n\n[editions.district]\n')
        file.write('file = "bezirke.gpkg"\nkey = "PARENT"\n\n')
        file.write('[kinds.district]\nlabel = "Bezirk"\nplural = "Bezirke"\n')
    _assert_refused(flensburg_dir, command, ["quartier", "außerhalb", wrong])


def _assert_refused(city_dir: Path, command: Command, wanted: list[str]) -> None:
    build_demo("flensburg", command.home, lambda step, done, total: None)
    done = command.run("run", "--city", city_dir)
    assert done.err.startswith("Fehler: ")
    assert done.err.count("\n") == 1
    for part in wanted:
        assert part in done.err
    assert done.exit_code == 12
    assert not list((command.home / "releases").glob("flensburg/*-12-31.*"))
