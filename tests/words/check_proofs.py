"""Proofs of the examination of indicators: correlations, components, influence, overlaps."""

import math
from collections.abc import Iterator
from statistics import correlation, fmean

from atlas.publication.seen import Seen
from atlas.publication.views.indicator_check import Check, check_of
from tests.words.arithmetic import NOISE
from tests.words.german import is_shown, number
from tests.words.grammar import Parts, Reading, Scene, Sentence


def _scores(scene: Scene, item: str) -> list[float]:
    """Scores of an indicator over the classified areas, as the file has them."""
    lines = scene.book.column("quartier", scene.group, "need_index")
    keys = sorted(key for key, line in lines.items() if line.seen is not None)
    column = scene.book.column("quartier", scene.group, item)
    return [column[key].seen or 0.0 for key in keys]


def _r(one: list[float], other: list[float]) -> float | None:
    return None if min(map(_spread, (one, other))) <= NOISE else correlation(one, other)


def _spread(values: list[float]) -> float:
    return max(values) - min(values)


def _same(scene: Scene, parts: Parts) -> Iterator[str]:
    labels = {scene.book.label(item): item for item in scene.need.items}
    sides = [_scores(scene, f"{labels[parts[one]]}.z") for one in ("a", "b")]
    found = _r(*sides)
    if found is None or not is_shown(parts["r"], found) or found < 0.9:
        yield f"Korrelation {found}"


def _nested(scene: Scene, parts: Parts) -> Iterator[str]:
    of = scene.book.config["indicators"]
    labels = {scene.book.label(item): item for item in scene.need.items}
    names = {str(one["label"]): name for name, one in of["measures"].items()}
    part, whole = names[parts["part"]], names[parts["whole"]]
    for one, measure in ((parts["a"], part), (parts["b"], whole)):
        if measure not in of["indicators"][labels[one]]["numerator"]:
            yield f"{one} zählt nicht {measure}"
    above = of["measures"][part]["part_of"]
    while above is not None and above != whole:
        above = of["measures"][above]["part_of"]
    if above != whole or whole == "residents":
        yield f"{part} ist kein Teil von {whole}"


def _components(scene: Scene, parts: Parts) -> Iterator[str]:
    """Check what shares of a spectrum must be: order, sum, and the sum of their squares."""
    columns = [_scores(scene, f"{item}.z") for item in scene.need.items]
    columns = [one for one in columns if _spread(one) > NOISE]
    k = len(columns)
    shares = [float(number(one.split()[1])) / 100 for one in parts["list"].split("; ")]
    if int(number(parts["n"])) != len(columns[0]):
        yield f"eingestuft sind {len(columns[0])}"
    # The squared eigenvalues sum to the squared correlations of all pairs.
    squares = sum((_r(one, other) or 0.0) ** 2 for one in columns for other in columns)
    off = [
        len(shares) - k,
        sum(shares) - 1,
        (k * k * sum(one * one for one in shares) - squares) / (k * k),
    ]
    if any(abs(one) > 0.005 for one in off) or shares != sorted(shares, reverse=True):
        yield f"Anteile {shares}"


_C = "atlas.publication.views.indicator_check"
CHECK_SENTENCES = (
    Sentence(
        "zweimal gezählt",
        _C,
        "<a:ind> und <b:ind> verlaufen fast gleich (Korrelation <r:num>): Der Index zählt "
        "damit weitgehend dasselbe zweimal.",
        _same,
    ),
    Sentence(
        "Teil voneinander",
        _C,
        "<a:ind> und <b:ind> überschneiden sich: Wer zu „<part:anything>“ zählt, zählt auch zu "
        "„<whole:anything>“.",
        _nested,
    ),
    Sentence(
        "Hauptkomponenten",
        _C,
        "Eingestufte <k:areas>: <n:int>. Anteil der Hauptkomponenten an der Streuung aller "
        "Indikatoren: <list:free> %.",
        _components,
    ),
)


def read_check(seen: Seen, scene: Scene, reading: Reading) -> None:
    """Read the examination of one group, and prove its tables."""
    found = check_of(seen)
    if found is None:
        return
    for told in (*found.warnings, found.summary):
        reading.take(scene, told, CHECK_SENTENCES, "Prüfung")
    _check_pairs(found, scene, reading)
    _check_parts(found, scene, reading)


def _check_pairs(found: Check, scene: Scene, reading: Reading) -> None:
    labels = {scene.book.label(item): f"{item}.z" for item in scene.need.items}
    k = len(labels)
    reading.check(scene, "Paare", len(found.pairs.rows) == k * (k - 1) // 2, "Zahl der Paare")
    high = 0
    for one, other, pearson, spearman in found.pairs.rows:
        sides = [_scores(scene, labels[str(name)]) for name in (one, other)]
        told = [(pearson, _r(*sides)), (spearman, _r(*map(_ranks, sides)))]
        high += (told[0][1] or 0.0) >= 0.9
        is_true = all(_is_close(shown, own) for shown, own in told)
        reading.check(scene, "Zusammenhang", is_true, f"{one}, {other}: {told}")
    warned = sum("verlaufen fast gleich" in one for one in found.warnings)
    reading.check(scene, "Warnungen", warned == high, f"{warned} statt {high}")


def _check_parts(found: Check, scene: Scene, reading: Reading) -> None:
    index = _scores(scene, "need_index")
    own = [_r(_scores(scene, f"{item}.z"), index) for item in scene.need.items]
    squares = [None if one is None else one * one for one in own]
    total = sum(one or 0.0 for one in squares)
    intended = [scene.need.share(item) for item in scene.need.items]
    for row, square, wanted in zip(found.parts.rows, squares, intended, strict=True):
        share = None if square is None else square / total
        told = [
            (row[1], 100 * wanted),
            (row[2], None if share is None else 100 * share),
            (row[3], None if square is None else 100 * square),
        ]
        is_true = all(_is_close(shown, one) for shown, one in told)
        reading.check(scene, "Einfluss", is_true, f"{row}: {told}")


def _ranks(values: list[float]) -> list[float]:
    """Mean ranks of equal values."""
    ordered = sorted(values)
    return [
        fmean(place for place, other in enumerate(ordered) if other == value)
        for value in values
    ]


def _is_close(shown: object, own: float | None) -> bool:
    if shown is None or own is None:
        return shown is own
    return isinstance(shown, float) and math.isclose(shown, own, rel_tol=1e-6, abs_tol=1e-6)
