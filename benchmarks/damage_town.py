"""The town of ``benchmarks.damages``: the demo with schools, and ten honest years of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as pa_csv

from atlas.confidential.desk import Advance, Desk, open_desk
from atlas.confidential.receive import layout_of, receive
from atlas.config import find_city_dir, geodata_dir
from atlas.demo import codes, wuppertal
from atlas.demo.build import SEED
from atlas.demo.persons import ages, first_persons, next_persons
from atlas.demo.profile import read_profile, yearly_targets
from atlas.demo.registers import foreigner_register, population_register, sgb2_counts
from atlas.demo.town import make_town
from atlas.home import Home

SOURCES = ("ewo", "alw", "sgb2", "schulen")
HONEST_YEARS = 10
_FIRST_HONEST = 2015
_SCHOOL_TYPES = ("grundschule", "gesamtschule", "gymnasium")
_SCHOOL_STEPS = np.array([0.0, 0.38, 1.0])

_LAYOUT = """
[[layouts]]
id = "schulen"
source = "schulen"
label = "Schulstatistik"
supplier = "Schulverwaltung"
shape = "counts"
file = "wuppertal_schulen_{date}.csv"
kind = "quartier"
is_required = false

[layouts.columns]
QUARTIER = { role = "area", width = 2 }
GRUNDSCHULE = { role = "count", item = "pupils_grundschule" }
GESAMTSCHULE = { role = "count", item = "pupils_gesamtschule" }
GYMNASIUM = { role = "count", item = "pupils_gymnasium" }
"""
_MEASURES = "".join(
    f'\n[measures.pupils_{name}]\nlabel = "Schüler*innen ({name})"\npart_of = "residents"\n'
    for name in _SCHOOL_TYPES
)


@dataclass(frozen=True)
class Town:
    """Deliveries as texts, by source: of the last date, of the one before, and of the first."""

    day: str
    now: dict[str, pa.Table]
    last: dict[str, pa.Table]
    first: dict[str, pa.Table]


class _Silent:
    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Advance]:
        with nullcontext():
            yield lambda done: None

    def say(self, message: str) -> None:
        """Nobody listens."""


def open_town(root: Path, size: float) -> tuple[Desk, Town]:
    """Accept all dates of the demo but the last; give that one as tables."""
    blocks = wuppertal.make_blocks(size, SEED)
    office = _open(root, blocks)
    profile = read_profile()
    town = make_town(blocks, profile, SEED)
    found: list[dict[str, pa.Table]] = []
    years = yearly_targets(profile, size, SEED)
    persons: pd.DataFrame | None = None
    for year, targets in years.items():
        rng = np.random.default_rng([SEED, year])
        if persons is None:
            persons = first_persons(town, targets, year, rng)
        else:
            persons = next_persons(persons, town, targets, year, rng)
        ids = (blocks["BAUBLOCK"].to_numpy(), profile["quartier"].to_numpy())
        found.append(_tables(persons, targets, ids, year, rng))
    for year, tables in zip(years, found[:-1], strict=False):
        for source in SOURCES:
            path = root / f"wuppertal_{source}_{year}-12-31.csv"
            write(tables[source], path)
            receive(office, path, layout_of(office, path, None), None, "Vorjahr")
    return office, Town(f"{max(years)}-12-31", found[-1], found[-2], found[0])


def honest_years(
    root: Path, size: float, seed: int
) -> Iterator[tuple[Desk, int, str, pa.Table]]:
    """Let a city live on: it grows and ages, builds, opens and closes shelters.

    A housing estate fills in the fifth year, a shelter opens in the fourth and another closes
    in the eighth; in the seventh year the authority gives a residence title another paragraph.
    """
    blocks = wuppertal.make_blocks(size, SEED)
    office = _open(root, blocks)
    profile = read_profile()
    town = make_town(blocks, profile, SEED)
    persons: pd.DataFrame | None = None
    rng = np.random.default_rng([SEED, seed])
    base = yearly_targets(profile, size, SEED)[2022]
    for step in range(HONEST_YEARS):
        year = _FIRST_HONEST + step
        targets = _lived(base, step, rng)
        if persons is None:
            persons = first_persons(town, targets, year, rng)
        else:
            persons = next_persons(persons, town, targets, year, rng)
        ids = (blocks["BAUBLOCK"].to_numpy(), profile["quartier"].to_numpy())
        tables = _tables(persons, targets, ids, year, rng)
        if step >= 6:
            tables["alw"] = _renamed(tables["alw"], "18b", "18g")
        for source in SOURCES:
            yield office, year, source, tables[source]


def write(table: pa.Table, path: Path) -> None:
    """Write a table as its office would."""
    options = pa_csv.WriteOptions(delimiter=";", quoting_style="none", quoting_header="none")
    pa_csv.write_csv(table, path, options)


def _lived(base: pd.DataFrame, step: int, rng: np.random.Generator) -> pd.DataFrame:
    """Targets of one year: trends of the city, chance of each Quartier, events."""
    number = len(base)
    grown = base["residents"] * 1.004**step * np.exp(rng.normal(scale=0.005, size=number))
    estate, opened, closed = 20, 31, int(base["sheltered"].to_numpy().argmax())
    if step >= 4:
        grown.iloc[estate] *= 1.3
    shares = {
        "migrants": base["migrants"] / base["residents"] * (1 + 0.012 * step),
        "sgb2": base["sgb2"] / base["residents"] * (1 - 0.01 * step),
        "refugees": base["refugees"] / base["residents"] * (1 + 0.02 * step),
    }
    scales = {"migrants": 0.006, "sgb2": 0.025, "refugees": 0.05}
    counts = {
        name: grown * shares[name] * np.exp(rng.normal(scale=scales[name], size=number))
        for name in shares
    }
    sheltered = base["sheltered"].astype(float).copy()
    small = grown.sum() / 366_000
    if step >= 3:
        sheltered.iloc[opened] += 150 * small
        counts["refugees"].iloc[opened] += 150 * small
    if step >= 7:
        counts["refugees"].iloc[closed] -= sheltered.iloc[closed]
        sheltered.iloc[closed] = 0
    wanted = {"residents": grown, "sheltered": sheltered, **counts}
    frame = pd.DataFrame({name: np.rint(values) for name, values in wanted.items()})
    return frame.clip(lower=0).astype("int64").assign(youth_factor=base["youth_factor"])


def _renamed(table: pa.Table, old: str, new: str) -> pa.Table:
    frame = table.to_pandas()
    return pa.Table.from_pandas(frame.replace({"AUFENTHALTSTITEL": {old: new}}))


def _tables(
    persons: pd.DataFrame,
    targets: pd.DataFrame,
    ids: tuple[np.ndarray, np.ndarray],
    year: int,
    rng: np.random.Generator,
) -> dict[str, pa.Table]:
    block_ids, quartier_ids = ids
    return {
        "ewo": population_register(persons, block_ids, year),
        "alw": foreigner_register(persons, rng),
        "sgb2": sgb2_counts(persons, targets, quartier_ids, year),
        "schulen": _schools(persons, quartier_ids, year),
    }


def _schools(persons: pd.DataFrame, quartier_ids: np.ndarray, year: int) -> pa.Table:
    """Pupils per Quartier of home and type of school; a child keeps its type."""
    years = ages(persons["born"].to_numpy(), year)
    quartiere = persons["quartier"].to_numpy()
    luck = persons["luck"].to_numpy()
    origin = persons["origin"].to_numpy() > codes.NO_ORIGIN
    older = (years >= 10) & (years < 18)
    is_grammar = luck > _SCHOOL_STEPS[1] + 0.2 * origin
    chosen = ((years >= 6) & (years < 10), older & ~is_grammar, older & is_grammar)
    columns = {"QUARTIER": pa.array(quartier_ids, pa.string())}
    for name, mask in zip(_SCHOOL_TYPES, chosen, strict=True):
        counts = np.bincount(quartiere[mask], minlength=len(quartier_ids))
        columns[name.upper()] = pa.array([str(n) for n in counts])
    return pa.table(columns)


def _open(root: Path, blocks: pd.DataFrame) -> Desk:
    """Copy the configuration of Wuppertal and add schools to it."""
    city_dir = root / "config" / "wuppertal"
    shutil.copytree(find_city_dir("wuppertal"), city_dir)
    with (city_dir / "deliveries.toml").open("a", encoding="utf-8") as file:
        file.write(_LAYOUT)
    with (city_dir / "indicators.toml").open("a", encoding="utf-8") as file:
        file.write(_MEASURES)
    office = open_desk(city_dir, Home(root / "home"), _Silent())
    folder = office.geodata_dirs[0]
    folder.mkdir(parents=True, exist_ok=True)
    blocks.to_file(folder / "bloecke.gpkg", layer="bloecke", driver="GPKG")
    for path in geodata_dir(find_city_dir("wuppertal")).iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    return office
