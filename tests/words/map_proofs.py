"""Proofs of what maps, legends and block tables say of areas of other kinds, and of floors."""

from collections.abc import Iterator

from atlas.classify import Plan
from atlas.errors import AtlasError
from atlas.publication.seen import Seen
from atlas.publication.views.block_drivers import block_drivers
from atlas.publication.views.class_choice import class_choice
from atlas.publication.views.items import NEED
from atlas.publication.views.map import map_view
from atlas.publication.views.profile import card
from atlas.publication.views.resources import has_children, plan_view
from atlas.terms import Kind
from tests.words.books import Book
from tests.words.german import is_shown, number
from tests.words.grammar import Parts, Reading, Scene, Sentence

_POSTS, _FLOOR = 104, 1.0


def _shown(book: Book, kind: str, group: str, item: str) -> int:
    return sum(line.seen is not None for line in book.column(kind, group, item).values())


def _no_figures(scene: Scene, parts: Parts) -> Iterator[str]:
    kinds = {book_kind: scene.book.plural(book_kind) for book_kind in scene.book.names}
    item = next(i for i in scene.need.items if scene.book.label(i) == parts["label"])
    gone, drawn = (next(k for k, told in kinds.items() if told == parts[p]) for p in "kl")
    if _shown(scene.book, gone, scene.group, item):
        yield f"{gone} zeigt Werte"
    if not scene.book.holds(drawn, scene.group, item):
        yield f"{drawn} hat keine"


def _chosen(scene: Scene, parts: Parts) -> Iterator[str]:
    """Count the Quartiere of the level that the legend names."""
    names = scene.book.config["levels"]["labels"]
    level = next((n for n, told in names.items() if told == parts["list"]), None)
    lines = scene.book.column("quartier", scene.group, "need_level")
    count = sum(
        line.seen == int(level) if level else line.seen is None for line in lines.values()
    )
    told = [int(number(parts[one])) for one in ("n", "m")]
    if level and told != [count, len(lines)]:
        yield f"{count} von {len(lines)}"


def _chosen_blocks(scene: Scene, parts: Parts) -> Iterator[str]:
    """Count the blocks of the Quartiere of the level that the legend names."""
    names = scene.book.config["levels"]["labels"]
    level = next((int(n) for n, told in names.items() if told == parts["list"]), None)
    column = scene.book.column("quartier", scene.group, "need_level")
    blocks = scene.book.names["block"]
    inside = [up for _, up in blocks.values() if column[up].seen == level]
    told = [int(number(parts[one])) for one in ("n", "m", "q")]
    if level and told != [len(inside), len(blocks), len({*inside})]:
        yield f"{len(inside)} von {len(blocks)} in {len({*inside})}"


def _floor(scene: Scene, parts: Parts) -> Iterator[str]:
    quota, posts = number(parts["q"]), number(parts["p"])
    level = scene.book.line("quartier", scene.group, "need_level", scene.area).seen
    children = scene.book.line("quartier", "u18", "residents", scene.area).seen
    claims = {}
    for area in scene.book.names["quartier"]:
        own = scene.book.line("quartier", scene.group, "need_level", area).seen
        many = scene.book.line("quartier", "u18", "residents", area).seen
        claims[area] = (own or 0.0) * (many or 0.0)
    exact = claims[scene.area] / sum(claims.values()) * _POSTS
    if not is_shown(parts["q"], exact) or float(posts) != _FLOOR or quota >= posts:
        yield f"rechnerisch {exact}"
    if number(parts["c"]) != int(children or 0) or number(parts["f"]) != int(level or 0):
        yield f"{children} Kinder, Stufe {level}"


def _with_floor(scene: Scene, parts: Parts) -> Iterator[str]:
    if float(number(parts["f"])) != _FLOOR:
        yield f"Sockel {_FLOOR}"


def _secret(scene: Scene, parts: Parts) -> Iterator[str]:
    items = scene.book.indicators(scene.group)
    lines = [scene.book.line("block", scene.group, item, scene.area) for item in items]
    if not any(line.status == "suppressed" for line in lines):
        yield "nichts ist geheim"
    least = scene.book.config["protection"]["min_count"]
    if f"Anzahlen von 1 bis {least - 1}" not in parts["why"]:
        yield f"geheim unter {least}"


