"""Proofs of what else pages say of areas: values, ranks, trends, lines, notes, posts."""

from collections.abc import Iterator

import geopandas as gpd

from tests.words.books import Book
from tests.words.german import day, is_shown, listed, number
from tests.words.grammar import Parts, Scene, Sentence
from tests.words.rule_proofs import is_rule_before, moved
from tests.words.why_proofs import why_not

_STATUS = {
    "published": "veröffentlicht",
    "suppressed": "geheim",
    "withheld": "vom Lieferanten gesperrt",
    "missing": "fällt später an",
    "unavailable": "liegt nicht vor",
    "not_meaningful": "nicht sinnvoll",
    "uninhabited": "unbewohnt",
    "not_classified": "nicht klassifiziert",
}
_CAUSES = {
    "geheim": "geheim",
    "vom_lieferanten_gesperrt": "vom Lieferanten gesperrt",
    "ausstehend": "fällt später an",
    "liegt_nicht_vor": "liegt nicht vor",
    "unbewohnt": "unbewohnt",
}
_MARK = " (geschätzt)"


def gap_word(scene: Scene, item: str) -> str:
    """Word for a line without a value; for a level the cause, where one is known."""
    line = scene.book.line(scene.kind, scene.group, item, scene.area)
    if line.status == "not_classified" and line.reason in _CAUSES:
        return _CAUSES[line.reason]
    return _STATUS[line.status]


def value_is(scene: Scene, item: str, text: str) -> Iterator[str]:
    """Prove ``12,3 %``, ``12,3 % (geschätzt)`` or the word for why there is none."""
    line = scene.book.line(scene.kind, scene.group, item, scene.area)
    if line.seen is None:
        if text != _STATUS[line.status]:
            yield f"{item} ist {line.status}"
        return
    if text.endswith(_MARK) != (line.status == "estimated"):
        yield "geschätzt oder nicht"
    bare = text.removesuffix(_MARK)
    unit = scene.book.unit(item)
    if unit and not bare.endswith(f" {unit}"):
        yield f"Einheit ist {unit}"
    if not is_shown(bare.removesuffix(f" {unit}") if unit else bare, line.seen):
        yield f"{item} ist {line.seen}"


def rank_of(scene: Scene, item: str) -> tuple[int, int] | None:
    """Place among all areas of a kind that show a value, highest first."""
    lines = scene.book.column(scene.kind, scene.group, item)
    own = scene.book.line(scene.kind, scene.group, item, scene.area).seen
    shown = [one.seen for one in lines.values() if one.seen is not None]
    return None if own is None else (1 + sum(one > own for one in shown), len(shown))


def rank_is(scene: Scene, item: str, text: str) -> Iterator[str]:
    """Prove ``Rang 3 von 69``."""
    words = text.removeprefix("Rang ").split(" von ")
    if rank_of(scene, item) != (int(number(words[0])), int(number(words[1]))):
        yield f"Rang ist {rank_of(scene, item)}"


def _trend(scene: Scene, parts: Parts) -> Iterator[str]:
    assert scene.before is not None
    old, new = (
        one.line("quartier", scene.group, "need_level", scene.area)
        for one in (scene.before, scene.book)
    )
    if day(parts["d"]) != scene.before.day:
        yield f"vorher ist {scene.before.day}"
    sign = parts["sign"]
    if old.seen is None:
        yield "vorher gab es keine Stufe"
    elif new.seen is None:
        if sign != "Zuletzt am":
            yield "jetzt gibt es keine Stufe"
    elif sign != ("=" if new.seen == old.seen else "▲" if new.seen > old.seen else "▼"):
        yield f"{old.seen} → {new.seen}"
    if "n" in parts:
        yield from _earlier_level(scene, parts)
    if "cause" in parts:
        yield from _cause(scene, parts["cause"])


def _cause(scene: Scene, text: str) -> Iterator[str]:
    assert scene.before is not None
    former = scene.book.config.get("former")
    if (former is not None and is_rule_before(scene)) != bool(text):
        yield "Anlass genannt oder nicht"
    words = {(True, True): "Zahlen und Regel", (True, False): "Zahlen", (False, True): "Regel"}
    if text and text != f" (Anlass: {words[moved(scene)[scene.area]]})":
        yield f"Anlass {words[moved(scene)[scene.area]]}"


