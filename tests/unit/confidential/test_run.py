"""The rerun: what is new is published, what is not stays, what is broken holds nobody up."""

import csv
import importlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from atlas.confidential.run import run, summary
from atlas.errors import ProtectionError
from atlas.release import open_release
from atlas.terms import State
from tests.command import files_below
from tests.factories import BLOCKS, DAY, SGB2
from tests.town_office import (
    ba_csv,
    ewo_csv,
    make_office,
    make_small,
    put,
    put_all,
    put_registers,
    put_small,
    reopen,
)


def _releases(office: Desk) -> list[str]:
    return sorted(path.name for path in office.releases_dir.iterdir() if path.is_dir())


def _datastate(office: Desk) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((office.releases_dir / "datenstand.json").read_text())
    return content


# ---- nothing new --------------------------------------------------------------------------


def test_an_empty_office_has_nothing_to_do(tmp_path: Path) -> None:
    result = run(make_office(tmp_path), "")
    assert result.is_nothing_new
    assert summary(result) == "Nichts Neues: alle Lieferungen sind schon verarbeitet."


def test_a_second_run_finds_nothing_new(final: Desk) -> None:
    before = files_below(final.releases_dir / "2023-12-31.1")
    result = run(final, "")
    assert result.is_nothing_new
    assert _releases(final) == ["2023-12-31.1"]
    assert files_below(final.releases_dir / "2023-12-31.1") == before
    assert _datastate(final)["last_run"]["result"] == "nothing_new"


def test_the_same_files_again_are_nothing_new(final: Desk) -> None:
    put_all(final)
    result = run(final, "")
    assert result.is_nothing_new
    assert list(final.home.inbox.iterdir()) == []


def test_the_same_rows_in_another_order_of_columns_are_nothing_new(final: Desk) -> None:
    rows = [line.split(";") for line in ba_csv().splitlines()]
    put(final, f"ba_{DAY}.csv", "\n".join(";".join(row[::-1]) for row in rows) + "\n")
    assert run(final, "").is_nothing_new


