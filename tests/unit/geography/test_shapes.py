"""Checking areas: every way shapes and their nesting can be broken."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from atlas.errors import GeographyError
from tests.factories import CITY_KEY
from tests.town_office import layer_of
from tests.unit.geography.layers import BLOCKS, QUARTIERE, Load, layer_with, shape_of

# ---- geometry -----------------------------------------------------------------------------

BOW = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
BROKEN_SHAPES: dict[str, tuple[Callable[[], gpd.GeoDataFrame], str]] = {
    "key twice": (
        lambda: layer_of("quartier").assign(KEY=["11", "11", "13", "21", "22", "23"]),
        "Schlüssel mehrfach vorhanden: 11. ",
    ),
    "no key": (
        lambda: layer_of("quartier").assign(KEY=["11", None, "13", "21", "22", "23"]),
        "Gebiete ohne Schlüssel",
    ),
    "blank key": (
        lambda: layer_of("quartier").assign(KEY=["11", " ", "13", "21", "22", "23"]),
        "Gebiete ohne Schlüssel",
    ),
    "crossing itself": (
        lambda: layer_with({"12": BOW}),
        r"ungültig \(z. B. Selbstschnitt\): 12\.",
    ),
    "empty": (lambda: layer_with({"13": shapely.Polygon()}), "ohne Fläche: 13"),
    "none": (lambda: layer_with({"13": None}), "ohne Fläche: 13"),
    "line": (
        lambda: layer_with({"21": shapely.LineString([(0, 0), (1, 1)])}),
        "keine Polygone: 21",
    ),
    "overlap": (
        lambda: layer_with({"11": shape_of("11").buffer(5)}),
        r"Gebiete überlappen einander: 11, 12, 21\.",
    ),
    "drawn twice": (lambda: layer_with({"12": shape_of("11")}), "überlappen einander: 11, 12"),
}


@pytest.mark.parametrize("name", BROKEN_SHAPES)
def test_broken_shapes_name_the_areas(load: Load, geodata_dir: Path, name: str) -> None:
    break_layer, message = BROKEN_SHAPES[name]
    break_layer().to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match=message) as caught:
        load(quartier=QUARTIERE)
    assert "quartiere.gpkg (Gebietsstand 2020-01-01)" in str(caught.value)


@pytest.mark.parametrize(("metres", "is_fine"), [(0.0999, True), (0.11, False)])
def test_slivers_are_tolerated_up_to_the_limit(
    load: Load, geodata_dir: Path, metres: float, is_fine: bool
) -> None:
    """Quartiere of 2 ha may overlap by 20 m², one part in a thousand: 0.1 m on 200 m."""
    left, low, right, high = shape_of("21").bounds
    wider = shapely.box(left, low - metres, right, high)
    layer_with({"21": wider}).to_file(geodata_dir / "quartiere.gpkg")
    if is_fine:
        assert len(load(quartier=QUARTIERE)) == 7
    else:
        with pytest.raises(GeographyError, match="überlappen einander: 11, 21"):
            load(quartier=QUARTIERE)


def test_gaps_between_areas_are_streets(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.set_geometry(layer.buffer(-8, join_style="mitre")).to_file(
        geodata_dir / "quartiere.gpkg"
    )
    areas = load(quartier=QUARTIERE)
    assert areas["area_ha"].iloc[0] == pytest.approx(184 * 84 / 10_000)


def test_islands_and_holes_are_fine(load: Load, geodata_dir: Path) -> None:
    left, low, _, _ = shape_of("11").bounds
    exclave = shapely.box(left + 20, low + 20, left + 60, low + 60)
    shapes = {
        "11": shape_of("11").difference(exclave),
        "23": shapely.union_all([shape_of("23"), exclave]),
    }
    layer_with(shapes).to_file(geodata_dir / "quartiere.gpkg")
    areas = load(quartier=QUARTIERE).set_index("area_id")
    assert areas["area_ha"]["11"] == pytest.approx(2 - 0.16)
    assert areas["area_ha"]["23"] == pytest.approx(2 + 0.16)
    assert areas["area_ha"][CITY_KEY] == pytest.approx(12)


def test_heights_are_dropped(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    layer.set_geometry(shapely.force_3d(layer.geometry.values, 5.0), crs=layer.crs).to_file(
        geodata_dir / "quartiere.gpkg"
    )
    assert not load(quartier=QUARTIERE).has_z.any()


# ---- nesting ------------------------------------------------------------------------------


def _load_blocks(load: Load, geodata_dir: Path, blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    blocks.to_file(geodata_dir / "bloecke.gpkg")
    return load(block=BLOCKS, quartier=QUARTIERE)


def test_orphan(load: Load, geodata_dir: Path) -> None:
    blocks = layer_of("block").assign(PARENT=["99", *["11"] * 11])
    with pytest.raises(GeographyError, match=r"übergeordnetes Gebiet \(quartier\) fehlt: 1101"):
        _load_blocks(load, geodata_dir, blocks)


def test_child_outside_of_its_parent(load: Load, geodata_dir: Path) -> None:
    blocks = layer_of("block")
    blocks["PARENT"] = blocks["PARENT"].where(blocks["KEY"] != "1202", "11")
    with pytest.raises(GeographyError, match=r"block: liegt außerhalb .*\(quartier\): 1202"):
        _load_blocks(load, geodata_dir, blocks)


def test_parent_without_children(load: Load, geodata_dir: Path) -> None:
    blocks = layer_of("block")
    few = blocks[blocks["PARENT"] != "13"]
    with pytest.raises(GeographyError, match=r"block: nichts liegt in Gebiet \(quartier\): 13"):
        _load_blocks(load, geodata_dir, few)


@pytest.mark.parametrize(("metres", "is_fine"), [(0.0999, True), (0.11, False)])
def test_child_may_stick_out_up_to_the_limit(
    load: Load, geodata_dir: Path, metres: float, is_fine: bool
) -> None:
    """Ten m², here 0.1 m on 100 m, are tolerated."""
    blocks = layer_of("block").set_index("KEY")
    left, low, right, high = blocks.geometry["1101"].bounds
    blocks.loc["1101", "geometry"] = shapely.box(left - metres, low, right, high)
    layer = blocks.reset_index().set_crs("EPSG:25832", allow_override=True)
    if is_fine:
        assert len(_load_blocks(load, geodata_dir, layer)) == 19
    else:
        with pytest.raises(GeographyError, match="liegt außerhalb"):
            _load_blocks(load, geodata_dir, layer)
