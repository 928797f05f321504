"""The reader who knows the program: it is run on every world that agrees with what is shown."""

import itertools

import numpy as np
import pytest

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from tests.block_town import KEY, NESTING, rules, status_of, town

ALONE = {"residents": None}
KEYS = [bytes([number]) for number in range(8)]
EXAMPLE = {
    "residents": [84, 61, 0, 47, 120, 39, 33, 70],
    "migrants": [21, 12, 0, 2, 40, 1, 8, 19],
}


def hidden_blocks(counts, key, scope="cell", **changes) -> frozenset[int]:
    """Blocks of Quartier A whose first measure is hidden; B is large."""
    own = {"residents": list(counts)}
    made = town({"A": own, "B": {"residents": [20, 30]}})
    rule = rules(scope=scope, insider=False, min_group=0, **changes)
    cells = protect(*made, ALONE, rule, key).cells
    blocks = cells[cells["area_id"].str.startswith("Ab")]
    return frozenset(np.flatnonzero(blocks["status"] == "suppressed").tolist())


def test_a_total_of_exactly_min_count_is_withheld_in_every_world():
    worlds = [one for one in itertools.product(range(4), repeat=3) if sum(one) == 3]
    patterns = {one: hidden_blocks(one, KEY, "table", decoys=10) for one in worlds}
    assert set(patterns.values()) == {frozenset({0, 1, 2})}
    assert hidden_blocks((3, 0, 0), KEY, "table") == frozenset()


def test_a_withheld_table_of_cells_says_nothing_where_decoys_are_drawn():
    """Total 5 in four blocks: 2, 1, 1, 1 has to be withheld whole, 3, 1, 1, 0 need not be."""
    whole = frozenset(range(4))
    assert hidden_blocks((2, 1, 1, 1), KEY) == whole
    assert all(hidden_blocks((3, 1, 1, 0), key) != whole for key in KEYS)
    drawn = [hidden_blocks((3, 1, 1, 0), key, decoys=50) == whole for key in KEYS]
    assert 0 < sum(drawn) < len(KEYS)


def test_a_pattern_with_decoys_is_proved_like_any_other():
    counts, areas = town({"A": {"residents": [3, 1, 1, 0]}, "B": {"residents": [20, 30]}})
    rule = rules(scope="cell", insider=False, decoys=100)
    found = protect(counts, areas, ALONE, rule, KEY)
    assert status_of(found.cells, "Ab3", "residents") == "suppressed"
    assert audit(found.cells, counts, areas, ALONE, rule, found.certificates).is_safe


@pytest.mark.parametrize(("n", "is_hidden"), [(0, False), (2, True), (9, True), (10, False)])
def test_a_lone_count_is_hidden_below_min_group(n, is_hidden):
    counts, areas = town({"A": {"residents": [30, 40]}})
    lone = counts[counts["kind"] == "city"].assign(measure="residents.unplaced", n=n)
    nesting = {"residents.unplaced": None}
    for decoys in (0, 10):
        rule = rules(decoys=decoys)
        found = protect(lone.reset_index(drop=True), areas, nesting, rule, KEY)
        hides = is_hidden if decoys else n == 2
        assert (found.cells["status"] == "suppressed").all() == hides


def test_the_example_of_the_documentation_stands():
    """Some key hides blocks 2, 4 and 6 for the true counts, another for each exchange."""
    wanted = frozenset({1, 3, 5})
    worlds = [EXAMPLE["migrants"]]
    for small in (3, 5):  # the 12 stands in the small block, the small number in block 2
        other = list(EXAMPLE["migrants"])
        other[small], other[1] = other[1], other[small]
        worlds.append(other)
    for migrants in worlds:
        made = town({"A": EXAMPLE | {"migrants": migrants}})
        assert any(wanted == _migrants_hidden(made, bytes([key])) for key in range(40))


def _migrants_hidden(made, key) -> frozenset[int]:
    cells = protect(*made, NESTING, rules(scope="cell"), key).cells
    blocks = cells[(cells["kind"] == "block") & (cells["measure"] == "migrants")]
    return frozenset(np.flatnonzero(blocks["status"] == "suppressed").tolist())
