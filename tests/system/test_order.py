"""The same deliveries in any order and any format give byte-identical releases.

The homes share the keys of one office: the order of ties and the hashes of persons come from
them, not from the order of arrival.
"""

import io
import json
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from atlas.confidential.desk import Desk, open_desk
from atlas.confidential.receive import layout_of, receive
from atlas.confidential.run import run
from atlas.home import Home
from tests.command import files_below
from tests.town_office import Watcher, ba_csv, write_city
from tests.year_town import BA_2024, deliveries_of_2023, deliveries_of_january, year_tables

REASON = "Doppelte Zeile, eine Person"


def deliveries() -> dict[str, str]:
    """All that a year brings, without extension."""
    files = {**deliveries_of_2023(), **deliveries_of_january()}
    files["ba_2024-12-31.csv"] = ba_csv(BA_2024)
    return {Path(name).stem: content for name, content in files.items()}


def as_csv(table: pd.DataFrame) -> bytes:
    """Other line ends, a mark of order, quotes around everything."""
    text: str = table.to_csv(sep=";", index=False, quoting=1, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def as_xlsx(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_excel(buffer, index=False)
    return buffer.getvalue()


def as_parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


FORMATS: Mapping[str, Callable[[pd.DataFrame], bytes]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "parquet": as_parquet,
}


def shuffled(content: str, seed: int) -> pd.DataFrame:
    """A table of texts in another order of rows."""
    table = pd.read_csv(io.StringIO(content), sep=";", dtype=str, keep_default_na=False)
    return table.sample(frac=1, random_state=seed, ignore_index=True)


@pytest.fixture(scope="module")
def city_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables = year_tables()
    for layout in tables["deliveries"]["layouts"]:
        layout["file"] = layout["file"].replace(".csv", ".*")
    return write_city(tmp_path_factory.mktemp("order") / "city", tables)


@pytest.fixture(scope="module")
def first(city_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Everything as CSV, taken by one run."""
    office = open_desk(city_dir, Home(tmp_path_factory.mktemp("first")), Watcher())
    for name, content in deliveries().items():
        (office.home.inbox / f"{name}.csv").write_text(content, encoding="utf-8")
    assert not run(office, REASON).errors
    return office


def releases(office: Desk) -> dict[str, bytes]:
    """Read all files but for the checks: what a delivery is compared with came before it."""
    files = files_below(office.releases_dir)
    del files["datenstand.json"]  # holds the time of the run
    for name in [name for name in files if name.endswith("/method.md")]:
        lines = files[name].splitlines(keepends=True)
        files[name] = b"".join(one for one in lines if not one.startswith(b"  - "))
        del files[name.replace("method.md", "datapackage.json.sha256")]
        package = name.replace("method.md", "datapackage.json")
        files[package] = _without_checks(files[package])
    return files


def _without_checks(package: bytes) -> bytes:
    told = json.loads(package)
    for delivery in told["atlas"]["deliveries"]:
        assert delivery.pop("checks")
    told["resources"] = [one for one in told["resources"] if one["path"] != "method.md"]
    return json.dumps(told).encode()


def test_first_run_published_every_date(first: Desk) -> None:
    names = sorted(path.name for path in first.releases_dir.iterdir() if path.is_dir())
    assert names == [
        "2023-12-31.1",
        "2024-10-31.1",
        "2024-11-30.1",
        "2024-12-22.1",
        "2024-12-29.1",
        "2024-12-31.1",
        "2025-01-05.1",
    ]


@pytest.mark.parametrize(("form", "seed"), [("csv", 0), ("xlsx", 1), ("parquet", 2)])
def test_order_and_format_change_no_byte(
    first: Desk, city_dir: Path, tmp_path: Path, form: str, seed: int
) -> None:
    office = open_desk(city_dir, Home(tmp_path / "home"), Watcher())
    shutil.copytree(first.keys_dir, office.keys_dir)
    files = list(deliveries().items())
    random.Random(seed).shuffle(files)
    for name, content in files:
        path = tmp_path / f"{name}.{form}"
        path.write_bytes(FORMATS[form](shuffled(content, seed)))
        receive(office, path, layout_of(office, path, None), None, REASON)
    assert not run(office, "").errors
    assert releases(office) == releases(first)


def test_mixed_formats_change_no_byte(first: Desk, city_dir: Path, tmp_path: Path) -> None:
    office = open_desk(city_dir, Home(tmp_path / "home"), Watcher())
    shutil.copytree(first.keys_dir, office.keys_dir)
    for number, (name, content) in enumerate(deliveries().items()):
        form = list(FORMATS)[number % len(FORMATS)]
        target = office.home.inbox / f"{name}.{form}"
        target.write_bytes(FORMATS[form](shuffled(content, number)))
    assert not run(office, REASON).errors
    assert releases(office) == releases(first)
