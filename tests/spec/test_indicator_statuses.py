"""When an indicator shows a value, and what it shows instead: one row per case.

Words for cells: geheim, gesperrt (withheld by the supplier), ausstehend (arrives later), fehlt
(does not exist), klein (denominator too small), unbewohnt. A rate needs at least ten people
below the line here.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.config import Indicators, ProtectionRules
from atlas.indicators import indicator_cells
from atlas.terms import CELL_COLUMNS, Reason, Status

WORDS = {
    "geheim": (Status.SUPPRESSED, Reason.CONFIDENTIAL),
    "gesperrt": (Status.WITHHELD, Reason.SUPPLIER),
    "ausstehend": (Status.MISSING, Reason.PENDING),
    "fehlt": (Status.UNAVAILABLE, Reason.NOT_DELIVERED),
    "klein": (Status.NOT_MEANINGFUL, Reason.SMALL_DENOMINATOR),
    "unbewohnt": (Status.UNINHABITED, Reason.UNINHABITED),
}
INDICATORS: dict[str, Any] = {
    "density": {"numerator": ["residents"], "denominator": ["area_ha"], "unit": "per_ha"},
    "migration": {"numerator": ["migrants"], "denominator": ["residents"]},
    "sgb2": {"numerator": ["recipients"], "denominator": ["residents", "-old"]},
    "young": {"numerator": ["residents@u18"], "denominator": ["residents@all"]},
    "share": {"is_delivered": True},
    "change": {"is_delivered": True, "unit": "percentage_points"},
}
MEASURES = ("residents", "migrants", "recipients", "old")


def _cells(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Cells of kind quartier; a row is area, group, item and text."""
    cells = []
    for area_id, group, item, text in rows:
        status, reason = WORDS.get(text, (Status.PUBLISHED, Reason.NONE))
        value = np.nan if text in WORDS else float(text)
        cells.append(
            ("quartier", area_id, "2024-12-31", group, item, value, str(status), str(reason))
        )
    return pd.DataFrame(cells, columns=list(CELL_COLUMNS))


def _check(text: str, group: str = "all", min_denominator: int = 10) -> None:
    """Compute the indicator named right of the bar from the cells named left of it."""
    header, *lines = text.strip().splitlines()
    given, wanted = (part.split() for part in header.split("|"))
    rows, expected = [], []
    for number, line in enumerate(lines):
        left, right = (part.split() for part in line.split("|"))
        for name, value in zip(given, left, strict=True):
            item, _, own = name.partition("@")
            where = "all" if item == "area_ha" else own or group
            rows.append((f"{number:02}", where, item, value))
        expected.append(dict(zip(wanted, right, strict=True)))
    indicators = Indicators.model_validate(
        {
            "format": 1,
            "measures": {name: {"label": name} for name in MEASURES},
            "indicators": {
                name: {"label": name, "groups": [group], **INDICATORS[name]} for name in wanted
            },
        }
    )
    rules = ProtectionRules(format=1, min_denominator=min_denominator)
    cells = indicator_cells(_cells(rows), indicators, rules)
    assert set(cells["group"]) == {group}
    found = cells.set_index(["area_id", "item"])
    for number, row in enumerate(expected):
        for name, want in row.items():
            cell = found.loc[(f"{number:02}", name)]
            where = (lines[number].strip(), name)
            if want in WORDS:
                assert (cell["status"], cell["reason"]) == WORDS[want], where
                assert np.isnan(cell["value"]), where
            else:
                assert (cell["status"], cell["reason"]) == ("published", ""), where
                assert cell["value"] == pytest.approx(float(want), abs=1e-9), where


def test_density() -> None:
    """Residents per hectare need no smallest number of people."""
    _check(
        """
        residents  area_ha | density
        100        2       | 50
        1          4       | 0.25
        0          4       | unbewohnt
        geheim     4       | geheim
        ausstehend 4       | ausstehend
        gesperrt   4       | gesperrt
        fehlt      4       | fehlt
        """
    )


