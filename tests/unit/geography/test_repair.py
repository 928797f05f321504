"""All faults at once, with size and place; and repair as it is declared."""

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from atlas.config import Edition
from atlas.errors import GeographyError
from atlas.geography import BoundaryError, Sources, survey_areas
from tests.town_office import layer_of
from tests.unit.geography.layers import BLOCKS, CITY, QUARTIERE, Load, layer_with, shape_of

REPAIR = {**QUARTIERE, "repair": True}


def _spike(size: float) -> shapely.Polygon:
    """Quartier 11 with a loop of its border that crosses itself; the loop has size² / 2."""
    left, low, right, high = shape_of("11").bounds
    x = (left + right) / 2
    return shapely.Polygon(
        [
            (left, low),
            (right, low),
            (right, high),
            (x + size / 2, high),
            (x - size / 2, high - size),
            (x + size / 2, high - size),
            (x - size / 2, high),
            (left, high),
        ]
    )


def _notes(geodata_dir: Path, **layers: dict[str, Any]) -> tuple[str, ...]:
    edition = Edition.model_validate({"id": date(2020, 1, 1), **layers})
    return survey_areas(CITY, edition, Sources([geodata_dir], None)).notes


# ---- findings -----------------------------------------------------------------------------


def test_all_faults_of_all_layers_at_once(load: Load, geodata_dir: Path) -> None:
    layer = layer_with({"11": shape_of("11").buffer(5), "13": None})
    layer.to_file(geodata_dir / "quartiere.gpkg")
    blocks = layer_of("block").assign(PARENT=["99", *["11"] * 11])
    blocks.loc[3, "KEY"] = "1101"
    blocks.to_file(geodata_dir / "bloecke.gpkg")
    with pytest.raises(BoundaryError) as error:
        load(block=BLOCKS, quartier=QUARTIERE)
    for number in (1, 3):  # what has no shape has no place
        assert f">{number}</text>" in error.value.picture
    assert ">2</text>" not in error.value.picture
    head, *faults = str(error.value).split("\n")
    assert head == "Grenzen, 3 Befunde:"
    for fault, wanted in zip(
        faults, ["mehrfach vorhanden: 1101", "ohne Fläche: 13", "überlappen"], strict=True
    ):
        assert wanted in fault


def test_every_broken_nesting_is_named(load: Load, geodata_dir: Path) -> None:
    blocks = layer_of("block")
    blocks["PARENT"] = blocks["PARENT"].replace({"13": "99", "21": "12"})
    blocks.to_file(geodata_dir / "bloecke.gpkg")
    with pytest.raises(GeographyError) as error:
        load(block=BLOCKS, quartier=QUARTIERE)
    for wanted in ("fehlt: 1301, 1302", "außerhalb seines", "nichts liegt in Gebiet"):
        assert wanted in str(error.value)


def test_overlap_says_who_how_much_and_where(load: Load, geodata_dir: Path) -> None:
    left, low, right, high = shape_of("11").bounds
    layer_with({"11": shapely.box(left, low, right + 10, high)}).to_file(
        geodata_dir / "quartiere.gpkg"
    )
    with pytest.raises(GeographyError, match=r"1 Paar, am größten 11 und 12: 1\.000,0 m²") as e:
        load(quartier=QUARTIERE)
    assert "bei 370.205 / 5.680." in str(e.value)


def test_crossing_says_where(load: Load, geodata_dir: Path) -> None:
    layer_with({"11": _spike(2)}).to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match=r"Stelle: 370\.100 / 5\.680\.\d+\. .*repair"):
        load(quartier=QUARTIERE)


@pytest.mark.parametrize("key", ["XX", "0", "99999"])
def test_feature_over_all_others_is_named(load: Load, geodata_dir: Path, key: str) -> None:
    layer = layer_of("quartier")
    whole = gpd.GeoDataFrame(
        [{"KEY": key, "NAME": "Gesamt"}], geometry=[layer.union_all()], crs=layer.crs
    )
    pd.concat([layer, whole], ignore_index=True).to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match=f"{key} liegt über allen anderen .*filter"):
        load(quartier=QUARTIERE)
    areas = load(quartier={**QUARTIERE, "filter": {"KEY": {"not_in": [key]}}})
    assert len(areas) == 7


def test_districts_beside_their_parts_name_the_way_that_works(
    load: Load, geodata_dir: Path
) -> None:
    districts = layer_of("district")
    districts.set_geometry(districts.translate(17, 0), crs=districts.crs).to_file(
        geodata_dir / "bezirke.gpkg"
    )
    quartiere = {**QUARTIERE, "parent": "PARENT"}
    with pytest.raises(GeographyError, match="liegt außerhalb .*file für district weglassen"):
        load(quartier=quartiere, district={"file": "bezirke.gpkg", "key": "KEY"})
    assert len(load(quartier=quartiere, district={})) == 9


