"""The audit of a protected table: integer check of certificates and a reader's attack.

Shares no code with the suppression. It believes the true counts, the rules and itself alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from atlas.confidential.audit.attack import (
    Equations,
    Flags,
    Ints,
    Spared,
    Unproved,
    telling_cells,
    unsafe_cells,
)
from atlas.confidential.audit.populations import OVER_18
from atlas.confidential.audit.reader import KEY, Reading, read
from atlas.confidential.audit.union import unite
from atlas.config import Population, ProtectionRules
from atlas.config.groups import DEFAULT_GROUPS, populations_of
from atlas.terms import Group, Kind, Status

_GROUP_NAMES = {str(Group.ALL): "alle", str(Group.U18): "unter 18", OVER_18: "18 und älter"}


class CertificateTables(Protocol):
    """Certificates as tables; see ``result.Certificates``."""

    @property
    def proved(self) -> pd.DataFrame:
        """One row per certificate: its cell and the count that its world reaches."""

    @property
    def deltas(self) -> pd.DataFrame:
        """One row per certificate and printable cell that its world changes."""


@dataclass(frozen=True)
class Verdict:
    """What the audit found; no value of any cell.

    figures
        Numbers of cells printed, hidden, sensitive, proved and attacked.
    disclosures
        One German line per finding: what, area, measure, group.
    told_before
        Measure -> number of its sensitive counts and remainders that earlier releases alone
        give away, whatever is hidden now.
    """

    is_safe: bool
    figures: dict[str, int]
    disclosures: tuple[str, ...]
    told_before: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return the verdict as plain values for JSON."""
        return asdict(self) | {"disclosures": list(self.disclosures)}


def audit(  # noqa: PLR0913 - what was published, what is true, and what was promised
    published_cells: pd.DataFrame,
    counts: pd.DataFrame,
    areas: pd.DataFrame,
    nesting: Mapping[str, str | None],
    rules: ProtectionRules,
    certificates: CertificateTables,
    ledger: pd.DataFrame | None = None,
    populations: Sequence[Population] = populations_of(DEFAULT_GROUPS),
    most_asked: int | None = None,
) -> Verdict:
    """Check that no reader of the cells can be sure of a sensitive count.

    Parameters
    ----------
    published_cells
        One row per kind, area_id, group, measure; columns n and status, as they would leave.
    counts, areas, nesting, rules, ledger, populations
        As for ``protect``.
    certificates
        Tables ``proved`` and ``deltas``: one world per sensitive cell.
    most_asked
        Programmes are asked for every sensitive cell without a checked world, and for those
        with one in systems of up to so many unknown cells together; None: for every one.
    """
    reading = read(published_cells, counts, areas, nesting, rules, populations)
    told: dict[str, int] = {}
    if ledger is not None and len(ledger):
        alone, united = reading, unite(reading, ledger, areas)
        reading = _without_told(
            united, _spared(_checked(united, certificates), len(united.table), most_asked)
        )
        told = _told_before(alone, reading)
    checked = _checked(reading, certificates)
    findings = [
        *_check_cells(published_cells, counts),
        *_check_certificates(reading, certificates, checked),
        *_attack(reading, _spared(checked, len(reading.table), most_asked)),
    ]
    figures = _figures(reading, certificates) | {"told_before": sum(told.values())}
    if rules.operator_size is not None:
        figures |= _operators(reading, checked, rules.operator_size)
    return Verdict(not findings, figures, tuple(sorted(findings)), told)


def _check_cells(published_cells: pd.DataFrame, counts: pd.DataFrame) -> list[str]:
    """Compare what would leave with the truth, cell by cell."""
    truth = counts[[*KEY, "n", "status"]]
    both = truth.merge(
        published_cells[[*KEY, "n", "status"]],
        on=KEY,
        how="outer",
        suffixes=("", "_shown"),
        indicator="side",
    )
    is_shown = (both["status_shown"] == Status.PUBLISHED).to_numpy(dtype=bool)
    n, shown = (both[name].astype("Int64") for name in ("n", "n_shown"))
    wrong = is_shown & ~(n == shown).fillna(value=False).to_numpy(dtype=bool)
    wrong |= is_shown & (both["status"] != Status.PUBLISHED).to_numpy(dtype=bool)
    leaking = ~is_shown & shown.notna().to_numpy(dtype=bool)
    extra = (both["side"] != "both").to_numpy(dtype=bool)
    kept = {Status.WITHHELD, Status.MISSING, Status.UNAVAILABLE}
    changed = (both["status"] != both["status_shown"]) & both["status"].isin(kept)
    return [
        *_lines("Wert stimmt nicht mit den Zählwerten überein", both[wrong]),
        *_lines("Wert trotz Sperre vorhanden", both[leaking]),
        *_lines("Zelle fehlt oder ist zu viel", both[extra]),
        *_lines("Status wurde verändert", both[changed.to_numpy(dtype=bool) & ~wrong & ~extra]),
    ]


