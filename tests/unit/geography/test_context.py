"""What lies between areas: read like boundaries, cut to the city, made into files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from atlas.config import MapContext
from atlas.errors import GeographyError
from atlas.geography import ContextFiles, Sources, context, load_context
from tests.factories import town_areas
from tests.unit.geography.layers import CITY, RULES

WEST, SOUTH = 370_000.0, 5_680_000.0  # of Musterstadt, 600 by 200 m
RIVER = shapely.LineString([(WEST - 5_000, SOUTH + 100), (WEST + 5_000, SOUTH + 100)])
SCHOOL = shapely.Point(WEST + 250, SOUTH + 20)
LAYERS = {
    "river": {"shows": "water", "name": "NAME"},
    "schools": {"shows": "schools", "name": "NAME", "note": "ORT"},
    "streets": {"shows": "streets", "name": "NAME"},
    "parks": {"shows": "green"},
}
Write = Callable[..., None]
LoadContext = Callable[..., ContextFiles]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(
        name: str, *shapes: Any, names: list[str] | None = None, **settings: Any
    ) -> None:
        told = names or [f"{name} {n}" for n in range(len(shapes))]
        frame = gpd.GeoDataFrame({"NAME": told, "ORT": "Am Markt 1"}, geometry=[*shapes])
        frame = frame.set_crs(settings.pop("crs", "EPSG:25832"))
        frame.to_file(tmp_path / f"{name}.gpkg", **settings)

    return write_file


@pytest.fixture
def load(tmp_path: Path) -> LoadContext:
    def load_layers(**changed: dict[str, Any]) -> ContextFiles:
        layers = [
            {
                "id": name,
                "label": name,
                "file": f"{name}.gpkg",
                "credit": "Amt",
                "licence": "CC-BY-4.0",
                **LAYERS[name],
                **settings,
            }
            for name, settings in changed.items()
        ]
        told = MapContext.model_validate({"format": 1, "layers": layers})
        return load_context(CITY, told, town_areas(), Sources([tmp_path], None), RULES)

    return load_layers


def _features(files: ContextFiles) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files.drawn)["features"]
    return found


# ---- what becomes of shapes ---------------------------------------------------------------


def test_line_is_cut_a_little_beyond_the_city(write: Write, load: LoadContext) -> None:
    write("river", RIVER, names=["Wupper"])
    (feature,) = _features(load(river={}))
    assert feature["properties"] == {"layer": "river", "name": "Wupper"}
    assert feature["geometry"]["type"] == "LineString"
    line = gpd.GeoSeries([shapely.LineString(feature["geometry"]["coordinates"])], crs=4326)
    assert line.to_crs(25832).length.iloc[0] == pytest.approx(600 + 2 * 500, abs=2)


def test_parts_of_one_name_become_one_simple_line(write: Write, load: LoadContext) -> None:
    bent = [(WEST, SOUTH), (WEST + 100, SOUTH + 1), (WEST + 200, SOUTH)]
    rest = shapely.LineString([(WEST + 200, SOUTH), (WEST + 300, SOUTH + 100)])
    write("river", shapely.LineString(bent), rest, names=["Bach", "Bach"])
    (feature,) = _features(load(river={}))
    assert len(feature["geometry"]["coordinates"]) == 3  # a metre beside the line is not seen


def test_point_knows_its_quartier_and_its_note(write: Write, load: LoadContext) -> None:
    write("schools", SCHOOL, names=["Schule am Markt"])
    (feature,) = _features(load(schools={}))
    assert feature["properties"] == {
        "layer": "schools",
        "name": "Schule am Markt",
        "quartier": "12",
        "note": "Am Markt 1",
    }
    assert feature["geometry"]["type"] == "Point"


def test_what_lies_outside_is_left_out(write: Write, load: LoadContext) -> None:
    far = shapely.Point(WEST + 50_000, SOUTH)
    beside = shapely.Point(WEST - 10, SOUTH + 10)
    write("schools", SCHOOL, far, beside)
    assert len(_features(load(schools={}))) == 1


def test_area_with_a_hole_turns_as_rfc_7946_wants(write: Write, load: LoadContext) -> None:
    park = shapely.box(WEST, SOUTH, WEST + 200, SOUTH + 200).difference(
        shapely.box(WEST + 50, SOUTH + 50, WEST + 100, SOUTH + 100)
    )
    write("parks", shapely.MultiPolygon([park]))
    (feature,) = _features(load(parks={}))
    outer, hole = map(shapely.LinearRing, feature["geometry"]["coordinates"])
    assert outer.is_ccw
    assert not hole.is_ccw


def test_street_stands_once_in_every_quartier_it_runs_through(
    write: Write, load: LoadContext
) -> None:
    # 150 m in 11 and 12 each, 10 m into 13; a second part of it lies in 11.
    street = shapely.LineString([(WEST + 50, SOUTH + 50), (WEST + 410, SOUTH + 50)])
    part = shapely.LineString([(WEST + 10, SOUTH + 80), (WEST + 60, SOUTH + 80)])
    write("streets", street, part, names=["Lange Straße", "Lange Straße"])
    rows = json.loads(load(streets={}).streets)["streets"]
    assert [row[:2] for row in rows] == [["Lange Straße", "11"], ["Lange Straße", "12"]]
    places = gpd.GeoSeries([shapely.Point(row[2:]) for row in rows], crs=4326).to_crs(25832)
    assert places.x.to_numpy() == pytest.approx([WEST + 125, WEST + 300], abs=1)


def test_streets_as_points_and_without_name(write: Write, load: LoadContext) -> None:
    write("streets", SCHOOL, SCHOOL, names=["Markt", ""])
    files = load(streets={})
    assert [row[0] for row in json.loads(files.streets)["streets"]] == ["Markt"]
    assert files.drawn == b""


def test_degrees_and_other_order_of_rows_give_the_same_bytes(
    write: Write, load: LoadContext
) -> None:
    other = shapely.LineString([(WEST, SOUTH), (WEST + 300, SOUTH + 150)])
    write("river", RIVER, other, names=["a", "b"])
    first = load(river={})
    write("river", other, RIVER, names=["b", "a"])
    assert load(river={}) == first
    (in_degrees,) = gpd.GeoSeries([RIVER], crs=25832).to_crs(4326)
    write("river", in_degrees, names=["a"], crs="EPSG:4326")
    assert len(_features(load(river={}))) == 1


def test_layers_of_one_file_lines_and_points_beside_each_other(
    write: Write, load: LoadContext
) -> None:
    write("city", RIVER, layer="river")
    write("city", SCHOOL, layer="points", mode="a")
    files = load(
        river={"file": "city.gpkg", "layer": "river"},
        schools={"file": "city.gpkg", "layer": "points"},
    )
    assert [one["properties"]["layer"] for one in _features(files)] == ["river", "schools"]


# ---- what is wrong ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "shapes", "settings", "said"),
    [
        (
            "river",
            [RIVER],
            {"name": "FLUSS"},
            "„FLUSS“ fehlt. name in context.toml prüfen; vor",
        ),
        ("schools", [SCHOOL], {"note": "X"}, "Spalte „X“ fehlt. note in context.toml prüfen"),
        ("schools", [RIVER], {}, r'\(LineString\)\. Erwartet bei shows = "schools": Punkte'),
        ("river", [SCHOOL, RIVER], {}, "1 Zeile mit einer anderen .* Linien oder Flächen"),
        ("parks", [RIVER], {}, "Flächen"),
        ("streets", [SCHOOL.buffer(9)], {}, "Linien oder Punkte"),
        ("schools", [SCHOOL, None], {}, "1 Zeile ohne Geometrie"),
        ("river", [shapely.transform(RIVER, lambda xy: xy + 20_000)], {}, "nichts davon liegt"),
        ("river", [RIVER], {"filter": {"NAME": {"is_in": ["x"]}}}, "filter in context.toml"),
        ("river", [], {}, "enthält"),
        ("river", [RIVER], {"crs": "EPSG:4326"}, "Koordinaten passen nicht"),
        ("river", [RIVER], {"file": "a.gpkg"}, "a.gpkg: Datei fehlt. .* context.toml prüfen"),
        ("river", [RIVER], {"layer": "fluss"}, "„fluss“ fehlt, vorhanden: river. layer in con"),
    ],
)
def test_every_fault_has_its_sentence(
    write: Write, load: LoadContext, layer: str, shapes: Any, settings: Any, said: str
) -> None:
    write(layer, *shapes)
    with pytest.raises(GeographyError, match=said) as error:
        load(**{layer: settings})
    assert "areas.toml" not in str(error.value)
    assert "\n" not in str(error.value)


def test_invalid_area_is_named_with_its_place(write: Write, load: LoadContext) -> None:
    corners = [(0, 0), (100, 100), (100, 0), (0, 100)]
    bow = shapely.Polygon([(WEST + x, SOUTH + y) for x, y in corners])
    write("parks", bow)
    with pytest.raises(GeographyError, match=r"ungültiger Geometrie .* 370\.000 / 5\.680\.000"):
        load(parks={})


def test_nothing_to_be_found_by_is_a_sentence(write: Write, load: LoadContext) -> None:
    write("schools", SCHOOL, names=[""])
    with pytest.raises(GeographyError, match="Spalte „NAME“ ist leer"):
        load(schools={})


def test_file_that_points_elsewhere_is_refused(tmp_path: Path, load: LoadContext) -> None:
    (tmp_path / "river.gpkg").write_text("<OGRVRTDataSource/>")
    with pytest.raises(GeographyError, match="verweist auf andere Dateien"):
        load(river={})


def test_all_faults_at_once(write: Write, load: LoadContext) -> None:
    write("river", SCHOOL)
    write("schools", RIVER)
    with pytest.raises(GeographyError, match=r"Kontext, 2 Befunde:\n  1\. .*\n  2\. "):
        load(river={}, schools={})


def test_too_large_is_a_sentence(
    write: Write, load: LoadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("river", RIVER)
    monkeypatch.setattr(context, "MOST_BYTES", 100)
    with pytest.raises(GeographyError, match="Kontext: 0,0 MB. Erwartet: höchstens"):
        load(river={})
