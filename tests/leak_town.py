"""Zahlenstadt: a town whose hidden counts and rates are numbers that nothing else could be.

With ``min_count`` 10,000 every count below it is hidden. Rates are far above 100, so that even
rounded to whole numbers they have five digits or more and cannot be met by chance.
"""

import itertools
import tempfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.confidential.protect import protect
from atlas.config import CityConfig
from atlas.geography import AREA_COLUMNS, ContextFiles, Sources, load_context
from atlas.indicators import area_cells
from atlas.release import Audit, ReleaseContent, ReleaseInfo, derive_cells, write_release
from atlas.terms import CELL_COLUMNS, REASONS, Reason, State, Status

BEFORE, DAY = date(2022, 12, 31), date(2023, 12, 31)
CITY_KEY = "99999001"
MIN_COUNT = 10_000
KEY = b"a key of the tests"
_BLOCKS = 4
_MEASURES = (("residents", "all"), ("migrants", "all"), ("cases", "all"), ("residents", "u18"))
_LAYERS = (("schulen", "Schulen", "schools"), ("strassen", "Straßen", "streets"))
NESTING = {"residents": None, "migrants": "residents", "cases": None}


def leak_config(scope: str) -> CityConfig:
    """Zahlenstadt under one rule of protection."""
    kinds = {"block": "Baublock", "quartier": "Quartier", "city": "Stadt"}
    layer = {"file": "zahlenstadt.gpkg", "key": "key", "parent": "parent"}
    rates = {
        "density": ("Dichte", ["residents"], ["area_ha"], "per_ha", ["all", "u18"]),
        "migrant_density": ("Dichte M", ["migrants"], ["area_ha"], "per_ha", ["all"]),
        "case_share": ("Fallquote", ["cases"], ["residents"], "percent", ["all"]),
    }
    return CityConfig.model_validate(
        {
            "city": {
                "format": 1,
                "id": "zahlenstadt",
                "key": CITY_KEY,
                "name": "Zahlenstadt",
                "title": "Sozialatlas Zahlenstadt",
                "sample_data": True,
            },
            "areas": {
                "format": 1,
                "kinds": {k: {"label": v, "plural": f"{v}e"} for k, v in kinds.items()},
                "editions": [{"id": date(2020, 1, 1), "block": layer, "quartier": layer}],
            },
            "indicators": {
                "format": 1,
                "measures": {
                    name: {"label": name.title(), "part_of": part}
                    for name, part in NESTING.items()
                },
                "indicators": {
                    name: {
                        "label": label,
                        "numerator": top,
                        "denominator": bottom,
                        "unit": unit,
                        "groups": groups,
                    }
                    for name, (label, top, bottom, unit, groups) in rates.items()
                },
            },
            "levels": {
                "format": 1,
                "need": {
                    "all": {"indicators": [{"id": name} for name in rates]},
                    "u18": {"indicators": [{"id": "density"}]},
                },
            },
            "context": {
                "format": 1,
                "layers": [
                    {"id": name, "label": label, "shows": shows, "name": "NAME"}
                    | {"file": f"{name}.gpkg", "credit": "Zahlenstadt", "licence": "CC0-1.0"}
                    for name, label, shows in _LAYERS
                ],
            },
            "protection": {"format": 1, "min_count": MIN_COUNT, "scope": scope},
            "deliveries": {
                "format": 1,
                "layouts": [
                    {
                        "id": "register",
                        "source": "register",
                        "label": "Register",
                        "shape": "counts",
                        "file": "register_{date}.csv",
                        "kind": "block",
                        "columns": {
                            "key": {"role": "area"},
                            **{
                                f"{name}_{group}": {
                                    "role": "count",
                                    "item": name,
                                    "group": group,
                                }
                                for name, group in _MEASURES
                            },
                        },
                    }
                ],
            },
        }
    )


def leak_areas() -> gpd.GeoDataFrame:
    """Eight Quartiere of four blocks, each a thin strip of its own width."""
    widths = itertools.cycle((11.37, 13.61, 17.23, 19.49))
    rows, x = [], 370_000.0
    for quartier in range(1, 9):
        for block in range(1, _BLOCKS + 1):
            width = next(widths) + quartier * 0.1237
            shape = shapely.box(x, 5_680_000.0, x + width, 5_680_010.0)
            rows.append(("block", f"Q{quartier}B{block}", f"Q{quartier}", shape))
            x += width
    blocks = gpd.GeoDataFrame(
        rows, columns=["kind", "area_id", "parent_id", "geometry"], crs="EPSG:25832"
    )
    quartiere = blocks[["parent_id", "geometry"]].dissolve("parent_id")
    quartiere = quartiere.reset_index(names="area_id")
    quartiere = quartiere.assign(kind="quartier", parent_id=CITY_KEY)
    whole = gpd.GeoDataFrame(
        {"kind": ["city"], "area_id": [CITY_KEY], "parent_id": [""]},
        geometry=[shapely.union_all(blocks.geometry.values)],
        crs=blocks.crs,
    )
    areas = gpd.GeoDataFrame(pd.concat([blocks, quartiere, whole]), crs=blocks.crs)
    areas = areas.assign(name=areas["area_id"], area_ha=areas.geometry.area / 10_000)
    return areas[AREA_COLUMNS].reset_index(drop=True)


