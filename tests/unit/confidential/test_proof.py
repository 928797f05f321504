"""What is said of a date's proof: withheld beyond the blocks, told by earlier releases."""

import pandas as pd

from atlas.confidential.audit import Verdict
from atlas.confidential.proof import Proof
from atlas.confidential.protect import Certificates, Protected

LABELS = {"migrants": "Menschen mit Migrationsgeschichte"}


def _proof(steps: dict[str, int], told: dict[str, int]) -> Proof:
    cells = pd.DataFrame(
        [
            ("block", "b1", "all", "migrants", "suppressed"),
            ("quartier", "q1", "all", "migrants", "published"),
        ],
        columns=["kind", "area_id", "group", "measure", "status"],
    )
    nothing = pd.DataFrame()
    figures: dict[str, object] = {"parts": [{"steps": steps}, {"steps": {}}]}
    protected = Protected(cells, Certificates(nothing, nothing), nothing, figures)
    return Proof(cells, protected, Verdict(True, {}, (), told))


def _areas() -> pd.DataFrame:
    return pd.DataFrame(
        [("block", "b1", "q1"), ("quartier", "q1", None)],
        columns=["kind", "area_id", "parent_id"],
    )


def test_a_release_without_losses_says_nothing() -> None:
    proof = _proof({"withheld_values": 0, "withheld_measures": 0}, {})
    assert proof.details() == {}
    assert proof.remarks(LABELS) == []
    assert "withheld_values" not in proof.audit(_areas()).figures


def test_what_was_withheld_above_the_blocks_is_counted_everywhere() -> None:
    proof = _proof({"withheld_values": 4, "withheld_measures": 0}, {})
    assert proof.audit(_areas()).figures["withheld_values"] == 4
    assert proof.details() == {"withheld_values": "4"}
    (remark,) = proof.remarks(LABELS)
    assert remark == "zum Schutz zusätzlich verborgene Werte oberhalb der Blöcke: 4"


def test_what_earlier_releases_gave_away_is_named_by_measure() -> None:
    proof = _proof({}, {"migrants": 3})
    assert proof.details() == {"told_before": "migrants: 3"}
    (remark,) = proof.remarks(LABELS)
    assert remark.endswith("nicht mehr zu schützen: Menschen mit Migrationsgeschichte: 3")
    assert "told_before" not in proof.audit(_areas()).figures
