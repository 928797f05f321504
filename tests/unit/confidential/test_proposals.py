"""A proposal waits for a person of the office who did not hand it in."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atlas.confidential.datastate import refresh_datastate
from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from atlas.confidential.proposals import accept, refuse, waiting
from atlas.confidential.receive import HeldError
from atlas.confidential.run import run
from atlas.errors import DeliveryError
from atlas.exchange.datastate import read_data_state
from atlas.exchange.proposals import Proposal, note_path, propose
from tests.factories import DAY, SGB2
from tests.town_office import ba_csv, make_office, make_small, put

NAME = f"ba_{DAY}.csv"
BROKEN = "falsch;falsch\n1;2\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("ATLAS_USER", "Alex")
    return make_office(tmp_path, make_small)


def _hand_in(
    office: Desk, content: str, name: str = NAME, uploader: str = "kim@stadt.de"
) -> Path:
    note = Proposal(
        city=office.config.city.id,
        name=name,
        uploader=uploader,
        is_verified=True,
        handed_in=datetime(2025, 1, 2, tzinfo=UTC),
    )
    propose(office.home.requests, note, io.BytesIO(content.encode()))
    return office.home.requests / note.city / name


def _sentences(office: Desk) -> list[str]:
    refresh_datastate(office, look(office))
    state = read_data_state(office.releases_dir)
    return [] if state is None else [one.sentence for one in state.refused]


def test_run_leaves_a_proposal_to_people(office: Desk) -> None:
    path = _hand_in(office, ba_csv())
    assert run(office, "").is_nothing_new
    assert path.exists()
    (one,) = waiting(office)
    assert (one.path.name, one.day, one.uploader) == (NAME, DAY, "kim@stadt.de (geprüft)")


def test_accepted_proposal_is_a_delivery_and_the_log_names_both(office: Desk) -> None:
    path = _hand_in(office, ba_csv())
    assert len(accept(office, NAME, "").accepted) == 1
    assert not path.exists()
    assert not note_path(path).exists()
    taken = [one for one in events(office.log_path) if one.what == "taken"]
    assert [(one.who, one.subject, one.details["uploader"]) for one in taken] == [
        ("Alex", f"ba {NAME}", "kim@stadt.de (geprüft)")
    ]


def test_name_of_who_handed_in_is_shown_plainly(office: Desk) -> None:
    """The note comes from the dashboard, and a terminal obeys what it prints."""
    _hand_in(office, ba_csv(), uploader="Kim\x1b[2J\u202e")
    assert waiting(office)[0].uploader == "Kim%1B[2J%E2%80%AE (geprüft)"


@pytest.mark.parametrize("uploader", ["Alex", "alex", "alex@stadt.de", "STADT\\alex"])
def test_who_handed_in_cannot_accept(uploader: str, office: Desk) -> None:
    path = _hand_in(office, ba_csv(), uploader=uploader)
    with pytest.raises(DeliveryError, match="kann nicht selbst annehmen"):
        accept(office, NAME, "")
    assert path.exists()


def test_file_of_the_same_name_in_the_inbox_is_left_alone(office: Desk) -> None:
    lying = put(office, NAME, BROKEN)
    _hand_in(office, ba_csv())
    accept(office, NAME, "")
    assert lying.read_text(encoding="utf-8") == BROKEN


def test_proposal_with_errors_is_put_aside_and_explained(office: Desk) -> None:
    path = _hand_in(office, BROKEN)
    with pytest.raises(DeliveryError, match="Spalte fehlt") as caught:
        accept(office, NAME, "")
    assert not path.exists()
    assert _sentences(office) == [str(caught.value)]
    _hand_in(office, ba_csv())
    accept(office, NAME, "")
    assert _sentences(office) == []


def test_proposal_with_warnings_waits_for_a_reason(office: Desk) -> None:
    few = {key: SGB2[key] for key in list(SGB2)[:-1]}
    path = _hand_in(office, ba_csv(few))
    with pytest.raises(HeldError, match="--accept-warnings"):
        accept(office, NAME, "")
    assert path.exists()
    assert len(accept(office, NAME, "so geliefert").accepted) == 1


def test_refused_proposal_tells_the_reason(office: Desk) -> None:
    path = _hand_in(office, ba_csv())
    refuse(office, NAME, "Zahlen vom Vorjahr.")
    assert not path.exists()
    (sentence,) = _sentences(office)
    assert sentence.endswith("von der Statistikstelle abgelehnt. Zahlen vom Vorjahr.")
    (event,) = [one for one in events(office.log_path) if "reason" in one.details]
    assert (event.who, event.details["uploader"]) == ("Alex", "kim@stadt.de (geprüft)")


def test_two_for_one_source_and_date_are_decided_one_by_one(office: Desk) -> None:
    """Whoever can write into the folder can get round what the dashboard refuses."""
    _hand_in(office, ba_csv())
    other = _hand_in(office, ba_csv(), name=f"BA_{DAY}x.csv").rename(
        office.home.requests / "musterstadt" / f"BA_{DAY}.csv"
    )
    text = note_path(office.home.requests / "musterstadt" / NAME).read_text(encoding="utf-8")
    note_path(other).write_text(text.replace(NAME, other.name), encoding="utf-8")
    with pytest.raises(DeliveryError, match=f"wartet auch BA_{DAY}.csv"):
        accept(office, NAME, "")
    refuse(office, other.name, "doppelt")
    assert len(accept(office, NAME, "").accepted) == 1


@pytest.mark.parametrize("note", ["", "{", '{"format": 1, "city": "anderswo"}'])
def test_file_without_a_note_of_who_handed_it_in_is_put_aside(note: str, office: Desk) -> None:
    path = _hand_in(office, ba_csv())
    note_path(path).write_text(note, encoding="utf-8")
    (error,) = run(office, "").refused
    assert "ohne gültigen Vermerk" in str(error)
    assert not path.exists()
    assert (office.home.refused / NAME).exists()


def test_larger_file_than_the_dashboard_takes_is_put_aside(office: Desk) -> None:
    path = _hand_in(office, ba_csv())
    with path.open("ab") as file:
        file.truncate(6 * 1024 * 1024)
    (error,) = run(office, "").refused
    assert "höchstens 5 MB" in str(error)


def test_file_that_lies_beside_the_folders_is_put_aside(office: Desk) -> None:
    (office.home.requests / NAME).write_text(ba_csv(), encoding="utf-8")
    (error,) = run(office, "").refused
    assert "gehört nicht hierher" in str(error)
    assert run(office, "").receipts == ()


def test_unknown_name_is_one_sentence(office: Desk) -> None:
    with pytest.raises(DeliveryError, match="wartet nicht"):
        accept(office, "fehlt.csv", "")
