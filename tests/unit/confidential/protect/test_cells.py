"""Suppression by cell in towns with Quartiere and blocks."""

import pandas as pd
import pytest

from atlas.confidential.audit import audit
from atlas.confidential.protect import explain, protect
from tests.block_town import KEY, NESTING, random_town, rules, status_of, town

RULES = rules(scope="cell", insider=False)


def _hidden(cells, kind="block"):
    at = (cells["kind"] == kind) & (cells["status"] == "suppressed")
    return cells[at]


def _checked(counts, areas, changed=RULES, nesting=NESTING):
    """Protect and let the audit confirm it."""
    protected = protect(counts, areas, nesting, changed, KEY)
    verdict = audit(protected.cells, counts, areas, nesting, changed, protected.certificates)
    assert verdict.is_safe, verdict.disclosures
    return protected


def test_one_small_block_takes_one_larger_block_with_it():
    counts, areas = town({"A": {"residents": [80, 60, 0, 2, 70]}})
    cells = _checked(counts, areas).cells
    hidden = _hidden(cells)
    assert len(hidden) == 2
    assert "Ab3" in set(hidden["area_id"])
    assert status_of(cells, "Ab2", "residents") == "published"


def test_two_small_blocks_alone_are_not_enough():
    counts, areas = town({"A": {"residents": [80, 60, 1, 1, 70]}})
    assert len(_hidden(_checked(counts, areas).cells)) == 3


def test_two_twos_and_a_two_protect_each_other():
    counts, areas = town({"A": {"residents": [80, 60, 2, 2, 70]}})
    assert len(_hidden(_checked(counts, areas).cells)) == 2


def test_a_group_without_a_larger_block_is_withheld_with_zeros():
    counts, areas = town(
        {
            "A": {"residents": [80, 60, 90], "migrants": [1, 2, 0]},
            "B": {"residents": [80, 60, 90], "migrants": [30, 20, 40]},
        }
    )
    protected = _checked(counts, areas)
    assert set(_hidden(protected.cells)["area_id"]) == {"Ab0", "Ab1", "Ab2"}
    assert protected.withheld_tables[["area_id", "measure"]].to_numpy().tolist() == [
        ["A", "migrants"]
    ]
    assert _hidden(protected.cells, "quartier").empty


def test_a_remainder_hides_the_part():
    counts, areas = town({"A": {"residents": [80, 60, 90], "migrants": [78, 20, 40]}})
    cells = _checked(counts, areas).cells
    assert len(_hidden(cells)) == 2


@pytest.mark.parametrize("seed", range(10, 15))
def test_random_towns_pass_the_audit_and_show_more_than_by_table(seed):
    counts, areas = random_town(seed)
    by_cell = _checked(counts, areas)
    by_table = _checked(counts, areas, rules(scope="table", insider=False))
    assert len(_hidden(by_cell.cells)) <= len(_hidden(by_table.cells))


@pytest.mark.parametrize("min_count", [4, 5, 10])
def test_larger_min_counts(min_count):
    counts, areas = random_town(20, quartiere=5, blocks=9)
    _checked(counts, areas, rules(scope="cell", min_count=min_count, insider=False))


def test_zero_is_sensitive_hides_zeros_too():
    counts, areas = random_town(21)
    literal = rules(scope="cell", zero_is_sensitive=True, insider=False)
    cells = _checked(counts, areas, literal).cells
    assert not (cells["n"] == 0).any()


def test_broken_nesting_of_a_register_stays_safe():
    counts, areas = random_town(22)
    at = (counts["kind"] == "block") & (counts["measure"] == "migrants")
    counts.loc[at, "n"] = counts.loc[at, "n"] + 1
    _checked(counts, areas)


def test_a_value_withheld_by_the_supplier_stays_marked_and_unknown():
    counts, areas = random_town(23)
    at = counts["measure"].eq("sgb2_recipients") & counts["kind"].eq("quartier")
    first = counts.index[at][0]
    counts.loc[first, ["n", "status"]] = [None, "withheld"]
    cells = _checked(counts, areas).cells
    assert cells.loc[first, "status"] == "withheld"


