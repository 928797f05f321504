"""Proofs of notes on what is hidden, and of what the words of an explanation mean."""

from collections import defaultdict
from collections.abc import Iterator

from tests.words.books import Book
from tests.words.german import number
from tests.words.grammar import Parts, Scene, Sentence
from tests.words.level_proofs import centre_fits

_GONE = ("unavailable", "missing")


def limit_text(book: Book, items: list[str]) -> str:
    """Say which counts of blocks stay secret, as the rules of protection have it."""
    rules = book.config["protection"]
    small = f"Anzahlen von 1 bis {rules['min_count'] - 1}"
    every = rules["homogeneity"]
    shares = sorted({every[one] for one in items if one in every})
    if not shares:
        return small
    told = [f"{share} %" for share in shares]
    first = ", ".join(told[:-1])
    return f"{small} oder Anteile ab {first}{' und ' if first else ''}{told[-1]}"


def _tables(book: Book) -> dict[tuple[str, str, str], list[str]]:
    """Statuses of every block table: a measure and group in one area above, if it is there."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for item in book.config["indicators"]["measures"]:
        for group in book.groups:
            for key, line in book.column("block", group, item).items():
                found[item, group, book.names["block"][key][1]].append(line.status)
    return {
        key: statuses
        for key, statuses in found.items()
        if any(one not in _GONE for one in statuses)
    }


def _all_shown(scene: Scene, parts: Parts) -> Iterator[str]:
    if any("suppressed" in one for one in _tables(scene.book).values()):
        yield "etwas ist geheim"


def _tables_shown(scene: Scene, parts: Parts) -> Iterator[str]:
    every = _tables(scene.book)
    shown = sum("suppressed" not in one for one in every.values())
    if (number(parts["n"]), number(parts["m"])) != (shown, len(every)):
        yield f"{shown} von {len(every)}"
    rules = scene.book.config["protection"]
    if parts["why"] != limit_text(scene.book, list(rules["homogeneity"])):
        yield "andere Grenze"
    if rules["scope"] != "table":
        yield "gesperrt werden Zellen"


def _cells_hidden(scene: Scene, parts: Parts) -> Iterator[str]:
    every = [one for statuses in _tables(scene.book).values() for one in statuses]
    hidden = every.count("suppressed")
    there = sum(one not in _GONE for one in every)
    if (number(parts["n"]), number(parts["m"])) != (hidden, there):
        yield f"{hidden} von {there}"
    rules = scene.book.config["protection"]
    if (
        parts["why"] != limit_text(scene.book, list(rules["homogeneity"]))
        or rules["scope"] != "cell"
    ):
        yield "andere Grenze"


def _of_item(scene: Scene) -> tuple[int, int, list[str]]:
    """Hidden cells, all cells, and the counts behind an item of blocks."""
    lines = scene.book.column("block", scene.group, scene.item)
    one = scene.book.config["indicators"]["indicators"].get(scene.item)
    terms = [*one["numerator"], *one["denominator"]] if one else [scene.item]
    counts = [term.lstrip("-+ ").partition("@")[0] for term in terms]
    hidden = sum(line.status == "suppressed" for line in lines.values())
    return hidden, len(lines), counts


def _item_hidden(scene: Scene, parts: Parts) -> Iterator[str]:
    hidden, every, counts = _of_item(scene)
    if (number(parts["n"]), number(parts["m"])) != (hidden, every):
        yield f"{hidden} von {every}"
    if parts["why"] != limit_text(scene.book, counts):
        yield "andere Grenze"


def _item_tables(scene: Scene, parts: Parts) -> Iterator[str]:
    lines = scene.book.column("block", scene.group, scene.item)
    parents = {key: scene.book.names["block"][key][1] for key in lines}
    shut = {parents[key] for key, line in lines.items() if line.status == "suppressed"}
    every = set(parents.values())
    if (number(parts["n"]), number(parts["m"])) != (len(every - shut), len(every)):
        yield f"{len(every - shut)} von {len(every)}"
    if parts["why"] != limit_text(scene.book, _of_item(scene)[2]):
        yield "andere Grenze"


def _zero(scene: Scene, parts: Parts) -> Iterator[str]:
    if not scene.need.is_standardised or not centre_fits(scene.need, parts["c"]):
        yield "null ist etwas anderes"


def _no_zero(scene: Scene, parts: Parts) -> Iterator[str]:
    if scene.need.is_standardised:
        yield "null gehört genannt"


def _two_averages(scene: Scene, parts: Parts) -> Iterator[str]:
    if scene.need.scale["mean_base"] != "area_mean":
        yield "gemessen wird am Wert der Stadt"


def _has_themes(scene: Scene, parts: Parts) -> Iterator[str]:
    if not scene.need.themes:
        yield "der Index hat keine Teilindizes"


_FACTORS = {
    "mit anderen vertretbaren Gewichten, Grenzen und Verfahren": "method",
    "mit zufällig schwankenden Anzahlen": "chance",
    "mit schwankenden fortgeschriebenen Werten": "carried",
}


def _varied(scene: Scene, parts: Parts) -> Iterator[str]:
    told = [factor for text, factor in _FACTORS.items() if text in parts["varied"]]
    factors = scene.book.config["levels"]["robustness"].get("factors", ["method"])
    if sorted(told) != sorted(factors):
        yield f"es schwankt {factors}"


def _true(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from ()


_B, _N = "atlas.publication.views.notes", "atlas.publication.views.notices"
_REST = "deshalb ist dort die ganze Tabelle geheim."

BLOCK_NOTES = (
    Sentence("alles gezeigt", _B, "<k:kinds>: alle Werte sind gezeigt.", _all_shown),
    Sentence(
        "Blocktabellen",
        _B,
        "<k:kinds>: <n:int> von <m:int> Tabellen (eine je <w:word>, Kennzahl und Bezugsgruppe) "
        f"sind gezeigt. In den übrigen wären einzelne Werte geheim (<why:free>), {_REST}",
        _tables_shown,
    ),
    Sentence(
        "geheime Zellen",
        _B,
        "<k:kinds>: <n:int> von <m:int> Werten sind geheim, weil sie <why:free> wären oder "
        "solche verraten würden.",
        _cells_hidden,
    ),
    Sentence(
        "geheime Werte",
        _B,
        "<k:kinds>: <n:int> von <m:int> sind geheim, weil sie <why:free> wären oder solche "
        "verraten würden.",
        _item_hidden,
    ),
    Sentence(
        "Tabellen eines Indikators",
        _B,
        "<k:kinds>: <n:int> von <m:int> Tabellen (eine je <w:word>) sind gezeigt. In den "
        f"übrigen wären einzelne Werte geheim (<why:free>), {_REST}",
        _item_tables,
    ),
)
MEANINGS = (
    Sentence(
        "Teilindex",
        _N,
        "Fasst einen Teil der Indikatoren zusammen, ehe daraus der Index wird; sein Beitrag "
        "ist die Summe der Beiträge seiner Indikatoren.",
        _has_themes,
    ),
    Sentence(
        "Index",
        _N,
        "Fasst die Indikatoren in einer Zahl zusammen: 0 ist: <c:centre>; je höher, desto mehr "
        "<more:need>.",
        _zero,
    ),
    Sentence(
        "Index ohne Null",
        _N,
        "Fasst die Indikatoren in einer Zahl zusammen: je höher, desto mehr <more:need>.",
        _no_zero,
    ),
    Sentence(
        "zwei Zahlen",
        _N,
        "Darin zählt jedes der <k:areas> gleich viel; im Wert der Stadt zählt jeder Mensch "
        "gleich viel. Darum sind es zwei Zahlen.",
        _two_averages,
    ),
    Sentence(
        "alle Beiträge ergeben ihn",
        _N,
        "Was ein Indikator zum Index gibt; alle Beiträge ergeben ihn.",
        _true,
    ),
    Sentence(
        "was stabil heißt",
        _N,
        "Der Index wird <varied:varied> nachgerechnet. Stabil: mindestens 95 % der "
        "Nachrechnungen ergeben dieselbe Stufe; grenznah: mindestens 75 %; unsicher: weniger.",
        _varied,
    ),
)
