"""Is a register of persons made up as before: rows, codes, ages, links."""

import math
from collections.abc import Iterator, Mapping, Sequence
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
from atlas.confidential.meaning.limits import (
    ENOUGH,
    Change,
    chance_distance,
    deviation,
    distance,
)
from atlas.confidential.meaning.person_checks import check_persons
from atlas.confidential.meaning.portrait import EMPTY, Portrait
from atlas.config import Layout
from atlas.words import first_few

_CODES = Change(floor=0.02, first=0.30)
_AGES = Change(floor=0.02, first=0.15)
_UNKNOWN = Change(floor=0.01, first=0.30)
_ROWS = Change(floor=0.03, first=0.50)
_CODE = Change(floor=0.7, first=1.4)
_TWINS = 0.006
_LINK = Change(floor=0.004, first=0.01)
# A single code says something from this many persons on.
_TELLING = 30
_NAMED = 4
# A column that looks like another one did: nearer to it than to itself by this factor.
_NEARER = 0.5


def check_register(case: Case) -> Iterator[Finding]:
    """Judge a register of persons."""
    yield from _check_single_codes(case)
    yield from _check_link(case)
    if case.last is None or min(case.new.rows, case.last.portrait.rows) < ENOUGH:
        return
    yield from _check_rows(case, case.last)
    yield from _check_codes(case, case.last)
    yield from _check_single_counts(case, case.last)
    yield from _check_ages(case, case.last)
    yield from _check_twins(case)
    yield from check_persons(case, case.last)
    yield from _check_same(case)


def _check_single_codes(case: Case) -> Iterator[Finding]:
    """Report a column of codes with one single value: it says nothing."""
    if case.new.rows < ENOUGH:
        return
    for name, codes in case.new.codes.items():
        if len(codes) > 1 or name in case.layout.checks.constant:
            continue
        if any(len(other.portrait.codes.get(name, codes)) > 1 for other in case.others) or (
            not case.others
        ):
            what = "leer" if EMPTY in codes else "in jeder Zeile gleich"
            hint = f"Spalte ist {what}. Erwartet: verschiedene Schlüssel."
            yield held("code_single", hint, column(name))


def _check_rows(case: Case, last: Dated) -> Iterator[Finding]:
    past = [_growth(new.portrait, old.portrait) for old, new in case.past_pairs()]
    if _growth(case.new, last.portrait) > _ROWS.allowed(past):
        hint = (
            f"Zahl der Personen weicht stärker als gewohnt von {told(last)} ab. "
            "Vollständigkeit und Abgrenzung prüfen."
        )
        yield held("persons_total", hint)


def _growth(new: Portrait, old: Portrait) -> float:
    return abs(new.rows - old.rows) / max(old.rows, 1)


def _check_codes(case: Case, last: Dated) -> Iterator[Finding]:
    for name, codes in case.new.codes.items():
        before = last.portrait.codes.get(name)
        if before is None:
            continue
        unknown = _unknown_share(case, name, codes)
        if unknown > _UNKNOWN.allowed(_past_unknown(case, name)):
            hint = (
                "viele Schlüssel, die weder frühere Lieferungen noch deliveries.toml kennen. "
                "Schreibweise (führende Nullen, Großbuchstaben) und Schlüsseltabelle prüfen."
            )
            yield held("code_unknown", hint, column(name))
        shift = distance(codes, before)
        past = [
            distance(new.portrait.codes.get(name, {}), old.portrait.codes.get(name, {}))
            for old, new in case.past_pairs()
        ]
        if shift > _CODES.allowed(past, chance_distance(before, case.new.rows) / 5):
            yield held("code_shares", _shares_hint(name, codes, last), column(name))


def _check_single_counts(case: Case, last: Dated) -> Iterator[Finding]:
    """Report codes that vanish or halve beyond what chance and the past know."""
    for name, codes in case.new.codes.items():
        before = _telling(last.portrait, name)
        past = [
            abs(_step(new.portrait.codes[name].get(code, 0), n))
            for old, new in case.past_pairs()
            for code, n in _telling(old.portrait, name).items()
            if name in new.portrait.codes
        ]
        gone = [
            code
            for code, n in before.items()
            if _step(codes.get(code, 0), n)
            < -_CODE.allowed(past) - 5 * math.sqrt(1 / (codes.get(code, 0) + 1) + 1 / n)
        ]
        if gone and past:
            named = [code for code in gone if code in configured_codes(case.layout, name)]
            which = f" ({first_few(named, _NAMED)})" if named else ""
            hint = (
                f"einzelne Schlüssel{which} sind gegenüber {told(last)} fast verschwunden. "
                "Schlüsseltabelle und Vollständigkeit prüfen."
            )
            yield held("code_counts", hint, column(name))


