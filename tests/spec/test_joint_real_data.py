"""Joint robustness and provisional levels of real cities: what chance and carrying do there.

Berlin's edition of 2021 is the only one here, so a late S4 of an earlier edition cannot be
carried to it; Flensburg's counts of 2021 and 2022 take its place.
"""

from dataclasses import replace

import pandas as pd

from atlas.classify import Noise, Rule, joint_items, level_items, rule_of
from atlas.config.levels import Robustness
from atlas.release.hindcast import hindcast_items
from atlas.terms import Group
from tests.method_tables import (
    DAY,
    berlin_levels,
    berlin_values,
    flensburg_rule,
    flensburg_values,
)
from tests.spec.test_published_classes import BERLIN_DAY


def berlin_words(*factors: str) -> pd.DataFrame:
    """Stability and driver of every classified Planungsraum, by what varies."""
    values, residents, _ = berlin_values()
    rule = rule_of(berlin_levels(), "need", Group.ALL)
    settings = Robustness.model_validate({"factors": factors})
    rule = replace(rule, robustness=settings)
    items = level_items(values, residents, rule, BERLIN_DAY)
    found = items
    if settings.is_joint:
        found = joint_items(values, items, berlin_noise(values, residents, rule), rule)
    wide = found.pivot(index="area_id", columns="item", values="value")
    return wide[wide["need_level.stability"].notna()]


def berlin_noise(values: pd.DataFrame, residents: pd.DataFrame, rule: Rule) -> Noise:
    people = residents.set_index("area_id")["value"]
    own = values[values["item"].isin(rule.items)].dropna(subset="value")
    of = own["area_id"].map(people)
    columns = {"series": "zufall", "is_share": True, "factor": 100.0}
    rows = own[["area_id", "item"]].assign(numerator=own["value"] * of / 100, denominator=of)
    return Noise(rows.assign(**columns).dropna(subset="denominator"))


def test_berlin_with_and_without_chance() -> None:
    """Of 426 levels that hold by the method, chance takes 17 the word; no level gets surer."""
    alone, both = berlin_words("method"), berlin_words("method", "chance")
    before, after = alone["need_level.stability"], both["need_level.stability"]
    assert before.value_counts().to_dict() == {1: 426, 2: 58, 3: 52}
    assert after.value_counts().to_dict() == {1: 409, 2: 73, 3: 54}
    assert (after >= before).all()
    drivers = both["need_level.driver"].value_counts().to_dict()
    assert drivers == {0: 328, 1: 2, 2: 6, 3: 95, 4: 82, 5: 23}


def test_chance_alone_in_berlin() -> None:
    words = berlin_words("chance")["need_level.stability"]
    assert words.value_counts().to_dict() == {1: 492, 2: 24, 3: 20}


def test_flensburg_with_the_benefits_of_the_year_before() -> None:
    """13 Stadtteile: each level of 2022 would have been what it became."""
    rule = flensburg_rule()
    (values, residents), (old, _) = flensburg_values(2022), flensburg_values(2021)
    is_late = values["item"] == "sgb2_share"
    before = old[old["item"] == "sgb2_share"].set_index("area_id")["value"]
    carried = values.assign(
        value=values["value"].where(~is_late, values["area_id"].map(before))
    )
    assert (carried["value"] != values["value"]).sum() == 13
    final = level_items(values, residents, rule, DAY)
    then = level_items(carried, residents, rule, DAY).assign(status="estimated")
    city = hindcast_items(final, then, rule).set_index(["area_id", "item"])["value"]
    assert city["", "need_level.hindcast_counted"] == 13
    assert city["", "need_level.hindcast_wrong"] == 0
