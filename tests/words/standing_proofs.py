"""Proofs of how long a level lasts, who deserves attention, how many people live where."""

from collections.abc import Iterator

from atlas.publication.seen import Seen
from atlas.publication.views.level_people import people_table
from atlas.publication.views.persistence import stay_table
from tests.words.books import Book
from tests.words.german import day, number
from tests.words.grammar import Parts, Reading, Scene, Sentence


def _level(book: Book, scene: Scene, area: str) -> float | None:
    return book.line("quartier", scene.group, "need_level", area).seen


def _run(scene: Scene, area: str) -> list[str]:
    """Days in a row with the newest level, newest first; a date still to come ends nothing."""
    books = [one for one in (scene.book, scene.before) if one is not None]
    areas = scene.book.names["quartier"]
    if not any(_level(books[0], scene, one) is not None for one in areas):
        books = books[1:]
    now = _level(books[0], scene, area)
    days = []
    for book in books:
        if _level(book, scene, area) != now:
            break
        days.append(book.day)
    return days if now is not None else []


def _stays(scene: Scene, parts: Parts) -> Iterator[str]:
    days = _run(scene, scene.area)
    if (int(number(parts["k"])), day(parts["d"])) != (len(days), days[-1]):
        yield f"hintereinander {days}"
    yield from _named(scene, parts)


def _named(scene: Scene, parts: Parts) -> Iterator[str]:
    names = scene.book.config["levels"]["labels"]
    if names[parts["n"]] != parts["name"] or _level(scene.book, scene, scene.area) != int(
        parts["n"]
    ):
        yield f"Stufe {_level(scene.book, scene, scene.area)}"


def special(scene: Scene, area: str) -> bool | None:
    """Whether an area is one of particular attention by the rule of the release."""
    rule = scene.book.config["levels"]["attention"]
    level = _level(scene.book, scene, area)
    if level is None or level in rule["levels"]:
        return None if level is None else True
    trend = scene.book.line("quartier", scene.group, "dynamic_level", area).seen
    if level not in rule["levels_if_negative"]:
        return False
    return None if trend is None else trend == 3


def _special(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from _named(scene, parts)
    if not special(scene, scene.area):
        yield "keine besondere Aufmerksamkeit"
    rule = scene.book.config["levels"]["attention"]
    if bool(parts.get("x")) != (int(parts["n"]) not in rule["levels"]):
        yield "Dynamik genannt oder nicht"


def _how_many(scene: Scene, parts: Parts) -> Iterator[str]:
    areas = scene.book.names["quartier"]
    count = sum(special(scene, area) is True for area in areas)
    if [int(number(parts[one])) for one in ("n", "m")] != [count, len(areas)]:
        yield f"es sind {count} von {len(areas)}"


_S = "atlas.publication.views.special_areas"
STAY_SENTENCES = (
    Sentence(
        "Dauer der Stufe",
        "atlas.publication.views.persistence",
        "Stufe <n:step> <name:name> an <k:int> Stichtagen hintereinander, seit <d:day>.",
        _stays,
    ),
)
SPECIAL_SENTENCES = (
    Sentence(
        "besondere Aufmerksamkeit",
        _S,
        "Besondere Aufmerksamkeit: Stufe <n:step> <name:name>.",
        _special,
    ),
    Sentence(
        "besondere Aufmerksamkeit wegen der Dynamik",
        _S,
        "Besondere Aufmerksamkeit: Stufe <n:step> <name:name> und Dynamik <x:step> <y:text>.",
        _special,
    ),
    Sentence(
        "Zahl der besonderen Gebiete",
        _S,
        "Besondere Aufmerksamkeit: <n:int> von <m:int> (<k:areas>).",
        _how_many,
    ),
)


def check_people(seen: Seen, scene: Scene, reading: Reading) -> None:
    """Prove sums of published residents by level, and how many areas they leave out."""
    table = people_table(seen)
    for row in table.rows if table else ():
        step = int(str(row[0]).split()[0]) if str(row[0])[0].isdigit() else None
        inside = [
            a for a in scene.book.names["quartier"] if _level(scene.book, scene, a) == step
        ]
        told: list[object] = [len(inside)]
        hidden = 0
        for group in map(str, seen.groups):
            lines = [scene.book.line("quartier", group, "residents", area) for area in inside]
            shown = [line.seen for line in lines if line.seen is not None]
            told.append(sum(shown) if shown or not lines else None)
            hidden += len(lines) - len(shown)
        is_true = list(row[1:-1]) == told and bool(row[-1]) == bool(hidden)
        reading.check(scene, "Menschen je Stufe", is_true, f"{row}: {told}")


def check_stays(past: tuple[Seen, Seen], scene: Scene, reading: Reading) -> None:
    """Prove the table of how long levels last."""
    for row in stay_table(past).rows:
        days = _run(scene, str(row[0]))
        is_true = row[3] == (len(days) or None) and (not days or day(str(row[4])) == days[-1])
        reading.check(scene, "Dauer", is_true, f"{row}: {days}")
