"""Proofs of summaries of moves and of the notes beside them."""

from collections.abc import Iterator

from tests.words.arithmetic import Reckoning
from tests.words.change_proofs import seen_of, verdict_of
from tests.words.german import number
from tests.words.grammar import Parts, Scene, Sentence


def _is_rule(one: Reckoning) -> dict[str, object]:
    levels = one.book.config["levels"]
    keys = ("method", "sd", "mean_base", "base_date", "indicators")
    return {
        **{key: one.scale[key] for key in keys},
        "cuts": one.limits,
        "least": levels["min_residents"],
        "exclusions": levels["exclusions"],
    }


def _summary(scene: Scene, parts: Parts) -> Iterator[str]:
    up, down, lost = [], [], []
    for area in scene.book.names["quartier"]:
        if not scene.earlier.book.holds("quartier", scene.group, "need_level"):
            continue
        if area not in scene.earlier.book.names["quartier"]:
            continue
        old, new = (seen_of(one, "need_level", area) for one in (scene.earlier, scene.need))
        if old == new:
            continue
        side = lost if old is None or new is None else up if new > old else down
        side.append(area)
    told = [int(number(parts[one])) for one in ("n", "up", "down")]
    lost_words = (parts.get("lost") or "; 0").split()
    told.append(int(number(lost_words[1])))
    if told != [len(up) + len(down) + len(lost), len(up), len(down), len(lost)]:
        yield f"{len(up)} höher, {len(down)} niedriger, {len(lost)} nur einmal"
    verdicts = [verdict_of(scene, area) for area in (*up, *down, *lost)]
    counts = [verdicts.count(True), verdicts.count(False)]
    if parts.get("firm") is not None and [int(parts["firm"]), int(parts["near"])] != counts:
        yield f"belastbar {counts}"
    if (parts.get("firm") is None) != (counts == [0, 0]):
        yield "belastbar oder nicht"


def _no_move(scene: Scene, parts: Parts) -> Iterator[str]:
    both = scene.book.names["quartier"].keys() & scene.earlier.book.names["quartier"].keys()
    for area in both:
        old, new = (seen_of(one, "need_level", area) for one in (scene.earlier, scene.need))
        if old != new:
            yield f"{area}: {old} → {new}"
    is_same = scene.book.names["quartier"].keys() == scene.earlier.book.names["quartier"].keys()
    if parts["which"] == "eingestuften" and not is_same:
        yield "nicht alle gab es vorher"


def _none_classified(scene: Scene, parts: Parts) -> Iterator[str]:
    for one in (scene.earlier, scene.need):
        if any(seen_of(one, "need_level", area) for area in one.book.names["quartier"]):
            yield "es gibt Stufen"


def _other_edition(scene: Scene, parts: Parts) -> Iterator[str]:
    for one, told in ((scene.earlier, parts["a"]), (scene.need, parts["b"])):
        if ".".join(reversed(str(one.book.info["edition"]).split("-"))) != told:
            yield f"Gebietsstand {one.book.info['edition']}"
    if parts["a"] == parts["b"]:
        yield "der Gebietsstand ist derselbe"


def _other_rule(scene: Scene, parts: Parts) -> Iterator[str]:
    if _is_rule(scene.earlier) == _is_rule(scene.need):
        yield "die Regel ist dieselbe"


def _yardstick(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = scene.need
    base = reckoned.scale["base_date"]
    if not reckoned.is_standardised or base or reckoned.scale["mean_base"] == "city_value":
        yield "gemessen wird anders"


def _yardstick_city(scene: Scene, parts: Parts) -> Iterator[str]:
    scale = scene.need.scale
    if (
        not scene.need.is_standardised
        or scale["mean_base"] != "city_value"
        or scale["base_date"]
    ):
        yield "gemessen wird anders"


def _yardstick_frozen(scene: Scene, parts: Parts) -> Iterator[str]:
    told = ".".join(reversed(str(scene.need.scale["base_date"]).split("-")))
    if not scene.need.is_standardised or parts["d"] != told:
        yield f"Maßstab vom {told}"
    if parts.get("own") and _is_rule(scene.earlier) != _is_rule(scene.need):
        yield "die Regel ist eine andere"


def _yardstick_order(scene: Scene, parts: Parts) -> Iterator[str]:
    if scene.need.scale["method"] not in ("percentile", "rank_exponential"):
        yield "gemessen wird anders"


def _yardstick_ends(scene: Scene, parts: Parts) -> Iterator[str]:
    if scene.need.scale["method"] != "minmax":
        yield "gemessen wird anders"


def _yardstick_fixed(scene: Scene, parts: Parts) -> Iterator[str]:
    if scene.need.scale["method"] != "fixed":
        yield "gemessen wird anders"


_V = "atlas.publication.views.changes"
_OTHERS = "eine Stufe kann sich auch ändern, weil sich die anderen Gebiete verändert haben."

SUMMARY_SENTENCES = (
    Sentence(
        "Zahl der Wechsel",
        _V,
        "<k:areas> mit anderer Stufe: <n:int> (<up:int> mit höherer Stufe; <down:int> "
        "mit niedrigerer Stufe<lost:lost>).",
        _summary,
    ),
    Sentence(
        "Zahl der Wechsel mit Robustheit",
        _V,
        "<k:areas> mit anderer Stufe: <n:int> (<up:int> mit höherer Stufe; <down:int> "
        "mit niedrigerer Stufe<lost:lost>). Davon belastbar: <firm:int>; an der Grenze: "
        "<near:int>.",
        _summary,
    ),
    Sentence(
        "keine Wechsel",
        _V,
        "Keine Veränderung: alle <which:which> <k:areas> haben dieselbe Stufe wie vorher.",
        _no_move,
    ),
    Sentence(
        "keine Stufen",
        _V,
        "<k:areas> mit einer Stufe: keine, an beiden Ständen.",
        _none_classified,
    ),
)
NOTE_SENTENCES = (
    Sentence(
        "anderer Gebietsstand",
        _V,
        "Der Gebietsstand ist ein anderer (<a:day> und <b:day>): verglichen sind Gebiete "
        "derselben Nummer.",
        _other_edition,
    ),
    Sentence(
        "andere Regel", _V, "Die Regel der Einstufung ist eine andere als vorher.", _other_rule
    ),
    Sentence(
        "Maß: Durchschnitt",
        _V,
        f"Der Index misst jedes Gebiet am Durchschnitt seines Stichtags: {_OTHERS}",
        _yardstick,
    ),
    Sentence(
        "Maß: Stadt",
        _V,
        f"Der Index misst jedes Gebiet an der ganzen Stadt an seinem Stichtag: {_OTHERS}",
        _yardstick_city,
    ),
    Sentence(
        "Maß: früherer Stichtag",
        _V,
        "Der Index misst jedes Gebiet an Mittel und Streuung vom <d:day><own:yardown>",
        _yardstick_frozen,
    ),
    Sentence(
        "Maß: Ränge",
        _V,
        f"Der Index ordnet die Gebiete seines Stichtags: {_OTHERS}",
        _yardstick_order,
    ),
    Sentence(
        "Maß: Enden",
        _V,
        "Der Index misst jedes Gebiet am kleinsten und am größten Wert seines Stichtags: "
        f"{_OTHERS}",
        _yardstick_ends,
    ),
    Sentence(
        "Maß: feste Grenzen",
        _V,
        "Der Index zählt feste Grenzen: die anderen Gebiete ändern keine Stufe.",
        _yardstick_fixed,
    ),
)
