"""A day at the desk: run, approve, refuse, answer planners, look at sources and rules."""

import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.log import Account, acting_as
from atlas.confidential.run import run
from atlas.desk import work
from atlas.errors import AtlasError
from atlas.exchange.proposals import Proposal, propose
from atlas.exchange.requests import request_run
from atlas.release import list_releases
from atlas.signin.person import HEADER, Visitor
from atlas.terms import Role
from tests.factories import DAY, SGB2
from tests.pages.desk_office import log_of, open_desk_page, press, said, waiting_office
from tests.pages.opened import html_of
from tests.town_office import EARLIER, ba_csv, ewo_csv, put, put_small, toml_text

NAME = f"{DAY}.1"
_MOST_S = 120
# On no page: persons of the register, and what the BA counts in Quartier 11 (also as a part).
SECRET = ("P1101-0", "P1302-1", "7402")

Become = Callable[[str], None]


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> Become:
    return lambda name: monkeypatch.setenv("ATLAS_USER", name)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, become: Become) -> Desk:
    office = waiting_office(tmp_path)
    monkeypatch.setenv("ATLAS_HOME", str(office.home.root))
    monkeypatch.setenv("ATLAS_CITY", str(office.city_dir))
    become("Anna")
    return office


def wait_for_run(office: Desk) -> None:
    end = time.monotonic() + _MOST_S
    while work.is_working(office):
        assert time.monotonic() < end
        time.sleep(0.2)


def names_of(office: Desk) -> list[str]:
    return [ref.name for ref in list_releases(office.releases_dir)]


def test_a_run_is_started_once_and_followed(office: Desk) -> None:
    put_small(office)

    def start(_: int) -> bool:
        try:
            work.start_run(office, Account("Anna", "sub-anna"))
        except AtlasError:  # one works already
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(start, range(20))) == 1
    app = open_desk_page("run")
    (button,) = app.button
    assert button.disabled
    wait_for_run(office)
    app = open_desk_page("run")
    assert f"Wartet auf Freigabe: {NAME}" in said(app)
    assert f"{DAY} zählen" in html_of(app)
    assert [one for one in log_of(office) if one[1] == "built"] == [("Anna", "built", NAME)]
    assert not app.button[0].disabled


def test_what_a_run_cannot_take_is_said_by_name(office: Desk) -> None:
    put_small(office, EARLIER)
    put(office, f"ewo_{DAY}.csv", ewo_csv().replace(";1101;", ";7402;", 3))
    put(office, "unsinn.txt", "7402")
    press(open_desk_page("run"), "Lauf starten")
    wait_for_run(office)
    app = open_desk_page("run")
    (told,) = app.warning[:1]
    assert "fertig, aber etwas blieb liegen" in told.value
    assert f"Wartet auf Freigabe: {EARLIER}.1; abgelehnt: 1 Lieferung" in said(app)
    assert said(app).count("Schlüssel fehlt im Gebietsstand") == 1
    assert "gescheitert" not in said(app)
    assert "unsinn.txt passt zu keinem Layout" in said(app)
    assert "7402" not in said(app) + html_of(app)


def test_four_eyes_then_published(office: Desk, become: Become) -> None:
    for day in (EARLIER, DAY):
        put_small(office, day)
    run(office, "")
    app = open_desk_page("approval")
    assert "Anna, das Konto" in said(app) or "als „Anna“" in said(app)
    app.selectbox(key="draft-name").select(f"{EARLIER}.1").run()
    assert "gebaut von derselben Person" in said(press(app, "Freigeben"))
    become("Berta")
    app = press(open_desk_page("approval"), "Freigeben")
    assert "Er kann veröffentlicht werden." in said(app)
    app = press(app, "Veröffentlichen")
    assert f"Veröffentlicht: {EARLIER}.1." in said(app)
    assert names_of(office) == [f"{EARLIER}.1"]
    assert ("Berta", "approved", f"{EARLIER}.1") in log_of(office)


