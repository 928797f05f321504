"""A suggestion is tried on its own sample: read as the layout says, mended, tried again."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from atlas.confidential.delivery.findings import Finding, Severity, column_place, describe
from atlas.confidential.delivery.reading import read_delivery
from atlas.confidential.delivery.recognise import claimed_date
from atlas.confidential.delivery.request import KnownAreas, Request
from atlas.confidential.suggest.layout import Found, suggestion_of
from atlas.confidential.suggest.lines import Sample, Town
from atlas.confidential.suggest.suggestion import Suggestion
from atlas.config import Layout
from atlas.errors import DeliveryError
from atlas.words import first_few

_ROUNDS = 6
_SHOWN = 5
_NO_KEY = bytes(32)  # nothing that is read here is kept
_OF_A_COLUMN = {
    "no_number",
    "percent_count",
    "number_sign",
    "negative_count",
    "fractional_count",
    "empty_cell",
    "too_large_count",
}
_OF_ROWS = {"total_differs", "unknown_area"}


@dataclass(frozen=True)
class Tried:
    """A suggestion, the layout that it is, and what the check of the sample says.

    Attributes
    ----------
    days
        Reference dates that the sample tells.
    names
        Key of each area to the name that the sample has for it; none of a register.
    """

    suggestion: Suggestion
    layout: Layout
    findings: tuple[Finding, ...]
    days: tuple[date, ...]
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_accepted(self) -> bool:
        """Whether the sample would be taken without a word."""
        weights = {one.severity for one in self.findings}
        return not weights & {Severity.ERROR, Severity.WARNING}


def layout_of_text(text: str) -> Layout:
    """Read a suggested layout as ``deliveries.toml`` would be read."""
    return Layout.model_validate(tomllib.loads(text)["layouts"][0])


def try_suggestion(suggestion: Suggestion, path: Path, sample: Sample, town: Town) -> Tried:
    """Read the sample with a suggestion.

    Raises
    ------
    DeliveryError
        If what was found makes no layout, such as a table without any number.
    """
    try:
        layout = layout_of_text(suggestion.text())
    except ValidationError:
        raise DeliveryError(
            f"Datei {sample.name}: keine Tabelle erkannt. Erwartet: eine Spalte mit Schlüsseln "
            "oder Namen der Gebiete und eine mit Zahlen, oder ein Register. Grenzen und Datei "
            "prüfen, bei mehreren Tabellenblättern --sheet angeben."
        ) from None
    # Without any date the rest is tried all the same: that there is none is a doubt already.
    is_dated = _is_dated(layout)
    day = None if is_dated else _claimed(suggestion, path, layout)
    request = Request(
        layout=layout,
        claimed=None if is_dated else day or sample.today,
        hash_key=_NO_KEY,
        areas=lambda day: _known(town, layout, day),
        today=sample.today,
    )
    reading = read_delivery(path, request)
    days = tuple(sorted(reading.parts)) if is_dated or day is not None else ()
    return Tried(suggestion, layout, reading.everything(), days)


def _claimed(suggestion: Suggestion, path: Path, layout: Layout) -> date | None:
    """Read the reference date in file name or title; None where nothing says it."""
    return claimed_date(path, layout) or suggestion.day


def _is_dated(layout: Layout) -> bool:
    """Whether rows or head say the reference date."""
    return bool(layout.column_of("date")) or any("{date}" in name for name in layout.columns)


def _known(town: Town, layout: Layout, day: date) -> KnownAreas | None:
    edition = layout.edition or town.edition_of(day)
    fitting = (
        k for kind, k in town.places.kinds if (kind, k.edition) == (layout.kind, edition)
    )
    return next(fitting, None)


def try_and_mend(found: Found, path: Path) -> Tried:
    """Try what was found; leave out what the check refuses, and say so."""
    tried = try_suggestion(suggestion_of(found), path, found.sample, found.town)
    for _ in range(_ROUNDS):
        mended = _mended(found, tried)
        if mended is None:
            break
        found = mended
        tried = try_suggestion(suggestion_of(found), path, found.sample, found.town)
    names = found.table.area_names()
    if doubled := _doubled(found, tried):
        told = (
            f"zwei Zeilen für ein Gebiet: {doubled}; trägt eine davon den Namen eines "
            "größeren Gebiets, kann sie kein Layout unterscheiden: Zeile in der Datei löschen"
        )
        left = (*tried.suggestion.left, told)
        tried = replace(tried, suggestion=replace(tried.suggestion, left=left))
    return replace(tried, suggestion=with_rest(tried, path.name), names=names)


def _doubled(found: Found, tried: Tried) -> str:
    """Texts of areas that stand twice where they may stand once."""
    doubles = [one for one in tried.findings if one.check == "duplicate_area"]
    numbers = {row for one in doubles for row in one.rows}
    told = zip(found.table.frame.rows, found.table.places, strict=True)
    texts = dict.fromkeys(f"„{text}“" for (number, _), text in told if number in numbers)
    return first_few(list(texts), _SHOWN)


def with_rest(tried: Tried, name: str) -> Suggestion:
    """Write down what the check still says of the sample."""
    rest = [one for one in tried.findings if one.severity is not Severity.INFO]
    told = [describe(one, name) for one in rest[:_SHOWN]]
    return replace(tried.suggestion, left=(*tried.suggestion.left, *told))


def _mended(found: Found, tried: Tried) -> Found | None:
    """Leave out the columns and rows that are refused; None where nothing is left to do."""
    errors = [one for one in tried.findings if one.severity is Severity.ERROR]
    dropped = _refused_columns(found, errors)
    ignored = _refused_texts(found, errors)
    has_cut = found.footer and any(one.check == "cut_row" for one in errors)
    if not dropped and not ignored and not has_cut:
        return None
    others = found.others
    if ignored:
        doubt = (
            "Zeilen, die nicht mit der Summe der Gebiete übereinstimmen oder keines nennen; so "
            "werden sie weder gezählt noch geprüft"
        )
        kept = {k: p for k, p in others.sums.items() if not any(_fits(p, t) for t in ignored)}
        others = replace(
            others,
            sums=kept,
            totals=tuple(text for text in others.totals if text not in ignored),
            ignore=tuple(dict.fromkeys((*others.ignore, *ignored, *_lost(found, kept)))),
            doubts=(*others.doubts, ("ignore", doubt)),
        )
    return replace(
        found,
        dropped={**found.dropped, **dropped},
        others=others,
        footer=found.footer and not has_cut,
    )


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def _lost(found: Found, kept: dict[object, str] | object) -> list[str]:
    """Texts of the larger kinds that are given up as a whole."""
    assert isinstance(kept, dict)
    gone = [pattern for kind, pattern in found.others.sums.items() if kind not in kept]
    texts = dict.fromkeys(found.table.places)
    return [text for text in texts if any(_fits(pattern, text) for pattern in gone)]


def _refused_columns(found: Found, errors: Sequence[Finding]) -> dict[int, str]:
    """Columns whose cells are refused, as long as another one is left."""
    free = [at for at in [*found.roles.counts, *found.roles.values] if at not in found.dropped]
    refused: dict[int, str] = {}
    for one in errors:
        for position in free:
            place = column_place(found.table.name(position))
            is_its = one.where == place or one.where.startswith(f"{place},")
            if one.check in _OF_A_COLUMN and is_its:
                refused[position] = one.hint.partition(".")[0]
    if len(refused) == len(free) and not found.roles.heads:
        return {}
    return refused


def _refused_texts(found: Found, errors: Sequence[Finding]) -> list[str]:
    """Texts of rows that are no areas and are refused."""
    numbers = {row for one in errors if one.check in _OF_ROWS for row in one.rows}
    told = zip(found.table.frame.rows, found.table.places, found.table.keys, strict=True)
    texts = dict.fromkeys(text for (n, _), text, key in told if n in numbers and not key)
    return [text for text in texts if text not in found.others.ignore]