_M = "atlas.publication.views"
MAP_NOTES = (
    Sentence(
        "keine Zahlen der Ebene",
        f"{_M}.map",
        "<label:ind>: keine Zahlen für <k:kinds>; gezeigt sind <l:kinds>.",
        _no_figures,
    ),
)
CHOICES = (
    Sentence(
        "gewählte Klassen der Blöcke",
        f"{_M}.class_choice",
        "Gezeigt: <list:free>. <n:int> <w:word> von <m:int>, in <q:int> <v:word>.",
        _chosen_blocks,
    ),
    Sentence(
        "gewählte Klassen",
        f"{_M}.class_choice",
        "Gezeigt: <list:free>. <n:int> <w:word> von <m:int>.",
        _chosen,
    ),
)
FLOORS = (
    Sentence(
        "durch den Sockel",
        "atlas.sentences.posts",
        "<c:int> Kinder × Faktor <f:num>: rechnerisch <q:num> Stellen, durch den Sockel "
        "<p:num>.",
        _floor,
    ),
)
FLOOR_PLANS = (
    Sentence(
        "Verteilung mit Sockel",
        f"{_M}.plan_table",
        "<p:int> Stellen; <k:areas> mit Stellen: <n:int> von <m:int>. Maßstab: Kinder × "
        "<by:text>, <how:text>, Sockel <f:num>.<est:planest>",
        _with_floor,
    ),
)
SECRETS = (Sentence("geheimer Block", f"{_M}.profile", "Geheim: <why:free>.", _secret),)


def read_maps(seen: Seen, scene: Scene, reading: Reading) -> None:
    """Read what the map says of larger and smaller kinds, and of chosen classes."""
    if not seen.has_levels:
        return
    views = [map_view(seen, item, kind) for kind in seen.kinds for item in scene.need.items]
    for note in (note for view in views for note in view.notes if "keine Zahlen für" in note):
        reading.take(scene, note, MAP_NOTES, "Karte")
    drawn = [
        map_view(seen, NEED, one) for one in (Kind.QUARTIER, Kind.BLOCK) if one in seen.kinds
    ]
    for view, entry in ((one, entry) for one in drawn for entry in one.legend):
        choice = class_choice(seen, view, [entry.code])
        reading.take(scene, choice.told, CHOICES, "Legende")
    for kind in seen.kinds:
        if kind not in (Kind.BLOCK, Kind.QUARTIER, Kind.CITY):
            _check_levels_inside(seen, kind, scene, reading)


def _check_levels_inside(seen: Seen, kind: Kind, scene: Scene, reading: Reading) -> None:
    """Prove ``2 × Stufe 3, 1 ohne Stufe`` behind the name of the larger area."""
    book, texts = scene.book, map_view(seen, NEED, kind).texts
    for key, text in texts.items():
        above = book.names["quartier"][key][1]
        inside = [k for k, (_, up) in book.names["quartier"].items() if up == above]
        column = book.column("quartier", scene.group, "need_level")
        steps = [column[one].seen for one in inside]
        parts = [
            f"{steps.count(step)} × Stufe {step}" for step in (4, 3, 2, 1) if step in steps
        ]
        parts += [f"{steps.count(None)} ohne Stufe"] if None in steps else []
        reading.check(scene, "Stufen darin", text.endswith(f": {', '.join(parts)}"), text)


def read_floor(seen: Seen, scene: Scene, reading: Reading) -> None:
    """Read what a least number of posts for everybody says."""
    if not (seen.has_levels and has_children(seen)):
        return
    try:
        found = plan_view(seen, Plan(posts=_POSTS, floor=_FLOOR))
    except AtlasError:  # nobody has a claim
        return
    reading.take(scene, found.summary, FLOOR_PLANS, "Stellen")
    place = found.table.place_of("reason")
    for row in found.table.rows:
        if "durch den Sockel" in str(row[place]):
            at = Scene(scene.book, scene.group, str(row[0]))
            reading.take(at, str(row[place]), FLOORS, "Stellen")


def read_blocks(seen: Seen, scene: Scene, reading: Reading) -> None:
    """Read the secrets of blocks, and prove the table of the highest ones."""
    if Kind.BLOCK not in seen.kinds:
        return
    for block in seen.areas(Kind.BLOCK):
        at = Scene(scene.book, scene.group, block.id, "block")
        reading.take(at, card(seen, Kind.BLOCK, block.id).why, SECRETS, "Block")
    for area in seen.areas(Kind.QUARTIER):
        _check_drivers(seen, area.id, scene, reading)


def _check_drivers(seen: Seen, area: str, scene: Scene, reading: Reading) -> None:
    book, table = scene.book, block_drivers(seen, area)
    labels = {book.label(item): item for item in book.indicators(scene.group)}
    inside = [key for key, (_, up) in book.names["block"].items() if up == area]
    for row in table.rows if table else ():
        column = book.column("block", scene.group, labels[str(row[0])])
        lines = [column[key] for key in inside if key in column]
        hidden = sum(line.status == "suppressed" for line in lines)
        if any(line.seen is not None for line in lines) or hidden:
            is_true = row[3] == f"{hidden} von {len(inside)}"
        else:
            is_true = row[2] == f"keine Zahlen für {book.plural('block')}" and row[3] == ""
        reading.check(scene, "Blöcke dahinter", is_true, f"{row}: {hidden}")
