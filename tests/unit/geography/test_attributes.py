"""Keys, names and parents of areas, out of files as they are published."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pydantic import ValidationError

from atlas.config import Layer
from atlas.errors import GeographyError
from atlas.geography import areas_above, keys_of
from atlas.terms import Kind
from tests.factories import town_areas
from tests.town_office import layer_of
from tests.unit.geography.layers import BLOCKS, QUARTIERE, Load

KEYS = ["11", "12", "13", "21", "22", "23"]


def _quartiere(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    return areas[areas["kind"] == Kind.QUARTIER].set_index("area_id")


def _more(extra: dict[str, Any], shape: shapely.Geometry | None = None) -> gpd.GeoDataFrame:
    """Quartiere with one more feature."""
    layer = layer_of("quartier")
    last = gpd.GeoDataFrame([extra], geometry=[shape or layer.union_all()], crs=layer.crs)
    return pd.concat([layer.assign(ART="Quartier"), last], ignore_index=True)


# ---- width --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["quartiere.gpkg", "quartiere.geojson", "quartiere.fgb"])
@pytest.mark.parametrize("as_number", ["int64", "float64"])
def test_lost_zeros_come_back(load: Load, geodata_dir: Path, form: str, as_number: str) -> None:
    layer = layer_of("quartier")
    numbers = layer["KEY"].astype(int) - 10
    layer.assign(KEY=numbers.astype(as_number)).to_file(geodata_dir / form)
    areas = load(quartier={**QUARTIERE, "file": form, "width": 2})
    assert keys_of(areas, Kind.QUARTIER) == {"01", "02", "03", "11", "12", "13"}


def test_zeros_lost_in_one_of_two_layers_are_named(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.assign(KEY=layer["KEY"].astype(int)).to_file(geodata_dir / "quartiere.gpkg")
    blocks = layer_of("block")
    blocks.assign(PARENT="0" + blocks["PARENT"]).to_file(geodata_dir / "bloecke.gpkg")
    with pytest.raises(GeographyError, match="fehlen führende Nullen: width = 3"):
        load(block=BLOCKS, quartier=QUARTIERE)
    areas = load(block=BLOCKS, quartier={**QUARTIERE, "width": 3})
    assert areas.set_index("area_id")["parent_id"]["1101"] == "011"


def test_zeros_lost_in_the_parents_come_back_too(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.assign(KEY="0" + layer["KEY"]).to_file(geodata_dir / "quartiere.gpkg")
    areas = load(block=BLOCKS, quartier={**QUARTIERE, "width": 3})
    assert areas.set_index("area_id")["parent_id"]["2302"] == "023"


# ---- filter -------------------------------------------------------------------------------

FILTERS: dict[str, dict[str, Any]] = {
    "one value": {"ART": {"is_in": ["Quartier"]}},
    "several": {"ART": {"is_in": ["Quartier", "Weiler"]}},
    "not": {"ART": {"not_in": ["Gemeindefreies Gebiet"]}},
    "key": {"KEY": {"not_in": ["XX"]}},
    "filled": {"PARENT": {"is_filled": True}},
    "two columns": {"KEY": {"not_in": ["99"]}, "PARENT": {"is_filled": True}},
}


@pytest.mark.parametrize("name", FILTERS)
def test_rows_are_chosen_by_their_columns(load: Load, geodata_dir: Path, name: str) -> None:
    layer = _more({"KEY": "XX", "NAME": "Wald", "PARENT": None, "ART": "Gemeindefreies Gebiet"})
    layer.to_file(geodata_dir / "quartiere.gpkg")
    areas = load(quartier={**QUARTIERE, "filter": FILTERS[name]})
    assert list(_quartiere(areas).index) == KEYS


def test_filter_that_leaves_nothing(load: Load) -> None:
    with pytest.raises(GeographyError, match="nach dem Filter bleibt kein Gebiet"):
        load(quartier={**QUARTIERE, "filter": {"KEY": {"is_in": ["99"]}}})


def test_filter_on_a_column_that_is_missing(load: Load) -> None:
    with pytest.raises(GeographyError, match="Spalte „WEG“ fehlt. filter in areas.toml"):
        load(quartier={**QUARTIERE, "filter": {"WEG": {"is_filled": True}}})


# ---- pattern ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("{key} {name}", r"(?P<key>\d+) (?P<name>.*)"),
        ("{name} ({key})", r"(?P<name>.*) \((?P<key>\d+)\)"),
        ("Quartier {key}: {name}", r"Quartier (?P<key>\d+): (?P<name>.*)"),
        ("05999{key} - {name}", r"05999(?P<key>\d\d) - (?P<name>.+)"),
    ],
)
def test_key_and_name_in_one_column(
    load: Load, geodata_dir: Path, text: str, pattern: str
) -> None:
    layer = layer_of("quartier")
    both = [
        text.format(key=k, name=n) for k, n in zip(layer["KEY"], layer["NAME"], strict=True)
    ]
    layer.assign(BEIDES=both).to_file(geodata_dir / "quartiere.gpkg")
    areas = load(quartier={"file": "quartiere.gpkg", "key": "BEIDES", "pattern": pattern})
    assert _quartiere(areas)["name"]["12"] == "Äußere Vorstadt"


def test_pattern_for_the_key_alone(load: Load) -> None:
    areas = load(quartier={**QUARTIERE, "pattern": r"(?P<key>\d\d)"})
    assert _quartiere(areas)["name"]["12"] == "Äußere Vorstadt"


def test_texts_that_miss_the_pattern_are_named(load: Load) -> None:
    with pytest.raises(GeographyError, match=r"3 von 6 Texten .* pattern \(21, 22"):
        load(quartier={**QUARTIERE, "pattern": r"(?P<key>1\d)"})


def test_pattern_needs_a_key() -> None:
    with pytest.raises(ValidationError, match=r"\(\?P<key>…\) fehlt"):
        Layer(pattern=r"(\d+) (.*)")


# ---- several features of one key ----------------------------------------------------------


def _in_halves() -> gpd.GeoDataFrame:
    layer = layer_of("quartier").reset_index(drop=True)
    left, low, right, high = layer.geometry[0].bounds
    layer.loc[0, "geometry"] = shapely.box(left, low, (left + right) / 2, high)
    half = layer.iloc[[0]].set_geometry(
        [shapely.box((left + right) / 2, low, right, high)], crs=layer.crs
    )
    return pd.concat([layer, half], ignore_index=True)


def test_parts_of_an_area_are_united_when_declared(load: Load, geodata_dir: Path) -> None:
    wanted = load(block=BLOCKS, quartier=QUARTIERE)
    _in_halves().to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match="mehrfach vorhanden: 11.*unite = true"):
        load(quartier=QUARTIERE)
    areas = load(block=BLOCKS, quartier={**QUARTIERE, "unite": True})
    assert areas.drop(columns="geometry").equals(wanted.drop(columns="geometry"))


def test_parts_in_different_parents_are_refused(load: Load, geodata_dir: Path) -> None:
    halves = _in_halves()
    halves.loc[6, "PARENT"] = "2"
    halves.to_file(geodata_dir / "quartiere.gpkg")
    quartiere = {**QUARTIERE, "parent": "PARENT", "unite": True}
    with pytest.raises(GeographyError, match="verschiedene übergeordnete Gebiete: 11"):
        load(quartier=quartiere, district={})


# ---- parents ------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["by area", "by pattern", "by group"])
def test_parents_without_a_column(load: Load, how: str) -> None:
    wanted = load(block=BLOCKS, quartier=QUARTIERE)
    pattern = {"by area": "", "by pattern": r"^\d\d", "by group": r"^(\d\d)\d\d$"}[how]
    blocks = {"file": "bloecke.gpkg", "key": "KEY", "parent_pattern": pattern}
    areas = load(block=blocks, quartier=QUARTIERE)
    assert areas.drop(columns="geometry").equals(wanted.drop(columns="geometry"))


def test_the_larger_part_decides(load: Load, geodata_dir: Path) -> None:
    """A block that reaches 4 cm into the neighbour is not the neighbour's."""
    blocks = layer_of("block").set_index("KEY")
    left, low, right, high = blocks.geometry["1102"].bounds
    blocks.loc["1102", "geometry"] = shapely.box(left, low, right + 0.04, high)
    blocks.reset_index().set_crs("EPSG:25832", allow_override=True).to_file(
        geodata_dir / "bloecke.gpkg"
    )
    areas = load(block={"file": "bloecke.gpkg", "key": "KEY"}, quartier=QUARTIERE)
    assert areas.set_index("area_id")["parent_id"]["1102"] == "11"


