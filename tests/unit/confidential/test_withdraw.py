"""What was published or accepted and is wrong: taken back, followed, never built again."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atlas.confidential import reject as reject_room
from atlas.confidential import withdraw as withdraw_room
from atlas.confidential.datastate import refresh_datastate
from atlas.confidential.day import look
from atlas.confidential.desk import Desk, events
from atlas.confidential.ledger import read_ledger
from atlas.confidential.publish import publish, verify
from atlas.confidential.receive import layout_of, receive
from atlas.confidential.recipe import make_draft
from atlas.confidential.reject import reject_delivery
from atlas.confidential.run import RunResult, run, summary
from atlas.confidential.store import current_delivery, list_deliveries
from atlas.confidential.withdraw import withdraw
from atlas.errors import AtlasError, DeliveryError, ReleaseError
from atlas.release import in_force, list_releases, open_release, read_info, read_withdrawal
from tests.factories import DAY, SGB2
from tests.town_office import (
    EARLIER,
    ewo_csv,
    make_office,
    make_small,
    put,
    put_small,
    reopen,
)

WRONG = {**SGB2, "12": (31, 10)}
BETTER = {**SGB2, "12": (32, 10)}
WHY = "Spalten vertauscht"


@pytest.fixture(scope="session")
def corrected_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One date, published and then published wrongly; not to be changed."""
    root = tmp_path_factory.mktemp("corrected")
    office = make_office(root, make_small)
    put_small(office)
    run(office, "")
    put_ba(office, WRONG)
    run(office, "")
    return root


@pytest.fixture
def office(corrected_root: Path, tmp_path: Path) -> Desk:
    """Release .1 of the BA's first counts, release .2 of wrong ones."""
    return reopen(Path(shutil.copytree(corrected_root, tmp_path / "office")))


def put_ba(office: Desk, counts: dict[str, tuple[object, object]]) -> None:
    rows = [f"{key};{everyone}" for key, (everyone, _) in counts.items()]
    put(office, f"ba_{DAY}.csv", "\n".join(["QUARTIER;SGB2", *rows]) + "\n")


def names(office: Desk) -> list[str]:
    return [ref.name for ref in list_releases(office.releases_dir)]


def current(office: Desk) -> str:
    found = in_force(list_releases(office.releases_dir)).get(DAY)
    return found.name if found else ""


def sgb2_of(office: Desk, name: str) -> float:
    cells = open_release(office.releases_dir / name).cells
    is_asked = (cells["kind"] == "quartier") & (cells["area_id"] == "12")
    (value,) = cells.loc[is_asked & (cells["item"] == "sgb2"), "value"]
    return float(value)


def files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def published(result: RunResult) -> list[str]:
    return [release.info.name for release in result.published]


# ---- a release


def test_a_withdrawn_release_gives_way_to_the_one_before_it(office: Desk) -> None:
    before = files(office.releases_dir / f"{DAY}.2")
    assert withdraw(office, f"{DAY}.2", WHY) == f"{DAY}.1"
    assert current(office) == f"{DAY}.1"
    assert files(office.releases_dir / f"{DAY}.2") == before
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
    assert names(office) == [f"{DAY}.1", f"{DAY}.2"]
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
    _killed(monkeypatch, withdraw_room, "write_mark")
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


# ---- a delivery


def test_a_rejected_delivery_gives_way_to_the_one_before_it(office: Desk) -> None:
    done = reject_delivery(office, f"ba/{DAY}.2", WHY)
    assert done.withdrawn == (f"{DAY}.2",)
    assert current(office) == f"{DAY}.1"  # at once, whenever the next run comes
    in_store = current_delivery(office.store_dir, "ba", DAY)
    assert in_store == done.successor
    assert in_store is not None
    assert in_store.number == 1
    mark = read_withdrawal(office.releases_dir / f"{DAY}.2")
    assert mark is not None
    assert mark.reason == f"SGB II zurückgewiesen: {WHY}"


def test_its_dates_are_built_again_without_it(office: Desk) -> None:
    reject_delivery(office, f"ba/{DAY}.2", WHY)
    assert published(run(office, "")) == [f"{DAY}.3"]
    info = read_info(office.releases_dir / f"{DAY}.3")
    assert f"zurückgewiesen: {WHY}" in info.reason
    assert sgb2_of(office, f"{DAY}.3") == sgb2_of(office, f"{DAY}.1")
    assert sgb2_of(office, f"{DAY}.2") == 31
    assert run(office, "").is_nothing_new


def test_it_stays_readable_and_says_who_took_it_back(office: Desk) -> None:
    reject_delivery(office, f"ba/{DAY}.2", WHY)
    (_, second) = [one for one in list_deliveries(office.store_dir) if one.layout == "ba"]
    assert second.rows_path.exists()
    assert second.rejection is not None
    assert second.rejection.reason == WHY
    (event,) = [one for one in events(office.log_path) if one.what == "rejected"]
    assert (event.subject, event.who) == (f"ba {DAY}.2", second.rejection.who)
    assert event.details == {"reason": WHY}


