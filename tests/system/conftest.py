from pathlib import Path

import pytest

from tests.command import run_atlas


@pytest.fixture(scope="session")
def flensburg_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home directory in which the demo of Flensburg has been published; not to be changed."""
    home = tmp_path_factory.mktemp("flensburg_home")
    done = run_atlas(home, "demo", "--city", "flensburg", "--no-serve")
    assert done.exit_code == 0, done.err
    return home