def test_rate() -> None:
    """The limit of ten is met by ten; nobody above the line is a true zero."""
    _check(
        """
        residents  migrants   | migration
        100        25         | 25
        100        0          | 0
        100        100        | 100
        11         1          | 9.0909090909
        10         1          | 10
        9          1          | klein
        1          0          | klein
        0          0          | unbewohnt
        0          fehlt      | unbewohnt
        0          ausstehend | unbewohnt
        100        geheim     | geheim
        geheim     25         | geheim
        geheim     geheim     | geheim
        9          geheim     | geheim
        100        gesperrt   | gesperrt
        100        ausstehend | ausstehend
        100        fehlt      | fehlt
        geheim     ausstehend | ausstehend
        geheim     fehlt      | fehlt
        geheim     gesperrt   | geheim
        ausstehend fehlt      | fehlt
        """
    )


def test_rate_without_a_smallest_number() -> None:
    """Even where the city allows every denominator, nothing is divided by nobody."""
    _check(
        """
        residents  recipients old  | sgb2
        3          1          0    | 33.3333333333
        3          0          3    | klein
        3          1          4    | klein
        0          0          0    | unbewohnt
        """,
        min_denominator=0,
    )


def test_denominator_of_two_counts() -> None:
    """SGB II over people below the age limit: ten of them are needed, not ten residents."""
    _check(
        """
        residents  recipients old        | sgb2
        100        20         20         | 25
        20         2          10         | 20
        20         2          11         | klein
        100        20         geheim     | geheim
        100        20         ausstehend | ausstehend
        geheim     20         fehlt      | fehlt
        """
    )


def test_counts_of_two_groups() -> None:
    """Share of children: the groups are named in the configuration."""
    _check(
        """
        residents  residents@u18 | young
        200        50            | 25
        200        0             | 0
        9          3             | klein
        200        geheim        | geheim
        0          0             | unbewohnt
        """
    )


def test_children_of_a_group() -> None:
    """Among children ten children are needed; without any the rate says nothing."""
    _check(
        """
        residents@all residents@u18 migrants@u18 | migration
        100           20            5            | 25
        100           10            5            | 50
        100           9             5            | klein
        100           0             0            | klein
        0             0             0            | unbewohnt
        100           geheim        5            | geheim
        100           20            geheim       | geheim
        """,
        group="u18",
    )


def test_children_per_hectare() -> None:
    """No child in an inhabited area is a density of nought."""
    _check(
        """
        residents@all residents@u18 area_ha | density
        100           20            4       | 5
        100           0             4       | 0
        0             0             4       | unbewohnt
        """,
        group="u18",
    )


def test_ready_made_share() -> None:
    """Published as delivered, unless its residents are hidden or fewer than ten."""
    _check(
        """
        residents  share      change     | share      change
        100        12.5       -1.5       | 12.5       -1.5
        10         50         0          | 50         0
        9          12.5       2          | klein      klein
        0          12.5       2          | unbewohnt  unbewohnt
        geheim     12.5       2          | geheim     geheim
        gesperrt   12.5       2          | gesperrt   gesperrt
        100        gesperrt   fehlt      | gesperrt   fehlt
        100        ausstehend geheim     | ausstehend geheim
        9          fehlt      2          | fehlt      klein
        """
    )


def test_ready_made_share_of_too_few() -> None:
    """One of 140 is 0.7 %, two are 1.4 %: the share would tell. So would two who are left."""
    _check(
        """
        residents  share  change | share   change
        140        0      0.7    | 0       0.7
        140        0.7    0.7    | geheim  0.7
        140        1.4    0.7    | geheim  0.7
        140        2.1    0.7    | 2.1     0.7
        140        97.9   0.7    | 97.9    0.7
        140        98.6   0.7    | geheim  0.7
        140        100    0.7    | 100     0.7
        9          12.5   0.7    | klein   klein
        """
    )


def test_item_without_any_row_does_not_exist() -> None:
    _check(
        """
        residents | migration
        100       | fehlt
        0         | unbewohnt
        """
    )
