"""An office of Musterstadt on disk: configuration, boundaries and deliveries, to be changed.

Two registers and the counts of the BA: the population register places everybody in a block, the
foreigner register is linked to it, the BA counts per Quartier and comes last.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd

from atlas.confidential.desk import Advance, Desk, open_desk
from atlas.home import Home
from tests.factories import BLOCKS, DAY, NAMES, SGB2, town_areas, town_tables

EARLIER = date(2022, 12, 31)
# Refugees per block: all, of them under 18; the rest of the extract has other titles.
REFUGEES = {"1101": (20, 6), "1201": (5, 0), "1302": (4, 0), "2102": (3, 3)}

LAYOUTS: list[dict[str, Any]] = [
    {
        "id": "ewo",
        "source": "ewo",
        "label": "Einwohnerregister",
        "supplier": "Einwohnermeldeamt",
        "shape": "persons",
        "file": "ewo_{date}.csv",
        "kind": "block",
        "due_days": 21,
        "columns": {
            "ID": {"role": "person"},
            "BLOCK": {"role": "area"},
            "ALTER": {"role": "age"},
            "MIGRATION": {"role": "code"},
        },
        "measures": {"residents": "every_row", "migrants": [{"MIGRATION": {"is_in": ["1"]}}]},
    },
    {
        "id": "alw",
        "source": "alw",
        "label": "Ausländerregister",
        "supplier": "Ausländerbehörde",
        "shape": "persons",
        "file": "alw_{date}.csv",
        "place_from": "ewo",
        "is_required": False,
        "columns": {"ID": {"role": "person"}, "TITEL": {"role": "code"}},
        "measures": {"refugees": [{"TITEL": {"is_in": ["24", "Y55"]}}]},
    },
    {
        "id": "ba",
        "source": "ba",
        "label": "SGB II",
        "supplier": "Bundesagentur für Arbeit",
        "shape": "counts",
        "file": "ba_{date}.csv",
        "kind": "quartier",
        "due_days": 181,
        "withheld": ["*"],
        "columns": {
            "QUARTIER": {"role": "area"},
            "SGB2": {"role": "count", "item": "sgb2"},
            "SGB2_U18": {"role": "count", "item": "sgb2", "group": "u18"},
        },
    },
]


def office_tables() -> dict[str, Any]:
    """Content of the six configuration files, to be changed by a test."""
    tables: dict[str, Any] = copy.deepcopy(town_tables())
    tables["areas"]["editions"] = [
        {
            "id": date(2020, 1, 1),
            "block": {"file": "bloecke.gpkg", "key": "KEY", "parent": "PARENT"},
            "quartier": {
                "file": "quartiere.gpkg",
                "key": "KEY",
                "name": "NAME",
                "parent": "PARENT",
            },
            "district": {"names": {key: NAMES[key] for key in ("1", "2")}},
        }
    ]
    tables["indicators"]["measures"]["refugees"] = {
        "label": "Geflüchtete",
        "part_of": "migrants",
    }
    tables["deliveries"]["layouts"] = copy.deepcopy(LAYOUTS)
    tables["levels"]["robustness"] = {"replications": 1000}
    return tables


def make_small(tables: dict[str, Any]) -> None:
    """Leave out children and refugees, for tests that need neither: half the work."""
    ewo, _, ba = tables["deliveries"]["layouts"]
    del ewo["columns"]["ALTER"], ba["columns"]["SGB2_U18"]
    tables["deliveries"]["layouts"] = [ewo, ba]
    del tables["indicators"]["measures"]["refugees"], tables["levels"]["need"]["u18"]
    for indicator in tables["indicators"]["indicators"].values():
        indicator["groups"] = ["all"]


def put_small(office: Desk, day: date = DAY) -> None:
    """Lay the two deliveries of a small office into the inbox."""
    put(office, f"ewo_{day}.csv", ewo_csv())
    put(office, f"ba_{day}.csv", ba_csv())


def write_city(city_dir: Path, tables: Mapping[str, Any]) -> Path:
    """Write the six TOML files and the boundaries beside them."""
    geodata_dir = city_dir / "geodata"
    geodata_dir.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        lines = [f"{key} = {toml_text(value)}" for key, value in table.items()]
        (city_dir / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for kind, file in (("block", "bloecke"), ("quartier", "quartiere")):
        layer_of(kind).to_file(geodata_dir / f"{file}.gpkg")
    return city_dir


def layer_of(kind: str) -> gpd.GeoDataFrame:
    """Boundaries of one kind as a city would export them."""
    areas = town_areas()
    chosen = areas[areas["kind"] == kind]
    names = {"area_id": "KEY", "name": "NAME", "parent_id": "PARENT"}
    return chosen.rename(columns=names)[[*names.values(), "geometry"]]


def ewo_csv(blocks: Mapping[str, tuple[int, int, int, int]] = BLOCKS) -> str:
    """Population register: in every block the children and the migrants come first."""
    rows = ["ID;BLOCK;ALTER;MIGRATION"]
    for block, (residents, migrants, children, young_migrants) in blocks.items():
        for n in range(residents):
            is_child = n < children
            is_migrant = (
                n < young_migrants if is_child else n - children < migrants - young_migrants
            )
            age = 7 if is_child else 40
            rows.append(f"P{block}-{n};{block};{age};{int(is_migrant)}")
    return "\n".join(rows) + "\n"


def alw_csv() -> str:
    """Foreigner register: refugees, others with a title, one whom nobody knows."""
    rows = ["ID;TITEL", "unbekannt;24"]
    for block, (refugees, children) in REFUGEES.items():
        first_adult = BLOCKS[block][2]
        people = [*range(children), *range(first_adult, first_adult + refugees - children)]
        rows += [f"P{block}-{n};{'24' if n % 2 else 'Y55'}" for n in people]
        rows.append(f"P{block}-{BLOCKS[block][0] - 1};FZ")
    return "\n".join(rows) + "\n"


def ba_csv(counts: Mapping[str, tuple[object, object]] = SGB2) -> str:
    """Counts of the BA per Quartier."""
    rows = [f"{key};{everyone};{young}" for key, (everyone, young) in counts.items()]
    return "\n".join(["QUARTIER;SGB2;SGB2_U18", *rows]) + "\n"


@dataclass
class Watcher:
    """Keeps what the office tells."""

    steps: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Advance]:
        self.steps.append(name)
        yield lambda done: None

    def say(self, message: str) -> None:
        self.sentences.append(message)


def make_office(root: Path, change: Callable[[dict[str, Any]], object] | None = None) -> Desk:
    """Write Musterstadt below a directory and open its office."""
    tables = office_tables()
    if change is not None:
        change(tables)
    city_dir = write_city(root / "city", tables)
    return open_desk(city_dir, Home(root / "home"), Watcher())


def reopen(root: Path) -> Desk:
    """Open an office that ``make_office`` wrote, or a copy of it."""
    return open_desk(root / "city", Home(root / "home"), Watcher())


def put(office: Desk, name: str, content: str) -> Path:
    """Lay a file into the inbox."""
    path = office.home.inbox / name
    path.write_text(content, encoding="utf-8")
    return path


def put_registers(office: Desk, day: date = DAY) -> None:
    """Lay both registers of a date into the inbox."""
    put(office, f"ewo_{day}.csv", ewo_csv())
    put(office, f"alw_{day}.csv", alw_csv())


def put_all(office: Desk, day: date = DAY) -> None:
    """Lay all three deliveries of a date into the inbox."""
    put_registers(office, day)
    put(office, f"ba_{day}.csv", ba_csv())


def toml_text(value: object) -> str:
    """Write a value as TOML does, tables inline."""
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{json.dumps(k)} = {toml_text(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml_text, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)
