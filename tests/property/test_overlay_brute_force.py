"""Two chains of areas against a reader with integer programmes, over corrections as well.

School districts cut through the Quartiere: who subtracts sums over areas that share blocks must
learn nothing. The reader shares no code with suppression or audit.
"""

import numpy as np
import pandas as pd
import pytest

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from tests.block_town import KEY, NESTING, random_town, rules
from tests.overlay_reader import attack
from tests.overlay_town import corrected, drawn_schools, with_schools

MEASURES: dict[str, str | None] = {
    name: NESTING[name] for name in ("residents", "migrants", "refugees")
}


def _town(seed):
    rng = np.random.default_rng(seed)
    quartiere, blocks = int(rng.integers(2, 4)), int(rng.integers(3, 6))
    counts, areas = random_town(seed, quartiere=quartiere, blocks=blocks, sgb2=False)
    names = areas.loc[areas["kind"] == "block", "area_id"].tolist()
    return counts, areas, drawn_schools(names, int(rng.integers(2, 5)), seed)


def _told(releases):
    rows = [
        one.cells[one.cells["status"].isin(["published", "suppressed"])].assign(
            release=f"2024-12-31.{number}"
        )
        for number, one in enumerate(releases, start=1)
    ]
    columns = ["kind", "area_id", "group", "measure", "n", "release"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else None


@pytest.mark.parametrize("scope", ["cell", "table"])
@pytest.mark.parametrize("seed", range(4))
def test_a_reader_of_two_chains_is_sure_of_nothing_small(seed, scope):
    counts, areas, schools = _town(seed)
    counts, areas = with_schools(counts, areas, schools)
    rule = rules(scope=scope, insider=False, min_group=0)
    protected = protect(counts, areas, MEASURES, rule, KEY)
    verdict = audit(protected.cells, counts, areas, MEASURES, rule, protected.certificates)
    found = attack(protected.cells, counts, areas)
    assert verdict.is_safe, verdict.disclosures
    assert found.targets
    assert (found.exact, found.small) == (0, 0)


@pytest.mark.parametrize("seed", [20, 21, 67, 73])
def test_nor_is_one_who_keeps_what_was_corrected(seed):
    counts, areas, schools = _town(seed)
    rule = rules(scope="cell", insider=False, min_group=0)
    releases = []
    for step in range(3):
        counts = corrected(counts, areas, seed + step) if step else counts
        both, every = with_schools(counts, areas, schools)
        told = _told(releases)
        protected = protect(both, every, MEASURES, rule, KEY, told)
        proof = protected.certificates
        verdict = audit(protected.cells, both, every, MEASURES, rule, proof, told)
        assert verdict.is_safe, verdict.disclosures
        found = attack(protected.cells, both, every, [one.cells for one in releases])
        assert (found.exact, found.small) == (0, 0)
        releases.append(protected)


def test_one_chain_alone_would_tell():
    """Protected apart, each by itself safe, both together give counts away."""
    counts, areas, schools = _town(2)
    both, every = with_schools(counts, areas, schools)
    rule = rules(scope="cell", insider=False, min_group=0)
    chain = protect(counts, areas, MEASURES, rule, KEY)
    own = both["kind"].isin(["school_district"])
    shown = both[own].assign(status=both.loc[own, "n"].between(1, 2))
    shown["status"] = shown["status"].map({True: "suppressed", False: "published"})
    cells = pd.concat([chain.cells, shown], ignore_index=True)
    assert attack(cells, both, every).small
