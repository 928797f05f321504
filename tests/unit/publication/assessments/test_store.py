import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from atlas.errors import AtlasError
from atlas.publication import assessments
from atlas.publication.assessments import Author, Place
from tests.command import PROJECT_DIR
from tests.writing_race import race

CITY, QUARTIER, RELEASE = "musterstadt", "11", "2023-12-31.1"


def test_every_revision_stays_newest_first(engine, write):
    assessments.save(engine, write("Erster Eindruck.", 1))
    assessments.save(engine, write("Nach der Begehung.", 2))
    found = assessments.history(engine, CITY, QUARTIER)
    assert [(one.revision, one.text) for one in found] == [
        (2, "Nach der Begehung."),
        (1, "Erster Eindruck."),
    ]
    assert found[0].written_at == datetime(2025, 3, 1, 9, tzinfo=UTC)


def test_second_of_two_editors_is_told_and_overwrites_nothing(engine, write):
    assessments.save(engine, write("Ausgang.", 1))
    assessments.save(engine, write("Die erste war schneller.", 2))
    with pytest.raises(AtlasError, match="jemand anderes"):
        assessments.save(engine, write("Zu spät.", 2))
    found = assessments.history(engine, CITY, QUARTIER)
    assert [one.text for one in found] == ["Die erste war schneller.", "Ausgang."]


def test_assessment_belongs_to_its_release_and_quartier(engine, write):
    assessments.save(engine, write("Alt.", place=Place(CITY, "11", "2022-12-31.1")))
    assessments.save(engine, write("Anderswo.", place=Place(CITY, "12", RELEASE)))
    found = assessments.history(engine, CITY, QUARTIER)
    assert [one.text for one in found] == ["Alt."]
    assert assessments.current(found, RELEASE) is None


def test_withdrawal_is_a_revision_and_leaves_what_stands(engine, write):
    assessments.save(engine, write("Etwas.", 1))
    assessments.save(engine, write("Bleibt.", place=Place(CITY, "12", RELEASE)))
    assert len(assessments.standing(engine, CITY)) == 2
    assessments.save(engine, write("", 2))
    assert [one.text for one in assessments.standing(engine, CITY)] == ["Bleibt."]
    assert [one.text for one in assessments.history(engine, CITY, QUARTIER)] == ["", "Etwas."]


def test_only_the_newest_revision_stands(engine, write):
    assessments.save(engine, write("Alt.", 1))
    assessments.save(engine, write("Neu.", 2))
    assessments.save(engine, write("Fremd.", place=Place("anderstadt", "11", RELEASE)))
    assert [one.text for one in assessments.standing(engine, CITY)] == ["Neu."]


def test_text_is_data_and_no_command(engine, write):
    evil = "'; DROP TABLE assessment_revision; --"
    assessments.save(engine, write(evil, author=Author(evil, is_verified=False)))
    found = assessments.history(engine, CITY, QUARTIER)
    assert (found[0].text, found[0].author.name) == (evil, evil)


_WRITE_MANY = """
import sys
from datetime import UTC, datetime
from atlas.publication import assessments
from atlas.publication.assessments import Assessment, Author, Place
url, quartier = sys.argv[1:]
engine = assessments.open_store(url)
author = Author("Planungsteam", is_verified=False)
place = Place("musterstadt", quartier, "2023-12-31.1")
for revision in range(1, 41):
    moment = datetime(2025, 3, 1, tzinfo=UTC)
    assessments.save(engine, Assessment(place, revision, f"{revision}", author, moment))
"""


def test_processes_that_open_and_write_at_once_lose_nothing(tmp_path):
    url = assessments.store_url(tmp_path)
    # No writer finds the table: each makes it.
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITE_MANY, url, key], cwd=PROJECT_DIR)
        for key in ("11", "12")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    engine = assessments.open_store(url)
    for key in ("11", "12"):
        found = assessments.history(engine, CITY, key)
        assert sorted(one.revision for one in found) == list(range(1, 41))


def test_of_twenty_who_write_at_once_nobody_loses_a_text(tmp_path, write):
    url = assessments.store_url(tmp_path)
    told = race(url, write(), 20)
    found = assessments.history(assessments.open_store(url), CITY, QUARTIER)
    assert sorted(one.revision for one in found) == list(range(1, 21))
    assert {one.text for one in found} == {f"Text {number}" for number in range(20)}
    assert len(told) >= 19  # all but one of the first round
    assert all("inzwischen hat jemand anderes" in sentence for sentence in told)


def test_reader_sees_the_last_whole_state_while_another_writes(engine, tmp_path, write):
    assessments.save(engine, write("Steht.", 1))
    writer = sqlite3.connect(tmp_path / "assessments.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE assessment_revision SET text = 'halb'")
    assert assessments.history(engine, CITY, QUARTIER)[0].text == "Steht."
    writer.execute("ROLLBACK")
    writer.close()


def test_store_outlives_the_process(tmp_path, write):
    url = assessments.store_url(tmp_path)
    first = assessments.open_store(url)
    assessments.save(first, write("Bleibt."))
    first.dispose()
    again = assessments.open_store(url)
    assert assessments.history(again, CITY, QUARTIER)[0].text == "Bleibt."


def test_without_planning_there_is_no_store(tmp_path):
    assert assessments.store_url(tmp_path / "fehlt") == ""


