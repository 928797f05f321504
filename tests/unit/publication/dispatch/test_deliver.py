"""Subscribers over a year of weekly numbers: each edition once, whatever breaks off between."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from atlas.config import Reports, Subscriptions
from atlas.errors import AtlasError, DamageError
from atlas.publication.dispatch import Counter, deliver_all
from atlas.publication.dispatch import deliver as room
from atlas.publication.report.press import Press
from atlas.terms import Group
from tests.factories import town_config
from tests.post_office import file_server, post_office
from tests.series_town import write_series

FIRST, YEAR = date(2024, 1, 7), 52
REPORTS = Reports.model_validate(
    {
        "format": 1,
        "weekly": {
            "title": "Bevölkerung aktuell",
            "source": "alw",
            "sections": [{"title": "Stadt", "series": ["migrants"]}],
        },
    }
)
ONE = {"id": "rat", "reports": ["weekly"]}
LINK = "https://intranet.example.de/berichte/{file}"


def _subscriptions(*some: dict[str, object], port: int = 1) -> Subscriptions:
    mail = {"host": "127.0.0.1", "port": port, "sender": "statistik@stadt.example.de"}
    return Subscriptions.model_validate(
        {"format": 1, "mail": mail, "subscriptions": [{**ONE, **one} for one in some]}
    )


def _mailed(port: int, **more: object) -> Subscriptions:
    to = {"to": ["a@stadt.example.de", "b@stadt.example.de"], "link": LINK}
    return _subscriptions({**to, **more}, port=port)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    path = tmp_path / "releases"
    _week(path, 0)
    return path


@pytest.fixture
def counter(shelf: Path, tmp_path: Path) -> Counter:
    press = Press(shelf / "musterstadt", REPORTS, lambda report: {})
    return Counter(town_config(), press, None, tmp_path / "versand.json")


def _week(shelf: Path, n: int, number: int = 1) -> None:
    day = FIRST + timedelta(days=7 * n)
    write_series(shelf, day, ("alw",), {("migrants", Group.ALL): 7300.0 + n}, number)


def _deliver(counter: Counter, to: Subscriptions) -> list[str | AtlasError]:
    return list(deliver_all(replace(counter, mail=to.mail), to))


def _done(counter: Counter) -> list[str]:
    entries = json.loads(counter.ledger_path.read_text())["entries"]
    return [one["release"] for one in entries if one["stage"] == "done"]


def test_a_year_of_weekly_numbers_goes_to_folder_and_mail_once_each(counter, shelf, tmp_path):
    folder = tmp_path / "abo"
    folder.mkdir()
    with post_office() as office:
        every = _subscriptions(
            {"folder": str(folder)},
            {"id": "presse", "to": ["a@stadt.example.de"], "link": LINK},
            port=office.port,
        )
        for n in range(YEAR):
            _week(shelf, n) if n else None
            told = _deliver(counter, every)
            assert [str(one).partition(":")[0] for one in told] == ["Abo rat", "Abo presse"]
            assert _deliver(counter, every) == []
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == YEAR
    assert [str(one["Subject"]) for one in office.letters] == [
        f"Bevölkerung aktuell Nr. {n}/2024, Stand {FIRST + timedelta(7 * n - 7):%d.%m.%Y}"
        for n in range(1, YEAR + 1)
    ]
    links = [re.findall(r"https://\S+", one.get_content()) for one in office.letters]
    assert [one.rpartition("/")[2] for (one,) in links] == names
    assert len({one["Message-ID"] for one in office.letters}) == YEAR


def test_a_mail_holds_a_link_and_never_a_figure(counter):
    with post_office() as office:
        _deliver(counter, _mailed(office.port))
    (letter,) = office.letters
    assert letter["To"] == "a@stadt.example.de, b@stadt.example.de"
    assert not letter.is_multipart()
    assert "7300" not in letter.as_string().replace(".", "")
    assert letter.get_content().splitlines() == [
        "Bevölkerung aktuell Nr. 1/2024, Stand 07.01.2024 ist erschienen:",
        "",
        LINK.replace("{file}", "musterstadt_bevoelkerung-aktuell_2024-01-07.1.pdf"),
    ]


def test_who_comes_later_gets_the_newest_alone_and_a_correction_too(counter, shelf, tmp_path):
    _week(shelf, 1)
    to = _subscriptions({"folder": str(tmp_path)})
    _deliver(counter, to)
    _week(shelf, 1, number=2)
    _week(shelf, 0, number=2)
    _deliver(counter, to)
    assert _done(counter) == ["2024-01-14.1", "2024-01-14.2"]


def test_a_mail_that_broke_off_unwritten_is_visibly_repeated(counter, monkeypatch):
    """The machine goes down after sending, before it is written down."""

    class Down(BaseException):
        pass

    class Half(room.Ledger):
        def write(self, key, stage):
            if stage is room.Stage.DONE:
                raise Down
            super().write(key, stage)

    with post_office() as office:
        with monkeypatch.context() as broken:
            broken.setattr(room, "Ledger", Half)
            with pytest.raises(Down):
                _deliver(counter, _mailed(office.port))
        assert len(_deliver(counter, _mailed(office.port))) == 1
        assert _deliver(counter, _mailed(office.port)) == []
    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert not first["Subject"].startswith("Wiederholung")
    assert second["Subject"].startswith("Wiederholung: ")
    assert "zum zweiten Mal" in second.get_content()


def test_a_house_without_post_says_so_and_sends_later_without_a_mark(counter, tmp_path):
    with post_office() as office:
        port = office.port
    (error,) = _deliver(counter, _mailed(port))
    assert isinstance(error, AtlasError)
    assert str(error).startswith("Versand: der Postausgang 127.0.0.1")
    with post_office() as office:
        _deliver(counter, _mailed(office.port))
    assert not office.letters[0]["Subject"].startswith("Wiederholung")


def test_what_one_subscriber_cannot_get_the_others_get(counter, tmp_path):
    to = _subscriptions(
        {"id": "weg", "folder": str(tmp_path / "gibt es nicht")}, {"folder": str(tmp_path)}
    )
    error, told = _deliver(counter, to)
    assert isinstance(error, AtlasError)
    assert "kein Ordner" in str(error)
    assert str(told).startswith("Abo rat: ")


def test_a_letter_refused_is_one_sentence(counter):
    with post_office() as office:
        office.refuses = True
        (error,) = _deliver(counter, _mailed(office.port))
    assert "hat abgelehnt" in str(error)
    assert office.letters == []


def test_webdav_takes_a_file_under_its_name(counter, monkeypatch):
    monkeypatch.setenv("ATLAS_WEBDAV_PASSWORD", "geheim")
    with file_server() as there:
        there.login = "Basic YXRsYXM6Z2VoZWlt"
        to = _subscriptions({"webdav": there.url, "webdav_user": "atlas"})
        _deliver(counter, to)
        _deliver(counter, to)
        assert there.puts == ["/ablage/musterstadt_bevoelkerung-aktuell_2024-01-07.1.pdf"]
        assert next(iter(there.files.values())).startswith(b"%PDF")
        there.login = "anders"
        counter.ledger_path.unlink()
        (error,) = _deliver(counter, to)
    assert "Antwort 401" in str(error)
    assert "geheim" not in str(error)


def test_edition_and_tables_go_out_of_final_dates(counter, releases_dir, tmp_path):
    press = replace(counter.press, releases_dir=releases_dir / "musterstadt")
    folder = tmp_path / "abo"
    folder.mkdir()
    to = _subscriptions(
        {"reports": ["edition"], "tables": ["csv", "xlsx"], "folder": str(folder)}
    )
    _deliver(replace(counter, press=press), to)
    assert sorted(path.name for path in folder.iterdir()) == [
        "musterstadt_ausgabe_2023-12-31.1.pdf",
        "musterstadt_quartiere_2023-12-31.1.csv",
        "musterstadt_quartiere_2023-12-31.1.xlsx",
    ]


def test_a_public_subscriber_gets_what_the_public_sees(counter, releases_dir, tmp_path):
    """A city that shows the public its whole alone: no table of Quartiere leaves for them."""
    config = town_config()
    narrow = config.city.model_copy(update={"public_kinds": ("city",)})
    press = replace(counter.press, releases_dir=releases_dir / "musterstadt")
    there = replace(counter, press=press, config=config.model_copy(update={"city": narrow}))
    (error,) = _deliver(there, _subscriptions({"folder": str(tmp_path)}))
    assert "sieht in dieser Stadt nichts" in str(error)


def test_a_damaged_book_sends_nothing(counter, tmp_path):
    counter.ledger_path.write_text("{")
    with pytest.raises(DamageError, match="Versandbuch"):
        _deliver(counter, _subscriptions({"folder": str(tmp_path)}))


def test_a_release_taken_back_is_not_sent(counter, shelf, tmp_path):
    _week(shelf, 1)
    shutil.rmtree(shelf / "musterstadt" / "2024-01-14.1")
    _deliver(counter, _subscriptions({"folder": str(tmp_path)}))
    assert _done(counter) == ["2024-01-07.1"]
