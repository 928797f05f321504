import numpy as np
import pytest

from atlas.publication.api.cql2 import FilterError, rows_that_meet

_COLUMNS = {
    "n": np.array([1.0, 2.0, np.nan, 4.0]),
    "need_index.armut_all": np.array([0.5, -0.5, 1.5, np.nan]),
    "name": np.array(["Nord", "Süd", "O'Hara", "Nord"], dtype=object),
    "day": np.array(["2023-12-31"] * 4, dtype=object),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("n = 1", [0]),
        ("n <> 1", [1, 3]),
        ("n > 1 AND n <= 4", [1, 3]),
        ("2 <= n", [1, 3]),
        ("NOT n = 1", [1, 3]),
        ("not (n = 1 or n = 2)", [3]),
        ("NOT NOT n = 1", [0]),
        ("n IS NULL", [2]),
        ("n is not null", [0, 1, 3]),
        ("NOT (n IS NULL)", [0, 1, 3]),
        ("n = 1 OR n IS NULL", [0, 2]),
        ("n = 1 OR name = 'O''Hara'", [0, 2]),
        ("n > 0 OR NOT n > 0", [0, 1, 3]),
        ("name < 'O'", [0, 3]),
        ('"need_index.armut_all" >= 5e-1', [0, 2]),
        ("need_index.armut_all < -.4", [1]),
        ("day = DATE('2023-12-31')", [0, 1, 2, 3]),
        ("day > TIMESTAMP('2023-12-30T00:00:00Z')", [0, 1, 2, 3]),
        ("TRUE", [0, 1, 2, 3]),
        ("FALSE OR n = 4", [3]),
        ("n = n", [0, 1, 3]),
        ("1 = 1", [0, 1, 2, 3]),
        ("n=1 AND name='Nord' OR n=2", [0, 1]),
        ("n=1 AND (name='Nord' OR n=2)", [0]),
    ],
)
def test_rows_are_those_that_meet_it(text, found):
    assert np.flatnonzero(rows_that_meet(text, _COLUMNS, 4)).tolist() == found


@pytest.mark.parametrize(
    "text",
    [
        *("", "n", "n =", "= 1", "n = 1 n", "n = 'a'", "name = 1", "unknown = 1", "(n = 1"),
        *(
            "n = 1)",
            "n LIKE 'a'",
            "n == 1",
            "NOT",
            "n IS 1",
            "name = 'a",
            "DATE('2023')  = day",
        ),
        *("DATE(n) = day", "AND n = 1", "n = 1; DROP", "(" * 60 + "n = 1" + ")" * 60),
        "n = 1 OR " * 600 + "n = 1",
    ],
)
def test_what_is_no_filter_is_refused_with_what_was_expected(text):
    with pytest.raises(FilterError):
        rows_that_meet(text, _COLUMNS, 4)
