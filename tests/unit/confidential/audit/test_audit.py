"""The audit refuses what was changed by hand, and finds what an undefended table gives away."""

import json
from dataclasses import replace

import numpy as np
import pytest

from atlas.confidential.audit import audit
from atlas.confidential.protect import Certificates, protect
from tests.block_town import CELL, KEY, NESTING, random_town, rules, town

RULES = rules(scope="cell", insider=False)
COUNTS, AREAS = random_town(50, sgb2=False)
PROTECTED = protect(COUNTS, AREAS, NESTING, RULES, KEY)


def _verdict(cells=PROTECTED.cells, certificates=PROTECTED.certificates):
    return audit(cells, COUNTS, AREAS, NESTING, RULES, certificates)


def test_the_protected_table_is_safe_and_the_verdict_is_plain():
    verdict = _verdict()
    assert verdict.is_safe
    assert json.loads(json.dumps(verdict.as_dict()))["is_safe"] is True
    assert all(isinstance(figure, int) for figure in verdict.figures.values())


def _first(mask):
    return PROTECTED.cells.index[mask][0]


def test_a_hidden_value_put_back_is_refused():
    cells = PROTECTED.cells.copy()
    at = _first(cells["status"] == "suppressed")
    cells.loc[at, "n"] = COUNTS.loc[at, "n"]
    assert not _verdict(cells).is_safe


def test_a_status_changed_to_published_is_refused():
    cells = PROTECTED.cells.copy()
    small = (cells["status"] == "suppressed") & COUNTS["n"].between(1, 2)
    at = _first(small)
    cells.loc[at, ["n", "status"]] = [COUNTS.loc[at, "n"], "published"]
    assert any("Kleine Zahl" in line for line in _verdict(cells).disclosures)


def test_a_published_value_changed_by_one_is_refused():
    cells = PROTECTED.cells.copy()
    at = _first(cells["status"] == "published")
    cells.loc[at, "n"] += 1
    assert not _verdict(cells).is_safe


def test_a_missing_row_is_refused():
    assert not _verdict(PROTECTED.cells.iloc[1:]).is_safe


@pytest.mark.parametrize("change", ["more", "less", "dropped", "moved"])
def test_a_certificate_changed_by_hand_is_refused(change):
    deltas = PROTECTED.certificates.deltas.copy()
    if change == "more":
        deltas.loc[0, "delta"] += 1
    if change == "less":
        deltas.loc[0, "delta"] -= 1
    if change == "dropped":
        deltas = deltas[deltas["certificate"] != deltas["certificate"].iloc[0]]
    if change == "moved":
        shown = PROTECTED.cells.loc[_first(PROTECTED.cells["status"] == "published")]
        deltas.loc[0, CELL] = shown[CELL].to_list()
    certificates = Certificates(PROTECTED.certificates.proved, deltas)
    assert not _verdict(certificates=certificates).is_safe


def test_a_certificate_left_out_is_refused():
    proved = PROTECTED.certificates.proved.iloc[1:]
    assert not _verdict(certificates=replace(PROTECTED.certificates, proved=proved)).is_safe


def test_findings_name_areas_and_hold_no_count():
    cells = PROTECTED.cells.assign(n=COUNTS["n"], status=COUNTS["status"])
    lines = _verdict(cells).disclosures
    assert lines
    assert all(":" in line for line in lines)
    block = next(line for line in lines if "block" in line)
    assert block.split(": ", 1)[1].startswith("block Q")


# Attacks on counts: each succeeds against an undefended table and fails against ours.


def _undefended(counts):
    """Hide the small counts and nothing else."""
    small = counts["n"].between(1, 2).fillna(value=False)
    return counts.assign(
        n=counts["n"].mask(small), status=counts["status"].mask(small, "suppressed")
    )


