"""Proofs of notices beside a level, and of the sentences that share out posts."""

from collections.abc import Iterator
from decimal import Decimal

from tests.words.arithmetic import NOISE, Reckoning
from tests.words.german import day, is_shown, number
from tests.words.grammar import Parts, Scene, Sentence
from tests.words.why_proofs import why_not


def _all_zero(scene: Scene, parts: Parts) -> Iterator[str]:
    units = scene.book.config["indicators"]["indicators"]
    shares = [item for item in scene.need.items if units[item]["unit"] == "percent"]
    zero = [
        key
        for key in sorted(scene.book.names["quartier"])
        if len(shares) > 1
        and scene.book.line("quartier", scene.group, "need_level", key).seen
        and all(scene.book.line("quartier", scene.group, i, key).seen == 0 for i in shares)
    ]
    titles = [scene.book.titles("quartier")[key] for key in zero]
    if parts["list"] != ", ".join(titles[:-1]) + (" und " if titles[1:] else "") + titles[-1]:
        yield f"es sind {titles}"


def _few(scene: Scene, parts: Parts) -> Iterator[str]:
    if int(parts["n"]) != len(scene.need.index) or int(parts["n"]) >= 20:
        yield f"eingestuft sind {len(scene.need.index)}"


def _constant(scene: Scene, parts: Parts) -> Iterator[str]:
    item = next(i for i in scene.need.items if scene.book.label(i) == parts["label"])
    if scene.need.spread(item):
        yield f"Streuung {scene.need.spread(item)}"


def _flags(scene: Scene, parts: Parts) -> Iterator[str]:
    marked = [
        scene.book.label(item)
        for item in scene.need.items
        if scene.book.line("quartier", scene.group, f"{item}.flag", scene.area).seen
    ]
    names = ", ".join(marked[:-1]) + (" und " if len(marked) > 1 else "") + marked[-1]
    if parts["list"] != names:
        yield f"es sind {marked}"
    for item in scene.need.items:
        own = scene.book.line("quartier", scene.group, f"{item}.z", scene.area).seen or 0.0
        if (own >= 0.9) != (scene.book.label(item) in marked):
            yield f"{item}: Prozentrang {own}"


