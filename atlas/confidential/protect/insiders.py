"""Proofs against sole contributors: whoever alone counts in a sensitive cell knows it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.frame import Flags
from atlas.confidential.protect.prove import prove_together
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import Delta, Pattern, Target, frozen_cells

INSIDER_PARTS = 4

Further = tuple[tuple[Target, Delta], ...]
"""More worlds, beside the first of each target."""


def against_insiders(
    system: System, pattern: Pattern, proofs: Mapping[Target, Delta], insider: bool
) -> tuple[Further, int]:
    """Find further worlds for sole contributors; return these and the number of cells without.

    The cells with a sole contributor are dealt into parts; for every part a proof may change,
    a further one is wanted that leaves the part as it is. Then each insider is met by one.
    """
    if not insider:
        return (), 0
    frozen = frozen_cells(system, insider)
    still = _with_watched_still(system)
    parts = np.arange(len(system.parent))[:, None] % INSIDER_PARTS
    touched = _touched(system, frozen, proofs)
    further: list[tuple[Target, Delta]] = []
    unmet: set[Target] = set()
    for part in range(INSIDER_PARTS):
        weak = [target for target in proofs if part in touched[target]]
        stronger = prove_together(still, pattern, weak, frozen & (parts == part))
        further += stronger.items()
        unmet |= set(weak) - set(stronger)
    return tuple(further), len(unmet)


def _touched(
    system: System, frozen: Flags, proofs: Mapping[Target, Delta]
) -> dict[Target, set[int]]:
    """Say for each world the parts in which it changes a cell that others than its people know.

    Whoever counts in the target's cell gains nothing from it.
    """
    watched = np.zeros_like(frozen) if system.is_watched is None else system.is_watched
    outside = set(zip(*(axis.tolist() for axis in np.nonzero(watched)), strict=True))
    known = set(zip(*(axis.tolist() for axis in np.nonzero(frozen | watched)), strict=True))
    covers = system.frame.covers
    return {
        target: {
            at[0] % INSIDER_PARTS
            for at in known.intersection(delta)
            if at in outside or at[0] != target.row or not covers[at[1], target.slot]
        }
        for target, delta in proofs.items()
    }


def _with_watched_still(system: System) -> System:
    """Leave cells as they are that change what somebody outside of the system knows."""
    if system.is_watched is None or system.least is None:
        return system
    return replace(
        system,
        least=np.where(system.is_watched, system.value, system.least),
        upper=np.where(system.is_watched, system.value, system.upper),
    )
