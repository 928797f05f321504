"""Whatever a file holds under a hidden status, no view and no export shows any of it."""

import dataclasses

import pytest

from atlas.config.groups import DEFAULT_GROUPS
from atlas.publication.export.csv_text import csv_bytes
from atlas.publication.export.excel import quartier_xlsx_bytes, xlsx_bytes
from atlas.publication.export.geodata import geojson_bytes
from atlas.publication.export.geopackage import gpkg_bytes
from atlas.publication.report.edition import edition_paper
from atlas.publication.report.profile import profile_paper
from atlas.publication.seen import see
from atlas.publication.views.areas import area_table, block_table, level_table
from atlas.publication.views.changes import level_changes
from atlas.publication.views.chosen_table import offered_table
from atlas.publication.views.comparison import beside_each_other, beside_groups, beside_parents
from atlas.publication.views.development import development_items, development_table, series_of
from atlas.publication.views.differences import difference_table
from atlas.publication.views.notes import block_tables
from atlas.publication.views.own_area_tables import (
    compared_file_table,
    own_file_table,
    own_table,
)
from atlas.publication.views.own_areas import OwnArea
from atlas.publication.views.profile import card
from atlas.publication.views.reasons import reasons
from atlas.publication.views.remarks import remarks_table
from atlas.publication.views.selection import Span
from atlas.publication.views.similar import similar_to
from atlas.publication.views.spread import scatter_of, strips_of, strips_of_many
from atlas.terms import KINDS, Kind, Status

SHOWN = {str(Status.PUBLISHED), str(Status.ESTIMATED)}
QUARTIERE = ("11", "13", "21", "23")
OWNS = (
    OwnArea(1, "Nord", Kind.QUARTIER, ("11", "13")),
    OwnArea(2, "Schule", Kind.BLOCK, ("1101", "1301")),
)


@pytest.fixture(scope="module")
def spoiled(release):
    """The release with an unmistakable number under every status that hides."""
    cells = release.cells.copy()
    is_hidden = ~cells["status"].isin(SHOWN)
    assert is_hidden.sum() > 20
    assert cells.loc[is_hidden, "value"].isna().all()
    cells.loc[is_hidden, "value"] = 87_654.321
    return dataclasses.replace(release, cells=cells)


def _views_of(release, before):
    for group in DEFAULT_GROUPS:
        for kind in see(release).kinds:
            yield area_table(see(release, group), kind)
            yield area_table(see(release, group), kind)
            for area in see(release).areas(kind):
                yield card(see(release, group), kind, area.id, see(before, group))
        yield level_changes(see(before, group), see(release, group))
        past = (see(before, group), see(release, group))
        yield edition_paper(past)
        yield profile_paper(past, QUARTIERE)
        yield difference_table(see(before, group), see(release, group))
        for is_beside in (False, True):
            span = Span(see(release, group), see(before, group))
            yield offered_table(span, is_beside=is_beside)
        yield difference_table(see(release, group), see(before, group))
        yield level_table(see(release, group))
        yield scatter_of(see(release, group), "migration_share", "sgb2_share")
        yield beside_each_other(see(release, group), QUARTIERE, OWNS)
        yield own_table(see(release, group), OWNS)
        yield own_file_table(see(release, group), OWNS)
        yield compared_file_table(see(release, group), QUARTIERE, OWNS)
        yield strips_of_many(see(release, group), QUARTIERE)
        for key in QUARTIERE:
            yield reasons(see(release, group), key)
            yield beside_parents(see(release, group), key)
            yield similar_to(see(release, group), key)
            yield strips_of(see(release, group), key)
            yield beside_groups(see(release), key)
            yield block_table(see(release, group), key)
            yield development_table((see(before, group), see(release, group)), key)
            for item in development_items(see(release, group)):
                yield series_of((see(before, group), see(release, group)), key, item)
    yield block_tables(see(release))
    yield remarks_table(see(release))


def test_views_show_the_same_with_and_without_hidden_values(release, spoiled, before):
    clean = list(_views_of(release, before))
    assert len(clean) > 100
    for expected, found in zip(clean, _views_of(spoiled, before), strict=True):
        assert found == expected


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("make", [xlsx_bytes, csv_bytes, gpkg_bytes, geojson_bytes])
def test_files_are_the_same_with_and_without_hidden_values(release, spoiled, make, kind):
    assert make(see(spoiled), kind) == make(see(release), kind)


def test_workbook_of_a_quartier_is_the_same(release, spoiled, before):
    expected = quartier_xlsx_bytes((see(before), see(release)), "13")
    assert quartier_xlsx_bytes((see(before), see(spoiled)), "13") == expected
