import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from atlas.errors import AtlasError
from atlas.publication import planning
from atlas.publication.planning import Author, Kept, Shelf
from tests.command import PROJECT_DIR

SHELF = Shelf("musterstadt", "own_area", "Eigenes Gebiet")
KIM = Author("Kim", is_verified=False)
NEW = Kept(0, 1, "Programm", {"area_ids": ["11"]}, KIM, datetime(2025, 3, 1, 9, tzinfo=UTC))


@pytest.fixture
def engine(tmp_path):
    return planning.open_store(planning.store_url(tmp_path))


def test_what_is_kept_comes_back_and_numbers_are_never_given_twice(engine):
    assert planning.keep_new(engine, SHELF, NEW) == 1
    assert planning.keep_new(engine, SHELF, replace(NEW, title="Schule")) == 2
    planning.keep(engine, SHELF, replace(NEW, number=2, revision=2, content=None))
    assert planning.all_kept(engine, SHELF) == (replace(NEW, number=1),)
    assert planning.keep_new(engine, SHELF, replace(NEW, title="Schule")) == 3


def test_sorts_and_cities_do_not_see_each_other(engine):
    planning.keep_new(engine, SHELF, NEW)
    for other in (replace(SHELF, sort="posts"), replace(SHELF, city="anderstadt")):
        assert planning.all_kept(engine, other) == ()
        assert planning.keep_new(engine, other, NEW) == 1


def test_every_revision_stays(engine, tmp_path):
    planning.keep_new(engine, SHELF, NEW)
    changed = replace(NEW, number=1, revision=2, content={"area_ids": ["12"]})
    planning.keep(engine, SHELF, changed)
    planning.keep(engine, SHELF, replace(changed, revision=3, content=None))
    rows = sqlite3.connect(tmp_path / "assessments.sqlite").execute(
        "SELECT revision, content FROM kept_revision ORDER BY revision"
    )
    found = [(number, json.loads(told) if told else None) for number, told in rows]
    assert found == [(1, {"area_ids": ["11"]}), (2, {"area_ids": ["12"]}), (3, None)]


def test_second_of_two_is_told_and_overwrites_nothing(engine):
    planning.keep_new(engine, SHELF, NEW)
    planning.keep(engine, SHELF, replace(NEW, number=1, revision=2, title="Erste"))
    with pytest.raises(AtlasError, match="jemand anderes"):
        planning.keep(engine, SHELF, replace(NEW, number=1, revision=2, title="Zweite"))
    assert [one.title for one in planning.all_kept(engine, SHELF)] == ["Erste"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": " \u200b "}, "Bezeichnung fehlt"),
        ({"title": "x" * 81}, "mehr als 80 Zeichen"),
        ({"author": Author(" ", is_verified=False)}, "Name fehlt"),
        ({"content": {"area_ids": ["1" * 200_000]}}, "zu viel"),
    ],
)
def test_what_cannot_be_kept_is_one_sentence(engine, change, told):
    with pytest.raises(AtlasError, match=told):
        planning.keep_new(engine, SHELF, replace(NEW, **change))
    assert planning.all_kept(engine, SHELF) == ()


def test_a_name_is_given_once(engine):
    planning.keep_new(engine, SHELF, NEW)
    with pytest.raises(AtlasError, match="gibt es schon"):
        planning.keep_new(engine, SHELF, replace(NEW, title="  PROGRAMM "))


def test_a_changed_row_is_named_and_not_shown(engine):
    planning.keep_new(engine, SHELF, NEW)
    with engine.begin() as connection:
        connection.execute(text("UPDATE kept_revision SET title = 'Anderes'"))
    with pytest.raises(AtlasError, match="nicht, was geschrieben"):
        planning.all_kept(engine, SHELF)


_KEEP_MANY = """
import sys
from datetime import UTC, datetime
from atlas.publication import planning
from atlas.publication.planning import Author, Kept, Shelf
url, name = sys.argv[1:]
engine = planning.open_store(url)
for at in range(20):
    kept = Kept(0, 1, f"{name} {at}", {}, Author(name, False), datetime.now(UTC))
    planning.keep_new(engine, Shelf("musterstadt", "own_area", "Gebiet"), kept)
"""


def test_processes_that_open_and_keep_at_once_lose_nothing(tmp_path):
    url = planning.store_url(tmp_path)
    writers = [
        subprocess.Popen([sys.executable, "-c", _KEEP_MANY, url, name], cwd=PROJECT_DIR)
        for name in ("Kim", "Alex")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    found = planning.all_kept(planning.open_store(url), SHELF)
    assert [one.number for one in found] == list(range(1, 41))
