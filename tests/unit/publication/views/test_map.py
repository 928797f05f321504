import dataclasses

import pytest

from atlas.config.groups import DEFAULT_GROUPS
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.areas import area_table
from atlas.publication.views.items import NEED, themes
from atlas.publication.views.map import map_kinds, map_view
from atlas.publication.views.profile import card
from atlas.terms import Group, Kind, Status


def _legend(view):
    return [(entry.step, entry.label, entry.count) for entry in view.legend]


def test_level_map_counts_levels_and_says_why_others_have_none(release):
    view = map_view(see(release, Group.ALL), NEED, Kind.QUARTIER)
    assert view.title == "Handlungsbedarf · Alle · Quartiere · 31.12.2023"
    assert (view.palette, view.unit) == ("level", "")
    assert _legend(view) == [
        (1, "kein Handlungsbedarf", 2),
        (2, "Handlungsbedarf abwägen", 1),
        (3, "Handlungsbedarf", 0),
        (4, "hoher Handlungsbedarf", 1),
        (0, "unbewohnt", 1),
        (0, "nicht klassifiziert", 1),
    ]
    assert view.texts["11"] == "Stufe 4, hoher Handlungsbedarf"
    assert view.labels == {"11": "4", "12": "2", "13": "1", "21": "1", "22": "", "23": ""}


def test_level_hidden_by_a_hidden_count_is_drawn_as_hidden(release):
    view = map_view(see(release, Group.U18), NEED, Kind.QUARTIER)
    assert view.legend[view.entry_of["13"]].status is Status.SUPPRESSED
    assert view.texts["13"] == "geheim"


def test_level_waiting_for_a_delivery_is_drawn_as_later(provisional):
    view = map_view(see(provisional, Group.ALL), NEED, Kind.QUARTIER)
    assert view.legend[view.entry_of["11"]].status is Status.MISSING
    assert "SGB II fällt später an." in view.notes


def test_blocks_look_like_their_quartier_on_the_level_map(release):
    view = map_view(see(release, Group.ALL), NEED, Kind.BLOCK)
    assert view.texts["1101"] == view.texts["1102"] == "Stufe 4, hoher Handlungsbedarf"
    assert view.labels["1101"] == ""
    assert view.notes[0].startswith("Baublöcke tragen keine eigene Stufe")


def test_districts_have_no_level_so_their_quartiere_are_drawn(release):
    view = map_view(see(release, Group.ALL), NEED, Kind.DISTRICT)
    quartiere = map_view(see(release, Group.ALL), NEED, Kind.QUARTIER)
    assert (view.kind, view.geometry) == (Kind.QUARTIER, quartiere.geometry)
    assert view.outline.startswith("map/district.")
    assert (view.legend, view.entry_of) == (quartiere.legend, quartiere.entry_of)
    assert view.labels == quartiere.labels
    north = "Stadtbezirk Nord: 1 × Stufe 4, 1 × Stufe 2, 1 × Stufe 1"
    assert view.texts["11"] == f"Stufe 4, hoher Handlungsbedarf · {north}"
    assert view.texts["23"] == "unbewohnt · Stadtbezirk Süd: 1 × Stufe 1, 2 ohne Stufe"
    assert view.notes[0].startswith("Stadtbezirke tragen keine eigene Stufe")
    assert "Stadtbezirke" in view.title


def test_indicator_map_has_classes_of_its_own_kind(release):
    view = map_view(see(release, Group.ALL), "sgb2_share", Kind.QUARTIER)
    assert (view.palette, view.unit) == ("class", "%")
    assert _legend(view) == [
        (1, "4,0 bis unter 10,0", 1),
        (2, "10,0 bis unter 15,0", 1),
        (3, "15,0 bis unter 25,0", 1),
        (4, "25,0 bis unter 30,0", 1),
        (5, "30,0", 1),
        (0, "unbewohnt", 1),
    ]
    assert (view.texts["11"], view.labels["11"]) == ("30,0 %", "30,0")


