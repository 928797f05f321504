"""From the upload on page Datenstand to the release that came of it, or to the reason why."""

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.confidential.datastate import tell_failure
from atlas.confidential.desk import Desk
from atlas.confidential.proposals import accept
from atlas.confidential.run import run
from atlas.exchange import proposals, requests
from atlas.exchange.proposals import read_note
from tests.factories import DAY
from tests.pages.opened import open_page
from tests.town_office import ba_csv, make_office, put_registers


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    office = make_office(tmp_path)
    put_registers(office)
    run(office, "")
    monkeypatch.setenv("ATLAS_HOME", str(office.home.root))
    return office


def test_unknown_file_is_explained_and_leaves_requests(office: Desk) -> None:
    app = open_page("data_state")
    app.file_uploader[0].upload("zahlen_neu.csv", b"key;n\n", "text/csv")
    app.text_input[0].input("Kim")
    next(button for button in app.button if button.label == "Abgeben").click().run()
    folder = office.home.proposals(office.config.city.id)
    assert read_note(folder / "zahlen_neu.csv").uploader == "Kim"
    run(office, "")
    assert list(folder.iterdir()) == []
    app.run()
    assert not app.exception
    run_told, told = (one.value.replace("\\", "") for one in app.warning)
    assert run_told.startswith("Die letzte Berechnung ist fertig, aber etwas blieb liegen")
    assert told.startswith("Abgegeben am ")
    assert "Lieferung zahlen_neu.csv: nicht erkannt" in told
    assert "Erwartet: ba_JJJJ-MM-TT.csv (SGB II). Datei umbenennen und noch einmal" in told
    assert "zahlen_neu.csv: nicht erkannt" in run_told
    later = open_page("data_state")
    assert later.warning[0].value == app.warning[0].value


def test_who_handed_in_is_led_to_the_release_whenever_they_look(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("data_state")
    name = f"ba_{DAY}.csv"
    app.file_uploader[0].upload(name, ba_csv().encode(), "text/csv")
    app.text_input[0].input("Kim")
    next(button for button in app.button if button.label == "Abgeben").click().run()
    assert run(office, "").is_nothing_new  # another one's wish, ended while the file waits
    assert "wartet auf die Statistikstelle" in app.run().info[0].value
    taken: list[Path] = []
    remove = proposals.remove_proposal

    def look_and_remove(path: Path) -> None:
        taken.append(path)
        remove(path)
        assert "wartet auf die Statistikstelle" in app.run().info[0].value

    monkeypatch.setattr(proposals, "remove_proposal", look_and_remove)
    monkeypatch.setenv("ATLAS_USER", "Alex")
    accept(office, name, "")
    assert len(taken) == 1
    assert "Neuer Stand" not in _buttons(app.run())
    (release,) = run(office, "").published
    assert f"endgültig (Nummer {release.info.number}) – laden" in _buttons(app.run())
    assert requests.waiting_request(office.home.requests) is None


def test_request_that_a_failing_office_leaves_lying_says_what_fails(office: Desk) -> None:
    requests.request_run(office.home.requests)
    lying = office.home.requests / requests.REQUEST_NAME
    os.utime(lying, (1_700_000_000, 1_700_000_000))
    tell_failure(office, "Konfiguration levels.toml: nicht lesbar.")
    app = open_page("data_state")
    assert "levels.toml: nicht lesbar" in app.error[0].value.replace("\\", "")
    assert not app.warning


def _buttons(app: AppTest) -> str:
    return " ".join(button.label for button in app.button).replace("\\", "")


def test_without_such_a_file_there_is_no_warning(office: Desk) -> None:
    app = open_page("data_state")
    assert not app.warning
