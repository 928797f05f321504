"""``atlas export --public``: what it writes, and what it says where portals get nothing."""

import shutil
from pathlib import Path

import pytest

from tests.command import Command
from tests.town_office import make_office


@pytest.fixture
def atlas(
    releases_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    office = make_office(tmp_path / "office")
    shutil.copytree(releases_dir / "musterstadt", office.releases_dir, dirs_exist_ok=True)
    monkeypatch.setenv("ATLAS_CITY", str(tmp_path / "office" / "city"))
    monkeypatch.chdir(tmp_path)
    return Command(office.home.root, monkeypatch, capsys)


def test_a_city_without_a_portal_gets_a_folder_and_a_sentence(
    atlas: Command, tmp_path: Path
) -> None:
    done = atlas.run("export", "2022-12-31.1", "--public", "--out", tmp_path / "offen")
    assert done.exit_code == 0
    assert "city.toml hat keinen Abschnitt [open_data]" in done.err
    names = {path.name for path in (tmp_path / "offen" / "musterstadt-2022-12-31.1").iterdir()}
    assert {"README.md", "quartiere.csv", "datapackage.json"} <= names
    assert not {"dcat.jsonld", "baubloecke.csv"} & names
