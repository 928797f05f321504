"""Crosswalks between editions: which share of an old area lies in which new one.

Moves counts, never rates, and keeps every total.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from atlas.errors import GeographyError

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
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError, AttributeError):
        raise GeographyError(
            f"{place}: nicht lesbar. Erwartet: CSV mit den Spalten "
            f"{', '.join(CROSSWALK_COLUMNS)}, Anteile mit Dezimalpunkt. Datei prüfen."
        ) from None
    if not table["share"].between(0, 1).all():
        raise GeographyError(f"{place}: Anteile außerhalb von 0 bis 1. Datei prüfen.")
    sums = table.groupby("from_id")["share"].sum()
    wrong = sorted(sums.index[(sums - 1).abs() > _TOLERANCE])
    if wrong:
        more = f" und {len(wrong) - 3} weitere" if len(wrong) > 3 else ""
        raise GeographyError(
            f"{place}, Gebiete {', '.join(wrong[:3])}{more}: Anteile ergeben zusammen nicht 1. "
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
        Same columns by new area; a new area with a withheld part is withheld. The total of
        every group and measure is unchanged.

    Source: largest remainder method (Hamilton), ties to the first area by key.
    """
    order = ["area_id", "measure", "group", "to_id"]
    parts = counts.merge(crosswalk, left_on="area_id", right_on="from_id").sort_values(order)
    grain = ["area_id", "measure", "group"]
    exact = parts["n"].astype(float) * parts["share"]
    whole = np.floor(exact + _TOLERANCE)
    keys = [parts[column] for column in grain]
    missing = parts["n"].astype(float) - whole.groupby(keys).transform("sum")
    remainder = (exact - whole).round(9)
    place = remainder.groupby(keys).rank(method="first", ascending=False)
    parts = parts.assign(n=whole + (place <= missing))
    is_withheld = parts["status"] == "withheld"
    grouped = parts.assign(is_withheld=is_withheld).groupby(["to_id", "measure", "group"])
    moved = grouped.agg(n=("n", "sum"), is_withheld=("is_withheld", "any")).reset_index()
    status = moved["is_withheld"].map({True: "withheld", False: "published"})
    n = moved["n"].mask(moved["is_withheld"]).astype("Int64")
    return pd.DataFrame(
        {
            "area_id": moved["to_id"],
            "group": moved["group"],
            "measure": moved["measure"],
            "n": n,
            "status": status,
        }
    )
