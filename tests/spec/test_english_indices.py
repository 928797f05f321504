"""The English Indices of Deprivation 2019 by ``rank_exponential``: deciles and order of scores.

Ranks there count from the most deprived (1) among 32,844 areas.
"""

import csv

import numpy as np
import pytest

from atlas.classify.methods import score
from tests.method_tables import DATA_DIR, need_rule

N = 32_844
WEIGHTS = {
    "income": 22.5,
    "employment": 22.5,
    "education": 13.5,
    "health": 13.5,
    "crime": 9.3,
    "housing": 9.3,
    "environment": 9.3,
}
# Domains and areas of the file whose decile ends or begins right at a rank.
BORDERS = [
    (3284, 1),
    (3285, 2),
    (6568, 2),
    (6569, 3),
    (16422, 5),
    (16423, 6),
    (29559, 9),
    (N, 10),
]


@pytest.fixture(scope="module")
def areas() -> list[dict[str, str]]:
    path = DATA_DIR / "uk" / "imd_2019_sample.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def deciles() -> np.ndarray:
    """Decile of each rank, the first place for rank 1."""
    rule = need_rule("a", method="rank_exponential")
    values = np.arange(N, 0, -1, dtype=float)[:, None]
    scores = score(values, rule, {})
    assert scores is not None
    return scores.extras["need_index.decile"]


def test_every_published_decile(areas: list[dict[str, str]], deciles: np.ndarray) -> None:
    names = ("imd", *WEIGHTS)
    for area in areas:
        for name in names:
            rank = int(area[f"{name}_rank"])
            assert deciles[rank - 1] == int(area[f"{name}_decile"]), (area["lsoa"], name)
    assert len(areas) * len(names) == 240


@pytest.mark.parametrize(("rank", "decile"), BORDERS)
def test_borders_of_the_deciles(deciles: np.ndarray, rank: int, decile: int) -> None:
    assert deciles[rank - 1] == decile


def test_scores_of_the_domains_add_up_to_the_published_order(
    areas: list[dict[str, str]],
) -> None:
    """Each area keeps its published rank in every domain; the others fill the gaps."""
    columns = []
    for name in WEIGHTS:
        own = [N + 1 - int(area[f"{name}_rank"]) for area in areas]
        assert len(set(own)) == len(own)
        others = np.setdiff1d(np.arange(1, N + 1), own)
        columns.append(np.concatenate([own, others]))
    parts = [{"id": name, "weight": weight} for name, weight in WEIGHTS.items()]
    rule = need_rule(method="rank_exponential", indicators=parts)
    scores = score(np.column_stack(columns).astype(float), rule, {})
    assert scores is not None
    found = scores.index[: len(areas)]
    published = [int(area["imd_rank"]) for area in areas]
    assert np.argsort(-found).tolist() == np.argsort(published).tolist()
    # The published score of the first area; the published weights add up to 99.9, ours to 1.
    assert found[0] * sum(WEIGHTS.values()) / 100 == pytest.approx(6.208, abs=5e-4)
