"""Which other servers the browser of a reader may ask: those of the file, checked again."""

import json
from pathlib import Path

import pytest

from atlas.config import City
from atlas.exchange.display import (
    frame_origins,
    read_base_map,
    read_classes,
    read_open_data,
    tile_origins,
    write_display,
)
from tests.factories import town_config

URL = "https://kacheln.example.de:8443/{z}/{x}/{y}.png"


def _write(home: Path, city: str, url: str = URL, **more: object) -> Path:
    city_dir = home / "releases" / city
    city_dir.mkdir(parents=True, exist_ok=True)
    base_map = {"url": url, "credit": "© Amt", "max_zoom": 17}
    content = {"format": 1, "base_map": base_map, **more}
    (city_dir / "anzeige.json").write_text(json.dumps(content), encoding="utf-8")
    return city_dir


def test_base_map_is_read_as_the_office_wrote_it(tmp_path: Path) -> None:
    base_map = read_base_map(_write(tmp_path, "adorf"))
    assert base_map is not None
    assert (base_map.url, base_map.credit, base_map.max_zoom) == (URL, "© Amt", 17)


@pytest.mark.parametrize(
    "url", ["https://a.example; script-src */{z}/{x}/{y}", "http://a.example/{z}/{x}/{y}", ""]
)
def test_address_that_was_not_checked_counts_as_none(tmp_path: Path, url: str) -> None:
    assert read_base_map(_write(tmp_path, "adorf", url)) is None
    assert tile_origins(tmp_path) == ()


def test_damaged_file_or_none_counts_as_none(tmp_path: Path) -> None:
    assert read_base_map(tmp_path) is None
    assert read_base_map(_write(tmp_path, "adorf", format=2)) is None
    assert read_base_map(_write(tmp_path, "adorf", colour=1)) is None
    (tmp_path / "anzeige.json").write_text("{", encoding="utf-8")
    assert read_base_map(tmp_path) is None


def test_classes_of_a_city_are_read_without_a_base_map(tmp_path: Path) -> None:
    city = town_config().city.model_copy(update={"classes": {"sgb2_share": (5.0, 10.0)}})
    write_display(tmp_path, city)
    assert read_classes(tmp_path) == {"sgb2_share": (5.0, 10.0)}
    assert read_base_map(tmp_path) is None
    write_display(tmp_path, city.model_copy(update={"classes": {}}))
    assert not (tmp_path / "anzeige.json").exists()
    assert read_classes(tmp_path) == {}


@pytest.mark.parametrize("breaks", [[], [10, 5], [5, 5], [1, 2, 3, 4, 5]])
def test_classes_that_part_nothing_count_as_none(tmp_path: Path, breaks: list[int]) -> None:
    assert read_classes(_write(tmp_path, "adorf", classes={"sgb2_share": breaks})) == {}


def test_every_city_shown_has_its_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATLAS_CITY", raising=False)
    _write(tmp_path, "bdorf", "http://karten/{z}/{x}/{y}.png")
    for city in ("adorf", "cdorf"):
        _write(tmp_path, city)
    assert tile_origins(tmp_path) == ("http://karten", "https://kacheln.example.de:8443")
    monkeypatch.setenv("ATLAS_CITY", "bdorf")
    assert tile_origins(tmp_path) == ("http://karten",)
    monkeypatch.setenv("ATLAS_CITY", "ddorf")
    assert tile_origins(tmp_path) == ()


def test_what_portals_and_sites_may_know_is_read_as_the_office_wrote_it(
    tmp_path: Path,
) -> None:
    told = {
        "url": "https://daten.example.de",
        "publisher": "Stadt",
        "contact": "Amt",
        "email": "amt@example.de",
    }
    plain = town_config().city
    city = City.model_validate(
        {**plain.model_dump(), "open_data": told, "frame_ancestors": ["https://www.example.de"]}
    )
    city_dir = tmp_path / "releases" / "adorf"
    city_dir.mkdir(parents=True)
    write_display(city_dir, city)
    assert read_open_data(city_dir) == city.open_data
    assert frame_origins(tmp_path) == ("https://www.example.de",)
    write_display(city_dir, plain)
    assert read_open_data(city_dir) is None
    assert frame_origins(tmp_path) == ()


@pytest.mark.parametrize(
    "origin",
    [
        *("https://a.example; script-src *", "https://*.example", "https://a.example/seite"),
        *("http://a.example", "a.example", "*", "https://a.example 'unsafe-inline'"),
    ],
)
def test_a_frame_of_a_site_that_was_not_checked_counts_as_none(
    tmp_path: Path, origin: str
) -> None:
    _write(tmp_path, "adorf", frame_ancestors=[origin])
    assert frame_origins(tmp_path) == ()
