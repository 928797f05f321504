"""Proofs of sentences about changes: who moved, by what counts, what drove the index."""

import math
from collections.abc import Iterator
from decimal import Decimal

from tests.words.arithmetic import NOISE, Reckoning
from tests.words.german import is_shown, listed, number, shown
from tests.words.grammar import Parts, Scene, Sentence
from tests.words.level_proofs import named_as, step_of

_WORDS = {1: "stabil", 2: "grenznah", 3: "unsicher"}
_MARK = " (geschätzt)"


def seen_of(reckoned: Reckoning, item: str, area: str) -> float | None:
    return reckoned.book.line("quartier", reckoned.group, item, area).seen


def _index(reckoned: Reckoning, area: str) -> float | None:
    return reckoned.index.get(area)


def side_fits(scene: Scene, reckoned: Reckoning, text: str) -> Iterator[str]:
    """Prove ``Stufe 3 „…“ (geschätzt)`` or ``„nicht klassifiziert“ (…)`` at one date."""
    line = reckoned.book.line("quartier", scene.group, "need_level", scene.area)
    if text.startswith("„nicht klassifiziert“"):
        if line.seen is not None:
            yield "es gibt eine Stufe"
        return
    if line.seen != step_of(text):
        yield f"Stufe ist {line.seen}"
    if text.endswith(_MARK) != (line.status == "estimated"):
        yield "geschätzt oder nicht"
    yield from named_as(reckoned, text.removesuffix(_MARK))
    is_own = line.reason != "veroeffentlicht"
    if is_own and reckoned.level(scene.area) != step_of(text):
        yield f"nachgerechnet ist die Stufe {reckoned.level(scene.area)}"


