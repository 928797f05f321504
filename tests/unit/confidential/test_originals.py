"""What was delivered stays until it is published; what a sender announces comes exactly so."""

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential import run as run_module
from atlas.confidential.desk import Desk
from atlas.confidential.originals import originals_dir, release_originals
from atlas.confidential.run import run
from atlas.confidential.upkeep import purge_inbox
from atlas.errors import ReleaseError
from tests.factories import DAY
from tests.town_office import ba_csv, ewo_csv, make_office, make_small, put

EWO = f"ewo_{DAY}.csv"
BA = f"ba_{DAY}.csv"
SMALL_BA = "QUARTIER;SGB2\n" + "".join(f"{key};5\n" for key in (11, 12, 13, 21, 22, 23))


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    return make_office(tmp_path, make_small)


def _kept(office: Desk) -> list[str]:
    return sorted(path.name for path in originals_dir(office).glob("*/*"))


def _lying(office: Desk) -> list[str]:
    return sorted(path.name for path in office.home.inbox.iterdir())


def test_original_stays_until_its_date_is_published(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ReleaseError("kein Platz")

    put(office, EWO, ewo_csv())
    with monkeypatch.context() as patch:
        patch.setattr(run_module, "make_draft", fail)
        assert run(office, "").failed
    assert _lying(office) == []
    assert _kept(office) == [EWO]
    (path,) = originals_dir(office).glob("*/*")
    assert path.read_text(encoding="utf-8") == ewo_csv()
    assert path.stat().st_mode & 0o777 == 0o600
    assert run(office, "").published
    assert _kept(office) == []


def test_what_serves_no_date_yet_waits(office: Desk) -> None:
    put(office, BA, SMALL_BA)
    run(office, "")
    assert _kept(office) == [BA]
    put(office, EWO, ewo_csv())
    run(office, "")
    assert _kept(office) == []


def test_what_was_written_on_after_it_was_taken_is_the_next_delivery(office: Desk) -> None:
    put(office, BA, SMALL_BA)
    run(office, "")
    (path,) = originals_dir(office).glob("*/*")
    with path.open("a", encoding="utf-8") as late:
        late.write("\n")
        late.flush()
        run(office, "")
        assert _kept(office) == [BA]  # somebody still has it open
    run(office, "")
    assert _lying(office) == [BA]
    assert _kept(office) == []


def test_original_does_not_outlive_the_retention(tmp_path: Path) -> None:
    office = make_office(
        tmp_path, lambda t: t["deliveries"]["layouts"][0].update(retention_days=30)
    )
    put(office, BA, ba_csv())
    run(office, "")
    assert purge_inbox(office, date(2999, 1, 1)) == [BA]
    release_originals(office, run_module.look(office))
    assert _kept(office) == []


@pytest.mark.parametrize(
    "control",
    [
        "",
        "Zeilen: 6",
        "zeilen=6\nSumme: 30\n",
        f"Prüfsumme: {hashlib.sha256(SMALL_BA.encode()).hexdigest()}",
        f"{hashlib.sha256(SMALL_BA.encode()).hexdigest().upper()}  {BA}\r\n",
    ],
)
def test_what_was_announced_is_taken_with_its_control_file(control: str, office: Desk) -> None:
    put(office, f"{BA}.ok", control)
    put(office, BA, SMALL_BA)
    result = run(office, "")
    assert (len(result.receipts), result.refused, result.unknown) == (1, (), ())
    assert _lying(office) == []


@pytest.mark.parametrize(
    ("control", "part"),
    [
        ("Zeilen: 7", "Zeilen (Zahl) stimmt nicht"),
        ("Summe: 29", "Summe (Zahl) stimmt nicht"),
        (f"Prüfsumme: {'0' * 64}", "Prüfsumme stimmt nicht"),
        ("Zeilen: viele", "Kontrolldatei ist nicht lesbar"),
        ("fertig", "Kontrolldatei ist nicht lesbar"),
        ("\x00\xff", "Kontrolldatei ist nicht lesbar"),
    ],
)
def test_anything_else_than_was_announced_stays(control: str, part: str, office: Desk) -> None:
    put(office, f"{BA}.ok", control)
    put(office, BA, SMALL_BA)
    (error,) = run(office, "").refused
    assert part in str(error)
    assert _lying(office) == [BA, f"{BA}.ok"]


def test_layout_that_waits_for_its_control_file(tmp_path: Path) -> None:
    def announce(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["deliveries"]["layouts"][1]["is_announced"] = True

    office = make_office(tmp_path, announce)
    put(office, BA, SMALL_BA)
    result = run(office, "")
    assert result.receipts == ()
    assert result.odd == (f"Eingang: {BA} wartet auf die Kontrolldatei {BA}.ok.",)
    put(office, f"{BA}.ok", "")
    assert len(run(office, "").receipts) == 1


def test_everything_that_is_no_file_gets_a_word(office: Desk) -> None:
    inbox = office.home.inbox
    (inbox / BA).mkdir()
    os.mkfifo(inbox / EWO)
    (inbox / "link.csv").symlink_to("/etc/hostname")
    (inbox / "kreis.csv").symlink_to(inbox / "kreis.csv")
    (inbox / ".ba.csv.part").write_text("x", encoding="utf-8")  # a copy on its way
    assert [one.split(" in den")[0] for one in run(office, "").odd] == [
        f"Eingang: {BA} ist ein Ordner und wird nicht gelesen. Seine Dateien einzeln",
        f"Eingang: {EWO} ist keine Datei und wird nicht gelesen. Eine Datei",
        "Eingang: kreis.csv ist ein Verweis und wird nicht verfolgt. Die Datei selbst",
        "Eingang: link.csv ist ein Verweis und wird nicht verfolgt. Die Datei selbst",
    ]
