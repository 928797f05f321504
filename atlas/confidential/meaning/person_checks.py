"""Are the persons of a register those of the one before: who left, came, stayed the same."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from atlas.confidential.delivery import Finding
from atlas.confidential.meaning.case import (
    Case,
    Dated,
    column,
    configured_codes,
    held,
    key_column,
    told,
    years_between,
)
from atlas.confidential.meaning.limits import ENOUGH, Churn, beyond_chance, loss
from atlas.confidential.meaning.portrait import AGE, AREA, EMPTY, GONE, REST, Continuity
from atlas.words import first_few

_SEEN = Churn(spread=0.3, slack=0.006, least=0.5)
_KEPT = Churn(spread=0.3, slack=0.006, least=0.6)
_KNOWN = Churn(spread=0.5, slack=0.01, least=0.4)
# Nearly nobody of a run of neighbouring rows is found again: the run is missing.
_THIN = 0.5
# In a tenth of the file less than this part happened of what happened elsewhere.
_STILL = 0.3
# So many times as often as usual, and so many persons more, may change a code for another.
_TIMES, _PERSONS, _SHARE = 3.0, 20.0, 0.01
# Codes of so few persons say nothing about what is usual.
_FEW = 20
_NAMED = 4
ANY = "(anders)"


def check_persons(case: Case, last: Dated) -> Iterator[Finding]:
    """Judge a register by the persons who are in the one before as well."""
    now = case.new.continuity
    if now is None or now.since != last.day or min(now.before, now.now) < ENOUGH:
        return
    least = case.layout.checks.seen_min / 100
    seen = Churn(_SEEN.spread, _SEEN.slack, least)
    years = case.years_since_last()
    share = now.seen / now.before
    if share < seen.least_kept(_losses(case, _seen), years, now.before):
        hint = (
            f"weniger Personen als gewohnt stehen schon in {told(last)}. Vollständigkeit und "
            "Schreibweise der Schlüssel (führende Nullen) prüfen."
        )
        yield held("persons_gone", hint, key_column(case.layout))
    elif now.thinnest < _THIN and _past_thinnest(case) >= _THIN:
        hint = (
            f"ein zusammenhängendes Stück von {told(last)} fehlt. Vermutlich ist die Datei "
            "abgeschnitten; neu übertragen."
        )
        yield held("rows_cut", hint)
    if now.seen / now.now < _KNOWN.least_kept(_losses(case, _known_share), years, now.now):
        hint = (
            f"mehr neue Personen als gewohnt seit {told(last)}. Abgrenzung (Nebenwohnungen) "
            "und Schlüssel prüfen."
        )
        yield held("persons_new", hint, key_column(case.layout))
    yield from _check_still(case, last, now)
    yield from _check_parts(case, last, now)
    yield from _check_kept(case, last, now)
    yield from _check_turned(case, last, now)


def _check_still(case: Case, last: Dated, now: Continuity) -> Iterator[Finding]:
    years = case.years_since_last()
    share = now.seen / now.before
    if share > _SEEN.most_kept(_losses(case, _seen), years, now.before):
        hint = (
            f"fast niemand ist seit {told(last)} gestorben oder weggezogen. Ist es der Stand "
            "jenes Stichtags, oder fehlen die Abgänge? Stichtag der Datei prüfen."
        )
        yield held("stands_still", hint)


def _check_parts(case: Case, last: Dated, now: Continuity) -> Iterator[Finding]:
    """Report tenths of a file in which nothing happened while the rest moved on."""
    past = [_still_parts(one.parts) for one, _ in _past(case) if one.parts]
    if _still_parts(now.parts) > median(past or [0]):
        hint = (
            f"in einem Teil der Datei ist seit {told(last)} fast niemand zugezogen, umgezogen "
            "oder sonst verändert, im übrigen schon. Ist ein Teil der Stand jenes Stichtags?"
        )
        yield held("part_stands_still", hint)


def _still_parts(parts: Sequence[tuple[int, int]]) -> int:
    lively = sorted(moved / max(persons, 1) for persons, moved in parts)
    if len(lively) < 2:
        return 0
    expected = [(lively[-2] * persons, moved) for persons, moved in parts]
    return sum(n < _STILL * usual and beyond_chance(usual, n) for usual, n in expected)


def _check_kept(case: Case, last: Dated, now: Continuity) -> Iterator[Finding]:
    years = case.years_since_last()
    for name, same in now.kept.items():
        if name == AREA and not case.is_same_edition(last.portrait):
            continue
        # The checker of types knows no lambda with a default.
        past = _losses(case, lambda one, name=name: _kept_share(one, name))  # type: ignore[misc]
        if same / max(now.seen, 1) >= _KEPT.least_kept(past, years, now.seen):
            continue
        where = {AREA: "Gebiet", AGE: "Alter"}.get(name, column(name))
        hint = (
            f"dieselben Personen haben öfter als gewohnt einen anderen Wert als in "
            f"{told(last)}. Zuordnung der Spalten und Zeilen prüfen."
        )
        yield held("persons_changed", hint, where)


def _check_turned(case: Case, last: Dated, now: Continuity) -> Iterator[Finding]:
    """Report codes that the same persons exchange for others as in no year before."""
    past = [(one, years) for one, years in _past(case) if one.turned]
    for name, turns in now.turned.items() if past else ():
        known = [(one.turned.get(name, {}), years) for one, years in past]
        turned = {
            (code, other): float(n)
            for code, row in turns.items()
            for other, n in _sums(code, row).items()
            if n > _usual_turns(code, other, row, known) * _stretch(case)
        }
        has_code = _filled(turns)
        emptied = [
            one.emptied[name] / max(_filled(one.turned[name]), 1) / years
            for one, years in past
            if name in one.emptied
        ]
        lost = now.emptied.get(name, 0)
        if turned or (emptied and lost > _allowed(emptied, has_code) * _stretch(case)):
            yield held("codes_turned", _turned_hint(case, name, turned, last), column(name))


def _stretch(case: Case) -> float:
    return max(case.years_since_last(), 1.0)


def _sums(code: str, row: Mapping[str, int]) -> dict[str, int]:
    """Persons who lost a code: to each other one, to none known, and to any other at all."""
    turned = {other: n for other, n in row.items() if other not in (code, REST)}
    stayed = row.get(code, 0) + row.get(GONE, 0)
    return {**turned, ANY: sum(row.values()) - stayed}


def _filled(turns: Mapping[str, Mapping[str, int]]) -> int:
    return sum(sum(row.values()) - row.get(GONE, 0) for code, row in turns.items() if code)


def _usual_turns(
    code: str,
    other: str,
    row: Mapping[str, int],
    known: Sequence[tuple[Mapping[str, Mapping[str, int]], float]],
) -> float:
    """Most persons who may do so in a year, by what they did in the years before."""
    rates = [
        _sums(code, before[code]).get(other, 0) / sum(before[code].values()) / years
        for before, years in known
        if sum(before.get(code, {}).values()) >= _FEW
    ]
    return _allowed(rates, sum(row.values())) if rates else float("inf")


def _allowed(rates: Sequence[float], persons: float) -> float:
    usual = _TIMES * max(median(rates), rates[-1]) * persons  # what was new last year goes on
    return usual + 5 * math.sqrt(usual) + max(_PERSONS, _SHARE * persons)


def _turned_hint(
    case: Case, name: str, turned: Mapping[tuple[str, str], float], last: Dated
) -> str:
    """Name codes that the configuration names; others might be anything."""
    known = configured_codes(case.layout, name) - {EMPTY}
    largest = sorted(turned, key=lambda pair: -turned[pair])
    named = [code for code, _ in largest if code in known]
    whom = f" mit {first_few(list(dict.fromkeys(named)), _NAMED)}" if named else ""
    return (
        f"Personen{whom} haben öfter als gewohnt einen anderen Schlüssel als in {told(last)} "
        "oder fehlen. Schlüsseltabelle, Vollständigkeit und Zuordnung der Zeilen prüfen."
    )


def _past(case: Case) -> Iterator[tuple[Continuity, float]]:
    """How the deliveries before went on from each other, and in which time."""
    for old, new in pairwise(sorted(case.others)):
        one = new.portrait.continuity
        if one is not None and one.since == old.day and min(one.before, one.now) >= ENOUGH:
            yield one, years_between(old.day, new.day)


def _losses(case: Case, share_of: Callable[[Continuity], float | None]) -> list[float]:
    """Losses per year between the deliveries before."""
    shares = [(share_of(one), years) for one, years in _past(case)]
    return [loss(share, years) for share, years in shares if share is not None]


def _seen(one: Continuity) -> float:
    return one.seen / max(one.before, 1)


def _known_share(one: Continuity) -> float:
    return one.seen / max(one.now, 1)


def _kept_share(one: Continuity, name: str) -> float | None:
    return one.kept[name] / max(one.seen, 1) if name in one.kept else None


def _past_thinnest(case: Case) -> float:
    past = [one.portrait.continuity for one in case.others if one.portrait.continuity]
    return median([one.thinnest for one in past]) if past else 1.0
