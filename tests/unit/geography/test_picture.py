"""The picture of what is wrong with boundaries."""

import re
import xml.etree.ElementTree as ET

import geopandas as gpd
import numpy as np
import pytest
import shapely

from atlas.geography.faults import Fault
from atlas.geography.picture import picture_of

_SVG = "{http://www.w3.org/2000/svg}"
LEFT = shapely.box(0, 0, 1000, 1000)
RIGHT = shapely.box(990, 0, 2000, 1000)
COMMON = shapely.intersection(LEFT, RIGHT)


def frame(*shapes: object) -> gpd.GeoDataFrame:
    keys = [f"<\x01{n}>" for n, _ in enumerate(shapes)]
    return gpd.GeoDataFrame({"area_id": keys, "geometry": list(shapes)}, crs="EPSG:25832")


def drawn(text: str) -> ET.Element:
    return ET.fromstring(text)


def marks(root: ET.Element) -> list[tuple[str, float, float]]:
    """Number of a fault, and where on the map its mark stands."""
    found = []
    for group in root.iter(f"{_SVG}g"):
        x, y = re.findall(r"[\d.]+", group.attrib["transform"])
        found.append((group.findtext(f"{_SVG}text", ""), float(x), float(y)))
    return found


def test_what_two_areas_cover_is_marked_where_it_lies_and_shown_near_by() -> None:
    root = drawn(picture_of([frame(LEFT, RIGHT)], [Fault("Überlappung", (COMMON,))]))
    ((number, x, y),) = marks(root)
    assert number == "1"
    # The city is 2,000 m wide on 960 pixels that begin at 24; the spot's middle is 995, 500.
    assert (x, y) == pytest.approx((24 + 995 * 0.48, 24 + 240), abs=0.1)
    whole, window = root.findall(f"{_SVG}svg")
    assert len(whole.findall(f"{_SVG}path")) == 2
    assert [one.attrib["class"] for one in window] == ["area", "area", "spot"]
    texts = "".join(text for one in root.iter(f"{_SVG}text") for text in one.itertext())
    assert "1. Überlappung" in texts
    # The spot, 10 m by 1,000 m, takes a third of the height of its window of 312 by 200.
    assert "4.680 m breit" in texts


def test_names_cannot_break_the_picture() -> None:
    fault = Fault("A < B & „C“ <script>", (COMMON,))
    root = drawn(picture_of([frame(LEFT, RIGHT)], [fault]))
    assert [one.text for one in root.iter(f"{_SVG}title")][1:3] == ["<0>", "<1>"]
    assert not list(root.iter(f"{_SVG}script"))


def test_nothing_to_see_gives_no_picture() -> None:
    assert picture_of([frame(LEFT)], [Fault("Datei fehlt.")]) == ""
    assert picture_of([], [Fault("Datei fehlt.")]) == ""
    assert picture_of([frame(LEFT)], [Fault("leer", (None, shapely.Polygon()))]) == ""


@pytest.mark.parametrize(
    "odd",
    [
        None,
        shapely.Polygon(),
        shapely.Point(5, 5),
        shapely.LineString([(0, 0), (9, 9)]),
        shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]),
        shapely.Polygon([(0, 0), (np.inf, 9), (9, 0)]),
        shapely.GeometryCollection([LEFT, shapely.Point(1, 1)]),
    ],
)
def test_whatever_a_file_holds_is_drawn_or_left_out(odd: object) -> None:
    spots = (COMMON, odd)
    root = drawn(picture_of([frame(LEFT, odd)], [Fault("?", spots)]))  # type: ignore[arg-type]
    assert len(marks(root)) in {1, 2}
    assert "nan" not in ET.tostring(root, encoding="unicode")


def test_each_fault_is_seen_before_a_second_spot_of_another() -> None:
    many = tuple(shapely.box(x, 0, x + 5 + x / 100, 5) for x in range(0, 1000, 50))
    faults = [Fault("viele", many), Fault("eine", (COMMON,))]
    root = drawn(picture_of([frame(LEFT, RIGHT)], faults))
    windows = [t.text or "" for t in root.iter(f"{_SVG}text") if "Ausschnitt" in (t.text or "")]
    assert [text.split(".")[0] for text in windows] == ["1", "2", *["1"] * 7]


@pytest.mark.parametrize("end", [(900, 0), (0, 900), (0, 0)])
def test_a_city_without_any_area_is_drawn_all_the_same(end: tuple[float, float]) -> None:
    line = shapely.LineString([(0, 0), end])
    root = drawn(picture_of([frame(line)], [Fault("keine Polygone", (line,))]))
    assert len(marks(root)) == 1
