"""A release that would take away much of what readers had stops, and says the way out."""

import pandas as pd
import pytest

from atlas.confidential.day import look
from atlas.confidential.recipe import make_draft
from atlas.confidential.run import run
from atlas.confidential.vanishing import Loss, loss_of, require_little_loss
from atlas.errors import ProtectionError
from tests.block_town import CELL
from tests.factories import BLOCKS, DAY
from tests.town_office import ba_csv, ewo_csv, make_office, make_small, put


def told(release: str, *numbers: int | None) -> pd.DataFrame:
    rows = [("block", str(i), "all", "residents", n) for i, n in enumerate(numbers)]
    return pd.DataFrame(rows, columns=[*CELL, "n"]).assign(release=release, parts=None)


def cells(*statuses: str) -> pd.DataFrame:
    rows = [("block", str(i), "all", "residents", one) for i, one in enumerate(statuses)]
    return pd.DataFrame(rows, columns=[*CELL, "status"])


def test_what_the_newest_release_showed_and_is_hidden_now_is_lost():
    ledger = pd.concat([told(f"{DAY}.2", 4, None, 7, 9), told(f"{DAY}.10", 4, 5, None, 9)])
    loss = loss_of(ledger, cells("suppressed", "published", "suppressed", "suppressed"))
    assert loss == Loss(f"{DAY}.10", 3, 2)


def test_areas_with_other_boundaries_are_no_loss():
    ledger = told(f"{DAY}.1", 4, 5).assign(parts=["0 1", None])
    assert loss_of(ledger, cells("suppressed", "published")) == Loss(f"{DAY}.1", 1, 0)


@pytest.mark.parametrize(("gone", "stops"), [(19, False), (20, False), (21, True)])
def test_the_stop_is_at_the_configured_share(gone: int, stops: bool):
    loss = Loss(f"{DAY}.1", 100, gone)
    if not stops:
        require_little_loss(loss, 20)
        return
    with pytest.raises(ProtectionError) as error:
        require_little_loss(loss, 20)
    assert f"{gone} von 100" in str(error.value)
    assert f"atlas build --date {DAY} --accept-loss" in str(error.value)


def test_a_correction_that_hides_a_table_waits_for_a_person(tmp_path):
    def change(tables):
        make_small(tables)
        tables["protection"]["most_vanished"] = 0

    office = make_office(tmp_path, change)
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    put(office, f"ba_{DAY}.csv", ba_csv())
    run(office, "")
    put(office, f"ewo_{DAY}.csv", ewo_csv({**BLOCKS, "1302": (20, 2, 4, 1)}))
    (error,) = run(office, "").errors
    assert "stünden nicht mehr da" in str(error)
    assert [one.name for one in office.releases_dir.glob(f"{DAY}.*")] == [f"{DAY}.1"]
    draft = make_draft(office, look(office).day(DAY), "neue Zählung")
    assert draft.name == f"{DAY}.2"
    assert "neue Zählung" in office.log_path.read_text(encoding="utf-8")
