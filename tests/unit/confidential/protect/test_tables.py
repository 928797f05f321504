"""Gelsenkirchen's rule: a sensitive block value withholds the block table."""

import pytest

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from atlas.errors import ProtectionError
from tests.block_town import KEY, NESTING, random_town, rules, status_of, town

PLAIN = {"residents": [80, 60, 0, 70], "migrants": [20, 30, 0, 40]}


def _protect(counts, areas, **changes):
    return protect(counts, areas, NESTING, rules(**changes), KEY)


def test_a_table_without_a_sensitive_value_is_printed_whole():
    protected = _protect(*town({"A": PLAIN, "B": PLAIN}))
    assert set(protected.cells["status"]) == {"published"}
    assert protected.withheld_tables.empty


@pytest.mark.parametrize(("n", "shown"), [(0, True), (1, False), (2, False), (3, True)])
def test_a_sensitive_block_withholds_its_table_with_zeros(n, shown):
    blocks = {"A": PLAIN | {"migrants": [20, 30, 0, n]}, "B": PLAIN}
    cells = _protect(*town(blocks)).cells
    for block in ("Ab0", "Ab1", "Ab2", "Ab3"):
        assert status_of(cells, block, "migrants") == ("published" if shown else "suppressed")
        assert status_of(cells, block, "residents") == "published"
        assert status_of(cells, block.replace("A", "B"), "migrants") == "published"
    assert status_of(cells, "A", "migrants") == "published"


@pytest.mark.parametrize(("rest", "shown"), [(1, False), (2, False), (3, True)])
def test_a_small_remainder_is_sensitive(rest, shown):
    blocks = {"A": {"residents": [80, 60, 70], "migrants": [20, 60 - rest, 40]}}
    cells = _protect(*town(blocks)).cells
    assert (status_of(cells, "Ab0", "migrants") == "published") is shown
    assert set(_protect(*town(blocks), complement=False).cells["status"]) == {"published"}


@pytest.mark.parametrize(("size", "shown"), [(9, False), (10, True), (11, True)])
def test_everybody_is_not_shown_below_min_group(size, shown):
    blocks = {"A": {"residents": [80, size, 70], "migrants": [20, size, 40]}}
    cells = _protect(*town(blocks)).cells
    assert (status_of(cells, "Ab1", "migrants") == "published") is shown


def test_hidden_cells_carry_one_status_one_reason_and_no_count():
    counts, areas = random_town(1)
    cells = _protect(counts, areas).cells
    hidden = cells[cells["status"] != "published"]
    assert set(hidden["status"]) == {"suppressed"}
    assert set(hidden["reason"]) == {"geheim"}
    assert hidden["n"].isna().all()
    assert len(cells) == len(counts)


def test_quartier_values_are_never_hidden_for_blocks():
    blocks = {
        "A": {"residents": [80, 60], "migrants": [1, 2]},
        "B": {"residents": [80, 60], "migrants": [1, 40]},
    }
    cells = _protect(*town(blocks)).cells
    assert set(cells[cells["kind"] != "block"]["status"]) == {"published"}


def test_a_sensitive_quartier_takes_a_sibling_with_it():
    blocks = {
        name: {"residents": [80, 60, 90], "migrants": [n, 0, 0] if n < 3 else [n, 9, 20]}
        for name, n in (("A", 2), ("B", 30), ("E", 40))
    }
    cells = _protect(*town(blocks)).cells
    hidden = cells[(cells["kind"] == "quartier") & (cells["status"] == "suppressed")]
    assert len(hidden) == 2
    assert "A" in set(hidden["area_id"])
    assert set(hidden["measure"]) == {"migrants"}
    assert status_of(cells, "D", "migrants") == "published"


@pytest.mark.parametrize("seed", range(4))
def test_every_random_town_passes_the_audit(seed):
    counts, areas = random_town(seed)
    for insider in (False, True):
        protected = _protect(counts, areas, insider=insider)
        verdict = audit(
            protected.cells, counts, areas, NESTING, rules(), protected.certificates
        )
        assert verdict.is_safe, verdict.disclosures


def test_same_inputs_and_key_give_the_same_bytes():
    counts, areas = random_town(3)
    one, two = _protect(counts, areas), _protect(counts.iloc[::-1], areas.iloc[::-1])
    key = ["kind", "area_id", "group", "measure"]
    two_cells = two.cells.sort_values(key, ignore_index=True)
    assert one.cells.sort_values(key, ignore_index=True).equals(two_cells)
    assert one.certificates.deltas.equals(two.certificates.deltas)


def test_a_city_without_blocks_or_districts():
    counts, areas = random_town(4)
    quartiere = counts["kind"].isin(["quartier", "city"])
    kept = areas[areas["kind"].isin(["quartier", "city"])].copy()
    kept.loc[kept["kind"] == "quartier", "parent_id"] = "C"
    protected = _protect(counts[quartiere], kept)
    verdict = audit(
        protected.cells, counts[quartiere], kept, NESTING, rules(), protected.certificates
    )
    assert verdict.is_safe, verdict.disclosures


def test_a_measure_without_nesting_is_refused_without_a_count():
    counts, areas = town({"A": {"apples": [7, 8]}})
    with pytest.raises(ProtectionError, match="apples"):
        _protect(counts, areas)


def test_a_missing_cell_is_left_as_it_is():
    counts, areas = random_town(5)
    gone = (counts["area_id"] == "Q0b1") & (counts["measure"] == "migrants")
    counts.loc[gone, "status"] = "missing"
    counts.loc[gone, "n"] = None
    cells = _protect(counts, areas).cells
    assert status_of(cells, "Q0b1", "migrants") == "missing"
