"""``[open_data]``: what portals need, said in the words that they know."""

import pytest
from pydantic import ValidationError

from atlas.config import City
from atlas.config._messages import model_sentence
from tests.factories import town_tables

GOOD = {
    "url": "https://daten.musterstadt.example/sozialatlas",
    "publisher": "Stadt Musterstadt",
    "contact": "Statistikstelle",
    "email": "statistik@musterstadt.example",
}


def _sentence(city: dict[str, object], **changed: object) -> str:
    told = {**GOOD, **changed}
    with pytest.raises(ValidationError) as refused:
        City.model_validate({**town_tables()["city"], "open_data": told, **city})
    return model_sentence(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("url", "daten.musterstadt.example", "https"),
        ("url", "http://daten.musterstadt.example", "https"),
        ("publisher", " ", "Text in einer Zeile"),
        ("email", "statistik", "statistik@stadt.de"),
        ("email", "a b@stadt.de", "statistik@stadt.de"),
        ("contributor_id", "Musterstadt", "http://dcat-ap.de/def/contributors/"),
    ],
)
def test_what_no_portal_understands_is_refused(name: str, value: str, said: str) -> None:
    sentence = _sentence({}, **{name: value})
    assert f"open_data.{name}" in sentence
    assert said in sentence


def test_a_licence_that_portals_do_not_know_is_refused() -> None:
    sentence = _sentence({"licence": "frei"})
    assert "licence" in sentence
    assert "CC-BY-4.0" in sentence


def test_it_leaves_with_no_release() -> None:
    city = City.model_validate({**town_tables()["city"], "open_data": GOOD})
    assert city.open_data is not None
    assert "open_data" not in city.model_dump(mode="json")
