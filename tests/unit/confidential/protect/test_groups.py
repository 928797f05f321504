"""Groups by age and by more than age, and many measures: exact relations, few moves."""

import numpy as np
import pytest

from atlas.confidential.audit import audit
from atlas.confidential.audit.populations import subtractions
from atlas.confidential.protect import protect
from atlas.confidential.protect.city import build_city
from atlas.confidential.protect.groups import Populations
from atlas.config.groups import DEFAULT_GROUPS, GroupRule, populations_of
from atlas.terms import Group
from tests.block_town import KEY, rules, town

EVERY = populations_of(
    {
        **DEFAULT_GROUPS,
        Group("a65plus"): GroupRule(label="65+", min_age=65),
        Group("a6_10"): GroupRule(label="6-10", min_age=6, max_age=10, part_of="u18"),
        Group("a18_64"): GroupRule(label="18-64", min_age=18, max_age=64),
        Group("a15_24"): GroupRule(label="15-24", min_age=15, max_age=24),
        Group("a25plus"): GroupRule(label="25+", min_age=25),
        Group("female"): GroupRule(label="Frauen", where=({"SEX": {"is_in": ["w"]}},)),
        Group("girls"): GroupRule(label="Mädchen", part_of="female", max_age=17),
    }
)
RULES = rules(scope="cell", insider=False)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["all"], set()),
        (["all", "u18"], {("all", "u18", "over_18")}),
        (["all", "female"], {("all", "female", "all-female")}),
        (["u18", "girls"], {("u18", "girls", "u18-girls")}),
        (
            ["all", "female", "u18", "girls"],
            {
                ("all", "u18", "over_18"),
                ("all", "female", "all-female"),
                ("u18", "girls", "u18-girls"),
                ("female", "girls", "female-girls"),
            },
        ),
        (
            ["all", "u18", "a65plus"],
            {
                ("all", "u18", "over_18"),
                ("all", "a65plus", "all-a65plus"),
                ("all-a65plus", "u18", "all-a65plus-u18"),
            },
        ),
        (
            ["all", "u18", "a6_10"],
            {
                ("all", "u18", "over_18"),
                ("all", "a6_10", "all-a6_10"),
                ("u18", "a6_10", "u18-a6_10"),
            },
        ),
    ],
)
def test_a_reader_subtracts_groups_that_lie_in_each_other(names, expected):
    assert set(Populations(EVERY).triples(names)) == expected
    assert set(subtractions(names, EVERY)) == expected


def test_what_overlapping_bands_share_is_found():
    found = Populations(EVERY).triples(["all", "u18", "a15_24", "a25plus"])
    shared = [rest for whole, _, rest in found if whole == "u18"]
    assert shared == ["u18-all-a25plus-a15_24"]
    assert found == list(subtractions(["a15_24", "a25plus", "all", "u18"], EVERY))


def _many(measures, groups, seed=3):
    """Draw persons of many measures that only share the residents; sums above the blocks."""
    rng = np.random.default_rng(seed)
    blocks: dict[str, dict[str, list[int]]] = {}
    tests = {
        "all": lambda age, woman: age >= 0,
        "u18": lambda age, woman: age < 18,
        "a6_10": lambda age, woman: (age >= 6) & (age <= 10),
        "a18_64": lambda age, woman: (age >= 18) & (age < 65),
        "a65plus": lambda age, woman: age >= 65,
        "female": lambda age, woman: woman,
    }
    for quartier in ("A", "B"):
        block = np.repeat(np.arange(15), rng.integers(0, 90, 15))
        age, woman = rng.integers(0, 95, len(block)), rng.random(len(block)) < 0.5
        table = {}
        for i in range(measures):
            is_in = rng.random(len(block)) < (1.0 if i == 0 else 0.1)
            for group in groups:
                chosen = block[is_in & tests[group](age, woman)]
                table[f"m{i}|{group}"] = np.bincount(chosen, minlength=15).tolist()
        blocks[quartier] = table
    counts, areas = town(blocks)
    return counts, areas, {f"m{i}": "m0" if i else None for i in range(measures)}


@pytest.mark.parametrize(
    ("measures", "groups"),
    [
        (8, ("all", "u18")),
        (4, ("all", "u18", "a6_10", "a65plus")),
        (3, ("all", "u18", "a18_64", "a65plus")),
        (4, ("all", "a65plus", "female")),
    ],
)
def test_many_measures_and_groups_are_proved(measures, groups):
    counts, areas, nesting = _many(measures, groups)
    protected = protect(counts, areas, nesting, RULES, KEY, None, EVERY)
    cells, proof = protected.cells, protected.certificates
    verdict = audit(cells, counts, areas, nesting, RULES, proof, None, EVERY)
    assert verdict.is_safe, verdict.disclosures
    assert verdict.figures["sensitive"] > verdict.figures["hidden_secondary"] > 0


def test_moves_grow_with_the_measures_and_not_with_their_combinations():
    numbers = []
    for measures in (10, 20):
        counts, areas, nesting = _many(measures, ("all", "u18"))
        frame = build_city(counts, areas, nesting, RULES, KEY).system.frame
        numbers.append(max(len(layer.moves) for layer in frame.layers))
    assert numbers[1] <= 2.2 * numbers[0] < 300


def test_the_audit_knows_the_relation_of_disjoint_groups():
    """Two old and one child hidden beside a printed rest of no one: a reader adds them up."""
    counts, areas = town(
        {"A": {"m|all": [40, 30, 50], "m|u18": [20, 10, 20], "m|a65plus": [18, 10, 20]}}
    )
    shown = counts.assign(status="published")
    empty = protect(counts, areas, {"m": None}, RULES, KEY, None, EVERY).certificates
    nothing = type(empty)(proved=empty.proved.iloc[:0], deltas=empty.deltas.iloc[:0])
    verdict = audit(shown, counts, areas, {"m": None}, RULES, nothing, None, EVERY)
    named = [line for line in verdict.disclosures if line.startswith("Kleine Zahl lässt")]
    assert named == ["Kleine Zahl lässt sich errechnen: block Ab0, m, all-a65plus-u18"]
