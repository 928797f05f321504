"""Put the demo of a city into a home directory: deliveries and generated boundaries.

Wuppertal is generated (Musterdaten); Flensburg and Berlin are open data that the package
carries. Knows no store and no release.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pyarrow as pa
import pyogrio
from pyarrow import csv as arrow_csv

from atlas.demo import wuppertal
from atlas.demo.weeks import week_days, weekly_counts
from atlas.errors import ConfigError

SEED = 5124324

Progress = Callable[[str, int, int], None]

_DATA_DIR = Path(__file__).parent / "data"
_BLOCKS_FILE = "bloecke.gpkg"
_CONTEXT_FILE = "umgebung.gpkg"
_SOURCES = ("ewo", "alw", "sgb2")
_PRIVATE = 0o700

_Content = TypeVar("_Content")


@dataclass(frozen=True)
class DemoFiles:
    """What lies ready: deliveries in the inbox, those that come later or weekly, geometry."""

    inbox: tuple[Path, ...]
    later: tuple[Path, ...] = ()
    weekly: tuple[Path, ...] = ()
    geodata: tuple[Path, ...] = ()


def build_demo(
    city_id: str, home: Path, progress: Progress, size: float = 1.0, seed: int = SEED
) -> DemoFiles:
    """Write a city's deliveries into ``home``; what a former call wrote is kept.

    Parameters
    ----------
    progress
        Called with a German step, the number of steps done and their total.
    size
        Share of the real number of residents and blocks, for small towns in tests.

    Raises
    ------
    ConfigError
        If there is no demo of this city.
    """
    if city_id == wuppertal.CITY_ID:
        return _generate(home, progress, size, seed)
    sources = sorted((_DATA_DIR / city_id).glob("*.csv"))
    if not sources:
        raise ConfigError(
            f"Demo {city_id}: keine Beispieldaten vorhanden. Erwartet: wuppertal, flensburg "
            "oder berlin. Angabe --city prüfen."
        )
    files = DemoFiles(inbox=tuple(home / "inbox" / source.name for source in sources))
    for done, (source, target) in enumerate(zip(sources, files.inbox, strict=True)):
        progress("Lieferungen", done, len(sources))
        _write(target, source, shutil.copyfile)
    progress("Lieferungen", len(sources), len(sources))
    return files


def _generate(home: Path, progress: Progress, size: float, seed: int) -> DemoFiles:
    files = _generated_files(home)
    blocks_path, context_path = files.geodata
    if not context_path.exists():
        _write(context_path, wuppertal.make_context(seed), _write_layers)
    if blocks_path.exists():
        return files
    paths = {path.name: path for path in (*files.inbox, *files.later)}
    steps = len(wuppertal.reference_dates()) + 2
    progress("Baublöcke erzeugen", 0, steps)
    blocks = wuppertal.make_blocks(size, seed)
    progress("Register erzeugen", 1, steps)
    for done, year in enumerate(wuppertal.make_years(blocks, size, seed), start=2):
        for source, table in zip(
            _SOURCES, (year.population, year.foreigners, year.sgb2), strict=True
        ):
            _write(paths[_name(source, f"{year.year}-12-31")], table, _write_csv)
        progress("Register erzeugen", done, steps)
    for path, (_, table) in zip(files.weekly, weekly_counts(size, seed), strict=True):
        _write(path, table, _write_csv)
    # Last, because its presence says that everything else has been written.
    _write(blocks_path, blocks, _write_gpkg)
    progress("Baublöcke ablegen", steps, steps)
    return files


def _generated_files(home: Path) -> DemoFiles:
    *dates, last = wuppertal.reference_dates()
    names = [_name(source, date) for date in dates for source in _SOURCES]
    names += [_name(source, last) for source in _SOURCES[:-1]]
    return DemoFiles(
        inbox=tuple(home / "inbox" / name for name in names),
        later=(home / "spaeter" / _name(_SOURCES[-1], last),),
        weekly=tuple(home / "woechentlich" / _name("woche", f"{day}") for day in week_days()),
        geodata=tuple(
            home / "geodata" / wuppertal.CITY_ID / name
            for name in (_BLOCKS_FILE, _CONTEXT_FILE)
        ),
    )


def _name(source: str, date: str) -> str:
    return f"{wuppertal.CITY_ID}_{source}_{date}.csv"


def _write(path: Path, content: _Content, write: Callable[[_Content, Path], object]) -> None:
    """Write to a temporary name in the same directory, then rename."""
    path.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    # A leading dot: the inbox must not see half a file; the ending stays for GDAL.
    temporary = path.with_name(f".{path.name}.tmp{path.suffix}")
    temporary.unlink(missing_ok=True)
    write(content, temporary)
    temporary.replace(path)


def _write_csv(table: pa.Table, path: Path) -> None:
    options = arrow_csv.WriteOptions(delimiter=";", quoting_style="none", quoting_header="none")
    arrow_csv.write_csv(table, path, options)


def _write_gpkg(blocks: gpd.GeoDataFrame, path: Path) -> None:
    _write_layers({"bloecke": blocks}, path)


def _write_layers(layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    for name, layer in layers.items():
        pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG")
