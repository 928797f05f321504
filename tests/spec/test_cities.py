"""The three configured cities: what a new city copies has to be right."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.config import CityConfig, find_city_dir, geodata_dir, load_city
from atlas.geography import keys_of, load_areas
from atlas.terms import Group, Kind

CITIES = ["wuppertal", "flensburg", "berlin"]
KEYS = {"wuppertal": "05124000", "flensburg": "01001000", "berlin": "11000000"}
NUMBERS = {"wuppertal": (69, 10), "flensburg": (13, 0), "berlin": (542, 12)}
DATA_DIR = Path(__file__).parents[2] / "atlas" / "demo" / "data"


def config_of(city: str) -> CityConfig:
    return load_city(find_city_dir(city))


def areas_of(city: str) -> gpd.GeoDataFrame:
    config = config_of(city)
    # The blocks of Wuppertal are generated, so they are not in the project.
    edition = config.areas.editions[-1].model_copy(update={"block": None})
    return load_areas(config.city, edition, [geodata_dir(find_city_dir(city))])


@pytest.mark.parametrize("city", CITIES)
def test_configuration_loads_and_names_the_city(city: str) -> None:
    config = config_of(city)

    assert (config.city.id, config.city.key) == (city, KEYS[city])
    assert config.city.sample_data == (city == "wuppertal")
    assert config.city.crs == ("EPSG:25833" if city == "berlin" else "EPSG:25832")


@pytest.mark.parametrize("city", CITIES)
def test_every_indicator_and_measure_is_delivered(city: str) -> None:
    config = config_of(city)
    delivered = set().union(*(config.items_of(layout) for layout in config.deliveries.layouts))

    assert {name for name, _ in delivered} >= set(config.indicators.measures)
    for name, indicator in config.indicators.indicators.items():
        if indicator.is_delivered:
            assert {(name, group) for group in indicator.groups} <= delivered
            continue
        for term in indicator.terms():
            groups = indicator.groups if term.group is None else (term.group,)
            wanted = {(term.measure, group) for group in groups}
            assert term.measure == "area_ha" or wanted <= delivered, name


@pytest.mark.parametrize("city", CITIES)
def test_boundaries_are_valid_nested_and_complete(city: str) -> None:
    areas = areas_of(city)
    quartiere, districts = NUMBERS[city]

    assert len(keys_of(areas, Kind.QUARTIER)) == quartiere
    assert len(keys_of(areas, Kind.DISTRICT)) == districts
    assert areas.geometry.is_valid.all()
    total = areas.groupby("kind")["area_ha"].sum()
    assert np.allclose(total, total["city"], rtol=1e-9)


@pytest.mark.parametrize(
    ("city", "hectares"), [("wuppertal", 16832.8), ("flensburg", 4899.0), ("berlin", 89066.5)]
)
def test_area_of_the_city(city: str, hectares: float) -> None:
    areas = areas_of(city).set_index("kind")

    assert areas.loc["city", "area_ha"] == pytest.approx(hectares, abs=0.1)


@pytest.mark.parametrize("city", ["wuppertal", "berlin"])
def test_boundaries_are_a_coverage(city: str) -> None:
    areas = areas_of(city)

    for kind in (Kind.QUARTIER, Kind.DISTRICT):
        assert shapely.coverage_is_valid(areas.geometry.values[areas["kind"] == kind])


def test_names_of_areas_are_clean() -> None:
    names = {city: set(areas_of(city)["name"]) for city in CITIES}

    assert {"Altstadt", "Jürgensby", "Friesischer Berg"} < names["flensburg"]
    assert {"Neukölln", "Stülerstraße", "Berlin"} < names["berlin"]
    assert {"Wichlinghausen-Süd", "Barmen", "Wuppertal"} < names["wuppertal"]


@pytest.mark.parametrize("city", CITIES)
def test_every_source_of_data_is_credited(city: str) -> None:
    sources = (geodata_dir(find_city_dir(city)) / "SOURCES.md").read_text(encoding="utf-8")
    files = sorted(p for p in geodata_dir(find_city_dir(city)).iterdir() if p.suffix != ".md")

    assert config_of(city).city.credits
    assert all(f"`{path.name}`" in sources for path in files)


def read_open_data(city: str) -> pd.DataFrame:
    (path,) = (DATA_DIR / city).glob("*.csv")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_flensburg_delivers_keys_and_items_that_its_layout_knows() -> None:
    config, rows = config_of("flensburg"), read_open_data("flensburg")
    layout = config.deliveries.layout("sozialatlas")

    assert set(rows["area_id"]) == keys_of(areas_of("flensburg"), Kind.QUARTIER)
    assert set(rows["measure"]) == set(layout.columns["measure"].items)
    assert set(rows.columns) == set(layout.columns)


def test_flensburg_sums_are_the_published_ones() -> None:
    rows = read_open_data("flensburg")
    items = config_of("flensburg").deliveries.layout("sozialatlas").columns["measure"].items
    rows = rows[rows["year"] == "2021"].assign(item=rows["measure"].map(items))
    sums = pd.to_numeric(rows["count"]).groupby(rows["item"]).sum()

    assert sums["residents"] == 97_877
    assert sums["migrants"] == 29_129
    assert sums["residents@a65plus"] == 19_363
    ages = sums[["residents@u18", "residents@a18_64", "residents@a65plus"]]
    assert ages.sum() == sums["residents"]


def test_flensburg_withholds_only_households_at_risk() -> None:
    rows = read_open_data("flensburg")
    layout = config_of("flensburg").deliveries.layout("sozialatlas")
    is_withheld = rows["count"].isin(layout.withheld)

    assert is_withheld.sum() == 12
    assert set(rows.loc[is_withheld, "measure"]) == {"households_at_risk_of_homelessness"}


def test_berlin_delivers_every_area_with_the_columns_of_its_layout() -> None:
    rows = read_open_data("berlin")
    layout = config_of("berlin").deliveries.layout("mss")

    assert set(rows["PLR_ID"]) == keys_of(areas_of("berlin"), Kind.QUARTIER)
    assert set(layout.columns) <= set(rows.columns)
    assert set(rows["ZEIT"]) == {"202012"}


def test_berlin_classifies_all_areas_that_the_monitoring_calls_valid() -> None:
    config, rows = config_of("berlin"), read_open_data("berlin")
    rows = rows.set_index("PLR_ID")
    marks = config.deliveries.layout("mss").none
    residents = pd.to_numeric(rows["EW"].where(~rows["EW"].isin(marks))).fillna(0)
    excluded = {exclusion.area_id for exclusion in config.levels.exclusions}
    is_classified = (residents >= config.levels.min_residents) & ~rows.index.isin(excluded)

    assert (is_classified == (rows["KOM"] == "gültig")).all()
    shares = rows.loc[is_classified, ["S1", "S3", "S4", "D1", "D3", "D4"]]
    assert not shares.isin(marks).any(axis=None)


def test_wuppertal_has_both_views_and_waits_for_the_ba() -> None:
    config = config_of("wuppertal")

    assert [part.id for part in config.levels.need[Group.ALL].indicators] == [
        "density",
        "migration_share",
        "sgb2_share",
        "refugee_share",
    ]
    assert len(config.levels.need[Group.U18].indicators) == 3
    assert config.city.uploads == ("sgb2",)
    assert config.deliveries.layout("sgb2").due_days == (
        (date(2025, 6, 30) - date(2024, 12, 31)).days
    )


def test_refugee_titles_are_those_of_the_law() -> None:
    layout = config_of("wuppertal").deliveries.layout("alw")
    direct, provisional = layout.measures["refugees"]
    titles = direct["AUFENTHALTSTITEL"].is_in

    assert set(titles) == {
        *("Y55", "Y63a"),
        *("22", "23", "24", "25", "25a", "25b", "26", "104c"),
        *("60a", "60b", "60c", "60d"),
    }
    assert provisional["AUFENTHALTSTITEL"].is_in == ("81",)
    assert provisional["VORTITEL"].is_in == titles