def _earlier_level(scene: Scene, parts: Parts) -> Iterator[str]:
    assert scene.before is not None
    old = scene.before.line("quartier", scene.group, "need_level", scene.area)
    names = scene.before.config["levels"]["labels"]
    if old.seen != int(parts["n"]) or names[parts["n"]] != parts["name"]:
        yield f"vorher {old.seen}"
    if bool(parts["est"]) != (old.status == "estimated"):
        yield "geschätzt oder nicht"


def _why_none(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from why_not(scene, scene.need, parts["why"])


def _block(scene: Scene, parts: Parts) -> Iterator[str]:
    if parts["k"] != scene.book.plural(scene.kind):
        yield "andere Gebietsart"
    parent = scene.book.names["block"][scene.area][1]
    line = scene.book.line("quartier", scene.group, "need_level", parent)
    if "n" not in parts:
        if line.seen is not None:
            yield "das Quartier hat eine Stufe"
        return
    names = scene.book.config["levels"]["labels"]
    if line.seen != int(parts["n"]) or names[parts["n"]] != parts["name"]:
        yield f"Stufe ist {line.seen}"
    if bool(parts["est"]) != (line.status == "estimated"):
        yield "geschätzt oder nicht"
    if parts["where"] != f"{parent} {scene.book.names['quartier'][parent][0]}":
        yield f"Quartier {parent}"


def _own_kind(scene: Scene, parts: Parts) -> Iterator[str]:
    if parts["k"] != scene.book.plural(scene.kind) or scene.kind in ("quartier", "block"):
        yield "andere Gebietsart"


def _no_levels(scene: Scene, parts: Parts) -> Iterator[str]:
    if scene.group in scene.book.config["levels"]["need"]:
        yield "die Gruppe hat Stufen"


def _name_of_level(scene: Scene, parts: Parts) -> Iterator[str]:
    line = scene.book.line("quartier", scene.group, "need_level", scene.area)
    names = scene.book.config["levels"]["labels"]
    if line.seen is None or names[str(int(line.seen))] != parts["name"]:
        yield f"Stufe ist {line.seen}"
    if bool(parts["est"]) != (line.status == "estimated"):
        yield "geschätzt oder nicht"


def _series(scene: Scene, parts: Parts) -> Iterator[str]:
    books = _past(scene)
    shown = [
        one
        for one in books
        if one.line("quartier", scene.group, scene.item, scene.area).seen is not None
    ]
    told = [(parts["a"], parts["d"])]
    if "e" in parts:
        told.append((parts["b"], parts["e"]))
    ends = [shown[0], shown[-1]] if len(told) == 2 else [shown[0]]
    if len(told) == 1 and len(shown) > 1:
        yield "die Reihe geht weiter"
    for (value, when), one in zip(told, ends, strict=True):
        if day(when) != one.day:
            yield f"der Stichtag ist {one.day}"
        mark = " (vorläufig)"
        if value.endswith(mark) != (one.info["state"] == "provisional"):
            yield "vorläufig oder nicht"
        at = Scene(one, scene.group, scene.area)
        yield from value_is(at, scene.item, value.removesuffix(mark))
    if parts["label"] != _label(scene.book, scene.item):
        yield "andere Größe"


def _past(scene: Scene) -> list[Book]:
    return [one for one in (scene.before, scene.book) if one is not None]


def _label(book: Book, item: str) -> str:
    return book.label(item)


def _hidden(scene: Scene, parts: Parts) -> Iterator[str]:
    every = list(scene.book.config["indicators"]["measures"])
    items = [scene.item] if scene.item else every
    inside = [key for key, (_, up) in scene.book.names["block"].items() if up == scene.area]
    lines = [
        scene.book.line("block", scene.group, item, key) for item in items for key in inside
    ]
    there = [one for one in lines if one.status not in ("unavailable", "missing")]
    hidden = sum(one.status == "suppressed" for one in there)
    if (int(number(parts["n"])), int(number(parts["m"]))) != (hidden, len(there)):
        yield f"{hidden} von {len(there)}"
    least = scene.book.config["protection"]["min_count"]
    if f"Anzahlen von 1 bis {least - 1}" not in parts["why"]:
        yield f"geheim unter {least}"


def _strip(scene: Scene, parts: Parts) -> Iterator[str]:
    for piece in parts["list"].split("; "):
        place, rank = (piece.split(", Rang ") + [""])[:2]
        area, kind = _place(scene, place)
        at = Scene(scene.book, scene.group, area, kind)
        name = _place_name(scene.book, kind, area)
        yield from value_is(at, scene.item, place.removeprefix(f"{name} "))
        if rank:
            yield from rank_is(at, scene.item, f"Rang {rank}")


def _place(scene: Scene, text: str) -> tuple[str, str]:
    """Find whose value it is: the longest name that the text begins with."""
    found = [
        (len(name), key, kind)
        for kind in scene.book.names
        if kind != "block"
        for key in scene.book.names[kind]
        if text.startswith(f"{(name := _place_name(scene.book, kind, key))} ")
    ]
    _, key, kind = max(found)
    return key, kind


def _place_name(book: Book, kind: str, key: str) -> str:
    if kind == "quartier":
        return book.titles(kind)[key]
    name = book.names[kind][key][0]
    return name if kind == "city" else f"{book.config['areas']['kinds'][kind]['label']} {name}"


def _location(scene: Scene, parts: Parts) -> Iterator[str]:
    if parts["t"] != scene.book.titles("quartier")[scene.area]:
        yield "anderes Gebiet"
    above = scene.book.names["quartier"][scene.area][1]
    for kind, names in scene.book.names.items():
        is_above = kind not in ("block", "quartier", "city") and above in names
        if is_above and _place_name(scene.book, kind, above) not in parts["list"]:
            yield f"liegt in {names[above][0]}"


def _borders(scene: Scene, parts: Parts) -> Iterator[str]:
    """Prove the neighbours at the boundaries of the release: two metres of border or more."""
    areas = gpd.read_file(scene.book.path / "areas.gpkg", layer="quartier")
    shapes = dict(zip(areas["area_id"].astype(str), areas.geometry, strict=True))
    own = shapes.pop(scene.area)
    titles = scene.book.titles("quartier")
    near = {
        titles[key]
        for key, shape in shapes.items()
        if own.distance(shape) < 0.5
        and own.boundary.intersection(shape.buffer(0.5)).length > 2.0
    }
    if {*listed(parts["list"], [*titles.values()])} != near:
        yield f"es sind {sorted(near)}"


_P = "atlas.publication.views.profile"
_D = "atlas.publication.views.development"

TREND_SENTENCES = (
    Sentence("unverändert seit", _P, "<sign:sign> unverändert seit <d:day>", _trend),
    Sentence(
        "Stufe seit",
        _P,
        "<sign:sign> seit <d:day>: vorher Stufe <n:step>, <name:name><est:est><cause:cause>",
        _trend,
    ),
    Sentence(
        "zuletzt", _P, "<sign:sign> <d:day>: Stufe <n:step>, <name:name><est:est>", _trend
    ),
)
CARD_SENTENCES = (
    Sentence("Name der Stufe", _P, "<name:name><est:est>", _name_of_level),
    Sentence("nicht klassifiziert (Karte)", _P, "nicht klassifiziert: <why:rest>", _why_none),
    Sentence("fällt später an (Karte)", _P, "<why:pending>", _why_none),
    Sentence(
        "Stufe des Quartiers",
        _P,
        "<k:kinds> tragen keine eigene Stufe; <w:word> <where:area>: Stufe <n:step>, "
        "<name:name><est:est>",
        _block,
    ),
    Sentence("keine eigene Stufe", _P, "<k:kinds> tragen keine eigene Stufe", _block),
    Sentence("wird nicht eingestuft", _P, "<k:kinds> werden nicht eingestuft", _own_kind),
    Sentence(
        "Gruppe ohne Stufen", _P, "Für diese Bezugsgruppe wird nicht eingestuft", _no_levels
    ),
)
SERIES_SENTENCES = (
    Sentence(
        "Reihe", _D, "<label:anything>: <a:free> am <d:day>, <b:free> am <e:day>.", _series
    ),
    Sentence("ein Wert", _D, "<label:anything>: <a:free> am <d:day>.", _series),
)
HIDDEN_SENTENCES = (
    Sentence(
        "geheime Blockwerte",
        "atlas.publication.views.block_drivers",
        "<t:area>, <k:kinds>: <n:int> von <m:int> <w:counts>geheim: <why:free>.",
        _hidden,
    ),
)
STRIP_SENTENCES = (
    Sentence(
        "Lage unter allen",
        "atlas.publication.views.spread",
        "<label:ind>: <list:rest>.",
        _strip,
    ),
)
PLACE_SENTENCES = (
    Sentence("wo es liegt", _P, "Lage von <t:area>: <list:free>.", _location),
    Sentence("woran es grenzt", _P, "Grenzt an <list:rest>.", _borders),
)
