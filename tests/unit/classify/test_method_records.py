"""Whatever method has a record can be configured, computed, explained and written down."""

from types import SimpleNamespace

import numpy as np
import pytest

from atlas.classify import CITY_ID, explain
from atlas.config import read_scale
from atlas.config.methods import METHODS
from atlas.publication.views.notices import meanings_of
from atlas.release.method import method_text
from atlas.terms import NEED_INDEX, NEED_LEVEL, Group, Level
from tests.factories import DAY, town_config, town_counts, town_info
from tests.method_tables import classify_table, column_of, levels_of_city, need_rule

TABLE = """
area a  b |
01   1  9
02   2  4
03   3  5
04   5  1
05   9  7
"""

every_method = pytest.mark.parametrize("name", METHODS)


def parts_of(name: str, ids: str) -> list[dict[str, object]]:
    own = {"cuts": [2.0, 4.0]} if METHODS[name].has_part_cuts else {}
    return [{"id": one, **own} for one in ids.split()]


@every_method
def test_contributions_add_up_to_the_index_and_cuts_make_the_level(name: str) -> None:
    rule = need_rule(method=name, indicators=parts_of(name, "a b"))
    items = classify_table(TABLE, rule)
    index = column_of(items, NEED_INDEX)
    parts = sum(column_of(items, f"{item}.contribution") for item in rule.items)
    assert np.allclose(parts, index)
    city = items[items["area_id"] == CITY_ID].set_index("item")["value"]
    cuts = [city[f"{NEED_INDEX}.cut_{number}"] for number in (1, 2, 3)]
    levels = 1 + sum((index > cut).astype(int) for cut in cuts)
    assert list(column_of(items, NEED_LEVEL)) == list(levels)
    assert set(levels) <= set(map(int, Level))


@every_method
def test_further_figures_have_a_row_for_every_area(name: str) -> None:
    rule = need_rule(method=name, indicators=parts_of(name, "a b"))
    items = classify_table(TABLE, rule)
    assert all(column_of(items, item).notna().all() for item in rule.extra_items)


@every_method
def test_only_a_standardised_sum_is_replicated(name: str) -> None:
    rule = need_rule(method=name, indicators=parts_of(name, "a b"))
    assert (rule.robustness is not None) == METHODS[name].is_standardising


@every_method
def test_an_explanation_says_what_the_score_is_called(name: str) -> None:
    rule = need_rule(method=name, indicators=parts_of(name, "a b"))
    explained = explain(classify_table(TABLE, rule), rule, DAY, "05")
    score = METHODS[name].score
    levels = levels_of_city({"method": name, "indicators": parts_of(name, "a b")})
    config = town_config().published().model_copy(update={"levels": levels})
    seen = SimpleNamespace(config=config, group=Group.ALL, plural=lambda kind: "Quartiere")
    assert (score.name, score.meaning) in [
        (term.name, term.text) for term in meanings_of(seen, explained)
    ]


@every_method
def test_the_method_text_names_it(name: str) -> None:
    config = town_config()
    ids = " ".join(part.id for part in config.levels.need[Group.ALL].indicators)
    scale = read_scale({"method": name, "indicators": parts_of(name, ids)})
    need = {**config.levels.need, Group.ALL: scale}
    tried = config.model_copy(
        update={"levels": config.levels.model_copy(update={"need": need})}
    )
    text = method_text(town_info(tried, DAY), town_counts(DAY))
    assert f"- Verfahren: {METHODS[name].title}\n" in text
