"""What pages say of an index of sub-indices."""

import pytest

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import Seen, see
from atlas.publication.views.areas import area_table, level_table
from atlas.publication.views.comparison import beside_parents
from atlas.publication.views.contributions import contribution_table
from atlas.publication.views.definitions import built_in_terms, definition_of
from atlas.publication.views.items import themes
from atlas.publication.views.map import map_view
from atlas.publication.views.profile import card
from atlas.publication.views.trial import trial_of
from atlas.publication.views.trial_choice import official_choice, trial_levels
from atlas.release import open_release
from atlas.terms import Group, Kind
from tests.words.towns import Town, with_themes, write_town

AREA = "102"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    paths = write_town(Town("teilindizes", with_themes), tmp_path_factory.mktemp("town"))
    return see(open_release(paths[-1]))


def test_contributions_stand_below_their_sub_index(seen: Seen) -> None:
    table = contribution_table(seen, AREA)
    assert table is not None
    assert [row[0] for row in rows_of(table)] == [
        "Teilindex Enge",
        "davon Einwohnerdichte",
        "Teilindex Soziale Lage",
        "davon SGB-II-Quote",
        "davon Anteil mit Migrationshintergrund",
        "Index (Summe der Beiträge)",
    ]


def test_a_sub_index_has_its_rank_where_the_index_has_one(seen: Seen) -> None:
    facts = {fact.label: fact for fact in card(seen, Kind.QUARTIER, AREA).facts}
    assert facts["Teilindex Enge"].rank == "Rang 1 von 15"
    rows = {row[0]: row for row in rows_of(beside_parents(seen, AREA))}
    assert rows["Teilindex Enge"][-1] == "1 von 15"
    assert rows["Teilindex Enge"][2:4] == ("nicht berechnet",) * 2


def test_a_sub_index_is_a_theme_of_the_map(seen: Seen) -> None:
    assert [one.label for one in themes(seen)][:3] == [
        "Handlungsbedarf",
        "Teilindex Soziale Lage",
        "Teilindex Enge",
    ]
    for kind in (Kind.QUARTIER, Kind.DISTRICT):
        view = map_view(seen, "need_index.lage", kind)
        assert view.kind == Kind.QUARTIER
        assert sum(entry.count for entry in view.legend) == 16
    meaning = {term.name: term.text for term in definition_of(seen, "need_index.lage")}
    assert meaning["Gerechnet aus"] == "Anteil mit Migrationshintergrund und SGB-II-Quote."


def test_files_have_columns_of_sub_indices(seen: Seen) -> None:
    labels = [field.label for field in area_table(seen, Kind.QUARTIER).fields]
    assert "Teilindex Enge" in labels
    labels = [field.label for field in level_table(seen).fields]
    assert "Teilindex Enge: Beitrag zum Index" in labels


def test_a_trial_keeps_the_sub_indices(seen: Seen) -> None:
    choice = official_choice(seen)
    assert set(choice.weights) == {"migration_share", "sgb2_share", "density"}
    trial = trial_of(seen, trial_levels(seen, choice))
    assert trial is not None
    assert not trial.moved.rows
    alone = {**choice.weights, "density": 0.0}
    tried = trial_levels(seen, type(choice)("minmax", (0.25, 0.5, 0.75), alone, {}))
    assert [theme.id for theme in tried.need[Group.ALL].themes] == ["lage"]


def test_words_do_not_promise_a_robustness_that_nobody_reckons(seen: Seen) -> None:
    assert "Robustheit" not in {term.name for term in built_in_terms(seen)}