@dataclass(frozen=True)
class _Checked:
    """Certificates after the check: the row of each one's cell, whether it holds, its world."""

    rows: Ints
    is_valid: Flags
    worlds: csr_array


def _checked(reading: Reading, certificates: CertificateTables) -> _Checked:
    """Check every world with integers and additions alone."""
    table = reading.table
    need = table["need"].to_numpy()
    rows = _rows_of(table, certificates.proved, remainder=True)
    worlds = _worlds(reading, certificates)
    reached = np.zeros(len(rows), dtype=bool)
    at = np.flatnonzero(rows >= 0)
    lifted = np.asarray(worlds[at, rows[at]]).reshape(-1)
    reached[at] = table["n"].to_numpy()[rows[at]] + lifted >= need[rows[at]]
    return _Checked(rows, reached & ~_broken_worlds(reading, worlds), worlds)


def _spared(checked: _Checked, size: int, most: int | None) -> Spared | None:
    """Spare the cells, of so many, that a checked world proves."""
    if most is None:
        return None
    is_proved = np.zeros(size, dtype=bool)
    is_proved[checked.rows[checked.is_valid]] = True
    return Spared(is_proved, most)


def _check_certificates(
    reading: Reading, certificates: CertificateTables, checked: _Checked
) -> list[str]:
    """Say what is shown although it is small, what has no proof, and what proves nothing."""
    table = reading.table
    need = table["need"].to_numpy()
    proved = np.zeros(len(table), dtype=bool)
    proved[checked.rows[checked.is_valid]] = True
    sensitive = (need > table["n"].to_numpy()) & ~table["is_printed"].to_numpy(dtype=bool)
    shown = (need > 0) & table["is_printed"].to_numpy()
    return [
        *_lines("Kleine Zahl ist veröffentlicht", table[shown]),
        *_lines("Nachweis fehlt oder ist ungültig", table[sensitive & ~proved]),
        *_lines("Nachweis ist ungültig", certificates.proved[~checked.is_valid]),
    ]


def _rows_of(table: pd.DataFrame, cells: pd.DataFrame, *, remainder: bool) -> Ints:
    """Return the row of each named cell in the reading, −1 where there is none."""
    index = pd.MultiIndex.from_frame(table[KEY])
    named = cells[KEY].astype(str)
    if remainder:
        inside = cells["whole"].astype(str)
        joined = inside.where(inside == "", inside + "-") + named["measure"]
        groups = named["group"].replace("adult", OVER_18)
        named = named.assign(measure=joined, group=groups)
    return np.asarray(index.get_indexer(pd.MultiIndex.from_frame(named)))


def _worlds(reading: Reading, certificates: CertificateTables) -> csr_array:
    """Write the worlds as a matrix: one row per certificate, the change of every cell."""
    deltas, printable = certificates.deltas, reading.spelled.shape[1]
    rows = _rows_of(reading.table.iloc[:printable], deltas, remainder=False)
    number = pd.Index(certificates.proved["certificate"]).get_indexer(deltas["certificate"])
    known = (rows >= 0) & (number >= 0)
    shape = (len(certificates.proved), printable)
    change = deltas["delta"].to_numpy(dtype=np.int64)[known]
    index = (number[known], rows[known])
    worlds = coo_array((change, index), shape=shape, dtype=np.int64).tocsr()
    return csr_array(worlds @ reading.spelled.T)


def _broken_worlds(reading: Reading, worlds: csr_array) -> Flags:
    """Mark worlds that contradict something printed, a relation or a bound."""
    table = reading.table
    changes = worlds.tocoo()
    number, cell = changes.coords
    value = table["n"].to_numpy()[cell] + changes.data
    outside = table["is_known"].to_numpy(dtype=bool)[cell] & (changes.data != 0)
    outside |= (value < table["low"].to_numpy()[cell]) & (changes.data != 0)
    outside |= value > table["high"].to_numpy()[cell]
    unequal = (worlds @ reading.relations.T).tocoo()
    broken = np.zeros(worlds.shape[0], dtype=bool)
    broken[number[outside]] = True
    broken[unequal.coords[0][unequal.data != 0]] = True
    return broken


def _attack(reading: Reading, spared: Spared | None) -> list[str]:
    """Let a reader combine everything printed."""
    unsafe = _unsafe(reading, "is_known", reading.table["low"], spared)
    return _lines("Kleine Zahl lässt sich errechnen", reading.table.iloc[unsafe])