def _telling(portrait: Portrait, name: str) -> dict[str, int]:
    """Codes of so many persons that chance hardly halves them."""
    codes = portrait.codes.get(name, {})
    return {code: n for code, n in codes.items() if n >= _TELLING and code != EMPTY}


def _step(now: int, was: int) -> float:
    return math.log((now + 0.5) / (was + 0.5))


def _shares_hint(name: str, codes: dict[str, int], last: Dated) -> str:
    """Say whether the column stands where another stood."""
    others = {other: distance(codes, was) for other, was in last.portrait.codes.items()}
    nearest = min(others, key=lambda other: others[other])
    if nearest != name and others[nearest] < _NEARER * others[name]:
        return (
            f"Inhalt sieht aus wie Spalte „{nearest}“ in {told(last)}. Reihenfolge und Namen "
            "der Spalten prüfen."
        )
    return (
        f"Anteile der Schlüssel weichen stärker als gewohnt von {told(last)} ab. Spalte und "
        "Schlüsseltabelle prüfen."
    )


def _past_unknown(case: Case, name: str) -> list[float]:
    """Shares of codes that were new, for each delivery before that had one before it."""
    ordered = sorted(case.others)
    found = []
    for position in range(1, len(ordered)):
        known = _known(case.layout, name, ordered[:position])
        found.append(_share_outside(ordered[position].portrait.codes.get(name, {}), known))
    return found


def _unknown_share(case: Case, name: str, codes: dict[str, int]) -> float:
    return _share_outside(codes, _known(case.layout, name, case.others))


def _known(layout: Layout, name: str, others: Sequence[Dated]) -> set[str]:
    """Codes of earlier deliveries and those that the configuration names."""
    known = configured_codes(layout, name)
    for other in others:
        known |= other.portrait.codes.get(name, {}).keys()
    return known


def _share_outside(codes: dict[str, int], known: set[str]) -> float:
    total = sum(codes.values())
    return sum(n for code, n in codes.items() if code not in known) / max(total, 1)


def _check_ages(case: Case, last: Dated) -> Iterator[Finding]:
    past = [distance(new.portrait.ages, old.portrait.ages) for old, new in case.past_pairs()]
    if distance(case.new.ages, last.portrait.ages) > _AGES.allowed(past):
        hint = (
            f"Altersaufbau weicht stärker als gewohnt von {told(last)} ab. Spalte des "
            "Geburtsdatums und ihr Format prüfen."
        )
        yield held("age_shares", hint)


def _check_twins(case: Case) -> Iterator[Finding]:
    """Report rows that equal each other in all but the key: a person under two keys."""
    past = [share for one in case.others if (share := _twins(one.portrait)) is not None]
    share = _twins(case.new)
    if share is None or not past:
        return
    if share > median(past) + _TWINS:
        hint = (
            "mehr Zeilen als gewohnt gleichen einer anderen in allem außer dem "
            "Personenschlüssel. Doppelte Personen unter neuen Schlüsseln ausschließen."
        )
        yield held("persons_doubled", hint)


def _twins(portrait: Portrait) -> float | None:
    return None if portrait.twins is None else portrait.twins / max(portrait.rows, 1)


def _check_same(case: Case) -> Iterator[Finding]:
    """Report the very same codes as at another date: it is the file of that date."""
    for other in case.others:
        if case.new.rows != other.portrait.rows or case.new.codes != other.portrait.codes:
            continue
        if _is_telling(case.new.codes, years_between(other.day, case.day)):
            hint = f"alle Schlüssel sind dieselben wie in {told(other)}. Stichtag prüfen."
            yield held("same_as_other_date", hint)
            return


def _is_telling(codes: Mapping[str, Mapping[str, int]], years: float) -> bool:
    """Whether chance would have moved the distributions in this time."""
    moving = [sum(found.values()) for found in codes.values() if len(found) > 1]
    return bool(moving) and 0.01 * years * max(moving) >= 10


def _check_link(case: Case) -> Iterator[Finding]:
    for one in case.linked:
        found, persons = one.now
        if not persons:
            continue
        share = found / persons
        least = case.layout.checks.link_min / 100
        if one.past and persons >= ENOUGH:
            rates = [known / max(total, 1) for known, total in one.past]
            moved = [abs(now - was) for now, was in pairwise(rates)]
            usual = median(rates)
            slack = _LINK.allowed(moved, deviation(usual, persons))
            least = max(least, usual - slack)
        if share < least:
            hint = (
                f"weniger Personen als gewohnt verknüpft: {one.label}. Schreibweise der "
                "Personenschlüssel und Stichtage beider Register prüfen."
            )
            yield held("link_rate", hint, key_column(case.layout))
