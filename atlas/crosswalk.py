"""Crosswalks between editions: which share of an old area lies in which new one.

Moves counts, never rates, and keeps every total.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from atlas.errors import GeographyError
from atlas.terms import Status
from atlas.words import first_few

CROSSWALK_COLUMNS = ("from_id", "to_id", "share")
_TOLERANCE = 1e-6


def read_crosswalk(path: Path) -> pd.DataFrame:
    """Read a CSV with the columns from_id, to_id and share (0 to 1, decimal point).

    Returns
    -------
    pandas.DataFrame
        One row per from_id and to_id; the shares of each from_id sum to 1.

    Raises
    ------
    GeographyError
        If a column is missing, a share is no share, or shares do not sum to 1.
    """
    place = f"Umsteigeschlüssel {path.name}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.readline()
            file.seek(0)
            delimiter = ";" if ";" in sample else ","
            rows = list(csv.DictReader(file, delimiter=delimiter, strict=True))
        table = pd.DataFrame(
            {
                "from_id": [row["from_id"].strip() for row in rows],
                "to_id": [row["to_id"].strip() for row in rows],
                "share": [float(row["share"]) for row in rows],
            }
        )
    except (OSError, csv.Error, KeyError, ValueError, TypeError, AttributeError):
        table = pd.DataFrame()
    if table.empty:
        raise GeographyError(
            f"{place}: nicht lesbar. Erwartet: CSV mit den Spalten "
            f"{', '.join(CROSSWALK_COLUMNS)}, Anteile mit Dezimalpunkt. Datei prüfen."
        )
    if table[["from_id", "to_id"]].duplicated().any():
        raise GeographyError(f"{place}: ein Gebietspaar steht mehrfach. Datei prüfen.")
    if not table["share"].between(0, 1).all():
        raise GeographyError(f"{place}: Anteile außerhalb von 0 bis 1. Datei prüfen.")
    sums = table.groupby("from_id")["share"].sum()
    wrong = sorted(sums.index[(sums - 1).abs() > _TOLERANCE])
    if wrong:
        raise GeographyError(
            f"{place}, Gebiete {first_few(wrong, 3)}: Anteile ergeben zusammen nicht 1. "
            "Datei prüfen."
        )
    return table


def move_counts(counts: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Move counts to the new areas; each old count is split into whole persons.

    Parameters
    ----------
    counts
        One row per area_id, group and measure; columns n (whole, missing where withheld) and
        status.
    crosswalk
        From ``read_crosswalk``.

    Returns
    -------
    pandas.DataFrame
        Same columns by new area. A new area with a part that is withheld, or that has no row,
        is ``withheld`` or ``unavailable``. The total of every group and measure is unchanged.

    Source: largest remainder method (Hamilton), ties to the first area by key.
    """
    grain = ["area_id", "measure", "group"]
    parts = _with_absent(counts, crosswalk).merge(
        crosswalk, left_on="area_id", right_on="from_id"
    )
    parts = parts.sort_values([*grain, "to_id"], ignore_index=True)
    old = parts["n"].astype(float)
    exact = old * parts["share"]
    whole = np.floor(exact + _TOLERANCE)
    keys = [parts[column] for column in grain]
    missing = old - whole.groupby(keys).transform("sum")
    place = (exact - whole).round(9).groupby(keys).rank(method="first", ascending=False)
    has_part = parts["share"] > 0
    parts = parts.assign(
        n=whole + (place <= missing),
        is_withheld=has_part & (parts["status"] == str(Status.WITHHELD)),
        is_absent=has_part & (parts["status"] == str(Status.UNAVAILABLE)),
    )
    moved = parts.groupby(["to_id", "group", "measure"], as_index=False).agg(
        n=("n", "sum"), is_withheld=("is_withheld", "any"), is_absent=("is_absent", "any")
    )
    status = pd.Series(str(Status.PUBLISHED), index=moved.index)
    status = status.mask(moved["is_withheld"], str(Status.WITHHELD))
    status = status.mask(moved["is_absent"], str(Status.UNAVAILABLE))
    n = moved["n"].mask(status != str(Status.PUBLISHED)).astype("Int64")
    named = moved.rename(columns={"to_id": "area_id"}).assign(n=n, status=status)
    return named[["area_id", "group", "measure", "n", "status"]]


def _with_absent(counts: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Give every old area a row for every item; what is not there is no zero."""
    items = counts[["group", "measure"]].drop_duplicates()
    olds = pd.DataFrame({"area_id": crosswalk["from_id"].unique()})
    full = items.merge(olds, how="cross").merge(
        counts, on=["area_id", "group", "measure"], how="left"
    )
    return full.assign(status=full["status"].fillna(str(Status.UNAVAILABLE)))
