import os
from datetime import UTC, datetime, timedelta

import pytest

from atlas.errors import AtlasError
from atlas.exchange import requests


def test_request_is_an_empty_file_and_asking_twice_is_asking_once(tmp_path):
    requests.request_run(tmp_path)
    requests.request_run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["neu-berechnen"]
    assert (tmp_path / "neu-berechnen").read_bytes() == b""


def test_request_waits_until_it_is_taken(tmp_path):
    assert requests.waiting_request(tmp_path) is None
    requests.request_run(tmp_path)
    waiting = requests.waiting_request(tmp_path)
    assert not waiting.is_unheard(datetime.now(UTC))
    requests.take_request(tmp_path)
    assert requests.waiting_request(tmp_path) is None


@pytest.mark.parametrize(("seconds", "expected"), [(30, False), (31, True)])
def test_request_is_unheard_after_half_a_minute(seconds, expected):
    since = datetime(2025, 1, 1, tzinfo=UTC)
    now = since + timedelta(seconds=seconds)
    assert requests.Waiting(since).is_unheard(now) is expected


def test_absent_directory_is_one_german_sentence(tmp_path):
    with pytest.raises(AtlasError, match="nicht beschreibbar"):
        requests.request_run(tmp_path / "fehlt")
    assert requests.waiting_request(tmp_path / "fehlt") is None


def test_age_is_taken_from_the_file(tmp_path):
    requests.request_run(tmp_path)
    os.utime(tmp_path / "neu-berechnen", (1_700_000_000, 1_700_000_000))
    waiting = requests.waiting_request(tmp_path)
    assert waiting.since == datetime.fromtimestamp(1_700_000_000, UTC)
