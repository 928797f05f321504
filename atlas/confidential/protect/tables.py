"""Withholding whole block tables: Gelsenkirchen's rule, and the last resort of ``cells``.

A block table is one slot of all blocks of a Quartier. Zeros are withheld with it, so a reader
must hold 0 possible in every block.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from atlas.confidential.protect.block_tables import as_tables, table_orders, withhold_zeros
from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.frame import Ints
from atlas.confidential.protect.insiders import against_insiders
from atlas.confidential.protect.ladder import Climbed, Standing, Table, climb
from atlas.confidential.protect.overlays import protect_below, protect_totals
from atlas.confidential.protect.prove import prove_near, prove_quickly
from atlas.confidential.protect.repair import repair
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import (
    Delta,
    Pattern,
    Target,
    frozen_cells,
    initial_pattern,
    is_cut,
    targets_of,
    withhold,
)


@dataclass(frozen=True)
class Outcome:
    """A safe pattern with its proofs; ``tables`` are the block tables withheld whole.

    ``further`` holds more proofs, against sole contributors of other sensitive cells;
    ``known_to_insiders`` counts the cells for which some of these were not found,
    ``known_to_operators`` those without one against somebody who knows a large hidden count.
    ``steps`` counts what had to be withheld beyond block tables; ``system`` is the one in which
    the pattern was found.
    """

    pattern: Pattern
    proofs: dict[Target, Delta]
    tables: frozenset[Table]
    further: tuple[tuple[Target, Delta], ...]
    known_to_insiders: int
    known_to_operators: int = 0
    steps: Mapping[str, int] = field(default_factory=dict)
    system: System | None = None


def protect_tables(system: System, block_depth: int, insider: bool) -> Outcome:
    """Withhold every block table that holds a sensitive value, and what else is needed."""
    targets = targets_of(system)
    orders = table_orders(system)
    tables = {
        (int(system.parent[target.row]), orders[target.slot][0])
        for target in targets
        if system.level[target.row] == block_depth
    } | system.frame.withheld
    pattern = withhold(system, initial_pattern(system), tables)
    above = [target for target in targets if system.level[target.row] != block_depth]
    pattern, tables = protect_above(system, pattern, above, (block_depth, tables))
    pattern, tables = as_tables(system, pattern, (block_depth, tables))
    if is_cut(system):
        nobody = frozen_cells(system, insider=False)
        proved = prove_quickly(system, pattern, targets, nobody)
        rest = [target for target in targets if target not in proved]
        pattern, _, tables = protect_below(system, pattern, rest, tables)
        pattern, tables = as_tables(system, pattern, (block_depth, tables))
    climbed = withhold_until_safe(system, pattern, (targets, {}), tables)
    standing, proofs = climbed.standing, climbed.proofs
    further, unmet = against_insiders(standing.system, standing.pattern, proofs, insider)
    return Outcome(
        standing.pattern,
        proofs,
        standing.tables,
        further,
        known_to_insiders=unmet,
        steps=climbed.steps,
        system=standing.system,
    )


def protect_above(
    system: System,
    pattern: Pattern,
    targets: Sequence[Target],
    context: tuple[int, set[Table]],
) -> tuple[Pattern, set[Table]]:
    """Hide siblings of sensitive Quartier, district and city values until these are safe.

    Blocks cost next to nothing here. Where a zero block would have to be hidden, the whole
    block table is withheld.
    """
    block_depth, tables = context
    if system.frame.holders:
        return protect_totals(system, pattern, targets, tables)[::2]
    is_block = (system.level >= block_depth)[:, None]
    cheap = replace(system, weight=np.where(is_block, 1e-3 * system.weight, system.weight))
    with_zeros = replace(
        cheap,
        weight=np.where(is_block, 1e-2 * system.weight, system.weight),
        can_hide=system.can_hide | (is_block & system.is_open & (system.value == 0)),
    )
    nobody = frozen_cells(system, insider=False)
    if system.frame.memory is not None and system.stays_hidden.any():
        safe = find_world(system, pattern, targets, nobody)
        targets = [target for target in targets if target not in safe]
    for target in targets:
        loose = replace(pattern, lower=np.where(is_block, 0, pattern.lower))
        repaired = repair(cheap, pattern, target, nobody)
        if repaired is None or (repaired[0].hidden & ~pattern.hidden & ~is_block).any():
            other = repair(with_zeros, loose, target, nobody)
            repaired = _cheaper(system, (repaired, other), block_depth)
        if repaired is not None and not _costs_totals(system, pattern, target, repaired[0]):
            pattern = replace(pattern, hidden=repaired[0].hidden)
            pattern, tables = withhold_zeros(system, pattern, tables)
    return pattern, tables


def _costs_totals(system: System, before: Pattern, target: Target, after: Pattern) -> bool:
    """Say whether larger areas would be hidden beside earlier releases: the ladder costs less.

    Where siblings are known already, a repair would go up to the city.
    """
    larger = system.level < system.level[target.row]
    hides = (after.hidden & ~before.hidden)[larger].any()
    return bool(hides) and system.frame.memory is not None


def _cheaper(
    system: System,
    found: tuple[tuple[Pattern, Delta] | None, tuple[Pattern, Delta] | None],
    block_depth: int,
) -> tuple[Pattern, Delta] | None:
    """Prefer the pattern that hides fewer cells above the blocks, then the first."""
    above = system.level < block_depth
    ranked = [
        (int(one[0].hidden[above].sum()), rank, one)
        for rank, one in enumerate(found)
        if one is not None
    ]
    return min(ranked, key=lambda entry: entry[:2])[2] if ranked else None


def withhold_until_safe(
    system: System,
    pattern: Pattern,
    task: tuple[Sequence[Target], dict[Target, Delta]],
    tables: set[Table],
) -> Climbed:
    """Withhold the next block table wherever a cell has no world yet, then climb the ladder."""
    nobody = frozen_cells(system, insider=False)
    orders = table_orders(system)
    targets, known = task
    proofs = dict(known)
    rest = [target for target in targets if target not in proofs]
    is_one = system.frame.persons.is_complete and system.frame.is_own is None
    proved = prove_quickly if is_one else prove_near
    proofs.update(proved(system, pattern, rest, nobody))
    rest = [target for target in rest if target not in proofs]
    for turn in range(len(system.frame.slots)):
        wanted = {
            table
            for target in rest
            for table in next_tables(system, target, orders[target.slot][turn:])
        }
        if wanted - tables:
            pattern = withhold(system, pattern, wanted - tables)
            tables = tables | wanted
            proofs.update(proved(system, pattern, rest, nobody))
            rest = [target for target in rest if target not in proofs]
    proofs.update(find_world(system, pattern, rest, nobody))
    rest = [target for target in rest if target not in proofs]
    cuts = system.frame.memory.sums if system.frame.memory else ()
    for turn in range(len(system.frame.slots) if cuts else 0):
        pattern = _hide_totals(system, pattern, rest, turn)
        proofs.update(find_world(system, pattern, rest, nobody))
        rest = [target for target in rest if target not in proofs]
    return climb(Standing(system, pattern, frozenset(tables)), (rest, proofs), orders)


def _hide_totals(
    system: System, pattern: Pattern, targets: Sequence[Target], turn: int
) -> Pattern:
    """Hide totals of today's areas that another edition cuts through, around each target.

    Nothing else helps where blocks left an area whose earlier total is known.
    """
    orders = table_orders(system)
    hidden = pattern.hidden.copy()
    can_hide = system.is_open & system.exists & ~system.is_known
    for target in targets:
        if turn >= len(orders[target.slot]):
            continue
        slot = orders[target.slot][turn]
        places = _bound_blocks(system, target.row)
        while len(places) > 1:
            places = np.unique(system.parent[places])
            if len(places) > 1:
                hidden[places, slot] |= can_hide[places, slot]
    return replace(pattern, hidden=hidden)


def _bound_blocks(system: System, row: int) -> Ints:
    """List the blocks of a place and all that another edition sums up with them."""
    places = np.array([row])
    while len(system.children[places[0]]):
        places = np.concatenate([system.children[place] for place in places])
    bound = [rows for rows, _ in system.frame.sums if np.isin(places, rows).any()]
    return np.unique(np.concatenate([places, *bound]))


def next_tables(system: System, target: Target, order: Sequence[int]) -> list[Table]:
    """Return the next table to withhold in the Quartiere around a target.

    Beside earlier releases many tables around a larger area help less than its neighbour.
    """
    depth = system.depth
    is_larger = system.level[target.row] != depth
    if not order or (is_larger and system.frame.memory is not None):
        return []
    if not system.in_chain(target.row):
        held = np.unique(system.parent[system.frame.members[target.row]])
        return [(int(row), order[0]) for row in held]
    around = [max(int(system.parent[target.row]), 0)]
    while around and system.level[around[0]] < depth - 1:
        around = [int(kid) for row in around for kid in system.children[row]]
    return [(row, order[0]) for row in around]
