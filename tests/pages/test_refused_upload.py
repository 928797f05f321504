"""From the upload on page Datenstand to the sentence that says why nothing came of it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from atlas.exchange.proposals import read_note
from tests.town_office import make_office, put_registers


def _script() -> None:
    from atlas.publication.dashboard import address
    from atlas.publication.dashboard.frame import find_context
    from atlas.publication.dashboard.pages import data_state

    address.read_address()
    data_state.page(find_context())


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    office = make_office(tmp_path)
    put_registers(office)
    run(office, "")
    monkeypatch.setenv("ATLAS_HOME", str(office.home.root))
    return office


def test_unknown_file_is_explained_and_leaves_requests(office: Desk) -> None:
    app = AppTest.from_function(_script, default_timeout=30).run()
    app.file_uploader[0].upload("zahlen_neu.csv", b"key;n\n", "text/csv")
    app.text_input[0].input("Kim")
    next(button for button in app.button if button.label == "Abgeben").click().run()
    folder = office.home.proposals(office.config.city.id)
    assert read_note(folder / "zahlen_neu.csv").uploader == "Kim"
    run(office, "")
    assert list(folder.iterdir()) == []
    app.run()
    assert not app.exception
    told = app.warning[0].value.replace("\\", "")
    assert told.startswith("Abgegeben am ")
    assert "Lieferung zahlen_neu.csv: nicht erkannt" in told
    assert "Erwartet: ba_JJJJ-MM-TT.csv (SGB II). Datei umbenennen und noch einmal" in told
    assert "zahlen_neu.csv: nicht erkannt" in app.error[0].value.replace("\\", "")
    later = AppTest.from_function(_script, default_timeout=30).run()
    assert later.warning[0].value == app.warning[0].value


def test_without_such_a_file_there_is_no_warning(office: Desk) -> None:
    app = AppTest.from_function(_script, default_timeout=30).run()
    assert not app.warning
