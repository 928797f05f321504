"""Proofs of sentences about a level: what it is, why, how far from a cut, how firm."""

from collections.abc import Iterator
from decimal import Decimal

from tests.words.arithmetic import NOISE, Reckoning
from tests.words.german import day, is_shown, listed, number, shown
from tests.words.grammar import Parts, Scene, Sentence
from tests.words.why_proofs import REASONS, why_not

_EVEN = 0.005


def step_of(text: str) -> int:
    """Number of ``Stufe 3 „…“``."""
    return int(text.split()[1])


def named_as(reckoned: Reckoning, text: str) -> Iterator[str]:
    """Check that a level has the name that it had in its release."""
    key = "dynamic_labels" if text.startswith("Dynamik") else "labels"
    names = reckoned.book.config["levels"][key]
    if f"„{names[str(step_of(text))]}“" != text.split(" ", 2)[2]:
        yield "anderer Name der Stufe"


def _classified(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = _which(scene, parts["level"])
    yield from named_as(reckoned, parts["level"])
    line = reckoned.book.line("quartier", scene.group, reckoned.level_item, scene.area)
    if reckoned.level(scene.area) != step_of(parts["level"]) or line.seen != step_of(
        parts["level"]
    ):
        yield f"Stufe ist {reckoned.level(scene.area)}"
    if bool(parts["est"]) != reckoned.is_carried:
        yield "geschätzt oder nicht"
    if (int(parts["r"]), int(parts["n"])) != (
        reckoned.rank(scene.area),
        len(reckoned.index),
    ):
        yield f"Rang ist {reckoned.rank(scene.area)} von {len(reckoned.index)}"
    yield from _is_title(scene, parts)


def _is_title(scene: Scene, parts: Parts) -> Iterator[str]:
    if parts["t"] != scene.book.titles(scene.kind)[scene.area]:
        yield "anderes Gebiet"


def _which(scene: Scene, level: str) -> Reckoning:
    return scene.dynamic if level.startswith("Dynamik") else scene.need


def _before_atlas(scene: Scene, parts: Parts) -> Iterator[str]:
    line = scene.book.line("quartier", scene.group, "need_level", scene.area)
    yield from named_as(scene.need, parts["level"])
    if line.reason != "veroeffentlicht" or line.seen != step_of(parts["level"]):
        yield f"{line.seen} {line.reason}"
    if (scene.area in scene.need.index) != bool(parts.get("own")):
        yield "Index da oder nicht"
    yield from _is_title(scene, parts)


def _unclassified(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from _is_title(scene, parts)
    yield from why_not(scene, scene.need, parts["why"])


def _unclassified_dynamic(scene: Scene, parts: Parts) -> Iterator[str]:
    yield from _is_title(scene, parts)
    clause = parts["why"]
    line = scene.book.line("quartier", scene.group, "dynamic_level", scene.area)
    if REASONS.get(clause, line.reason) != line.reason:
        yield f"Grund ist {line.reason}"
    if line.seen is not None:
        yield "es gibt eine Klasse"


def centre_fits(reckoned: Reckoning, text: str) -> bool:
    """Whether ``Durchschnitt der Quartiere vom …`` names the centre in force, and its year."""
    is_city = reckoned.scale["mean_base"] == "city_value"
    plural = reckoned.book.plural("quartier")
    name = "Stadt insgesamt" if is_city else f"Durchschnitt der {plural}"
    own, _, told = text.partition(" vom ")
    return own == name and (day(told) if told else "") == reckoned.frozen


def _drivers(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = scene.need
    is_more = parts["more"] == "Mehr"
    base, _, told = parts["base"].partition(" am ")
    is_city = reckoned.scale["mean_base"] == "city_value"
    expected = (
        "in der Stadt insgesamt"
        if is_city
        else f"im Durchschnitt der {scene.book.plural('quartier')}"
    )
    if base != expected:
        yield f"gemessen wird {expected}"
    if (day(told) if told else "") != reckoned.frozen:
        yield f"Mitte und Streuung sind vom {reckoned.frozen or scene.book.day}"
    labels = {scene.book.label(item): item for item in reckoned.items}
    found = listed(parts["list"], [*labels, *(f"{n} weiteren" for n in range(2, 30))])
    rest = int(found.pop().split()[0]) if found[-1].endswith(" weiteren") else 0
    amounts = {
        item: reckoned.contribution(item, scene.area)
        for item in reckoned.items
        if not is_context(scene, item)
    }
    of_sign = sorted(
        (item for item, amount in amounts.items() if (amount > 0) == is_more),
        key=lambda item: (-abs(amounts[item]), item),
    )
    expected_items = [item for item in of_sign if abs(amounts[item]) >= _EVEN - NOISE]
    names = [one.removesuffix(" (am stärksten)") for one in found]
    if [labels[one] for one in names] != expected_items[: len(names)]:
        yield f"es sind {expected_items}"
    if len(names) + rest != len(expected_items):
        yield "andere Zahl von Indikatoren"
    for one in names:
        yield from _direction(scene, reckoned, labels[one], is_more)


def _direction(scene: Scene, reckoned: Reckoning, item: str, is_more: bool) -> Iterator[str]:
    value, centre = reckoned.value(item, scene.area), reckoned.centre(item)
    sign = next(sign for one, _, sign in reckoned.parts if one == item)
    if value is None or centre is None or (sign * (value - centre) > 0) != is_more:
        yield f"{item}: {value} gegen {centre}"


def is_context(scene: Scene, item: str) -> bool:
    """Whether an indicator tells of the surroundings, as the city says."""
    return bool(scene.book.config["indicators"]["indicators"][item].get("is_context"))


def _surroundings(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned, side = scene.need, 1 if parts["side"] == "Über" else -1
    name, _, told = parts["measure"].partition(" vom ")
    is_city = reckoned.scale["mean_base"] == "city_value"
    plural = scene.book.plural("quartier")
    if name != ("Wert der Stadt insgesamt" if is_city else f"Durchschnitt der {plural}"):
        yield f"gemessen wird anders als am {name}"
    if (day(told) if told else "") != reckoned.frozen:
        yield f"Mitte und Streuung sind vom {reckoned.frozen or scene.book.day}"
    found = [
        item
        for item in reckoned.items
        if is_context(scene, item)
        and abs(reckoned.contribution(item, scene.area)) >= _EVEN - NOISE
        and side * ((reckoned.value(item, scene.area) or 0.0) - (reckoned.centre(item) or 0.0))
        > 0
    ]
    labels = {scene.book.label(item): item for item in reckoned.items}
    if sorted(labels[one] for one in listed(parts["list"], list(labels))) != sorted(found):
        yield f"es sind {found}"


def _even(scene: Scene, parts: Parts) -> Iterator[str]:
    amounts = [scene.need.contribution(item, scene.area) for item in scene.need.items]
    if any(abs(one) >= _EVEN + NOISE for one in amounts):
        yield f"Beiträge {amounts}"


def _adding(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = scene.need
    amounts = {item: reckoned.contribution(item, scene.area) for item in reckoned.items}
    adding = sorted((i for i in amounts if amounts[i] > 0), key=lambda i: (-amounts[i], i))
    labels = {scene.book.label(item): item for item in reckoned.items}
    named = listed(parts["list"], list(labels)) if parts.get("list") else []
    names = [labels[one.removesuffix(" (am stärksten)")] for one in named]
    if names != adding[: len(names)] or (not names and adding):
        yield f"es sind {adding}"


def _carried(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = scene.need
    if day(parts["d"]) != reckoned.carried_day:
        yield f"fortgeschrieben vom {reckoned.carried_day}"
    labels = [scene.book.label(item) for item in reckoned.carried_items]
    if listed(parts["list"], labels or [""]) != labels:
        yield f"fortgeschrieben sind {labels}"


def _main_reason(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = scene.need
    is_above = parts["where"] == "über"
    if (reckoned.index[scene.area] > 0) != is_above:
        yield f"Index {reckoned.index[scene.area]}"
    is_city = reckoned.scale["mean_base"] == "city_value"
    measure = "Wert der Stadt insgesamt" if is_city else "Durchschnitt"
    own, _, told = parts["measure"].partition(" vom ")
    if own != measure or (day(told) if told else "") != reckoned.frozen:
        yield f"gemessen wird am {measure} von {reckoned.frozen or scene.book.day}"
    item = _item(scene, reckoned, parts["label"])
    strongest = max(
        reckoned.items,
        key=lambda one: reckoned.contribution(one, scene.area) * (1 if is_above else -1),
    )
    amounts = [reckoned.contribution(one, scene.area) for one in (item, strongest)]
    if abs(amounts[0] - amounts[1]) > NOISE:
        yield f"am stärksten ist {strongest}"
    yield from value_fits(scene, reckoned, item, parts["value"])
    beside = parts["beside"].split(", ")
    for one in beside:
        yield from _beside_fits(scene, reckoned, item, one)
    has_city = scene.book.city(scene.group, item) is not None
    if len(beside) != 1 + (not is_city and has_city):
        yield "beide Durchschnitte gehören genannt"


def _beside_fits(scene: Scene, reckoned: Reckoning, item: str, text: str) -> Iterator[str]:
    """Prove ``Durchschnitt der Quartiere 12,0 %`` or ``Stadt insgesamt 15,1 %``."""
    unit = scene.book.unit(item)
    bare = text.removesuffix(f" {unit}") if unit else text
    name, _, figure = bare.rpartition(" ")
    is_city_value = name == "Stadt insgesamt" and reckoned.scale["mean_base"] == "area_mean"
    value = scene.book.city(scene.group, item) if is_city_value else reckoned.centre(item)
    if not is_city_value and not centre_fits(reckoned, name):
        yield f"{name} ist nicht das Maß"
    if value is None or not is_shown(figure, value):
        yield f"{name} ist {value}"


def _item(scene: Scene, reckoned: Reckoning, label: str) -> str:
    return next(item for item in reckoned.items if scene.book.label(item) == label)


def value_fits(scene: Scene, reckoned: Reckoning, item: str, text: str) -> Iterator[str]:
    """Prove a value as shown, or the words for one that is carried forward."""
    own = scene.book.line("quartier", scene.group, item, scene.area)
    if text.startswith("Wert vom "):
        is_so = item in reckoned.carried_items and own.seen is None
        if not is_so or text != f"Wert vom {_as_day(reckoned.carried_day)} (geschätzt)":
            yield "nicht fortgeschrieben"
        return
    unit = scene.book.unit(item)
    figure = text.removesuffix(f" {unit}") if unit else text
    if own.seen is None or not is_shown(figure, own.seen):
        yield f"{item} ist {own.seen}"


def _as_day(iso: str) -> str:
    return ".".join(reversed(iso.split("-")))


def _most(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = scene.need
    item = _item(scene, reckoned, parts["label"])
    own = reckoned.contribution(item, scene.area)
    if own <= 0 or any(reckoned.contribution(i, scene.area) > own for i in reckoned.items):
        yield "ein anderer Indikator trägt mehr bei"
    yield from value_fits(scene, reckoned, item, parts["value"])


def _contribution(scene: Scene, parts: Parts) -> Iterator[str]:
    reckoned = scene.need
    item = _item(scene, reckoned, parts["label"])
    amount = reckoned.contribution(item, scene.area)
    value, _, centre = parts["value"].partition(f", {_centre_start(reckoned)}")
    yield from value_fits(scene, reckoned, item, value)
    if centre:
        text = _centre_start(reckoned) + centre
        if reckoned.is_standardised:
            yield from _beside_fits(scene, reckoned, item, text)
    told = parts.get("amount")
    exact = shown(amount, 2)
    if told is None:
        if abs(amount) >= 0.01:
            yield f"Beitrag {amount}"
        return
    is_up = parts["effect"] == "hebt"
    if (amount > 0) != is_up or abs(number(told) - abs(exact)) > Decimal("0.01"):
        yield f"Beitrag {amount}"


def _centre_start(reckoned: Reckoning) -> str:
    is_city = reckoned.scale["mean_base"] == "city_value"
    return (
        "Stadt insgesamt" if is_city else f"Durchschnitt der {reckoned.book.plural('quartier')}"
    )


_LEVELS = "atlas.sentences.levels"
_REASON = "atlas.publication.views.reasons"

LEVEL_SENTENCES = (
    Sentence(
        "Stufe",
        _LEVELS,
        "<t:area>: <level:level><est:est>, Rang <r:int> von <n:int>.",
        _classified,
    ),
    Sentence(
        "früher veröffentlicht",
        _LEVELS,
        "<t:area>: <level:level>, veröffentlicht, bevor es den Atlas gab.",
        _before_atlas,
    ),
    Sentence(
        "früher veröffentlicht, mit Index",
        _LEVELS,
        "<t:area>: <level:level>, veröffentlicht, bevor es den Atlas gab; <own:own>.",
        _before_atlas,
    ),
    Sentence(
        "nicht klassifiziert",
        _LEVELS,
        "<t:area> ist nicht klassifiziert: <why:free>.",
        _unclassified,
    ),
    Sentence(
        "noch keine Stufe", _LEVELS, "<t:area> hat noch keine Stufe: <why:free>.", _unclassified
    ),
)
DYNAMIC_SENTENCES = (
    Sentence(
        "Klasse",
        _LEVELS,
        "<t:area>: <level:level><est:est>, Rang <r:int> von <n:int>.",
        _classified,
    ),
    Sentence(
        "nicht klassifiziert (Dynamik)",
        _LEVELS,
        "<t:area> ist nicht klassifiziert: <why:free>.",
        _unclassified_dynamic,
    ),
    Sentence(
        "noch keine Klasse",
        _LEVELS,
        "<t:area> hat noch keine Klasse: <why:free>.",
        _unclassified_dynamic,
    ),
)
DRIVER_SENTENCES = (
    Sentence(
        "mehr oder weniger",
        _REASON,
        "<more:more> <need:need> als <base:base> bei <list:free>.",
        _drivers,
    ),
    Sentence(
        "überall gleich viel",
        _REASON,
        "In allen Indikatoren so viel <need:need> wie <base:base>.",
        _even,
    ),
    Sentence(
        "Umfeld", _REASON, "<side:side2> dem <measure:around>: <list:free>.", _surroundings
    ),
    Sentence("tragen bei", _REASON, "Zum Index tragen bei: <list:free>.", _adding),
    Sentence("nichts trägt bei", _REASON, "Kein Indikator trägt etwas zum Index bei.", _adding),
    Sentence(
        "fortgeschrieben",
        "atlas.publication.views.contributions",
        "Geschätzt mit dem Wert vom <d:day>: <list:free>.",
        _carried,
    ),
)
MAIN_SENTENCES = (
    Sentence(
        "Hauptgrund",
        _REASON,
        "Der Index liegt <where:where> dem <measure:measure>, vor allem wegen: "
        "<label:ind> <value:value> (<beside:free>).",
        _main_reason,
    ),
    Sentence("am meisten", _REASON, "Am meisten trägt bei: <label:ind> <value:value>.", _most),
)
PART_SENTENCES = (
    Sentence(
        "Beitrag",
        "atlas.publication.views.contributions",
        "<label:ind> <value:free>: <effect:effect> den Index um <amount:num>.",
        _contribution,
    ),
    Sentence(
        "kein Beitrag",
        "atlas.publication.views.contributions",
        "<label:ind> <value:free>: ändert den Index kaum.",
        _contribution,
    ),
)
