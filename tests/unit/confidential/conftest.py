"""Musterstadt run once and copied for every test."""

import shutil
from pathlib import Path

import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from tests.town_office import make_office, put_all, put_registers, reopen
from tests.wrong_town import make_wrong_office


@pytest.fixture(scope="session")
def final_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One date with all deliveries, published; not to be changed."""
    root = tmp_path_factory.mktemp("final")
    office = make_office(root)
    put_all(office)
    run(office, "")
    return root


@pytest.fixture(scope="session")
def provisional_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One date without the BA, published as provisional; not to be changed."""
    root = tmp_path_factory.mktemp("provisional")
    office = make_office(root)
    put_registers(office)
    run(office, "")
    return root


@pytest.fixture(scope="session")
def wrong_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One date, published and then published wrongly; not to be changed."""
    root = tmp_path_factory.mktemp("wrong")
    make_wrong_office(root)
    return root


@pytest.fixture
def wrong(wrong_root: Path, tmp_path: Path) -> Desk:
    return reopen(Path(shutil.copytree(wrong_root, tmp_path / "office")))


@pytest.fixture
def final(final_root: Path, tmp_path: Path) -> Desk:
    return reopen(Path(shutil.copytree(final_root, tmp_path / "office")))


@pytest.fixture
def provisional(provisional_root: Path, tmp_path: Path) -> Desk:
    return reopen(Path(shutil.copytree(provisional_root, tmp_path / "office")))
