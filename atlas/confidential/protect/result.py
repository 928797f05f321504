"""What protection hands on: cells with status, certificates, figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.confidential.protect.city import City
from atlas.confidential.protect.frame import Flags, Ints
from atlas.confidential.protect.tables import Outcome
from atlas.confidential.protect.worlds import Delta, Target
from atlas.terms import Reason, Status

CELL_COLUMNS = ["kind", "area_id", "group", "measure", "n", "status", "reason"]
CERTIFICATE_COLUMNS = ["certificate", "kind", "area_id", "group", "measure", "delta"]
PROVED_COLUMNS = ["certificate", "kind", "area_id", "group", "measure", "whole", "need"]


@dataclass(frozen=True)
class Certificates:
    """Proofs of all sensitive cells; they speak about true values and stay confidential.

    proved
        One row per certificate: the sensitive cell (``whole`` names the larger measure where it
        is a remainder) and the count that its world must reach.
    deltas
        One row per certificate and hidden printable cell that changes: ``true + delta``.
    """

    proved: pd.DataFrame
    deltas: pd.DataFrame


@dataclass(frozen=True)
class Protected:
    """Counts that may leave, and the proof.

    cells
        One row per kind, area_id, group, measure as delivered; n is missing where hidden.
    certificates
        Confidential; see ``Certificates``.
    withheld_tables
        One row per Quartier, measure and group whose block table is withheld whole.
    figures
        Numbers of cells for log and report, without any value.
    """

    cells: pd.DataFrame
    certificates: Certificates
    withheld_tables: pd.DataFrame
    figures: dict[str, object]


def assemble(counts: pd.DataFrame, city: City, outcome: Outcome) -> Protected:
    """Write an outcome back into the grain of the counts."""
    cells = _cells(counts, city, outcome)
    return Protected(
        cells=cells,
        certificates=_certificates(city, [*outcome.proofs.items(), *outcome.further]),
        withheld_tables=_withheld_tables(city, outcome),
        figures=_figures(city, outcome),
    )


def _cells(counts: pd.DataFrame, city: City, outcome: Outcome) -> pd.DataFrame:
    """Blank the hidden counts; one symbol whatever the reason."""
    hidden = _long(city, outcome.pattern.hidden & ~city.withheld)
    cells = counts[["kind", "area_id", "group", "measure", "n", "status"]].copy()
    for column in ("kind", "area_id", "group", "measure", "status"):
        cells[column] = cells[column].astype(str)
    marked = cells.merge(hidden.assign(is_hidden=True), how="left")["is_hidden"].notna()
    is_hidden = marked.to_numpy(dtype=bool)
    cells["n"] = cells["n"].astype("Int64").mask(is_hidden | (cells["status"] != "published"))
    cells["status"] = cells["status"].mask(is_hidden, str(Status.SUPPRESSED))
    reasons = {str(Status.SUPPRESSED): str(Reason.CONFIDENTIAL)}
    cells["reason"] = cells["status"].map(reasons).fillna("").astype(str)
    return cells[CELL_COLUMNS]


def _long(city: City, flags: Flags) -> pd.DataFrame:
    """One row per flagged printable cell, in the order of the system."""
    rows, slots = np.nonzero(flags & city.system.is_open)
    return _named(city, rows, slots)


def _certificates(city: City, proofs: Sequence[tuple[Target, Delta]]) -> Certificates:
    """Give numbers to the proofs by area and slot and keep the changes of printable cells."""
    ordered = sorted(proofs, key=lambda proof: (proof[0].row, proof[0].slot))
    is_open = city.system.is_open
    changes = np.fromiter(
        (
            figure
            for number, (_, delta) in enumerate(ordered)
            for (row, column), amount in sorted(delta.items())
            if is_open[row, column]
            for figure in (number, row, column, amount)
        ),
        dtype=np.int64,
    ).reshape(-1, 4)
    proved = np.array([(one.row, one.slot) for one, _ in ordered], dtype=np.int64)
    rows, slots = proved.reshape(-1, 2).T
    wholes = pd.array([slot.whole or "" for slot in city.slots], dtype="str")
    return Certificates(
        proved=_named(city, rows, slots)
        .assign(
            certificate=np.arange(len(ordered)),
            whole=wholes.take(slots),
            need=city.system.need[rows, slots],
        )
        .reindex(columns=PROVED_COLUMNS),
        deltas=_named(city, changes[:, 1], changes[:, 2])
        .assign(certificate=changes[:, 0], delta=changes[:, 3])
        .reindex(columns=CERTIFICATE_COLUMNS),
    )


def _named(city: City, rows: Ints, slots: Ints) -> pd.DataFrame:
    """Name cells by area, group and measure."""
    areas = [pd.array(names, dtype="str") for names in (city.kinds, city.area_ids)]
    groups = pd.array([slot.group for slot in city.slots], dtype="str")
    measures = pd.array([slot.measure for slot in city.slots], dtype="str")
    return pd.DataFrame(
        {
            "kind": areas[0].take(rows),
            "area_id": areas[1].take(rows),
            "group": groups.take(slots),
            "measure": measures.take(slots),
        }
    )


def _withheld_tables(city: City, outcome: Outcome) -> pd.DataFrame:
    """One row per parent area, measure and group whose children are hidden whole."""
    rows = sorted(
        (city.area_ids[row], city.slots[slot].measure, city.slots[slot].group)
        for row, slot in outcome.tables
    )
    return pd.DataFrame(rows, columns=["area_id", "measure", "group"]).astype(str)


def table_figures(city: City, outcome: Outcome) -> list[dict[str, str | int]]:
    """Count primary, secondary and shown cells per kind, measure and group."""
    system = city.system
    flags = {
        "cells": system.is_open & system.exists,
        "primary": outcome.pattern.hidden & (system.need > 0) & ~city.withheld,
        "secondary": outcome.pattern.hidden & (system.need == 0) & ~city.withheld,
        "withheld": city.withheld,
    }
    kinds = np.array(city.kinds)
    return [
        {
            "kind": kind,
            "measure": slot.measure,
            "group": slot.group,
            **{name: int(flag[kinds == kind, i].sum()) for name, flag in flags.items()},
        }
        for kind in dict.fromkeys(city.kinds)
        for i, slot in enumerate(city.slots)
        if flags["cells"][kinds == kind, i].any()
    ]


def _figures(city: City, outcome: Outcome) -> dict[str, object]:
    """Gather the numbers for log and report."""
    return {
        "tables": table_figures(city, outcome),
        "sensitive": len(outcome.proofs),
        "withheld_tables": len(outcome.tables),
        "known_to_insiders": outcome.known_to_insiders,
        "known_to_operators": outcome.known_to_operators,
        "steps": dict(outcome.steps),
    }
