"""After a withdrawal: who opens the dashboard reads what is gone, when and why."""

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from atlas.confidential.datastate import refresh_datastate
from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.reject import reject_delivery
from atlas.confidential.run import run
from atlas.confidential.withdraw import withdraw
from tests.factories import DAY, SGB2
from tests.town_office import ba_csv, make_office, put, put_all, reopen

GONE = re.compile(
    r"Der Stand 31\.12\.2023 \(Nummer 2\) ist am \d\d\.\d\d\.\d{4} zurückgezogen worden: "
    r"Falsche Spalte\. Zu sehen ist wieder Nummer 1\."
)


def _app() -> None:
    from atlas.publication.dashboard.main import main

    main()


def _page(name: str) -> None:
    from importlib import import_module

    from atlas.publication.dashboard import address
    from atlas.publication.dashboard.frame import find_context

    address.read_address()
    import_module(f"atlas.publication.dashboard.pages.{name}").page(find_context())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One date, published twice; not to be changed."""
    root = tmp_path_factory.mktemp("twice")
    office = make_office(root)
    put_all(office)
    run(office, "")
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    run(office, "")
    return root


@pytest.fixture
def office(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    office = reopen(Path(shutil.copytree(root, tmp_path / "office")))
    monkeypatch.setenv("ATLAS_HOME", str(office.home.root))
    return office


def _open() -> AppTest:
    return AppTest.from_function(_app, default_timeout=60).run()


def _warnings(app: AppTest) -> list[str]:
    assert not app.exception
    return [one.value.replace("\\", "") for one in app.warning]


def _html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_every_page_says_what_is_gone_and_shows_what_was_before(office: Desk) -> None:
    assert _warnings(_open()) == []
    withdraw(office, f"{DAY}.2", "Falsche Spalte")
    app = _open()
    (told,) = _warnings(app)
    assert GONE.fullmatch(told)
    assert f"Veröffentlichung {DAY}.1" in _html(app)
    assert f"Veröffentlichung {DAY}.2" not in _html(app)


def test_it_is_silent_again_after_the_new_number(office: Desk) -> None:
    reject_delivery(office, f"ba/{DAY}.2", "Falsche Spalte")
    run(office, "")
    app = _open()
    assert _warnings(app) == []
    assert f"Veröffentlichung {DAY}.3" in _html(app)


def test_without_any_number_left_there_is_a_sentence_and_no_figure(office: Desk) -> None:
    for number in (2, 1):
        withdraw(office, f"{DAY}.{number}", "Falsche Spalte")
    app = _open()
    (told,) = _warnings(app)
    assert told.endswith("Zu diesem Stichtag gibt es zurzeit keine Zahlen.")
    assert not app.info
    assert "<table>" not in _html(app)


def test_the_list_of_releases_names_day_and_reason(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", "Falsche Spalte")
    refresh_datastate(office, look(office))
    app = AppTest.from_function(_page, kwargs={"name": "data_state"}, default_timeout=30).run()
    assert not app.exception
    assert re.search(r"am \d\d\.\d\d\.\d{4}: Falsche Spalte\.", _html(app))


def test_a_withdrawn_release_cannot_be_compared(office: Desk) -> None:
    withdraw(office, f"{DAY}.2", "Falsche Spalte")
    app = AppTest.from_function(_page, kwargs={"name": "development"}, default_timeout=30)
    app.query_params["nachher"] = f"{DAY}.2"
    app.run()
    assert not app.exception
    assert "Es gibt erst eine Veröffentlichung" in _html(app)