def test_a_draft_that_changed_since_it_was_shown_is_not_approved(
    office: Desk, become: Become
) -> None:
    put_small(office)
    run(office, "")
    become("Berta")
    app = open_desk_page("approval")
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (60, 20)}))
    with acting_as(Account("Anna")):
        run(office, "Jobcenter")
    told = said(press(app, "Freigeben"))
    assert "inzwischen ein anderer als der gezeigte" in told
    assert "kann veröffentlicht werden" in said(press(app, "Freigeben"))


def test_a_draft_is_refused_and_that_is_lifted(office: Desk, become: Become) -> None:
    put_small(office)
    run(office, "")
    become("Berta")
    app = press(open_desk_page("approval"), "Ablehnen")
    assert "Begründung fehlt" in said(app)
    app.text_area(key="draft-reason").input("Zahl der Haushalte fehlt")
    app = press(app, "Ablehnen")
    assert "Abgelehnt: Zahl der Haushalte fehlt" in said(app)
    app = press(app, "Freigeben")
    assert "von Berta abgelehnt" in said(app)
    app.text_area(key="draft-reason").input("geklärt")
    app = press(app, "Ablehnung zurücknehmen")
    assert "alle geben neu frei" in said(app)
    assert "kann veröffentlicht werden" in said(press(app, "Freigeben"))


def test_what_planners_hand_in_and_ask_for_is_answered(office: Desk) -> None:
    name = f"ba_{DAY}.csv"
    note = Proposal(
        city="musterstadt",
        name=name,
        uploader="Kim",
        is_verified=False,
        handed_in=datetime.now(UTC),
    )
    put_small(office)
    (office.home.inbox / name).unlink()
    run(office, "")
    propose(office.home.requests, note, BytesIO(ba_csv().encode()))
    request_run(office.home.requests)
    app = open_desk_page("requests")
    assert "Neuberechnung verlangt seit" in said(app)
    assert "Kim (nicht geprüft)" in html_of(app)
    app.text_area(key="proposal-reason").input("Falscher Monat")
    app = press(app, "Ablehnen")
    assert f"Abgelehnt: {name}" in said(app)
    assert "Falscher Monat" in said(open_desk_page("requests"))
    propose(office.home.requests, note, BytesIO(ba_csv().encode()))
    assert f"Angenommen: {name}" in said(press(open_desk_page("requests"), "Annehmen"))
    assert ("Anna", "taken", f"ba {name}") in log_of(office)


def test_sources_and_rules_are_told_in_numbers_of_cells(office: Desk, become: Become) -> None:
    put_small(office)
    run(office, "")
    become("Berta")
    press(press(open_desk_page("approval"), "Freigeben"), "Veröffentlichen")
    told = html_of(open_desk_page("sources"))
    assert "Bundesagentur für Arbeit" in told
    assert "eingegangen" in told
    app = open_desk_page("protection")
    assert "Anzahlen geheim" in html_of(app)
    app = press(app, "Regeln vergleichen")
    told = html_of(app)
    assert "gezeigt: einzelne Zelle" in told
    assert "geheim: ganze Tabelle" in told


def test_a_city_comes_of_uploads(office: Desk) -> None:
    app = press(open_desk_page("founding"), "Anlegen und prüfen")
    assert "Name oder Grenzen fehlen" in said(app)
    borders = office.city_dir / "geodata" / "quartiere.gpkg"
    app.file_uploader(key="borders").upload(borders.name, borders.read_bytes(), "x")
    app.file_uploader(key="samples").upload(f"ba_{DAY}.csv", ba_csv().encode(), "text/csv")
    app.text_input(key="city-name").input("Nachbarstadt")
    app.text_input(key="city-key").input("99999001")
    app = press(app, "Anlegen und prüfen")
    assert "Stadt angelegt in" in said(app)
    founded = office.home.root / "config" / "nachbarstadt"
    assert (founded / "city.toml").is_file()
    assert "konnte" in html_of(app) or "Was niemand" in " ".join(s.value for s in app.subheader)


