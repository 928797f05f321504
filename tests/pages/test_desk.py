"""The desk's pages: what persons decide there, and what it never shows."""

import errno
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from atlas.confidential.run import run
from atlas.confidential.store import list_deliveries
from atlas.desk import uploads
from atlas.release import list_releases, read_withdrawal
from tests.command import files_below
from tests.factories import DAY, SGB2
from tests.pages.desk_office import log_of, open_desk_page, press, said
from tests.pages.opened import html_of
from tests.town_office import ba_csv, make_office, make_small, put, put_small

LATER = date(2024, 12, 31)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    office = make_office(tmp_path, make_small)
    put_small(office)
    run(office, "")
    monkeypatch.setenv("ATLAS_HOME", str(office.home.root))
    monkeypatch.setenv("ATLAS_CITY", str(office.city_dir))
    monkeypatch.setenv("ATLAS_USER", "Berta")
    return office


def test_a_file_is_checked_and_taken_with_a_reason(office: Desk) -> None:
    doubled = {key: (2 * int(n), y) for key, (n, y) in SGB2.items() if isinstance(n, int)}
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, **doubled}))
    app = press(open_desk_page("inbox"), "Prüfen")
    assert "geprüft" in said(app)
    assert "Warnung" in html_of(app)
    assert "angehalten: Warnungen" in html_of(app)
    app = press(app, "Annehmen")
    assert "Nach Prüfung mit einer Begründung annehmen." in said(app)
    app.text_area(key="inbox-reason").input("Mit dem Jobcenter geklärt")
    app = press(app, "Annehmen")
    assert f"Angenommen: ba/{DAY}.2." in said(app)
    (corrected,) = (one for one in list_deliveries(office.store_dir) if one.number == 2)
    assert corrected.arrival.reason == "Mit dem Jobcenter geklärt"
    assert ("Berta", "accepted", f"ba {DAY}.2") in log_of(office)


def test_a_file_with_errors_names_the_areas_and_is_refused(office: Desk) -> None:
    put(office, f"ba_{LATER}.csv", ba_csv({**SGB2, "99": (12345, 678)}))
    app = press(open_desk_page("inbox"), "Prüfen")
    assert "abgelehnt: Fehler" in html_of(app)
    assert "12345" not in html_of(app)
    app = press(app, "Ablehnen")
    assert "Begründung fehlt" in said(app)
    app.text_area(key="inbox-reason").input("Falscher Gebietsstand")
    app = press(app, "Ablehnen")
    assert f"Abgelehnt: ba_{LATER}.csv" in said(app)
    assert (office.home.refused / f"ba_{LATER}.csv").is_file()
    assert "Im Eingang liegt nichts." in html_of(app)
    told = [one.details for one in events(office.log_path) if one.what == "refused"]
    assert told[-1] == {"reason": "Falscher Gebietsstand"}


def test_a_file_comes_by_the_page_and_never_over_another(office: Desk) -> None:
    app = open_desk_page("inbox")
    for _ in range(2):
        app.file_uploader[0].upload(f"ba_{LATER}.csv", ba_csv().encode(), "text/csv")
        app = press(app, "In den Eingang legen")
    assert "liegt schon im Eingang" in said(app)
    assert (office.home.inbox / f"ba_{LATER}.csv").read_text(encoding="utf-8") == ba_csv()
    assert [one for one in log_of(office) if one[1] == "laid_in"] == [
        ("Berta", "laid_in", f"ba_{LATER}.csv")
    ]


@pytest.mark.parametrize(
    "name",
    ["../ba.csv", "/ba.csv", ".ba.csv", "..", "a\nb.csv", "\u202evsc.ab", "x" * 250 + ".csv"],
)
def test_a_name_that_leads_elsewhere_or_cannot_be_read_lays_nothing_in(
    office: Desk, name: str
) -> None:
    before = files_below(office.home.root)
    app = open_desk_page("inbox")
    app.file_uploader[0].upload(name, b"KEY;SGB2\n", "text/csv")
    told = said(press(app, "In den Eingang legen"))
    assert "Erwartet" in told
    assert "im Programm" not in told
    assert files_below(office.home.root) == before


def test_a_full_disk_is_a_sentence(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "7402")

    monkeypatch.setattr(uploads, "add_file", fail)
    app = open_desk_page("inbox")
    app.file_uploader[0].upload(f"ba_{LATER}.csv", b"KEY;SGB2\n", "text/csv")
    told = said(press(app, "In den Eingang legen"))
    assert "kein Speicherplatz mehr" in told
    assert "7402" not in told


@pytest.mark.parametrize(
    ("what", "choice", "button"),
    [
        ("reject", lambda: f"ba/{DAY}.1", "Lieferung zurückweisen"),
        ("withdraw", lambda: "Stichtag 31.12.2023 (Nummer 1)", "Stichtag zurückziehen"),
    ],
)
def test_what_is_wrong_is_taken_back(
    office: Desk, what: str, choice: Callable[[], str], button: str
) -> None:
    app = open_desk_page("inbox")
    app.selectbox(key=f"{what}-name").select(choice())
    app = press(app, button)
    assert "Begründung fehlt" in said(app)
    app.text_area(key=f"{what}-reason").input("Falscher Monat")
    app = press(app, button)
    assert f"Zurückgezogen: {DAY}.1." in said(app)
    (ref,) = list_releases(office.releases_dir)
    mark: Any = read_withdrawal(ref.path)
    assert "Falscher Monat" in mark.reason


def test_the_log_is_searched_and_shows_no_count_of_it(office: Desk) -> None:
    office.log("linked", f"alw {DAY}", {"not_matched": "7402"})
    app = open_desk_page("log")
    assert "jeder hält den vorigen" in said(app)
    assert "7402" not in html_of(app)
    app.text_input(key="log-search").input("veröffentlicht 2023").run()
    assert html_of(app).count("<tr data-row") == 1
    app.text_input(key="log-search").input("7402").run()
    assert html_of(app).count("<tr data-row") == 0
    head = app.code[0].value
    app.text_input(key="log-head").input(head).run()
    assert "nur länger geworden" in said(app)
    app.text_input(key="log-head").input("0" * 64).run()
    assert "kommt im Protokoll nicht vor" in said(app)
    office.log_path.write_bytes(office.log_path.read_bytes().split(b"\n")[0] + b"\n")
    assert "am Ende fehlen Einträge" in said(app.run())
