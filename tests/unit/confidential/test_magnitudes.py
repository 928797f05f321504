"""Money: what rests on few, or on one, is hidden, and no sum of what is shown gives it back."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from atlas.confidential.magnitudes import protect_magnitudes
from atlas.config import Indicators
from tests.block_town import rules

RULES = rules()
AREAS = pd.DataFrame(
    [
        *(("block", f"{q}{i}", q) for q in "AB" for i in range(4)),
        *(("quartier", q, "C") for q in "AB"),
        ("city", "C", ""),
    ],
    columns=["kind", "area_id", "parent_id"],
)
KINDS = dict(zip(AREAS["area_id"], AREAS["kind"], strict=True))


def indicators(**magnitude: object) -> Indicators:
    """One indicator of money on cases; by itself the largest contribution is delivered."""
    costs = {"label": "Kosten", "is_delivered": True, "unit": "euro", "base": "cases"}
    told = {"is_sum": True, "largest": "most"} | magnitude
    measures = {name: {"label": name} for name in ("residents", "cases", "households")}
    return Indicators.model_validate(
        {
            "format": 1,
            "measures": measures,
            "indicators": {"costs": costs | {"magnitude": told}},
        }
    )


def frame(measure: str, numbers: dict[str, float | None]) -> pd.DataFrame:
    rows = [(KINDS[area], area, "all", measure, n) for area, n in numbers.items()]
    columns = ["kind", "area_id", "group", "measure", "n"]
    shown = pd.DataFrame(rows, columns=columns)
    status = shown["n"].isna().map({True: "suppressed", False: "published"})
    return shown.assign(status=status, reason="")


def with_sums(blocks: dict[str, float], add: object = sum) -> dict[str, float]:
    """Add blocks of a letter up to Quartiere and the city."""
    inside = {q: add([n for name, n in blocks.items() if name[0] == q]) for q in "AB"}
    return blocks | inside | {"C": add(list(inside.values()))}


def hidden(cases, total, most, config=None, told=None) -> set[str]:
    values = pd.concat([frame("costs", total), frame("most", most)])
    counts = frame("cases", cases)
    found = protect_magnitudes(
        values, counts, counts, AREAS, config or indicators(), RULES, told
    )
    assert set(found["measure"]) == {"costs"}
    gone = found["status"] == "suppressed"
    assert found.loc[gone, "n"].isna().all()
    return set(found.loc[gone, "area_id"])


CASES = {f"{q}{i}": 20.0 for q in "AB" for i in range(4)}
TOTAL = dict.fromkeys(CASES, 20000.0)
MOST = dict.fromkeys(CASES, 2_000.0)


def every(cases, total, most):
    return with_sums(cases), with_sums(total), with_sums(most, max)


def test_where_many_contribute_and_nobody_outweighs_all_is_shown():
    assert hidden(*every(CASES, TOTAL, MOST)) == set()


@pytest.mark.parametrize(("cases", "gone"), [(9.0, 2), (10.0, 0), (11.0, 0)])
def test_few_contributors_are_hidden_with_another_whose_sum_may_be_known(cases, gone):
    found = hidden(*every(CASES | {"A1": cases}, TOTAL, MOST))
    assert len(found) == gone
    assert found <= {"A0", "A1", "A2", "A3"}


@pytest.mark.parametrize(("most", "gone"), [(9_525.0, 2), (9_523.0, 0)])
def test_one_who_makes_nearly_half_of_a_sum_is_hidden(most, gone):
    """20,000 less the largest twice has to leave ten per cent of the largest."""
    assert len(hidden(*every(CASES, TOTAL, MOST | {"A1": most}))) == gone


def test_a_mean_is_a_sum_by_its_cases():
    mean = {name: n / 20 for name, n in with_sums(TOTAL).items()}
    cases = dict.fromkeys(with_sums(CASES), 20.0)
    most = with_sums(MOST | {"A1": 9_525.0}, max)
    config = indicators(is_sum=False)
    assert "A1" in hidden(cases, mean, most, config)


def test_households_are_contributors_where_the_register_has_them():
    cases, total, most = every(CASES, TOTAL, MOST)
    values = pd.concat([frame("costs", total), frame("most", most)])
    households = frame("households", with_sums(CASES | {"B2": 4.0}))
    counts = pd.concat([frame("cases", cases), households])
    config = indicators(contributors="households")
    found = protect_magnitudes(values, counts, counts, AREAS, config, RULES)
    assert "B2" in set(found.loc[found["status"] == "suppressed", "area_id"])


def test_what_an_earlier_release_hid_stays_hidden():
    told = frame("costs", {"A1": None, "A2": None}).rename(columns={"measure": "item"})
    assert {"A1", "A2"} <= hidden(*every(CASES, TOTAL, MOST), told=told)


def test_what_an_earlier_release_showed_hides_nothing():
    """A0 was shown: whoever takes it off as well knows the rest of what is hidden."""
    told = frame("costs", {"A0": 1.0}).rename(columns={"measure": "item"})
    found = hidden(*every(CASES | {"A0": 11.0, "A1": 9.0}, TOTAL, MOST), told=told)
    assert "A1" in found
    assert len(found - {"A0", "A1"}) > 0


@pytest.mark.parametrize("seed", range(40))
def test_no_reader_estimates_the_largest_contribution(seed):
    """Programmes over all that is shown: a hidden sum stays far above its largest part."""
    rng = np.random.default_rng(seed)
    cases = {name: float(rng.integers(1, 40)) for name in CASES}
    paid = {name: rng.lognormal(6, 1.2, int(n)) for name, n in cases.items()}
    total = {name: float(amounts.sum()) for name, amounts in paid.items()}
    most = {name: float(amounts.max()) for name, amounts in paid.items()}
    numbers = every(cases, total, most)
    gone = hidden(*numbers)
    _, totals, largest = numbers
    blocks = list(CASES)
    shown = [area for area in totals if area not in gone]
    left = np.array([[area in (b, b[0], "C") for b in blocks] for area in shown], dtype=float)
    left = left.reshape(len(shown), len(blocks))
    right = [totals[area] for area in shown]
    assert gone != set(totals)
    for area in gone:
        signs = np.array([area in (b, b[0], "C") for b in blocks], dtype=float)
        highest = linprog(-signs, A_eq=left, b_eq=right, bounds=(0, 1e9))
        estimate = -highest.fun - largest[area]
        assert estimate > largest[area] * 1.1 - 1e-6, area
