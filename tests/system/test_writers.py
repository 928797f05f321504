"""Planners who write at once, through the dashboard's own path, on two of its processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from atlas.publication import assessments
from tests import leak_town
from tests.identity import free_port
from tests.server import ended, start_dashboard
from tests.wire_writer import write_at_once

_WRITERS = 6
_ACCESS = """format = 1
public_url = "http://127.0.0.1"
[proxy]
name_header = "Remote-User"
groups_header = "Remote-Groups"
addresses = ["127.0.0.1"]
[roles]
planning = ["planning"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    leak_town.write_town(tmp_path / "releases", "open")
    (tmp_path / "planning").mkdir()
    (tmp_path / "access.toml").write_text(_ACCESS)
    return tmp_path


@pytest.fixture
def urls(home: Path) -> Iterator[list[str]]:
    ports = [free_port(), free_port()]
    access = str(home / "access.toml")
    servers = [start_dashboard(home, port, ATLAS_ACCESS=access) for port in ports]
    yield [f"http://127.0.0.1:{port}" for port in ports]
    for one in servers:
        ended(one)


def test_of_planners_who_write_at_once_nobody_loses_a_text(home: Path, urls: list[str]) -> None:
    writers = write_at_once(urls, _WRITERS, "Q1")
    assert all(one.is_kept for one in writers)
    told = [sentence for one in writers for sentence in one.told]
    assert len(told) >= _WRITERS - 1
    assert all("inzwischen hat jemand anderes" in sentence for sentence in told)
    assert [one.lost for one in writers] == [0] * _WRITERS
    engine = assessments.open_store(assessments.store_url(home / "planning"))
    found = assessments.history(engine, "zahlenstadt", "Q1")
    assert sorted(one.revision for one in found) == list(range(1, _WRITERS + 1))
    assert {one.text for one in found} == {one.text for one in writers}
    assert all(one.author.is_verified for one in found)
