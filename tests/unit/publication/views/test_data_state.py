import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from atlas.exchange.datastate import DataState, HindcastEntry, ReleaseEntry, read_data_state
from atlas.publication.export.texts import rows_of
from atlas.publication.views.data_state import (
    hindcast_texts,
    outstanding,
    refused_uploads,
    release_table,
    run_text,
    source_table,
    upload_labels,
)
from atlas.terms import State

STATE = {
    "format": 1,
    "city": "musterstadt",
    "sources": [
        {
            "source": "ewo",
            "label": "Einwohnerregister",
            "reference_date": "2024-12-31",
            "state": "accepted",
            "due_date": "2025-01-21",
            "number": 1,
            "findings": {"error": 0, "warning": 2},
            "holds_up": "",
        },
        {
            "source": "ba",
            "label": "SGB II",
            "reference_date": "2024-12-31",
            "state": "due",
            "due_date": "2025-06-30",
            "number": 0,
            "findings": {},
            "holds_up": "SGB-II-Quote, Handlungsbedarf",
        },
    ],
    "releases": [
        {
            "reference_date": "2024-12-31",
            "number": 1,
            "state": "provisional",
            "missing": ["SGB II"],
        }
    ],
    "last_run": {
        "step": "run",
        "result": "ok",
        "message": "Veröffentlicht: 2024-12-31.1.",
        "finished": "2025-02-01T09:30:00+00:00",
    },
}


@pytest.fixture
def state(tmp_path):
    (tmp_path / "datenstand.json").write_text(json.dumps(STATE), encoding="utf-8")
    return read_data_state(tmp_path)


def test_table_lists_every_source(state):
    assert rows_of(source_table(state)) == (
        (
            "31.12.2024",
            "Einwohnerregister",
            "eingegangen",
            "21.01.2025",
            "1",
            "2 Warnungen",
            "",
        ),
        (
            "31.12.2024",
            "SGB II",
            "noch nicht fällig",
            "30.06.2025",
            "",
            "",
            "SGB-II-Quote, Handlungsbedarf",
        ),
    )


def test_nothing_held_up_needs_no_column(tmp_path):
    arrived = {**STATE, "sources": STATE["sources"][:1]}
    (tmp_path / "datenstand.json").write_text(json.dumps(arrived), encoding="utf-8")
    table = source_table(read_data_state(tmp_path))
    assert "Hält auf" not in [column.label for column in table.fields]
    assert len(rows_of(table)[0]) == len(table.fields)


def test_what_is_outstanding_is_said(state):
    assert outstanding(state) == (
        "SGB II zum 31.12.2024 noch nicht eingegangen, fällig am 30.06.2025.",
    )


def test_overdue_is_said_as_overdue(tmp_path):
    late = json.loads(json.dumps(STATE))
    late["sources"][1]["state"] = "overdue"
    (tmp_path / "datenstand.json").write_text(json.dumps(late), encoding="utf-8")
    found = outstanding(read_data_state(tmp_path))
    assert found == (
        "SGB II zum 31.12.2024 noch nicht eingegangen, überfällig seit 30.06.2025.",
    )


def test_releases_say_what_they_lack(state):
    assert rows_of(release_table(state)) == (("31.12.2024", "1", "vorläufig", "SGB II"),)


def test_last_run_is_told_in_local_time(state):
    run = run_text(state)
    assert run.headline == "Die letzte Berechnung ist gelungen (01.02.2025, 10:30 Uhr)."
    assert run.message == "Veröffentlicht: 2024-12-31.1."


def test_running_run_says_since_when(tmp_path):
    running = json.loads(json.dumps(STATE))
    running["last_run"]["result"] = "running"
    (tmp_path / "datenstand.json").write_text(json.dumps(running), encoding="utf-8")
    run = run_text(read_data_state(tmp_path))
    assert run.headline == "Die Berechnung läuft seit dem 01.02.2025, 10:30 Uhr."


def test_uploads_have_the_names_of_their_sources(state):
    assert upload_labels(state, ("ba", "alw")) == ("SGB II", "alw")
    assert upload_labels(None, ("ba",)) == ("ba",)


def test_files_that_were_put_aside_are_told_newest_first(tmp_path):
    entries = [
        {"name": name, "since": since, "sentence": f"Lieferung {name}: nicht erkannt."}
        for name, since in (
            ("a.csv", "2025-01-31T22:59:00+00:00"),
            ("b.csv", "2025-07-01T10:00:00+00:00"),
        )
    ]
    content = json.dumps({**STATE, "refused": entries})
    (tmp_path / "datenstand.json").write_text(content, encoding="utf-8")
    assert refused_uploads(read_data_state(tmp_path)) == (
        "Abgegeben am 01.07.2025, 12:00 Uhr: Lieferung b.csv: nicht erkannt.",
        "Abgegeben am 31.01.2025, 23:59 Uhr: Lieferung a.csv: nicht erkannt.",
    )


def test_data_state_of_an_older_office_has_none_put_aside(state):
    assert refused_uploads(state) == ()


def test_hindcasts_of_all_dates_in_force_are_added_up() -> None:
    """2022: 69, 2 wrong, 2 unsure; 2023: 69, 4 wrong, 3 unsure; others are out of force."""

    def entry(day: date, number: int, figures: tuple[int, int, int], **gone: Any) -> Any:
        names = ("counted", "wrong", "unsure")
        one = HindcastEntry(group="all", **dict(zip(names, figures, strict=True)))
        return ReleaseEntry(
            reference_date=day, number=number, state=State.FINAL, hindcasts=(one,), **gone
        )

    first, second = date(2022, 12, 31), date(2023, 12, 31)
    gone = {"withdrawn": datetime(2024, 1, 1, tzinfo=UTC), "withdrawn_because": "falsch"}
    state = DataState(
        format=1,
        city="x",
        releases=(
            entry(first, 2, (69, 2, 2)),
            entry(first, 1, (69, 60, 0)),
            entry(second, 1, (69, 4, 3)),
            entry(second, 2, (69, 50, 0), **gone),
        ),
    )
    assert hindcast_texts(state, {"all": "Alle Einwohner*innen"}) == (
        "Alle Einwohner*innen, 2 Stichtage: Von 138 vorläufigen Stufen wären 6 falsch gewesen, "
        "5 davon als unsicher gekennzeichnet.",
    )


def test_without_hindcasts_nothing_is_said() -> None:
    assert hindcast_texts(DataState(format=1, city="x"), {}) == ()
