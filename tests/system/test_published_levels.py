"""Levels that a city published before it had the atlas: shown as such, never computed anew."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.desk import open_desk
from atlas.confidential.publish import verify
from atlas.confidential.run import run
from atlas.home import Home
from atlas.publication.seen import see
from atlas.publication.views.reasons import reasons
from atlas.terms import Group
from tests.town_office import Watcher, ewo_csv, office_tables, put, write_city
from tests.year_town import shown

DAY = "2019-12-31"
OLD_LEVELS = (
    "QUARTIER;STUFE;STUFE_U18;DYNAMIK\n"
    "11;4;3;3\n12;3;2;2\n13;1;.;.\n21;1;1;1\n22;.;.;.\n23;.;.;.\n"
)


def deliver_levels(tables: dict[str, Any]) -> None:
    """The register of that year is there; of SGB II there is nothing, of levels a list."""
    ewo, _, ba = tables["deliveries"]["layouts"]
    levels = {
        "id": "stufen",
        "source": "stufen",
        "label": "Frühere Einstufung",
        "shape": "counts",
        "file": "stufen_{date}.csv",
        "kind": "quartier",
        "is_required": False,
        "none": ["."],
        "columns": {
            "QUARTIER": {"role": "area"},
            "STUFE": {"role": "value", "item": "need_level"},
            "STUFE_U18": {"role": "value", "item": "need_level", "group": "u18"},
            "DYNAMIK": {"role": "value", "item": "dynamic_level"},
        },
    }
    dynamic = {"span_years": 1, "indicators": [{"id": "sgb2_share"}]}
    tables["levels"]["dynamic"] = {"all": dynamic}
    tables["deliveries"]["layouts"] = [ewo, {**ba, "first_date": date(2020, 12, 31)}, levels]


@pytest.fixture
def tables() -> dict[str, Any]:
    tables = office_tables()
    deliver_levels(tables)
    return tables


def test_levels_are_shown_as_published(tables: dict[str, Any], tmp_path: Path) -> None:
    city_dir = write_city(tmp_path / "city", tables)
    office = open_desk(city_dir, Home(tmp_path / "home"), Watcher())
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    put(office, f"stufen_{DAY}.csv", OLD_LEVELS)
    result = run(office, "")
    assert not result.errors, result.errors
    (release,) = result.published
    cells = release.cells
    none = "not_classified"
    assert shown(cells, "quartier", "need_level") == {
        "11": 4,
        "12": 3,
        "13": 1,
        "21": 1,
        "22": none,
        "23": "uninhabited",
    }
    assert shown(cells, "quartier", "need_level", "u18")["11"] == 3
    assert shown(cells, "quartier", "need_level", "u18")["13"] == none
    classes = shown(cells, "quartier", "dynamic_level")
    assert [classes[key] for key in ("11", "12", "13", "21")] == [3, 2, none, 1]
    is_level = cells["item"].isin(["need_level", "dynamic_level"])
    levels = cells[is_level & cells["value"].notna()]
    assert set(zip(levels["status"], levels["reason"], strict=True)) == {
        ("published", "veroeffentlicht")
    }
    explained = reasons(see(release, Group.ALL), "11")
    assert explained is not None
    assert explained.text == (
        "11 Altstadt: Stufe 4 „hoher Handlungsbedarf“, veröffentlicht, bevor es den Atlas gab."
    )
    verify(office, release.path)
    assert run(office, "").is_nothing_new


@pytest.mark.parametrize(
    ("wrong", "item"),
    [("11;5;3;3", "need_level"), ("11;2,5;3;3", "need_level")]
    + [("11;4;3;4", "dynamic_level")],
)
def test_what_is_no_level(
    tables: dict[str, Any], tmp_path: Path, wrong: str, item: str
) -> None:
    city_dir = write_city(tmp_path / "city", tables)
    office = open_desk(city_dir, Home(tmp_path / "home"), Watcher())
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    put(office, f"stufen_{DAY}.csv", OLD_LEVELS.replace("11;4;3;3", wrong))
    (error,) = run(office, "").failed
    assert item in str(error)
    assert ("1 bis 4" if item == "need_level" else "1 bis 3") in str(error)
