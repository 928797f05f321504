"""The office's image without a container engine: its files run a city, its lock is enough."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from atlas.demo import build_demo
from tests.architecture.test_project_files import pins_of
from tests.command import PROJECT_DIR
from tests.system.dockerfile import copy_files, read_stages

# Only the packages of the lock can be imported, whatever else is installed here.
_RUN = """
import json, sys
from pathlib import Path
from importlib.metadata import packages_distributions
allowed = set(json.loads(sys.argv.pop(1)))
owners = {
    module: {one.lower().replace("_", "-") for one in names}
    for module, names in packages_distributions().items()
}
class OnlyTheLock:
    def find_spec(self, name, path=None, target=None):
        if not owners.get(name.partition(".")[0], allowed) & allowed:
            raise ModuleNotFoundError(f"not in the lock: {name}", name=name)
sys.meta_path.insert(0, OnlyTheLock())
from atlas.cli import app
app(["run", "--city", "flensburg"], standalone_mode=False)
Path("export").mkdir()
export = ["export", "2021-12-31.1", "--city", "flensburg", "--out", "export"]
app(export, standalone_mode=False)
app([*export, "--public"], standalone_mode=False)
import atlas
print(json.dumps(atlas.__file__))
"""


@pytest.fixture(scope="module")
def app_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Program files of the office's image, with the configuration that compose mounts."""
    path = tmp_path_factory.mktemp("office_image")
    copy_files(read_stages(PROJECT_DIR / "Dockerfile")["office"], PROJECT_DIR, path)
    for name in ("config", "geodata"):
        shutil.copytree(PROJECT_DIR / name, path / name)
    return path


def test_image_publishes_a_city_with_the_packages_of_its_lock(
    app_dir: Path, tmp_path: Path
) -> None:
    build_demo("flensburg", tmp_path, lambda step, done, total: None)
    lock = [*pins_of("requirements-office.lock"), "social-space-atlas"]
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(lock)],
        cwd=app_dir,
        env={**os.environ, "ATLAS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert Path(json.loads(done.stdout.splitlines()[-1])).is_relative_to(app_dir)
    assert (tmp_path / "releases/flensburg/2021-12-31.1/datapackage.json").is_file()
    assert list((app_dir / "export").rglob("*.xlsx"))
    assert (app_dir / "export/flensburg-2021-12-31.1/README.md").is_file()


def test_dashboard_is_not_in_the_office_lock() -> None:
    assert not {"streamlit", "folium", "starlette"} & set(pins_of("requirements-office.lock"))


def test_image_holds_no_dashboard(app_dir: Path) -> None:
    assert not (app_dir / "atlas/publication/dashboard").exists()
    assert not (app_dir / "app.py").exists()
