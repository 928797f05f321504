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

# Says afterwards which installed distributions the process has used.
_RUN = """
import json, sys
from importlib.metadata import packages_distributions
from atlas.cli import app
app(sys.argv[1:], standalone_mode=False)
import atlas
owners = packages_distributions()
used = {name.partition(".")[0] for name in sys.modules}
names = sorted({one.lower().replace("_", "-") for name in used for one in owners.get(name, [])})
print(json.dumps({"program": atlas.__file__, "packages": names}))
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
    done = subprocess.run(
        [sys.executable, "-c", _RUN, "run", "--city", "flensburg"],
        cwd=app_dir,
        env={**os.environ, "ATLAS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert Path(said["program"]).is_relative_to(app_dir)
    assert (tmp_path / "releases/flensburg/2021-12-31.1/datapackage.json").is_file()
    foreign = set(said["packages"]) - set(pins_of("requirements-office.lock"))
    assert foreign <= {"pip", "setuptools", "social-space-atlas"}


def test_image_holds_no_dashboard(app_dir: Path) -> None:
    assert not (app_dir / "atlas/publication").exists()
    assert not (app_dir / "app.py").exists()
