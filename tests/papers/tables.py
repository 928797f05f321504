"""Tables of papers: each number is the cell that its row and its column name."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from atlas.publication.views.table import Table, text
from tests.words.books import Book, Line
from tests.words.german import day, is_shown, number, shown
from tests.words.grammar import Reading, Scene
from tests.words.page_proofs import rank_of
from tests.words.tables import check_contributions

if TYPE_CHECKING:
    from tests.papers.proof import Sight

Rows = Sequence[Sequence[str]]
Left = Iterator[tuple[str, str]]
_DAY = re.compile(r"\d\d\.\d\d\.\d{4}")
_SINCE = re.compile(r"(?:[=▲▼] )?([+−±]\d[\d.,]*)|=|–|[▲▼] vorher (\d)")
_MARK = re.compile(r"(?: s|s| \(geschätzt\))$")
_LEVELS = {"Handlungsbedarf": "need_level", "Aufmerksamkeit": "need_level"}
_LEVELS["Dynamik"] = "dynamic_level"


def table_strangers(sight: "Sight", rows: Rows, stripped: Callable[[str], str]) -> Left:
    """Give every text of a table, and what of it is not proved."""
    head, *body = rows
    kinds = {one["label"] for one in sight.newest.config["areas"]["kinds"].values()}
    for label in head:
        yield label, "" if _is_gap(sight, label) else stripped(label)
    first = head[0] if head[1:2] != ["Wert"] else "Beitrag"
    read = _areas if first in kinds else _READERS.get(first, _words_alone)
    for at, row in enumerate(body):
        for column, told in enumerate(row):
            if not re.search(r"\d", told) or read(sight, rows, at + 1, column):
                yield told, ""
            else:
                yield told, told if read is not _words_alone else stripped(told)


def _is_gap(sight: "Sight", head: str) -> bool:
    """Whether a column stands for the years between two dates."""
    found = re.fullmatch(r"(\d{4})(?: bis (\d{4}))?: kein Stichtag", head)
    if found is None:
        return False
    first, last = int(found[1]), int(found[2] or found[1])
    years = [int(book.day[:4]) for book in sight.books]
    return {first - 1, last + 1} <= set(years) and not any(first <= y <= last for y in years)


def is_cell(line: Line, told: str) -> bool:
    """Whether a text is a line of a release as readers may see it: no digit where it hides."""
    if line.seen is None:
        return not re.search(r"\d", told)
    bare = _MARK.sub("", told)
    return is_shown(bare, line.seen) if re.fullmatch(r"[−+±]?\d[\d.,]*", bare) else False


def item_of(book: Book, group: str, label: str) -> str:
    """Item that a row is called after; empty where there is none."""
    if label in _LEVELS:
        return _LEVELS[label]
    every = [*book.indicators(group), *book.sub_indices(group)]
    every += book.config["indicators"]["measures"]
    units = {one: f" ({book.unit(one)})" if book.unit(one) else "" for one in every}
    return next((one for one in every if f"{book.label(one)}{units[one]}" == label), "")


def _is_value(book: Book, place: tuple[str, str, str, str], told: str) -> bool:
    kind, group, item, area = place
    line = book.line(kind, group, item, area)
    if item.endswith("_level") and line.seen is not None:
        key = "labels" if item == "need_level" else "dynamic_labels"
        name = book.config["levels"][key][str(int(line.seen))]
        return _MARK.sub("", told) in (f"{line.seen:.0f}", f"{line.seen:.0f} {name}")
    return is_cell(line, told)


def _comparison(sight: "Sight", rows: Rows, at: int, column: int) -> bool:
    """Rows are items, columns areas, dates, differences and ranks."""
    head, row = rows[0][column], rows[at]
    if sight.title.endswith(": alle Stichtage"):
        return _city_at_date(sight, row, head, column)
    item = item_of(sight.newest, sight.group, row[0])
    if column == 0:
        return bool(item)
    if head == "Rang":
        rank = rank_of(Scene(sight.newest, sight.group, sight.area, "quartier"), item)
        return rank is not None and row[column] == f"{rank[0]} von {rank[1]}"
    if head.startswith("seit ") or head == "Veränderung":
        before = _at(sight, head.removeprefix("seit ")) or sight.books[-2]
        return _is_since(sight, (before, sight.newest), item, row[column])
    if _DAY.fullmatch(head.split(" ")[0]):
        book = _at(sight, head)
        place = ("quartier", sight.group, item, sight.area)
        return book is not None and _is_value(book, place, row[column])
    return any(
        _is_value(sight.newest, (kind, sight.group, item, key), row[column])
        for kind, key in _places(sight, head)
    )


def _places(sight: "Sight", head: str) -> Iterator[tuple[str, str]]:
    """Areas that a head of a column can mean: the one read of, those above it, the city."""
    book = sight.newest
    kind, key = "quartier", sight.area
    while kind:
        name, above = book.names.get(kind, {}).get(key, ("", ""))
        label = book.config["areas"]["kinds"][kind]["label"]
        if head in (name, f"{label} {name}", book.titles(kind).get(key)):
            yield kind, key
        kinds = [one for one in book.names if above in book.names[one] and one != kind]
        kind, key = (kinds[0], above) if kinds and above else ("", "")
    if head == book.config["city"]["name"]:
        yield "city", book.config["city"]["key"]


def _at(sight: "Sight", head: str) -> Book | None:
    found = _DAY.match(head)
    days = {book.day: book for book in sight.books}
    return days.get(day(found.group())) if found else None


def _is_since(sight: "Sight", pair: tuple[Book, Book], item: str, told: str) -> bool:
    match = _SINCE.fullmatch(told)
    old, new = (book.line("quartier", sight.group, item, sight.area).seen for book in pair)
    if match is None or old is None or new is None:
        return False
    if match[2]:
        return float(match[2]) == old != new
    digits = pair[1].digits(item)
    by = shown(new, digits) - shown(old, digits)
    arrow = "▲" if by > 0 else "▼" if by < 0 else "="
    return told.startswith(arrow) and number(match[1]) == by


def _city_at_date(sight: "Sight", row: Sequence[str], head: str, column: int) -> bool:
    """Rows are items of the city, columns dates; a group other than all stands in the row."""
    book, label, group = sight.newest, row[0], "all"
    for key, name in book.groups.items():
        if f", {name}" in label:
            label, group = label.replace(f", {name}", ""), key
    item, there = item_of(book, group, label), _at(sight, head)
    place = ("city", group, item, book.config["city"]["key"])
    return bool(item) and there is not None and _is_value(there, place, row[column])


def _areas(sight: "Sight", rows: Rows, at: int, column: int) -> bool:
    """Rows are areas of a kind and the city, columns two dates: one item, as the title says."""
    head, row, book = rows[0][column], rows[at], sight.newest
    label, _, rest = sight.title.rpartition(", ")
    group = next(key for key, name in book.groups.items() if rest.startswith(f"{name}: "))
    item = _item_with_unit(book, group, label)
    kind = next(
        kind
        for kind, one in book.config["areas"]["kinds"].items()
        if one["label"] == rows[0][0]
    )
    places = [(kind, key) for key, (name, _) in book.names[kind].items() if name == row[0]]
    if row[0] == book.config["city"]["name"]:
        places.append(("city", book.config["city"]["key"]))
    if column == 0:
        return bool(places)
    if head.startswith("Veränderung"):
        pair = [_at(sight, one) for one in rows[0][1:3]]
        return any(_is_moved(pair, (kind, group, item, key), row[3]) for kind, key in places)
    there = _at(sight, head)
    return there is not None and any(
        _is_value(there, (kind, group, item, key), row[column]) for kind, key in places
    )


def _item_with_unit(book: Book, group: str, label: str) -> str:
    every = (*book.config["indicators"]["measures"], *book.indicators(group))
    for one in every:
        unit = book.unit(one)
        told = {f"{book.label(one)} in {unit}", f"{book.label(one)} {unit}".rstrip()}
        if label in told:
            return one
    return ""


def _is_moved(pair: Sequence[Book | None], place: tuple[str, ...], told: str) -> bool:
    kind, group, item, key = place
    old, new = (one.line(kind, group, item, key).seen if one else None for one in pair)
    if old is None or new is None or pair[1] is None:
        return False
    digits = pair[1].digits(item)
    return number(told) == shown(new, digits) - shown(old, digits)


def _series(sight: "Sight", rows: Rows, at: int, column: int) -> bool:
    """Rows are dates of a series, the newest first; columns items, each with how it moved."""
    row, days = rows[at], [one.day for one in sight.series]
    if not _DAY.fullmatch(row[0]) or day(row[0]) not in days:
        return False
    place = days.index(day(row[0]))
    if column == 0:
        return True
    heads = rows[0]
    is_moved = heads[column].startswith("Veränderung")
    item, group = series_item(sight.series[place], heads[column - is_moved])
    key = ("city", group, item, sight.newest.config["city"]["key"])
    if is_moved:
        return place > 0 and _is_moved(sight.series[place - 1 : place + 1], key, row[column])
    return is_cell(sight.series[place].line(*key), row[column])


def series_item(book: Book, label: str) -> tuple[str, str]:
    """Item and group that a figure of a series is called after."""
    for key, name in book.groups.items():
        own = book.config["indicators"].get("groups") or {}
        short = own.get(key, {}).get("short_label") or {"u18": "Kinder"}.get(key, name)
        if key != "all" and label.endswith(f" ({short})"):
            return _item_with_unit(book, key, label.removesuffix(f" ({short})")), key
    return _item_with_unit(book, "all", label), "all"


def _dates(sight: "Sight", rows: Rows, at: int, column: int) -> bool:
    """Rows are areas, columns dates: one item, which the title names."""
    head, row = rows[0][column], rows[at]
    book = sight.newest
    if column < 2:
        return row[0] in book.names["quartier"] and row[1] == book.names["quartier"][row[0]][0]
    item = item_of(book, sight.group, sight.title.split(", ")[0])
    if head.startswith("Stichtage in"):
        levels = [one.line("quartier", sight.group, item, row[0]).seen for one in sight.books]
        same = 0
        while same < len(levels) and levels[-1 - same] == levels[-1] is not None:
            same += 1
        return row[column] == str(same)
    there = _at(sight, head)
    return there is not None and _is_value(
        there, ("quartier", sight.group, item, row[0]), row[column]
    )


def _people(sight: "Sight", rows: Rows, at: int, column: int) -> bool:
    """Rows are levels: areas and people in them, of whom a reader can add up."""
    book, row = sight.newest, rows[at]
    step = int(row[0][0]) if row[0][0].isdigit() else None
    if column == 0:
        return row[0] == f"{step} {book.config['levels']['labels'].get(str(step))}"
    levels = book.column("quartier", sight.group, "need_level")
    inside = [
        key
        for key in book.names["quartier"]
        if (levels[key].seen if key in levels else None) == step
    ]
    if column == 1:
        return row[1] == str(len(inside))
    groups = {label: key for key, label in book.groups.items()}
    if rows[0][column] in groups:
        lines = book.column("quartier", groups[rows[0][column]], "residents")
        told = [lines[key].seen for key in inside if key in lines]
        return number(row[column]) == sum(Decimal(one or 0) for one in told)
    hidden = []
    for label, group in groups.items():
        if label in rows[0]:
            lines = book.column("quartier", group, "residents")
            count = sum(key not in lines or lines[key].seen is None for key in inside)
            hidden += [f"{label} von {count}"] if count else []
    return all(one in row[column] for one in hidden) and len(hidden) == len(
        re.findall(r"\d+", row[column])
    )


def _matrix(sight: "Sight", rows: Rows, at: int, column: int) -> bool:
    """Rows are levels before, columns levels after."""
    days = _DAY.findall(sight.title)
    pair = [_at(sight, one) for one in days]
    if column == 0:
        label = sight.newest.config["levels"]["labels"]
        return rows[at][0] in [f"{key} {name}" for key, name in label.items()]
    steps = [_step(rows[at][0]), _step(rows[0][column].removeprefix("Stufe "))]
    both = set.intersection(*(set(one.names["quartier"]) for one in pair if one))
    count = sum(
        all(
            one is not None and _level(one, sight.group, key) == step
            for one, step in zip(pair, steps, strict=True)
        )
        for key in both
    )
    return rows[at][column] == str(count)


def _step(told: str) -> float | None:
    return float(told[0]) if told[0].isdigit() else None


def _level(book: Book, group: str, area: str) -> float | None:
    return book.line("quartier", group, "need_level", area).seen


def _contributions(sight: "Sight", rows: Rows, at: int, column: int) -> bool:
    """Proved as those of the pages, all at once."""
    head, *body = rows
    table = Table("", tuple(text(one, one) for one in head), tuple(map(tuple, body)))
    reading = Reading()
    try:
        check_contributions(table, Scene(sight.newest, sight.group, sight.area), reading)
    except (KeyError, ValueError, IndexError, ArithmeticError):
        return False
    return not reading.false


def _words_alone(sight: "Sight", rows: Rows, at: int, column: int) -> bool:
    """No figures stand here: whatever is no name is a stranger."""
    return False


_READERS: dict[str, Callable[["Sight", Rows, int, int], bool]] = {
    "Kennzahl": _comparison,
    "Nummer": _dates,
    "Stufe": _people,
    "Beitrag": _contributions,
    "Stichtag": _series,
    "vorher \\ nachher": _matrix,
}
