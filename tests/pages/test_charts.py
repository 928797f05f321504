"""Every chart of a page is one that Vega-Lite knows, with its rows and its words."""

import json
from datetime import date
from pathlib import Path

import altair as alt
import jsonschema
import pytest
from streamlit.testing.v1 import AppTest

from atlas.terms import Group
from tests.factories import DAY, town_config, town_counts, town_info, write_town
from tests.pages.opened import open_page
from tests.series_town import write_series


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for day in (date(2022, 12, 31), DAY):
        write_town(tmp_path / "releases", town_info(town_config(), day), town_counts(day))
    write_series(
        tmp_path / "releases", date(2024, 1, 7), ("alw",), {("migrants", Group.ALL): 9.0}
    )
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("page", "address", "least"),
    [
        ("profile", {"quartier": "12"}, 4),
        ("comparison", {"vergleich": "11,12"}, 2),
        ("development", {"reihe": "alw"}, 1),
    ],
)
def test_charts_follow_the_schema(page: str, address: dict[str, str], least: int) -> None:
    specs = specs_of(open_page(page, **address))
    assert len(specs) >= least
    for spec in specs:
        alt.LayerChart.from_dict(spec)
        assert spec["description"]
        assert all(row["data"]["name"] for row in spec["layer"])


def test_schema_knows_what_is_wrong() -> None:
    spec = specs_of(open_page("profile", quartier="12"))[0]
    spec["layer"][0]["mark"]["type"] = "baar"
    with pytest.raises((jsonschema.ValidationError, alt.utils.schemapi.SchemaValidationError)):
        alt.LayerChart.from_dict(spec)


def specs_of(app: AppTest) -> list[dict[str, object]]:
    """Specifications as the browser gets them; their rows travel beside them."""
    assert not app.exception
    return [json.loads(one.proto.spec) for one in app.get("vega_lite_chart")]
