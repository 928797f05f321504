"""``[base_map]``: which servers a city may let the browsers of its readers ask."""

import pytest
from pydantic import ValidationError

from atlas.config import BaseMap, City, CityConfig
from atlas.config._messages import model_sentence
from tests.factories import town_tables

TILES = "/grau/{z}/{x}/{y}.png"
GOOD = {"url": f"https://kacheln.example.de{TILES}", "credit": "© Beispielamt 2025"}


def _sentence(**changed: object) -> str:
    with pytest.raises(ValidationError) as refused:
        City.model_validate({**town_tables()["city"], "base_map": {**GOOD, **changed}})
    return model_sentence(refused.value)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (f"https://Kacheln.example.de{TILES}", "https://kacheln.example.de"),
        (
            "https://kacheln.example.de:8443/{z}/{y}/{x}@2x.png",
            "https://kacheln.example.de:8443",
        ),
        (f"http://karten{TILES}", "http://karten"),
        (f"http://karten.stadt.intern:8080{TILES}", "http://karten.stadt.intern:8080"),
        (f"http://10.1.2.3{TILES}", "http://10.1.2.3"),
        (f"http://127.0.0.1:65535{TILES}", "http://127.0.0.1:65535"),
    ],
)
def test_one_origin_is_named(url: str, origin: str) -> None:
    base_map = BaseMap.model_validate({**GOOD, "url": url})
    assert base_map.origin == origin
    assert base_map.host in origin


@pytest.mark.parametrize(
    "url",
    [
        "kacheln.example.de/{z}/{x}/{y}.png",
        f"ftp://kacheln.example.de{TILES}",
        f"//kacheln.example.de{TILES}",
        f"https://{TILES}",
        f"https://*.example.de{TILES}",
        f"https://{{s}}.example.de{TILES}",
        f"https://nutzer:kennwort@kacheln.example.de{TILES}",
        f"https://kacheln.example.de:65536{TILES}",
        f"https://kacheln.example.de{TILES}?schluessel=1",
        f"https://kacheln.example.de{TILES}#1",
        f"https://kacheln.example.de; script-src *{TILES}",
        f"https://kacheln.example.de{TILES}\n",
        f'https://kacheln.example.de{TILES}"><script>',
        f"https://kächeln.example.de{TILES}",
    ],
)
def test_anything_but_a_plain_address_is_refused(url: str) -> None:
    sentence = _sentence(url=url)
    assert sentence.startswith("Schlüssel „base_map.url“: Adresse wie https://rechner/")
    assert "kennwort" not in sentence


@pytest.mark.parametrize(
    "path",
    [
        "/{z}/{x}.png",
        "/{z}/{x}/{y}/{y}.png",
        "/{z}/{x}/{-y}.png",
        "/{z}/{x}/{y}/{s}.png",
        "/{z}/{x}/{y}{.png",
        "/karte.png",
    ],
)
def test_each_place_stands_once(path: str) -> None:
    assert "genau die Platzhalter {z}, {x} und {y}" in _sentence(url=f"https://a.example{path}")


@pytest.mark.parametrize("host", ["kacheln.example.de", "8.8.8.8", "intern.example.de"])
def test_outside_the_house_it_is_https(host: str) -> None:
    assert "https erwartet" in _sentence(url=f"http://{host}{TILES}")


@pytest.mark.parametrize("credit", ["", "   ", "zwei\nZeilen"])
def test_who_made_the_map_is_named(credit: str) -> None:
    assert "„base_map.credit“: Quellenvermerk in einer Zeile" in _sentence(credit=credit)


def test_unknown_and_missing_keys_are_named() -> None:
    assert "„base_map.layer“: unbekannter Schlüssel" in _sentence(layer="grau")
    assert "„base_map.max_zoom“: Zahl bis höchstens 24" in _sentence(max_zoom=25)
    with pytest.raises(ValidationError) as refused:
        BaseMap.model_validate({"url": GOOD["url"]})
    assert "„credit“: fehlt" in model_sentence(refused.value)


def test_what_a_release_carries_is_the_same_with_and_without() -> None:
    tables = town_tables()
    plain = CityConfig.model_validate(tables)
    tables["city"] = {**tables["city"], "base_map": GOOD}
    mapped = CityConfig.model_validate(tables)
    assert mapped.city.base_map is not None
    assert mapped.model_dump_json() == plain.model_dump_json()
    assert mapped.published().model_dump_json() == plain.published().model_dump_json()
