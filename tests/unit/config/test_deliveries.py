from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from atlas.config import Deliveries, Layout
from atlas.terms import Group
from tests.factories import town_config

AREA = {"Gebiet": {"role": "area"}}
COUNT = {"Zahl": {"role": "count", "item": "residents"}}
PERSON = {"Schluessel": {"role": "person"}}


def counts(**changes: Any) -> dict[str, Any]:
    base = {
        "id": "a",
        "source": "a",
        "label": "A",
        "shape": "counts",
        "file": "a_{date}.csv",
        "kind": "quartier",
        "columns": AREA | COUNT,
    }
    return base | changes


def persons(**changes: Any) -> dict[str, Any]:
    measures = {"residents": "every_row"}
    return counts(shape="persons", columns=AREA | PERSON, measures=measures) | changes


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (counts(kind=None), "kind und eine Spalte role = area"),
        (counts(file="a_{datum}.csv"), "file: in Klammern nur {date}"),
        (counts(file="eingang/a_{date}.csv"), "file: ein Dateiname ohne Ordner"),
        (
            counts(first_date=date(2022, 1, 1), last_date=date(2021, 1, 1)),
            "first_date liegt nach last_date",
        ),
        (counts(columns=COUNT), "kind und eine Spalte role = area"),
        (counts(columns=AREA), "role = count oder value"),
        (counts(columns=AREA | {"Zahl": {"role": "count"}}), "columns.Zahl: item fehlt"),
        (
            counts(columns=AREA | {"Zahl": {"role": "count"}, "Text": {"role": "item"}}),
            "columns.Zahl: item fehlt",
        ),
        (
            counts(
                columns=AREA | {"Zahl": {"role": "count", "item": "b", "items": {"x": "b"}}}
            ),
            "entweder item oder items",
        ),
        (
            counts(
                columns=AREA
                | {"Z": {"role": "count"}, "T": {"role": "item", "items": {"x": "b@K"}}}
            ),
            "Kennzahl oder Kennzahl@u18",
        ),
        (
            counts(columns=AREA | COUNT | {"T": {"role": "item", "items": {"x": "b"}}}),
            "item nur ohne Spalte role = item",
        ),
        (counts(file=""), "entweder file oder table"),
        (counts(table="sicht"), "entweder file oder table"),
        (counts(file="{date}_{date}.csv"), "{date} nur einmal"),
        (counts(file_date="%B %Y"), "file_date"),
        (counts(file_date="heute"), "file_date"),
        (counts(decimal=".", thousands="."), "zwei verschiedene Zeichen"),
        (counts(withheld=["-"], zero=["-"]), "jedes Zeichen nur einmal"),
        (counts(absent="null"), "absent"),
        (persons(measures={}), "braucht [layouts.measures]"),
        (persons(columns=PERSON), "Ort: genau eines von"),
        (persons(place_from="b"), "Ort: genau eines von"),
        (persons(columns={"R": {"role": "x"}}), "Ort: genau eines von"),
        (persons(columns=AREA | {"A": {"role": "address"}}), "Ort: genau eines von"),
        (persons(columns={"A": {"role": "address"}}), "address und addresses gehören"),
        (persons(addresses="a.csv"), "address und addresses gehören"),
        (persons(kind=None), "kind fehlt"),
        (
            persons(columns={"Titel": {"role": "code"}}, place_from="b"),
            "place_from braucht eine Spalte role = person",
        ),
        (
            persons(columns=AREA | {"Ort": {"role": "area"}}),
            "role = area nur einmal",
        ),
        (
            persons(
                columns=AREA
                | {"A": {"role": "age"}, "G": {"role": "birth_date", "format": "%Y"}}
            ),
            "entweder role = birth_date oder role = age",
        ),
        (persons(columns=AREA | {"age": {"role": "code"}}), "age heißt schon eine Spalte"),
        (
            persons(measures={"migrants": [{"Staat": {"is_filled": True}}]}),
            "measures: Spalte Staat fehlt",
        ),
        (
            persons(
                columns=AREA | {"Staat": {"role": "code", "codes": ["000", "163"]}},
                measures={"migrants": [{"Staat": {"not_in": ["00"]}}]},
            ),
            "measures: 00 fehlt in columns.Staat.codes",
        ),
        (persons(columns=AREA | {"G": {"role": "birth_date"}}), "Datumsformat mit %Y"),
        (
            persons(columns=AREA | {"G": {"role": "birth_date", "format": "%d.%Y"}}),
            "%d nur mit %m oder %B",
        ),
        (
            persons(columns=AREA | {"G": {"role": "birth_date", "format": "%d.%m.%y"}}),
            "Datumsformat mit %Y",
        ),
    ],
)
def test_layout_that_contradicts_itself(layout: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Layout.model_validate(layout)
    assert message in str(caught.value)


def test_layouts_need_their_own_ids_and_known_places() -> None:
    with pytest.raises(ValidationError, match="jede id nur einmal"):
        Deliveries.model_validate({"format": 1, "layouts": [counts(), counts()]})
    linked = persons(columns=PERSON, place_from="b")
    with pytest.raises(ValidationError, match=r"layouts\.a\.place_from: Layout fehlt"):
        Deliveries.model_validate({"format": 1, "layouts": [linked]})


def items_of(layout: Layout) -> frozenset[tuple[str, Group]]:
    """What a layout gives in a town with the customary groups."""
    config = town_config()
    deliveries = config.deliveries.model_copy(update={"layouts": (layout,)})
    return config.model_copy(update={"deliveries": deliveries}).items_of(layout)


def test_items_of_wide_long_and_person_layouts() -> None:
    wide = Layout.model_validate(counts())
    assert items_of(wide) == {("residents", Group.ALL)}
    items = {"E": "residents", "E18": "residents@u18"}
    long = counts(
        columns=AREA | {"T": {"role": "item", "items": items}, "Z": {"role": "count"}}
    )
    assert items_of(Layout.model_validate(long)) == {
        ("residents", Group.ALL),
        ("residents", Group.U18),
    }
    assert items_of(Layout.model_validate(persons())) == {("residents", Group.ALL)}
    aged = persons(columns=AREA | {"A": {"role": "age"}})
    assert ("residents", Group.U18) in items_of(Layout.model_validate(aged))


def test_source_covers_the_dates_between_its_first_and_last() -> None:
    first, last = date(2018, 12, 31), date(2022, 12, 31)
    layout = Layout.model_validate(counts(first_date=first, last_date=last))
    assert layout.covers(first)
    assert layout.covers(last)
    assert not layout.covers(date(2018, 12, 30))
    assert not layout.covers(date(2023, 1, 1))


def test_table_of_a_database_instead_of_a_file() -> None:
    layout = Layout.model_validate(counts(file="", table="statistik.sgb2"))
    assert layout.database == "ATLAS_DATABASE_URL"
