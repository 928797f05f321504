"""Sums of counts that hold in every area although nobody declared them.

Whoever sees that three counts add up to a fourth everywhere subtracts where one of them is
hidden; suppression that does not know the sum protects against nobody. Exact arithmetic: every
relation found is checked with integers in every area.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import numpy as np
import pandas as pd

from atlas.confidential.audit.attack import Ints
from atlas.confidential.audit.reader import Pair, subtractions_of
from atlas.config import Population
from atlas.terms import Group, Kind, Status

_PRIME = 2**31 - 1
# Bits that the areas say for a sum, each as many as its largest count has: fewer are chance.
_EVIDENCE = 40
# With as many areas as counts, some sum with factors always holds; then plain ones are tried.
_SPARE = 4
_LONGEST_TRIED, _MOST_TRIED = 4, 24
# Relations between the counts, as elimination finds them, that are joined to one sum.
_MOST_JOINED = 4


def undeclared_sum(
    counts: pd.DataFrame, nesting: Mapping[str, str | None], populations: Sequence[Population]
) -> dict[Pair, int]:
    """Find the shortest sum over counts that no declared relation implies.

    Parameters
    ----------
    counts, nesting, populations
        As for ``protect``.

    Returns
    -------
    dict
        Measure and group -> 1 or −1, so that the signed counts add up to 0 in every area of
        some kind; empty where nothing undeclared holds.
    """
    pairs = sorted(
        set(counts[["measure", "group"]].astype(str).itertuples(index=False, name=None))
    )
    declared = _declared(pairs, nesting, populations)
    ages = {Group.ALL, *(one.name for one in populations if one.ages)}
    known = counts[counts["status"] == Status.PUBLISHED]
    for kind in dict.fromkeys(known["kind"]):
        if kind != Kind.CITY:
            wide = _complete(known[known["kind"] == kind])
            for found in _undeclared(wide, pairs, declared):
                of_one = len({measure for measure, _ in found}) == 1
                if not (of_one and {group for _, group in found} <= ages):  # years say it all
                    return found
    return {}


def _declared(
    pairs: Sequence[Pair], nesting: Mapping[str, str | None], populations: Sequence[Population]
) -> Ints:
    """Write what a reader is known to subtract, the printable counts in the first columns."""
    taken = list(subtractions_of(set(pairs), nesting, populations, ()))
    places = {pair: i for i, pair in enumerate(pairs)}
    for pair in (pair for triple in taken for pair in triple):
        places.setdefault(pair, len(places))
    relations = np.zeros((len(taken), len(places)), dtype=np.int64)
    for row, triple in zip(relations, taken, strict=True):
        for pair, sign in zip(triple, (1, -1, -1), strict=True):
            row[places[pair]] += sign
    return relations


def _complete(known: pd.DataFrame) -> pd.DataFrame:
    """Lay the counts of a kind side by side: areas that have every usual count."""
    wide = known.pivot_table(
        index="area_id", columns=["measure", "group"], values="n", aggfunc="first"
    )
    return wide.loc[:, wide.notna().mean() > 1 / 2].dropna().astype(np.int64)


def _undeclared(
    wide: pd.DataFrame, pairs: Sequence[Pair], declared: Ints
) -> Iterator[dict[Pair, int]]:
    """List the undeclared sums of one kind of area, the shortest first."""
    places = {pair: i for i, pair in enumerate(pairs)}
    present = [pair for pair in pairs if pair in wide]
    empty = [places[pair] for pair in present if not wide[pair].any()]
    declared = np.vstack([declared, np.eye(declared.shape[1], dtype=np.int64)[empty]])
    names = [pair for pair in present if places[pair] not in empty]
    values = np.unique(wide[names].to_numpy(dtype=np.int64), axis=0)
    at = [places[pair] for pair in names]
    if len(values) < len(names) + _SPARE:
        found = _tried(values) if len(names) <= _MOST_TRIED else iter(())
    elif len(basis := _null_space(values)) > _number_implied(declared, at):
        found = _sums(values, basis)
    else:
        return
    for signs in sorted(found, key=np.count_nonzero):
        wanted = np.zeros(declared.shape[1], dtype=np.int64)
        wanted[at] = signs
        is_sure = _evidence(values, signs) >= _EVIDENCE
        if is_sure and not _implies(declared, wanted):
            if not _is_part_alone(declared, wanted):
                yield {names[i]: int(signs[i]) for i in np.flatnonzero(signs)}
            declared = np.vstack([declared, wanted])


def _number_implied(declared: Ints, at: Sequence[int]) -> int:
    """Count the independent relations between some columns alone that were declared."""
    others = np.delete(declared, at, axis=1)
    return len(_reduced(declared)[1]) - len(_reduced(others)[1])


def _sums(values: Ints, basis: Ints) -> Iterator[Ints]:
    """List the sums and differences without factors that are 0 in every row."""
    basis = basis[np.abs(basis).max(axis=1, initial=0) < _PRIME // 4]
    for chosen in _choices(len(basis)):
        signs = chosen @ basis
        is_plain = np.abs(signs).max(initial=0) == 1
        if is_plain and not (values @ signs).any():
            yield signs


def _choices(size: int) -> Iterator[Ints]:
    """List the ways to join a few relations, each once and not negated."""
    for number in range(1, min(size, _MOST_JOINED) + 1):
        for places in combinations(range(size), number):
            for others in product((1, -1), repeat=number - 1):
                chosen = np.zeros(size, dtype=np.int64)
                chosen[list(places)] = (1, *others)
                yield chosen


def _tried(values: Ints) -> Iterator[Ints]:
    """Try all short sums and differences."""
    for size in range(2, min(_LONGEST_TRIED, values.shape[1]) + 1):
        chosen = np.array(list(combinations(range(values.shape[1]), size)))
        for others in product((1, -1), repeat=size - 1):
            left = chosen
            for row in values:
                left = left[row[left] @ np.array((1, *others)) == 0]
            for places in left:
                signs = np.zeros(values.shape[1], dtype=np.int64)
                signs[places] = (1, *others)
                yield signs


def _evidence(values: Ints, signs: Ints) -> float:
    """Add up what different areas say in which several counts come together."""
    own = np.unique(values[:, signs != 0], axis=0)
    own = own[np.count_nonzero(own, axis=1) > 1]
    return float(np.log2(1 + own.max(axis=1, initial=0)).sum())


def _is_part_alone(declared: Ints, wanted: Ints) -> bool:
    """Whether a part is merely all of its whole: no reader knows that beforehand."""
    both = np.flatnonzero(wanted)
    return len(both) == 2 and bool((np.abs(declared[:, both]).sum(axis=1) == 2).any())


def _implies(declared: Ints, wanted: Ints) -> bool:
    reduced, pivots = _reduced(declared)
    left = wanted % _PRIME
    for row, pivot in zip(reduced, pivots, strict=False):
        left = (left - left[pivot] * row) % _PRIME
    return not left.any()


def _null_space(values: Ints) -> Ints:
    """Give relations between the columns, one for each column that others determine."""
    reduced, pivots = _reduced(values)
    free = [column for column in range(values.shape[1]) if column not in pivots]
    basis = np.zeros((len(free), values.shape[1]), dtype=np.int64)
    for relation, column in zip(basis, free, strict=True):
        relation[column] = 1
        relation[pivots] = -reduced[: len(pivots), column] % _PRIME
    return np.where(basis > _PRIME // 2, basis - _PRIME, basis)


def _reduced(matrix: Ints) -> tuple[Ints, list[int]]:
    """Bring a matrix into reduced echelon form modulo a prime; rows without pivot are left."""
    rows, pivots = matrix % _PRIME, list[int]()
    for column in range(rows.shape[1]):
        below = np.flatnonzero(rows[len(pivots) :, column])
        if not len(below):
            continue
        top, found = len(pivots), len(pivots) + int(below[0])
        rows[[top, found]] = rows[[found, top]]
        rows[top] = rows[top] * pow(int(rows[top, column]), -1, _PRIME) % _PRIME
        others = np.flatnonzero(rows[:, column])
        others = others[others != top]
        rows[others] = (rows[others] - rows[others, column][:, None] * rows[top]) % _PRIME
        pivots.append(column)
    return rows[: len(pivots)], pivots
