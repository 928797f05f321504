"""Own areas against brute force: the worlds that agree with what is published stay possible.

Every world over the smallest disjoint classes of a tiny town is tried. A reader who has every
own area that anybody could name, of Quartiere and of blocks, rules out none of those that the
published cells alone leave open; so nothing more can be derived, by no difference.

``ATLAS_OWN_AREAS`` says how many towns; a few are tried otherwise.
"""

import itertools
import os
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.confidential.protect import protect
from atlas.indicators import area_cells
from atlas.publication.seen import see
from atlas.publication.views.own_areas import OwnArea, own_cell
from atlas.release import Release
from atlas.terms import CELL_COLUMNS, REASONS, Kind, Reason, Status
from tests.block_town import KEY, rules, town
from tests.factories import town_config, town_info

NESTING = {"residents": None, "migrants": "residents"}
MEASURES = tuple(NESTING)
DAY = date(2023, 12, 31)
QUARTIERE, BLOCKS, MOST = ("A", "B"), ("Ab0", "Ab1", "Bb0", "Bb1"), 4
# People outside and in the part, block by block.
_GRID = np.array(list(itertools.product(range(MOST + 1), repeat=2)), dtype=np.int16)
_PLACES = {
    **{("block", key): np.eye(4, dtype=np.int16)[at] for at, key in enumerate(BLOCKS)},
    ("quartier", "A"): np.array([1, 1, 0, 0], dtype=np.int16),
    ("quartier", "B"): np.array([0, 0, 1, 1], dtype=np.int16),
    ("district", "D"): np.ones(4, dtype=np.int16),
    ("city", "C"): np.ones(4, dtype=np.int16),
}
EVERY_SET = [
    (kind, keys)
    for kind, every in ((Kind.BLOCK, BLOCKS), (Kind.QUARTIER, QUARTIERE))
    for size in range(1, len(every) + 1)
    for keys in itertools.combinations(every, size)
]


def _counts(people):
    cells = np.stack([people.sum(axis=1), people[:, 1]], axis=1)
    return town(
        {
            name: {
                measure: cells[2 * at : 2 * at + 2, i].tolist()
                for i, measure in enumerate(MEASURES)
            }
            for at, name in enumerate(QUARTIERE)
        }
    )


def _seen(cells, areas):
    """Release of the town as it left, with a number under what is hidden that none may see."""
    reasons = {str(status): str(reason) for status, reason in REASONS.items()}
    is_shown = cells["status"] == str(Status.PUBLISHED)
    given_cells = cells.assign(
        item=cells["measure"],
        reference_date=DAY.isoformat(),
        value=cells["n"].astype(float).where(is_shown, 98_765.0),
        reason=cells["status"].map(reasons).fillna(str(Reason.NONE)),
    )[list(CELL_COLUMNS)]
    sized = areas.assign(area_ha=1.0, name=areas["area_id"])
    sized["parent_id"] = sized["parent_id"].fillna("")
    every = pd.concat([given_cells, area_cells(sized, DAY)], ignore_index=True)
    info = town_info(town_config(), DAY)
    return see(Release(path=Path(), info=info, cells=every, areas=sized, map_files={}))


def _worlds(cells, people):
    """List every world that agrees with all published cells: world × block × measure."""
    truth = np.stack([people.sum(axis=1), people[:, 1]], axis=1)
    counts = np.stack([_GRID.sum(axis=1), _GRID[:, 1]], axis=1)
    published = cells[cells["status"] == str(Status.PUBLISHED)]
    told = [
        (_PLACES[(row.kind, row.area_id)], MEASURES.index(row.measure))
        for row in published.itertuples()
    ]
    fits = [
        counts[
            np.all(
                [
                    counts[:, i] == truth[block, i]
                    for at, i in told
                    if at.sum() == at[block] == 1
                ]
                or [np.full(len(counts), fill_value=True)],
                axis=0,
            )
        ]
        for block in range(len(BLOCKS))
    ]
    numbers = np.meshgrid(*[np.arange(len(fit)) for fit in fits], indexing="ij")
    chosen = [fit[at.ravel()] for fit, at in zip(fits, numbers, strict=True)]
    worlds = np.stack(chosen, axis=1)
    for at, i in told:
        worlds = worlds[worlds[:, :, i] @ at == truth[:, i] @ at]
    return worlds


def _place(kind, keys):
    return sum((_PLACES[(str(kind), key)] for key in keys), start=np.zeros(4, dtype=np.int16))


@st.composite
def towns(draw):
    """Draw people of four blocks, many of them few."""
    count = st.sampled_from([0, 0, 1, 2, 3])
    return np.array([[draw(count), draw(count)] for _ in BLOCKS])


@pytest.mark.parametrize("scope", ["table", "cell"])
@settings(
    max_examples=int(os.environ.get("ATLAS_OWN_AREAS", "4")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(people=towns())
def test_every_own_area_together_rules_out_no_world(scope, people):
    counts, areas = _counts(people)
    rule = rules(scope=scope, min_group=0, insider=False)
    cells = protect(counts, areas, NESTING, rule, KEY).cells
    worlds, seen = _worlds(cells, people), _seen(cells, areas)
    for kind, keys in EVERY_SET:
        own, sums = OwnArea(1, "Satz", kind, keys), worlds.swapaxes(1, 2) @ _place(kind, keys)
        for i, measure in enumerate(MEASURES):
            shown = own_cell(seen, own, measure).value
            assert shown is None or (sums[:, i] == shown).all()
        share = own_cell(seen, own, "migration_share").value
        if share is not None:
            assert (100.0 * sums[:, 1] == pytest.approx(share * sums[:, 0])).all()


def test_a_sum_of_true_counts_would_rule_worlds_out():
    """The same search finds what a threshold on the sum alone gives away: 4 − 3 = 1."""
    people = np.array([[3, 1], [2, 2], [3, 3], [0, 3]])
    counts, areas = _counts(people)
    rule = rules(scope="cell", min_group=0, insider=False)
    cells = protect(counts, areas, NESTING, rule, KEY).cells
    worlds = _worlds(cells, people)
    own = OwnArea(1, "Satz", Kind.BLOCK, ("Ab0", "Bb1"))
    assert len(set(worlds[:, 0, 1])) > 1
    told = worlds[worlds[:, :, 1] @ _place(own.kind, own.area_ids) == 4]
    assert set(told[:, 0, 1]) == {1}
    assert own_cell(_seen(cells, areas), own, "migrants").value is None