def test_short_name_of_postgresql_is_understood(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_PLANNING_URL", "postgres://atlas@127.0.0.1/atlas")
    assert assessments.store_url(tmp_path) == "postgresql://atlas@127.0.0.1/atlas"


def test_address_of_a_database_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_PLANNING_URL", f"sqlite:///{tmp_path}/anderswo.sqlite")
    assessments.open_store(assessments.store_url(tmp_path / "planning"))
    assert (tmp_path / "anderswo.sqlite").is_file()


@pytest.mark.parametrize("url", ["sqlite:///{}/fehlt/geheim.sqlite", "geheim:datenbank"])
def test_unusable_store_is_one_sentence_without_the_address(tmp_path, url):
    with pytest.raises(AtlasError, match="lässt sich nicht öffnen") as caught:
        assessments.open_store(url.format(tmp_path))
    assert "geheim" not in str(caught.value)


def test_driver_of_postgresql_is_there_and_its_password_is_not_repeated():
    url = "postgresql://atlas:geheim@127.0.0.1:1/atlas"
    with pytest.raises(AtlasError, match="lässt sich nicht öffnen") as caught:
        assessments.open_store(url)
    assert "geheim" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_damaged_store_is_one_sentence(engine, tmp_path, write):
    assessments.save(engine, write())
    engine.dispose()
    for path in tmp_path.glob("assessments.sqlite*"):
        path.write_bytes(b"kaputt" * 1000)
    with pytest.raises(AtlasError, match="nicht lesen"):
        assessments.history(engine, CITY, QUARTIER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Was die Stufe", b"Was die\xd5Stufe"),  # no UTF-8 in a text
        (b"CREATE TABLE assessment_revision (", b"CREATE TABLE\xd5assessment_revision ("),
        (b"2024-01-02 03:04", b"2024-91-02 03:04"),
    ],
)
def test_a_flipped_bit_is_a_sentence_too(tmp_path, write, before, after):
    """The driver itself fails at such texts, with other errors than the store's."""
    url = assessments.store_url(tmp_path)
    engine = assessments.open_store(url)
    when = datetime(2024, 1, 2, 3, 4, tzinfo=UTC)
    assessments.save(engine, replace(write("Was die Stufe bedeutet."), written_at=when))
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    path = tmp_path / "assessments.sqlite"
    content = path.read_bytes()
    assert before in content
    path.write_bytes(content.replace(before, after))
    with pytest.raises(AtlasError, match="Bewertung"):
        assessments.history(assessments.open_store(url), CITY, QUARTIER)


def test_a_changed_row_is_named_and_not_shown(engine, write):
    assessments.save(engine, write("Was die Stufe bedeutet."))
    with engine.begin() as connection:
        connection.execute(text("UPDATE assessment_revision SET text = 'Was sie bedeutet.'"))
    for read in (
        lambda: assessments.history(engine, CITY, QUARTIER),
        lambda: assessments.standing(engine, CITY),
    ):
        with pytest.raises(AtlasError, match="Quartier 11, .*nicht, was geschrieben"):
            read()


def test_a_table_of_before_there_were_digests_is_read_and_goes_on(tmp_path, write):
    url = assessments.store_url(tmp_path)
    engine = assessments.open_store(url)
    assessments.save(engine, write("Alt."))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE assessment_revision DROP COLUMN digest"))
    engine.dispose()
    engine = assessments.open_store(url)
    assessments.save(engine, write("Neu.", 2))
    assert [one.text for one in assessments.history(engine, CITY, QUARTIER)] == [
        "Neu.",
        "Alt.",
    ]


def test_own_estimate_measures_and_review_are_kept(engine, write):
    said = replace(
        write("Etwas."), own_level=3, measures="Kita\tbauen", review_on=date(2026, 6, 1)
    )
    assessments.save(engine, said)
    (found,) = assessments.history(engine, CITY, QUARTIER)
    assert (found.own_level, found.measures, found.review_on) == (
        3,
        "Kita bauen",
        date(2026, 6, 1),
    )
    assessments.save(engine, replace(said, revision=2, text="", written_at=datetime.now(UTC)))
    gone = assessments.history(engine, CITY, QUARTIER)[0]
    assert (gone.own_level, gone.measures, gone.review_on) == (None, "", None)


@pytest.mark.parametrize(
    ("change", "told"),
    [({"own_level": 5}, "keine Stufe"), ({"measures": "x" * 2001}, "mehr als 2000 Zeichen")],
)
def test_strange_fields_are_refused(engine, write, change, told):
    with pytest.raises(AtlasError, match=told):
        assessments.save(engine, replace(write("Etwas."), **change))


def test_a_database_of_before_there_were_these_fields_goes_on(tmp_path, write):
    """Its revisions keep their digests; new ones have new fields."""
    url = assessments.store_url(tmp_path)
    engine = assessments.open_store(url)
    assessments.save(engine, write("Alt."))
    with engine.begin() as connection:
        for column in ("own_level", "measures", "review_on"):
            connection.execute(text(f"ALTER TABLE assessment_revision DROP COLUMN {column}"))
        connection.execute(text("DROP TABLE kept_revision"))
    engine.dispose()
    engine = assessments.open_store(url)
    assessments.save(engine, replace(write("Neu.", 2), own_level=4))
    found = assessments.history(engine, CITY, QUARTIER)
    assert [(one.text, one.own_level) for one in found] == [("Neu.", 4), ("Alt.", None)]


def test_a_changed_estimate_is_named(engine, write):
    assessments.save(engine, replace(write("Etwas."), own_level=3))
    with engine.begin() as connection:
        connection.execute(text("UPDATE assessment_revision SET own_level = 1"))
    with pytest.raises(AtlasError, match="nicht, was geschrieben"):
        assessments.history(engine, CITY, QUARTIER)
