from atlas.classify import level_items
from atlas.classify.changes import Published, what_if
from atlas.terms import Reason
from tests.method_tables import DAY, column_of, flensburg_rule, flensburg_values, need_rule


def published() -> Published:
    values, residents = flensburg_values(2021)
    items = level_items(values, residents, flensburg_rule(), DAY)
    return Published(values, residents, items, DAY, {})


def test_the_official_rule_moves_nobody() -> None:
    trial = what_if(published(), flensburg_rule())
    assert trial.moved == ()
    assert trial.table.to_numpy().trace() == 13


def test_other_cuts() -> None:
    """need4 instead of mss: of the ten in level 2 seven fall, two stay, one rises."""
    trial = what_if(
        published(), need_rule("density migration_share sgb2_share", preset="need4")
    )
    assert trial.table.loc[2].to_dict() == {1: 7, 2: 2, 3: 1, 4: 0, 0: 0}
    assert trial.table.loc[3, 4] == 1
    assert len(trial.moved) == 9
    assert "STGT01" in trial.moved


def test_more_conditions_take_levels_away() -> None:
    rule = need_rule(
        "density migration_share sgb2_share", preset="mss", options={"min_residents": 5000}
    )
    trial = what_if(published(), rule)
    lost = trial.items[trial.items["reason"] == Reason.FEW_RESIDENTS]["area_id"].unique()
    assert set(lost) <= set(trial.moved)
    assert trial.table[0].sum() == len(lost)


def test_city_value_of_the_release() -> None:
    given = published()
    city = {"density": 20.0, "migration_share": 29.8, "sgb2_share": 14.0}
    rule = need_rule("density migration_share sgb2_share", preset="mss", mean_base="city_value")
    trial = what_if(Published(given.values, given.residents, given.items, DAY, city), rule)
    shifted = column_of(trial.items, "need_index") - column_of(given.items, "need_index")
    assert shifted.max() - shifted.min() < 1e-12
