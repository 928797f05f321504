"""The methods of an index, each as a table that can be checked with pencil and paper."""

import math
from dataclasses import replace
from datetime import date

import pytest

from atlas.classify import Rule
from tests.method_tables import DAY, assert_table, city_of, classify_table, column_of, need_rule

# 2 4 4 4 5 5 7 9 has mean 5 and population standard deviation 2.
EIGHT = (2, 4, 4, 4, 5, 5, 7, 9)


def test_mss_cuts() -> None:
    """Cuts −1, +1, +1.5; 07 lies on +1 and stays below, 01 lies under −1."""
    items = assert_table(
        """
        area a |  a.z need_index.sum need_index need_index.distance need_level a.rank
          01 2 | -1.5           -1.5       -1.5                 0.5          1      8
          02 4 | -0.5           -0.5       -0.5                 1.5          2      5
          03 4 | -0.5           -0.5       -0.5                 1.5          2      5
          04 4 | -0.5           -0.5       -0.5                 1.5          2      5
          05 5 |  0.0            0.0        0.0                 1.0          2      3
          06 5 |  0.0            0.0        0.0                 1.0          2      3
          07 7 |  1.0            1.0        1.0                 0.0          2      2
          08 9 |  2.0            2.0        2.0                -0.5          4      1
        """,
        need_rule("a", preset="mss"),
    )
    city = city_of(items)
    assert city["a.mean"] == 5
    assert city["a.sd"] == 2
    assert city["need_index.sum_mean"] == 0
    assert city["need_index.sum_sd"] == 1
    assert [city[f"need_index.cut_{n}"] for n in (1, 2, 3)] == [-1.0, 1.0, 1.5]


def test_need4_cuts() -> None:
    """Cuts 0, +0.5, +1: what lies on the mean needs nothing, 07 on +1 stays in 3."""
    assert_table(
        """
        area  a | need_index need_level need_index.distance
        01    2 |    -1.5        1             1.5
        02    4 |    -0.5        1             0.5
        03    4 |    -0.5        1             0.5
        04    4 |    -0.5        1             0.5
        05    5 |     0.0        1             0.0
        06    5 |     0.0        1             0.0
        07    7 |     1.0        3             0.0
        08    9 |     2.0        4            -1.0
        """,
        need_rule("a", preset="need4"),
    )


def test_sample_standard_deviation() -> None:
    """With n − 1 the standard deviation is √(32/7) = 2.1381, so 08 falls to 1.8708."""
    items = assert_table(
        """
        area  a |  a.z    need_index need_level
        01    2 | -1.4031  -1.4031       1
        02    4 | -0.4677  -0.4677       2
        03    4 | -0.4677  -0.4677       2
        04    4 | -0.4677  -0.4677       2
        05    5 |  0.0000   0.0000       2
        06    5 |  0.0000   0.0000       2
        07    7 |  0.9354   0.9354       2
        08    9 |  1.8708   1.8708       4
        """,
        need_rule("a", preset="mss", sd="sample"),
    )
    assert city_of(items)["a.sd"] == pytest.approx(math.sqrt(32 / 7), abs=1e-12)


def test_less_means_more_need() -> None:
    """A lower value means more need: z turns its sign, rank 1 is the lowest value."""
    assert_table(
        """
        area  a | a.z   need_index need_level a.rank
        01    2 |  1.5      1.5        3         1
        02    4 |  0.5      0.5        2         2
        03    4 |  0.5      0.5        2         2
        04    4 |  0.5      0.5        2         2
        05    5 |  0.0      0.0        2         5
        06    5 |  0.0      0.0        2         5
        07    7 | -1.0     -1.0        1         7
        08    9 | -2.0     -2.0        1         8
        """,
        need_rule(indicators=[{"id": "a", "direction": "less"}], preset="mss"),
    )


def test_weights() -> None:
    """a counts three times b. z of both is ±1, so S is ±4 or ±2 and its spread √10."""
    assert_table(
        """
        area  a  b | a.z b.z need_index.sum need_index a.contribution b.contribution
        01    0  0 | -1  -1       -4          -1.2649      -0.9487        -0.3162
        02    0  2 | -1   1       -2          -0.6325      -0.9487         0.3162
        03    2  0 |  1  -1        2           0.6325       0.9487        -0.3162
        04    2  2 |  1   1        4           1.2649       0.9487         0.3162
        """,
        need_rule(indicators=[{"id": "a", "weight": 3.0}, {"id": "b", "weight": 1.0}]),
    )


def test_quantile() -> None:
    """Quarters of the areas; 02, 03 and 04 are equal and stay together below the cut."""
    items = assert_table(
        """
        area  a | need_index need_level
        01    2 |    -1.5        1
        02    4 |    -0.5        1
        03    4 |    -0.5        1
        04    4 |    -0.5        1
        05    5 |     0.0        3
        06    5 |     0.0        3
        07    7 |     1.0        4
        08    9 |     2.0        4
        """,
        need_rule("a", method="quantile"),
    )
    city = city_of(items)
    assert [city[f"need_index.cut_{n}"] for n in (1, 2, 3)] == [-0.5, -0.5, 0.0]


