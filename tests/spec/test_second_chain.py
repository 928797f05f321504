"""Areas that do not nest: school districts across the Quartiere, by configuration alone."""

from typing import Any

import geopandas as gpd
import pytest
import shapely

from atlas.confidential.desk import Desk
from atlas.confidential.ledger import read_ledger
from atlas.confidential.run import run
from atlas.config import load_city
from atlas.errors import ConfigError, GeographyError
from atlas.geography import PARTS
from atlas.publication import export
from atlas.publication.access import Sight
from atlas.publication.export.package import write_public_part
from atlas.publication.seen import see
from atlas.publication.views.class_choice import carried
from atlas.publication.views.items import NEED
from atlas.publication.views.map import map_view
from atlas.publication.views.profile import card
from atlas.release import list_releases, read_boundaries
from atlas.terms import Kind, Role
from tests.factories import CITY_KEY, DAY
from tests.pages.opened import open_page
from tests.senior_town import only_residents, published, value_of
from tests.town_office import layer_of, make_office, office_tables, reopen, write_city

SCHOOL = Kind("school_district")
NAMES = {"s1": "Nordschule", "s2": "Südschule"}


def school_of(block: str) -> str:
    """Every other block belongs to the other school: all Quartiere are cut through."""
    return f"s{1 + int(block[-1]) % 2}"


def with_schools(tables: dict[str, Any]) -> None:
    kinds = tables["areas"]["kinds"]
    kinds[str(SCHOOL)] = {"label": "Schulbezirk", "plural": "Schulbezirke", "of": "block"}
    (edition,) = tables["areas"]["editions"]
    edition[str(SCHOOL)] = {"crosswalk": "schulbezirke.csv", "names": NAMES}
    tables["city"]["public_kinds"] = ["quartier", str(SCHOOL), "city"]


def write_crosswalk(office: Desk) -> None:
    blocks = layer_of("block")["KEY"]
    rows = [f"{block},{school_of(block)},1" for block in blocks]
    path = office.city_dir / "geodata" / "schulbezirke.csv"
    path.write_text("\n".join(["from_id,to_id,share", *rows]) + "\n")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("schools")


@pytest.fixture(scope="module")
def release(root):
    return published(root, with_schools, write_crosswalk)


def test_the_release_holds_the_kind_before_the_city(release):
    kinds = ("block", "quartier", "district", "school_district", "city")
    assert see(release).kinds == kinds
    assert tuple(release.map_files) == kinds


def test_residents_of_a_school_district_are_those_of_its_blocks(release):
    cells = release.cells
    own = cells[(cells["item"] == "residents") & (cells["group"] == "all")]
    blocks = own[own["kind"] == "block"]
    assert (blocks["status"] == "published").all()
    sums = blocks.groupby(blocks["area_id"].map(school_of))["value"].sum()
    for school in NAMES:
        assert value_of(release, SCHOOL, school, "residents") == sums[school]
    assert sums.sum() == value_of(release, "city", CITY_KEY, "residents")


def test_names_and_blocks_are_carried(release):
    seen = see(release)
    assert [area.title for area in seen.areas(SCHOOL)] == ["s1 Nordschule", "s2 Südschule"]
    assert [area.id for area in seen.parents(seen.area(SCHOOL, "s1"))] == [CITY_KEY]
    own = release.areas.set_index("area_id")["parts"]
    assert all(school_of(block) == "s1" for block in own["s1"].split())
    assert own["1101"] == ""


def test_quartiere_alone_are_classified(release):
    levels = release.cells[release.cells["item"] == "need_level"]
    assert set(levels["kind"]) == {"quartier"}


def test_the_map_of_levels_shows_quartiere_with_borders_of_schools(release):
    view = map_view(see(release), NEED, SCHOOL)
    assert view.kind == Kind.QUARTIER
    assert view.outline.startswith("map/school_district.")
    assert "liegen quer" in view.notes[0]


def test_the_map_of_an_indicator_shows_schools(release):
    view = map_view(see(release), "density", SCHOOL)
    assert view.kind == SCHOOL
    assert set(view.entry_of) == set(NAMES)
    assert view.outline == ""


def test_what_is_chosen_on_one_map_is_found_on_the_other(release):
    seen = see(release)
    assert carried(seen, ["s1"], SCHOOL, Kind.QUARTIER) == {"11", "12", "13", "21", "22", "23"}
    assert carried(seen, ["1101"], Kind.BLOCK, SCHOOL) == {school_of("1101")}
    assert carried(seen, ["11"], Kind.QUARTIER, SCHOOL) == set(NAMES)


def test_a_card_says_that_it_has_no_level(release):
    shown = card(see(release), SCHOOL, "s1")
    assert shown.level_text == "Schulbezirke werden nicht eingestuft"


