"""Small builders for tests: Musterstadt, a town of 2 districts, 6 Quartiere and 12 blocks.

Every block is a square of 100 m, so 1 ha; two blocks make a Quartier, three Quartiere a
district. Nothing here is a real town.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import CityConfig
from atlas.geography import AREA_COLUMNS
from atlas.indicators import area_cells
from atlas.release import Audit, DeliveryInfo, ReleaseContent, ReleaseInfo, derive_cells
from atlas.release import write_release as write_files
from atlas.release.whole import write_seal
from atlas.terms import CELL_COLUMNS, Group, Kind, Reason, State, Status

CITY_KEY = "99999000"
DAY = date(2023, 12, 31)
NAMES = {
    "1": "Nord",
    "2": "Süd",
    "11": "Altstadt",
    "12": "Äußere Vorstadt",
    "13": "Bahnhof",
    "21": "Waldheim",
    "22": "Hafen",
    "23": "Stadtwald",
}
# Counts per block: residents, migrants for all; the same for under 18.
BLOCKS = {
    "1101": (200, 90, 50, 30),
    "1102": (100, 45, 25, 15),
    "1201": (150, 30, 30, 9),
    "1202": (50, 20, 10, 6),
    "1301": (80, 18, 12, 4),
    "1302": (20, 5, 4, 3),
    "2101": (40, 4, 8, 3),
    "2102": (60, 6, 12, 3),
    "2201": (12, 3, 0, 0),
    "2202": (0, 0, 0, 0),
    "2301": (0, 0, 0, 0),
    "2302": (0, 0, 0, 0),
}
# SGB II comes per Quartier: all, under 18.
SGB2 = {"11": (90, 30), "12": (30, 10), "13": (10, 3), "21": (4, 0), "22": (3, 0), "23": (0, 0)}
_BLOCK_MEASURES = (
    ("residents", Group.ALL),
    ("migrants", Group.ALL),
    ("residents", Group.U18),
    ("migrants", Group.U18),
)


def town_tables() -> dict[str, dict[str, object]]:
    """Content of the six configuration files, to be changed by a test."""
    shares = {
        name: {
            "label": label,
            "short_label": short,
            "numerator": [measure],
            "denominator": ["residents"],
            "groups": ["all", "u18"],
        }
        for name, label, short, measure in (
            ("migration_share", "Anteil mit Migrationshintergrund", "Migration", "migrants"),
            ("sgb2_share", "SGB-II-Quote", "SGB II", "sgb2"),
        )
    }
    density = {
        "label": "Einwohnerdichte",
        "numerator": ["residents"],
        "denominator": ["area_ha"],
        "unit": "per_ha",
        "groups": ["all"],
    }
    kinds = {
        "block": ("Baublock", "Baublöcke"),
        "quartier": ("Quartier", "Quartiere"),
        "district": ("Stadtbezirk", "Stadtbezirke"),
        "city": ("Stadt", "Städte"),
    }
    layer = {"file": "muster.gpkg", "key": "key", "parent": "parent"}
    parts = [{"id": "migration_share"}, {"id": "sgb2_share"}]
    return {
        "city": {
            "format": 1,
            "id": "musterstadt",
            "key": CITY_KEY,
            "name": "Musterstadt",
            "title": "Sozialatlas Musterstadt",
            "sample_data": True,
            "is_adopted": False,
            "uploads": ["ba"],
            "credits": [{"text": "Stadt Musterstadt", "licence": "CC-BY-4.0"}],
        },
        "areas": {
            "format": 1,
            "kinds": {k: {"label": a, "plural": b} for k, (a, b) in kinds.items()},
            "editions": [
                {"id": date(2020, 1, 1), "block": layer, "quartier": layer, "district": layer}
            ],
        },
        "indicators": {
            "format": 1,
            "measures": {
                "residents": {"label": "Einwohner*innen", "definition": "Hauptwohnung."},
                "migrants": {"label": "mit Migrationshintergrund", "part_of": "residents"},
                "sgb2": {"label": "Empfänger*innen von SGB II", "part_of": "residents"},
            },
            "indicators": {"density": density, **shares},
        },
        "levels": {
            "format": 1,
            "min_residents": 50,
            "need": {
                "all": {"preset": "need4", "indicators": [{"id": "density"}, *parts]},
                "u18": {"preset": "need4", "indicators": parts},
            },
        },
        "protection": {"format": 1, "min_count": 3},
        "deliveries": {
            "format": 1,
            "layouts": [
                {
                    "id": "ba",
                    "source": "ba",
                    "label": "SGB II",
                    "shape": "counts",
                    "file": "ba_{date}.csv",
                    "kind": "quartier",
                    "columns": {
                        "key": {"role": "area"},
                        "n": {"role": "count", "item": "sgb2"},
                    },
                }
            ],
        },
    }


def town_config() -> CityConfig:
    """Musterstadt as configured."""
    return CityConfig.model_validate(town_tables())


def town_areas() -> gpd.GeoDataFrame:
    """Areas of Musterstadt, from blocks to the city."""
    rows = [
        {"kind": "block", "area_id": key, "name": key, "parent_id": key[:2], "geometry": square}
        for key, square in zip(BLOCKS, _squares(), strict=True)
    ]
    blocks = gpd.GeoDataFrame(rows, crs="EPSG:25832")
    frames = [blocks]
    for kind, length, parent in (("quartier", 2, 1), ("district", 1, 0), ("city", 0, None)):
        merged = blocks.dissolve(by=blocks["area_id"].str[:length]).reset_index(names="key")
        keys = [key or CITY_KEY for key in merged["key"]]
        parents = [
            "" if parent is None else key[:parent] if parent else CITY_KEY for key in keys
        ]
        frames.append(
            gpd.GeoDataFrame(
                {
                    "kind": kind,
                    "area_id": keys,
                    "name": [NAMES.get(key, "Musterstadt") for key in keys],
                    "parent_id": parents,
                },
                geometry=merged.geometry.to_numpy(),
                crs=blocks.crs,
            )
        )
    areas = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=blocks.crs)
    areas["area_ha"] = areas.geometry.area / 10_000
    return areas[AREA_COLUMNS]


def town_counts(reference_date: date) -> pd.DataFrame:
    """Counts of Musterstadt with nothing hidden: base cells of one reference date."""
    areas = town_areas()
    rows = []
    for place, (item, group) in enumerate(_BLOCK_MEASURES):
        for kind, area_id in zip(areas["kind"], areas["area_id"], strict=True):
            inside = [n[place] for key, n in BLOCKS.items() if _contains(kind, area_id, key)]
            rows.append((kind, area_id, str(group), item, float(sum(inside)), "published", ""))
    for place, group in enumerate((Group.ALL, Group.U18)):
        for kind, area_id in zip(areas["kind"], areas["area_id"], strict=True):
            inside = [n[place] for key, n in SGB2.items() if _contains(kind, area_id, key)]
            cell = (float(sum(inside)), "published", "")
            if kind == "block":
                cell = (np.nan, str(Status.UNAVAILABLE), str(Reason.NOT_DELIVERED))
            rows.append((kind, area_id, str(group), "sgb2", *cell))
    columns = ["kind", "area_id", "group", "item", "value", "status", "reason"]
    counts = pd.DataFrame(rows, columns=columns)
    counts["reference_date"] = reference_date.isoformat()
    return pd.concat(
        [counts[list(CELL_COLUMNS)], area_cells(areas, reference_date)], ignore_index=True
    )


@dataclass(frozen=True)
class Gap:
    """Cells that show a status instead of a value."""

    kind: Kind
    area_ids: tuple[str, ...]
    item: str
    group: Group
    status: Status = Status.SUPPRESSED
    reason: Reason = Reason.CONFIDENTIAL


def with_gaps(base: pd.DataFrame, gaps: Iterable[Gap]) -> pd.DataFrame:
    """Put statuses in place of values."""
    base = base.copy()
    for gap in gaps:
        is_gap = (
            (base["kind"] == str(gap.kind))
            & base["area_id"].isin(gap.area_ids)
            & (base["item"] == gap.item)
            & (base["group"] == str(gap.group))
        )
        base.loc[is_gap, "value"] = np.nan
        base.loc[is_gap, "status"] = str(gap.status)
        base.loc[is_gap, "reason"] = str(gap.reason)
    return base


def town_info(config: CityConfig, reference_date: date, number: int = 1) -> ReleaseInfo:
    """What a final release of Musterstadt says about itself."""
    delivery = DeliveryInfo(
        source="ba", label="SGB II", supplier="BA", reference_date=reference_date, number=1
    )
    return ReleaseInfo(
        reference_date=reference_date,
        number=number,
        edition=date(2020, 1, 1),
        state=State.FINAL,
        missing=(),
        supersedes=None,
        reason="",
        deliveries=(delivery,),
        references=(),
        audit=Audit(verdict="ok", figures={}),
        config=config.published(),
    )


def write_town(releases_dir: Path, info: ReleaseInfo, base: pd.DataFrame) -> Path:
    """Write a release of Musterstadt below a directory of releases."""
    cells = derive_cells(base, info.config, info.reference_date, {})
    path = releases_dir / info.config.city.id / info.name
    write_files(path, ReleaseContent(info, cells, town_areas()))
    return path


def reseal(path: Path) -> None:
    """Give a changed release the digests that fit it, as somebody could who means harm."""
    package = json.loads((path / "datapackage.json").read_text(encoding="utf-8"))
    there = [one for one in package["resources"] if (path / one["path"]).is_file()]
    for one in there:
        content = (path / one["path"]).read_bytes()
        one |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    package["resources"] = there
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (path / "datapackage.json").write_text(text, encoding="utf-8")
    write_seal(path)


def _squares() -> list[shapely.Polygon]:
    return [
        shapely.box(x, y, x + 100.0, y + 100.0)
        for y in (5_680_000.0, 5_680_100.0)
        for x in np.arange(370_000.0, 370_600.0, 100.0)
    ]


def _contains(kind: str, area_id: str, key: str) -> bool:
    return kind == "city" or key.startswith(area_id)