def test_quantile_of_given_shares() -> None:
    """The lower half, then three tenths, one tenth, one tenth of ten areas."""
    items = classify_table(
        "area a |\n" + "\n".join(f"{n:02} {n}" for n in range(10)),
        need_rule("a", method="quantile", cuts=[0.5, 0.8, 0.9]),
    )
    levels = column_of(items, "need_level")
    assert levels.tolist() == [1, 1, 1, 1, 1, 2, 2, 2, 3, 4]


def test_fixed() -> None:
    """One point for more than 10, one for more than 20 of a; one for less than 5 of b."""
    assert_table(
        """
        area   a   b | a.z b.z need_index need_level
        01    10   5 |  0   0      0          1
        02    11   5 |  1   0      1          2
        03    20   4 |  1   1      2          3
        04    21   4 |  2   1      3          4
        05    99   9 |  2   0      2          3
        """,
        _fixed_rule(),
    )


def test_percentile() -> None:
    """(Lowest rank − 1) / (n − 1); equal values share it; flags from 0.90 on.

    Sums: 0, 0.25, 1.25, 1.25, 2.00; of these the percentile rank again is the index.
    """
    assert_table(
        """
        area  a  b |  a.z   b.z  need_index.sum need_index need_level a.flag b.flag
        01    1  1 |  0.00  0.00      0.00         0.00        1        0      0
        02    2  1 |  0.25  0.00      0.25         0.25        1        0      0
        03    3  7 |  0.50  0.75      1.25         0.50        2        0      0
        04    3  7 |  0.50  0.75      1.25         0.50        2        0      0
        05    9  6 |  1.00  0.50      1.50         1.00        4        1      0
        """,
        need_rule("a b", method="percentile"),
    )


def test_rank_exponential() -> None:
    """X = −23 · ln(1 − R · (1 − e^(−100/23))), R = rank / n; one tenth of areas per decile."""
    items = assert_table(
        """
        area   a | a.z      need_index need_level need_index.decile need_index.rank
        01     1 |   2.3903    2.3903     1             10                10
        02     2 |   5.0580    5.0580     1              9                 9
        03     3 |   8.0764    8.0764     1              8                 8
        04     4 |  11.5515   11.5515     2              7                 7
        05     5 |  15.6468   15.6468     2              6                 6
        06     6 |  20.6327   20.6327     3              5                 5
        07     7 |  27.0075   27.0075     3              4                 4
        08     8 |  35.8568   35.8568     3              3                 3
        09     9 |  50.4267   50.4267     4              2                 2
        10    99 | 100.0000  100.0000     4              1                 1
        """,
        need_rule("a", method="rank_exponential"),
    )
    assert column_of(items, "a.contribution")["10"] == pytest.approx(100, abs=1e-9)


def test_city_value_as_centre() -> None:
    """The city as a whole, at 4, is the zero of z and index; the spread stays 2."""
    items = assert_table(
        """
        area  a | a.z  need_index need_level a.contribution
        01    2 | -1.0   -1.0         1          -1.0
        02    4 |  0.0    0.0         2           0.0
        03    4 |  0.0    0.0         2           0.0
        04    4 |  0.0    0.0         2           0.0
        05    5 |  0.5    0.5         2           0.5
        06    5 |  0.5    0.5         2           0.5
        07    7 |  1.5    1.5         3           1.5
        08    9 |  2.5    2.5         4           2.5
        """,
        need_rule("a", preset="mss", mean_base="city_value"),
        {"a": 4.0},
    )
    assert city_of(items)["a.mean"] == 4
    assert city_of(items)["need_index.sum_mean"] == 0


def test_frozen_base_date() -> None:
    """Mean 5 and spread 2 of the base date; of this date they are 3.75 and √8.6875."""
    assert_table(
        """
        area  a | a.z  need_index need_level need_index.relative need_level.relative
        01    1 | -2.0   -2.0         1           -0.9330                2
        02    1 | -2.0   -2.0         1           -0.9330                2
        03    5 |  0.0    0.0         2            0.4241                2
        04    8 |  1.5    1.5         3            1.4419                3
        """,
        need_rule("a", preset="mss", base_date="2020-12-31"),
        {"a.mean": 5.0, "a.sd": 2.0, "need_index.sum_mean": 0.0, "need_index.sum_sd": 1.0},
    )


def test_base_date_itself_needs_no_reference() -> None:
    """At the base date the parameters are found; they are what later dates are given."""
    rule = need_rule("a", cuts=[-1.5, 0.0, 1.5], base_date=DAY)
    items = assert_table("area a | need_level need_level.relative\n01 1 2 2\n02 3 3 3", rule)
    later = replace(rule, base_date=date(2020, 12, 31))
    again = classify_table("area a |\n01 1\n02 3", later, city_of(items).to_dict())
    assert column_of(again, "need_index").equals(column_of(items, "need_index"))


def test_own_cuts() -> None:
    rule = need_rule("a", cuts=[-2.0, -1.0, 3.0])
    items = classify_table(
        "area a |\n" + "\n".join(f"{n} {v}" for n, v in enumerate(EIGHT)), rule
    )
    assert column_of(items, "need_level").tolist() == [2, 3, 3, 3, 3, 3, 3, 3]


def _fixed_rule() -> Rule:
    return need_rule(
        method="fixed",
        indicators=[
            {"id": "a", "cuts": [10.0, 20.0]},
            {"id": "b", "cuts": [5.0], "direction": "less"},
        ],
    )
