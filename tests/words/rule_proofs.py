"""Proofs of what a new rule moved and what the figures moved, where both rules are told."""

from collections import Counter
from collections.abc import Iterator

from tests.words.german import day, number
from tests.words.grammar import Parts, Scene, Sentence

_WORDS = {
    "durch die Zahlen, auch nach der früheren Regel": (True, False),
    "allein durch die neue Regel": (False, True),
    "durch beides": (True, True),
}


def causes_of(scene: Scene) -> dict[str, tuple[bool, bool]]:
    """Whether figures and rule moved the level of a Quartier, each by itself."""
    assert scene.before is not None
    found = {}
    for key in scene.book.names["quartier"].keys() & scene.before.names["quartier"].keys():
        old = scene.before.line("quartier", scene.group, "need_level", key).seen
        by_old = scene.book.line("quartier", scene.group, "need_level.former", key).seen
        new = scene.book.line("quartier", scene.group, "need_level", key).seen
        found[key] = (by_old != old, new != by_old)
    return found


def moved(scene: Scene) -> dict[str, tuple[bool, bool]]:
    """The same of those whose level is another one."""
    assert scene.before is not None
    return {
        key: cause
        for key, cause in causes_of(scene).items()
        if scene.before.line("quartier", scene.group, "need_level", key).seen
        != scene.book.line("quartier", scene.group, "need_level", key).seen
    }


def is_rule_before(scene: Scene) -> bool:
    """Whether the former rule is that of the release before, whatever date it refers to."""
    assert scene.before is not None
    sides = (scene.book.config["former"], scene.before.config["levels"])
    former, before = ({**one, "fixed": None} for one in sides)
    return former == before


def _both_rules(scene: Scene, parts: Parts) -> Iterator[str]:
    if day(parts["d"]) != scene.book.day or scene.book.config.get("former") is None:
        yield "es gibt keine frühere Regel"


def _whose(scene: Scene, parts: Parts) -> Iterator[str]:
    counts = Counter(moved(scene).values())
    told = parts["list"]
    for words, cause in _WORDS.items():
        place = told.find(f" {words}")
        count = int(told[:place].split()[-1]) if place >= 0 else 0
        if count != counts[cause]:
            yield f"{words}: {counts[cause]}"


def _hidden(scene: Scene, parts: Parts) -> Iterator[str]:
    every = causes_of(scene)
    same = [key for key, cause in every.items() if key not in moved(scene) and cause[0]]
    if int(number(parts["n"])) != len(same):
        yield f"es sind {len(same)}"


_V = "atlas.publication.views.rule_change"
RULE_SENTENCES = (
    Sentence(
        "beide Regeln",
        _V,
        "Zum <d:day> hat die Regel der Einstufung gewechselt; dieser Stichtag ist nach beiden "
        "Regeln gerechnet.",
        _both_rules,
    ),
    Sentence("wessen Wechsel", _V, "Eine andere Stufe haben <list:free>.", _whose),
    Sentence(
        "Zahlen und Regel heben sich auf",
        _V,
        "Zahlen und Regel heben sich auf, die Stufe ist dieselbe: <n:int> <w:word>.",
        _hidden,
    ),
)