def _parent_minus_children(cells):
    """Count blocks of which a reader gets the number from the Quartier's total."""
    parent = AREAS.set_index("area_id")["parent_id"]
    blocks = cells[cells["kind"] == "block"]
    keys = [blocks["area_id"].map(parent), blocks["measure"], blocks["group"]]
    hidden = blocks["n"].isna().groupby(keys).sum()
    total = cells[cells["kind"] == "quartier"].set_index(["area_id", "measure", "group"])["n"]
    alone = hidden.index[(hidden == 1).to_numpy()]
    return int(total.reindex(alone).notna().sum())


def _whole_minus_part(cells):
    """Count areas where residents minus migrants is a small number in print."""
    wide = cells.pivot(index=["kind", "area_id", "group"], columns="measure", values="n")
    return int((wide["residents"] - wide["migrants"]).between(1, 2).sum())


def _all_minus_under_18(cells):
    wide = cells.pivot(index=["kind", "area_id", "measure"], columns="group", values="n")
    return int((wide["all"] - wide["u18"]).between(1, 2).sum())


def _everybody(cells):
    """Count small groups that are printed as wholly inside a part."""
    wide = cells[cells["kind"] == "block"].pivot(
        index=["area_id", "group"], columns="measure", values="n"
    )
    total = COUNTS[COUNTS["kind"] == "quartier"]
    assert len(total)
    same = (wide["residents"] == wide["migrants"]) & wide["residents"].between(1, 9)
    return int(same.sum())


def _certain(cells):
    nothing = Certificates(
        PROTECTED.certificates.proved.iloc[:0], PROTECTED.certificates.deltas.iloc[:0]
    )
    verdict = audit(cells, COUNTS, AREAS, NESTING, RULES, nothing)
    return sum("errechnen" in line for line in verdict.disclosures)


@pytest.mark.parametrize(
    "attack",
    [_parent_minus_children, _whole_minus_part, _all_minus_under_18, _everybody, _certain],
)
def test_an_attack_succeeds_undefended_and_fails_against_ours(attack):
    assert attack(_undefended(COUNTS)) > 0
    assert attack(PROTECTED.cells) == 0


def test_primary_and_secondary_cells_look_the_same():
    hidden = PROTECTED.cells[PROTECTED.cells["n"].isna()]
    small = COUNTS.loc[hidden.index, "n"].between(1, 2)
    assert small.any()
    assert not small.all()
    assert len(hidden[["status", "reason"]].drop_duplicates()) == 1


def test_every_area_is_present_whatever_is_hidden():
    assert PROTECTED.cells[CELL].equals(COUNTS[CELL].astype(PROTECTED.cells[CELL].dtypes))


def test_the_keyed_choice_of_a_secondary_does_not_follow_its_size():
    sizes = [1, *range(5, 17)]
    counts, areas = town({"A": {"residents": sizes}})
    chosen = []
    for number in range(60):
        cells = protect(counts, areas, NESTING, RULES, f"key {number}".encode()).cells
        hidden = cells[(cells["kind"] == "block") & (cells["status"] == "suppressed")]
        chosen += [int(area[2:]) for area in hidden["area_id"] if area != "Ab0"]
    assert len(chosen) == 60
    assert len(set(chosen)) >= 8
    assert np.bincount(chosen).max() < 20


@pytest.mark.parametrize("most", [0, 40])
def test_programmes_are_asked_for_whatever_no_world_proves(most):
    cells = PROTECTED.cells.copy()
    shown = cells["status"] == "suppressed"
    shown &= ~COUNTS["n"].between(1, 2) & (cells["kind"] == "block")
    cells.loc[shown, "n"], cells.loc[shown, "status"] = COUNTS["n"], "published"
    everything = audit(cells, COUNTS, AREAS, NESTING, RULES, PROTECTED.certificates)
    spared = audit(
        cells, COUNTS, AREAS, NESTING, RULES, PROTECTED.certificates, most_asked=most
    )
    assert any("errechnen" in line for line in everything.disclosures)
    assert spared.disclosures == everything.disclosures
