"""Who knows one large hidden count, and blocks in which nearly everybody belongs."""

import numpy as np
import pytest
from scipy.sparse import csc_array

from atlas.confidential.audit import audit
from atlas.confidential.audit.attack import Unproved
from atlas.confidential.protect import protect
from tests.block_town import KEY, NESTING, random_town, rules, status_of, town

SHELTER = {"residents": [130, 60, 80, 90], "migrants": [126, 2, 40, 30]}
"""Block 2 is hidden for its own sake; the shelter's 126 would be the cheapest beside it."""

HOUSE = {"residents": [100, 90, 80, 70], "migrants": [60, 20, 30, 25]}


def _protect(counts, areas, **changes):
    rule = rules(scope="cell", insider=False, **changes)
    protected = protect(counts, areas, NESTING, rule, KEY)
    verdict = audit(protected.cells, counts, areas, NESTING, rule, protected.certificates)
    assert verdict.is_safe, verdict.disclosures
    return protected, verdict


def _learn(counts, areas, size):
    """Audit a pattern that was found without thought of operators."""
    protected = protect(counts, areas, NESTING, rules(scope="cell", insider=False), KEY)
    asked = rules(scope="cell", insider=False, operator_size=size)
    verdict = audit(protected.cells, counts, areas, NESTING, asked, protected.certificates)
    return verdict.figures


def test_the_audit_finds_who_learns_from_an_own_count():
    """Migrants of two blocks hidden: who knows the one subtracts and has the other."""
    counts, areas = town({"A": {"residents": [90, 60], "migrants": [50, 2]}})
    assert _learn(counts, areas, 20) == _learn(counts, areas, 20) | {
        "operators_tried": 1,
        "operators_who_learn": 1,
    }
    assert _learn(counts, areas, 51)["operators_tried"] == 0


def test_an_operator_is_met_by_a_further_hidden_count():
    counts, areas = town({"A": SHELTER})
    _, verdict = _protect(counts, areas, operator_size=20)
    assert verdict.figures["operators_tried"] > 1
    assert verdict.figures["operators_who_learn"] == 0


@pytest.mark.parametrize("seed", range(6))
def test_no_operator_of_a_random_town_learns(seed):
    counts, areas = random_town(seed, quartiere=5, blocks=8)
    before = _learn(counts, areas, 6)
    protected, verdict = _protect(counts, areas, operator_size=6)
    assert before["operators_tried"] > 0
    assert verdict.figures["operators_who_learn"] <= protected.figures["known_to_operators"]
    assert verdict.figures["operators_who_learn"] <= before["operators_who_learn"]


@pytest.mark.parametrize("seed", range(6))
def test_proofs_spare_the_attack_questions_alone(seed, monkeypatch):
    """The attack by programmes over every cell, proved or not, says the same."""
    counts, areas = random_town(seed, quartiere=4, blocks=6)
    asked = rules(scope="cell", insider=False, operator_size=6)

    def figures(protected):
        cells, proofs = protected.cells, protected.certificates
        return audit(cells, counts, areas, NESTING, asked, proofs).figures

    careless = protect(counts, areas, NESTING, rules(scope="cell", insider=False), KEY)
    both = [careless, protect(counts, areas, NESTING, asked, KEY)]
    spared = [figures(one) for one in both]
    assert spared[0]["operators_who_learn"] > 0
    nothing = Unproved(np.ones(10**4, dtype=bool), csc_array((10**4, 10**4)))
    monkeypatch.setattr("atlas.confidential.audit._unproved", lambda *_: nothing)
    assert [figures(one) for one in both] == spared


@pytest.mark.parametrize(("percent", "shown"), [(60, False), (61, True)])
def test_a_block_is_not_shown_from_a_share_on(percent, shown):
    counts, areas = town({"A": HOUSE, "B": HOUSE})
    cells = _protect(counts, areas, homogeneity={"migrants": percent})[0].cells
    assert (status_of(cells, "Ab0", "migrants") == "published") is shown
    assert status_of(cells, "Ab0", "residents") == "published"
    assert status_of(cells, "A", "migrants") == "published"


def test_the_share_is_one_of_all_residents():
    """45 of 50 migrants are refugees, but 45 of 100 residents: 60 percent is far."""
    blocks = {
        "residents": [100, 90, 80],
        "migrants": [50, 40, 30],
        "refugees": [45, 20, 10],
    }
    counts, areas = town({"A": blocks})
    shown = _protect(counts, areas, homogeneity={"refugees": 60})[0].cells
    assert set(shown["status"]) == {"published"}
    hidden = _protect(counts, areas, homogeneity={"refugees": 45})[0].cells
    assert status_of(hidden, "Ab0", "refugees") == "suppressed"


def test_the_audit_finds_a_crowded_block_that_is_printed():
    counts, areas = town({"A": HOUSE, "B": HOUSE})
    printed = protect(counts, areas, NESTING, rules(scope="cell"), KEY)
    asked = rules(scope="cell", homogeneity={"migrants": 60})
    verdict = audit(printed.cells, counts, areas, NESTING, asked, printed.certificates)
    assert not verdict.is_safe


def test_a_rule_that_comes_too_late_hides_nothing_in_vain():
    """What was shown stays known: to withhold tables now would cost and protect nobody."""
    counts, areas = town({"A": HOUSE, "B": HOUSE})
    told = protect(counts, areas, NESTING, rules(scope="cell"), KEY).cells
    ledger = told[["kind", "area_id", "group", "measure", "n"]].assign(release="2023-12-31.1")
    late = rules(scope="cell", homogeneity={"migrants": 60})
    protected = protect(counts, areas, NESTING, late, KEY, ledger)
    assert set(protected.cells["status"]) == {"published"}
    verdict = audit(
        protected.cells, counts, areas, NESTING, late, protected.certificates, ledger
    )
    assert verdict.is_safe, verdict.disclosures
    assert verdict.figures["told_before"] == 2
