"""What ends one delivery, or a whole run, ends nothing else, and Datenstand says so."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential import receive as receive_module
from atlas.confidential import run as run_module
from atlas.confidential.aside import plain_name
from atlas.confidential.datastate import tell_progress, write_datastate
from atlas.confidential.day import look
from atlas.confidential.delivery import apart
from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from atlas.errors import AtlasError
from atlas.exchange.datastate import SIGN_OF_LIFE, read_data_state
from tests.factories import DAY
from tests.town_office import ba_csv, ewo_csv, make_office, make_small, put

SECRET = "Geheimwert"


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    return make_office(tmp_path, make_small)


def _last_run(office: Desk) -> tuple[str, str]:
    state = read_data_state(office.releases_dir)
    assert state is not None
    assert state.last_run is not None
    return state.last_run.result, state.last_run.message


def _reports(office: Desk) -> list[dict[str, Any]]:
    paths = sorted((office.private_dir / "reports").glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def test_file_that_ends_its_reader_is_put_aside_and_the_others_go_on(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_MEMORY_MB", 40)
    monkeypatch.setattr(apart, "_MEMORY_PER_BYTE", 0)
    bomb = put(office, f"ba_{DAY}.csv", "QUARTIER;SGB2\n" + "11;3\n" * 2_000_000)
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    result = run(office, "")
    assert [receipt.name for receipt in result.receipts] == [f"ewo_{DAY}.csv"]
    (error,) = result.refused
    assert "mehr als 40 MB Arbeitsspeicher" in str(error)
    assert not bomb.exists()
    assert (office.home.refused / bomb.name).exists()
    state = read_data_state(office.releases_dir)
    assert state is not None
    assert [(one.name, one.sentence) for one in state.refused] == [(bomb.name, str(error))]
    (report,) = _reports(office)
    assert report["about"] == f"Lieferung {bomb.name}"
    assert report["allowed_mb"] == 40
    assert run(office, "").is_nothing_new


def test_error_nobody_foresaw_leaves_the_delivery_and_the_others_go_on(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = receive_module.judge_reading

    def fail(desk: Desk, layout: Any, reading: Any) -> Any:
        if layout.id == "ba":
            raise ValueError(SECRET)
        return judge(desk, layout, reading)

    monkeypatch.setattr(receive_module, "judge_reading", fail)
    path = put(office, f"ba_{DAY}.csv", ba_csv())
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    result = run(office, "")
    assert [receipt.name for receipt in result.receipts] == [f"ewo_{DAY}.csv"]
    assert "unerwarteter Fehler im Programm (ValueError)" in str(result.refused[0])
    assert path.exists()
    (report,) = _reports(office)
    assert report["trace"][0] == "ValueError"
    assert any("test_survival.py" in place for place in report["trace"])
    assert SECRET not in json.dumps(report)
    assert SECRET not in str(result.refused[0])


@pytest.mark.parametrize("error", [KeyError(SECRET), MemoryError(), OSError(28, SECRET)])
def test_run_that_fails_says_so(
    error: Exception, office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(desk: Desk, calendar: Any) -> Any:
        raise error

    monkeypatch.setattr(run_module, "renew_dates", fail)
    with pytest.raises((AtlasError, OSError)):
        run(office, "")
    result, message = _last_run(office)
    assert result == "error"
    assert SECRET not in message


def test_damaged_delivery_in_the_store_is_told(office: Desk) -> None:
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    run(office, "")
    (details,) = office.store_dir.glob("*/*/delivery.json")
    details.write_text("{", encoding="utf-8")
    assert run(office, "").errors
    assert _last_run(office)[0] == "error"


def test_run_says_which_date_it_makes(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    make = run_module.make_draft

    def listen(*args: Any) -> Path:
        heard.append(_last_run(office))
        return make(*args)

    monkeypatch.setattr(run_module, "make_draft", listen)
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    put(office, f"ba_{DAY}.csv", ba_csv())
    run(office, "")
    told = "Jetzt: Stichtag 31.12.2023; 0 Stichtage sind schon fertig."
    assert heard == [("running", told)]
    tell_progress(office, "Jetzt: nichts.")  # nothing runs any more
    assert _last_run(office)[0] != "running"
    assert _last_run(office)[1] != "Jetzt: nichts."


@pytest.mark.parametrize(("late", "expected"), [(-5, "running"), (5, "error")])
def test_run_without_a_sign_of_life_was_broken_off(
    late: int, expected: str, office: Desk
) -> None:
    write_datastate(office, look(office), "running", "Neuberechnung läuft.")
    touched = datetime.now(UTC) - SIGN_OF_LIFE - timedelta(seconds=late)
    path = office.releases_dir / "datenstand.json"
    os.utime(path, (touched.timestamp(), touched.timestamp()))
    result, message = _last_run(office)
    assert result == expected
    assert ("abgebrochen" in message) is (expected == "error")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("ba_2024-12-31.csv", "ba_2024-12-31.csv"),
        ("Größe (März).csv", "Größe (März).csv"),
        (os.fsdecode(b"ba_\xfc.csv"), "ba_%FC.csv"),
        ("ba_\u202evsc.exe", "ba_%E2%80%AEvsc.exe"),
        ("ba\n.csv", "ba%0A.csv"),
        ("-rf.csv", "_-rf.csv"),
    ],
)
def test_name_is_shown_plainly(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_long_names_stay_apart() -> None:
    one, other = (plain_name("ä" * 118 + end + ".csv") for end in ("eins", "zwei"))
    assert one != other
    assert plain_name(one) == one
    assert len(os.fsencode(one + ".json")) < 255


@pytest.mark.parametrize(
    "name",
    [b"ba_\xfc.csv", b"ba_" + b"x" * 248 + b".csv", b"-ba.csv", b"ba\x1b.csv", b"a..csv"],
)
def test_evil_name_is_put_aside_with_a_sentence(name: bytes, office: Desk) -> None:
    path = Path(os.fsdecode(bytes(office.home.inbox) + b"/" + name))
    path.write_bytes(b"x")
    put(office, "anderes.txt", "x")
    result = run(office, "")
    assert result.unknown == ("anderes.txt",)
    (error,) = result.refused
    assert "Dateiname" in str(error)
    assert str(error).isprintable()
    assert list(office.home.inbox.glob("*.csv")) == []
    assert [one.name for one in office.home.refused.iterdir()] == [plain_name(path.name)]
    assert run(office, "").is_nothing_new
