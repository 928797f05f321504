"""Every page of a city with the least there can be: Quartiere, one group, one indicator."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest

from atlas.config import CityConfig
from atlas.release import ReleaseContent, derive_cells, write_release
from tests.factories import CITY_KEY, DAY, town_areas, town_counts, town_info, town_tables
from tests.pages.opened import html_of, open_app, open_page

PAGES = (
    "map",
    "profile",
    "comparison",
    "development",
    "planning",
    "tables",
    "data_state",
    "method",
)
KINDS = ("quartier", "city")


def _tables() -> dict[str, dict[str, object]]:
    """Quartiere and the city alone, one group, one indicator, no context."""
    tables = town_tables()
    areas, indicators = tables["areas"], tables["indicators"]
    areas["kinds"] = {kind: areas["kinds"][kind] for kind in KINDS}
    quartier = {"file": "muster.gpkg", "key": "key"}
    areas["editions"] = [{"id": date(2020, 1, 1), "quartier": quartier}]
    indicators["groups"] = {"all": {"label": "Alle Menschen", "short_label": "Alle"}}
    share = indicators["indicators"]["sgb2_share"] | {"groups": ["all"]}
    indicators["indicators"] = {"sgb2_share": share}
    tables["levels"]["need"] = {
        "all": {"preset": "need4", "indicators": [{"id": "sgb2_share"}]}
    }
    return tables


def _areas() -> gpd.GeoDataFrame:
    areas = town_areas()
    own = areas[areas["kind"].isin(KINDS)].reset_index(drop=True)
    return own.assign(parent_id=["" if kind == "city" else CITY_KEY for kind in own["kind"]])


@pytest.fixture(scope="module")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    config = CityConfig.model_validate(_tables())
    for day in (date(2022, 12, 31), DAY):
        counts = town_counts(day)
        own = counts[counts["kind"].isin(KINDS) & (counts["group"] == "all")]
        info = town_info(config, day)
        cells = derive_cells(own.reset_index(drop=True), info.config, day, {})
        path = home / "releases" / "musterstadt" / info.name
        write_release(path, ReleaseContent(info, cells, _areas()))
    (home / "planning").mkdir()
    return home


@pytest.fixture(autouse=True)
def _home(bare_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_HOME", str(bare_home))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands(name: str) -> None:
    app = open_page(name, quartier="11", vergleich="11,12")
    assert not app.exception
    assert not app.error
    html = html_of(app)
    # What the city has not is not named either.
    assert "Baubl" not in html
    assert "Stadtbezirk" not in html


def test_nothing_is_asked_for_that_the_city_lacks() -> None:
    app = open_page("comparison")
    assert "Die Zahl der Kinder und Jugendlichen liegt" in html_of(app)
    assert "Verteilen auf" not in [one.label for one in app.selectbox]
    assert not open_app().exception


def test_a_link_to_blocks_and_children_is_told_and_shows_what_there_is() -> None:
    app = open_app(ebene="block", gruppe="u18", zeigen="schulen", empfaenger="schulen")
    assert not app.exception
    html = html_of(app)
    for asked in ("Ebene: „block“", "Bezugsgruppe: „u18“", "Auf der Karte zeigen: „schulen“"):
        assert asked in html