def test_the_same_file_again_is_held(office: Desk) -> None:
    reject_delivery(office, f"ba/{DAY}.2", WHY)
    run(office, "")
    put_ba(office, WRONG)
    (error,) = run(office, "").refused
    assert str(error).startswith(
        f"Lieferung ba_{DAY}.csv, Stichtag 31.12.2023: derselbe Inhalt"
    )
    assert f"zurückgewiesen („{WHY}“)" in str(error)
    assert current(office) == f"{DAY}.3"


def test_it_may_be_accepted_with_a_reason(office: Desk) -> None:
    reject_delivery(office, f"ba/{DAY}.2", WHY)
    run(office, "")
    put_ba(office, WRONG)
    path = office.home.inbox / f"ba_{DAY}.csv"
    receipt = receive(office, path, layout_of(office, path, None), None, "doch richtig")
    assert [one.number for one in receipt.accepted] == [3]
    path.unlink()
    assert published(run(office, "")) == [f"{DAY}.4"]
    assert sgb2_of(office, f"{DAY}.4") == 31
    put_ba(office, WRONG)
    assert run(office, "").is_nothing_new


def test_a_corrected_file_is_no_rejected_one(office: Desk) -> None:
    reject_delivery(office, f"ba/{DAY}.2", WHY)
    put_ba(office, BETTER)
    assert published(run(office, "")) == [f"{DAY}.3"]
    assert sgb2_of(office, f"{DAY}.3") == 32


def test_without_a_register_the_date_is_withdrawn(office: Desk) -> None:
    done = reject_delivery(office, f"ewo/{DAY}.1", WHY)
    assert done.withdrawn == (f"{DAY}.1", f"{DAY}.2")
    assert done.successor is None
    assert run(office, "").published == ()
    assert current(office) == ""
    town = {"1101": (60, 20, 10, 5), "1201": (90, 10, 20, 5), "2101": (70, 7, 9, 3)}
    put(office, f"ewo_{DAY}.csv", ewo_csv(town))
    assert published(run(office, "Ersatz")) == [f"{DAY}.3"]


def test_a_delivery_that_nothing_was_built_on(office: Desk) -> None:
    put_ba(office, BETTER)
    path = office.home.inbox / f"ba_{DAY}.csv"
    receive(office, path, layout_of(office, path, None), None, "")
    path.unlink()
    assert reject_delivery(office, f"ba {DAY}.3", WHY).withdrawn == ()
    assert current(office) == f"{DAY}.2"
    assert run(office, "").is_nothing_new


def test_a_draft_on_it_is_not_published(office: Desk) -> None:
    put_ba(office, BETTER)
    path = office.home.inbox / f"ba_{DAY}.csv"
    receive(office, path, layout_of(office, path, None), None, "")
    draft = make_draft(office, look(office).day(DAY))
    verify(office, draft)
    reject_delivery(office, f"ba/{DAY}.3", WHY)
    with pytest.raises(ReleaseError, match="beruht auf der zurückgewiesenen Lieferung ba/"):
        publish(office, draft)


def test_a_rejection_cut_off_is_finished_by_the_run(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _killed(monkeypatch, reject_room, "take_out")
    with pytest.raises(KeyboardInterrupt):
        reject_delivery(office, f"ba/{DAY}.2", WHY)
    assert current(office) == f"{DAY}.2"
    monkeypatch.undo()
    assert published(run(office, "")) == [f"{DAY}.3"]
    withdrawn = [ref.name for ref in list_releases(office.releases_dir) if ref.is_withdrawn]
    assert withdrawn == [f"{DAY}.2"]


@pytest.mark.parametrize(
    ("name", "reason", "sentence"),
    [
        (f"ba/{DAY}.9", WHY, f"Lieferung ba/{DAY}.9: liegt nicht im Speicher."),
        (f"ba/{DAY}.1", "", f"Lieferung ba/{DAY}.1: Begründung fehlt."),
    ],
)
def test_what_cannot_be_rejected(office: Desk, name: str, reason: str, sentence: str) -> None:
    with pytest.raises(DeliveryError, match=f"^{sentence}"):
        reject_delivery(office, name, reason)
    assert [one.rejection for one in list_deliveries(office.store_dir)] == [None] * 3


def test_it_is_rejected_once(office: Desk) -> None:
    reject_delivery(office, f"ba/{DAY}.2", WHY)
    with pytest.raises(AtlasError, match="ist schon zurückgewiesen"):
        reject_delivery(office, f"ba/{DAY}.2", WHY)


def _killed(monkeypatch: pytest.MonkeyPatch, room: object, step: str) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(room, step, killed)
