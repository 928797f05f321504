"""Boundaries to layers of ``areas.toml``: which columns are key, name and parent."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import shapely

from atlas.confidential.delivery.keys import fold_name
from atlas.confidential.suggest.suggestion import Value
from atlas.geography.peek import Peek

_KEYS = re.compile(r"nr$|nummer|key|schl|kenn|code|_id$|^id|^nr|ags|plr", re.IGNORECASE)
_NAMES = re.compile(r"name|bez|^gen$|label|text|titel", re.IGNORECASE)
_INTERNAL = re.compile(r"objectid|^fid|^gid|uuid|ogc_|shape|gml_id|global|oid", re.IGNORECASE)
_PARENTS = re.compile(r"bez|distr|parent|stb|kreis|region|ober|gebiet", re.IGNORECASE)
_BLOCKS = re.compile(r"block|bloeck|blöck", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBERED = re.compile(r"[._:-][0-9]+$")  # what a program calls its features
_LONGEST_KEY = 20
_WHOLE = 0.9  # a feature with this share of the area of all others is the city
_FEWEST = 2
_COMMON = 0.5
LABELS = (
    ("stadtteil", "Stadtteil", "Stadtteile"),
    ("ortsteil", "Ortsteil", "Ortsteile"),
    ("planungsraum", "Planungsraum", "Planungsräume"),
    ("planungsraeum", "Planungsraum", "Planungsräume"),
    ("quartier", "Quartier", "Quartiere"),
    ("bezirksteil", "Bezirksteil", "Bezirksteile"),
    ("stadtviertel", "Stadtviertel", "Stadtviertel"),
    ("viertel", "Viertel", "Viertel"),
    ("stadtbezirk", "Stadtbezirk", "Stadtbezirke"),
    ("statistische", "Statistischer Bezirk", "Statistische Bezirke"),
    ("gemeinde", "Gemeinde", "Gemeinden"),
    ("bezirk", "Bezirk", "Bezirke"),
    ("quarter", "Stadtteil", "Stadtteile"),
    ("district", "Bezirk", "Bezirke"),
)


@dataclass(frozen=True)
class Found:
    """One layer of boundaries with what its columns were taken for.

    Attributes
    ----------
    settings
        Keys of ``[editions.<kind>]`` beside ``file``.
    keys
        Key of each feature that stays.
    doubts
        What is unsure.
    """

    peek: Peek
    kind: str
    settings: Mapping[str, Value]
    keys: tuple[str, ...] = field(repr=False)
    doubts: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, str, bool]:
        """Singular and plural of the kind, and whether file or layer says so."""
        told = f"{self.peek.layer or self.peek.path.stem} {' '.join(self.peek.columns)}".lower()
        usual = {"block": ("Baublock", "Baublöcke"), "district": ("Bezirk", "Bezirke")}
        for word, one, many in LABELS if self.kind != "block" else ():
            if word in told.split(" ")[0]:
                return one, many, True
        one, many = usual.get(self.kind, ("Quartier", "Quartiere"))
        return one, many, self.kind == "block"


def find_layers(peeks: Sequence[Peek], words: frozenset[str]) -> list[Found]:
    """Tell kinds by the number of areas and their columns by what stands in them.

    Parameters
    ----------
    words
        Texts of the samples: a column whose texts stand there is the key or the name.
    """
    cities = [one for one in peeks if one.count == 1]
    kept = sorted((one for one in peeks if one not in cities), key=lambda one: -one.count)
    blocks = [one for one in kept if _BLOCKS.search(f"{one.path.stem} {one.layer}")][:1]
    others = [one for one in kept if one not in blocks]
    kinds = ["quartier", "district", *(f"level_{n}" for n in range(3, len(others) + 1))]
    pairs = [*((one, "block") for one in blocks), *zip(others, kinds, strict=False)]
    layers: list[Found] = []
    for one, kind in pairs:
        layers.append(_layer(one, kind, words))
        words = words | _told_by(layers[-1])
    return [_with_parent(layer, above) for layer, above in pairwise([*layers, None]) if layer]


def _told_by(layer: Found) -> frozenset[str]:
    """Texts by which an area may name a larger one: of any column, or how its key begins."""
    texts = {text for cells in layer.peek.columns.values() for text in cells}
    return frozenset(texts | {key[:n] for key in layer.keys for n in range(1, len(key))})


def _layer(one: Peek, kind: str, words: frozenset[str]) -> Found:
    kept, filtered = _without_city(one)
    key, doubts = _key_column(one, kept, words)
    settings: dict[str, Value] = {"layer": one.layer} if one.layer else {}
    settings |= {"encoding": one.encoding} if one.encoding else {}
    settings["key"] = key
    name = _name_column(one, kept, key, words)
    if name is not None:
        settings["name"] = name
    if filtered is not None:
        settings["filter"] = filtered
    keys = tuple(one.columns[key][i] for i in kept)
    if len(set(keys)) < len(keys):
        settings["unite"] = True
        doubts = (
            *doubts,
            "mehrere Flächen tragen denselben Schlüssel und gelten als ein Gebiet",
        )
    return Found(one, kind, settings, keys, doubts)


def _without_city(one: Peek) -> tuple[list[int], dict[str, Value] | None]:
    """Features but for one that covers all others, with the filter that leaves it out."""
    areas = shapely.area(one.shapes.to_numpy())
    every = list(range(one.count))
    for i in every if one.count > _FEWEST else ():
        if areas[i] < _WHOLE * (areas.sum() - areas[i]):
            continue
        for column, texts in one.columns.items():
            if texts[i] and texts.count(texts[i]) == 1:
                rest = [at for at in every if at != i]
                return rest, {column: {"not_in": [texts[i]]}}
    return every, None


def _key_column(
    one: Peek, kept: Sequence[int], words: frozenset[str]
) -> tuple[str, tuple[str, ...]]:
    scores: dict[str, float] = {}
    for column in one.columns:
        texts = [one.columns[column][i] for i in kept]
        if all(texts) and max(map(len, texts)) <= 3 * _LONGEST_KEY:
            scores[column] = _key_score(column, texts, words)
    if not scores:
        return next(iter(one.columns), ""), ("keine Spalte hat in jeder Zeile einen Text",)
    best = max(scores, key=lambda column: scores[column])
    second = sorted(scores.values())[-2:][0] if len(scores) > 1 else -1.0
    is_close = len(scores) > 1 and scores[best] - second < 1 and second > 0
    doubts = ("andere Spalten könnten ebenso der Schlüssel sein",) if is_close else ()
    return best, doubts


def _key_score(column: str, texts: Sequence[str], words: frozenset[str]) -> float:
    """Higher for what is unique, looks like a key, and stands in the samples.

    A column of names is the key only where several shapes make up an area of the samples.
    """
    distinct = set(texts)
    is_whole = len(distinct) == len(texts)
    is_name = sum(bool(_WORD.search(text)) for text in texts) >= _WHOLE * len(texts)
    digits = all(text.isdigit() for text in texts)
    common = sum(text in words for text in distinct) / len(distinct)
    score = 4.0 if is_whole else 3.0 * len(distinct) / len(texts) - 0.5
    score += 0.0 if is_name and is_whole else 8.0 * common
    score += 1.0 * bool(_KEYS.search(column)) - 4.0 * bool(_INTERNAL.search(column))
    score -= 0.5 * (column.lower() == "id")  # many programs number features so
    score += 1.0 * (digits and len({len(text) for text in texts}) == 1)
    score -= 1.0 * (max(map(len, texts)) > _LONGEST_KEY) + 3.0 * (is_name and is_whole)
    is_decimal = all(re.fullmatch(r"-?[0-9]+[.,][0-9]+", text) for text in texts)
    score -= 2.0 * (is_decimal and common < _COMMON)
    is_plain = digits and all(str(int(text)) == text for text in texts)
    first = min(map(int, texts)) if is_plain else 0
    is_count = is_plain and sorted(map(int, distinct)) == list(range(first, first + len(texts)))
    return score - 1.5 * (is_count and first < _FEWEST and not common)


def _name_column(one: Peek, kept: Sequence[int], key: str, words: frozenset[str]) -> str | None:
    folded = {fold_name(word) for word in words}
    scores: dict[str, float] = {}
    for column, cells in one.columns.items():
        texts = [cells[i] for i in kept]
        named = [text for text in texts if _WORD.search(text)]
        is_number = all(_NUMBERED.search(text) for text in texts)
        if column == key or is_number or len(named) < _WHOLE * len(texts):
            continue
        distinct = set(texts)
        score = 3.0 * len(distinct) / len(texts) + 2.0 * bool(_NAMES.search(column))
        score += 3.0 * sum(fold_name(text) in folded for text in distinct) / len(distinct)
        scores[column] = score - 3.0 * bool(_INTERNAL.search(column))
    if len({one.columns[key][i] for i in kept}) < len(kept):
        return None  # what stands in several rows is a name already
    best = max(scores, key=lambda column: scores[column], default=None)
    return best if best is not None and scores[best] > _FEWEST else None


def _with_parent(layer: Found, above: Found | None) -> Found:
    """Find how an area names the larger one; by its shape where nothing else does."""
    if above is None:
        return layer
    column = _column_of(layer, set(above.keys))
    if column is not None:
        return _set(layer, "parent", column)
    for width in sorted({len(key) for key in above.keys}):
        starts = {key[:width] for key in layer.keys}
        if starts == set(above.keys):
            return _set(layer, "parent_pattern", f"^.{{{width}}}")
    return layer


def _column_of(layer: Found, wanted: set[str]) -> str | None:
    for column, texts in layer.peek.columns.items():
        found = {text for text in texts if text}
        if column != layer.settings["key"] and len(found) > 1 and found <= wanted:
            return column
    return None


def _set(layer: Found, key: str, value: str) -> Found:
    settings = {**layer.settings, key: value}
    return Found(layer.peek, layer.kind, settings, layer.keys, layer.doubts)


@dataclass(frozen=True)
class Districts:
    """Larger areas that the smaller ones name: a column, and names where another has them."""

    column: str
    names: Mapping[str, str]


def districts_in(layer: Found) -> Districts | None:
    """Find a column that gathers the areas into a few larger ones."""
    best: tuple[float, str] | None = None
    for column, texts in layer.peek.columns.items():
        counts = Counter(texts)
        if column in (layer.settings["key"], layer.settings.get("name")) or "" in counts:
            continue
        if not _PARENTS.search(column) or not 1 < len(counts) <= layer.peek.count / _FEWEST:
            continue
        is_key = all(len(text) <= _LONGEST_KEY for text in counts)
        starts = all(key.startswith(text) for key, text in zip(layer.keys, texts, strict=False))
        score = 2.0 * is_key + 2.0 * starts - 0.01 * len(counts)
        score += 1.0 * all(text.isdigit() for text in counts)
        if best is None or score > best[0]:
            best = score, column
    if best is None:
        return None
    return Districts(best[1], _names_of(layer, best[1]))


def _names_of(layer: Found, column: str) -> dict[str, str]:
    """Texts of another column that belong to each of the larger areas alone."""
    keys = layer.peek.columns[column]
    for other, texts in layer.peek.columns.items():
        pairs = set(zip(keys, texts, strict=True))
        names = {name for _, name in pairs}
        is_named = all(_WORD.search(name) for name in names)
        if other != column and is_named and len(pairs) == len(names) == len(set(keys)):
            return dict(sorted(pairs))
    return {}
