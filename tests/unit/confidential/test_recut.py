"""Blocks of an earlier release are found among today's by their boundaries, not their keys."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from atlas.confidential.recut import blocks_of, compare, in_todays_blocks
from atlas.errors import ProtectionError
from tests.block_town import CELL, KEY, NESTING, rules, town

RULES = rules(scope="cell", insider=False)


def blocks(**edges: tuple[float, float]) -> gpd.GeoDataFrame:
    """Blocks in a row: key -> from and to; all lie in one Quartier."""
    shapes = [shapely.box(left, 0, right, 1) for left, right in edges.values()]
    frame = gpd.GeoDataFrame({"area_id": list(edges)}, geometry=shapes)
    return frame.assign(kind="block", parent_id="A")


def told(**numbers: int | None) -> pd.DataFrame:
    """What a release told: residents of its blocks."""
    rows = [("block", key, "all", "residents", n) for key, n in numbers.items()]
    frame = pd.DataFrame(rows, columns=[*CELL, "n"]).astype({"n": "Int64"})
    return frame.assign(release="2023-12-31.1", parts=None)


def test_a_new_key_for_the_same_ground_is_the_same_block():
    then, today = blocks(a=(0, 1), b=(1, 2)), blocks(a=(1, 2), z=(0, 1))
    brought = in_todays_blocks(told(a=4, b=None), {}, compare(then, today))
    assert dict(zip(brought["area_id"], brought["n"], strict=True)) == {"z": 4, "a": pd.NA}
    assert brought["parts"].isna().all()


def test_boundaries_drawn_anew_are_the_same_block():
    then, today = blocks(a=(0, 1), b=(1, 2)), blocks(a=(0, 1.02), b=(1.02, 2))
    assert compare(then, today).is_same


def test_a_kept_key_that_lost_half_its_ground_is_a_sum_of_two():
    then, today = blocks(a=(0, 2), b=(2, 3)), blocks(a=(0, 1), c=(1, 2), b=(2, 3))
    brought = in_todays_blocks(told(a=9, b=5), {}, compare(then, today))
    assert brought.set_index("area_id")["parts"].to_dict() == {"a": "a c", "b": None}


def test_what_was_joined_is_known_where_all_of_it_was_shown():
    then, today = blocks(a=(0, 1), b=(1, 2), c=(2, 3)), blocks(ab=(0, 2), c=(2, 3))
    brought = in_todays_blocks(told(a=9, b=5, c=7), {}, compare(then, today))
    assert dict(zip(brought["area_id"], brought["n"], strict=True)) == {"ab": 14, "c": 7}


@pytest.mark.parametrize(
    ("numbers", "today"),
    [
        ({"a": None, "b": 5}, blocks(ab=(0, 2))),
        ({"a": 7, "b": 5}, blocks(a=(0, 0.7), b=(0.7, 2))),
        ({"a": 7, "b": 5}, blocks(b=(1, 2))),
    ],
    ids=["joined with a hidden one", "cut anew", "gone"],
)
def test_what_no_sum_of_today_says_stops_the_run(numbers, today):
    with pytest.raises(ProtectionError, match="neu geschnitten") as error:
        in_todays_blocks(told(**numbers), {}, compare(blocks(a=(0, 1), b=(1, 2)), today))
    assert "areas.toml" in str(error.value)


def test_blocks_of_two_quartiere_that_were_joined_stop_the_run():
    recut = compare(blocks(a=(0, 1), b=(1, 2)), blocks(ab=(0, 2)))
    held = {("quartier", "A"): ("a",), ("quartier", "B"): ("b",)}
    with pytest.raises(ProtectionError, match="zusammengelegt"):
        in_todays_blocks(told(a=7, b=5), held, recut)


def test_the_half_of_a_divided_block_is_not_the_block():
    """12 was shown for the whole: beside it the shown half would tell the hidden 2."""
    first = protect(*town({"A": {"residents": [12, 20, 30]}}), NESTING, RULES, KEY)
    then = blocks(Ab0=(0, 2), Ab1=(2, 3), Ab2=(3, 4))
    counts, areas = town({"A": {"residents": [10, 20, 30, 2]}})
    today = blocks(Ab0=(0, 1), Ab1=(2, 3), Ab2=(3, 4), Ab3=(1, 2))
    ledger = first.cells[[*CELL, "n"]].assign(release="2023-12-31.1", parts=None)
    brought = in_todays_blocks(ledger, {}, compare(then, today))
    second = protect(counts, areas, NESTING, RULES, KEY, brought)
    shown = second.cells[second.cells["status"] == "published"]["area_id"]
    assert "Ab0" not in set(shown)
    verdict = audit(second.cells, counts, areas, NESTING, RULES, second.certificates, brought)
    assert verdict.is_safe
    blind = protect(counts, areas, NESTING, RULES, KEY, ledger)
    attacked = audit(blind.cells, counts, areas, NESTING, RULES, blind.certificates, brought)
    assert not attacked.is_safe


def test_blocks_of_every_larger_area_are_listed():
    areas = town({"A": {"residents": [1, 2]}, "B": {"residents": [3]}})[1].iloc[::-1]
    held = blocks_of(areas)
    assert held["quartier", "A"] == ("Ab0", "Ab1")
    assert held["city", "C"] == ("Ab0", "Ab1", "Bb0")
