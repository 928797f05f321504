"""Proofs of tables and maps beside sentences: sums, counts of areas, arrows, ranks."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import Seen
from atlas.publication.views.change_map import change_map
from atlas.publication.views.changes import Changes, parted
from atlas.publication.views.indicator_changes import extreme_changes, indicator_change_map
from atlas.publication.views.items import DYNAMIC, NEED, sub_indices
from atlas.publication.views.map import MapView, map_view
from atlas.publication.views.plan_table import PlanView
from atlas.publication.views.profile import Card
from atlas.publication.views.table import Table
from atlas.terms import Kind
from tests.words.arithmetic import Reckoning, ids_of
from tests.words.books import Book, book_of
from tests.words.change_proofs import verdict_of
from tests.words.german import is_shown, number, shown
from tests.words.grammar import Reading, Scene
from tests.words.level_proofs import centre_fits, value_fits
from tests.words.page_proofs import gap_word, rank_is, value_is

_SCENE = Callable[..., Scene]
_MARK = " (geschätzt)"


def check_contributions(table: Table | None, scene: Scene, reading: Reading) -> None:
    """Prove that the shown contributions are those reckoned and add up to the shown index."""
    if table is None:
        return
    reckoned = scene.dynamic if scene.item == "dynamic" else scene.need
    rows = rows_of(table)
    index = number(rows[-1][4])
    exact = reckoned.index[scene.area]
    reading.check(scene, "Summe der Beiträge", index == shown(exact, 2), f"Index {exact}")
    rows = [*_without_themes(rows[:-1], reckoned, scene, reading), rows[-1]]
    told = sum((number(row[4]) for row in rows[:-1]), Decimal(0))
    reading.check(scene, "Summe der Beiträge", told == index, f"{told} statt {index}")
    heading = table.fields[2].label
    if reckoned.is_standardised:
        reading.check(scene, "Kopf der Mitte", centre_fits(reckoned, heading), heading)
    items = {reckoned.book.label(item): item for item in reckoned.items}
    reading.check(scene, "alle Beiträge", {row[0] for row in rows[:-1]} == {*items}, str(rows))
    for label, value, mean, z, amount in rows[:-1]:
        item = items[label]
        if scene.item != "dynamic":
            faults = list(value_fits(scene, reckoned, item, value))
            reading.check(scene, "Wert eines Beitrags", not faults, f"{label} {faults}")
        if not reckoned.is_standardised:
            continue
        centre = reckoned.centre(item) or 0.0
        figure = re.sub(r"[^\d,.−+±]+$", "", mean)
        reading.check(scene, "Mitte", is_shown(figure, centre), f"{label} {mean}: {centre}")
        own = reckoned.z[item][scene.area]
        reading.check(scene, "z-Wert", is_shown(z, own), f"{label} {z}: {own}")
        part = reckoned.contribution(item, scene.area)
        is_near = abs(float(number(amount)) - part) < 0.0101
        reading.check(scene, "Beitrag in der Tabelle", is_near, f"{label} {amount}: {part}")


def _without_themes(
    rows: list[list[str]], reckoned: Reckoning, scene: Scene, reading: Reading
) -> list[list[str]]:
    """Prove the rows of sub-indices, and give those of the indicators with their bare names."""
    themes = {f"Teilindex {one['label']}": one for one in reckoned.themes}
    labels = {item: reckoned.book.label(item) for item in reckoned.items}
    bare = [[row[0].removeprefix("davon "), *row[1:]] for row in rows if row[0] not in themes]
    heads = [row for row in rows if row[0] in themes]
    is_all = {row[0] for row in heads} == {*themes}
    reading.check(scene, "alle Teilindizes", is_all, str(rows))
    for label, value, _, _, amount in heads:
        theme = themes[label]
        ids = {labels[item] for item in ids_of(theme)}
        inner = sum((number(row[4]) for row in bare if row[0] in ids), Decimal(0))
        reading.check(scene, "Summe eines Teilindex", inner == number(amount), f"{inner}")
        line = reckoned.book.line(
            "quartier", scene.group, f"need_index.{theme['id']}", scene.area
        )
        own = line.seen
        if reckoned.is_standardised:
            own = reckoned.theme_index(theme)[scene.area]
        is_true = own is not None and is_shown(value, own)
        reading.check(scene, "Teilindex", is_true, f"{value}: {own}")
    return bare


def check_facts(found: Card, scene: Scene, reading: Reading) -> None:
    """Prove the values of a card, with their ranks."""
    book = scene.book
    measures = book.config["indicators"]["measures"]
    known = (*measures, *book.indicators(scene.group), *book.sub_indices(scene.group))
    labels = {book.label(item): item for item in known}
    for fact in found.facts:
        item = labels.get(fact.label, "dynamic_level")
        if item == "dynamic_level" or not re.match(r"[−\d]", fact.value):
            line = book.line(scene.kind, scene.group, item, scene.area)
            is_there = line.seen is not None
            word = f" {gap_word(scene, item)}"
            is_true = fact.value.endswith(word.strip()) if not is_there else True
            if is_there and item == "dynamic_level":
                is_true = fact.value.startswith(f"{line.seen:.0f} ")
            reading.check(scene, "Wert der Karte", is_true, f"{fact.label} {fact.value}")
            continue
        faults = list(value_is(scene, item, fact.value))
        if fact.rank:
            faults += rank_is(scene, item, fact.rank)
        reading.check(scene, "Wert der Karte", not faults, f"{fact.label} {fact} {faults}")


def check_maps(seen: Seen, reading: Reading) -> None:
    """Prove tooltips and legends of every theme of the Quartiere."""
    book, group = book_of(seen.release.path), str(seen.group)
    themes = [NEED] if seen.has_levels else []
    themes += [DYNAMIC] if seen.has_dynamics else []
    themes += [item.id for item in sub_indices(seen.config, seen.group)]
    for theme in (*themes, *book.indicators(group)):
        view = map_view(seen, theme, Kind.QUARTIER)
        item = {NEED: "need_level", DYNAMIC: "dynamic_level"}.get(theme, theme)
        for area, text in view.texts.items():
            scene = Scene(book, group, area, "quartier", None, item)
            reading.check(scene, "Karte", _is_tooltip(scene, item, text), text)
        _check_legend(view, Scene(book, group, item=item), reading)


def _is_tooltip(scene: Scene, item: str, text: str) -> bool:
    line = scene.book.line("quartier", scene.group, item, scene.area)
    if line.seen is None:
        return text == gap_word(scene, item)
    if not item.endswith("_level"):
        return not list(value_is(scene, item, text))
    word = "Dynamik" if item == "dynamic_level" else "Stufe"
    key = "dynamic_labels" if item == "dynamic_level" else "labels"
    name = scene.book.config["levels"][key][str(int(line.seen))]
    mark = _MARK if line.status == "estimated" else ""
    return text == f"{word} {line.seen:.0f}, {name}{mark}"


def _check_legend(view: MapView, scene: Scene, reading: Reading) -> None:
    counts = Counter(view.entry_of.values())
    told = {at: entry.count for at, entry in enumerate(view.legend)}
    is_true = all(counts[at] == count for at, count in told.items())
    reading.check(scene, "Legende", is_true, f"{told} {counts}")


def check_change_maps(before: Seen, after: Seen, reading: Reading) -> None:
    """Prove the maps of moves and of changed indicators, and the list of extremes."""
    old, new = (book_of(one.release.path) for one in (before, after))
    group = str(after.group)
    if before.has_levels and after.has_levels:
        view = change_map(before, after)
        for area, text in view.texts.items():
            scene = Scene(new, group, area, "quartier", old)
            reading.check(scene, "Karte der Wechsel", _is_move(scene, text), text)
        _check_legend(view, Scene(new, group), reading)
    for item in new.indicators(group):
        view = indicator_change_map(before, after, item)
        for area, label in view.labels.items():
            scene = Scene(new, group, area, "quartier", old, item)
            by = _difference(old, new, (group, item, area))
            is_true = label == "" if by is None else _is_difference(label, by)
            reading.check(scene, "Karte der Veränderung", is_true, f"{label}: {by}")
            entry = view.legend[view.entry_of[area]].label
            is_class = by is None or _is_class(entry, by)
            reading.check(scene, "Klasse der Veränderung", is_class, f"{entry}: {by}")
        _check_legend(view, Scene(new, group, item=item), reading)
        _check_extremes(
            extreme_changes(before, after, item), (old, new), (group, item), reading
        )


def _is_move(scene: Scene, text: str) -> bool:
    assert scene.before is not None
    lines = [
        one.line("quartier", scene.group, "need_level", scene.area)
        for one in (scene.before, scene.book)
    ]
    if None in [one.seen for one in lines]:
        return text == "nicht vergleichbar"
    marks = [_MARK if one.status == "estimated" else "" for one in lines]
    first, second = (f"{one.seen:.0f}{mark}" for one, mark in zip(lines, marks, strict=True))
    if lines[0].seen == lines[1].seen:
        return text == f"weiterhin Stufe {second}"
    return text == f"Stufe {first} → {second}"


def _difference(old: Book, new: Book, key: tuple[str, str, str]) -> Decimal | None:
    """Difference of both values as they are printed."""
    group, item, area = key
    values = [one.line("quartier", group, item, area).seen for one in (old, new)]
    if values[0] is None or values[1] is None:
        return None
    digits = new.digits(item)
    return shown(values[1], digits) - shown(values[0], digits)


def _is_difference(label: str, by: Decimal) -> bool:
    sign = "+" if by > 0 else "−" if by < 0 else "±"
    return label.startswith(sign) and number(label) == by


def _is_class(label: str, by: Decimal) -> bool:
    if label == "unverändert":
        return by == 0
    bound = number(label.split()[-2])
    is_rise = label.endswith("gestiegen")
    size = by if is_rise else -by
    return size > bound if "mehr als" in label else 0 < size <= bound


def _check_extremes(
    table: Table, books: tuple[Book, Book], key: tuple[str, str], reading: Reading
) -> None:
    old, new = books
    group, item = key
    areas = {title: area for area, title in new.titles("quartier").items()}
    rows = rows_of(table)
    risen = [row for row in rows if row[3].startswith("+")]
    for title, first, second, by in rows:
        scene = Scene(new, group, areas[title], "quartier", old, item)
        is_true = number(by) == number(second) - number(first) != 0
        reading.check(scene, "am meisten verändert", is_true, f"{first} {second} {by}")
    every = [_difference(old, new, (group, item, area)) for area in areas.values()]
    most = max((one for one in every if one is not None), default=Decimal(0))
    if risen:
        is_first = number(risen[0][3]) == most
        reading.check(
            Scene(new, group, "", "quartier", old, item), "am stärksten", is_first, ""
        )


def check_moves(found: Changes, scene_of: _SCENE, reading: Reading) -> None:
    """Prove that matrix, list and sentences of moves say the same."""
    whole = scene_of()
    stayed = Decimal(0)
    moved = Decimal(0)
    for at, row in enumerate(found.matrix.rows):
        for other, count in enumerate(row[1:]):
            if at == other:
                stayed += Decimal(int(count or 0))
            else:
                moved += Decimal(int(count or 0))
    rows = found.moved.rows
    is_same = moved == len(rows) == len(found.moves)
    reading.check(whole, "Zahl der Wechsel in der Tafel", is_same, f"{moved} {len(rows)}")
    heads = [field.id for field in found.moved.fields]
    for row, move in zip(rows, found.moves, strict=True):
        one = dict(zip(heads, row, strict=True))
        scene = scene_of(move.area_id)
        if one["index_difference"] != "–":
            ends = [shown(float(str(one[name])), 2) for name in ("index_before", "index_after")]
            is_true = number(str(one["index_difference"])) == ends[1] - ends[0]
            reading.check(scene, "Differenz des Index", is_true, str(one))
        verdict = {True: "belastbar", False: "an der Grenze", None: "–"}
        wanted = verdict_of(scene, move.area_id)
        reading.check(scene, "Wechsel", one["verdict"] == verdict[wanted], str(one))
        is_same = move.is_robust == wanted
        reading.check(scene, "belastbar", is_same, move.text)
    parts = parted(found.moves)
    count = sum(len(some) for _, some in parts)
    reading.check(whole, "Teile der Liste", count == len(found.moves), "")


def check_plan(found: PlanView, scene: Scene, reading: Reading) -> None:
    """Prove that the posts of the table add up to those of the sentence, and who has some."""
    place = found.table.place_of("posts")
    posts = [row[place].value for row in found.table.rows]  # type: ignore[union-attr] # cells
    known = [one for one in posts if one is not None]
    is_sum = sum(known) == float(scene.item)
    reading.check(scene, "Summe der Stellen", is_sum, f"{sum(known)}")
    told = re.search(r"mit Stellen: (\d+) von", found.summary)
    served = sum(one > 0 for one in known)
    is_true = told is not None and int(told[1]) == served
    reading.check(scene, "Gebiete mit Stellen", is_true, found.summary)
    names = found.left_out
    left = len(posts) - len(known)
    is_told = f"({left})" in names if left else not names
    reading.check(scene, "nicht beteiligt", is_told, names)
