"""What the dashboard learns about deliveries: states and dates, never a value."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.datastate import source_dates
from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from tests.factories import DAY, SGB2
from tests.town_office import (
    EARLIER,
    ba_csv,
    ewo_csv,
    make_office,
    make_small,
    put,
    put_registers,
    put_small,
)


def _content(office: Desk) -> dict[str, Any]:
    path = office.releases_dir / "datenstand.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _states(office: Desk, today: date = date(2024, 2, 1)) -> dict[str, str]:
    return {row.source: row.state for row in source_dates(office, look(office), today)}


def test_shape(final: Desk) -> None:
    content = _content(final)
    keys = {"format", "city", "sources", "releases", "refused", "last_run", "digest"}
    assert set(content) == keys
    assert content["refused"] == []
    assert (content["format"], content["city"]) == (1, "musterstadt")
    assert content["sources"][2] == {
        "source": "ba",
        "label": "SGB II",
        "reference_date": "2023-12-31",
        "state": "accepted",
        "due_date": "2024-06-29",
        "number": 1,
        "findings": {"error": 0, "warning": 0, "info": 0},
        "holds_up": "",
    }
    assert content["releases"] == [
        {"reference_date": "2023-12-31", "number": 1, "state": "final", "missing": []}
    ]
    last_run = content["last_run"]
    assert set(last_run) == {"step", "result", "message", "finished"}
    assert (last_run["result"], last_run["message"]) == (
        "ok",
        "Veröffentlicht: 2023-12-31.1; angenommen: 3 Lieferungen.",
    )
    assert [path.name for path in final.releases_dir.glob("datenstand*")] == ["datenstand.json"]


@pytest.mark.parametrize(
    ("today", "state"),
    [(date(2024, 6, 28), "due"), (date(2024, 6, 29), "due"), (date(2024, 6, 30), "overdue")],
)
def test_due_and_overdue(provisional: Desk, today: date, state: str) -> None:
    """181 days after 31.12.2023 the BA is due; on the day itself it is not yet late."""
    assert _states(provisional, today)["ba"] == state


def test_what_a_missing_source_holds_up(provisional: Desk) -> None:
    rows = {row.source: row for row in source_dates(provisional, look(provisional), DAY)}
    assert rows["ba"].holds_up == "SGB-II-Quote, Handlungsbedarf"
    assert (rows["ewo"].holds_up, rows["alw"].holds_up) == ("", "")
    assert _content(provisional)["releases"][0]["missing"] == ["SGB II"]


def test_an_optional_source_holds_up_no_level(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    put_registers(office)
    (office.home.inbox / f"alw_{DAY}.csv").unlink()
    run(office, "")
    rows = {row.source: row for row in source_dates(office, look(office), DAY)}
    assert rows["alw"].state == "due"
    assert "Handlungsbedarf" not in rows["alw"].holds_up


def test_waiting_in_the_inbox(provisional: Desk) -> None:
    put(provisional, f"ba_{DAY}.csv", "")
    put(provisional, "ba_gestern.csv", "")
    put(provisional, f"BA_{EARLIER}.csv", "")
    assert _states(provisional)["ba"] == "inbox"


def test_a_corrected_delivery(final: Desk) -> None:
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    run(final, "")
    (row,) = [row for row in source_dates(final, look(final), DAY) if row.source == "ba"]
    assert (row.state, row.number) == ("corrected", 2)


def test_a_source_that_does_not_exist_at_a_date(tmp_path: Path) -> None:
    def later(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["deliveries"]["layouts"][1]["first_date"] = DAY

    office = make_office(tmp_path, later)
    put_small(office, DAY)
    put(office, f"ewo_{EARLIER}.csv", ewo_csv())
    result = run(office, "")
    assert [one.info.state for one in result.published] == ["final", "final"]
    states = {
        (row.source, row.reference_date): row.state
        for row in source_dates(office, look(office), DAY)
    }
    assert states["ba", EARLIER] == "unavailable"
    assert states["ba", DAY] == "accepted"


def test_dates_in_order_and_every_source_at_each(final: Desk) -> None:
    put_registers(final, EARLIER)
    run(final, "")
    rows = source_dates(final, look(final), DAY)
    assert [(row.reference_date, row.source) for row in rows] == [
        (day, source) for day in (EARLIER, DAY) for source in ("ewo", "alw", "ba")
    ]


def test_an_office_without_deliveries(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    run(office, "")
    content = _content(office)
    assert (content["sources"], content["releases"]) == ([], [])
    assert content["last_run"]["result"] == "nothing_new"


def test_no_count_in_the_state(final: Desk) -> None:
    """Numbers of findings and of corrections are all it counts."""
    text = (final.releases_dir / "datenstand.json").read_text(encoding="utf-8")
    numbers = {word for word in text.replace(",", " ").split() if word.isdigit()}
    assert numbers <= {"0", "1", "3"}
