"""Is a table of counts the same table as before: its columns, its rows, its digits."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from statistics import median

import numpy as np
import numpy.typing as npt

from atlas.confidential.delivery import Finding
from atlas.confidential.meaning.case import Case, Dated, held, told
from atlas.confidential.meaning.limits import Change, deviation, scatter
from atlas.confidential.meaning.portrait import Portrait

Floats = npt.NDArray[np.float64]

# An area counts from here on, and checks across areas ask for so many of them.
_COUNTED, _LEGIBLE = 20.0, 10.0
_FEWEST_AREAS = 10
# A fifth of the areas may have the very same count as at another date by coincidence, of whole
# rows a fiftieth.
_SAME, _SAME_ROWS = 0.20, 0.02
_COPIED = 0.80
_MISPLACED, _NEARER = 0.20, 0.6
_STEPS, _ROUNDED = (100, 50, 10, 5, 3, 2), 0.95
# Two columns of one table move together, but for so much.
_RELATION = Change(floor=0.04, first=0.50)
# Areas or columns have changed places if that explains them so much better, and well.
_LIKELIER, _EXPLAINED = 36.0, 4.0
_UNLIKE, _LIKER = 1.4, 1.5
_USUAL = 0.05
# A constant was added if small areas differ from large ones by so many deviations.
_ADDED = 5.0


def check_table(case: Case, last: Dated) -> Iterator[Finding]:
    """Judge a table of counts as a whole."""
    yield from _check_other_dates(case)
    yield from _check_columns(case, last)
    yield from _check_relations(case, last)
    if case.is_same_edition(last.portrait):
        yield from _check_rows(case)
        yield from _check_places(case, last)
        yield from _check_constants(case, last)
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
    legible = [key for key, n in was.items() if n >= _LEGIBLE and key in now]
    if len(legible) < _FEWEST_AREAS:
        return None
    return sum(now[key] == was[key] for key in legible) / len(legible)


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
    keys = _comparable(case.new, last.portrait, (series, other))
    return len(keys) >= _FEWEST_AREAS and all(
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
    """Report two columns of one table that part from each other as in no year before."""
    pairs = list(case.past_pairs())
    for one, other in combinations(
        sorted(case.new.areas.keys() & last.portrait.areas.keys()), 2
    ):
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
    keys = _comparable(new, old, (one, other))
    if len(keys) < _FEWEST_AREAS:
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


def _comparable(new: Portrait, old: Portrait, names: tuple[str, ...]) -> list[str]:
    """Areas in which all of the series are large enough to be compared at both dates."""
    tables = [portrait.areas[name] for name in names for portrait in (new, old)]
    keys = set.intersection(*(set(table) for table in tables))
    return sorted(key for key in keys if min(table[key] for table in tables) >= _COUNTED)


def _steps(new: Portrait, old: Portrait, names: tuple[str, str], keys: list[str]) -> Floats:
    now, was = (
        np.array([one.areas[name][key] for key in keys])
        for one, name in zip((new, old), names, strict=True)
    )
    return np.asarray(np.log((now + 0.5) / (was + 0.5)))


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
    telling = [key for key in keys if sum(was[key] >= _LEGIBLE for _, was in tables) >= 2]
    if len(telling) < _FEWEST_AREAS:
        return None
    same = sorted(key for key in telling if all(now[key] == was[key] for now, was in tables))
    return same, len(telling)


def _check_places(case: Case, last: Dated) -> Iterator[Finding]:
    """Report two areas of which each has the row that the other one had, over all columns."""
    names = tuple(sorted(case.new.areas.keys() & last.portrait.areas.keys()))
    keys = _comparable(case.new, last.portrait, names[:1]) if names else []
    if len(keys) < _FEWEST_AREAS:
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
    if len(keys) < 2 * _FEWEST_AREAS:
        return None
    now, was = (np.array([one.areas[series][key] for key in keys]) for one in (new, old))
    half = len(keys) // 2
    ratio = np.median((now[half:] + 0.5) / (was[half:] + 0.5))
    more = now[:half] - ratio * was[:half]
    error = max(scatter(more.tolist()), 0.7) * 1.25 / half**0.5
    return float(np.median(more) / error)


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
    large = [n for n in counts.values() if n >= _COUNTED]
    if len(large) < 2 * _FEWEST_AREAS:
        return 0.0
    return sum(n % step == 0 for n in large) / len(large)


def _gap(new: Portrait, old: Portrait, series: str, other: str) -> float | None:
    now, was = new.areas[series], old.areas[other]
    keys = [key for key in now.keys() & was.keys() if max(now[key], was[key]) >= _COUNTED]
    if len(keys) < _FEWEST_AREAS or any(min(now[key], was[key]) < 0 for key in keys):
        return None
    return float(np.median([abs(np.log((now[k] + 0.5) / (was[k] + 0.5))) for k in keys]))


def _is_copy(new: Portrait, old: Portrait, series: str, other: str) -> bool:
    shares = []
    for portrait in (new, old):
        one, two = portrait.areas[series], portrait.areas[other]
        legible = [key for key in one.keys() & two.keys() if one[key] >= _LEGIBLE]
        if len(legible) < _FEWEST_AREAS:
            return False
        shares.append(sum(one[key] == two[key] for key in legible) / len(legible))
    return shares[0] > _COPIED > shares[1]
