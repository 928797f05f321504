"""An accepted delivery taken back: its dates are built without it, the same file is held."""

import pytest

from atlas.confidential import reject as reject_room
from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from atlas.confidential.publish import publish, verify
from atlas.confidential.recipe import make_draft
from atlas.confidential.reject import reject_delivery
from atlas.confidential.run import run
from atlas.confidential.store import current_delivery, list_deliveries
from atlas.errors import DeliveryError, ReleaseError
from atlas.release import list_releases, read_info, read_withdrawal
from tests.factories import DAY
from tests.town_office import ewo_csv, put
from tests.wrong_town import (
    BETTER,
    WHY,
    WRONG,
    current,
    import_ba,
    kill_at,
    published,
    put_ba,
    sgb2_of,
)


@pytest.fixture
def office(wrong: Desk) -> Desk:
    return wrong


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
    assert import_ba(office, WRONG, "doch richtig") == 3
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
    assert import_ba(office, BETTER, "") == 3
    assert reject_delivery(office, f"ba {DAY}.3", WHY).withdrawn == ()
    assert current(office) == f"{DAY}.2"
    assert run(office, "").is_nothing_new


def test_a_draft_on_it_is_not_published(office: Desk) -> None:
    assert import_ba(office, BETTER, "") == 3
    draft = make_draft(office, look(office).day(DAY))
    verify(office, draft)
    reject_delivery(office, f"ba/{DAY}.3", WHY)
    with pytest.raises(ReleaseError, match="beruht auf der zurückgewiesenen Lieferung ba/"):
        publish(office, draft)


def test_a_rejection_cut_off_is_finished_by_the_run(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_at(monkeypatch, reject_room, "take_out")
    with pytest.raises(KeyboardInterrupt):
        reject_delivery(office, f"ba/{DAY}.2", WHY)
    assert current(office) == f"{DAY}.2"
    monkeypatch.undo()
    assert published(run(office, "")) == [f"{DAY}.3"]
    withdrawn = [ref.name for ref in list_releases(office.releases_dir) if ref.is_withdrawn]
    assert withdrawn == [f"{DAY}.2"]


def test_a_lost_mark_is_made_again(office: Desk) -> None:
    """What a person took back must not come back by damage."""
    done = reject_delivery(office, f"ba/{DAY}.2", WHY)
    done.delivery.rejection_path.unlink()
    assert published(run(office, "")) == [f"{DAY}.3"]
    assert sgb2_of(office, f"{DAY}.3") == sgb2_of(office, f"{DAY}.1")
    again = list_deliveries(office.store_dir)[1]
    assert again.rejection is not None
    assert again.rejection.reason == WHY


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
    with pytest.raises(DeliveryError, match="ist schon zurückgewiesen"):
        reject_delivery(office, f"ba/{DAY}.2", WHY)
