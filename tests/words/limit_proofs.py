"""Proofs of how far an index is from a cut, and how firm its level stands."""

import re
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


def _level_item(scene: Scene) -> str:
    return "dynamic_level" if scene.item == "dynamic" else "need_level"


def _of(scene: Scene, part: str) -> float:
    name = f"{_level_item(scene)}.{part}"
    line = scene.book.line("quartier", scene.group, name, scene.area)
    return line.seen if line.seen is not None else float("nan")


def _firm(scene: Scene, parts: Parts) -> Iterator[str]:
    def of(part: str) -> float:
        return _of(scene, part)

    item = _level_item(scene)
    if (item == "dynamic_level") != (parts.get("w", parts.get("class")) == "Klasse"):
        yield "Stufe oder Klasse"
    level = scene.book.line("quartier", scene.group, item, scene.area)
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


# Words of the drivers, in the order of their numbers.
_CAUSES = {
    "der Gewichte": 1,
    "der Skala": 2,
    "der Auswahl der Indikatoren": 3,
    "der Grenzen": 4,
    "des Zufalls kleiner Zahlen": 5,
    "der fortgeschriebenen Werte": 6,
}


def _joint(scene: Scene, parts: Parts) -> Iterator[str]:
    def of(part: str) -> float:
        return _of(scene, part)

    yield from _firm(scene, parts)
    level = int(
        scene.book.line("quartier", scene.group, _level_item(scene), scene.area).seen or 0
    )
    if int(parts["level"]) != level:
        yield f"Stufe ist {level}"
    told = dict(_others(parts["others"]))
    n_levels = 3 if _level_item(scene) == "dynamic_level" else 4
    shares = {n: of(f"share_{n}") for n in range(1, n_levels + 1) if n != level}
    if set(told) != {n for n, share in shares.items() if share}:
        yield f"andere Stufen sind {shares}"
    for number_, text in told.items():
        yield from _per_cent_fits(text, shares[number_])
    if sorted(told, key=lambda n: (-shares[n], n)) != list(told):
        yield "nicht die häufigste zuerst"


def _joint_driven(scene: Scene, parts: Parts) -> Iterator[str]:
    def of(part: str) -> float:
        return _of(scene, part)

    yield from _joint(scene, parts)
    cause, _, held = parts["driver"].partition(" (hielte man ")
    if _CAUSES.get(cause) != of("driver"):
        yield f"Treiber ist {of('driver')}"
    pronoun, _, held = held.partition(f" fest: {parts['class']} ")
    if pronoun != ("ihn" if cause.startswith("des ") else "sie"):
        yield "Fürwort"
    number_, _, share = held.rstrip(")").partition(" in ")
    if number_ != parts["level"]:
        yield "andere Stufe"
    yield from _per_cent_fits(share, of("share_held"))
    if of("share_held") <= of(f"share_{parts['level']}"):
        yield "der Treiber hebt den Anteil nicht"


def _others(text: str) -> Iterator[tuple[int, str]]:
    for one in re.split("(?:Stufe|Klasse) ", text.replace(" und ", ", "))[1:]:
        level, _, share = one.rstrip(", ").partition(" in ")
        yield int(level), share


def _per_cent_fits(text: str, share: float) -> Iterator[str]:
    if text.startswith("weniger"):
        if not 0 < share < 0.001:
            yield f"Anteil {share}"
        return
    told = number(text.removesuffix(" %"))
    if not told <= Decimal(repr(round(100 * share, 6))) < told + Decimal("0.1"):
        yield f"Anteil {share}"


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
    Sentence(
        "Robustheit, mit allen Stufen",
        _LEVELS,
        "<word:stable>: <class:class> <level:int> in <share:share> <times:int> "
        "Nachrechnungen<others:others>, <where:among> Rang <ranks:ranks>.",
        _joint,
    ),
    Sentence(
        "Robustheit, mit Treiber",
        _LEVELS,
        "<word:stable>: <class:class> <level:int> in <share:share> <times:int> "
        "Nachrechnungen<others:others>, am meisten wegen <driver:driver>, <where:among> Rang "
        "<ranks:ranks>.",
        _joint_driven,
    ),
)
