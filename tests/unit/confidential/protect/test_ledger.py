"""Releases of one reference date together: corrections and other editions."""

import numpy as np
import pandas as pd
import pytest

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from atlas.errors import ProtectionError
from tests.block_town import CELL, KEY, NESTING, random_town, rules

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


def test_a_count_that_falls_below_the_limit_cannot_be_taken_back():
    counts, areas = random_town(0, blocks=8, sgb2=False)
    first = protect(counts, areas, NESTING, RULES, KEY)
    shown = first.cells["n"].fillna(0).eq(3) & first.cells["kind"].eq("block")
    shown &= first.cells["group"].eq("all") & first.cells["measure"].eq("migrants")
    if not shown.any():
        pytest.skip("the drawn town prints no three")
    after = _corrected(
        counts, areas, first.cells.loc[shown, "area_id"].iloc[0], ["migrants"], -1
    )
    with pytest.raises(ProtectionError, match="frühere Veröffentlichungen"):
        protect(after, areas, NESTING, RULES, KEY, _released(first))
