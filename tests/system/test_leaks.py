"""Nothing hidden leaves: not as a number, not rounded, not in any file of a release."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from atlas.publication.export.csv_text import csv_bytes
from atlas.publication.export.excel import quartier_xlsx_bytes, xlsx_bytes
from atlas.publication.export.geodata import geojson_bytes, gpkg_bytes
from atlas.publication.export.package import zip_bytes
from atlas.publication.seen import see
from atlas.publication.views.map import map_kinds, map_view
from atlas.release import open_release
from atlas.terms import Group, Kind
from tests import leak_search, leak_town

SCOPES = ("table", "cell")


def _everything(path: Path) -> Iterator[bytes]:
    """Every file of a release and every file that is made of it."""
    release = open_release(path)
    for file in sorted(one for one in path.rglob("*") if one.is_file()):
        yield from leak_search.contents_of(file)
    yield from leak_search.opened("all.zip", zip_bytes(release))
    for kind in (Kind.BLOCK, Kind.QUARTIER, Kind.CITY):
        yield from leak_search.opened("one.xlsx", xlsx_bytes(see(release), kind))
        yield csv_bytes(see(release), kind)
        yield geojson_bytes(see(release), kind)
        file = path.parent / f"{kind}.gpkg"
        file.write_bytes(gpkg_bytes(see(release), kind))
        yield from leak_search.contents_of(file)
    for area in see(release).areas(Kind.QUARTIER):
        book = quartier_xlsx_bytes([see(release)], area.id)
        yield from leak_search.opened("one.xlsx", book)
    for theme in ("need", "density", "migrant_density", "case_share"):
        for kind in map_kinds(see(release)):
            yield repr(map_view(see(release, Group.ALL), theme, kind)).encode()


@pytest.mark.parametrize("scope", SCOPES)
def test_nothing_hidden_is_in_any_file(tmp_path: Path, scope: str) -> None:
    numbers = leak_town.hidden_numbers(scope)
    assert len(numbers) > 40
    path = leak_town.write_town(tmp_path, scope)
    assert leak_search.find(numbers, _everything(path)) == {}


@pytest.mark.parametrize("scope", SCOPES)
def test_the_same_search_finds_all_in_an_undefended_release(tmp_path: Path, scope: str) -> None:
    numbers = leak_town.hidden_numbers(scope)
    path = leak_town.write_town(tmp_path, "open")
    assert leak_search.find(numbers, _everything(path)).keys() == numbers.keys()


def test_the_town_hides_a_quartier_and_shows_others() -> None:
    counts = leak_town.shown_counts("cell")
    quartiere = counts[(counts["kind"] == "quartier") & (counts["measure"] == "residents")]
    shown = quartiere.groupby("area_id")["status"].apply(lambda one: set(one) == {"published"})
    assert not shown["Q8"]
    assert shown.sum() >= 5


def test_a_name_drawn_by_chance_is_no_leak_and_what_follows_it_is() -> None:
    """A message of the dashboard: the name of a run, at once followed by the next field."""
    name = b"\x12(2&\n$2f8fa8e8-2561-414a-a0ca-72c7c7bd3d920"
    assert leak_search.find({"n": 2561.0}, [name + b"\x00"]) == {}
    assert leak_search.find({"n": 2561.0}, [name + b"\x00 2.561 "]).keys() == {"n"}