def _tenth(scene: Scene, parts: Parts) -> Iterator[str]:
    rank, n = scene.need.rank(scene.area), len(scene.need.index)
    if int(parts["n"]) != -(-rank * 10 // n):
        yield f"Rang {rank} von {n}"


class _Own(Reckoning):
    """What the own mean and spread of a date would give, whatever rule is in force."""

    frozen = ""
    is_classified = True


def _relative(scene: Scene, parts: Parts) -> Iterator[str]:
    own = _Own(scene.book, scene.group)
    if day(parts["d"]) != str(scene.need.scale["base_date"]):
        yield "anderer Maßstab"
    if scene.book.config["levels"]["labels"][parts["n"]] != parts["name"]:
        yield "anderer Name"
    if own.level(scene.area) != int(parts["n"]) or not is_shown(
        parts["i"], own.index[scene.area]
    ):
        yield f"Stufe {own.level(scene.area)}, Index {own.index[scene.area]}"


def _chance(scene: Scene, parts: Parts) -> Iterator[str]:
    low, high = (
        scene.book.line("quartier", scene.group, f"need_level.{one}", scene.area).seen
        for one in ("low", "high")
    )
    if "a" not in parts:
        if low != high:
            yield f"von {low} bis {high}"
    elif (float(parts["a"]), float(parts["b"])) != (low, high):
        yield f"von {low} bis {high}"


def _confidence(scene: Scene, parts: Parts) -> Iterator[str]:
    own = scene.book.config["levels"]["confidence"]
    if own is None or number(parts["n"]) != round(100 * own):
        yield f"Vertrauensniveau {own}"


def _missing(scene: Scene, parts: Parts) -> Iterator[str]:
    labels = scene.book.info["missing"]
    names = ", ".join(labels[:-1]) + (" und " if len(labels) > 1 else "") + labels[-1]
    if parts["list"] != names or (parts["verb"] == "fällt") != (len(labels) == 1):
        yield f"es fehlt {names}"


def _excess(scene: Scene, parts: Parts) -> Iterator[str]:
    lines = scene.book.column(scene.kind, scene.group, scene.item).values()
    if not any(one.seen is not None and one.seen > 100 for one in lines):
        yield "kein Wert über 100"


def _posts(scene: Scene, parts: Parts) -> Iterator[str]:
    level = scene.book.line("quartier", scene.group, "need_level", scene.area).seen
    children = scene.book.line("quartier", "u18", "residents", scene.area).seen
    if level is None or children is None or number(parts["c"]) != int(children):
        yield f"{children} Kinder, Stufe {level}"
        return
    if number(parts["f"]) != int(level):
        yield f"Faktor {level}"
    claims = {}
    for area in scene.book.names["quartier"]:
        own = scene.book.line("quartier", scene.group, "need_level", area).seen
        many = scene.book.line("quartier", "u18", "residents", area).seen
        claims[area] = (own or 0.0) * (many or 0.0) if own and many else 0.0
    quota = claims[scene.area] / sum(claims.values()) * float(scene.item)
    if not is_shown(parts["q"], quota):
        yield f"rechnerisch {quota}"
    if abs(float(number(parts["p"])) - quota) >= 1 + NOISE and parts["how"].startswith(
        "größte"
    ):
        yield "mehr als eine Stelle daneben"


def _no_posts(scene: Scene, parts: Parts) -> Iterator[str]:
    line = scene.book.line("quartier", scene.group, "need_level", scene.area)
    children = scene.book.line("quartier", "u18", "residents", scene.area)
    text = parts.get("why") or ""
    if "why" not in parts:
        if children.seen != 0:
            yield f"{children.seen} Kinder"
    elif parts["what"] == "Nicht eingestuft":
        yield from why_not(scene, scene.need, text)
    elif line.seen is None or children.seen is not None:
        yield "die Kinderzahl ist da"


def _stays(scene: Scene, parts: Parts) -> Iterator[str]:
    if scene.area != scene.item or number(parts["n"]) != 1:
        yield f"fest ist eine Stelle in {scene.item}"


def _too_low(scene: Scene, parts: Parts) -> Iterator[str]:
    level = scene.book.line("quartier", scene.group, "need_level", scene.area).seen
    if level != int(parts["n"]) or not int(parts["n"]) < int(parts["least"]):
        yield f"Stufe {level}"


def _plan(scene: Scene, parts: Parts) -> Iterator[str]:
    total = len(scene.book.names["quartier"])
    estimated = sum(
        one.status == "estimated" and one.seen is not None
        for one in scene.book.column("quartier", scene.group, "need_level").values()
    )
    if int(number(parts["m"])) != total or number(parts["p"]) != Decimal(scene.item):
        yield f"{scene.item} Stellen, {total} Gebiete"
    told = (parts.get("est") or "").removeprefix(" Davon mit geschätzter Stufe: ").strip(".")
    if bool(told) != bool(estimated):
        yield f"geschätzt sind {estimated}"


_N, _R = "atlas.publication.views.notices", "atlas.publication.views.resources"
_HAND = "über dieses Gebiet ist von Hand zu entscheiden."

NOTICE_SENTENCES = (
    Sentence(
        "wenige Gebiete",
        _N,
        "Eingestufte <k:areas>: nur <n:int>. Mittel und Standardabweichung hängen an "
        "einzelnen Gebieten.",
        _few,
    ),
    Sentence(
        "alles null",
        _N,
        "Alle Anteile sind 0, obwohl dort Menschen wohnen: <list:free>.",
        _all_zero,
    ),
    Sentence(
        "überall gleich",
        _N,
        "<label:ind> ist überall gleich und trägt nichts zum Index bei.",
        _constant,
    ),
    Sentence(
        "oberstes Zehntel",
        _N,
        "Im obersten Zehntel (Prozentrang ab 0,90): <list:free>.",
        _flags,
    ),
    Sentence("Zehntel", _N, "Zehntel <n:int> von 10; 1 ist am stärksten belastet.", _tenth),
    Sentence(
        "eigener Maßstab",
        _N,
        "Maßstab vom <d:day>. Nach dem eigenen Maßstab dieses Stichtags: <n:step> "
        "<name:name>, Index <i:num>.",
        _relative,
    ),
    Sentence(
        "Stufe bleibt",
        _N,
        "Die Stufe bleibt an jeder dieser Grenzen dieselbe, wenn alles andere bleibt.",
        _chance,
    ),
    Sentence(
        "Stufe reicht",
        _N,
        "An den Grenzen eines einzelnen Indikators reicht die Stufe von <a:step> "
        "<x:name> bis <b:step> <y:name>, wenn alles andere bleibt.",
        _chance,
    ),
    Sentence(
        "Spanne",
        _N,
        "Register sind Vollzählungen. Die Spanne sagt, wie weit die Zahl eines kleinen "
        "Gebiets zufällig schwankt (Vertrauensniveau <n:int> %).",
        _confidence,
    ),
    Sentence(
        "fällt später an",
        "atlas.publication.views.notes",
        "<list:free> <verb:verb> später an.",
        _missing,
    ),
    Sentence(
        "Werte über 100 %",
        "atlas.publication.views.notes",
        "Werte über 100 %: Zähler und Nenner kommen aus verschiedenen Quellen, die dort "
        "nicht zueinander passen.",
        _excess,
    ),
)
POST_SENTENCES = (
    Sentence(
        "Stellen",
        "atlas.sentences.posts",
        "<c:int> Kinder × Faktor <f:num>: rechnerisch <q:num> Stellen, zugeteilt <p:num> "
        "(<how:free>).",
        _posts,
    ),
    Sentence("keine Kinder", "atlas.sentences.posts", "Hier leben keine Kinder.", _no_posts),
    Sentence("von Hand", _R, f"<what:nopost> (<why:free>): {_HAND}", _no_posts),
    Sentence("Kinderzahl fehlt", _R, f"<what:nopost> <why:free>: {_HAND}", _no_posts),
)
BOUND_SENTENCES = (
    Sentence("fest", "atlas.sentences.posts", "Fest: bleibt bei <n:num>.", _stays),
    Sentence(
        "unter der Mindeststufe",
        "atlas.sentences.posts",
        "Stufe <n:step> liegt unter der Mindeststufe <least:step>.",
        _too_low,
    ),
)
PLAN_SENTENCES = (
    Sentence(
        "Verteilung",
        "atlas.publication.views.plan_table",
        "<p:int> Stellen; <k:areas> mit Stellen: <n:int> von <m:int>. Maßstab: Kinder × "
        "<by:text>, <how:text>.<est:planest>",
        _plan,
    ),
)