def test_a_source_comes_of_a_sample(office: Desk) -> None:
    rows = [f"{key};{number}" for key, (number, _) in SGB2.items()]
    sample = "\n".join(["QUARTIER;SGB2", *rows]).encode() + b"\n"
    path = office.city_dir / "deliveries.toml"
    path.write_text("\n".join(_layouts(office)), encoding="utf-8")
    app = open_desk_page("founding")
    assert "Probe fehlt" in said(press(app, "Layout ergänzen"))
    app.file_uploader(key="source-sample").upload(f"ba_{DAY}.csv", sample, "text/csv")
    assert "liest schon Dateien dieses Namens" in said(press(app, "Layout ergänzen"))
    app.file_uploader(key="source-sample").upload(f"jobcenter_{DAY}.csv", sample, "text/csv")
    told = said(press(app, "Layout ergänzen"))
    assert "Ergänzt: deliveries.toml" in told or "Ergänzt: indicators.toml" in told
    assert "jobcenter" in path.read_text(encoding="utf-8")
    assert log_of(office)[-1][1] == "layout_added"


def _layouts(office: Desk) -> Iterator[str]:
    """Write the layouts as a city does, one table each."""
    yield "format = 1"
    path = office.city_dir / "deliveries.toml"
    for layout in tomllib.loads(path.read_text(encoding="utf-8"))["layouts"]:
        yield "[[layouts]]"
        yield from (f"{key} = {toml_text(value)}" for key, value in layout.items())
    yield ""


def test_no_page_shows_what_a_delivery_holds(office: Desk, become: Become) -> None:
    """Numbers that nobody could mistake, delivered, held, refused and built."""
    put_small(office)
    run(office, "")
    put(office, f"ewo_{date(2024, 12, 31)}.csv", ewo_csv().replace(";40;", ";7402;", 1))
    put(office, f"ba_{DAY}.csv", ba_csv({"11": (7402, 7402), "12": (30, 10)}))
    run(office, "")
    app = open_desk_page("inbox")
    for name in sorted(path.name for path in office.home.inbox.iterdir() if path.is_file()):
        app = press(app.selectbox(key="inbox-file").select(name).run(), "Prüfen")
        told = said(app) + html_of(app)
        assert "Fehler" in told or "Warnung" in told
        assert not [one for one in SECRET if one in told]
    for page in ("run", "approval", "requests", "sources", "protection", "log", "founding"):
        app = open_desk_page(page)
        told = said(app) + html_of(app)
        assert not [one for one in SECRET if one in told], page


@pytest.mark.parametrize(
    ("role", "looks", "decides"),
    [(Role.OFFICE, True, True), (Role.AUDITOR, True, False), (Role.PLANNING, False, False)],
)
def test_auditors_look_and_planners_do_not(
    office: Desk, monkeypatch: pytest.MonkeyPatch, role: Role, looks: bool, decides: bool
) -> None:
    from atlas.desk import persons

    visitor = Visitor("Rita", "sub-rita", {"musterstadt": frozenset({role})})

    class Request:
        headers = {HEADER: visitor.packed().decode()}

    monkeypatch.setenv(persons.ACCESS_VARIABLE, "access.toml")
    monkeypatch.setattr(persons.st, "context", Request)
    found = persons.present("musterstadt")
    assert (found.may_look, found.may_decide) == (looks, decides)
    assert found.account == Account("Rita", "sub-rita")
    assert persons.present("andere").may_look is False
    put(office, f"ba_{DAY}.csv", ba_csv())
    app = open_desk_page("inbox")
    app.text_area(key="inbox-reason").input("weg damit")
    told = said(press(app, "Ablehnen"))
    assert ("sie entscheidet nicht" in told) is not decides
    assert (office.home.inbox / f"ba_{DAY}.csv").exists() is not decides
