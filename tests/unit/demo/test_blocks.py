import geopandas as gpd
import numpy as np
import pytest
import shapely

from atlas.demo.blocks import block_numbers, tile

TWO = gpd.GeoDataFrame(
    {"QUARTIER": ["07", "08"]},
    geometry=[
        shapely.box(0, 0, 600, 400),
        shapely.Polygon([(600, 0), (1400, 0), (1400, 900), (900, 900), (600, 400)]),
    ],
    crs="EPSG:25832",
)


@pytest.fixture(scope="module")
def blocks() -> gpd.GeoDataFrame:
    return tile(TWO, [30, 60], seed=1)


def test_blocks_are_a_valid_coverage(blocks: gpd.GeoDataFrame) -> None:
    assert shapely.coverage_is_valid(blocks.geometry.values)
    assert blocks.geometry.is_valid.all()


def test_blocks_fill_their_quartier_and_nothing_else(blocks: gpd.GeoDataFrame) -> None:
    for quartier, shape in zip(TWO["QUARTIER"], TWO.geometry, strict=True):
        mine = shapely.union_all(blocks.geometry.values[blocks["QUARTIER"] == quartier])
        assert shapely.symmetric_difference(mine, shape).area < 0.5


def test_blocks_are_about_as_many_as_asked_for(blocks: gpd.GeoDataFrame) -> None:
    found = blocks["QUARTIER"].value_counts()

    assert 28 <= found["07"] <= 32
    assert 57 <= found["08"] <= 64


def test_keys_are_the_quartier_and_a_serial_of_four_digits(blocks: gpd.GeoDataFrame) -> None:
    for quartier, mine in blocks.groupby("QUARTIER")["BAUBLOCK"]:
        assert list(mine) == [f"{quartier}{n:04d}" for n in range(1, len(mine) + 1)]


def test_no_sliver_is_left(blocks: gpd.GeoDataFrame) -> None:
    assert blocks.geometry.area.min() >= 200


def test_the_seed_decides(blocks: gpd.GeoDataFrame) -> None:
    again, other = tile(TWO, [30, 60], seed=1), tile(TWO, [30, 60], seed=2)

    assert again.geometry.to_wkb().equals(blocks.geometry.to_wkb())
    assert not other.geometry.to_wkb().equals(blocks.geometry.to_wkb())


def test_dense_quartiere_get_more_blocks_per_hectare() -> None:
    residents, hectares = np.array([16_000.0, 2_000.0, 10.0]), np.array([100.0, 1000.0, 1.0])
    dense, wide, tiny = block_numbers(residents, hectares, total=1000)

    assert dense + wide + tiny == pytest.approx(1000, abs=10)
    assert dense / 100 > 10 * wide / 1000
    assert tiny == 8  # never fewer
