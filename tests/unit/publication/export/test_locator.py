"""The small map of where a Quartier lies."""

from dataclasses import replace
from xml.etree import ElementTree

from atlas.publication.export.picture import locator_picture, svg_bytes
from atlas.publication.seen import see

SVG = "{http://www.w3.org/2000/svg}"
FILL = "#7a1d34"


def _areas(release, area_id):
    """Fill of each layer to the number of its areas."""
    svg = ElementTree.fromstring(
        svg_bytes(locator_picture(see(release), area_id, "Lage von <11>", FILL))
    )
    groups = {
        group.get("fill"): len(group.findall(f"{SVG}path")) for group in svg.iter(f"{SVG}g")
    }
    return svg, groups


def test_two_districts_three_quartiere_of_one_and_the_marked_one(release):
    svg, groups = _areas(release, "11")
    assert list(groups.values()) == [2, 3, 1]
    assert groups[FILL] == 1
    assert svg.get("viewBox") == "0 0 300 204"
    assert svg.find(f"{SVG}title").text == "Lage von <11>"


def test_marked_quartier_lies_where_it_is(release):
    """11 is the south-west corner of the town, 23 the north-east one."""
    south_west, north_east = (
        locator_picture(see(release), key, "", FILL).layers[2].areas[0][0][0]
        for key in ("11", "23")
    )
    left, right = (sum(x for x, _ in ring) for ring in (south_west, north_east))
    low, high = (sum(y for _, y in ring) for ring in (south_west, north_east))
    assert left < right
    assert low > high


def test_town_without_districts_shows_its_quartiere(release):
    areas = release.areas
    bare = replace(release, areas=areas[areas["kind"] != "district"])
    _, groups = _areas(bare, "11")
    assert list(groups.values()) == [6, 0, 1]
