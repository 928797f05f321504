"""Whatever a file holds under a hidden status, no view and no export shows any of it."""

import dataclasses

import pytest

from atlas.config.groups import DEFAULT_GROUPS
from atlas.publication import export, views
from atlas.terms import KINDS, Status

SHOWN = {str(Status.PUBLISHED), str(Status.ESTIMATED)}
QUARTIERE = ("11", "13", "21", "23")


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
        for kind in views.kinds_of(release):
            yield views.area_table(release, kind, group)
            yield views.group_dataset(release, kind, group)
            for area in views.areas(release, kind):
                yield views.card(release, kind, area.id, group, before)
        yield views.level_changes(before, release, group)
        yield views.difference_table(before, release, group)
        yield views.difference_dataset(release, before, group)
        yield views.reason_dataset(release, group)
        yield views.scatter_of(release, group, "migration_share", "sgb2_share")
        yield views.beside_each_other(release, QUARTIERE, group)
        yield views.strips_of_many(release, QUARTIERE, group)
        for key in QUARTIERE:
            yield views.reasons(release, key, group)
            yield views.beside_parents(release, key, group)
            yield views.strips_of(release, key, group)
            yield views.beside_groups(release, key)
            yield views.block_table(release, key, group)
            yield views.development_table((before, release), key, group)
            for item in views.development_items(release, group):
                yield views.series_of((before, release), key, group, item)
    yield views.block_tables(release)
    yield views.remarks_table(release)


def test_views_show_the_same_with_and_without_hidden_values(release, spoiled, before):
    clean = list(_views_of(release, before))
    assert len(clean) > 100
    for expected, found in zip(clean, _views_of(spoiled, before), strict=True):
        assert found == expected


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize(
    "make", [export.xlsx_bytes, export.csv_bytes, export.gpkg_bytes, export.geojson_bytes]
)
def test_files_are_the_same_with_and_without_hidden_values(release, spoiled, make, kind):
    assert make(spoiled, kind) == make(release, kind)


def test_workbook_of_a_quartier_is_the_same(release, spoiled, before):
    expected = export.quartier_xlsx_bytes((before, release), "13")
    assert export.quartier_xlsx_bytes((before, spoiled), "13") == expected
