from datetime import UTC, datetime

import pytest

from atlas.errors import AtlasError
from atlas.publication.dashboard import assessments
from atlas.publication.dashboard.assessments import Assessment, Author, Place

HERE = Place("musterstadt", "11", "2023-12-31.1")
PLANNING = Author("Planungsteam", is_verified=False)


@pytest.fixture
def engine(tmp_path):
    return assessments.open_store(assessments.store_url(tmp_path))


def _say(engine, text, hour, place=HERE, author=PLANNING):
    moment = datetime(2025, 3, 1, hour, tzinfo=UTC)
    assessments.save(engine, Assessment(place, text, author, moment))


def test_every_saving_stays_and_the_newest_counts(engine):
    _say(engine, "Erster Eindruck.", 8)
    _say(engine, "Nach der Begehung.", 9)
    found = assessments.history(engine, "musterstadt", "11")
    assert [one.text for one in found] == ["Nach der Begehung.", "Erster Eindruck."]
    assert assessments.current(found, "2023-12-31.1").text == "Nach der Begehung."
    assert found[0].written_at == datetime(2025, 3, 1, 9, tzinfo=UTC)


def test_assessment_belongs_to_its_release_and_quartier(engine):
    _say(engine, "Alt.", 8, Place("musterstadt", "11", "2022-12-31.1"))
    _say(engine, "Anderswo.", 9, Place("musterstadt", "12", "2023-12-31.1"))
    found = assessments.history(engine, "musterstadt", "11")
    assert [one.text for one in found] == ["Alt."]
    assert assessments.current(found, "2023-12-31.1") is None


def test_empty_text_withdraws_and_is_kept(engine):
    _say(engine, "Etwas.", 8)
    _say(engine, "  ", 9)
    found = assessments.history(engine, "musterstadt", "11")
    assert assessments.current(found, "2023-12-31.1") is None
    table = assessments.history_table(found)
    assert table.rows[0] == (
        "01.03.2025, 10:00 Uhr",
        "2023-12-31.1",
        "(zurückgezogen)",
        "Planungsteam (nicht geprüft)",
    )


def test_author_of_a_login_is_not_marked(engine):
    _say(engine, "Etwas.", 8, author=Author("planung", is_verified=True))
    assert assessments.history(engine, "musterstadt", "11")[0].author.text == "planung"


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_author_is_needed_and_short(engine, name):
    with pytest.raises(AtlasError, match="Name"):
        _say(engine, "Etwas.", 8, author=Author(name, is_verified=False))
    assert assessments.history(engine, "musterstadt", "11") == ()


def test_text_has_a_limit(engine):
    _say(engine, "x" * 4000, 8)
    with pytest.raises(AtlasError, match="mehr als 4000 Zeichen"):
        _say(engine, "x" * 4001, 9)
    assert len(assessments.history(engine, "musterstadt", "11")) == 1


def test_store_outlives_the_process(tmp_path):
    url = assessments.store_url(tmp_path)
    first = assessments.open_store(url)
    _say(first, "Bleibt.", 8)
    first.dispose()
    again = assessments.open_store(url)
    assert assessments.history(again, "musterstadt", "11")[0].text == "Bleibt."


def test_address_of_a_database_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_PLANNING_URL", f"sqlite:///{tmp_path}/anderswo.sqlite")
    assessments.open_store(assessments.store_url(tmp_path / "planning"))
    assert (tmp_path / "anderswo.sqlite").is_file()


def test_unusable_store_is_one_sentence_without_the_address(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_PLANNING_URL", f"sqlite:///{tmp_path}/fehlt/geheim.sqlite")
    with pytest.raises(AtlasError, match="lässt sich nicht öffnen") as caught:
        assessments.open_store(assessments.store_url(tmp_path))
    assert "geheim" not in str(caught.value)


def test_address_that_is_none_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_PLANNING_URL", "kein:datenbank")
    with pytest.raises(AtlasError, match="lässt sich nicht öffnen"):
        assessments.open_store(assessments.store_url(tmp_path))


def test_sheet_has_its_own_name(engine):
    _say(engine, "Etwas.", 8)
    sheet = assessments.history_dataset(assessments.history(engine, "musterstadt", "11"))
    assert sheet.name == "Bewertungen"
    assert [field.label for field in sheet.fields] == [
        "Geschrieben",
        "Veröffentlichung",
        "Bewertung",
        "Verfasst von",
    ]
