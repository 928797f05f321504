"""A published release taken out of force: others follow, the same is never built again."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atlas.confidential import withdraw as withdraw_room
from atlas.confidential.datastate import refresh_datastate
from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.ledger import read_ledger
from atlas.confidential.log import events
from atlas.confidential.publish import publish, verify
from atlas.confidential.recipe import make_draft
from atlas.confidential.run import run, summary
from atlas.confidential.withdraw import withdraw
from atlas.errors import ReleaseError
from atlas.release import list_releases, read_info, read_withdrawal
from tests.command import files_below
from tests.factories import DAY
from tests.town_office import EARLIER, make_office, make_small, put_small, reopen
from tests.wrong_town import BETTER, WHY, current, kill_at, published, put_ba


@pytest.fixture
def office(wrong: Desk) -> Desk:
    return wrong


def test_a_withdrawn_release_gives_way_to_the_one_before_it(office: Desk) -> None:
    before = files_below(office.releases_dir / f"{DAY}.2")
    assert withdraw(office, f"{DAY}.2", WHY) == f"{DAY}.1"
    assert current(office) == f"{DAY}.1"
    assert files_below(office.releases_dir / f"{DAY}.2") == before
    mark = read_withdrawal(office.releases_dir / f"{DAY}.2")
    assert mark is not None
    assert (mark.release, mark.reason) == (f"{DAY}.2", WHY)
    assert abs((datetime.now(UTC) - mark.when).total_seconds()) < 60
    (event,) = [one for one in events(office.log_path) if one.what == "withdrawn"]
    assert (event.subject, event.details) == (f"{DAY}.2", {"reason": WHY})
    assert event.who


def test_it_is_not_built_again_from_the_same(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    result = run(office, "")
    assert result.held == (DAY,)
    assert result.is_nothing_new
    assert [ref.name for ref in list_releases(office.releases_dir)] == [f"{DAY}.1", f"{DAY}.2"]
    assert summary(result) == (
        "Nichts Neues: alle Lieferungen sind schon verarbeitet. Zurückgezogen und seither "
        "unverändert, darum nicht neu gebaut: 31.12.2023."
    )


def test_another_program_does_not_make_it_right(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    monkeypatch.setattr("atlas.confidential.day.__version__", "9.9.9")
    assert run(office, "").held == (DAY,)


def _corrected_delivery(office: Desk) -> None:
    put_ba(office, BETTER)


def _changed_rule(office: Desk) -> None:
    path = office.city_dir / "levels.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n# read anew\n", encoding="utf-8")
    path = office.city_dir / "city.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Musterstadt", "Musterstadt am See"), encoding="utf-8")


@pytest.mark.parametrize("change", [_corrected_delivery, _changed_rule])
def test_a_change_makes_the_next_number(office: Desk, change: Callable[[Desk], None]) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    change(office)
    office = reopen(office.home.root.parent)
    assert published(run(office, "")) == [f"{DAY}.3"]
    info = read_info(office.releases_dir / f"{DAY}.3")
    assert info.supersedes == f"{DAY}.1"
    assert f"anstelle der zurückgezogenen {DAY}.2 ({WHY})" in info.reason
    assert run(office, "").is_nothing_new
    assert current(office) == f"{DAY}.3"


def test_an_office_may_build_it_again_by_its_own_will(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    draft = make_draft(office, look(office).day(DAY))
    verify(office, draft)
    publish(office, draft)
    assert current(office) == f"{DAY}.3"
    result = run(office, "")
    assert (result.is_nothing_new, result.held) == (True, ())


def test_without_another_release_the_date_shows_nothing(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    assert withdraw(office, f"{DAY}.1", WHY) == ""
    run(office, "")
    assert current(office) == ""
    put_ba(office, BETTER)
    assert published(run(office, "")) == [f"{DAY}.3"]
    info = read_info(office.releases_dir / f"{DAY}.3")
    assert info.supersedes is None
    assert "Erste Veröffentlichung" not in info.reason


def test_numbers_are_never_used_twice(office: Desk) -> None:
    for number in (2, 1):
        withdraw(office, f"{DAY}.{number}", WHY)
    shutil.rmtree(office.releases_dir / f"{DAY}.2")
    put_ba(office, BETTER)
    assert published(run(office, "")) == [f"{DAY}.3"]


def test_the_ledger_remembers_what_was_withdrawn(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    told = read_ledger(office, DAY, read_info(office.releases_dir / f"{DAY}.1").edition)
    assert told is not None
    assert set(told["release"]) == {f"{DAY}.1", f"{DAY}.2"}


def test_readers_learn_when_and_why(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    refresh_datastate(office, look(office))
    text = (office.releases_dir / "datenstand.json").read_text(encoding="utf-8")
    first, second = json.loads(text)["releases"]
    assert set(first) == {"reference_date", "number", "state", "missing"}
    assert second["withdrawn_because"] == WHY
    assert second["withdrawn"].startswith("20")


@pytest.mark.parametrize(
    ("name", "reason", "sentence"),
    [
        (f"{DAY}.9", WHY, f"Veröffentlichung {DAY}.9: gibt es nicht."),
        ("../store", WHY, "Veröffentlichung ../store: gibt es nicht."),
        (f"{DAY}.1", " ", f"Veröffentlichung {DAY}.1: Begründung fehlt."),
    ],
)
def test_what_cannot_be_withdrawn(office: Desk, name: str, reason: str, sentence: str) -> None:
    with pytest.raises(ReleaseError, match=f"^{sentence}"):
        withdraw(office, name, reason)
    assert current(office) == f"{DAY}.2"


def test_it_is_withdrawn_once(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    with pytest.raises(ReleaseError, match="ist schon zurückgezogen"):
        withdraw(office, f"{DAY}.2", "noch einmal")


def test_a_withdrawal_cut_off_is_finished_by_the_run(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_at(monkeypatch, withdraw_room, "write_mark")
    with pytest.raises(KeyboardInterrupt):
        withdraw(office, f"{DAY}.2", WHY)
    assert current(office) == f"{DAY}.2"
    monkeypatch.undo()
    run(office, "")
    assert current(office) == f"{DAY}.1"
    mark = read_withdrawal(office.releases_dir / f"{DAY}.2")
    assert mark is not None
    assert mark.reason == WHY


def test_a_damaged_mark_brings_nothing_back(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", WHY)
    (path,) = office.releases_dir.glob("*.zurueckgezogen.json")
    path.write_text("{")
    assert current(office) == f"{DAY}.1"
    mark = read_withdrawal(office.releases_dir / f"{DAY}.2")
    assert mark is not None
    assert mark.reason == "Die Begründung ist nicht lesbar."


def test_a_date_that_stands_on_it_follows(tmp_path: Path) -> None:
    """The scale of both dates is that of the earlier one: without it there is no level."""

    def frozen(tables: dict) -> None:  # type: ignore[type-arg]
        make_small(tables)
        tables["levels"]["need"]["all"]["base_date"] = EARLIER

    office = make_office(tmp_path, frozen)
    for day in (EARLIER, DAY):
        put_small(office, day)
    run(office, "")
    assert read_info(office.releases_dir / f"{DAY}.1").references == (f"{EARLIER}.1",)
    withdraw(office, f"{EARLIER}.1", WHY)
    result = run(office, "")
    assert result.held == (EARLIER,)
    assert published(result) == [f"{DAY}.2"]
    assert read_info(office.releases_dir / f"{DAY}.2").references == ()
