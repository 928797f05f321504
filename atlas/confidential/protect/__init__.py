"""Suppression by cell with certificates: counts in, counts with status and proof out.

Knows counts, areas, nesting and rules; knows no file, no clock and no meaning of a measure.
The check of the result is ``audit``, which shares no code with the search.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from atlas.confidential.protect.cells import protect_cells
from atlas.confidential.protect.city import City, build_city
from atlas.confidential.protect.groups import POPULATIONS, related_ages
from atlas.confidential.protect.ladder import without_told
from atlas.confidential.protect.ledger import remember
from atlas.confidential.protect.operators import against_operators
from atlas.confidential.protect.result import Certificates, Protected, assemble, table_figures
from atlas.confidential.protect.strands import one_after_another
from atlas.confidential.protect.system import System
from atlas.confidential.protect.tables import Outcome, protect_tables
from atlas.config import Population, ProtectionRules
from atlas.terms import Kind

__all__ = ["POPULATIONS", "Certificates", "Protected", "explain", "protect", "related_ages"]


def protect(  # noqa: PLR0913 - the six things that decide what may leave
    counts: pd.DataFrame,
    areas: pd.DataFrame,
    nesting: Mapping[str, str | None],
    rules: ProtectionRules,
    key: bytes,
    ledger: pd.DataFrame | None = None,
    populations: Sequence[Population] = POPULATIONS,
) -> Protected:
    """Hide what could tell a reader that a count is smaller than ``min_count``.

    Parameters
    ----------
    counts
        One row per kind, area_id, group, measure of one reference date; columns n (Int64) and
        status. Only ``published`` and ``withheld`` rows are cells of the system.
    areas
        One row per kind and area_id; parent_id names the area of the next existing kind.
    nesting
        Measure -> the measure whose persons include all of its own, or None.
    rules
        The city's ``protection.toml``.
    key
        Secret that orders equal choices; same inputs and key give the same pattern.
    ledger
        Cells of earlier releases of the same reference date, which readers keep.
    populations
        What the groups are, and how they lie in each other.

    Raises
    ------
    ProtectionError
        If an area is unknown or a measure has no nesting.
    """
    city = build_city(counts, areas, nesting, rules, key, populations)
    if ledger is not None and len(ledger):
        city = remember(city, ledger)
    return assemble(counts, city, _outcome(city, rules.scope, rules))


def explain(  # noqa: PLR0913 - as ``protect``
    counts: pd.DataFrame,
    areas: pd.DataFrame,
    nesting: Mapping[str, str | None],
    rules: ProtectionRules,
    key: bytes,
    populations: Sequence[Population] = POPULATIONS,
) -> pd.DataFrame:
    """Return how many block cells a reader would see under each scope.

    One row per scope, measure and group; columns cells and shown. Parameters as ``protect``.
    """
    city = build_city(counts, areas, nesting, rules, key, populations)
    tables = []
    for scope in ("table", "cell"):
        figures = pd.DataFrame(table_figures(city, _outcome(city, scope, rules)))
        blocks = figures[figures["kind"] == Kind.BLOCK]
        hidden = blocks["primary"] + blocks["secondary"] + blocks["withheld"]
        tables.append(
            blocks[["measure", "group", "cells"]].assign(
                scope=scope, shown=blocks["cells"] - hidden
            )
        )
    columns = ["scope", "measure", "group", "cells", "shown"]
    return pd.concat(tables, ignore_index=True).reindex(columns=columns)


def _outcome(city: City, scope: str, rules: ProtectionRules) -> Outcome:
    """Find a safe pattern under one scope."""
    step = protect_tables if scope == "table" else protect_cells
    depth = _block_depth(city.kinds)

    def solve(system: System) -> Outcome:
        system = without_told(system)
        outcome = step(system, depth, rules.insider)
        if rules.operator_size is None:
            return outcome
        return against_operators(outcome.system or system, outcome, rules.operator_size, depth)

    return one_after_another(city.system, solve)


def _block_depth(kinds: tuple[str, ...]) -> int:
    """Return the depth of the blocks; beyond every depth where the city has none."""
    order = list(dict.fromkeys(kinds))
    return order.index(Kind.BLOCK) if Kind.BLOCK in order else len(order)