def leak_context(config: CityConfig) -> ContextFiles:
    """A school and a street in the Quartier that hides everything."""
    areas = leak_areas()
    inside = areas[areas["area_id"] == "Q8"].geometry.iloc[0].representative_point()
    shapes = (
        inside,
        shapely.LineString([inside, shapely.transform(inside, lambda xy: xy + 3)]),
    )
    assert config.context is not None
    with tempfile.TemporaryDirectory() as folder:
        for (name, label, _), shape in zip(_LAYERS, shapes, strict=True):
            told = gpd.GeoDataFrame({"NAME": [f"Erste {label}"]}, geometry=[shape])
            told.set_crs(areas.crs).to_file(Path(folder) / f"{name}.gpkg")
        sources = Sources([Path(folder)], None)
        return load_context(config.city, config.context, areas, sources, config.protection)


def leak_counts() -> pd.DataFrame:
    """True counts of every kind; half of the blocks and one Quartier lie below 10,000."""
    rng = np.random.default_rng(11)
    rows = []
    areas = leak_areas()
    blocks = areas[areas["kind"] == "block"]
    for place, area_id in enumerate(blocks["area_id"]):
        is_small = place % 2 == 0
        adults = int(
            rng.integers(1_100, 2_300)
            if area_id.startswith("Q8")
            else rng.integers(21_000, 80_000)
        )
        children = int(rng.integers(1_000, 2_400) if is_small else rng.integers(10_500, 30_000))
        migrants = int(rng.integers(1_200, 2_600) if is_small else rng.integers(10_500, 20_000))
        cases = int(rng.integers(900_000, 6_000_000))
        counts = (adults + children, migrants, cases, children)
        if area_id.startswith("Q8"):
            counts = (adults, migrants % 1_300 + 1_811, cases, children // 4 + 1_003)
        rows += [
            ("block", area_id, g, m, n) for (m, g), n in zip(_MEASURES, counts, strict=True)
        ]
    counts = pd.DataFrame(rows, columns=["kind", "area_id", "group", "measure", "n"])
    larger = counts.assign(area_id=counts["area_id"].str[:2], kind="quartier")
    city = counts.assign(area_id=CITY_KEY, kind="city")
    keys = ["kind", "area_id", "group", "measure"]
    sums = pd.concat([larger, city]).groupby(keys, as_index=False)["n"].sum()
    every = pd.concat([counts, sums], ignore_index=True).astype({"n": "Int64"})
    return every.assign(status=str(Status.PUBLISHED))


def shown_counts(scope: str) -> pd.DataFrame:
    """What leaves of the counts under one rule; ``open`` defends nothing."""
    counts = leak_counts()
    if scope == "open":
        return counts
    areas = pd.DataFrame(leak_areas()[["kind", "area_id", "parent_id"]])
    return protect(counts, areas, NESTING, leak_config(scope).protection, KEY).cells


def all_cells(counts: pd.DataFrame, scope: str, day: date = DAY) -> pd.DataFrame:
    """Counts and everything computed from them."""
    config = leak_config("cell" if scope == "open" else scope)
    reasons = {str(status): str(reason) for status, reason in REASONS.items()}
    given = counts.astype({"n": float}).rename(columns={"measure": "item", "n": "value"})
    given = given.assign(
        reference_date=day.isoformat(),
        reason=given["status"].map(reasons).fillna(str(Reason.NONE)),
    )[list(CELL_COLUMNS)]
    base = pd.concat([given, area_cells(leak_areas(), day)], ignore_index=True)
    return derive_cells(base, config.published(), day, {})


def write_town(releases_dir: Path, scope: str, day: date = DAY) -> Path:
    """Write a release of Zahlenstadt as it leaves under one rule; its counts never change."""
    config = leak_config("cell" if scope == "open" else scope)
    info = ReleaseInfo(
        reference_date=day,
        number=1,
        edition=date(2020, 1, 1),
        state=State.FINAL,
        missing=(),
        supersedes=None,
        reason="",
        deliveries=(),
        references=(),
        audit=Audit(verdict="sicher", figures={}),
        config=config.published(),
    )
    path = releases_dir / config.city.id / info.name
    cells, context = all_cells(shown_counts(scope), scope, day), leak_context(config)
    write_release(path, ReleaseContent(info, cells, leak_areas(), context=context))
    return path


def hidden_numbers(scope: str) -> dict[str, float]:
    """True values of everything that the rule hides, by area, group and item."""
    truth = all_cells(leak_counts(), "open").set_index(["kind", "area_id", "group", "item"])
    shown = all_cells(shown_counts(scope), scope).set_index(truth.index.names)
    published = set(shown["value"].dropna())
    is_plain = ~truth.index.get_level_values("item").str.contains(".", regex=False)
    wanted = truth[is_plain & (truth["status"] == str(Status.PUBLISHED))]
    hidden = wanted[shown.loc[wanted.index, "status"].to_numpy() != str(Status.PUBLISHED)]
    hidden = hidden[~hidden.index.get_level_values("item").str.startswith("need_")]
    return {
        "/".join(key): value for key, value in hidden["value"].items() if value not in published
    }
