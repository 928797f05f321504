"""What others printed of a date: tables outside of the atlas, kept as counts that readers know.

``known/<date>.<digest>.json`` holds one table with its source. Readers add it to the releases,
so protection and audit do too; where a count of the city's own is missing for a mark of the
supplier's alone, it takes the place of the sum that cannot be made.
"""

import csv
import hashlib
from datetime import date
from pathlib import Path

import pandas as pd

from atlas import __version__
from atlas.confidential.desk import Desk
from atlas.errors import DeliveryError
from atlas.home import write_file
from atlas.integrity import FileKind, seal, unseal
from atlas.terms import Group, Reason, Status
from atlas.words import first_few

KNOWN = FileKind("Bekannte Anzahlen, Datei", 1)
OUTSIDE = 0
"""Number of the release that tells what others printed: before the first."""

_CELL = ["kind", "area_id", "group", "measure"]
_COLUMNS = "kind, area_id, measure, n und, wo nötig, group"
_NAMED = 3


def enter_known(desk: Desk, path: Path, day: date, source: str) -> int:
    """Take a table that others printed; return its number of counts.

    Parameters
    ----------
    path
        CSV, semicolon or comma: columns kind, area_id, measure, n and optionally group.
    source
        Who printed it where, for the log.

    Raises
    ------
    DeliveryError
        Naming what is not fit: a column, an area, a measure, a number.
    """
    place = f"Bekannte Anzahlen {path.name}"
    rows = _read(path, place)
    areas = desk.areas_of(desk.config.areas.edition_of(day).id)
    places = set(areas[["kind", "area_id"]].astype(str).itertuples(index=False, name=None))
    measures, groups = desk.config.indicators.measures, desk.config.indicators.groups
    names = zip(rows["kind"], rows["area_id"], strict=True)
    unfit = {
        "Gebiet": [" ".join(one) for one in names if one not in places],
        "Kennzahl": [one for one in rows["measure"] if one not in measures],
        "Bezugsgruppe": [one for one in rows["group"] if one not in groups],
    }
    for what, keys in unfit.items():
        if keys:
            raise DeliveryError(
                f"{place}: {what} {first_few(sorted(set(keys)), _NAMED)} fehlt. Erwartet: "
                f"wie in areas.toml und indicators.toml zum {day}. Datei berichtigen."
            )
    content = {"source": source, "cells": rows.to_dict("list")}
    text = seal(KNOWN, content, __version__)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    directory = desk.private_dir / "known"
    directory.mkdir(parents=True, exist_ok=True)
    write_file(directory / f"{day}.{digest}.json", text.encode())
    desk.log("known", str(day), {"source": source, "counts": str(len(rows))})
    return len(rows)


def known_files(desk: Desk, day: date) -> list[Path]:
    """List the tables of a date by name: who reads them reads all."""
    return sorted((desk.private_dir / "known").glob(f"{day}.*.json"))


def read_known(desk: Desk, day: date) -> pd.DataFrame | None:
    """Read what others printed of a date: kind, area_id, group, measure, n, release.

    Raises
    ------
    DamageError
        If a table is not as it was entered.
    """
    tables = [unseal(KNOWN, path)["cells"] for path in known_files(desk, day)]
    if not tables:
        return None
    rows = pd.concat([pd.DataFrame(one) for one in tables]).drop_duplicates(_CELL)
    return rows.astype({"n": "Int64"}).assign(release=f"{day}.{OUTSIDE}")


def with_known_sums(counts: pd.DataFrame, known: pd.DataFrame | None) -> pd.DataFrame:
    """Show a sum that others printed where a mark of the supplier's hides it.

    Parameters
    ----------
    counts
        One row per kind, area_id, group and measure; columns n, status, reason.
    """
    if known is None:
        return counts
    told = known.set_index(_CELL)["n"].to_dict()
    names = counts[_CELL].astype(str).itertuples(index=False, name=None)
    number = pd.array([told.get(name, pd.NA) for name in names], "Int64")
    is_given = counts["status"].isin([str(Status.PUBLISHED), str(Status.WITHHELD)])
    kinds = counts["kind"].where(is_given).groupby([counts["group"], counts["measure"]])
    is_sum = counts["kind"] != kinds.transform("first")  # small kinds come first
    taken = (counts["status"] == str(Status.WITHHELD)) & is_sum & pd.notna(number)
    return counts.assign(
        n=counts["n"].mask(taken, number),
        status=counts["status"].mask(taken, str(Status.PUBLISHED)),
        reason=counts["reason"].mask(taken, str(Reason.NONE)),
    )


def _read(path: Path, place: str) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            rows = list(csv.DictReader(file, delimiter=";" if ";" in head else ","))
        table = pd.DataFrame(
            {name: [row[name].strip() for row in rows] for name in ("kind", "area_id")}
            | {"group": [(row.get("group") or str(Group.ALL)).strip() for row in rows]}
            | {"measure": [row["measure"].strip() for row in rows]}
            | {"n": [int(row["n"]) for row in rows]}
        )
    except (OSError, csv.Error, KeyError, ValueError, TypeError, AttributeError):
        table = pd.DataFrame()
    if table.empty or (table["n"] < 0).any() or table.duplicated(_CELL).any():
        raise DeliveryError(
            f"{place}: nicht lesbar. Erwartet: CSV mit den Spalten {_COLUMNS}, ganze Zahlen ab "
            "0, jedes Gebiet je Kennzahl einmal. Datei berichtigen."
        )
    return table
