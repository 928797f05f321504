"""What each column of a table of counts is for: date, item, dimension, count, value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from atlas.confidential.suggest.moments import (
    DateColumn,
    DatedHead,
    find_date_column,
    find_dated_heads,
)
from atlas.confidential.suggest.table import Table
from atlas.confidential.suggest.vocabulary import (
    TOTAL,
    Measures,
    age_band,
    bands_of_children,
    is_of_children,
    is_share,
    slug,
)

_MOST_TEXTS = 200  # an item column or dimension repeats its texts
_COUNT = re.compile(r"anz|zahl|wert|count|value|insgesamt|personen|^n$|menge", re.IGNORECASE)
_WEAK = re.compile(r"^(anzahl|zahl|insgesamt|gesamt|personen|summe|absolut|abs\.?|wert)$", re.I)
_DARUNTER = re.compile(r"(^| / )(darunter|davon|dar\.|dav\.)( |$)", re.IGNORECASE)
_UNITS = re.compile(r"^(\{date\}|[0-9]{4}|[0-9.]+)$")


@dataclass(frozen=True)
class Target:
    """A measure or ready-made indicator and the group that a column or text counts."""

    item: str
    group: str = "all"

    def __str__(self) -> str:
        return self.item if self.group == "all" else f"{self.item}@{self.group}"


@dataclass(frozen=True)
class Dimension:
    """A column that parts counts, with the texts that are sums, and those of children."""

    position: int
    ignore: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roles:
    """Roles of the columns of a table of counts.

    Attributes
    ----------
    items
        Texts of the item column with what they count.
    counts, values
        Position to target; None in a table with an item column.
    spare
        Columns of numbers that mean nothing the city knows.
    guessed
        Positions whose target is a guess.
    """

    date: DateColumn | None = None
    heads: tuple[DatedHead, ...] = ()
    item: int | None = None
    items: Mapping[str, Target] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    counts: Mapping[int, Target | None] = field(default_factory=dict)
    values: Mapping[int, Target] = field(default_factory=dict)
    spare: tuple[int, ...] = ()
    guessed: frozenset[int] = frozenset()


def find_roles(table: Table, measures: Measures, context: str, today: date) -> Roles:
    """Give every column of a table of counts its role.

    Parameters
    ----------
    context
        Title, sheet and file name: what a table counts whose heads do not say it.
    """
    heads = tuple(find_dated_heads(table.names, today))
    in_head = {at for head in heads for at in head.positions}
    when = None if in_head else find_date_column(table.names, table.columns, today)
    numeric = [i for i in table.numeric if when is None or i != when.position]
    parting = _parting(table, when, [*numeric, *in_head])
    item = next((i for i in parting if _items(table.columns[i], measures)), None)
    roles = Roles(date=when, heads=heads, item=item)
    if item is not None:
        return _long(roles, table, measures, (parting, numeric))
    dimensions = tuple(_dimension(i, table, measures) for i in parting)
    return _wide(roles, table, measures, (dimensions, numeric, context))


def _parting(table: Table, when: DateColumn | None, numeric: Sequence[int]) -> list[int]:
    """Columns without which an area stands in several rows; the fewest that are needed."""
    days = [""] * len(table.frame.rows) if when is None else table.columns[when.position]
    rows = table.area_rows if table.area is not None else []
    seen: set[tuple[str, ...]] = {(table.keys[i], days[i]) for i in rows}
    given = {table.area.position} if table.area is not None else set()
    given |= {when.position} if when is not None else set()
    chosen: list[int] = []
    while len(seen) < len(rows):
        best = _best_part(table, rows, (days, chosen), [*given, *numeric, *chosen])
        if best is None:
            break
        chosen.append(best)
        grown = {_cell(table, i, days, chosen) for i in rows}
        if len(grown) == len(seen):
            return chosen[:-1]
        seen = grown
    return chosen


def _cell(
    table: Table, row: int, days: Sequence[str], chosen: Sequence[int]
) -> tuple[str, ...]:
    return (table.keys[row], days[row], *(table.columns[i][row] for i in chosen))


def _best_part(
    table: Table, rows: Sequence[int], so_far: tuple[Sequence[str], list[int]], taken: list[int]
) -> int | None:
    days, chosen = so_far
    best: tuple[tuple[int, int, int], int] | None = None
    for position in range(len(table.columns)):
        texts = {table.columns[position][i] for i in rows}
        if position in taken or not table.names[position] or not 1 < len(texts) <= _MOST_TEXTS:
            continue
        cells = len({_cell(table, i, days, [*chosen, position]) for i in rows})
        has_words = sum(bool(re.search(r"[^\W\d]{2}", text)) for text in texts)
        rank = (cells, has_words, -len(texts)), position
        if best is None or rank[0] > best[0]:
            best = rank
    return None if best is None else best[1]


def _items(cells: Sequence[str], measures: Measures) -> dict[str, Target]:
    """Texts of a column that name measures, the shortest text for each."""
    texts = sorted(dict.fromkeys(text for text in cells if text), key=len)
    found: dict[Target, str] = {}
    for text in texts:
        if age_band(text) is None and (item := measures.measure(text)) is not None:
            found.setdefault(Target(item, _group(text, measures)), text)
    return {text: target for target, text in found.items()}


def _group(text: str, measures: Measures) -> str:
    return "u18" if is_of_children(text) and "u18" in measures.groups else "all"


def _long(
    roles: Roles, table: Table, measures: Measures, told: tuple[list[int], list[int]]
) -> Roles:
    """Roles of a table with one row per area and item."""
    parting, numeric = told
    assert roles.item is not None
    cells = table.columns[roles.item]
    items = _items(cells, measures)
    residents = measures.by_concept.get("residents")
    if residents is not None and "u18" in measures.groups:
        children = Target(residents, "u18")
        bands = bands_of_children(list(dict.fromkeys(cells)))
        if children not in items.values():
            items |= dict.fromkeys(bands, children)
    counts = [i for i in numeric if _COUNT.search(table.names[i])] or numeric[-1:]
    return Roles(
        date=roles.date,
        heads=roles.heads,
        item=roles.item,
        items=items,
        unread=tuple(text for text in dict.fromkeys(cells) if text and text not in items),
        dimensions=tuple(_dimension(i, table, measures) for i in parting if i != roles.item),
        counts=dict.fromkeys(counts[:1]),
        spare=tuple(i for i in numeric if i not in counts[:1]),
    )


def _dimension(position: int, table: Table, measures: Measures) -> Dimension:
    texts = list(dict.fromkeys(table.columns[position]))
    ignore = tuple(text for text in texts if TOTAL.search(text))
    children = bands_of_children(texts) if "u18" in measures.groups else ()
    return Dimension(position, ignore, children)


def _wide(
    roles: Roles,
    table: Table,
    measures: Measures,
    told: tuple[tuple[Dimension, ...], list[int], str],
) -> Roles:
    """Roles of a table with one column per measure."""
    dimensions, numeric, context = told
    in_head = {at for head in roles.heads for at in head.positions}
    free = [position for position in numeric if position not in in_head]
    counts, values = _targets(table, free, measures, measures.measure)
    if not counts and not values:
        counts, values = _targets(table, free, measures, measures.meaning)
    guessed = _guess(roles.heads, table, measures, (counts, values, numeric, context))
    counts |= guessed
    values |= _ready_made(table, free, bool(counts or values or roles.heads))
    used = {*counts, *values, *in_head}
    return Roles(
        date=roles.date,
        heads=roles.heads,
        dimensions=dimensions,
        counts=counts,
        values=values,
        spare=tuple(i for i in numeric if i not in used),
        guessed=frozenset(guessed),
    )


def _targets(
    table: Table,
    positions: Sequence[int],
    measures: Measures,
    named: Callable[[str], str | None],
) -> tuple[dict[int, Target | None], dict[int, Target]]:
    """Find counts and ready-made values, the first column for each measure."""
    counts: dict[int, Target | None] = {}
    values: dict[int, Target] = {}
    for position in positions:
        target, is_value = _target(table, position, measures, named)
        if _DARUNTER.search(table.names[position]):
            whole = next((one for one in reversed(counts.values()) if one is not None), None)
            target = _part_of(whole, table.names[position], measures)
        if target is None:
            continue
        if is_value and target not in values.values():
            values[position] = target
        elif not is_value and target not in counts.values():
            counts[position] = target
    return counts, values


def _part_of(whole: Target | None, name: str, measures: Measures) -> Target | None:
    """Read a head that says „darunter“: of the measure before it those whom it names."""
    group = _group(name, measures)
    return None if whole is None or group == "all" else Target(whole.item, group)


def _target(
    table: Table, position: int, measures: Measures, named: Callable[[str], str | None]
) -> tuple[Target | None, bool]:
    """Find what a column counts, by its own head first; and whether it is ready-made."""
    name = table.names[position]
    parts = name.split(" / ")
    for text in (name, *reversed(parts)):
        if (ready := measures.indicator(text)) is not None:
            return Target(ready), True
    if any(is_share(part) for part in parts) or _has_percent(table, position):
        return None, False
    if not table.is_whole(position):
        return None, False
    measure = measure_of_parts(parts, named)
    return (None if measure is None else Target(measure, _group(name, measures))), False


def measure_of_parts(parts: Sequence[str], named: Callable[[str], str | None]) -> str | None:
    """Measure that a head of several rows names: the lowest part that says something."""
    fallback = None
    for part in reversed(parts):
        if _UNITS.match(part):
            continue
        found = named(part)
        if not _WEAK.match(re.sub("- ?", "", part)):
            return found
        fallback = fallback or found
    return fallback


def _guess(
    heads: Sequence[DatedHead],
    table: Table,
    measures: Measures,
    told: tuple[dict[int, Target | None], dict[int, Target], list[int], str],
) -> dict[int, Target | None]:
    """Without any head that says something: what title and file name say, else residents."""
    counts, values, numeric, context = told
    if counts or values or heads or not numeric:
        return {}
    meant = _meaning_of_context(context, measures)
    item = meant or measures.by_concept.get("residents", "residents")
    whole = [i for i in numeric if table.is_whole(i) and not _is_share(table, i)]
    if not whole:
        return {}
    largest = max(whole, key=lambda i: (sum(n for n in table.numbers(i) if n == n), -i))
    return {largest: Target(item)}


def _ready_made(table: Table, free: Sequence[int], has_any: bool) -> dict[int, Target]:
    """Shares of a table that has nothing else, each as an indicator of its own."""
    shares = [] if has_any else [i for i in free if _is_share(table, i)]
    named = {i: Target(slug(table.name(i))) for i in shares}
    return {i: one for i, one in named.items() if list(named.values()).count(one) == 1}


def _is_share(table: Table, position: int) -> bool:
    return (
        _has_percent(table, position)
        or is_share(table.names[position])
        or not table.is_whole(position)
    )


def _has_percent(table: Table, position: int) -> bool:
    return any(text.endswith("%") for text in table.cells(position))


def target_of_head(head: DatedHead, measures: Measures, context: str) -> tuple[Target, bool]:
    """Find what columns with dates count, and whether that is a guess."""
    text = head.pattern.replace("{date}", " ")
    parts = [part.strip() for part in text.split(" / ") if part.strip()]
    item = measure_of_parts(parts, measures.meaning) if parts else None
    item = item or _meaning_of_context(context, measures)
    if item is not None:
        return Target(item, _group(text, measures)), False
    return Target(measures.by_concept.get("residents", "residents")), True


def _meaning_of_context(context: str, measures: Measures) -> str | None:
    found = (measures.meaning(one) for one in context.split("\n"))
    return next((one for one in found if one is not None), None)
