"""Do the columns of a table of counts stand where they stood, and go together as before."""

from collections.abc import Iterator
from itertools import combinations
from statistics import median

import numpy as np
import numpy.typing as npt

from atlas.confidential.delivery import Finding
from atlas.confidential.meaning.case import Case, Dated, held, told
from atlas.confidential.meaning.limits import (
    COUNTED,
    FEWEST_AREAS,
    LEGIBLE,
    Change,
    scatter,
)
from atlas.confidential.meaning.portrait import Portrait, comparable

Floats = npt.NDArray[np.float64]

_COPIED = 0.80
# A column looks like another one did: unlike itself, or by little but over all areas.
_MISPLACED, _NEARER = 0.20, 0.6
_UNLIKE, _LIKER = 1.4, 1.5
# Groups of one measure move together, but for so much: Flensburg's children and all its
# residents parted by 0.2 to 1.2 % in each year from 2017 to 2022.
_RELATION = Change(floor=0.02, first=0.50, deviations=3)
# A constant was added if small areas differ from large ones by so many deviations.
_ADDED = 5.0


def check_columns(case: Case, last: Dated) -> Iterator[Finding]:
    """Judge the columns of a table of counts."""
    yield from _check_columns(case, last)
    yield from _check_relations(case, last)
    if case.is_same_edition(last.portrait):
        yield from _check_constants(case, last)


def _check_columns(case: Case, last: Dated) -> Iterator[Finding]:
    """Name a series that looks like another one did, or is a copy of another one."""
    names = sorted(case.new.areas.keys() & last.portrait.areas.keys())
    for series in names:
        own = _gap(case.new, last.portrait, series, series)
        for other in names:
            crossed = _gap(case.new, last.portrait, series, other)
            if other == series or own is None or crossed is None:
                continue
            is_nearer = crossed < _NEARER * own and own > _MISPLACED
            if is_nearer or _is_mutual(case, last, series, other):
                hint = (
                    f"{case.name_of(series)} sieht aus wie {case.name_of(other)} in "
                    f"{told(last)}. Namen und Reihenfolge der Spalten prüfen."
                )
                yield held("column_misplaced", hint)
            elif series < other and _is_copy(case.new, last.portrait, series, other):
                hint = (
                    f"{case.name_of(series)} und {case.name_of(other)} sind in fast allen "
                    "Gebieten gleich und waren es nicht. Spalten prüfen."
                )
                yield held("column_copied", hint)


def _is_mutual(case: Case, last: Dated, series: str, other: str) -> bool:
    """Whether two series, alike or not, each look like the other one did, over the areas."""
    keys = comparable(case.new, last.portrait, (series, other))
    return len(keys) >= FEWEST_AREAS and all(
        _prefers(case, last, names, keys) for names in ((series, other), (other, series))
    )


def _prefers(case: Case, last: Dated, names: tuple[str, str], keys: list[str]) -> bool:
    """Whether a series is unlike itself as never before, and more like the other one."""
    series = names[0]
    past = [
        gap
        for old, new in case.past_pairs()
        if series in new.portrait.areas
        and series in old.portrait.areas
        and (gap := _gap(new.portrait, old.portrait, series, series)) is not None
    ]
    now = _gap(case.new, last.portrait, series, series)
    if not past or now is None or now < _UNLIKE * median(past):
        return False
    own, crossed = (
        np.clip(_steps(case.new, last.portrait, (series, one), keys) ** 2, 0, 1)
        for one in (series, names[1])
    )
    gain = own - crossed
    return bool(gain.mean() > _LIKER * max(float(gain.std()) / len(keys) ** 0.5, 1e-9))


def _check_relations(case: Case, last: Dated) -> Iterator[Finding]:
    """Report groups of one measure that part from each other as in no year before.

    Different measures do part: unemployed from SGB II by 25 % in Flensburg's 2020.
    """
    pairs = list(case.past_pairs())
    for one, other in combinations(
        sorted(case.new.areas.keys() & last.portrait.areas.keys()), 2
    ):
        if one.partition("@")[0] != other.partition("@")[0]:
            continue
        now = _parting(case.new, last.portrait, one, other)
        past = [
            abs(found[0])
            for old, new in pairs
            if (found := _parting(new.portrait, old.portrait, one, other)) is not None
        ]
        if now is None or not past:
            continue
        if abs(now[0]) > _RELATION.allowed(past, now[1]):
            hint = (
                f"{case.name_of(one)} und {case.name_of(other)} haben sich gegenüber "
                f"{told(last)} stärker als gewohnt voneinander entfernt"
                f"{case.published(one, ())}. Abgrenzung und Einheit beider Spalten prüfen."
            )
            yield held("columns_parted", hint)


