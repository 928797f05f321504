"""Releases of one reference date together: corrections and other editions."""

import numpy as np
import pandas as pd
import pytest

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from tests.block_town import CELL, KEY, NESTING, random_town, rules, town

RULES = rules(scope="cell", insider=False)


def _released(protected, parts=None):
    ledger = protected.cells[[*CELL, "n"]].assign(release="1")
    if parts is not None:
        old = ledger["area_id"].map(parts).where(ledger["kind"] == "quartier")
        ledger = ledger.assign(parts=old)
    return ledger


def _corrected(counts, areas, block, measures, by):
    """Change one block and everything that holds it."""
    parent = areas.set_index("area_id")["parent_id"].to_dict()
    chain = [block]
    while parent.get(chain[-1]):
        chain.append(parent[chain[-1]])
    at = counts["area_id"].isin(chain) & counts["measure"].isin(measures)
    at &= counts["group"] == "all"
    return counts.assign(n=counts["n"] + at.astype(int) * by)


def _safe(counts, areas, ledger):
    protected = protect(counts, areas, NESTING, RULES, KEY, ledger)
    verdict = audit(
        protected.cells, counts, areas, NESTING, RULES, protected.certificates, ledger
    )
    assert verdict.is_safe, verdict.disclosures
    return protected


def _moved(counts, areas, seed, share=0.15):
    """Give a few blocks to another Quartier and add everything up anew."""
    rng = np.random.default_rng(seed)
    areas = areas.copy()
    blocks = areas.index[areas["kind"] == "block"]
    quartiere = areas.loc[areas["kind"] == "quartier", "area_id"].tolist()
    for at in rng.choice(blocks, max(1, int(share * len(blocks))), replace=False):
        areas.loc[at, "parent_id"] = quartiere[int(rng.integers(len(quartiere)))]
    parent = areas.set_index(["kind", "area_id"])["parent_id"].to_dict()
    frames = [counts[counts["kind"] == "block"]]
    for small, kind in (("block", "quartier"), ("quartier", "district"), ("district", "city")):
        upper = frames[-1].assign(
            area_id=[parent[(small, area)] for area in frames[-1]["area_id"]], kind=kind
        )
        frames.append(upper.groupby([*CELL, "status"], as_index=False)["n"].sum())
    return pd.concat(frames, ignore_index=True)[[*CELL, "n", "status"]], areas


@pytest.mark.parametrize("seed", range(4))
def test_the_same_release_again_is_the_same_pattern(seed):
    counts, areas = random_town(seed, sgb2=False)
    first = protect(counts, areas, NESTING, RULES, KEY)
    again = _safe(counts, areas, _released(first))
    assert again.cells["status"].tolist() == first.cells["status"].tolist()


@pytest.mark.parametrize("seed", range(5))
def test_a_correction_of_one_block_by_one_is_safe_over_both_releases(seed):
    counts, areas = random_town(seed, blocks=8, sgb2=False)
    first = protect(counts, areas, NESTING, RULES, KEY)
    blocks = counts[(counts["kind"] == "block") & (counts["measure"] == "residents")]
    large = blocks[(blocks["group"] == "all") & (blocks["n"] > 6)]["area_id"]
    after = _corrected(counts, areas, large.iloc[seed % len(large)], ["residents"], 1)
    _safe(after, areas, _released(first))


@pytest.mark.parametrize("seed", [0])
def test_another_choice_of_secondaries_would_give_cells_away(seed):
    """Two patterns, each safe alone: the second key hides other blocks."""
    counts, areas = random_town(seed, quartiere=4, blocks=8, sgb2=False)
    first = protect(counts, areas, NESTING, RULES, b"one key")
    second = protect(counts, areas, NESTING, RULES, b"another key")
    ledger = _released(first)
    alone = audit(second.cells, counts, areas, NESTING, RULES, second.certificates)
    union = audit(second.cells, counts, areas, NESTING, RULES, second.certificates, ledger)
    assert alone.is_safe
    assert not union.is_safe
    joint = protect(counts, areas, NESTING, RULES, b"another key", ledger)
    assert audit(joint.cells, counts, areas, NESTING, RULES, joint.certificates, ledger).is_safe


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_moved_blocks_are_safe_over_both_editions(seed):
    counts, areas = random_town(seed, quartiere=5, blocks=10, sgb2=False)
    first = protect(counts, areas, NESTING, RULES, KEY)
    members = areas[areas["kind"] == "block"].groupby("parent_id")["area_id"].agg(" ".join)
    moved_counts, moved_areas = _moved(counts, areas, seed, 0.05)
    _safe(moved_counts, moved_areas, _released(first, members.to_dict()))