# ---- repair -------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "is_fine"), [(0.34, True), (2.0, True), (20.0, False)])
def test_ring_that_crosses_itself_is_repaired_within_the_limit(
    load: Load, geodata_dir: Path, size: float, is_fine: bool
) -> None:
    """0.34 m make 0.06 m², 2 m make 2 m², 20 m make 200 m²: ten are allowed."""
    layer_with({"11": _spike(size)}).to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match="ungültig"):
        load(quartier=QUARTIERE)
    if is_fine:
        assert load(quartier=REPAIR)["area_ha"].iloc[-1] == pytest.approx(12, rel=1e-4)
        assert "11 um " in _notes(geodata_dir, quartier=REPAIR)[0]
    else:
        with pytest.raises(GeographyError, match="mehr als 10,00 m² verändern: 11"):
            load(quartier=REPAIR)


@pytest.mark.parametrize("metres", [0.02, 0.04, 0.08])
@pytest.mark.parametrize("sign", [1, -1])
def test_borders_drawn_twice_become_one(
    load: Load, geodata_dir: Path, metres: float, sign: int
) -> None:
    left, low, right, high = shape_of("11").bounds
    moved = shapely.box(left, low, right + sign * metres, high)
    layer_with({"11": moved}).to_file(geodata_dir / "quartiere.gpkg")
    areas = load(quartier={**REPAIR, "snap_m": 0.1})
    quartiere = areas[areas["kind"] == "quartier"].geometry.values
    assert shapely.coverage_is_valid(quartiere)
    assert areas["area_ha"].iloc[-1] == pytest.approx(12)


@pytest.mark.parametrize(("limit", "is_fine"), [(999.0, False), (1001.0, True)])
def test_nothing_over_the_limit_passes(
    load: Load, geodata_dir: Path, limit: float, is_fine: bool
) -> None:
    left, low, right, high = shape_of("11").bounds
    layer_with({"11": shapely.box(left, low, right + 10, high)}).to_file(
        geodata_dir / "quartiere.gpkg"
    )
    layer = {**REPAIR, "repair_limit_m2": limit}
    if is_fine:
        assert "um 1.000,00 m²" in _notes(geodata_dir, quartier=layer)[0]
    else:
        with pytest.raises(GeographyError, match=r"mehr als 999,00 m².*um 1\.000,00 m²"):
            load(quartier=layer)


def test_sound_boundaries_stay_as_they_are(load: Load, geodata_dir: Path) -> None:
    assert load(quartier=REPAIR).equals(load(quartier=QUARTIERE))
    assert _notes(geodata_dir, quartier=REPAIR) == ()


@pytest.mark.parametrize("shape", [None, shapely.Point(1, 1)])
def test_what_has_no_area_is_not_repaired(
    load: Load, geodata_dir: Path, shape: shapely.Geometry | None
) -> None:
    layer_with({"11": shape}).to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match="ohne Fläche: 11|keine Polygone: 11"):
        load(quartier=REPAIR)


# ---- gaps ---------------------------------------------------------------------------------


def _with_slit(geodata_dir: Path, metres: float) -> None:
    """Cut a slit of 20 m out of the border of 11 and 12, on the side of 11."""
    left, low, right, high = shape_of("11").bounds
    middle = (low + high) / 2
    slit = shapely.box(right - metres, middle - 10, right, middle + 10)
    layer_with({"11": shapely.box(left, low, right, high).difference(slit)}).to_file(
        geodata_dir / "quartiere.gpkg"
    )


@pytest.mark.parametrize(("metres", "is_told"), [(0.5, True), (1.5, True), (30.0, False)])
def test_narrow_gap_is_told_with_size_and_place(
    load: Load, geodata_dir: Path, metres: float, is_told: bool
) -> None:
    _with_slit(geodata_dir, metres)
    assert len(load(quartier=QUARTIERE)) == 7
    edition = Edition.model_validate({"id": date(2020, 1, 1), "quartier": QUARTIERE})
    survey = survey_areas(CITY, edition, Sources([geodata_dir], None))
    notes = survey.notes
    assert bool(notes) == bool(survey.picture) == is_told
    for wanted in ("1 schmale Lücke", f"{metres * 20:.1f}".replace(".", ","), "11, 12"):
        assert not is_told or wanted in notes[0]


def test_declared_repair_closes_a_narrow_gap(load: Load, geodata_dir: Path) -> None:
    _with_slit(geodata_dir, 0.3)
    layer = {**REPAIR, "snap_m": 0.5}
    (note,) = _notes(geodata_dir, quartier=layer)
    assert "Grenzen berichtigt" in note
    areas = load(quartier=layer)
    quartiere = areas[areas["kind"] == "quartier"].geometry.values
    assert shapely.coverage_is_valid(quartiere, gap_width=2.0)
    assert areas["area_ha"].iloc[-1] == pytest.approx(12, rel=1e-9)
