import io
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
    assert requests.waiting_files(tmp_path) == ()
    requests.request_run(tmp_path)
    (waiting,) = requests.waiting_files(tmp_path)
    assert waiting.name == "neu-berechnen"
    assert not waiting.is_unheard(datetime.now(UTC))
    (tmp_path / "neu-berechnen").unlink()
    assert requests.waiting_files(tmp_path) == ()


@pytest.mark.parametrize(("seconds", "expected"), [(30, False), (31, True)])
def test_request_is_unheard_after_half_a_minute(seconds, expected):
    since = datetime(2025, 1, 1, tzinfo=UTC)
    now = since + timedelta(seconds=seconds)
    assert requests.Waiting("a.csv", since).is_unheard(now) is expected


def test_file_is_handed_in_whole_and_unread(tmp_path):
    content = b"\x00\xff" * 700_000
    assert requests.hand_in(tmp_path, "ba_2024-12-31.csv", io.BytesIO(content))
    assert (tmp_path / "ba_2024-12-31.csv").read_bytes() == content
    assert [one.name for one in requests.waiting_files(tmp_path)] == ["ba_2024-12-31.csv"]


@pytest.mark.parametrize(
    "name",
    [
        "../ba.csv",
        "a/b.csv",
        "a\\b.csv",
        "/etc/x.csv",
        ".verborgen.csv",
        "a\x00b.csv",
        "a\nb.csv",
        "neu-berechnen",
        "neu-berechnen.csv",
        "a..csv",
        "",
        "-x.csv",
        "a" * 130 + ".csv",
        "<b>.csv",
    ],
)
def test_name_that_is_no_plain_file_name_is_refused(tmp_path, name):
    with pytest.raises(AtlasError, match="Dateiname"):
        requests.hand_in(tmp_path, name, io.BytesIO(b"x"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["lieferung.exe", "lieferung", "lieferung.csv.gz"])
def test_unknown_type_is_refused(tmp_path, name):
    with pytest.raises(AtlasError, match="Dateityp"):
        requests.hand_in(tmp_path, name, io.BytesIO(b"x"))


@pytest.mark.parametrize("name", ["BA Größen (März).xlsx", "sgb2_2024-12-31.parquet", "A.CSV"])
def test_plain_names_are_kept(tmp_path, name):
    assert requests.hand_in(tmp_path, name, io.BytesIO(b"x")) == name
    assert (tmp_path / name).is_file()


def test_too_large_a_file_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(requests, "MAX_UPLOAD_BYTES", 10)
    requests.hand_in(tmp_path, "genau.csv", io.BytesIO(b"x" * 10))
    with pytest.raises(AtlasError, match="größer als"):
        requests.hand_in(tmp_path, "mehr.csv", io.BytesIO(b"x" * 11))
    assert [path.name for path in tmp_path.iterdir()] == ["genau.csv"]


def test_empty_file_is_refused(tmp_path):
    with pytest.raises(AtlasError, match="ist leer"):
        requests.hand_in(tmp_path, "leer.csv", io.BytesIO(b""))
    assert not list(tmp_path.iterdir())


def test_waiting_file_is_not_overwritten(tmp_path):
    requests.hand_in(tmp_path, "a.csv", io.BytesIO(b"1"))
    with pytest.raises(AtlasError, match="wartet schon"):
        requests.hand_in(tmp_path, "a.csv", io.BytesIO(b"2"))
    assert (tmp_path / "a.csv").read_bytes() == b"1"


def test_absent_directory_is_one_german_sentence(tmp_path):
    with pytest.raises(AtlasError, match="nicht beschreibbar"):
        requests.request_run(tmp_path / "fehlt")
    assert requests.waiting_files(tmp_path / "fehlt") == ()


def test_age_is_taken_from_the_file(tmp_path):
    requests.request_run(tmp_path)
    os.utime(tmp_path / "neu-berechnen", (1_700_000_000, 1_700_000_000))
    (waiting,) = requests.waiting_files(tmp_path)
    assert waiting.since == datetime.fromtimestamp(1_700_000_000, UTC)