@pytest.mark.parametrize("made", export.FORMATS)
def test_files_of_the_kind_are_made(release, made):
    assert made.write(see(release), SCHOOL)


@pytest.mark.parametrize("theme", ["need", "density"])
@pytest.mark.parametrize("name", ["map", "profile", "comparison", "development", "tables"])
def test_pages_of_the_kind_open(root, release, planner, monkeypatch, name, theme):
    monkeypatch.setenv("ATLAS_HOME", str(root / "home"))
    app = open_page(name, ebene=SCHOOL, gebiet="s1", quartier="12", thema=theme)
    assert not app.exception
    assert not app.error
    if name == "map":
        choice = next(one for one in app.selectbox if one.label == "Ebene")
        assert choice.options == ["Schulbezirke", "Stadtbezirke", "Quartiere", "Baublöcke"]
        assert choice.value == SCHOOL


def test_who_sees_no_blocks_does_not_learn_which_lie_in_an_area(release, tmp_path):
    assert "block" not in release.info.config.city.public_kinds
    assert PARTS in release.areas
    public = Sight(frozenset({Role.PUBLIC}))
    assert PARTS not in public.cut(release).areas
    package = write_public_part(release, tmp_path / "public")
    assert PARTS not in package.areas
    assert [one.id for one in see(package).areas(SCHOOL)] == ["s1", "s2"]
    assert set(read_boundaries(package.path, SCHOOL)) & {PARTS} == set()
    planner = Sight(frozenset({Role.PUBLIC, Role.PLANNING}))
    assert PARTS in planner.cut(release).areas


def _refusal(tmp_path, change) -> str:
    tables = office_tables()
    only_residents(tables)
    with_schools(tables)
    change(tables)
    with pytest.raises(ConfigError) as caught:
        load_city(write_city(tmp_path / "city", tables))
    return str(caught.value)


def _without_source(tables):
    del tables["areas"]["editions"][0][str(SCHOOL)]["crosswalk"]


def _without_blocks(tables):
    del tables["areas"]["editions"][0]["block"]
    tables["areas"]["editions"][0]["quartier"]["parent"] = ""


def _quartier_of_blocks(tables):
    tables["areas"]["kinds"]["quartier"]["of"] = "block"


def _crosswalk_in_the_chain(tables):
    tables["areas"]["editions"][0]["quartier"]["crosswalk"] = "schulbezirke.csv"


def _delivered(tables):
    tables["deliveries"]["layouts"][0]["kind"] = str(SCHOOL)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_without_source, "school_district: file oder crosswalk fehlt"),
        (_without_blocks, "school_district: besteht aus Blöcken, editions.block fehlt"),
        (_quartier_of_blocks, "of gibt es nur für eigene Gebietsarten"),
        (_crosswalk_in_the_chain, "quartier.crosswalk: nur für Gebietsarten mit of"),
        (_delivered, "layouts.ewo.kind: school_district besteht aus Blöcken"),
    ],
)
def test_a_second_chain_that_is_none(tmp_path, change, expected):
    assert expected in _refusal(tmp_path, change)


def _crosswalk_of(office: Desk, rows: list[str]) -> None:
    path = office.city_dir / "geodata" / "schulbezirke.csv"
    path.write_text("\n".join(["from_id,to_id,share", *rows]) + "\n")


def _all_rows() -> list[str]:
    return [f"{block},{school_of(block)},1" for block in layer_of("block")["KEY"]]


def _split(rows):
    block, school, _ = rows[0].split(",")
    return [f"{block},{school},0.5", f"{block},s9,0.5", *rows[1:]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda rows: rows[1:], "Block 1101 liegt in keinem Gebiet"),
        (lambda rows: [*rows, "9999,s1,1"], "9999 ist kein Block"),
        (_split, "Block 1101 liegt nicht in einem Gebiet allein"),
    ],
)
def test_a_crosswalk_that_is_none(tmp_path, change, expected):
    def configure(tables):
        only_residents(tables)
        with_schools(tables)

    office = make_office(tmp_path, configure)
    _crosswalk_of(office, change(_all_rows()))
    with pytest.raises(GeographyError) as caught:
        office.areas_of(office.config.areas.editions[0].id)
    assert expected in str(caught.value)
    assert "schulbezirke.csv" in str(caught.value)


def _own_boundaries(tables):
    with_schools(tables)
    (edition,) = tables["areas"]["editions"]
    edition[str(SCHOOL)] = {"file": "schulbezirke.gpkg", "key": "KEY"}


