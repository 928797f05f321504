"""What the dashboard handed in and nobody can accept: put aside, and said why."""

import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from atlas.confidential.run import run
from atlas.confidential.upkeep import purge_inbox
from atlas.exchange.proposals import Proposal, propose
from tests.factories import DAY
from tests.town_office import ba_csv, ewo_csv, make_office, put

EXPECTED = "Erwartet: ba_JJJJ-MM-TT.csv (SGB II)."


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    return make_office(tmp_path)


def _hand_in(office: Desk, name: str, content: str = "key;n\n") -> Path:
    note = Proposal(
        city=office.config.city.id,
        name=name,
        uploader="Kim",
        is_verified=False,
        handed_in=datetime(2024, 1, 2, tzinfo=UTC),
    )
    propose(office.home.requests, note, io.BytesIO(content.encode()))
    return office.home.requests / note.city / name


def _state(office: Desk) -> dict[str, Any]:
    path = office.releases_dir / "datenstand.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_file_that_no_layout_knows_is_put_aside_and_explained(office: Desk) -> None:
    path = _hand_in(office, "BA-Zahlen Dezember.csv")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    result = run(office, "")
    assert not path.exists()
    aside = office.home.inbox / "abgelehnt" / path.name
    assert aside.read_text(encoding="utf-8") == "key;n\n"
    assert aside.parent.stat().st_mode & 0o777 == 0o700
    sentence = (
        "Lieferung BA-Zahlen Dezember.csv: nicht erkannt, der Dateiname passt zu keiner "
        f"Lieferung, die hier angenommen wird. {EXPECTED} Datei umbenennen und noch einmal "
        "abgeben."
    )
    assert [str(error) for error in result.errors] == [sentence]
    state = _state(office)
    assert state["refused"] == [
        {
            "name": "BA-Zahlen Dezember.csv",
            "since": "2023-11-14T22:13:20+00:00",
            "sentence": sentence,
        }
    ]
    told = f"Abgelehnt: 1 Lieferung; angenommen: 0 Lieferungen. {sentence}"
    assert (state["last_run"]["result"], state["last_run"]["message"]) == ("partly", told)
    assert [one.subject for one in events(office.log_path) if one.what == "refused"] == [
        path.name
    ]


def test_it_is_told_once_by_the_run_and_stays_in_the_data_state(office: Desk) -> None:
    _hand_in(office, "unbekannt.csv")
    run(office, "")
    assert run(office, "").is_nothing_new
    assert [one["name"] for one in _state(office)["refused"]] == ["unbekannt.csv"]
    (office.home.inbox / "abgelehnt" / "unbekannt.csv").unlink()
    run(office, "")
    assert _state(office)["refused"] == []


def test_source_that_readers_may_not_hand_in_is_never_accepted(office: Desk) -> None:
    path = _hand_in(office, f"ewo_{DAY}.csv", ewo_csv())
    result = run(office, "")
    assert result.receipts == ()
    assert not path.exists()
    (error,) = result.errors
    assert "Einwohnerregister wird auf diesem Weg nicht angenommen" in str(error)
    assert EXPECTED in str(error)
    assert run(office, "").receipts == ()


def test_name_that_fits_two_layouts_is_told(tmp_path: Path) -> None:
    office = make_office(
        tmp_path,
        lambda tables: tables["deliveries"]["layouts"][1].update(file="*_{date}.csv"),
    )
    _hand_in(office, f"ba_{DAY}.csv", ba_csv())
    (error,) = run(office, "").refused
    assert "passt auf die Layouts" in str(error)
    assert (office.home.inbox / "abgelehnt" / f"ba_{DAY}.csv").exists()


def test_city_without_uploads_expects_none(tmp_path: Path) -> None:
    office = make_office(tmp_path, lambda tables: tables["city"].update(uploads=[]))
    _hand_in(office, f"ba_{DAY}.csv", ba_csv())
    (error,) = run(office, "").errors
    assert "Erwartet: keine Datei (uploads in city.toml ist leer)." in str(error)


def test_second_file_of_a_name_takes_the_place_of_the_first(office: Desk) -> None:
    for content in ("eins", "zwei"):
        _hand_in(office, "unbekannt.csv", content)
        run(office, "")
    aside = office.home.inbox / "abgelehnt"
    assert [path.read_text(encoding="utf-8") for path in aside.iterdir()] == ["zwei"]


def test_where_several_offices_work_each_takes_its_own(office: Desk) -> None:
    """What a reader of one city hands in is nothing to the office of another."""
    path = _hand_in(office, "nachbar_2023-12-31.csv")
    theirs = office.home.requests / "nachbarstadt" / path.name
    theirs.parent.mkdir()
    path.rename(theirs)
    assert run(office, "").is_nothing_new
    assert theirs.exists()
    assert _state(office)["refused"] == []


def test_what_is_put_aside_does_not_outlive_the_shortest_retention(tmp_path: Path) -> None:
    def keep(tables: dict[str, Any]) -> None:
        for layout, days in zip(tables["deliveries"]["layouts"][:2], (100, 50), strict=True):
            layout["retention_days"] = days

    office = make_office(tmp_path, keep)
    for name in (f"ewo_{DAY}.csv", "unbekannt.csv"):
        _hand_in(office, name)
    run(office, "")
    aside = sorted((office.home.inbox / "abgelehnt").iterdir())
    came = datetime.fromtimestamp(aside[0].stat().st_ctime, UTC).date()
    assert purge_inbox(office, came + timedelta(days=50)) == []
    assert purge_inbox(office, came + timedelta(days=51)) == ["unbekannt.csv"]
    assert purge_inbox(office, came + timedelta(days=101)) == [f"ewo_{DAY}.csv"]


def test_what_is_put_aside_is_no_delivery_in_the_inbox(tmp_path: Path) -> None:
    office = make_office(
        tmp_path, lambda tables: tables["deliveries"]["layouts"][2].update(file="ab*")
    )
    _hand_in(office, "unbekannt.csv")
    run(office, "")
    put(office, "anderes.txt", "x")
    result = run(office, "")
    assert (result.receipts, result.refused, result.unknown) == ((), (), ("anderes.txt",))
