"""Measures protected in turn: what each sees of the others, and corrections beside them."""

import numpy as np

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from atlas.confidential.protect.city import build_city
from tests.block_town import CELL, KEY, rules, town

PARTS = ("p0", "p1", "p2", "p3")
NESTING = {"residents": None, **dict.fromkeys(PARTS, "residents"), "inner": "p3"}
RULES = rules(scope="cell", min_group=0, operator_size=8)


def _counts(seed):
    rng = np.random.default_rng(seed)
    blocks = {}
    for quartier in "AB":
        n = rng.geometric(0.1, 5)
        own = {
            name: rng.binomial(n, share)
            for name, share in zip(PARTS, (0.05, 0.2, 0.4, 0.6), strict=True)
        }
        own |= {"residents": n, "inner": rng.binomial(own["p3"], 0.5)}
        blocks[quartier] = {name: own[name].tolist() for name in sorted(own)}
    return blocks


def test_a_strand_is_a_measure_with_all_that_hold_it():
    city = build_city(*town(_counts(1)), NESTING, RULES, KEY)
    own = [
        ({city.slots[i].measure for i in strand.columns}, strand.is_own.sum())
        for strand in city.system.frame.strands
    ]
    alone = [({"residents"}, 1), *(({"residents", part}, 2) for part in PARTS)]
    assert own == [*alone, ({"residents", "p3", "inner"}, 2)]


def test_a_correction_is_safe_beside_what_was_told():
    blocks, ledger = _counts(2), None
    for release in ("2025.1", "2025.2"):
        counts, areas = town(blocks)
        protected = protect(counts, areas, NESTING, RULES, KEY, ledger)
        proof = protected.certificates
        assert audit(protected.cells, counts, areas, NESTING, RULES, proof, ledger).is_safe
        assert (protected.cells["status"] == "published").mean() > 0.2
        ledger = protected.cells[[*CELL, "n"]].assign(release=release)
        for name in ("residents", "p2", "p3"):
            blocks["A"][name][0] += 1
