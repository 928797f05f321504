"""Rows of a table that stand for no area of its kind: sums, unplaced, what fits nowhere."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from atlas.confidential.delivery.keys import fold_name
from atlas.confidential.suggest.parts import find_parts
from atlas.confidential.suggest.places import Gazetteer
from atlas.confidential.suggest.table import Table
from atlas.confidential.suggest.vocabulary import TOTAL, UNPLACED
from atlas.terms import Kind
from atlas.words import first_few, number_text

_SHOWN = 3
# No kind of the boundaries: all rows together have to be the sum of all areas.
_GROUPS = Kind("teilraum")


@dataclass(frozen=True)
class OtherRows:
    """What the texts of other rows are for a layout.

    Attributes
    ----------
    sums
        Larger kind to the pattern of its rows.
    ignore
        Texts whose rows are neither counted nor checked.
    doubts
        Key of the layout to what is unsure about it.
    """

    sums: Mapping[Kind, str] = field(default_factory=dict)
    totals: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()


def find_other_rows(table: Table, positions: Sequence[int], places: Gazetteer) -> OtherRows:
    """Tell what the rows are that name no area.

    Parameters
    ----------
    positions
        Columns of counts; sums are compared in them.
    """
    if table.area is None:
        return OtherRows()
    texts = _texts(table)
    if not texts:
        return OtherRows()
    unplaced = tuple(text for text in texts if UNPLACED.search(text))
    larger, left = _larger([text for text in texts if text not in unplaced], table, places)
    totals = tuple(text for text in left if _is_total(text, table, places))
    lost = tuple(text for text in left if text not in totals)
    parts = find_parts(table, lost, positions)
    if parts.groups:
        larger[_GROUPS] = "|".join(_escaped(text) for text in parts.groups)
    totals = (*totals, *parts.totals)
    lost = tuple(text for text in lost if text not in (*parts.totals, *parts.groups))
    if _completes(totals, unplaced, lost, (table, positions)):
        unplaced, lost = (*unplaced, *lost), ()
    doubts = [
        (
            "unplaced",
            f"„{text}“ gilt als nicht zuordenbar: zählt für die Stadt, in keinem Gebiet",
        )
        for text in unplaced
    ]
    differing = {text: _difference(text, (*unplaced,), table, positions) for text in totals}
    wrong = tuple(text for text in totals if differing[text])
    doubts += [("ignore", f"„{text}“: {differing[text]}") for text in wrong]
    doubts += _lost_doubt(lost)
    return OtherRows(
        sums=larger,
        totals=tuple(text for text in totals if text not in wrong),
        unplaced=unplaced,
        ignore=(*wrong, *lost),
        doubts=tuple(doubts),
    )


def _completes(
    totals: Sequence[str],
    unplaced: Sequence[str],
    lost: Sequence[str],
    counted: tuple[Table, Sequence[int]],
) -> bool:
    """Whether rows that the boundaries do not know are just what a total lacks."""
    table, positions = counted
    return any(
        _difference(text, unplaced, table, positions)
        and not _difference(text, (*unplaced, *lost), table, positions)
        for text in (totals if lost else ())
    )


def _texts(table: Table) -> list[str]:
    texts = zip(table.places, table.keys, table.frame.rows, strict=True)
    return list(dict.fromkeys(text for text, key, (_, row) in texts if not key and any(row)))


def _lost_doubt(lost: Sequence[str]) -> list[tuple[str, str]]:
    if not lost:
        return []
    shown = first_few([f"„{text}“" if text else "leer" for text in lost], _SHOWN)
    hint = "Summen größerer Gebiete gehören in sums, nicht Zuordenbares in unplaced"
    return [("ignore", f"{shown} kennen die Grenzen nicht; {hint}")]


def _is_total(text: str, table: Table, places: Gazetteer) -> bool:
    """Whether a text, or another one in its row, names the city or a sum."""
    row = table.frame.rows[table.places.index(text)][1]
    words = [cell for cell in row if _is_city(cell, places)] if text else []
    return bool(words) or _is_city(text, places) or TOTAL.search(text) is not None


def _is_city(text: str, places: Gazetteer) -> bool:
    folded = fold_name(re.sub(r"^(landeshaupt|hanse)?stadt ", "", text, flags=re.IGNORECASE))
    return text == places.city_key or folded == fold_name(places.city_name) != ""


def _larger(
    texts: Sequence[str], table: Table, places: Gazetteer
) -> tuple[dict[Kind, str], list[str]]:
    """Patterns of the rows of larger kinds, and the texts that are left."""
    assert table.area is not None
    areas = {text for text, key in zip(table.places, table.keys, strict=True) if key}
    left, found = list(texts), {}
    for kind, held in table.area.reading.known.above.items():
        if kind == Kind.CITY:
            continue
        for before, forms in _befores(left, held):
            pattern = _pattern(before, forms, [*areas, *(t for t in left if t not in forms)])
            if pattern and len(forms) > 1:
                found[kind] = pattern
                left = [text for text in left if text not in forms]
                break
    return found, left


def _befores(
    texts: Sequence[str], held: Mapping[str, frozenset[str]]
) -> list[tuple[str, dict[str, str]]]:
    """Prefixes with the texts that are prefix and name of a larger area; most texts first."""
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        for name in held:
            if text.endswith(name):
                found.setdefault(text.removesuffix(name), {})[text] = name
    return sorted(found.items(), key=lambda one: (-len(one[1]), len(one[0])))


def _pattern(before: str, forms: Mapping[str, str], others: Sequence[str]) -> str:
    """Pattern of some texts that fits none of the others; empty where there is none."""
    names = sorted(forms.values())
    width = {len(name) if name.isdigit() else 0 for name in names}
    digits = f"[0-9]{{{min(width)}}}" if min(width) > 1 else "[0-9]"
    choices = [digits] if len(width) == 1 and min(width) else []
    choices.append("|".join(_escaped(name) for name in names))
    for choice in choices:
        pattern = f"{_escaped(before)}({choice})"
        if not any(re.fullmatch(pattern, text) for text in others):
            return pattern if before or "|" in choice else choice
    return ""


def _difference(
    text: str, unplaced: Sequence[str], table: Table, positions: Sequence[int]
) -> str:
    """Say how a sum differs from its parts; empty where it does not or cannot be told."""
    parts = [i for i, one in enumerate(table.places) if table.keys[i] or one in unplaced]
    rows = [i for i, one in enumerate(table.places) if one == text]
    if len(rows) != 1 or len(set(table.keys)) < len(set(parts)):
        return ""
    for position in positions:
        numbers = table.numbers(position)
        told, shown = (
            numbers[rows[0]],
            [numbers[i] for i in parts if not math.isnan(numbers[i])],
        )
        rest = told - sum(shown)
        is_wrong = rest < 0 if len(shown) < len(parts) else rest != 0
        if not math.isnan(told) and is_wrong:
            return _difference_text(table.name(position), told, sum(shown))
    return ""


def _difference_text(name: str, told: float, parts: float) -> str:
    return (
        f"{number_text(told, 0)} in Spalte „{name}“, die Gebiete ergeben "
        f"{number_text(parts, 0)} (Unterschied {number_text(told - parts, 0)}); deshalb nicht "
        "in totals"
    )


def _escaped(text: str) -> str:
    """Write a text as a pattern; a blank needs no sign before it."""
    return re.escape(text).replace("\\ ", " ")
