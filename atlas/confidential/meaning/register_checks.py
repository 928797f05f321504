"""Is a register of persons the same register as before: codes, ages, persons, keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

from atlas.confidential.delivery import Finding
from atlas.confidential.meaning.case import Case, Dated, held, told, years_between
from atlas.confidential.meaning.limits import (
    Change,
    Churn,
    chance_distance,
    deviation,
    distance,
    loss,
)
from atlas.confidential.meaning.portrait import AGE, AREA, EMPTY, Continuity, Portrait
from atlas.config import Layout

# Below this many persons chance moves a register more than a fault would.
_ENOUGH = 1000
_CODES = Change(floor=0.02, first=0.30)
_AGES = Change(floor=0.02, first=0.15)
_UNKNOWN = Change(floor=0.01, first=0.30)
_ROWS = Change(floor=0.03, first=0.50)
_TWINS = 0.006
_LINK = 0.01
_SEEN = Churn(spread=0.3, slack=0.006, least=0.5)
_KEPT = Churn(spread=0.3, slack=0.006, least=0.6)
_KNOWN = Churn(spread=0.5, slack=0.01, least=0.4)
# Nearly nobody of a run of neighbouring rows is found again: the run is missing.
_THIN = 0.5
# A column that looks like another one did: nearer to it than to itself by this factor.
_NEARER = 0.5


def check_register(case: Case) -> Iterator[Finding]:
    """Judge a register of persons."""
    yield from _check_single_codes(case)
    yield from _check_link(case)
    if case.last is None or min(case.new.rows, case.last.portrait.rows) < _ENOUGH:
        return
    yield from _check_rows(case, case.last)
    yield from _check_codes(case, case.last)
    yield from _check_ages(case, case.last)
    yield from _check_twins(case)
    yield from _check_persons(case, case.last)
    yield from _check_same(case)


def _check_single_codes(case: Case) -> Iterator[Finding]:
    """Report a column of codes with one single value: it says nothing."""
    if case.new.rows < _ENOUGH:
        return
    for name, codes in case.new.codes.items():
        if len(codes) > 1 or name in case.layout.checks.constant:
            continue
        if any(len(other.portrait.codes.get(name, codes)) > 1 for other in case.others) or (
            not case.others
        ):
            what = "leer" if EMPTY in codes else "in jeder Zeile gleich"
            hint = f"Spalte ist {what}. Erwartet: verschiedene Schlüssel."
            yield held("code_single", hint, _column(name))


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
            yield held("code_unknown", hint, _column(name))
        shift = distance(codes, before)
        past = [
            distance(new.portrait.codes.get(name, {}), old.portrait.codes.get(name, {}))
            for old, new in case.past_pairs()
        ]
        if shift > _CODES.allowed(past, chance_distance(before, case.new.rows) / 5):
            yield held("code_shares", _shares_hint(name, codes, last), _column(name))


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
    known = {EMPTY, *layout.columns[name].codes}
    for rule in layout.measures.values():
        for alternative in () if rule == "every_row" else rule:
            condition = alternative.get(name)
            if condition is not None:
                known |= {*(condition.is_in or ()), *(condition.not_in or ())}
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


def _check_persons(case: Case, last: Dated) -> Iterator[Finding]:
    now = case.new.continuity
    if now is None or now.since != last.day or min(now.before, now.now) < _ENOUGH:
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
        yield held("persons_gone", hint, _place(case.layout))
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
        yield held("persons_new", hint, _place(case.layout))
    yield from _check_still(case, last, now)
    yield from _check_kept(case, last, now)


def _check_still(case: Case, last: Dated, now: Continuity) -> Iterator[Finding]:
    years = case.years_since_last()
    share = now.seen / now.before
    if share > _SEEN.most_kept(_losses(case, _seen), years, now.before):
        hint = (
            f"fast niemand ist seit {told(last)} gestorben oder weggezogen. Ist es der Stand "
            "jenes Stichtags, oder fehlen die Abgänge? Stichtag der Datei prüfen."
        )
        yield held("stands_still", hint)


def _check_kept(case: Case, last: Dated, now: Continuity) -> Iterator[Finding]:
    years = case.years_since_last()
    for name, same in now.kept.items():
        if name == AREA and not case.is_same_edition(last.portrait):
            continue
        # The checker of types knows no lambda with a default.
        past = _losses(case, lambda one, name=name: _kept_share(one, name))  # type: ignore[misc]
        if same / max(now.seen, 1) >= _KEPT.least_kept(past, years, now.seen):
            continue
        where = {AREA: "Gebiet", AGE: "Alter"}.get(name, _column(name))
        hint = (
            f"dieselben Personen haben öfter als gewohnt einen anderen Wert als in "
            f"{told(last)}. Zuordnung der Spalten und Zeilen prüfen."
        )
        yield held("persons_changed", hint, where)


def _losses(case: Case, share_of: Callable[[Continuity], float | None]) -> list[float]:
    """Losses per year between the deliveries before."""
    found = []
    for old, new in case.past_pairs():
        one = new.portrait.continuity
        if one is None or one.since != old.day or min(one.before, one.now) < _ENOUGH:
            continue
        share = share_of(one)
        if share is not None:
            found.append(loss(share, years_between(old.day, new.day)))
    return found


def _seen(one: Continuity) -> float:
    return one.seen / max(one.before, 1)


def _known_share(one: Continuity) -> float:
    return one.seen / max(one.now, 1)


def _kept_share(one: Continuity, name: str) -> float | None:
    return one.kept[name] / max(one.seen, 1) if name in one.kept else None


def _past_thinnest(case: Case) -> float:
    past = [one.portrait.continuity for one in case.others if one.portrait.continuity]
    return median([one.thinnest for one in past]) if past else 1.0


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
        if one.past and persons >= _ENOUGH:
            usual = median([known / max(total, 1) for known, total in one.past])
            least = max(least, usual - _LINK - 5 * deviation(usual, persons))
        if share < least:
            hint = (
                f"weniger Personen als gewohnt verknüpft: {one.label}. Schreibweise der "
                "Personenschlüssel und Stichtage beider Register prüfen."
            )
            yield held("link_rate", hint, _place(case.layout))


def _place(layout: Layout) -> str:
    name = layout.column_of("person")
    return _column(name) if name else ""


def _column(name: str) -> str:
    return f"Spalte „{name}“"
