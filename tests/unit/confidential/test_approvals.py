"""Four eyes: whose approvals count, who stops a draft, and that nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential import decisions
from atlas.confidential.approvals import standing
from atlas.confidential.desk import Desk
from atlas.confidential.log import Account, acting_as, events
from atlas.confidential.run import run
from atlas.errors import AtlasError, DeliveryError, ReleaseError
from atlas.release import list_releases
from tests.factories import DAY
from tests.town_office import make_office, make_small, put, put_small

ANNA, BERTA, CLARA = (Account(name, f"sub-{name}") for name in ("Anna", "Berta", "Clara"))
NAME = f"{DAY}.1"


def waiting(root: Path, by: str = "account", number: int = 2) -> Desk:
    """An office whose only draft was built by Anna and waits for approvals."""

    def change(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["city"] |= {"approvals": number, "approvals_by": by}

    office = make_office(root, change)
    put_small(office)
    with acting_as(ANNA):
        assert len(run(office, "").waiting) == 1
    return office


def approve(office: Desk, who: Account) -> int:
    with acting_as(who):
        return decisions.approve_draft(office, NAME)


def test_two_logins_are_four_eyes_and_one_login_under_two_names_is_not(tmp_path: Path) -> None:
    office = waiting(tmp_path, "login")
    assert approve(office, BERTA) == 1
    assert approve(office, Account("Berta Neu", BERTA.login)) == 1
    with pytest.raises(ReleaseError, match="gebaut von derselben Person"):
        approve(office, Account("Anna Neu", ANNA.login))
    with pytest.raises(ReleaseError, match="ohne Anmeldung"):
        approve(office, Account("Dora"))
    assert approve(office, CLARA) == 0
    assert decisions.publish_draft(office, NAME).name == NAME


def test_accounts_count_by_name_where_a_city_asks_for_no_login(tmp_path: Path) -> None:
    office = waiting(tmp_path)
    assert approve(office, Account("Berta")) == 1
    assert approve(office, Account("Berta")) == 1
    assert [one.what for one in events(office.log_path)].count("approved") == 1
    assert approve(office, Account("Clara")) == 0


def test_a_refused_draft_is_published_by_nobody_until_that_is_lifted(tmp_path: Path) -> None:
    office = waiting(tmp_path, number=1)
    assert approve(office, BERTA) == 0
    with acting_as(CLARA):
        with pytest.raises(ReleaseError, match="Begründung fehlt"):
            decisions.decline_draft(office, NAME, " ")
        decisions.decline_draft(office, NAME, "Block 1101 ist falsch")
    with pytest.raises(ReleaseError, match="von Clara abgelehnt"):
        approve(office, BERTA)
    with pytest.raises(ReleaseError, match="Block 1101 ist falsch"):
        decisions.publish_draft(office, NAME)
    assert len(run(office, "").waiting) == 1
    assert list_releases(office.releases_dir) == []
    with acting_as(BERTA):
        decisions.lift_draft(office, NAME, "geklärt")
        with pytest.raises(ReleaseError, match="nicht abgelehnt"):
            decisions.lift_draft(office, NAME, "geklärt")
    now = standing(office, office.drafts_dir / NAME)
    assert (now.approved, now.declined, now.missing) == ((), None, 1)
    assert approve(office, BERTA) == 0
    assert len(run(office, "").published) == 1


def _twenty(office: Desk, decide: Callable[[int], object]) -> list[object]:
    """What came of twenty who do the same at once: errors as they are."""

    def one(number: int) -> object:
        with acting_as(Account(f"Person {number}", f"sub-{number}")):
            try:
                return decide(number)
            except AtlasError as error:
                return error

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(one, range(20)))


def test_of_twenty_who_approve_at_once_each_counts_once(tmp_path: Path) -> None:
    office = waiting(tmp_path)
    done = _twenty(office, lambda number: decisions.approve_draft(office, NAME))
    assert not [one for one in done if isinstance(one, AtlasError)]
    told = [one.who for one in events(office.log_path) if one.what == "approved"]
    assert sorted(told) == sorted(f"Person {number}" for number in range(20))
    done = _twenty(office, lambda number: decisions.publish_draft(office, NAME))
    assert sum(isinstance(one, Path) for one in done) == 1
    assert [one.what for one in events(office.log_path)].count("published") == 1


def test_of_twenty_who_take_a_file_or_take_it_back_one_does(tmp_path: Path) -> None:
    office = make_office(tmp_path, make_small)
    put_small(office)
    path = office.home.inbox / f"ewo_{DAY}.csv"
    done = _twenty(
        office, lambda number: decisions.accept_file(office, path, None, None, "geprüft")
    )
    assert sum(not isinstance(one, AtlasError) for one in done) == 1
    assert all("liegt nicht mehr da" in str(one) for one in done if isinstance(one, AtlasError))
    assert [one.what for one in events(office.log_path)].count("accepted") == 1
    done = _twenty(office, lambda number: decisions.take_back(office, f"ewo/{NAME}", "falsch"))
    assert sum(not isinstance(one, AtlasError) for one in done) == 1
    assert [one.what for one in events(office.log_path)].count("rejected") == 1


def test_a_file_is_refused_where_it_lies_and_nowhere_else(tmp_path: Path) -> None:
    office = make_office(tmp_path, make_small)
    path = put(office, "zahlen.csv", "x")
    outside = office.home.root / "draussen.csv"
    outside.write_text("x", encoding="utf-8")
    for name, reason in (("../draussen.csv", "weg"), ("zahlen.csv", " "), ("nie.csv", "weg")):
        with pytest.raises(DeliveryError):
            decisions.refuse_file(office, name, reason)
    assert outside.exists()
    decisions.refuse_file(office, path.name, "falsche Stadt")
    assert not path.exists()
    assert (office.home.refused / path.name).read_text(encoding="utf-8") == "x"
