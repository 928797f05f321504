"""Musterstadt over a year: four sources with every date of theirs, each number countable.

The population register opens a reference date, the foreigner register comes every week, AKDN
sozial continues one table by a month, the BA is late. In July 2025 block 1302 moves from
Quartier 13 to Quartier 12. Nothing here is a real town.
"""

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from tests.factories import BLOCKS
from tests.town_office import ba_csv, layer_of, office_tables, write_city
from tests.town_office import ewo_csv as plain_csv

Town = Mapping[str, tuple[int, int, int, int]]
Counts = Mapping[str, tuple[object, object]]

OLD, NEW = date(2020, 1, 1), date(2025, 7, 1)

# ---- population register: residents, migrants, children, young migrants per block
TOWN_2024: Town = {**BLOCKS, "1101": (210, 100, 50, 30)}
CORRECTED_2024: Town = {**TOWN_2024, "2101": (50, 4, 8, 3)}
# Too little to be seen: twelve persons of block 1201 stand in 1202, in the same Quartier.
FALSE_2024: Town = {**CORRECTED_2024, "1201": (138, 30, 30, 9), "1202": (62, 20, 10, 6)}

# ---- BA, per Quartier: everyone and under 18
BA_2024: Counts = {
    "11": (93, 30),
    "12": (30, 10),
    "13": (14, 4),
    "21": (4, 0),
    "22": (3, 0),
    "23": (0, 0),
}

# ---- foreigner register: person, title, title before
_TITLES = (
    *[(f"P1101-{n}", "24", "") for n in (*range(6), *range(50, 64))],  # 20, of them 6 children
    *[(f"P1201-{n}", "Y55", "") for n in range(30, 35)],  # 5
    *[(f"P1302-{n}", "60a", "") for n in range(4, 8)],  # 4
    *[(f"P2102-{n}", "25", "") for n in range(3)],  # 3, all of them children
    ("P1301-12", "81", "24"),  # counts: a title of refugees before
    ("P1301-13", "81", "18b"),  # does not count
    ("P1101-70", "FZ", ""),  # does not count
    *[(f"unbekannt-{n}", "24", "") for n in range(3)],  # the population register knows none
)
REPEATED = ("P1101-0", "24", "")

# ---- AKDN sozial: month, class, cases, persons, costs
AKDN_JANUARY = (
    ("202410", "01", 50, 120, "61234,50"),
    ("202410", "02", 30, 75, "40000,00"),
    ("202411", "01", 52, 124, "63000,25"),
    ("202411", "02", 31, 77, "41000,00"),
    ("202412", "01", 55, 130, "66000,00"),
    ("202412", "02", 33, 80, "42000,00"),
)
# In September November is corrected: two persons and what they cost move to the other class.
AKDN_SEPTEMBER = (
    *AKDN_JANUARY[:2],
    ("202411", "01", 51, 122, "62000,25"),
    ("202411", "02", 32, 79, "42000,00"),
    *AKDN_JANUARY[4:],
)

_REFUGEE_TITLES = [
    *("Y55", "Y63a", "22", "23", "24", "25", "25a", "25b", "26"),
    *("60a", "60b", "60c", "60d", "104c"),
]


def year_tables() -> dict[str, Any]:
    """Content of the six configuration files as they are in January 2025."""
    tables = office_tables()
    ewo, alw, ba = tables["deliveries"]["layouts"]
    # 000 is the key of Germans, 163 that of one of the others.
    ewo["measures"]["migrants"] = [{"MIGRATION": {"not_in": ["000"]}}]
    alw["columns"]["VORTITEL"] = {"role": "code"}
    alw["measures"]["refugees"] = [
        {"TITEL": {"is_in": _REFUGEE_TITLES}},
        {"TITEL": {"is_in": ["81"]}, "VORTITEL": {"is_in": _REFUGEE_TITLES}},
    ]
    alw.update(is_series=True, days_before=7)
    ba["edition"] = OLD
    tables["deliveries"]["layouts"] = [ewo, alw, ba, _akdn()]
    tables["indicators"]["measures"] |= {
        f"akdn_{what}_{name}": {"label": f"{label} ({of})"}
        for what, label in (("cases", "Fälle"), ("persons", "Personen"))
        for name, of in _CLASSES.values()
    }
    tables["indicators"]["indicators"] |= {
        f"akdn_costs_{name}": {
            "label": f"Kosten ({of})",
            "is_delivered": True,
            "unit": "euro",
            "base": f"akdn_persons_{name}",
            "magnitude": {"is_sum": True, "is_checked": True},
        }
        for name, of in _CLASSES.values()
    }
    return tables


_CLASSES = {"01": ("basic", "Grundleistungen"), "02": ("analog", "Analogleistungen")}


