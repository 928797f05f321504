"""Does every measure still lie where it lay: in the city, in each area, in its own column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from atlas.confidential.delivery import Finding
from atlas.confidential.meaning.case import Case, Dated, held, told, years_between
from atlas.confidential.meaning.limits import COUNTED, FEWEST_AREAS, Change, scatter
from atlas.confidential.meaning.portrait import Portrait
from atlas.confidential.meaning.table_checks import check_table
from atlas.terms import RESIDENTS

Floats = npt.NDArray[np.float64]

_MEASURE = Change(floor=0.06, first=0.70)
# What other offices count moves with law and labour market: Flensburg's SGB II by 12 % in 2022.
_DELIVERED = Change(floor=0.10, first=0.70)
_SCATTER = Change(floor=0.10, first=0.50)
# Over so many areas and two years the scatter itself is known well enough to be compared.
_MANY_AREAS, _WIDER = 40, 1.8
# An area jumps if it leaves what all others do by so much, beyond chance and usual scatter.
_JUMP, _DEVIATIONS, _USUAL = 0.25, 5.0, 0.15
_STEADY = 0.05
_FIRST_JUMPS = 0.05
# Two areas have changed places: each is where the other was, and they were not alike.
_NEAR, _APART, _PAIR_DEVIATIONS = 0.12, 0.30, 4.0
_FEW_MARKS = 3


@dataclass(frozen=True)
class _Moves:
    """How one series moved from one delivery to another, area by area.

    ``steps`` are logarithms of the ratio of shares among residents (of counts where nobody
    knows the residents), ``noise`` their standard deviation by chance.
    """

    areas: tuple[str, ...]
    now: Floats
    was: Floats
    steps: Floats
    noise: Floats

    @property
    def is_wide(self) -> bool:
        """Whether there are enough areas to compare them with each other."""
        return len(self.areas) >= FEWEST_AREAS

    def scatter(self) -> float:
        """Robust spread of the steps."""
        return scatter(self.steps.tolist())

    def deviations(self, usual: float) -> Floats:
        """How far each area leaves what all areas do, in standard deviations."""
        away = np.abs(self.steps - np.median(self.steps))
        return np.asarray(away / np.sqrt(self.noise**2 + usual**2))

    def jumps(self, usual: float) -> npt.NDArray[np.bool_]:
        """Areas that jump."""
        away = np.abs(self.steps - np.median(self.steps))
        return (self.deviations(usual) > _DEVIATIONS) & (away > _JUMP)


def check_areas(case: Case) -> Iterator[Finding]:
    """Judge every series of a delivery."""
    for series in case.new.areas:
        yield from _check_range(case, series)
    if case.last is None:
        return
    for series in sorted(case.new.areas.keys() & case.last.portrait.areas.keys()):
        yield from _check_city(case, case.last, series)
        if case.is_same_edition(case.last.portrait):
            yield from _check_spread(case, case.last, series)
    for series in sorted(case.last.portrait.areas):
        yield from _check_marks(case, series)
    if case.layout.shape == "counts":
        yield from check_table(case, case.last)


def _check_range(case: Case, series: str) -> Iterator[Finding]:
    """Report a share of residents that no city has; one accepted before is not asked again."""
    measure, _, group = series.partition("@")
    if measure not in case.parts or measure == RESIDENTS:
        return
    of = f"{RESIDENTS}@{group}" if group else RESIDENTS
    share = _share(case.new, case.residents[0].get(of, {}), series)
    checks = case.layout.checks
    low, high = checks.shares.get(measure, (checks.share_min, checks.share_max))
    if share is None or low <= share <= high:
        return
    if case.last and case.residents[1]:
        before = _share(case.last.portrait, case.residents[1].get(of, {}), series)
        if before is not None and not low <= before <= high:
            return
    hint = (
        f"Anteil von {case.name_of(series)} an den Einwohner*innen der Stadt liegt nicht "
        f"zwischen den Grenzen in deliveries.toml (checks){case.published(series, ())}. "
        "Spalten und Schlüssel prüfen."
    )
    yield held("measure_range", hint)


def _share(portrait: Portrait, residents: Mapping[str, float], series: str) -> float | None:
    total = sum(residents.values())
    return 100 * portrait.total(series) / total if total >= COUNTED else None


def _check_city(case: Case, last: Dated, series: str) -> Iterator[Finding]:
    now, was = case.new.total(series), last.portrait.total(series)
    if max(now, was) < 100 or min(now, was) < 0:
        return
    noise = float(np.sqrt(1 / max(now, 1) + 1 / max(was, 1)))
    per_head = _residents_step(case)
    step = abs(np.log((now + 0.5) / (was + 0.5)) - per_head)
    past = [
        abs(float(np.log((new.portrait.total(series) + 0.5) / (before + 0.5))))
        / _stretch(years_between(old.day, new.day))
        for old, new in case.past_pairs()
        if (before := old.portrait.total(series)) > 0 and series in new.portrait.areas
    ]
    limits = _DELIVERED if case.layout.shape == "counts" else _MEASURE
    if step <= limits.allowed(past, noise) * _stretch(case.years_since_last()):
        return
    hint = (
        f"{case.name_of(series)} weicht in der Stadt stärker als gewohnt von {told(last)} ab"
        f"{case.published(series, ())}. Spalten, Schlüssel und Einheit prüfen."
    )
    yield held("measure_changed", hint)


def _stretch(years: float) -> float:
    """How much further a figure goes in a longer time than in a year, as chance does."""
    return float(max(1.0, years) ** 0.5)


def _residents_step(case: Case) -> float:
    now, was = (sum(one.get(RESIDENTS, {}).values()) for one in case.residents)
    return float(np.log(now / was)) if min(now, was) > 0 and _is_part(case) else 0.0


def _is_part(case: Case) -> bool:
    return case.layout.shape == "counts" or case.layout.place_from is not None


def _check_spread(case: Case, last: Dated, series: str) -> Iterator[Finding]:
    moves = _moves(case, case.new, last.portrait, series)
    if moves is None:
        return
    gone = [
        key for key, n, m in zip(moves.areas, moves.now, moves.was, strict=True) if not n and m
    ]
    # A shelter that closes empties one area of its refugees; a table of counts has no such gap.
    if len(gone) > (case.layout.place_from is not None):
        hint = (
            f"{case.name_of(series)} ist null, wo {told(last)} viele nennt: "
            f"{case.places(gone)}{case.published(series, gone)}. Vollständigkeit prüfen."
        )
        yield held("area_zero", hint)
    if not moves.is_wide:
        return
    past = [one for one in _past_moves(case, series) if one.is_wide]
    spreads = [one.scatter() for one in past]
    allowed = _SCATTER.allowed(spreads) + 1.5 * float(np.median(moves.noise))
    if case.layout.shape == "counts" and len(spreads) >= 2 and len(moves.areas) >= _MANY_AREAS:
        allowed = min(allowed, max(_SCATTER.floor, _WIDER * median(spreads)))
    if moves.scatter() > allowed:
        hint = (
            f"{case.name_of(series)} liegt in den meisten Gebieten anders als in {told(last)}: "
            f"{_jumping(case, series, moves, np.ones(len(moves.areas), dtype=bool))}. "
            "Zuordnung von Zeilen und Gebieten (verschoben, vertauscht) prüfen."
        )
        yield held("areas_mixed", hint)
        return
    yield from _check_jumps(case, last, series, moves, past)


def _check_jumps(
    case: Case, last: Dated, series: str, moves: _Moves, past: Sequence[_Moves]
) -> Iterator[Finding]:
    usual = max(_STEADY, median([one.scatter() for one in past])) if past else _USUAL
    if pair := _exchanged(moves, moves.deviations(usual) > _PAIR_DEVIATIONS):
        hint = (
            f"{case.name_of(series)}: zwei Gebiete stehen jedes so da wie zuvor das andere: "
            f"{case.places(pair)}{case.published(series, pair)}. Vertauschte Zeilen prüfen."
        )
        yield held("areas_exchanged", hint)
        return
    jumps = moves.jumps(usual)
    before = [int(one.jumps(usual).sum()) for one in past]
    most = max([1, *before]) if past else max(2, round(_FIRST_JUMPS * len(moves.areas)))
    if jumps.sum() > most:
        hint = (
            f"{case.name_of(series)} springt gegenüber {told(last)} in {int(jumps.sum())} "
            f"Gebieten, mehr als gewohnt: {_jumping(case, series, moves, jumps)}. "
            "Gebietsschlüssel und Verortung prüfen."
        )
        yield held("areas_jump", hint)


def _jumping(case: Case, series: str, moves: _Moves, chosen: npt.NDArray[np.bool_]) -> str:
    """Name the areas, those that moved most first, with what readers already have."""
    order = np.argsort(-np.abs(moves.steps - np.median(moves.steps)), kind="stable")
    areas = [moves.areas[i] for i in order if chosen[i]]
    return f"{case.places(areas)}{case.published(series, areas)}"


def _exchanged(moves: _Moves, candidates: npt.NDArray[np.bool_]) -> list[str]:
    places = np.flatnonzero(candidates)
    middle = np.median(moves.steps)
    now, was = np.log(moves.now + 0.5) - middle, np.log(moves.was + 0.5)
    for i in places:
        for j in places:
            is_crossed = max(abs(now[i] - was[j]), abs(now[j] - was[i])) < _NEAR
            if i < j and is_crossed and abs(was[i] - was[j]) > _APART:
                return [moves.areas[i], moves.areas[j]]
    return []


def _check_marks(case: Case, series: str) -> Iterator[Finding]:
    """Report cells without a value that come or go by the dozen."""
    past = [one.portrait.hidden.get(series, 0) for one in case.others]
    now, areas = case.new.hidden.get(series, 0), len(case.new.areas.get(series, {}))
    is_many = now > max(past) + max(_FEW_MARKS, areas // 10)
    if is_many or (now == 0 and min(past) >= _FEW_MARKS):
        hint = (
            f"{case.name_of(series)}: Zahl der Zellen ohne Wert ist ungewohnt. Zeichen in "
            "withheld, none und zero in deliveries.toml prüfen."
        )
        yield held("marks_changed", hint)


def _past_moves(case: Case, series: str) -> Iterator[_Moves]:
    for old, new in case.past_pairs():
        if old.portrait.edition == new.portrait.edition:
            moves = _moves_of(new.portrait, old.portrait, series, ({}, {}))
            if moves is not None:
                yield moves


def _moves(case: Case, new: Portrait, old: Portrait, series: str) -> _Moves | None:
    residents = case.residents if _is_part(case) else (new.areas, old.areas)
    if series.partition("@")[0] == RESIDENTS:
        residents = ({}, {})
    return _moves_of(new, old, series, residents)


def _moves_of(
    new: Portrait,
    old: Portrait,
    series: str,
    residents: tuple[Mapping[str, Mapping[str, float]], Mapping[str, Mapping[str, float]]],
) -> _Moves | None:
    now, was = new.areas.get(series, {}), old.areas.get(series, {})
    hidden = _hidden_keys(new, old)
    keys = sorted(
        key for key in {*now, *was} if max(now.get(key, 0), was.get(key, 0)) >= COUNTED
    )
    keys = [key for key in keys if not (hidden and (key not in now or key not in was))]
    if not keys or min(min(now.values(), default=0), min(was.values(), default=0)) < 0:
        return None
    counts = [np.array([one.get(key, 0.0) for key in keys]) for one in (now, was)]
    logs = [np.log(n + 0.5) for n in counts]
    steps = logs[0] - logs[1]
    heads = [one.get(RESIDENTS, {}) for one in residents]
    if all(all(one.get(key, 0) > 0 for key in keys) for one in heads):
        steps -= np.array([np.log(heads[0][key] / heads[1][key]) for key in keys])
    noise = np.sqrt(1 / (counts[0] + 1) + 1 / (counts[1] + 1))
    return _Moves(tuple(keys), counts[0], counts[1], steps, noise)


def _hidden_keys(new: Portrait, old: Portrait) -> bool:
    """Whether a missing area may be one whose value the supplier keeps to himself."""
    return bool(new.hidden or old.hidden)
