"""Schools with pupils and social index: read as texts, checked, refused where few are told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from pydantic import ValidationError

from atlas.config import MapContext
from atlas.errors import GeographyError
from atlas.geography import ContextFiles, Sources, load_context
from tests.factories import town_areas
from tests.unit.geography.layers import CITY, RULES

WEST, SOUTH = 370_000.0, 5_680_000.0  # of Musterstadt, 600 by 200 m
SPOTS = [shapely.Point(WEST + x, SOUTH + 20) for x in (250, 350, 50_000)]
LAYER = {
    "id": "schools",
    "label": "Schulen",
    "shows": "schools",
    "file": "schools.gpkg",
    "name": "NAME",
    "credit": "Amt",
    "licence": "CC-BY-4.0",
    "pupils": {"key": "SNR", "count": "KINDER", "social_index": "INDEX"},
}
Load = Callable[..., ContextFiles]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load_schools(**changed: Any) -> ContextFiles:
        rules = RULES.model_copy(update=changed.pop("rules", {}))
        told = {"NAME": ["A", "", "C"], "SNR": ["2", "1", "3"]}
        told |= {"KINDER": [200, 100, 1], "INDEX": [2.5, 6.0, 1.0], **changed}
        frame = gpd.GeoDataFrame(told, geometry=SPOTS, crs="EPSG:25832")
        frame.to_file(tmp_path / "schools.gpkg")
        context = MapContext.model_validate({"format": 1, "layers": [LAYER]})
        return load_context(CITY, context, town_areas(), Sources([tmp_path], None), rules)

    return load_schools


def test_schools_stand_by_number_with_what_is_known_of_them(load: Load) -> None:
    """The third lies outside: its one pupil is nobody's business here."""
    files = load(KINDER=["200", "", "1"], INDEX=["2,5", "6", "1"])
    rows = json.loads(files.pupils)["schools"]
    assert [[*row[:4], *row[6:]] for row in rows] == [
        ["schools", "1", "1", "12", None, 6],
        ["schools", "2", "A", "12", 200, 2.5],
    ]
    drawn = json.loads(files.drawn)["features"]
    # What browsers fetch says nothing of pupils.
    assert [set(one["properties"]) for one in drawn] == [
        {"layer", "name", "quartier"},
        {"layer", "quartier"},
    ]


@pytest.mark.parametrize(
    ("count", "rules", "is_told"),
    [
        (3, {}, True),
        (2, {}, False),
        (1, {}, False),
        (0, {}, True),
        (0, {"zero_is_sensitive": True}, False),
        (4, {"min_count": 5}, False),
        (5, {"min_count": 5}, True),
    ],
)
def test_few_pupils_never_leave(
    load: Load, count: int, rules: dict[str, Any], *, is_told: bool
) -> None:
    if is_told:
        assert (
            count in json.loads(load(KINDER=[count, 100, 1], rules=rules).pupils)["schools"][1]
        )
        return
    with pytest.raises(GeographyError) as told:
        load(KINDER=[count, 100, 1], rules=rules)
    least = rules.get("min_count", 3)
    assert str(told.value) == (
        f"Kontext schools (schools.gpkg), Spalte „KINDER“: 1 Zeile mit weniger als {least} "
        "Schüler*innen. So kleine Zahlen verlassen das Amt nicht. In der Quelle leeren oder "
        "die Schule mit filter weglassen."
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SNR": ["1", "1", "3"]}, "„SNR“: 2 Zeilen ohne eigene Schulnummer"),
        ({"SNR": ["1", "", "3"]}, "„SNR“: 1 Zeile ohne eigene Schulnummer"),
        ({"SNR": ["1", "4 2", "3"]}, "„SNR“: 1 Zeile ohne eigene Schulnummer"),
        ({"KINDER": ["viele", "100", ""]}, "„KINDER“: 1 Zeile ohne ganze Zahl"),
        ({"KINDER": ["-5", "99,5", ""]}, "„KINDER“: 2 Zeilen ohne ganze Zahl"),
        ({"INDEX": ["-1", "hoch", ""]}, "„INDEX“: 2 Zeilen ohne Zahl ab 0"),
    ],
)
def test_what_nobody_can_read_is_one_sentence_without_its_value(
    load: Load, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(GeographyError, match=said) as told:
        load(**changed)
    assert not any(text in str(told.value) for text in ("viele", "99,5", "hoch"))


def test_every_fault_is_told_at_once(load: Load) -> None:
    with pytest.raises(GeographyError, match="Kontext, 2 Befunde") as told:
        load(KINDER=[2, 100, 1], INDEX=["-1", "6", "1"])
    assert "„KINDER“" in str(told.value)
    assert "„INDEX“" in str(told.value)


def test_only_schools_have_pupils() -> None:
    with pytest.raises(ValidationError, match="pupils: nur bei shows"):
        MapContext.model_validate({"format": 1, "layers": [{**LAYER, "shows": "kitas"}]})
