"""Is a table of counts of its date: its rows, its areas, its digits."""

from collections.abc import Iterator, Mapping
from statistics import median

import numpy as np
import numpy.typing as npt

from atlas.confidential.delivery import Finding
from atlas.confidential.meaning.case import Case, Dated, held, told
from atlas.confidential.meaning.column_checks import check_columns
from atlas.confidential.meaning.limits import (
    COUNTED,
    FEWEST_AREAS,
    LEGIBLE,
    deviation,
    scatter,
)
from atlas.confidential.meaning.portrait import Portrait, comparable

Floats = npt.NDArray[np.float64]

# A fifth of the areas may have the very same count as at another date by coincidence, of whole
# rows a fiftieth.
_SAME, _SAME_ROWS = 0.20, 0.02
# So many areas that are all the same are no coincidence any more.
_FEWEST_ALIKE, _ALL_BUT_NONE = 6, 0.99
_STEPS, _ROUNDED = (100, 50, 10, 5, 3, 2), 0.95
# Two areas have changed places if that explains them so much better, and well.
_LIKELIER, _EXPLAINED = 36.0, 4.0
_USUAL = 0.05


def check_table(case: Case, last: Dated) -> Iterator[Finding]:
    """Judge a table of counts as a whole."""
    yield from _check_other_dates(case)
    yield from check_columns(case, last)
    if case.is_same_edition(last.portrait):
        yield from _check_rows(case)
        yield from _check_places(case, last)
    yield from _check_rounded(case)


def _check_other_dates(case: Case) -> Iterator[Finding]:
    for series in sorted(case.new.areas):
        past = [
            _same_share(new.portrait, old.portrait, series) for old, new in case.past_pairs()
        ]
        usual = median([one for one in past if one is not None] or [0.0])
        for other in case.others:
            share = _same_share(case.new, other.portrait, series)
            by_chance = _SAME + 5 * deviation(_SAME, len(case.new.areas[series]))
            by_chance = min(by_chance, _ALL_BUT_NONE)
            if share is None or share <= max(by_chance, 1.5 * usual):
                continue
            hint = (
                f"{case.name_of(series)} ist in vielen Gebieten genau gleich wie in "
                f"{told(other)}. Stichtag der Datei und Spalte prüfen."
            )
            yield held("same_as_other_date", hint)
            break


def _same_share(one: Portrait, other: Portrait, series: str) -> float | None:
    """Share of areas with the very same count; None where chance may do that."""
    now, was = one.areas.get(series, {}), other.areas.get(series, {})
    legible = [key for key, n in was.items() if n >= LEGIBLE and key in now]
    if len(legible) < _FEWEST_ALIKE:
        return None
    return sum(now[key] == was[key] for key in legible) / len(legible)


def _check_rows(case: Case) -> Iterator[Finding]:
    """Report areas whose whole row is the one of another date."""
    past = [
        len(rows[0]) / rows[1]
        for old, new in case.past_pairs()
        if (rows := _same_rows(new.portrait, old.portrait)) is not None
    ]
    for other in case.others:
        found = _same_rows(case.new, other.portrait)
        if found is None or not case.is_same_edition(other.portrait):
            continue
        same, number = found
        usual = max(_SAME_ROWS, 1.5 * median(past or [0.0]))
        if len(same) > number * (usual + 5 * deviation(usual, number)):
            series = next(iter(case.new.areas))
            hint = (
                f"alle Anzahlen sind genau gleich wie in {told(other)}: {case.places(same)}"
                f"{case.published(series, same)}. Sind es Zeilen jenes Stichtags?"
            )
            yield held("rows_of_other_date", hint)
            return


def _same_rows(new: Portrait, old: Portrait) -> tuple[list[str], int] | None:
    """Areas with the same counts in all columns among those where chance hardly does that."""
    names = tuple(sorted(new.areas.keys() & old.areas.keys()))
    if len(names) < 2:
        return None
    tables = [(new.areas[name], old.areas[name]) for name in names]
    keys = set.intersection(*(set(now) & set(was) for now, was in tables))
    telling = [key for key in keys if sum(was[key] >= LEGIBLE for _, was in tables) >= 2]
    if len(telling) < FEWEST_AREAS:
        return None
    same = sorted(key for key in telling if all(now[key] == was[key] for now, was in tables))
    return same, len(telling)


def _check_places(case: Case, last: Dated) -> Iterator[Finding]:
    """Report two areas of which each has the row that the other one had, over all columns."""
    names = tuple(sorted(case.new.areas.keys() & last.portrait.areas.keys()))
    keys = comparable(case.new, last.portrait, names[:1]) if names else []
    if len(keys) < FEWEST_AREAS:
        return
    unlike = _unlikeness(case, last, names, keys)
    own, crossed = np.diag(unlike), unlike + unlike.T
    gain = own[:, None] + own[None, :] - crossed
    fits = (crossed / (2 * len(names)) < _EXPLAINED) & (gain > _LIKELIER)
    pairs = sorted(zip(*np.nonzero(np.triu(fits, 1)), strict=True), key=lambda p: -gain[p])
    if pairs:
        named = [keys[place] for place in pairs[0]]
        hint = (
            f"zwei Gebiete stehen in allen Spalten so da wie je das andere in {told(last)}: "
            f"{case.places(named)}{case.published(names[0], named)}. Vertauschte Zeilen prüfen."
        )
        yield held("areas_exchanged", hint)


def _unlikeness(case: Case, last: Dated, names: tuple[str, ...], keys: list[str]) -> Floats:
    """Squared deviations of each area's row from each area's row of the last delivery."""
    total = np.zeros((len(keys), len(keys)))
    for name in names:
        now, was = (
            np.array([one.areas[name].get(key, 0.0) for key in keys])
            for one in (case.new, last.portrait)
        )
        logs = np.log(now + 0.5), np.log(was + 0.5)
        away = logs[0] - logs[1]
        usual = max(_USUAL, scatter(away.tolist()))
        gaps = logs[0][:, None] - logs[1][None, :] - np.median(away)
        noise = 1 / (now + 1)[:, None] + 1 / (was + 1)[None, :]
        total += gaps**2 / np.maximum(usual**2, noise)
    return total


def _check_rounded(case: Case) -> Iterator[Finding]:
    """Report counts that are all multiples of a number, and were not before."""
    for series, now in case.new.areas.items():
        for step in _STEPS:
            share = _multiples(now, step)
            past = [_multiples(one.portrait.areas.get(series, {}), step) for one in case.others]
            if share > _ROUNDED and max(past) < _ROUNDED:
                hint = (
                    f"{case.name_of(series)}: alle Anzahlen sind Vielfache von {step}, "
                    "früher nicht. Gerundete Werte? Ungerundete Anzahlen anfordern."
                )
                yield held("counts_rounded", hint)
                break


def _multiples(counts: Mapping[str, float], step: int) -> float:
    """Share of multiples of a number among counts that are large enough to be rounded."""
    large = [n for n in counts.values() if n >= COUNTED]
    if len(large) < 2 * FEWEST_AREAS:
        return 0.0
    return sum(n % step == 0 for n in large) / len(large)