def test_own_breaks_count_for_more_than_other_dates(release):
    seen = see(release, Group.ALL)
    view = map_view(seen, "sgb2_share", Kind.QUARTIER, (seen,), (10.0, 20.0))
    assert _legend(view) == [
        (1, "unter 10,0", 1),
        (2, "10,0 bis unter 20,0", 2),
        (3, "20,0 und mehr", 2),
        (0, "unbewohnt", 1),
    ]


def test_hidden_block_has_neither_value_nor_class(release):
    view = map_view(see(release, Group.ALL), "migration_share", Kind.BLOCK)
    entry = view.legend[view.entry_of["1301"]]
    assert (entry.step, entry.status, entry.label) == (0, Status.SUPPRESSED, "geheim")
    why = "je Quartier die ganze Tabelle, weil sonst Anzahlen von 1 bis 2 darin stünden"
    assert (view.texts["1301"], view.labels["1301"]) == (f"geheim: {why}", "")


@pytest.mark.parametrize("kind", [Kind.BLOCK, Kind.QUARTIER, Kind.DISTRICT])
@pytest.mark.parametrize("theme", [NEED, "density", "migration_share", "sgb2_share"])
def test_every_area_is_drawn_and_the_legend_counts_all(release, theme, kind):
    view = map_view(see(release, Group.ALL), theme, kind)
    keys = {area.id for area in see(release).areas(view.kind)}
    assert view.entry_of.keys() == view.texts.keys() == view.labels.keys() == keys
    assert sum(entry.count for entry in view.legend) == len(keys)


def test_files_of_the_map_lie_in_the_release(release):
    view = map_view(see(release, Group.ALL), NEED, Kind.QUARTIER)
    assert (release.path / view.geometry).is_file()
    assert view.outline.startswith("map/district.")
    above = map_view(see(release, Group.ALL), "density", Kind.DISTRICT)
    assert (above.kind, above.outline) == (Kind.DISTRICT, "")


def test_what_a_hidden_cell_holds_changes_nothing(release):
    """Even a file with values under hidden statuses shows none of them."""
    cells = release.cells.copy()
    is_hidden = cells["status"] == str(Status.SUPPRESSED)
    assert is_hidden.any()
    cells.loc[is_hidden, "value"] = 87_654.0
    spoiled = dataclasses.replace(release, cells=cells)
    for group in DEFAULT_GROUPS:
        for theme in themes(see(release, group)):
            for kind in map_kinds(see(release)):
                assert map_view(see(spoiled, group), theme.id, kind) == map_view(
                    see(release, group), theme.id, kind
                )


def test_estimated_value_says_so(release):
    cells = release.cells.copy()
    is_one = (
        (cells["item"] == "density")
        & (cells["area_id"] == "11")
        & (cells["kind"] == "quartier")
    )
    cells.loc[is_one, "status"] = str(Status.ESTIMATED)
    estimated = dataclasses.replace(release, cells=cells)
    view = map_view(see(estimated, Group.ALL), "density", Kind.QUARTIER)
    assert view.texts["11"] == "150,0 je ha (geschätzt)"
    found = card(see(estimated, Group.ALL), Kind.QUARTIER, "11")
    assert found.facts[0].value == "150,0 je ha (geschätzt)"
    table = area_table(see(estimated, Group.ALL), Kind.QUARTIER)
    place = [column.id for column in table.on_page().fields].index("density")
    assert rows_of(table)[0][place] == "150,0 s"


def test_themes_begin_with_need_then_indicators_of_the_group(release):
    assert [theme.id for theme in themes(see(release, Group.ALL))] == [
        "need",
        "density",
        "migration_share",
        "sgb2_share",
    ]
    assert [theme.id for theme in themes(see(release, Group.U18))] == [
        "need",
        "migration_share",
        "sgb2_share",
    ]


def test_kinds_of_the_map_go_from_large_to_small_without_the_city(release):
    assert map_kinds(see(release)) == (Kind.DISTRICT, Kind.QUARTIER, Kind.BLOCK)