def _draw_schools(office: Desk, shapes: dict[str, shapely.Geometry]) -> None:
    schools = gpd.GeoDataFrame(
        {"KEY": list(shapes)}, geometry=list(shapes.values()), crs=layer_of("block").crs
    )
    schools.to_file(office.city_dir / "geodata" / "schulbezirke.gpkg")


def _office_with_boundaries(tmp_path, cut: float) -> Desk:
    """Cut the city upright into two school districts, wherever Quartiere lie."""

    def configure(tables):
        only_residents(tables)
        _own_boundaries(tables)

    office = make_office(tmp_path, configure)
    west, south, east, north = layer_of("block").total_bounds
    middle = west + cut * (east - west)
    halves = {"w": (west, south, middle, north), "e": (middle, south, east, north)}
    _draw_schools(office, {key: shapely.box(*bounds) for key, bounds in halves.items()})
    return office


def test_blocks_lie_in_the_school_district_with_most_of_their_area(tmp_path):
    office = _office_with_boundaries(tmp_path, 0.5)
    areas = office.areas_of(office.config.areas.editions[0].id).set_index("area_id")
    blocks = layer_of("block").set_index("KEY").geometry
    for key in ("w", "e"):
        inside = areas.loc[key, "parts"].split()
        common = blocks[inside].intersection(areas.loc[key, "geometry"]).area
        assert (2 * common >= blocks[inside].area - 1e-6).all()
    assert len(areas.loc["w", "parts"].split() + areas.loc["e", "parts"].split()) == len(blocks)


def test_a_school_district_without_blocks_is_refused(tmp_path):
    office = _office_with_boundaries(tmp_path, 0.001)
    with pytest.raises(GeographyError, match="kein Block liegt in w"):
        office.areas_of(office.config.areas.editions[0].id)


def test_a_new_dealing_of_blocks_is_protected_beside_the_old_one(tmp_path):
    """The crosswalk changes within an edition: what the old districts held is remembered."""
    published(tmp_path, with_schools, write_crosswalk)
    office = reopen(tmp_path)
    rows = [
        f"{block},{school_of(block) if block != '1101' else 's1'},1"
        for block in layer_of("block")["KEY"]
    ]
    _crosswalk_of(office, rows)
    run(office, "Schulbezirke neu")
    ref = list_releases(office.releases_dir)[-1]
    assert ref.name.endswith(".2")
    told = read_ledger(office, DAY, office.config.areas.editions[0].id)
    old = told[(told["kind"] == SCHOOL) & (told["release"] == f"{DAY}.1")]
    assert set(old["parts"].str.contains("1101")) == {False, True}


WARD = Kind("ward")


def _with_wards(tables):
    """A rung between block and Quartier, and no district: five kinds, by configuration."""
    kinds = {kind: one for kind, one in tables["areas"]["kinds"].items() if kind != "district"}
    kinds[str(WARD)] = {"label": "Viertel", "plural": "Viertel", "of": "block"}
    tables["areas"]["kinds"] = kinds
    (edition,) = tables["areas"]["editions"]
    del edition["district"]
    edition["quartier"]["parent"] = ""
    edition[str(WARD)] = {"crosswalk": "schulbezirke.csv"}
    tables["city"]["public_kinds"] = ["quartier", str(WARD), "city"]


def _write_wards(office: Desk) -> None:
    blocks = layer_of("block")["KEY"]
    _crosswalk_of(office, [f"{block},{block[:2]}{int(block[-1]) % 2},1" for block in blocks])


def test_a_rung_between_block_and_quartier_needs_configuration_alone(tmp_path):
    release = published(tmp_path, _with_wards, _write_wards)
    assert see(release).kinds == ("block", "quartier", "ward", "city")
    sums = value_of(release, WARD, "110", "residents") + value_of(
        release, WARD, "111", "residents"
    )
    assert sums == value_of(release, "quartier", "11", "residents")
    assert set(release.cells.loc[release.cells["item"] == "need_level", "kind"]) == {"quartier"}


def _fewest(tables):
    """Fewer rungs: Quartiere and the city alone."""
    tables["areas"]["kinds"] = {
        kind: one
        for kind, one in tables["areas"]["kinds"].items()
        if kind in ("block", "quartier", "city")
    }
    (edition,) = tables["areas"]["editions"]
    del edition["district"]
    edition["quartier"]["parent"] = ""
    tables["city"]["public_kinds"] = ["quartier", "city"]


def test_fewer_rungs_need_configuration_alone(tmp_path):
    release = published(tmp_path, _fewest)
    assert see(release).kinds == ("block", "quartier", "city")
    assert value_of(release, "city", CITY_KEY, "residents") == 1200
    assert map_view(see(release), NEED, Kind.BLOCK).kind == Kind.BLOCK
