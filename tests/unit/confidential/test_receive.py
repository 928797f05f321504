"""From a file, an upload or a request to accepted deliveries."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from atlas.confidential.past import profile_before
from atlas.confidential.receive import layout_of, raise_on_findings, read, receive
from atlas.confidential.run import run
from atlas.confidential.store import current_delivery, list_deliveries
from atlas.errors import DeliveryError
from tests.factories import DAY, SGB2
from tests.town_office import alw_csv, ba_csv, ewo_csv, make_office, put


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    return make_office(tmp_path)


def _receive(office: Desk, path: Path, reason: str = "") -> tuple[int, int]:
    receipt = receive(office, path, layout_of(office, path, None), None, reason)
    return len(receipt.accepted), len(receipt.unchanged)


# ---- layouts ------------------------------------------------------------------------------


def test_layout_by_name_and_by_file(office: Desk) -> None:
    assert layout_of(office, Path("irgendwas.csv"), "ba").id == "ba"
    assert layout_of(office, Path("EWO_2023-12-31.CSV"), None).id == "ewo"


def test_unknown_layout_names_the_known_ones(office: Desk) -> None:
    with pytest.raises(DeliveryError, match="eines von ewo, alw, ba"):
        layout_of(office, Path("ba_2023-12-31.csv"), "sgb3")


def test_unknown_file_names_the_patterns(office: Desk) -> None:
    with pytest.raises(DeliveryError, match=r"Erwartet: ewo_\{date\}\.csv, alw_"):
        layout_of(office, Path("bericht.csv"), None)


# ---- accepting ----------------------------------------------------------------------------


def test_a_file_is_accepted_once(office: Desk) -> None:
    path = put(office, f"ba_{DAY}.csv", ba_csv())
    assert _receive(office, path) == (1, 0)
    assert _receive(office, path) == (0, 1)
    assert path.exists()  # whoever called decides what becomes of the file


def test_a_refused_file_leaves_the_store_as_it_was(office: Desk) -> None:
    path = put(office, f"ba_{DAY}.csv", ba_csv({"99": (5, 1)}))
    with pytest.raises(DeliveryError):
        _receive(office, path)
    assert list_deliveries(office.store_dir) == []
    (event,) = events(office.log_path)
    assert (event.what, event.subject) == ("refused", "ba ba_2023-12-31.csv")
    assert int(event.details["error"]) >= 1


def test_a_missing_file(office: Desk) -> None:
    with pytest.raises(DeliveryError, match="Datei fehlt"):
        _receive(office, office.home.inbox / "ba_2023-12-31.csv")


def test_reading_accepts_nothing(office: Desk) -> None:
    path = put(office, f"ba_{DAY}.csv", ba_csv())
    reading = read(office, path, layout_of(office, path, None), None)
    assert reading.rows == 6
    assert list_deliveries(office.store_dir) == []


def test_date_of_the_command_line(office: Desk) -> None:
    path = put(office, "sgb2.csv", ba_csv())
    day = date(2024, 6, 30)
    receipt = receive(office, path, layout_of(office, path, "ba"), day, "")
    assert [one.reference_date for one in receipt.accepted] == [day]


def test_warnings_need_a_reason(office: Desk) -> None:
    _receive(office, put(office, f"ba_{DAY}.csv", ba_csv()))
    tripled = ba_csv({key: (3 * n[0], n[1]) for key, n in SGB2.items()})
    path = put(office, f"ba_{DAY}.csv", tripled)
    with pytest.raises(DeliveryError, match="--accept-warnings"):
        _receive(office, path)
    assert _receive(office, path, "geprüft") == (1, 0)
    current = current_delivery(office.store_dir, "ba", DAY)
    assert current is not None
    assert (current.number, current.arrival.reason) == (2, "geprüft")
    assert current.arrival.findings["warning"] >= 1


def test_keys_of_persons_are_never_kept(office: Desk) -> None:
    path = put(office, f"ewo_{DAY}.csv", ewo_csv().replace("P1101-0;", "KLARSCHLUESSEL;"))
    _receive(office, path)
    path.unlink()
    for file in office.home.root.rglob("*"):
        assert not file.is_file() or b"KLARSCHLUESSEL" not in file.read_bytes()


def test_the_register_before_may_have_been_deleted(office: Desk) -> None:
    """After its retention a register is no measure for the next one, and no obstacle."""
    _receive(office, put(office, "ewo_2022-12-31.csv", ewo_csv()))
    (old,) = list_deliveries(office.store_dir)
    old.rows_path.unlink()
    assert _receive(office, put(office, f"ewo_{DAY}.csv", ewo_csv())) == (1, 0)


def test_the_profile_before_is_the_last_of_which_anything_is_kept(office: Desk) -> None:
    """Rows may go, the portrait stays; without both the delivery before it is the measure."""
    layout = office.config.deliveries.layout("ba")
    doubled = {key: (2 * n[0], n[1]) for key, n in SGB2.items()}
    for year, counts in ((2021, SGB2), (2022, doubled)):
        _receive(office, put(office, f"ba_{year}-12-31.csv", ba_csv(counts)), "geprüft")
    totals = []
    for day in (date(2021, 1, 1), date(2021, 12, 31), DAY):
        found = profile_before(office, layout, day)
        totals.append(found and found.totals["sgb2"])
    assert totals == [None, totals[1], 2 * (totals[1] or 0)]
    newest = list_deliveries(office.store_dir)[-1]
    newest.rows_path.unlink()
    kept = profile_before(office, layout, DAY)
    assert kept is not None
    assert kept.totals["sgb2"] == totals[2]
    newest.portrait_path.unlink()
    left = profile_before(office, layout, DAY)
    assert left is not None
    assert left.totals["sgb2"] == totals[1]


def test_a_held_delivery_says_so_in_check_and_run_alike(office: Desk) -> None:
    _receive(office, put(office, "ba_2022-12-31.csv", ba_csv()))
    tripled = ba_csv({key: (3 * n[0], n[1]) for key, n in SGB2.items()})
    path = put(office, f"ba_{DAY}.csv", tripled)
    reading = read(office, path, layout_of(office, path, None), None)
    with pytest.raises(DeliveryError, match="--accept-warnings"):
        raise_on_findings(reading, "")
    raise_on_findings(reading, "geprüft")
    assert "--accept-warnings" in str(run(office, "").refused[0])


def test_the_log_says_which_checks_a_delivery_passed(office: Desk) -> None:
    _receive(office, put(office, "ba_2022-12-31.csv", ba_csv()))
    _receive(office, put(office, f"ba_{DAY}.csv", ba_csv()))
    first, event = events(office.log_path)
    assert event.details["held"] == ""
    assert "measure_changed" in event.details["passed"]
    assert "measure_changed" not in first.details["passed"]  # there was nothing to compare with


def test_a_delivery_keeps_which_checks_it_passed_and_which_a_person_let_pass(
    office: Desk,
) -> None:
    _receive(office, put(office, "ba_2022-12-31.csv", ba_csv()))
    tripled = ba_csv({key: (3 * n[0], n[1]) for key, n in SGB2.items()})
    path = put(office, f"ba_{DAY}.csv", tripled)
    receipt = receive(office, path, layout_of(office, path, None), None, "neues Gesetz")
    (delivery,) = receipt.accepted
    assert {"measure_range", "rows_of_other_date"} <= set(delivery.arrival.passed)
    assert "total_changed" in delivery.arrival.held
    assert not set(delivery.arrival.held) & set(delivery.arrival.passed)


def test_a_release_names_what_a_person_let_pass_and_not_why(office: Desk) -> None:
    ba = {key: (3 * n[0], n[1]) for key, n in SGB2.items()}
    _receive(office, put(office, "ba_2022-12-31.csv", ba_csv()))
    _receive(office, put(office, f"ba_{DAY}.csv", ba_csv(ba)), "Gesetz von gestern")
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    published = run(office, "").published
    release = published[-1]
    (checks,) = [one.checks for one in release.info.deliveries if one.source == "ba"]
    assert "Summen der Stadt" in checks.accepted
    assert "Summen der Stadt" not in checks.passed
    method = (release.path / "method.md").read_text(encoding="utf-8")
    assert "Angenommen nach Prüfung durch die Statistikstelle: " in method
    assert "Gesetz von gestern" not in method + release.info.model_dump_json()


# ---- several dates ------------------------------------------------------------------------


def _by_year(tables: dict[str, Any]) -> None:
    layout = tables["deliveries"]["layouts"][2]
    layout["file"] = "jahre.csv"
    layout["columns"] = {"STAND": {"role": "date", "format": "%Y"}, **layout["columns"]}


def _years() -> str:
    head, *rows = ba_csv().splitlines()
    lines = [f"{year};{row}" for year in (2022, 2023) for row in rows]
    return "\n".join([f"STAND;{head}", *lines]) + "\n"


def test_a_bad_year_waits_and_the_good_one_goes_on(tmp_path: Path) -> None:
    office = make_office(tmp_path, _by_year)
    key, (everyone, _) = next(iter(SGB2.items()))
    bad = _years().replace(f"2022;{key};{everyone};", f"2022;{key};viele;")
    path = put(office, "jahre.csv", bad)
    (refused,) = run(office, "").refused
    assert "Stichtag 31.12.2022, Spalte „SGB2“, Zeile 2: " in str(refused)
    assert str(refused).endswith("Ohne Fehler und davon nicht aufgehalten: 31.12.2023.")
    assert [one.reference_date for one in list_deliveries(office.store_dir)] == [DAY]
    assert path.exists()
    put(office, "jahre.csv", _years())
    result = run(office, "")
    assert not result.refused
    assert not path.exists()
    days = sorted((one.reference_date, one.number) for one in list_deliveries(office.store_dir))
    assert days == [(date(2022, 12, 31), 1), (DAY, 1)]


# ---- requests -----------------------------------------------------------------------------


def test_a_request_to_recompute_is_taken(office: Desk) -> None:
    request = office.home.requests / "neu-berechnen"
    request.touch()
    assert run(office, "").is_nothing_new
    assert not request.exists()


def test_an_upload_goes_through_no_inbox(office: Desk) -> None:
    """It is put aside where nobody noted who handed it in (``test_proposals.py``)."""
    path = office.home.proposals("musterstadt") / f"ba_{DAY}.csv"
    path.write_text(ba_csv())
    result = run(office, "")
    assert (result.receipts, len(result.refused)) == ((), 1)
    assert list(path.parent.iterdir()) == []
    assert list(office.home.inbox.iterdir()) == [office.home.refused]


def test_unfinished_uploads_wait(office: Desk) -> None:
    path = office.home.proposals("musterstadt") / f".ba_{DAY}.csv"
    path.write_text(ba_csv())
    assert run(office, "").is_nothing_new
    assert path.exists()


def test_a_link_among_requests_leads_nowhere(office: Desk, tmp_path: Path) -> None:
    """The dashboard writes there; it must not make the office read other files."""
    secret = tmp_path / "geheim.csv"
    secret.write_text(ba_csv())
    (office.home.requests / f"ba_{DAY}.csv").symlink_to(secret)
    (office.home.requests / "neu-berechnen").symlink_to(secret)
    assert run(office, "").receipts == ()
    assert secret.exists()


def test_an_upload_that_fits_two_layouts_stops_nobody(tmp_path: Path) -> None:
    office = make_office(
        tmp_path,
        lambda tables: tables["deliveries"]["layouts"][1].update(file="*_{date}.csv"),
    )
    (office.home.requests / f"ba_{DAY}.csv").write_text(ba_csv())
    put(office, f"x_{DAY}.csv", alw_csv())
    result = run(office, "")
    assert [receipt.layout.id for receipt in result.receipts] == ["alw"]


# ---- tables of a database -----------------------------------------------------------------


def _office_with_a_table(root: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The BA's counts as a view of a database instead of a file."""

    def change(tables: dict[str, Any]) -> None:
        layout = tables["deliveries"]["layouts"][2]
        del layout["file"]
        layout["table"] = "ba_sicht"
        layout["columns"]["STICHTAG"] = {"role": "date", "format": "%Y-%m-%d"}

    database_path = root / "statistik.duckdb"
    with duckdb.connect(str(database_path)) as connection:
        rows = [(key, str(n), str(young), str(DAY)) for key, (n, young) in SGB2.items()]
        connection.execute(
            "create table ba_sicht (QUARTIER text, SGB2 text, SGB2_U18 text, STICHTAG text)"
        )
        connection.executemany("insert into ba_sicht values (?, ?, ?, ?)", rows)
    monkeypatch.setenv("ATLAS_DATABASE_URL", f"duckdb://{database_path}")
    return make_office(root, change)


def test_a_table_of_a_database_is_read_at_every_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = _office_with_a_table(tmp_path, monkeypatch)
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    result = run(office, "")
    assert [one.info.missing for one in result.published] == [()]
    assert run(office, "").is_nothing_new


def test_a_file_called_like_a_table_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table has no path: nothing in the present directory belongs to it."""
    office = _office_with_a_table(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ba_sicht").write_text("meine Notizen")
    in_the_inbox = put(office, "ba_sicht", "keine Tabelle")
    run(office, "")
    assert (tmp_path / "ba_sicht").exists()
    assert in_the_inbox.exists()
