"""Proofs of how far an index is from a cut, and how firm its level stands."""

from collections.abc import Iterator
from decimal import Decimal

from tests.words.arithmetic import NOISE
from tests.words.german import digits_of, is_shown, number
from tests.words.grammar import Parts, Scene, Sentence

_STABLE = {"stabil": (0.95, 1.0), "grenznah": (0.75, 0.95), "unsicher": (0.0, 0.75)}


def _upwards(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from _distance(scene, parts, up=True)


def _downwards(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from _distance(scene, parts, up=False)


def _distance(scene: Scene, parts: Parts, *, up: bool) -> Iterator[str]:
    reckoned = scene.dynamic if scene.item == "dynamic" else scene.need
    index, level = reckoned.index[scene.area], reckoned.level(scene.area) or 0
    line = scene.book.line("quartier", scene.group, reckoned.level_item, scene.area)
    if line.reason == "veroeffentlicht":
        yield "die Stufe folgt einer anderen Regel"
    cuts = reckoned.cuts
    cut = cuts[level - 1] if up else cuts[level - 2]
    own, far, limit = (number(parts[one]) for one in ("i", "f", "c"))
    if not (is_shown(parts["i"], index) and is_shown(parts["c"], cut)):
        yield f"Index {index}, Grenze {cut}"
    if far != (limit - own if up else own - limit) or far <= 0:
        yield "die drei Zahlen passen nicht zusammen"
    if digits_of(parts["f"]) != digits_of(parts["i"]):
        yield "Stellen"
    if not up and bool(parts.get("top")) != (level > len(cuts)):
        yield "höchste oder nicht"


def _on_cut(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = scene.dynamic if scene.item == "dynamic" else scene.need
    cut = reckoned.cuts[(reckoned.level(scene.area) or 0) - 1]
    line = scene.book.line("quartier", scene.group, reckoned.index_item, scene.area)
    if line.seen is None or abs(line.seen - cut) > NOISE or not is_shown(parts["c"], cut):
        yield f"Index {line.seen}, Grenze {cut}"


def _firm(scene: Scene, parts: Parts) -> Iterator[str]:
    def of(part: str) -> float:
        line = scene.book.line("quartier", scene.group, f"need_level.{part}", scene.area)
        return line.seen if line.seen is not None else float("nan")

    level = scene.book.line("quartier", scene.group, "need_level", scene.area)
    kept = of(f"share_{int(level.seen or 0)}")
    low, high = _STABLE[parts["word"]]
    if not (low <= kept < high or (parts["word"] == "stabil" and kept == 1)):
        yield f"gleiche Stufe in {kept}"
    if level.reason == "veroeffentlicht":
        yield "die Stufe folgt einer anderen Regel"
    times = scene.book.config["levels"]["robustness"]["replications"]
    if number(parts["times"]) != times:
        yield f"es sind {times} Nachrechnungen"
    yield from _share_fits(parts, kept)
    ranks = parts["ranks"].split(" bis ")
    if [float(one) for one in (ranks[0], ranks[-1])] != [of("rank_low"), of("rank_high")]:
        yield f"Ränge {of('rank_low')} bis {of('rank_high')}"


def _share_fits(parts: Parts, kept: float) -> Iterator[str]:
    low, high = _STABLE[parts["word"]]
    share, is_every = parts["share"], parts["share"] == "allen"
    if is_every != (kept == 1) or (parts["where"] == "dabei") != is_every:
        yield "alle oder nicht"
    if share.endswith(" % der") and not share.startswith("weniger"):
        told = number(share.split()[0])
        if not told <= Decimal(repr(round(100 * kept, 6))) < told + Decimal("0.1"):
            yield f"Anteil {kept}"
        if not low * 100 <= told < high * 100:
            yield "das Wort passt nicht zur Zahl"


_LEVELS = "atlas.sentences.levels"

LIMIT_SENTENCES = (
    Sentence(
        "bis zur Grenze",
        _LEVELS,
        "Dem Index <i:num> fehlen <f:num> bis zur Grenze <c:num>.",
        _upwards,
    ),
    Sentence(
        "über der Grenze",
        _LEVELS,
        "Der Index <i:num> liegt <f:num> über der Grenze <c:num><top:top>.",
        _downwards,
    ),
    Sentence(
        "auf der Grenze",
        _LEVELS,
        "Der Index liegt genau auf der Grenze <c:num> und bleibt damit in dieser <w:class>.",
        _on_cut,
    ),
    Sentence(
        "Robustheit",
        _LEVELS,
        "<word:stable>: gleiche <w:class> in <share:share> <times:int> Nachrechnungen, "
        "<where:among> Rang <ranks:ranks>.",
        _firm,
    ),
)
