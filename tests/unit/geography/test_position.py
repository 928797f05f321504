"""Coordinate systems that are missing or wrong: recognised, with what would fit."""

import json
import zipfile
from pathlib import Path

import pytest
import shapely

from atlas.errors import GeographyError
from tests.town_office import layer_of
from tests.unit.geography.layers import CITY, QUARTIERE, Load

HERE = CITY.model_copy(update={"key": "05999000"})


def _write(path: Path, crs: str, declared: str | None, *, is_swapped: bool = False) -> None:
    """Quartiere with the numbers of one coordinate system under the name of another."""
    layer = layer_of("quartier").to_crs(crs)
    shapes = layer.geometry.to_numpy()
    if is_swapped:
        shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
    layer.set_geometry(shapes, crs=None).set_crs(declared, allow_override=True).to_file(path)


# numbers of, declared as, swapped, what the message says
WRONG = [
    ("EPSG:4647", "EPSG:25832", False, 'Zonenkennung, EPSG:4647: crs = "EPSG:4647"'),
    ("EPSG:5650", "EPSG:25833", False, 'Zonenkennung, EPSG:5650: crs = "EPSG:5650"'),
    ("EPSG:25832", "EPSG:4647", False, 'crs = "EPSG:25832"'),
    ("EPSG:31466", "EPSG:25832", False, 'crs = "EPSG:31466"'),
    ("EPSG:31467", "EPSG:25832", False, 'crs = "EPSG:31467"'),
    ("EPSG:25832", "EPSG:31467", False, 'crs = "EPSG:25832"'),
    ("EPSG:25832", "EPSG:4326", False, 'crs = "EPSG:25832"'),
    ("EPSG:4326", "EPSG:25832", False, 'crs = "EPSG:4326"'),
    ("EPSG:3857", "EPSG:25832", False, 'crs = "EPSG:3857"'),
    ("EPSG:25832", "EPSG:3857", False, 'crs = "EPSG:25832"'),
    ("EPSG:25832", "EPSG:25832", True, "Achsen vertauscht"),
    ("EPSG:4326", "EPSG:4326", True, "Achsen vertauscht"),
    ("EPSG:4326", "EPSG:25832", True, "EPSG:4326 mit vertauschten Achsen"),
]


@pytest.mark.parametrize(("numbers", "declared", "is_swapped", "wanted"), WRONG)
def test_wrong_system_is_named_with_the_right_one(
    load: Load, geodata_dir: Path, numbers: str, declared: str, is_swapped: bool, wanted: str
) -> None:
    _write(geodata_dir / "quartiere.gpkg", numbers, declared, is_swapped=is_swapped)
    with pytest.raises(GeographyError, match="Koordinaten passen nicht") as error:
        load(HERE, quartier=QUARTIERE)
    assert wanted in str(error.value)
    assert "quartiere.gpkg" in str(error.value)


@pytest.mark.parametrize(("numbers", "declared", "is_swapped", "wanted"), WRONG)
def test_the_remedy_works(
    load: Load, geodata_dir: Path, numbers: str, declared: str, is_swapped: bool, wanted: str
) -> None:
    _write(geodata_dir / "quartiere.gpkg", numbers, declared)
    areas = load(quartier={**QUARTIERE, "crs": numbers})
    assert areas["area_ha"].iloc[-1] == pytest.approx(12, rel=1e-4)
    assert areas.total_bounds[0] == pytest.approx(370_000, abs=5)


@pytest.mark.parametrize(
    ("numbers", "declared"), [("EPSG:25833", "EPSG:25832"), ("EPSG:25832", "EPSG:25833")]
)
def test_wrong_zone_leaves_the_land(
    load: Load, geodata_dir: Path, numbers: str, declared: str
) -> None:
    """Six degrees aside still lies in Germany: the Gemeindeschlüssel knows the Land."""
    _write(geodata_dir / "quartiere.gpkg", numbers, declared)
    with pytest.raises(GeographyError, match=f'crs = "{numbers}"'):
        load(HERE, quartier=QUARTIERE)


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:4647", "EPSG:31467", "EPSG:4326"])
def test_missing_system_is_guessed_and_may_be_declared(
    load: Load, geodata_dir: Path, crs: str
) -> None:
    _write(geodata_dir / "a.shp", crs, None)
    (geodata_dir / "a.prj").unlink(missing_ok=True)
    layer = {**QUARTIERE, "file": "a.shp"}
    with pytest.raises(GeographyError, match=f'kein Koordinatensystem .*crs = "{crs}"'):
        load(HERE, quartier=layer)
    areas = load(HERE, quartier={**layer, "crs": crs})
    assert areas["area_ha"].iloc[-1] == pytest.approx(12, rel=1e-4)


def test_declared_system_that_is_none(load: Load) -> None:
    with pytest.raises(GeographyError, match=r"crs in areas.toml ist kein Koordinatensystem"):
        load(quartier={**QUARTIERE, "crs": "EPSG:1"})


def test_declared_system_that_is_wrong(load: Load) -> None:
    with pytest.raises(GeographyError, match="Koordinaten passen nicht"):
        load(quartier={**QUARTIERE, "crs": "EPSG:4326"})


def test_areas_in_the_sea(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    moved = layer.set_geometry(layer.translate(0, -5_600_000), crs=layer.crs)
    moved.to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError, match="weit außerhalb der Stadt"):
        load(quartier=QUARTIERE)


def test_one_area_astray_is_not_the_system(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    shapes = layer.geometry.to_list()
    shapes[0] = shapely.box(0, 0, 9, 9)
    layer.set_geometry(shapes, crs=layer.crs).to_file(geodata_dir / "quartiere.gpkg")
    with pytest.raises(GeographyError) as error:
        load(
            block={"file": "bloecke.gpkg", "key": "KEY", "parent": "PARENT"}, quartier=QUARTIERE
        )
    assert "Koordinatensystem" not in str(error.value)


def test_zip_without_prj_and_json_without_crs(load: Load, geodata_dir: Path) -> None:
    layer = layer_of("quartier")
    content = json.loads(layer.to_json())
    content.pop("crs", None)
    (geodata_dir / "a.geojson").write_text(json.dumps(content))
    with zipfile.ZipFile(geodata_dir / "a.zip", "w") as archive:
        archive.write(geodata_dir / "a.geojson", "a.geojson")
    areas = load(quartier={**QUARTIERE, "file": "a.zip", "crs": "EPSG:25832"})
    assert areas["area_ha"].iloc[-1] == pytest.approx(12)