def _parting(new: Portrait, old: Portrait, one: str, other: str) -> tuple[float, float] | None:
    """How much further one series went than another, and its error by the areas' scatter."""
    if not all(name in portrait.areas for name in (one, other) for portrait in (new, old)):
        return None
    keys = comparable(new, old, (one, other))
    if len(keys) < FEWEST_AREAS:
        return None
    steps = [_steps(new, old, (name, name), keys) for name in (one, other)]
    sums = [
        np.log(
            sum(new.areas[name][key] for key in keys)
            / sum(old.areas[name][key] for key in keys)
        )
        for name in (one, other)
    ]
    error = scatter((steps[0] - steps[1]).tolist()) / len(keys) ** 0.5
    return float(sums[0] - sums[1]), float(error)


def _check_constants(case: Case, last: Dated) -> Iterator[Finding]:
    """Report a column of which small areas grew or shrank by the same number."""
    for series in sorted(case.new.areas.keys() & last.portrait.areas.keys()):
        now = _added(case.new, last.portrait, series)
        past = [
            abs(found)
            for old, new in case.past_pairs()
            if series in new.portrait.areas
            and series in old.portrait.areas
            and (found := _added(new.portrait, old.portrait, series)) is not None
        ]
        if now is not None and past and abs(now) > max(_ADDED, 3 * median(past)):
            hint = (
                f"{case.name_of(series)} weicht in kleinen Gebieten anders von {told(last)} ab "
                f"als in großen{case.published(series, ())}. Wurde überall dieselbe Anzahl "
                "addiert? Spalte prüfen."
            )
            yield held("constant_added", hint)


def _added(new: Portrait, old: Portrait, series: str) -> float | None:
    """Deviations by which the smaller half of the areas leaves what the larger half did."""
    keys = sorted(
        (key for key, n in old.areas[series].items() if key in new.areas[series] and n >= 1),
        key=lambda key: old.areas[series][key],
    )
    if len(keys) < 2 * FEWEST_AREAS:
        return None
    now, was = (np.array([one.areas[series][key] for key in keys]) for one in (new, old))
    half = len(keys) // 2
    ratio = np.median((now[half:] + 0.5) / (was[half:] + 0.5))
    more = now[:half] - ratio * was[:half]
    error = max(scatter(more.tolist()), 0.7) * 1.25 / half**0.5
    return float(np.median(more) / error)


def _gap(new: Portrait, old: Portrait, series: str, other: str) -> float | None:
    now, was = new.areas[series], old.areas[other]
    keys = [key for key in now.keys() & was.keys() if max(now[key], was[key]) >= COUNTED]
    if len(keys) < FEWEST_AREAS or any(min(now[key], was[key]) < 0 for key in keys):
        return None
    return float(np.median([abs(np.log((now[k] + 0.5) / (was[k] + 0.5))) for k in keys]))


def _is_copy(new: Portrait, old: Portrait, series: str, other: str) -> bool:
    shares = []
    for portrait in (new, old):
        one, two = portrait.areas[series], portrait.areas[other]
        legible = [key for key in one.keys() & two.keys() if one[key] >= LEGIBLE]
        if len(legible) < FEWEST_AREAS:
            return False
        shares.append(sum(one[key] == two[key] for key in legible) / len(legible))
    return shares[0] > _COPIED > shares[1]


def _steps(new: Portrait, old: Portrait, names: tuple[str, str], keys: list[str]) -> Floats:
    now, was = (
        np.array([one.areas[name][key] for key in keys])
        for one, name in zip((new, old), names, strict=True)
    )
    return np.asarray(np.log((now + 0.5) / (was + 0.5)))
