"""Limits learned from the past: medians times three, floors, chance."""

from math import exp

import pytest

from atlas.confidential.meaning.limits import Change, Churn, distance, loss

CHANGE = Change(floor=0.02, first=0.30)
CHURN = Churn(spread=0.5, slack=0.01, least=0.6)
MANY = 10**9


@pytest.mark.parametrize(
    ("past", "allowed"),
    [
        ([], 0.30),  # nothing is known yet
        ([0.001, 0.002, 0.003], 0.02),  # the floor: three times 0.002 would be chance
        ([0.01, 0.02, 0.03], 0.06),
        ([0.01, 0.02, 0.9], 0.06),  # one bad year does not widen the limit
        ([0.2, 0.2], 0.30),  # never wider than without a past
    ],
)
def test_a_change_may_be_three_times_the_usual_one(past: list[float], allowed: float) -> None:
    assert CHANGE.allowed(past) == pytest.approx(allowed)


def test_chance_widens_a_limit_by_five_deviations() -> None:
    assert CHANGE.allowed([0.01], noise=0.01) == pytest.approx(0.03 + 0.05)


def test_loss_is_per_year() -> None:
    assert loss(exp(-0.06), 1) == pytest.approx(0.06)
    assert loss(exp(-0.06), 2) == pytest.approx(0.03)


def test_persons_kept_against_the_usual_loss() -> None:
    assert CHURN.least_kept([], 1, MANY) == 0.6
    # 6 % a year, half as much more, and a slack of one percent
    assert CHURN.least_kept([0.06], 1, MANY) == pytest.approx(exp(-0.09) - 0.01, abs=1e-4)


def test_nothing_stands_still_unless_nothing_could_happen() -> None:
    assert CHURN.most_kept([0.06], 1, 100_000) == pytest.approx(exp(-0.012))
    assert CHURN.most_kept([0.06], 1, 100) == 1.0  # six events may fail to come
    assert CHURN.most_kept([], 0.02, 40_000) == 1.0  # a week of a register


def test_distance_is_the_share_that_changes_its_value() -> None:
    assert distance({"a": 50, "b": 50}, {"a": 40, "b": 60}) == pytest.approx(0.1)
    assert distance({"0": 10}, {"000": 10}) == 1.0
    assert distance({}, {"a": 1}) == 0.0
