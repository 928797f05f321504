"""Small towns under every option of the rules, each with two or more dates, for reading."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import CityConfig, Levels
from atlas.config.methods import METHODS
from atlas.geography import AREA_COLUMNS
from atlas.indicators import area_cells
from atlas.release import ReleaseContent, derive_cells, write_release
from atlas.terms import CELL_COLUMNS, State
from tests.factories import CITY_KEY, town_info, town_tables

DAYS = (date(2021, 12, 31), date(2022, 12, 31), date(2023, 12, 31))
_SIDE = 4
Tables = dict[str, Any]
Change = Callable[[Tables], None]


@dataclass(frozen=True)
class Town:
    """A town to be read.

    Attributes
    ----------
    change
        What differs from the tables of Musterstadt.
    late
        What differs from them at the last date alone.
    pending
        Whether SGB II is still missing at the last date.
    delivered
        Whether levels of the first date were published before the atlas.
    is_told
        Whether the last date tells its levels by the rules of the date before, too.
    """

    name: str
    change: Change = lambda tables: None
    late: Change = lambda tables: None
    pending: bool = False
    delivered: bool = False
    is_told: bool = False
    seed: int = 1


def _scales(tables: Tables) -> Iterator[Tables]:
    yield from tables["levels"]["need"].values()


def with_scale(**options: Any) -> Change:
    """Set options of both scales."""

    def change(tables: Tables) -> None:
        for scale in _scales(tables):
            scale.update(options)
            if "method" in options:
                scale.pop("preset", None)
            if options.get("method") == "fixed":
                for part in scale["indicators"]:
                    part["cuts"] = [10.0, 30.0]

    return change


def with_themes(tables: Tables) -> None:
    """Put the first indicator of each scale in one sub-index, the others in another."""
    for scale in _scales(tables):
        first, *others = scale.pop("indicators")
        below = {"id": "lage", "label": "Soziale Lage", "weight": 1.5, "indicators": others}
        scale["themes"] = [below, {"id": "enge", "label": "Enge", "indicators": [first]}]


def with_levels(**options: Any) -> Change:
    """Set options of the levels."""
    return lambda tables: tables["levels"].update(options)


def both(*changes: Change) -> Change:
    """Make several changes."""

    def change(tables: Tables) -> None:
        for one in changes:
            one(tables)

    return change


def _dynamic(tables: Tables) -> None:
    parts = [{"id": "migration_share"}, {"id": "sgb2_share"}]
    tables["levels"]["dynamic"] = {"all": {"span_years": 1, "indicators": parts}}


def _less(tables: Tables) -> None:
    for scale in _scales(tables):
        scale["indicators"][0]["direction"] = "less"
        scale["indicators"][1]["weight"] = 2.5


def _context(tables: Tables) -> None:
    for name in ("density", "migration_share"):
        tables["indicators"]["indicators"][name]["is_context"] = True


def _elders(tables: Tables) -> None:
    indicators = tables["indicators"]
    indicators["groups"] = {
        "u18": {"label": "Kinder und Jugendliche", "short_label": "Kinder", "max_age": 17},
    }
    indicators["measures"]["residents"]["label"] = "Menschen"


_JOINT = ["method", "chance", "carried"]
OPTIONS = (
    Town("schlicht"),
    Town("festes_jahr", with_scale(base_date=DAYS[0])),
    Town("stadtwert", with_scale(mean_base="city_value")),
    Town("stadtwert_festes_jahr", with_scale(mean_base="city_value", base_date=DAYS[0])),
    Town("stichprobe", with_scale(sd="sample")),
    Town("mss", with_scale(preset="mss")),
    *(Town(name, with_scale(method=name)) for name in METHODS if name != "zscore"),
    Town("quantile_festes_jahr", with_scale(method="quantile", base_date=DAYS[1])),
    Town("vorlaeufig", pending=True),
    Town("fortgeschrieben", with_levels(provisional="carry_forward"), pending=True),
    Town(
        "fortgeschrieben_festes_jahr",
        both(with_levels(provisional="carry_forward"), with_scale(base_date=DAYS[0])),
        pending=True,
    ),
    Town("geliefert", delivered=True),
    Town("zugleich", with_levels(robustness={"replications": 1000, "factors": _JOINT[:2]})),
    Town(
        "zugleich_fortgeschrieben",
        with_levels(
            provisional="carry_forward",
            robustness={"replications": 1000, "factors": _JOINT},
        ),
        pending=True,
    ),
    Town("dynamik", both(_dynamic, with_levels(attention={"levels_if_negative": [2, 3]}))),
    Town(
        "dynamik_zugleich",
        both(
            _dynamic,
            with_levels(
                robustness={"replications": 1000, "factors": _JOINT[:2], "dynamic": True},
                hindcast=["sgb2_share"],
            ),
        ),
    ),
    Town("umgekehrt", _less),
    Town(
        "rueckschau",
        both(with_levels(hindcast=["sgb2_share"]), with_scale(method="percentile")),
    ),
    Town("intervalle", with_levels(confidence=0.95)),
    Town(
        "ausgenommen",
        with_levels(
            min_residents=150,
            exclusions=[{"area_id": "11", "reason": "Unterkunft"}],
        ),
    ),
    Town("andere_regel", late=both(with_scale(preset="mss"), _less)),
    Town("neue_regel", late=both(with_scale(preset="mss"), _less), is_told=True),
    Town(
        "andere_namen",
        late=with_levels(labels={1: "gut", 2: "mittel", 3: "schlecht", 4: "sehr"}),
    ),
    Town("menschen", _elders),
    Town("teilindizes", both(_less, with_themes)),
    Town("teilindizes_festes_jahr", both(with_themes, with_scale(base_date=DAYS[0]))),
    Town(
        "teilindizes_raenge",
        both(with_scale(method="percentile", ties="average", missing="own_areas"), with_themes),
    ),
    Town("eigene_gebiete", both(with_scale(missing="own_areas"), with_levels(confidence=0.9))),
    Town("aufmerksamkeit", both(with_levels(labels_preset="aufmerksamkeit"), _context, _less)),
)


def random_town(seed: int) -> Town:
    """A town with numbers and options drawn by chance."""
    draw = random.Random(seed)
    changes: list[Change] = []
    pending = draw.random() < 0.3
    if pending and draw.random() < 0.7:
        changes.append(with_levels(provisional="carry_forward"))
    method = draw.choice(["zscore", "zscore", "zscore", *METHODS])
    if method != "zscore":
        changes.append(with_scale(method=method))
    if method in ("zscore", "quantile"):
        if draw.random() < 0.3:
            changes.append(with_scale(base_date=draw.choice(DAYS[:2])))
        if draw.random() < 0.3:
            changes.append(with_scale(mean_base="city_value"))
    if draw.random() < 0.3 and method != "fixed":
        changes.append(_less)
    if draw.random() < 0.2 and not pending:
        changes.append(_dynamic)
    changes += draw.choice([[], [with_themes], [with_scale(missing="own_areas")]])
    changes.append(with_levels(min_residents=draw.choice([0, 50, 200])))
    delivered = not pending and draw.random() < 0.2
    return Town(
        f"zufall_{seed}", both(*changes), pending=pending, delivered=delivered, seed=seed
    )


def write_town(town: Town, releases_dir: Path) -> list[Path]:
    """Write the releases of a town, one for each date, oldest first."""
    areas = _areas()
    earlier: dict[date, pd.DataFrame] = {}
    paths: list[Path] = []
    rules: list[Levels] = []
    for place, day in enumerate(DAYS):
        tables = town_tables()
        tables["levels"]["min_residents"] = 0
        tables["levels"]["robustness"] = {"replications": 1000}
        town.change(tables)
        if place == len(DAYS) - 1:
            town.late(tables)
        config = CityConfig.model_validate(tables)
        is_pending = town.pending and place == len(DAYS) - 1
        info = town_info(config, day)
        former = rules[-1] if town.is_told and place == len(DAYS) - 1 else None
        rules.append(info.config.levels)
        since = [one for one, rule in zip(DAYS, rules, strict=False) if rule == rules[-1]]
        if town.delivered:
            since = since[1:] or [day]
        levels = rules[-1].with_fixed(dict.fromkeys(rules[-1].need, since[0]))
        update = {"former": former, "levels": levels}
        info = info.model_copy(
            update={
                "config": info.config.model_copy(update=update),
                "state": State.PROVISIONAL if is_pending else State.FINAL,
                "missing": ("SGB II",) if is_pending else (),
                "references": tuple(f"{one.isoformat()}.1" for one in earlier),
            }
        )
        base = _counts(town, areas, place, is_pending=is_pending)
        cells = derive_cells(base, info.config, day, earlier)
        earlier[day] = cells
        path = releases_dir / config.city.id / info.name
        write_release(path, ReleaseContent(info, cells, areas))
        paths.append(path)
    return paths


def _areas() -> gpd.GeoDataFrame:
    """A square of Quartiere of a hectare each, in two districts; no blocks."""
    rows = []
    for x in range(_SIDE):
        for y in range(_SIDE):
            side = 100.0 + 7 * ((x * 3 + y * 5) % 4)
            square = shapely.box(x * 200, y * 200, x * 200 + side, y * 200 + side)
            key = f"{1 + (x >= _SIDE // 2)}{x}{y}"
            rows.append(("quartier", key, f"Quartier {chr(65 + x)}{y}", key[0], square))
    for key, name in (("1", "Nord"), ("2", "Süd")):
        united = shapely.union_all([row[4] for row in rows if row[1].startswith(key)])
        rows.append(("district", key, name, CITY_KEY, united))
    whole = shapely.union_all([row[4] for row in rows if row[0] == "district"])
    rows.append(("city", CITY_KEY, "Musterstadt", "", whole))
    columns = ["kind", "area_id", "name", "parent_id", "geometry"]
    areas = gpd.GeoDataFrame(rows, columns=columns, crs="EPSG:25832")
    areas["geometry"] = areas.geometry.translate(370_000, 5_680_000)
    areas["area_ha"] = areas.geometry.area / 10_000
    return areas[AREA_COLUMNS]


def _counts(
    town: Town, areas: gpd.GeoDataFrame, place: int, *, is_pending: bool
) -> pd.DataFrame:
    """Counts of one date: like those of the date before, a little moved; some are hidden."""
    people = _people(town.seed, list(areas.loc[areas["kind"] == "quartier", "area_id"]), place)
    rows: list[tuple[object, ...]] = []
    for kind, area in zip(areas["kind"], areas["area_id"], strict=True):
        inside = [key for key in people if kind == "city" or key.startswith(area)]
        for group in ("all", "u18"):
            for item in ("residents", "migrants", "sgb2"):
                total = float(sum(people[key][group, item] for key in inside))
                cell: tuple[float, str, str] = (total, "published", "")
                if is_pending and item == "sgb2":
                    cell = (np.nan, "missing", "ausstehend")
                elif kind == "quartier" and group == "u18" and 0 < total < 3:
                    cell = (np.nan, "suppressed", "geheim")
                rows.append((kind, area, group, item, *cell))
        if town.delivered and place == 0 and kind == "quartier":
            level = float(1 + (sum(map(ord, area)) + town.seed) % 4)
            rows.append(
                (kind, area, "all", "need_level", level, "published", "veroeffentlicht")
            )
    columns = ["kind", "area_id", "group", "item", "value", "status", "reason"]
    counts = pd.DataFrame(rows, columns=columns)
    day = DAYS[place]
    counts["reference_date"] = day.isoformat()
    return pd.concat([counts[list(CELL_COLUMNS)], area_cells(areas, day)], ignore_index=True)


def _people(seed: int, keys: list[str], place: int) -> dict[str, dict[tuple[str, str], int]]:
    draw = random.Random(seed)
    found = {}
    for at, key in enumerate(keys):
        residents = 0 if at == 5 else draw.randint(20, 900)
        share, poor = draw.random() * 0.7, draw.random() * 0.5
        for _ in range(place):
            residents = max(0, residents + draw.choice([-40, -3, -1, 0, 0, 1, 5, 60]))
            residents = 0 if at == 5 else max(residents, 8)
            share = min(0.9, max(0.0, share + draw.gauss(0, 0.02)))
            poor = min(0.9, max(0.0, poor + draw.gauss(0, 0.02)))
        children = residents // 6
        found[key] = {
            ("all", "residents"): residents,
            ("all", "migrants"): round(residents * share),
            ("all", "sgb2"): round(residents * poor),
            ("u18", "residents"): children,
            ("u18", "migrants"): round(children * share),
            ("u18", "sgb2"): round(children * poor),
        }
    return found
