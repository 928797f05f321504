"""One small generated town for all tests of the demo."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from atlas.demo import DemoFiles, build_demo

SMALL = 0.02


def ignore_progress(step: str, done: int, total: int) -> None:
    pass


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small_home")
    build_demo("wuppertal", home, ignore_progress, size=SMALL)
    return home


@pytest.fixture(scope="session")
def small_files(small_home: Path) -> DemoFiles:
    return build_demo("wuppertal", small_home, ignore_progress, size=SMALL)


@pytest.fixture(scope="session")
def read(small_files: DemoFiles) -> Callable[[str, int], pd.DataFrame]:
    """Read a delivery of the small town by source and year, as text."""
    paths = {path.name: path for path in (*small_files.inbox, *small_files.later)}

    def read_delivery(source: str, year: int) -> pd.DataFrame:
        path = paths[f"wuppertal_{source}_{year}-12-31.csv"]
        return pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)

    return read_delivery