def test_block_in_no_quartier_has_no_parent(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer[layer["KEY"] != "23"].to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match=r"\(quartier\) fehlt: 2301, 2302"):
        load(block={"file": "bloecke.gpkg", "key": "KEY"}, quartier=QUARTIERE)


def test_districts_by_pattern_of_the_key(load: Load) -> None:
    areas = load(quartier={**QUARTIERE, "parent_pattern": r"^\d"}, district={})
    assert keys_of(areas, Kind.DISTRICT) == {"1", "2"}


# ---- releases -----------------------------------------------------------------------------


def test_keys_that_are_not_used_stand_in_no_release() -> None:
    assert set(Layer(file="a.gpkg", key="KEY").model_dump(mode="json")) == {
        "file",
        "key",
        "name",
        "parent",
        "strip",
        "names",
    }


def test_larger_areas_are_found_by_key_and_by_a_name_that_is_theirs_alone() -> None:
    above = areas_above(town_areas(), Kind.QUARTIER)
    nord = frozenset({"11", "12", "13"})
    assert above[Kind.DISTRICT]["1"] == above[Kind.DISTRICT]["Nord"] == nord
    twins = town_areas().replace({"name": {"Süd": "Nord"}})
    assert "Nord" not in areas_above(twins, Kind.QUARTIER)[Kind.DISTRICT]
