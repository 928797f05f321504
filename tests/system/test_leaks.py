"""Nothing hidden leaves: not as a number, not rounded, not in any file of a release."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atlas.publication import palette
from atlas.publication.assessments import Assessment, Author, Place
from atlas.publication.assessments.overview import overview_table, rows_of_city
from atlas.publication.export.csv_text import csv_bytes
from atlas.publication.export.excel import quartier_xlsx_bytes, xlsx_bytes
from atlas.publication.export.geodata import geojson_bytes
from atlas.publication.export.geopackage import gpkg_bytes
from atlas.publication.export.package import zip_bytes
from atlas.publication.export.paper import paper_xlsx_bytes
from atlas.publication.report import FORMATS
from atlas.publication.report.edition import edition_paper
from atlas.publication.report.profile import profile_paper
from atlas.publication.seen import Seen, see
from atlas.publication.views.chosen_table import Wish, chosen, offered_table
from atlas.publication.views.map import map_kinds, map_view
from atlas.publication.views.own_area_tables import (
    compared_file_table,
    own_file_table,
    own_table,
)
from atlas.publication.views.own_areas import OwnArea
from atlas.publication.views.places import directory_of
from atlas.publication.views.selection import LEAST, MOST, Bound, LevelFrom, Span
from atlas.publication.views.table import Table
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
    book = paper_xlsx_bytes(see(release), Kind.QUARTIER, palette.level_looks())
    yield from leak_search.opened("paper.xlsx", book)
    yield from _papers(see(release))
    for group in see(release).groups:
        yield from map(_bytes, _planners_tables(see(release).through(group)))
    yield repr(directory_of(see(release)).goals).encode()


def _papers(seen: Seen) -> Iterator[bytes]:
    every = [area.id for area in seen.areas(Kind.QUARTIER)]
    for paper in (edition_paper((seen,)), profile_paper((seen,), every)):
        for form in FORMATS.values():
            yield from leak_search.opened(f"paper.{form.suffix}", form.write(paper))


def _planners_tables(seen: Seen) -> Iterator[Table]:
    """What planners put together: own areas, rows and columns they chose, assessments."""
    keys = tuple(area.id for area in seen.areas(Kind.QUARTIER))
    pairs = [OwnArea(1, "Paar", Kind.QUARTIER, tuple(sorted({key, "Q8"}))) for key in keys]
    blocks = OwnArea(2, "Blöcke", Kind.BLOCK, ("Q1B1", "Q1B2", "Q8B3"))
    owns = (*pairs, blocks)
    yield own_table(seen, owns)
    yield own_file_table(seen, owns)
    yield compared_file_table(seen, keys, owns)
    conditions = (
        Bound("density", LEAST, 1.0),
        Bound("density", MOST, 1e8),
        LevelFrom(seen.group, 2),
    )
    for is_beside in (False, True):
        offered = offered_table(Span(seen), is_beside=is_beside)
        every = tuple(one.id for one in offered.fields)
        for asked in ((), *((one,) for one in conditions)):
            found = chosen(Span(seen), offered, Wish(asked, every, is_beside))
            kept = found.keep(range(len(found.table.rows)))
            yield found.table.in_order(kept)
    moment = datetime(2025, 3, 1, tzinfo=UTC)
    place = Place("zahlenstadt", "Q8", seen.info.name)
    said = Assessment(place, 1, "Zu wenig Plätze.", Author("Kim", False), moment)
    yield overview_table(seen, rows_of_city(seen, (seen,), (said,)))


def _bytes(table: Table) -> bytes:
    return repr(table).encode()


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