def _without_told(reading: Reading, spared: Spared | None) -> Reading:
    """Ask nothing of cells that earlier releases alone gave away: no release can mend that."""
    unsafe = _unsafe(reading, "is_known", reading.table["low"], spared)
    alone = reading.table["need"].where(reading.table.index.isin(unsafe), 0)
    table = reading.table.assign(need=alone)
    told = _unsafe(replace(reading, table=table), "is_told", table["low"] * 0)
    need = reading.table["need"].mask(reading.table.index.isin(told), 0)
    return replace(reading, table=reading.table.assign(need=need))


def _told_before(alone: Reading, united: Reading) -> dict[str, int]:
    """Count by measure the needs that earlier releases leave no room for."""
    is_sensitive = alone.table["need"] > alone.table["n"]
    given_away = is_sensitive & (united.table["need"].loc[alone.table.index] == 0)
    names = [name.rpartition("-")[2] for name in alone.table.loc[given_away, "measure"]]
    return {name: names.count(name) for name in sorted(set(names))}


def _operators(reading: Reading, checked: _Checked, size: int) -> dict[str, int]:
    """Let everybody attack who knows one hidden block count from ``size`` on.

    A world that was checked and leaves this count as it is proves its cell to such a reader.
    """
    table = reading.table
    is_large = table["is_open"] & ~table["is_known"] & ~table["is_marked"]
    is_large &= (table["n"] >= size) & (table["kind"] == str(Kind.BLOCK))
    cells = is_large.to_numpy(dtype=bool)
    asked = _asked(reading, "is_known", table["low"])
    telling = telling_cells(*asked, cells, _unproved(checked, len(table)))
    return {"operators_tried": int(cells.sum()), "operators_who_learn": len(telling)}


def _unproved(checked: _Checked, size: int) -> Unproved:
    """Say which of so many cells no checked world proves, and to whom."""
    valid = np.flatnonzero(checked.is_valid)
    at = (checked.rows[valid], np.arange(len(valid)))
    of_cell = coo_array((np.ones(len(valid), dtype=np.int64), at), shape=(size, len(valid)))
    changing = coo_array(of_cell.tocsr() @ (checked.worlds[valid] != 0).astype(np.int64))
    number = np.bincount(checked.rows[valid], minlength=size)
    always = changing.data == number[changing.coords[0]]
    rows, columns = (axis[always] for axis in changing.coords)
    marks = coo_array((np.ones(len(rows), dtype=bool), (rows, columns)), shape=(size, size))
    return Unproved(number == 0, marks.tocsc())


def _unsafe(reading: Reading, known: str, low: pd.Series, spared: Spared | None = None) -> Ints:
    """Return the rows that a reader with some known cells is sure to be too small."""
    return unsafe_cells(*_asked(reading, known, low), spared)


def _asked(reading: Reading, known: str, low: pd.Series) -> tuple[Equations, Ints]:
    """Set up a reader's equations, and what must stay possible in each cell."""
    table = reading.table
    equations = Equations(
        relations=reading.relations,
        value=table["n"].to_numpy(),
        is_known=table[known].to_numpy(dtype=bool),
        low=low.to_numpy(dtype=float),
        high=table["high"].to_numpy(dtype=float),
    )
    marked = table["is_marked"].to_numpy(dtype=bool)
    return equations, np.where(marked, 0, table["need"].to_numpy())


def _lines(what: str, cells: pd.DataFrame) -> list[str]:
    """Name cells without their values."""
    return [
        f"{what}: {kind} {area_id}, {measure}, {_GROUP_NAMES.get(group, group)}"
        for kind, area_id, group, measure in cells[KEY].itertuples(index=False)
    ]


def _figures(reading: Reading, certificates: CertificateTables) -> dict[str, int]:
    """Count cells by what became of them."""
    table = reading.table
    is_open = table["is_open"].to_numpy(dtype=bool)
    hidden = is_open & ~table["is_printed"].to_numpy(dtype=bool)
    sensitive = (table["need"] > 0).to_numpy(dtype=bool)
    return {
        "cells": int(is_open.sum()),
        "printed": int((is_open & ~hidden).sum()),
        "hidden_primary": int((hidden & sensitive).sum()),
        "hidden_secondary": int((hidden & ~sensitive & ~table["is_marked"]).sum()),
        "withheld_by_supplier": int(table["is_marked"].sum()),
        "sensitive": int(sensitive.sum()),
        "sensitive_remainders": int((sensitive & ~is_open).sum()),
        "certificates": len(certificates.proved),
        "relations": int(reading.relations.shape[0]),
    }
