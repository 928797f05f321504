"""Which column of a table names the areas, and how its texts become their keys."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from atlas.confidential.delivery.keys import fold_name
from atlas.confidential.delivery.parse import common_width
from atlas.confidential.delivery.request import KnownAreas
from atlas.terms import Kind

# Ways in which a key stands in a cell with something else.
_PATTERNS = (
    "([0-9]+) .*",
    "([0-9.]+) .*",
    "([0-9]+)[ .:_-]+[^0-9].*",
    r".*\(([^()]+)\)",
    ".*[^0-9]([0-9]+)",
    "[0-9. ]+[ .:_-]*([^0-9].*)",
    r"(.+?) *\([^()]+\)",
    "(.+?),.*",
)
_FEWEST = 2
_SOME = 0.3  # where a pattern takes keys out of texts
_ENOUGH = 0.5  # share of texts in a column that have to be areas
_WHOLE = re.compile("([0-9]+)(?:[.,]0)?")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Gazetteer:
    """Every kind of area that a city has, per edition; and what the city itself is called."""

    kinds: tuple[tuple[Kind, KnownAreas], ...] = field(repr=False)
    city_key: str = ""
    city_name: str = ""


@dataclass(frozen=True)
class Reading:
    """One way to read texts as keys of areas."""

    kind: Kind
    known: KnownAreas = field(repr=False)
    pattern: str = ""
    width: int = 0
    by_name: bool = False

    def taken(self, text: str) -> str:
        """Take out of a cell what the pattern names; all of it where it does not fit."""
        match = re.fullmatch(self.pattern, text) if self.pattern else None
        return text if match is None else match[1].strip()

    def keys(self, texts: Iterable[str]) -> dict[str, str]:
        """Texts that name an area, with its key."""
        names = {fold_name(name): key for name, key in self.known.names.items()}
        found = {}
        for text in texts:
            taken = self.taken(text)
            key = names.get(fold_name(taken), "") if self.by_name else taken
            if not self.by_name and self.width and (number := _WHOLE.fullmatch(key)):
                key = number[1].zfill(self.width)
            if key in self.known.keys:
                found[text] = key
        return found


@dataclass(frozen=True)
class AreaColumn:
    """The column of areas: its position, how it is read, and the key of each of its texts."""

    position: int
    reading: Reading
    keys: Mapping[str, str] = field(repr=False)

    @property
    def covered(self) -> float:
        """Share of the areas of the kind that the column names."""
        return len(set(self.keys.values())) / len(self.reading.known.keys)

    @property
    def is_sure(self) -> bool:
        """Whether keys stand there as they are, with zeros that no number begins with."""
        reading = self.reading
        is_plain = not (reading.pattern or reading.width or reading.by_name)
        return is_plain and any(text.startswith("0") for text in self.keys)


def find_area_column(columns: Sequence[Sequence[str]], places: Gazetteer) -> AreaColumn | None:
    """Find the column whose texts name most areas; None where no column does.

    Keys with their zeros go before whatever could be read as such: ages and running numbers
    are. Among equals: what needs no pattern, keys before names, the left column.
    """
    scored: list[tuple[tuple[float, ...], AreaColumn]] = []
    for position, cells in enumerate(columns):
        texts = [text for text in dict.fromkeys(cells) if text]
        for found in _candidates(position, texts, places):
            score = _score(found, texts)
            if score is not None:
                scored.append((score, found))
    sure = {found.reading.kind for _, found in scored if found.is_sure}
    left = [one for one in scored if not _yields(one[1].reading, sure)]
    return max(left, key=lambda one: one[0], default=(None, None))[1]


def _yields(reading: Reading, sure: Collection[Kind]) -> bool:
    """Whether a way to make keys of other texts is a worse guess than keys that stand there.

    A file that keeps the zeros of one column keeps those of all; only a key with something
    beside it may be of another kind.
    """
    return reading.kind in sure if reading.pattern else bool(reading.width and sure)


def _candidates(position: int, texts: Sequence[str], places: Gazetteer) -> Iterator[AreaColumn]:
    for kind, known in places.kinds:
        for reading in _readings(kind, known, texts):
            keys = reading.keys(texts)
            if len(set(keys.values())) >= min(_FEWEST, len(known.keys)):
                yield AreaColumn(position, reading, keys)


def _readings(kind: Kind, known: KnownAreas, texts: Sequence[str]) -> Iterator[Reading]:
    width_of_keys = common_width(known.keys)
    yield Reading(kind, known)
    numbers = [number[1] for text in texts if (number := _WHOLE.fullmatch(text))]
    if any(len(number) < width_of_keys for number in numbers):
        yield Reading(kind, known, width=width_of_keys)
    yield Reading(kind, known, by_name=True)
    for pattern in (*_PATTERNS, *_prefix(texts, known)):
        plain = Reading(kind, known, pattern)
        taken = [one for one in map(plain.taken, texts) if one.isdigit()]
        is_short = any(len(one) < width_of_keys for one in taken)
        yield Reading(kind, known, pattern, width_of_keys if is_short else 0)
        yield Reading(kind, known, pattern, by_name=True)


def _prefix(texts: Sequence[str], known: KnownAreas) -> Iterator[str]:
    """Find what stands before every key, such as that of the city."""
    before: Counter[str] = Counter()
    lengths = {len(key) for key in known.keys}
    for text in texts:
        for length in lengths:
            if 0 < length < len(text) and text[-length:] in known.keys:
                before[text[:-length]] += 1
    for prefix, count in before.most_common(1):
        if count > 1:
            yield f"{re.escape(prefix)}(.+)"


def _score(found: AreaColumn, texts: Sequence[str]) -> tuple[float, ...] | None:
    """Order of candidates; None where too few texts are areas, or numbers happen to be keys."""
    share = len(found.keys) / len(texts)
    has_words = any(_WORD.search(text) for text in found.keys)
    doubled = len(found.keys) - len(set(found.keys.values()))
    reading = found.reading
    if share < _ENOUGH and (found.covered < _ENOUGH or (reading.pattern and share < _SOME)):
        return None
    return (
        len(set(found.keys.values())),
        -doubled,
        not reading.pattern,
        not reading.width,
        not reading.by_name,
        has_words or share == 1,
        share,
        -found.position,
    )
