"""A chain with five kinds: from register rows to release and pages, by configuration alone."""

from typing import Any

import geopandas as gpd
import pytest

from atlas.confidential.desk import Desk
from atlas.config import load_city
from atlas.errors import ConfigError
from atlas.publication.seen import see
from atlas.publication.views.items import NEED
from atlas.publication.views.map import map_view
from atlas.publication.views.profile import card
from atlas.terms import Kind
from tests.factories import CITY_KEY
from tests.pages.opened import open_page
from tests.senior_town import only_residents, published, value_of
from tests.town_office import layer_of, office_tables, write_city

pytestmark = pytest.mark.usefixtures("planner")

SPACE = Kind("social_space")
CHAIN = ("block", "quartier", "social_space", "district", "city")
# Two social spaces in district 1, one in district 2; every Quartier has 200 residents.
SPACE_OF = {"11": "1a", "12": "1a", "13": "1b", "21": "2a", "22": "2a", "23": "2a"}
RESIDENTS = {"1a": 400, "1b": 200, "2a": 600}


def with_social_spaces(tables: dict[str, Any]) -> None:
    kinds = tables["areas"]["kinds"]
    label = {"label": "Sozialraum", "plural": "Sozialräume"}
    tables["areas"]["kinds"] = {kind: kinds.get(kind, label) for kind in CHAIN}
    (edition,) = tables["areas"]["editions"]
    edition["social_space"] = {"file": "sozialraeume.gpkg", "key": "KEY", "parent": "PARENT"}
    tables["city"]["public_kinds"] = ["quartier", "social_space", "city"]


def draw_social_spaces(office: Desk) -> None:
    """Put the new layer beside the others; the Quartiere name their social space."""
    geodata_dir = office.city_dir / "geodata"
    quartiere = layer_of("quartier")
    quartiere = quartiere.assign(PARENT=quartiere["KEY"].map(SPACE_OF))
    spaces = quartiere.dissolve("PARENT", as_index=False)[["PARENT", "geometry"]]
    spaces = gpd.GeoDataFrame(spaces.rename(columns={"PARENT": "KEY"}), crs=quartiere.crs)
    quartiere.to_file(geodata_dir / "quartiere.gpkg")
    spaces.assign(PARENT=spaces["KEY"].str[0]).to_file(geodata_dir / "sozialraeume.gpkg")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("chain")


@pytest.fixture(scope="module")
def release(root):
    return published(root, with_social_spaces, draw_social_spaces)


def test_the_release_holds_five_kinds_from_small_to_large(release):
    assert see(release).kinds == CHAIN
    assert tuple(release.map_files) == CHAIN
    assert tuple(dict.fromkeys(release.cells["kind"])) == CHAIN


@pytest.mark.parametrize("space", RESIDENTS)
def test_residents_of_a_social_space_are_those_of_its_quartiere(release, space):
    assert value_of(release, SPACE, space, "residents") == RESIDENTS[space]


def test_sums_go_on_above_it(release):
    assert value_of(release, "district", "1", "residents") == 600
    assert value_of(release, "district", "2", "residents") == 600
    assert value_of(release, "city", CITY_KEY, "residents") == 1200


def test_quartiere_alone_are_classified(release):
    levels = release.cells[release.cells["item"] == "need_level"]
    assert set(levels["kind"]) == {"quartier"}


def test_the_map_of_a_social_space_shows_the_levels_of_its_quartiere(release):
    view = map_view(see(release), NEED, SPACE)
    assert view.kind == Kind.QUARTIER
    assert "Sozialraum 1a" in view.texts["12"]
    assert "Sozialraum 1b" in view.texts["13"]
    above = map_view(see(release), NEED, Kind.DISTRICT)
    assert "Stadtbezirk Nord: " in above.texts["13"]


def test_the_profile_names_all_that_lies_above(release):
    assert card(see(release), Kind.QUARTIER, "12").place == "1a · Nord"


@pytest.mark.parametrize("name", ["map", "profile", "comparison", "development", "tables"])
def test_pages_of_the_new_kind_open(root, release, monkeypatch, name):
    monkeypatch.setenv("ATLAS_HOME", str(root / "home"))
    app = open_page(name, ebene=SPACE, gebiet="1a", quartier="12")
    assert not app.exception
    assert not app.error
    if name == "map":
        choice = next(one for one in app.selectbox if one.label == "Ebene")
        assert choice.options == ["Stadtbezirke", "Sozialräume", "Quartiere", "Baublöcke"]
        assert choice.value == SPACE


def _refusal(tmp_path, change) -> str:
    tables = office_tables()
    only_residents(tables)
    with_social_spaces(tables)
    change(tables)
    with pytest.raises(ConfigError) as caught:
        load_city(write_city(tmp_path / "city", tables))
    return str(caught.value)


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (("quartier", "block", "social_space", "district", "city"), "block zuerst"),
        (("block", "quartier", "city", "social_space", "district"), "city zuletzt"),
        (("block", "social_space", "quartier", "district", "city"), "unter quartier nur block"),
        (("block", "quartier", "district", "city"), "kinds.social_space: Bezeichnung fehlt"),
    ],
)
def test_a_chain_that_is_none(tmp_path, chain, expected):
    def change(tables: dict[str, Any]) -> None:
        kinds = tables["areas"]["kinds"]
        tables["areas"]["kinds"] = {kind: kinds[kind] for kind in chain}

    message = _refusal(tmp_path, change)
    assert "areas.toml" in message
    assert expected in message
