"""An office opens its directories and lets one run work at a time."""

import threading
from datetime import date
from pathlib import Path

import pytest

from atlas.confidential.desk import only_one, open_desk
from atlas.errors import ConfigError, GeographyError
from atlas.home import Home
from tests.factories import DAY
from tests.town_office import Watcher, layer_of, make_office, reopen


def test_directories_are_made(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    made = {
        path.relative_to(office.home.root).as_posix()
        for path in office.home.root.rglob("*")
        if path.is_dir()
    }
    assert {
        "inbox",
        "requests",
        "planning",
        "releases/musterstadt",
        "confidential/musterstadt",
    } <= made
    assert reopen(tmp_path).config == office.config


def test_areas_are_read_once(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    edition = office.config.areas.edition_of(DAY).id
    assert office.areas_of(edition) is office.areas_of(edition)
    steps = office.observer.steps  # type: ignore[attr-defined]
    assert steps == ["Gebietsstand 2020-01-01 prüfen"]


def test_generated_boundaries_come_before_those_of_the_city(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    generated = office.home.root / "geodata" / "musterstadt"
    generated.mkdir(parents=True)
    (generated / "quartiere.gpkg").write_text("<html>")
    with pytest.raises(GeographyError, match=r"quartiere\.gpkg"):
        office.areas_of(office.config.areas.edition_of(DAY).id)


def test_faults_of_boundaries_come_with_a_picture(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    (geodata_dir,) = [path for path in office.geodata_dirs if path.is_dir()]
    layer = layer_of("quartier")
    wider = [layer.geometry.iloc[0].buffer(5), *layer.geometry.iloc[1:]]
    layer.set_geometry(wider, crs=layer.crs).to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError) as error:
        office.areas_of(office.config.areas.edition_of(DAY).id)
    name = "confidential/musterstadt/findings/grenzen-2020-01-01.svg"
    assert str(error.value).endswith(f"Bild der Stellen: {name}.")
    assert ">1</text>" in (office.home.root / name).read_text(encoding="utf-8")


def test_broken_configuration(tmp_path: Path) -> None:
    make_office(tmp_path)
    path = tmp_path / "city" / "city.toml"
    path.write_text(path.read_text().replace("format = 1", "format = 2"))
    with pytest.raises(ConfigError, match=r"city\.toml, Schlüssel „format“"):
        reopen(tmp_path)


def test_a_second_run_says_so_and_waits(tmp_path: Path) -> None:
    first, second = make_office(tmp_path), reopen(tmp_path)
    order: list[str] = []
    told = threading.Event()

    class Ear:
        def say(self, message: str) -> None:
            order.append(message)
            told.set()

    object.__setattr__(second, "observer", Ear())

    def work() -> None:
        with only_one(second):
            order.append("second")

    with only_one(first):
        thread = threading.Thread(target=work)
        thread.start()
        assert told.wait(10)
        order.append("first")
    thread.join(10)
    assert order == [
        "Ein anderer Lauf arbeitet gerade; dieser wartet, bis er fertig ist.",
        "first",
        "second",
    ]


def test_the_lock_is_free_after_a_failure(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with pytest.raises(ConfigError), only_one(office):
        raise ConfigError
    with only_one(office):
        pass
    assert office.observer.sentences == []  # type: ignore[attr-defined]


def test_an_edition_that_is_gone_from_the_configuration_is_named(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with pytest.raises(ConfigError, match=r"areas.toml: Gebietsstand 1999-01-01 fehlt"):
        office.areas_of(date(1999, 1, 1))


@pytest.mark.parametrize("name", ["a!b", "a\tb", "a\nb"])
def test_a_path_that_boundaries_cannot_be_read_under_is_refused(
    tmp_path: Path, name: str
) -> None:
    make_office(tmp_path)
    with pytest.raises(ConfigError, match="Angabe --home ändern"):
        open_desk(tmp_path / "city", Home(tmp_path / name), Watcher())


@pytest.mark.parametrize("name", ["Größe (1) & mehr", "a#b", "a?b", "a%20b", "a.zip", "a'b"])
def test_any_other_path_will_do(tmp_path: Path, name: str) -> None:
    office = make_office(tmp_path / name)
    assert len(office.areas_of(office.config.areas.edition_of(DAY).id))


def test_a_directory_of_another_account_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = make_office(tmp_path).home.inbox

    def refuse(path: Path, mode: int) -> None:
        if path == inbox:
            raise PermissionError(1, "", str(path))

    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(ConfigError, match=r"inbox: .* gehört einem anderen Konto"):
        reopen(tmp_path)
