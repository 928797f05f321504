"""Assessments on a real PostgreSQL server: what SQLite does by default."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from atlas.errors import AtlasError
from atlas.publication import assessments
from atlas.publication.assessments import Assessment, Author, Place
from tests.system.postgres import Server, running_server
from tests.writing_race import race

PLACE = Place("musterstadt", "11", "2023-12-31.1")
REVISIONS = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("planning")) as server:
        yield server


@pytest.fixture
def url(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with server.connect() as connection:
        connection.execute("DROP TABLE IF EXISTS assessment_revision")
    monkeypatch.setenv("ATLAS_PLANNING_URL", server.url_with_password)
    return assessments.store_url(tmp_path)


def _assessment(revision: int, text: str, place: Place = PLACE) -> Assessment:
    author = Author("Planungsteam", is_verified=False)
    return Assessment(place, revision, text, author, datetime(2025, 3, 1, 9, tzinfo=UTC))


def test_revisions_are_kept_and_conflicts_are_told(url: str) -> None:
    engine = assessments.open_store(url)
    assessments.save(engine, _assessment(1, "Erste Fassung; 'so'."))
    assessments.save(engine, _assessment(2, "Zweite Fassung."))
    with pytest.raises(AtlasError, match="jemand anderes"):
        assessments.save(engine, _assessment(2, "Zu spät."))
    found = assessments.history(engine, "musterstadt", "11")
    assert [one.text for one in found] == ["Zweite Fassung.", "Erste Fassung; 'so'."]
    assert found[0].written_at == datetime(2025, 3, 1, 9, tzinfo=UTC)
    assert [one.revision for one in assessments.standing(engine, "musterstadt")] == [2]
    engine.dispose()


def test_of_twenty_who_write_at_once_nobody_loses_a_text(url: str) -> None:
    told = race(url, _assessment(1, "."), 20)
    engine = assessments.open_store(url)
    found = assessments.history(engine, "musterstadt", "11")
    assert sorted(one.revision for one in found) == list(range(1, 21))
    assert {one.text for one in found} == {f"Text {number}" for number in range(20)}
    assert len(told) >= 19
    assert all("inzwischen hat jemand anderes" in sentence for sentence in told)
    engine.dispose()


def test_processes_that_open_and_write_at_once_lose_nothing(url: str) -> None:
    def write_all(area_id: str) -> Engine:
        engine = assessments.open_store(url)
        place = Place("musterstadt", area_id, "2023-12-31.1")
        for revision in range(1, REVISIONS + 1):
            assessments.save(engine, _assessment(revision, f"Fassung {revision}", place))
        return engine

    keys = ("11", "12", "13", "21")
    with ThreadPoolExecutor(len(keys)) as writers:
        engines = list(writers.map(write_all, keys))
    for key, engine in zip(keys, engines, strict=True):
        found = assessments.history(engine, "musterstadt", key)
        assert len(found) == REVISIONS
        engine.dispose()
