from dataclasses import replace

import pytest

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.indicator_changes import extreme_changes, indicator_change_map
from atlas.terms import Group

ITEM = "sgb2_share"


def _legend(view):
    return {entry.label: entry.count for entry in view.legend}


def _with(release, **shares):
    """The release with other SGB II rates of some Quartiere, e.g. ``q11=12.0``."""
    cells = release.cells.copy()
    for key, value in shares.items():
        is_cell = (cells["kind"] == "quartier") & (cells["area_id"] == key[1:])
        is_cell &= (cells["item"] == ITEM) & (cells["group"] == "all")
        cells.loc[is_cell, "value"] = value
    return see(replace(release, cells=cells))


def test_map_shows_how_far_each_went_in_equal_classes_up_and_down(before):
    # Differences 2, −1, 1, −3, 0: half of those that differ do not exceed 1,5.
    later = _with(before, q11=12.0, q12=14.0, q13=11.0, q21=1.0)
    view = indicator_change_map(see(before), later, ITEM)
    assert _legend(view) == {
        "um mehr als 1,5 gesunken": 1,
        "um bis zu 1,5 gesunken": 1,
        "unverändert": 1,
        "um bis zu 1,5 gestiegen": 1,
        "um mehr als 1,5 gestiegen": 1,
        "unbewohnt": 1,
    }
    assert {key: view.legend[at].step for key, at in view.entry_of.items()} == {
        "11": 5,
        "12": 2,
        "13": 4,
        "21": 1,
        "22": 3,
        "23": 0,
    }
    assert view.labels["11"] == "+2,0"
    assert view.texts["21"] == "−3,0 Prozentpunkte"
    assert view.texts["23"] == "unbewohnt"


@pytest.mark.parametrize(("by", "step"), [(1.4, 4), (1.5, 4), (1.6, 5), (-1.5, 2), (-1.6, 1)])
def test_bound_belongs_to_the_smaller_changes(before, by, step):
    # The others differ by 1,5 too, so that it lies in the middle whatever this one does.
    later = _with(before, q11=10.0 + by, q12=16.5, q13=11.5, q21=5.5)
    view = indicator_change_map(see(before), later, ITEM)
    assert "um bis zu 1,5 gestiegen" in _legend(view)
    assert view.legend[view.entry_of["11"]].step == step


def test_hidden_or_pending_at_one_date_has_no_difference(before, release, provisional):
    pending = indicator_change_map(see(release), see(provisional), ITEM)
    assert _legend(pending) == {"unverändert": 0, "fällt später an": 5, "unbewohnt": 1}
    sides = (see(one, Group.U18) for one in (before, release))
    children = indicator_change_map(*sides, "migration_share")
    assert children.texts["13"] == children.texts["21"] == "geheim"
    assert children.labels["13"] == ""


def test_extremes_are_the_three_most_each_way(before):
    later = _with(before, q11=12.0, q12=14.0, q13=11.0, q21=1.0)
    table = extreme_changes(see(before), later, ITEM)
    assert rows_of(table) == (
        ("11 Altstadt", "10,0", "12,0", "+2,0"),
        ("13 Bahnhof", "10,0", "11,0", "+1,0"),
        ("12 Äußere Vorstadt", "15,0", "14,0", "−1,0"),
        ("21 Waldheim", "4,0", "1,0", "−3,0"),
    )
