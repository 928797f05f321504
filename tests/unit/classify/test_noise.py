from math import comb, exp

import numpy as np
import pandas as pd
import pytest

from atlas.classify import Noise
from atlas.classify.noise import Sample, draw_carried, draw_chance, spread_counts
from atlas.config.levels import Robustness

COLUMNS = ["area_id", "item", "series", "numerator", "denominator", "is_share", "factor"]


def sample_of(values: list[float], times: int = 1000) -> Sample:
    settings = Robustness(replications=times, factors=("chance", "carried"))
    areas = tuple(f"{place:02d}" for place in range(len(values)))
    return Sample(np.array(values)[:, None], areas, ("x",), settings)


def noise_of(*rows: tuple[str, float, float, bool, float]) -> Noise:
    told = [(area, "x", "zufall", *rest) for area, *rest in rows]
    return Noise(pd.DataFrame(told, columns=COLUMNS))


@pytest.mark.parametrize(
    ("count", "of", "expected"),
    [
        (1, 2, {0: 250, 1: 500, 2: 250}),
        (1, 4, {0: 316, 1: 422, 2: 211, 3: 47, 4: 4}),  # 81, 108, 54, 12, 1 of 256
        (0.5, 1, {0: 500, 1: 500}),
    ],
)
def test_a_share_by_hand(count: float, of: float, expected: dict[int, int]) -> None:
    drawn, times = np.unique(spread_counts(count, of, 1000), return_counts=True)
    assert dict(zip(drawn.tolist(), times.tolist(), strict=True)) == expected


def test_a_count_by_hand() -> None:
    """Poisson with mean 1: 0 in 36.788 %, at most 1 in 73.576 %, at most 2 in 91.970 %."""
    drawn = spread_counts(1, None, 1000)
    assert [int((drawn <= c).sum()) for c in (0, 1, 2)] == [368, 736, 920]


@pytest.mark.parametrize(("count", "of"), [(300, 1000), (3, 9000), (8990, 9000), (1, 1e6)])
def test_as_often_as_the_binomial_says(count: int, of: float) -> None:
    drawn = spread_counts(count, of, 2000)
    n, share = int(of), count / of
    c = int(np.median(drawn))
    if n <= 1000:
        until = sum(comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(c + 1))
        assert (drawn <= c).sum() == round(2000 * until)
    assert drawn.mean() == pytest.approx(count, rel=0.01)
    assert drawn.std() == pytest.approx((count * (1 - share)) ** 0.5, rel=0.02)


def test_a_large_count() -> None:
    drawn = spread_counts(1e6, None, 2000)
    assert drawn.std() == pytest.approx(1000, rel=0.01)
    assert spread_counts(0.001, None, 2000).tolist() == [0] * 1998 + [1] * 2


def test_what_does_not_vary() -> None:
    """Nobody, all, more than all, and a count that is not published."""
    noise = noise_of(
        ("00", 0, 50, True, 100.0),
        ("01", 50, 50, True, 100.0),
        ("02", 60, 50, True, 100.0),
        ("03", np.nan, 50, True, 100.0),
    )
    assert draw_chance(noise, sample_of([0.0, 100.0, 120.0, 5.0])) == []


def test_deviations_of_a_share_and_of_a_density() -> None:
    share = noise_of(("00", 1, 2, True, 100.0))
    (drawn,) = draw_chance(share, sample_of([50.0]))
    found = drawn.deviations(slice(0, 1000))[:, 0]
    assert sorted(set(found)) == [-50.0, 0.0, 50.0]
    assert found.mean() == 0
    density = noise_of(("00", 1, 4, False, 1.0))
    (drawn,) = draw_chance(density, sample_of([0.25]))
    assert sorted(set(drawn.deviations(slice(0, 1000))[:, 0]))[:3] == [-0.25, 0.0, 0.25]
    assert (drawn.deviations(slice(0, 1000)) == -0.25).mean() == round(exp(-1), 3)


def test_a_carried_value_takes_changes_of_the_past() -> None:
    """Two spans, each in half of the replications, every change of a span equally often."""
    pasts = {"x": (np.array([-1.0, 1.0]), np.array([2.0]))}
    noise = Noise(noise_of().fractions, frozenset({("00", "x")}), pasts, {"x": (0.0, 100.0)})
    (drawn,) = draw_carried(noise, sample_of([10.0, 20.0]))
    found, times = np.unique(drawn.deviations(slice(0, 1000)), return_counts=True)
    assert drawn.rows.tolist() == [0]
    assert found.tolist() == [-1.0, 1.0, 2.0]
    assert times[2] == 500
    assert abs(times[0] - 250) < 30


def test_a_carried_value_stays_a_share() -> None:
    noise = Noise(
        noise_of().fractions,
        frozenset({("00", "x"), ("01", "x")}),
        {"x": (np.array([-30.0, 30.0]),)},
        {"x": (0.0, 100.0)},
    )
    (drawn,) = draw_carried(noise, sample_of([10.0, 95.0]))
    assert sorted({*drawn.deviations(slice(0, 1000))[:, 0].tolist()}) == [-10.0, 30.0]
    assert sorted({*drawn.deviations(slice(0, 1000))[:, 1].tolist()}) == [-30.0, 5.0]


def test_without_a_past_it_does_not_vary() -> None:
    noise = Noise(noise_of().fractions, frozenset({("00", "x")}), {"x": ()}, {"x": (0.0, 1.0)})
    assert draw_carried(noise, sample_of([10.0])) == []