# One Quartier, one measure: what readers know of a correction in it.
TOWN = {"A": [5, 10, 12], "B": [20, 30]}


def _town(blocks):
    return town({quartier: {"residents": n} for quartier, n in blocks.items()})


def _status(protected):
    cells = protected.cells
    return dict(zip(cells["area_id"], cells["status"], strict=True))


def test_a_count_that_falls_below_the_limit_is_hidden_beside_another():
    """5 becomes 2: the total tells by how much A changed, not which of the hidden blocks."""
    first = protect(*_town(TOWN), NESTING, RULES, KEY)
    assert set(_status(first).values()) == {"published"}
    after = _safe(*_town({**TOWN, "A": [2, 10, 12]}), _released(first))
    status = _status(after)
    assert status["Ab0"] == "suppressed"
    assert [status["Ab1"], status["Ab2"]].count("suppressed") == 1
    assert status["A"] == status["B"] == status["Bb0"] == status["Bb1"] == "published"


def test_a_block_that_was_printed_is_no_doubt_where_nothing_was_corrected():
    """The 2 stands alone in B: a block of a neighbour, printed and unchanged, hides nothing.

    The neighbour goes with its blocks, so that either may have been corrected.
    """
    blocks = {"A": [10, 12], "B": [5], "E": [9, 9]}
    first = protect(*_town(blocks), NESTING, RULES, KEY)
    after = _safe(*_town({**blocks, "B": [2]}), _released(first))
    status = _status(after)
    assert status["B"] == status["Bb0"] == "suppressed"
    gone = [name for name in ("A", "E") if status[name] == "suppressed"]
    assert len(gone) == 1
    assert status[f"{gone[0]}b0"] == status[f"{gone[0]}b1"] == "suppressed"
    assert status["D"] == status["C"] == "published"
    assert after.figures["steps"] == {"withheld_values": 1, "withheld_measures": 0}


def test_what_went_with_a_neighbour_stays_in_doubt_in_the_next_release():
    """Printed again, the neighbour would tell the 2 that the release before had hidden."""
    blocks = {"A": [10, 12], "B": [5], "E": [9, 9]}
    first = protect(*_town(blocks), NESTING, RULES, KEY)
    second = _safe(*_town({**blocks, "B": [2]}), _released(first))
    (neighbour,) = [name for name in ("A", "E") if _status(second)[name] == "suppressed"]
    ledger = pd.concat([_released(first), _released(second).assign(release="2")])
    counts, areas = _town({**blocks, "B": [2], "E": [9, 8]})
    third = protect(counts, areas, NESTING, RULES, KEY, ledger)
    verdict = audit(third.cells, counts, areas, NESTING, RULES, third.certificates, ledger)
    assert verdict.is_safe
    assert verdict.told_before == {}
    assert _status(third)[neighbour] == _status(third)["B"] == "suppressed"


def test_where_the_city_has_one_block_its_measure_goes_whole():
    first = protect(*_town({"A": [5]}), NESTING, RULES, KEY)
    after = _safe(*_town({"A": [2]}), _released(first))
    assert set(_status(after).values()) == {"suppressed"}


def test_what_was_hidden_and_known_to_add_up_stays_bound():
    """1 and 3 hidden add up to 4; a newly hidden block does not loosen them."""
    first = protect(*_town({"A": [1, 3, 12, 15], "B": [20, 30]}), NESTING, RULES, KEY)
    hidden = {name for name, status in _status(first).items() if status == "suppressed"}
    after = _safe(*_town({"A": [1, 3, 12, 14], "B": [20, 30]}), _released(first))
    assert hidden <= {name for name, one in _status(after).items() if one == "suppressed"}


def test_stricter_rules_say_what_earlier_releases_gave_away():
    counts, areas = _town({"A": [4, 10, 12], "B": [20, 30]})
    first = protect(counts, areas, NESTING, RULES, KEY)
    strict = rules(scope="cell", insider=False, min_count=5)
    ledger = _released(first)
    second = protect(counts, areas, NESTING, strict, KEY, ledger)
    verdict = audit(second.cells, counts, areas, NESTING, strict, second.certificates, ledger)
    assert verdict.is_safe
    assert verdict.figures["told_before"] == 1
    assert verdict.told_before == {"residents": 1}
