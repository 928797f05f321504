"""Who may read what is decided by role, whatever umask the account of the office has."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from tests.town_office import make_office, make_small, put_small


@contextmanager
def _umask(umask: int) -> Iterator[None]:
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def _modes(path: Path) -> set[tuple[bool, int]]:
    return {
        (one.is_dir(), stat.S_IMODE(one.stat().st_mode)) for one in (path, *path.rglob("*"))
    }


@pytest.fixture(params=[0o000, 0o022, 0o077], ids="{:03o}".format)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """An office that has published one date under this umask."""
    with _umask(request.param):
        office = make_office(tmp_path, make_small)
        put_small(office)
        run(office, "")
    return office


def test_dashboard_reads_what_is_published_and_nothing_else(office: Desk) -> None:
    assert _modes(office.home.root / "releases") == {(True, 0o755), (False, 0o644)}
    assert stat.S_IMODE(office.home.root.stat().st_mode) == 0o755
    for path in (office.home.requests, office.home.proposals("musterstadt")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o755
    for path in (office.home.root / "confidential", office.home.inbox):
        assert {mode & 0o077 for _, mode in _modes(path)} == {0}


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_what_is_published_is_as_open_as_its_folder(umask: int, tmp_path: Path) -> None:
    """A city that gives the dashboard its own group closes the folder to all others, once."""
    office = make_office(tmp_path, make_small)
    office.releases_dir.chmod(0o2750)
    with _umask(umask):
        put_small(office)
        run(office, "")
    inside = {mode for path in office.releases_dir.iterdir() for mode in _modes(path)}
    assert {(is_dir, mode & 0o777) for is_dir, mode in inside} == {
        (True, 0o750),
        (False, 0o640),
    }