def _moved(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from side_fits(scene, scene.earlier, parts["first"])
    yield from side_fits(scene, scene.need, parts["second"])
    if parts["first"] == parts["second"]:
        yield "nichts hat sich bewegt"
    yield from _index_move(scene, parts.get("index") or "")


def _stayed(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from side_fits(scene, scene.earlier, parts["second"])
    yield from side_fits(scene, scene.need, parts["second"])
    yield from _index_move(scene, parts.get("index") or "")


def _index_move(scene: Scene, text: str) -> Iterator[str]:
    before, after = _index(scene.earlier, scene.area), _index(scene.need, scene.area)
    if before is None or after is None or not text:
        if (before is None or after is None) != (not text):
            yield f"Index {before} → {after}"
        return
    words = text.removeprefix("; der Index ").split()
    if words[0] == "bleibt":
        is_same = (words[1] == "bei") == (abs(before - after) <= NOISE)
        if not (is_same and is_shown(words[-1], after) and is_shown(words[-1], before)):
            yield f"Index {before} → {after}"
        return
    first, second, by = words[2], words[4], words[5].strip("()")
    if not (is_shown(first, before) and is_shown(second, after)):
        yield f"Index {before} → {after}"
    if (words[0] == "steigt") != (after > before):
        yield f"Index {before} → {after}"
    if number(by) != shown(after, 2) - shown(before, 2):
        yield "die Differenz ist eine andere"


def _stability(reckoned: Reckoning, area: str) -> int | None:
    line = reckoned.book.line("quartier", reckoned.group, "need_level", area)
    value = seen_of(reckoned, "need_level.stability", area)
    is_other_rule = line.reason == "veroeffentlicht"
    return None if value is None or is_other_rule else int(value)


def _firm_fits(scene: Scene, parts: Parts) -> Iterator[str]:
    found = [_stability(one, scene.area) for one in (scene.earlier, scene.need)]
    for one, told in zip(found, (parts["was"], parts["now"]), strict=True):
        if one is None or _WORDS[one] != told:
            yield f"Robustheit {found}"
    levels = [seen_of(one, "need_level", scene.area) for one in (scene.earlier, scene.need)]
    verdict = parts.get("verdict")
    if (verdict is None) != (levels[0] == levels[1]):
        yield "Wechsel oder nicht"
    if verdict and (verdict == "belastbar") != (3 not in found):
        yield f"Robustheit {found}"


def verdict_of(scene: Scene, area: str) -> bool | None:
    """Whether a move is one to rely on; ``None`` where nobody can say."""
    found = [_stability(one, area) for one in (scene.earlier, scene.need)]
    return None if None in found else 3 not in found


def _counted(scene: Scene, parts: Parts) -> Iterator[str]:
    """``47 Kinder und Jugendliche mehr``: whom, how many, which way."""
    wanted = parts["who"]
    measures = [
        item
        for item, one in scene.book.config["indicators"]["measures"].items()
        if people(scene, item, str(one["label"])) == wanted
    ]
    if not measures:
        yield f"„{wanted}“ zählt hier niemand"
        return
    differences = []
    for item in measures:
        sides = [seen_of(one, item, scene.area) for one in (scene.earlier, scene.need)]
        if None not in sides:
            differences.append((sides[1] or 0) - (sides[0] or 0))
    told = 0 if parts.get("n") is None else int(number(parts["n"]))
    signed = told if parts.get("way") == "mehr" else -told
    if signed not in differences:
        yield f"es sind {differences}"
    if parts.get("n") is not None and not told:
        yield "unverändert"


def people(scene: Scene, item: str, label: str) -> str:
    """Whom a count counts in the group of the sentence."""
    if scene.group == "all":
        return label
    group = scene.book.groups[scene.group]
    return group if item == "residents" else f"{label} ({group})"


def _value_moved(scene: Scene, parts: Parts) -> Iterator[str]:
    item, before, after = _sides(scene, parts["label"])
    if before is None or after is None:
        yield "ein Wert fehlt"
        return
    if not (is_shown(parts["a"], before) and is_shown(parts["b"], after)):
        yield f"{before} → {after}"
    told = [number(parts[one]) for one in ("a", "b")]
    if (parts["way"] == "gestiegen") != (told[1] > told[0]) or told[0] == told[1]:
        yield f"{parts['way']} passt nicht zu {told}"
    yield from _unit_fits(scene, item, parts)


def _value_stayed(scene: Scene, parts: Parts) -> Iterator[str]:
    item, before, after = _sides(scene, parts["label"])
    if before is None or after is None:
        yield "ein Wert fehlt"
        return
    is_same = math.isclose(before, after, rel_tol=NOISE)
    if (parts["rounded"] == "") != is_same:
        yield f"{before} → {after}"
    if not (is_shown(parts["b"], before) and is_shown(parts["b"], after)):
        yield f"{before} → {after}"
    yield from _unit_fits(scene, item, parts)


def _unit_fits(scene: Scene, item: str, parts: Parts) -> Iterator[str]:
    if parts["unit"].strip() != scene.book.unit(item):
        yield f"Einheit ist {scene.book.unit(item)}"


def _sides(scene: Scene, label: str) -> tuple[str, float | None, float | None]:
    item = next(i for i in scene.need.items if scene.book.label(i) == label)
    return (
        item,
        seen_of(scene.earlier, item, scene.area),
        seen_of(scene.need, item, scene.area),
    )


def _drivers(scene: Scene, parts: Parts) -> Iterator[str]:
    before, after = scene.earlier, scene.need
    area = scene.area
    total = number(parts["total"])
    if total != shown(after.index[area], 2) - shown(before.index[area], 2):
        yield f"Index {before.index[area]} → {after.index[area]}"
    items = list(dict.fromkeys([*after.items, *before.items]))
    exact = {
        item: (after.contribution(item, area) if item in after.items else 0.0)
        - (before.contribution(item, area) if item in before.items else 0.0)
        for item in items
    }
    if parts.get("list"):
        yield from _parts_add_up(scene, parts["list"], exact, total)
    elif any(abs(one) >= 0.01 for one in exact.values()):
        yield f"Beiträge ändern sich um {exact}"
    if parts.get("sources"):
        yield from _sources(scene, parts["sources"], exact, total)
    is_split = before.is_standardised and after.is_standardised
    if bool(parts.get("sources")) != is_split:
        yield "woher der Wechsel kommt, weiß dieses Verfahren nicht"


def _parts_add_up(
    scene: Scene, text: str, exact: dict[str, float], total: Decimal
) -> Iterator[str]:
    labels = {scene.book.label(item): item for item in exact}
    told = {}
    for one in listed(text, list(labels)):
        label, _, figure = one.rpartition(" ")
        told[labels[label]] = number(figure)
        if not figure.startswith(("+", "−")) or number(figure) == 0:
            yield f"{figure} ist keine Veränderung"
    if sum(told.values()) != total:
        yield f"die Teile ergeben {sum(told.values())}"
    for item, amount in exact.items():
        if abs(float(told.get(item, Decimal(0))) - amount) >= 0.0101:
            yield f"{item} ändert sich um {amount}"
    sizes = [abs(exact[item]) for item in told]
    if sizes != sorted(sizes, reverse=True):
        yield "das Stärkste steht nicht vorn"


def _sources(scene: Scene, text: str, exact: dict[str, float], total: Decimal) -> Iterator[str]:
    words = ("durch die eigenen Werte", "durch Mittel und Streuung aller Gebiete")
    amounts = {}
    for one in (
        text.replace(" und ±", ", ±")
        .replace(" und +", ", +")
        .replace(" und −", ", −")
        .split(", ")
    ):
        figure, _, what = one.partition(" ")
        amounts[what] = number(figure)
    if sum(amounts.values()) != total:
        yield f"die Quellen ergeben {sum(amounts.values())}"
    own, shift = own_and_shift(scene, list(exact))
    rest = math.fsum(exact.values()) - own - shift
    for what, value in zip((*words, "durch die Regel"), (own, shift, rest), strict=True):
        if abs(float(amounts.get(what, Decimal(0))) - value) >= 0.0101:
            yield f"{what}: {value}"
    if "durch die Regel" in amounts and abs(rest) <= NOISE:
        yield "die Regel ist dieselbe"


def own_and_shift(scene: Scene, items: list[str]) -> tuple[float, float]:
    """Split the change of the index: by the area's own values, by centres and spreads."""
    before, after = scene.earlier, scene.need
    own = shift = 0.0
    for item in items:
        if item not in before.items or item not in after.items:
            continue
        weight, slope, value, centre = (
            _pair(one(before, item, scene.area), one(after, item, scene.area))
            for one in (_weight, _slope, _value, _centre)
        )
        middle = ((value[0] - centre[0]) + (value[1] - centre[1])) / 2
        weights, slopes = sum(weight) / 2, sum(slope) / 2
        own += weights * slopes * (value[1] - value[0])
        shift += weights * (middle * (slope[1] - slope[0]) - slopes * (centre[1] - centre[0]))
    return own, shift


def _pair(first: float, second: float) -> tuple[float, float]:
    return first, second


def _weight(one: Reckoning, item: str, area: str) -> float:
    return one.pull(item)


def _slope(one: Reckoning, item: str, area: str) -> float:
    sign = next(sign for name, _, sign in one.parts if name == item)
    spread = one.spread(item)
    return sign / (spread * one.steepness(item)) if spread else 0.0


def _value(one: Reckoning, item: str, area: str) -> float:
    return one.value(item, area) or 0.0


def _centre(one: Reckoning, item: str, area: str) -> float:
    return one.centre(item) or 0.0


_C = "atlas.sentences.changes"

MOVE_SENTENCES = (
    Sentence("Wechsel", _C, "von <first:side> zu <second:side><index:index>", _moved),
    Sentence("kein Wechsel", _C, "weiterhin <second:side><index:index>", _stayed),
)
FIRMNESS_SENTENCES = (
    Sentence(
        "Wechsel belastbar",
        _C,
        "Der Wechsel ist <verdict:verdict>: Robustheit vorher <was:stable>, nachher "
        "<now:stable>.",
        _firm_fits,
    ),
    Sentence(
        "Robustheit beider",
        _C,
        "Robustheit vorher <was:stable>, nachher <now:stable>.",
        _firm_fits,
    ),
)
FIGURE_CLAUSES = (
    Sentence("Menschen mehr oder weniger", _C, "<n:int> <who:people> <way:way>", _counted),
    Sentence("ein Mensch mehr oder weniger", _C, "<who:people>: <n:one> <way:way>", _counted),
    Sentence("Menschen unverändert", _C, "<who:people> unverändert", _counted),
    Sentence(
        "Wert gestiegen oder gesunken",
        _C,
        "<label:ind> von <a:num> auf <b:num><unit:unit> <way:rise>",
        _value_moved,
    ),
    Sentence(
        "Wert unverändert",
        _C,
        "<label:ind> <rounded:rounded>unverändert bei <b:num><unit:unit>",
        _value_stayed,
    ),
)
DRIVER_CHANGES = (
    Sentence(
        "was den Index verändert",
        _C,
        "Den Index verändern <list:free>, zusammen <total:signed>; davon <sources:free>.",
        _drivers,
    ),
    Sentence(
        "was den Index verändert, ohne Quellen",
        _C,
        "Den Index verändern <list:parts>, zusammen <total:signed>.",
        _drivers,
    ),
    Sentence(
        "nichts verändert den Index",
        _C,
        "Den Index verändern insgesamt <total:signed>; davon <sources:free>.",
        _drivers,
    ),
    Sentence(
        "nichts verändert den Index, ohne Quellen",
        _C,
        "Den Index verändern insgesamt <total:signed>.",
        _drivers,
    ),
)
