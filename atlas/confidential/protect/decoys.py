"""What is hidden so that hiding itself tells nothing: patterns that small counts alone produce.

A reader who knows the method asks which worlds the program would have hidden alike. A block
table that is withheld because no pattern of cells is safe says that nothing in it reaches what
is needed; a lone count that is hidden says that it is small. Some tables and counts that need
no hiding are hidden as well, drawn by the secret key alone.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from atlas.confidential.protect.frame import Flags, Floats, Ints
from atlas.confidential.protect.slots import Triple
from atlas.confidential.protect.system import System
from atlas.config import ProtectionRules

_PERCENT = 100


def decoy_tables(
    system: System, triples: Sequence[Triple], rules: ProtectionRules, drawn: Floats
) -> frozenset[tuple[int, int]]:
    """List block tables to be withheld although they need not be: row of the parent, and slot.

    All that add up to exactly ``min_count``: with several in them they are withheld, with all
    in one block they would be shown. Of those with a sensitive count and a total so small that
    cells might not have sufficed the share of ``decoys``.

    Parameters
    ----------
    drawn
        Place × slot: a number in [0, 1) that only the holder of the key can foresee.
    """
    found = set()
    for parent, slot in _tables(system):
        kids = system.children[parent]
        columns = [slot, *(rest for _, part, rest in triples if part == slot)]
        for column in columns if rules.complement else columns[:1]:
            total = int(system.value[parent, column])
            if not (system.exists[parent, column] and system.exists[kids, column].all()):
                continue
            is_close = rules.min_count < total <= len(kids) + rules.min_count - 2
            is_close &= bool((system.need[kids, column] > 0).any())
            is_drawn = drawn[parent, slot] * _PERCENT < rules.decoys
            if total == rules.min_count or (is_close and is_drawn):
                found.add((parent, slot))
    return frozenset(found)


def lone_counts(system: System, triples: Sequence[Triple], rules: ProtectionRules) -> Flags:
    """Mark counts of the city that nothing adds up to, below ``min_group``: hidden alike."""
    bound = {column for triple in triples for column in triple}
    is_lone: Ints = system.exists[1:].sum(axis=0) == 0
    is_lone &= [slot not in bound for slot in range(len(is_lone))]
    marked = np.zeros_like(system.exists)
    small = (system.value[0] >= 1) & (system.value[0] < rules.min_group)
    marked[0] = is_lone & small & system.can_hide[0]
    return marked


def _tables(system: System) -> Iterator[tuple[int, int]]:
    """List the open slots of every parent of blocks."""
    for parent, kids in enumerate(system.children):
        if len(kids) and system.level[kids[0]] == system.depth:
            here = system.is_open[kids].all(axis=0) & system.exists[kids].all(axis=0)
            yield from ((parent, int(slot)) for slot in np.flatnonzero(here))