def _marked(marks, changed=RULES):
    """Protect a town whose SGB II counts stand per Quartier, some of them withheld."""
    drawn = {
        f"Q{i}": {"residents": [30, 40], "residents|u18": [9, 8], "migrants": [5, 9]}
        for i in range(len(marks))
    }
    half = len(marks) // 2
    counts, areas = town(drawn, {"D1": list(drawn)[:half], "D2": list(drawn)[half:]})
    frames = [counts]
    inside = {"C": marks, "D1": marks[:half], "D2": marks[half:]}
    inside |= {f"Q{i}": [mark] for i, mark in enumerate(marks)}
    kinds = {"C": "city", "D1": "district", "D2": "district"}
    for area, parts in inside.items():
        for position, group in enumerate(("all", "u18")):
            values = [part[position] for part in parts]
            row = pd.DataFrame(
                {
                    "kind": [kinds.get(area, "quartier")],
                    "area_id": area,
                    "group": group,
                    "measure": "sgb2_recipients",
                    "n": pd.array([None if "*" in values else sum(values)], dtype="Int64"),
                    "status": "withheld" if "*" in values else "published",
                }
            )
            frames.append(row)
    return _checked(pd.concat(frames, ignore_index=True), areas, changed).cells


@pytest.mark.parametrize("scope", ["cell", "table"])
@pytest.mark.parametrize(
    "marks",
    [
        [("*", 0), (30, 10), (30, 10), (30, 10)],
        [(30, 10), (30, 10), ("*", 0), (0, 0)],
        [(30, 10), (30, 10), ("*", 0), (30, 0)],
        [("*", 0), (0, 0), (0, 0), (0, 0)],
        [(3, "*"), (30, 10), (30, 10), (30, 10)],
        [("*", 1), (30, 10), (30, 10), (30, 10)],
        [("*", "*"), ("*", "*"), ("*", 0), (0, 0)],
    ],
)
def test_what_the_supplier_itself_tells_stops_no_publication(marks, scope):
    cells = _marked(marks, rules(scope=scope))
    residents = cells[(cells["measure"] == "residents") & (cells["kind"] != "block")]
    assert set(residents["status"]) == {"published"}


def test_a_mark_alone_costs_no_other_cell():
    cells = _marked([("*", 0), (30, 10), (30, 10), (30, 10)])
    sgb2 = cells[cells["measure"] == "sgb2_recipients"]
    assert set(sgb2["status"]) == {"published", "withheld"}


def test_a_count_under_a_withheld_whole_stays_secret():
    cells = _marked([("*", 1), (30, 10), (30, 10), (30, 10)])
    assert status_of(cells, "Q0", "sgb2_recipients", "u18") == "suppressed"


def test_quartier_values_are_hidden_for_their_own_sake_only():
    for seed in range(30, 33):
        counts, areas = random_town(seed, quartiere=6, blocks=8, sgb2=False)
        protected = _checked(counts, areas)
        above = counts["kind"] != "block"
        sensitive = counts.loc[above & counts["n"].between(1, 2)]
        if sensitive.empty and protected.figures["sensitive"]:
            certificates = protected.certificates.proved
            if (certificates["kind"] == "block").all():
                assert _hidden(protected.cells, "quartier").empty


def test_explain_says_what_each_scope_shows():
    counts, areas = random_town(40)
    shown = explain(counts, areas, NESTING, RULES, KEY)
    assert set(shown["scope"]) == {"table", "cell"}
    total = shown.groupby("scope")["shown"].sum()
    assert total["cell"] > total["table"]
    assert (shown["shown"] <= shown["cells"]).all()


def _hidden_of_the_example(migrants, key):
    residents = [84, 61, 0, 47, 120, 39, 33, 70]
    counts, areas = town({"A": {"residents": residents, "migrants": migrants}})
    return set(_hidden(protect(counts, areas, NESTING, RULES, key).cells)["area_id"])


def test_the_example_of_the_manual_stands_against_a_reader_who_knows_the_method():
    """docs/geheimhaltung.md: whichever of the three is large, the pattern is possible."""
    keys = [bytes([i]) for i in range(12)]
    for two, four, six in ((12, 2, 1), (1, 12, 2), (2, 1, 12)):
        migrants = [21, two, 0, four, 40, six, 8, 19]
        found = [_hidden_of_the_example(migrants, key) for key in keys]
        assert {"Ab1", "Ab3", "Ab5"} in found
