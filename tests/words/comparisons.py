"""Proofs of tables of comparison: ranks, differences, changes since a date, areas by class."""

import re
from decimal import Decimal

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import Seen
from atlas.publication.views.comparison import beside_each_other, beside_parents
from atlas.publication.views.reasons import need_by_dynamics
from atlas.publication.views.similar import similar_table, similar_to
from atlas.terms import Kind
from tests.words.arithmetic import is_close
from tests.words.books import Book, book_of
from tests.words.german import is_shown, number, shown
from tests.words.grammar import Reading, Scene
from tests.words.page_proofs import rank_of

# Upper bounds of the mean distance in standard deviations.
_LIKE = ((0.25, "fast gleich"), (0.5, "sehr ähnlich"), (1.0, "ähnlich"))


def check_comparisons(seen: Seen, previous: Seen | None, reading: Reading) -> None:
    """Prove the columns „seit“, „Rang“ and „Unterschied“ of all Quartiere."""
    book, group = book_of(seen.release.path), str(seen.group)
    before = None if previous is None else book_of(previous.release.path)
    for area in seen.areas(Kind.QUARTIER):
        table = beside_parents(seen, area.id, previous)
        heads = [field.id for field in table.fields]
        for row in rows_of(table):
            one = dict(zip(heads, row, strict=True))
            item = _item(book, group, one["item"])
            scene = Scene(book, group, area.id, "quartier", before, item)
            if item.endswith("_level"):
                continue
            rank = rank_of(scene, item)
            told = "" if rank is None else f"{rank[0]} von {rank[1]}"
            reading.check(scene, "Rang im Vergleich", one["rank"] == told, one["rank"])
            if before is not None:
                by = _by(scene, before)
                reading.check(scene, "seit", _is_since(one["since"], by), str(one))
    areas = [area.id for area in seen.areas(Kind.QUARTIER)]
    for pair in zip(areas, areas[1:], strict=False):
        _check_pair(seen, pair, reading)


def _item(book: Book, group: str, label: str) -> str:
    levels = {"Handlungsbedarf": "need_level", "Dynamik": "dynamic_level"}
    levels["Aufmerksamkeit"] = "need_level"
    if label in levels:
        return levels[label]
    every = [*book.indicators(group), *book.sub_indices(group)]
    every += book.config["indicators"]["measures"]
    units = {one: f" ({book.unit(one)})" if book.unit(one) else "" for one in every}
    return next(one for one in every if f"{book.label(one)}{units[one]}" == label)


def _by(scene: Scene, before: Book) -> Decimal | None:
    values = [
        one.line("quartier", scene.group, scene.item, scene.area).seen
        for one in (before, scene.book)
    ]
    if values[0] is None or values[1] is None:
        return None
    digits = scene.book.digits(scene.item)
    return shown(values[1], digits) - shown(values[0], digits)


def _is_since(text: str, by: Decimal | None) -> bool:
    if by is None:
        return text == "–"
    arrow = "▲" if by > 0 else "▼" if by < 0 else "="
    return text.startswith(f"{arrow} ") and number(text.removeprefix(f"{arrow} ")) == by


def _check_pair(seen: Seen, pair: tuple[str, str], reading: Reading) -> None:
    book, group = book_of(seen.release.path), str(seen.group)
    table = beside_each_other(seen, pair)
    heads = [field.id for field in table.fields]
    for row in rows_of(table):
        one = dict(zip(heads, row, strict=True))
        item = _item(book, group, one["item"])
        if item.endswith("_level"):
            continue
        values = [book.line("quartier", group, item, key).seen for key in pair]
        digits = book.digits(item)
        text = one["difference"].removesuffix(" %-Punkte")
        if values[0] is None or values[1] is None:
            is_true = text == "–"
        else:
            is_true = number(text) == shown(values[1], digits) - shown(values[0], digits)
        scene = Scene(book, group, pair[0], "quartier", None, item)
        reading.check(scene, "Unterschied", is_true, str(one))


def check_cross_table(seen: Seen, reading: Reading) -> None:
    """Prove the table of need by dynamics."""
    table = need_by_dynamics(seen)
    if table is None:
        return
    book, group = book_of(seen.release.path), str(seen.group)
    scene = Scene(book, group)
    for row in table.rows:
        for field, count in zip(table.fields[1:], row[1:], strict=True):
            level = int(str(row[0]).split()[0]) if str(row[0])[0].isdigit() else None
            step = int(field.id.removeprefix("to_")) or None
            exact = sum(
                _step(book, group, "need_level", key) == level
                and _step(book, group, "dynamic_level", key) == step
                for key in book.names["quartier"]
            )
            reading.check(scene, "Bedarf × Dynamik", (count or 0) == exact, f"{row[0]} {exact}")


def check_similar(seen: Seen, area_id: str, reading: Reading) -> None:
    """Prove who is like a Quartier, how like, and in what both differ most."""
    table = similar_table(seen, area_id, similar_to(seen, area_id))
    book, group = book_of(seen.release.path), str(seen.group)
    scene = Scene(book, group, area_id)
    items = scene.need.items if seen.has_levels else ()
    apart: dict[str, list[float]] = {}
    for key in book.names["quartier"]:
        pairs = [[_score(scene, item, one) for one in (area_id, key)] for item in items]
        if key != area_id and pairs and not any(None in pair for pair in pairs):
            apart[key] = [abs((a or 0.0) - (b or 0.0)) for a, b in pairs]
    far = {key: (sum(d * d for d in one) / len(one)) ** 0.5 for key, one in apart.items()}
    told = [far[str(row[0])] for row in table.rows]
    nearest = sorted(far.values())[:4]
    is_true = all(map(is_close, told, nearest)) and len(told) == len(nearest)
    reading.check(scene, "ähnlich", is_true, str(nearest))
    for row in table.rows:
        key = str(row[0])
        word = next((w for most, w in _LIKE if far[key] < most), "am ehesten ähnlich")
        item = next(one for one in items if str(row[4]).partition(": ")[0] == book.label(one))
        is_most = is_close(apart[key][items.index(item)], max(apart[key]))
        there, here = (book.line("quartier", group, item, one).seen for one in (key, area_id))
        label = book.label(item)
        if there is None or here is None:  # carried from another date: no value to print
            is_true = row[4] == label
        else:
            ends = re.fullmatch(rf"{re.escape(label)}: (\S+).*, hier (\S+).*", str(row[4]))
            is_true = ends is not None and all(map(is_shown, ends.groups(), (there, here)))
        is_true = row[2] == word and is_true and is_most
        reading.check(scene, "wie ähnlich", is_true, str(row))


def _score(scene: Scene, item: str, area: str) -> float | None:
    """Score in units of the spread: what distances are measured in."""
    line = scene.book.line("quartier", scene.group, f"{item}.z", area)
    if scene.need.is_standardised or not scene.need.valid:
        return line.seen
    value, spread = scene.need.book.line("quartier", scene.group, item, area).seen, 0.0
    if value is not None:
        spread = scene.need.spread(item)
    return value if value is None else value / spread if spread else 0.0


def _step(book: Book, group: str, item: str, key: str) -> int | None:
    value = book.line("quartier", group, item, key).seen
    return None if value is None else int(value)
