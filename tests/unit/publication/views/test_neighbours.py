"""Quartiere of Musterstadt lie in two rows of three, each 200 m wide and 100 m deep."""

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from atlas.integrity import digest_of
from atlas.publication.seen import see
from atlas.publication.views.profile import Borders, borders_of, location_text, neighbours_of
from atlas.release import Release, read_boundaries
from atlas.terms import Kind


@pytest.fixture(scope="module")
def borders(release: Release) -> Borders:
    return borders_of(see(release))


def test_neighbours_share_a_line_and_not_only_a_corner(borders: Borders) -> None:
    assert {key: set(beside) for key, beside in borders.items()} == {
        "11": {"12", "21"},
        "12": {"11", "13", "22"},
        "13": {"12", "23"},
        "21": {"11", "22"},
        "22": {"12", "21", "23"},
        "23": {"13", "22"},
    }


def test_longest_common_border_comes_first(borders: Borders) -> None:
    """22 lies along 12, 11 and 13 at its ends."""
    assert list(borders["12"]) == ["22", "11", "13"]
    assert borders["12"]["22"] == pytest.approx(200, abs=2)
    assert borders["12"]["11"] == pytest.approx(100, abs=2)


def test_neighbours_of_several_leave_those_out(release: Release) -> None:
    """13 and 22 both touch 12 and 23, with 100 and 200 m each."""
    beside = neighbours_of(see(release), ("13", "22"))
    assert [area.title for area in beside] == [
        "12 Äußere Vorstadt",
        "23 Stadtwald",
        "21 Waldheim",
    ]
    assert neighbours_of(see(release), ()) == ()


def test_borders_drawn_twice_a_little_apart_are_common(
    release: Release, tmp_path: Path
) -> None:
    bounds = read_boundaries(release.path, Kind.QUARTIER)
    apart = bounds.assign(geometry=bounds.geometry.buffer(-0.1, join_style="mitre"))
    assert not shapely.intersects(*apart.geometry.iloc[:2])
    _write(apart, tmp_path)
    found = borders_of(see(replace(release, path=tmp_path)))
    assert set(found["12"]) == {"11", "13", "22"}


def test_an_island_has_no_neighbours(release: Release, tmp_path: Path) -> None:
    bounds = read_boundaries(release.path, Kind.QUARTIER)
    moved = bounds.geometry.where(bounds["area_id"] != "11", bounds.translate(-50, -50))
    _write(bounds.assign(geometry=moved), tmp_path)
    assert borders_of(see(replace(release, path=tmp_path)))["11"] == {}


def test_place_of_a_quartier_in_words(release: Release) -> None:
    assert location_text(see(release), "12") == (
        "Lage von 12 Äußere Vorstadt: Stadtbezirk Nord, Musterstadt. "
        "Grenzt an 22 Hafen, 11 Altstadt und 13 Bahnhof."
    )
    with pytest.raises(KeyError):
        location_text(see(release), "99")


def _write(bounds: gpd.GeoDataFrame, path: Path) -> None:
    """Write boundaries, and a list of files that knows them."""
    bounds.to_file(path / "areas.gpkg", layer=str(Kind.QUARTIER))
    one = {"path": "areas.gpkg", "hash": f"sha256:{digest_of(path / 'areas.gpkg')}"}
    (path / "datapackage.json").write_text(json.dumps({"resources": [one]}), encoding="utf-8")
