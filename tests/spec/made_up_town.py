"""Towns of chance with several reference dates, published by whatever rule a test asks for."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import CityConfig, PublishedConfig
from atlas.geography import AREA_COLUMNS
from atlas.indicators import area_cells
from atlas.release import ReleaseContent, derive_cells, referred_dates, write_release
from atlas.terms import CELL_COLUMNS, State
from tests.factories import CITY_KEY, town_info, town_tables

DAYS = (date(2020, 12, 31), date(2022, 12, 31), date(2023, 12, 31))
DAYS_OF_YEARS = (date(2020, 12, 31), date(2021, 12, 31), date(2022, 12, 31), DAYS[-1])
N_AREAS = 14
GROUPS = ("all", "u18")
_MEASURES = ("residents", "migrants", "sgb2")
_GAPS = (
    ("suppressed", "geheim"),
    ("withheld", "vom_lieferanten_gesperrt"),
    ("unavailable", "liegt_nicht_vor"),
)
_BEFORE = ("published", "veroeffentlicht")
Rows = list[tuple[str, str, str, str, float, str, str]]


def levels_of(need: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    """``levels.toml`` with the same rule for both groups where it fits both."""
    return {"format": 1, "robustness": {"replications": 1000}, "need": dict(need), **others}


def publish_town(
    root: Path, levels: Mapping[str, Any], seed: int, **options: Any
) -> list[Path]:
    """Publish a town at its dates; paths of the releases, oldest first.

    ``options``: ``days``: the dates, else the first and the last of ``DAYS``; ``late``: the
    last date lacks SGB II; ``delivered``: levels of the first date are delivered; ``regrown``:
    the boundaries of the second Quartier changed before the last date.
    """
    tables = town_tables()
    tables["levels"] = dict(levels)
    config = CityConfig.model_validate(tables)
    days = options.get("days", (DAYS[0], DAYS[-1]))
    random = np.random.default_rng(seed)
    base = {day: _base(random, day, options) for day in days}
    rules = {day: _rules_at(config, day, days) for day in days}
    every = config.levels.every().values()
    scales = [one for r in every for one in (*r.need.values(), *r.dynamic.values())]
    bases = {scale.base_date for scale in scales} | {*config.levels.fixed.values()}
    done: dict[date, pd.DataFrame] = {}
    paths = []
    for day in sorted(days, key=lambda one: (one not in bases, one)):
        is_late = bool(options.get("late")) and day == DAYS[-1]
        wanted = referred_dates(rules[day], day, sorted(done), is_waiting=is_late)
        cells = derive_cells(base[day], rules[day], day, {d: done[d] for d in wanted})
        done[day] = cells
        info = town_info(config, day).model_copy(
            update={
                "references": tuple(f"{other}.1" for other in wanted),
                "state": State.FINAL,
                "config": rules[day],
            }
        )
        path = root / info.name
        write_release(path, ReleaseContent(info, cells, _areas(day, options)))
        paths.append(path)
    return sorted(paths)


def _rules_at(config: CityConfig, day: date, days: Sequence[date]) -> PublishedConfig:
    """Rules in force at a date, and at its first date those before."""
    levels, before = config.levels, max((one for one in days if one < day), default=day)
    changed = levels.edition_at(day) != levels.edition_at(before)
    former = levels.at(before) if changed else None
    own = levels.at(day)
    same = [one for one in days if levels.edition_at(one) == levels.edition_at(day)]
    own = own.with_fixed(dict.fromkeys(GROUPS, min(same)))
    return config.published().model_copy(update={"levels": own, "former": former})


def _areas(day: date, options: Mapping[str, Any]) -> gpd.GeoDataFrame:
    widths = [100.0 + 13 * place for place in range(N_AREAS)]
    if options.get("regrown") and day == DAYS[-1]:
        widths[1] += 50
    keys = [f"{place:02d}" for place in range(1, N_AREAS + 1)]
    shapes = [shapely.box(0, 200 * i, width, 200 * i + 100) for i, width in enumerate(widths)]
    rows = [("quartier", key, key, CITY_KEY) for key in keys]
    rows.append(("city", CITY_KEY, "Stadt", ""))
    areas = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=["kind", "area_id", "name", "parent_id"]),
        geometry=[*shapes, shapely.union_all(shapes)],
        crs="EPSG:25832",
    )
    return areas.assign(area_ha=areas.geometry.area / 10_000)[AREA_COLUMNS]


def _base(random: np.random.Generator, day: date, options: Mapping[str, Any]) -> pd.DataFrame:
    rows: Rows = []
    for group in GROUPS:
        people = random.integers(20, 400, N_AREAS)
        people[random.integers(N_AREAS)] = 0
        if group == "u18":
            people = people // 3
        counts = {
            "residents": people,
            "migrants": random.binomial(people, random.uniform(0.1, 0.7, N_AREAS)),
            "sgb2": random.binomial(people, random.choice([0.1, 0.1, 0.3, 0.5], N_AREAS)),
        }
        for item in _MEASURES:
            cells = [(float(n), "published", "") for n in counts[item]]
            city = (float(counts[item].sum()), "published", "")
            if item != "residents" and random.random() < 0.7:
                cells[random.integers(N_AREAS)] = (np.nan, *_GAPS[random.integers(3)])
            if item == "sgb2" and options.get("late") and day == DAYS[-1]:
                cells, city = [(np.nan, "missing", "ausstehend")] * N_AREAS, cells[0]
                city = (np.nan, "missing", "ausstehend")
            for place, cell in enumerate(cells, 1):
                rows.append(("quartier", f"{place:02d}", group, item, *cell))
            rows.append(("city", CITY_KEY, group, item, *city))
        if options.get("delivered") and day == DAYS[0]:
            rows += _delivered(random, group)
    columns = ["kind", "area_id", "group", "item", "value", "status", "reason"]
    base = pd.DataFrame(rows, columns=columns).assign(reference_date=day.isoformat())
    sizes = area_cells(_areas(day, options), day)
    return pd.concat([base[list(CELL_COLUMNS)], sizes], ignore_index=True)


def _delivered(random: np.random.Generator, group: str) -> Rows:
    """Levels of most areas as a city published them before the atlas."""
    levels = random.integers(1, 5, N_AREAS)
    return [
        (
            "quartier",
            f"{place:02d}",
            group,
            "need_level",
            float(level),
            "published",
            "veroeffentlicht",
        )
        for place, level in enumerate(levels[:-3], 1)
    ]