def test_lost_releases_come_back_byte_for_byte(final: Desk) -> None:
    before = files_below(final.releases_dir / "2023-12-31.1")
    for path in sorted(final.releases_dir.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    result = run(final, "")
    assert [one.info.name for one in result.published] == ["2023-12-31.1"]
    assert files_below(final.releases_dir / "2023-12-31.1") == before


# ---- provisional and final ----------------------------------------------------------------


def test_without_a_required_source_a_date_is_provisional(provisional: Desk) -> None:
    release = open_release(provisional.releases_dir / "2023-12-31.1")
    assert release.info.state is State.PROVISIONAL
    assert release.info.missing == ("SGB II",)
    assert release.info.supersedes is None
    cells = release.cells.set_index(["kind", "area_id", "group", "item"])
    share = cells.loc[("quartier", "11", "all", "sgb2_share")]
    assert (share["status"], share["reason"]) == ("missing", "ausstehend")
    assert cells.loc[("block", "1101", "all", "sgb2_share")]["status"] == "unavailable"
    level = cells.loc[("quartier", "11", "all", "need_level")]
    assert (level["status"], level["reason"]) == ("not_classified", "ausstehend")


def test_the_late_delivery_makes_it_final(provisional: Desk) -> None:
    before = files_below(provisional.releases_dir / "2023-12-31.1")
    put(provisional, f"ba_{DAY}.csv", ba_csv())
    result = run(provisional, "")
    (release,) = result.published
    info = release.info
    assert (info.name, info.state, info.missing) == ("2023-12-31.2", State.FINAL, ())
    assert info.supersedes == "2023-12-31.1"
    assert info.reason == "eingegangen: SGB II"
    assert files_below(provisional.releases_dir / "2023-12-31.1") == before
    with (release.path / "changes.csv").open(encoding="utf-8", newline="") as file:
        changes = list(csv.DictReader(file))
    arrived = {
        (row["kind"], row["area_id"], row["group"]): (row["old_status"], row["new_value"])
        for row in changes
        if row["item"] == "sgb2"
    }
    assert arrived["quartier", "11", "all"] == ("missing", "90")
    assert not any(kind == "block" for kind, _, _ in arrived)
    assert not any(row["item"] in ("residents", "migrants", "density") for row in changes)


def test_late_and_on_time_end_the_same(provisional: Desk, final_root: Path) -> None:
    put(provisional, f"ba_{DAY}.csv", ba_csv())
    run(provisional, "")
    late = open_release(provisional.releases_dir / "2023-12-31.2")
    on_time = open_release(reopen(final_root).releases_dir / "2023-12-31.1")
    # The two offices have different keys, but hardly anything has to be hidden here.
    shown = ["residents", "density", "need_level"]
    late_cells, cells = (
        one.cells[one.cells["item"].isin(shown)].reset_index(drop=True)
        for one in (late, on_time)
    )
    assert late_cells.equals(cells)


def test_an_optional_source_does_not_hold_up(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    put(office, f"ba_{DAY}.csv", ba_csv())
    (release,) = run(office, "").published
    assert release.info.state is State.FINAL
    cells = release.cells
    refugees = cells[(cells["item"] == "refugees") & (cells["kind"] == "block")]
    assert set(refugees["status"]) == {"missing"}


def test_a_linked_register_waits_for_the_one_that_gives_places(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    put_registers(office)
    (office.home.inbox / f"ewo_{DAY}.csv").unlink()
    result = run(office, "")
    assert len(result.receipts) == 1
    assert result.published == ()
    assert _releases(office) == []


# ---- bad deliveries -----------------------------------------------------------------------

PLANTED = ("987654321", "GEHEIMEWOHNUNG", "Z-SCHLUESSEL-77")


def _put_bad_ba(office: Desk) -> Path:
    return put(
        office,
        f"ba_{DAY}.csv",
        ba_csv({**SGB2, "11": (PLANTED[0] + "x", 30), PLANTED[1]: (PLANTED[2], 1)}),
    )


def test_a_refused_delivery_stays_and_the_others_go_on(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    put_registers(office)
    bad = _put_bad_ba(office)
    content = bad.read_bytes()
    result = run(office, "")
    assert [one.info.name for one in result.published] == ["2023-12-31.1"]
    assert [str(error).split(",")[0] for error in result.refused] == [
        "Lieferung ba_2023-12-31.csv"
    ]
    assert list(office.home.inbox.iterdir()) == [bad]
    assert bad.read_bytes() == content
    assert not (office.store_dir / "ba").exists()
    state = _datastate(office)
    assert state["last_run"]["result"] == "partly"
    # Whoever handed it in learns why it was refused, and all that the rest was published.
    told = "Veröffentlicht: 2023-12-31.1; abgelehnt: 1 Lieferung; angenommen: 2 Lieferungen."
    assert state["last_run"]["message"] == f"{told} {result.refused[0]}"
    by_source = {row["source"]: row["state"] for row in state["sources"]}
    assert by_source == {"ewo": "accepted", "alw": "accepted", "ba": "inbox"}


def test_no_value_of_a_delivery_is_told_or_kept(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    put_registers(office)
    put(office, f"ewo_{DAY}.csv", ewo_csv().replace("P1101-0;", f"{PLANTED[2]};"))
    _put_bad_ba(office)
    result = run(office, "")
    texts = [*map(str, result.refused), summary(result)]
    files = [path for path in office.home.root.rglob("*") if path.is_file()]
    written = [path.read_bytes() for path in files if path.parent != office.home.inbox]
    for planted in PLANTED:
        assert not any(planted in text for text in texts)
        assert not any(planted.encode() in content for content in written)


def test_unknown_files_stay_and_are_named(final: Desk) -> None:
    path = put(final, "Notiz [bold]x[-bold].txt", "")
    result = run(final, "")
    assert result.unknown == ("Notiz [bold]x[-bold].txt",)
    assert result.is_nothing_new
    assert path.exists()


def test_hidden_files_and_directories_of_the_inbox_are_left_alone(final: Desk) -> None:
    put(final, ".ba_2024-12-31.csv.part", "")
    (final.home.inbox / "alt").mkdir()
    result = run(final, "")
    assert result.unknown == ()
    assert len(list(final.home.inbox.iterdir())) == 2


def test_warnings_stay_in_the_inbox_until_somebody_gives_a_reason(final: Desk) -> None:
    many = {key: (3 * n[0], n[1]) for key, n in SGB2.items()}
    put(final, f"ba_{DAY}.csv", ba_csv(many))
    assert len(run(final, "").refused) == 1
    result = run(final, "BA bestätigt die Zahlen")
    assert [one.info.name for one in result.published] == ["2023-12-31.2"]
    (delivery,) = result.receipts[0].accepted
    assert delivery.arrival.reason == "BA bestätigt die Zahlen"


# ---- protection ---------------------------------------------------------------------------


def test_what_would_disclose_is_not_published(
    provisional: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _releases(provisional)

    def refuse(*_: object) -> None:
        raise ProtectionError("Geheimhaltung, Gebiet 11: wäre aufgedeckt.")

    module = importlib.import_module("atlas.confidential.protection")
    monkeypatch.setattr(module, "protect", refuse)
    put(provisional, f"ba_{DAY}.csv", ba_csv())
    (error,) = run(provisional, "").failed
    assert isinstance(error, ProtectionError)
    assert _releases(provisional) == before
    assert not provisional.drafts_dir.exists() or not list(provisional.drafts_dir.iterdir())
    state = _datastate(provisional)["last_run"]
    assert (state["result"], state["message"]) == (
        "error",
        "Nicht gebaut: 1 Stichtag; angenommen: 1 Lieferung. Geheimhaltung, Gebiet 11: wäre "
        "aufgedeckt.",
    )


def test_counts_below_the_limit_are_nowhere_in_a_release(final: Desk) -> None:
    cells = open_release(final.releases_dir / "2023-12-31.1").cells
    counts = cells[cells["item"].isin(["residents", "migrants", "refugees", "sgb2"])]
    assert not counts["value"].isin([1.0, 2.0]).any()


# ---- log ----------------------------------------------------------------------------------


def test_the_log_tells_every_step(final: Desk) -> None:
    told = [(one.what, one.subject) for one in events(final.log_path)]
    assert told == [
        ("accepted", "alw 2023-12-31.1"),
        ("accepted", "ba 2023-12-31.1"),
        ("accepted", "ewo 2023-12-31.1"),
        ("linked", "alw 2023-12-31"),
        ("built", "2023-12-31.1"),
        ("verified", "2023-12-31.1"),
        ("published", "2023-12-31.1"),
    ]
    linked = next(one for one in events(final.log_path) if one.what == "linked")
    assert (linked.details["matched"], linked.details["not_matched"]) == ("36", "1")


def test_private_directories_are_private(final: Desk) -> None:
    for path in (final.home.inbox, final.private_dir, final.private_dir.parent):
        assert path.stat().st_mode & 0o777 == 0o700


def test_dates_are_opened_by_residents_alone(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    put(office, f"ba_{DAY}.csv", ba_csv())
    result = run(office, "")
    assert len(result.receipts) == 1
    assert result.published == ()


def test_an_exclusion_of_no_area_holds_the_date_up(tmp_path: Path) -> None:
    def exclude(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["levels"]["exclusions"] = [{"area_id": "1l", "reason": "Unterkunft"}]

    office = make_office(tmp_path, exclude)
    put_small(office)
    result = run(office, "")
    assert [error.exit_code for error in result.failed] == [10]
    assert "levels.toml, exclusions: Quartier 1l" in str(result.failed[0])
    assert not result.published


def test_steps_are_shown(final: Desk) -> None:
    put_all(final, date(2021, 12, 31))
    run(final, "")
    steps = final.observer.steps  # type: ignore[attr-defined]
    assert "ewo_2021-12-31.csv lesen" in steps
    assert {"2021-12-31 zählen", "2021-12-31 schützen"} <= set(steps)


def test_a_person_in_two_blocks_is_refused(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    first = next(iter(BLOCKS))
    put(office, f"ewo_{DAY}.csv", ewo_csv() + f"P{first}-0;1201;40;0\n")
    assert len(run(office, "").refused) == 1