def _akdn() -> dict[str, Any]:
    def items(what: str) -> dict[str, str]:
        return {code: f"akdn_{what}_{name}" for code, (name, _) in _CLASSES.items()}

    return {
        "id": "akdn",
        "source": "akdn",
        "label": "AKDN sozial",
        "supplier": "Sozialamt",
        "shape": "counts",
        "file": "akdn_*.csv",
        "kind": "city",
        "is_series": True,
        "is_required": False,
        "columns": {
            "MONAT": {"role": "date", "format": "%Y%m"},
            "PKS": {"role": "item"},
            "FAELLE": {"role": "count", "items": items("cases")},
            "PERSONEN": {"role": "count", "items": items("persons")},
            "KOSTEN": {"role": "value", "items": items("costs")},
        },
    }


def write_year_city(city_dir: Path) -> Path:
    """Write configuration and boundaries as they are in January 2025."""
    return write_city(city_dir, year_tables())


def begin_new_edition(city_dir: Path) -> None:
    """Write the boundaries of July 2025 and name them in ``areas.toml``."""
    tables = year_tables()
    old = tables["areas"]["editions"][0]
    new = {
        **old,
        "id": NEW,
        "block": {**old["block"], "file": "bloecke_2025.gpkg"},
        "quartier": {**old["quartier"], "file": "quartiere_2025.gpkg"},
    }
    tables["areas"]["editions"] = [old, new]
    write_city(city_dir, tables)
    blocks = layer_of("block")
    blocks.loc[blocks["KEY"] == "1302", "PARENT"] = "12"
    blocks.to_file(city_dir / "geodata" / "bloecke_2025.gpkg")
    names = layer_of("quartier").drop(columns="geometry")
    shapes = blocks.dissolve("PARENT")[["geometry"]]
    quartiere = names.merge(shapes, left_on="KEY", right_index=True)
    gpd.GeoDataFrame(quartiere, crs=blocks.crs).to_file(
        city_dir / "geodata" / "quartiere_2025.gpkg"
    )


def add_crosswalk(city_dir: Path) -> None:
    """Say how counts per Quartier move: a fifth of Quartier 13 lives in block 1302."""
    shares = [(key, key, "1") for key in ("11", "12", "21", "22", "23")] + [
        ("13", "13", "0.8"),
        ("13", "12", "0.2"),
    ]
    lines = ["from_id;to_id;share", *(";".join(row) for row in shares)]
    path = city_dir / "geodata" / "quartiere_2020_2025.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (city_dir / "areas.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'[[crosswalks]]\nfrom_edition = {OLD}\nto_edition = {NEW}\nkind = "quartier"\n'
            f'file = "{path.name}"\n'
        )


def ewo_csv(town: Town = BLOCKS) -> str:
    """Population register with keys of three digits, as registers have them."""
    header, *rows = plain_csv(town).splitlines()
    keys = {"0": "000", "1": "163"}
    coded = [f"{row[:-1]}{keys[row[-1]]}" for row in rows]
    return "\n".join([header, *coded]) + "\n"


def through_excel(csv: str) -> str:
    """Open a file in Excel and save it again: numbers lose their leading zeros."""
    lines = [line.split(";") for line in csv.splitlines()]
    kept = [[str(int(one)) if one.isdigit() else one for one in line] for line in lines]
    return "\n".join(";".join(line) for line in kept) + "\n"


def alw_rows(*more: tuple[str, str, str]) -> str:
    """Foreigner register with further rows."""
    rows = [";".join(row) for row in (*_TITLES, *more)]
    return "\n".join(["ID;TITEL;VORTITEL", *rows]) + "\n"


def akdn_rows(months: Sequence[tuple[object, ...]]) -> str:
    """AKDN sozial with all its months."""
    rows = [";".join(map(str, row)) for row in months]
    return "\n".join(["MONAT;PKS;FAELLE;PERSONEN;KOSTEN", *rows]) + "\n"


def deliveries_of_january() -> dict[str, str]:
    """What lies in the inbox in the middle of January 2025, by file name."""
    return {
        "ewo_2024-12-31.csv": ewo_csv(TOWN_2024),
        "alw_2024-12-22.csv": alw_rows(),
        "alw_2024-12-29.csv": alw_rows(REPEATED),
        "alw_2025-01-05.csv": alw_rows(("unbekannt-9", "24", "")),
        "akdn_2025-01-10.csv": akdn_rows(AKDN_JANUARY),
    }


def deliveries_of_2023() -> dict[str, str]:
    """Return the deliveries of the year before, complete."""
    return {
        "ewo_2023-12-31.csv": ewo_csv(),
        "alw_2023-12-31.csv": alw_rows(),
        "ba_2023-12-31.csv": ba_csv(),
    }


def lay_in(home: Path, files: Mapping[str, str]) -> None:
    """Lay files into the inbox."""
    inbox = home / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (inbox / name).write_text(content, encoding="utf-8")


def copy_home(home: Path, to: Path) -> Path:
    """Copy a whole home directory."""
    return Path(shutil.copytree(home, to))


def shown(cells: pd.DataFrame, kind: str, item: str, group: str = "all") -> dict[str, object]:
    """Value of one item per area of one kind; its status in words where it has none."""
    is_item = (cells["kind"] == kind) & (cells["item"] == item) & (cells["group"] == group)
    found = cells[is_item]
    return {
        key: status if pd.isna(value) else value
        for key, value, status in zip(
            found["area_id"], found["value"], found["status"], strict=True
        )
    }
