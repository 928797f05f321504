"""``datenstand.json``: read as it was written, damaged or absent."""

import json
from datetime import UTC, date, datetime

import pytest

from atlas.errors import ReleaseError
from atlas.exchange.datastate import (
    DataState,
    HindcastEntry,
    LastRun,
    RefusedEntry,
    ReleaseEntry,
    SourceEntry,
    read_data_state,
    write_data_state,
)
from atlas.terms import State

NOON = datetime(2025, 2, 1, 12, tzinfo=UTC)
DAY = date(2024, 12, 31)
STATE = DataState(
    format=1,
    city="musterstadt",
    sources=(
        SourceEntry(
            source="ba", label="SGB II", reference_date=DAY, state="due", due_date=DAY, number=0
        ),
    ),
    releases=(
        ReleaseEntry(reference_date=DAY, number=1, state=State.FINAL, missing=("SGB II",)),
    ),
    refused=(RefusedEntry(name="x.csv", since=NOON, sentence="„Größe“"),),
    last_run=LastRun(step="run", result="ok", message="", finished=NOON),
)


def test_what_the_office_writes_the_dashboard_reads(tmp_path):
    write_data_state(tmp_path, STATE)
    assert read_data_state(tmp_path) == STATE
    assert [path.name for path in tmp_path.iterdir()] == ["datenstand.json"]


def test_moments_and_days_are_written_as_iso_text(tmp_path):
    write_data_state(tmp_path, STATE)
    text = (tmp_path / "datenstand.json").read_text(encoding="utf-8")
    content = json.loads(text)
    assert content["last_run"]["finished"] == "2025-02-01T12:00:00+00:00"
    assert content["releases"][0]["reference_date"] == "2024-12-31"
    assert content["releases"][0]["state"] == "final"
    assert "„Größe“" in text


def test_hindcasts_are_written_only_where_there_are_any(tmp_path):
    (release,) = STATE.releases
    one = HindcastEntry(group="all", counted=69, wrong=4, unsure=3)
    told = release.model_copy(update={"number": 2, "hindcasts": (one,)})
    state = STATE.model_copy(update={"releases": (release, told)})
    write_data_state(tmp_path, state)
    content = json.loads((tmp_path / "datenstand.json").read_text(encoding="utf-8"))
    assert "hindcasts" not in content["releases"][0]
    assert content["releases"][1]["hindcasts"][0]["wrong"] == 4
    assert read_data_state(tmp_path) == state


def test_absent_file_is_no_error(tmp_path):
    assert read_data_state(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 2, "city": "x"}'])
def test_damaged_file_is_one_german_sentence(tmp_path, content):
    (tmp_path / "datenstand.json").write_text(content, encoding="utf-8")
    with pytest.raises(ReleaseError, match="nicht lesbar"):
        read_data_state(tmp_path)
