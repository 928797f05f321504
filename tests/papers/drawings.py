"""Drawings of papers: what is written in them, and the text for who does not see them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.papers.tables import series_item
from tests.papers.tagged import Element
from tests.words.german import DAY, NUMBER, day, number, shown

if TYPE_CHECKING:
    from tests.papers.proof import Sight

_COUNT = re.compile(r"(?:\b(\d) )?([^\d·().]+?) \((\d+)\)")
_TOLD = re.compile(r"()([^:;.]+): (\d+)(?=[;.])")
_NUMBER = re.compile(rf"(?<![\d.,]){NUMBER}(?![\d.,])")
_ON_DAY = re.compile(rf"(?<![\d.,])({NUMBER})(?: [^\d ]+)? am ({DAY})")
_SCALE = re.compile(r"\b\d+ k?m\b")
_MARKS = re.compile(r"^(?:\d )+(?=\D)")


def drawing_strangers(
    sight: "Sight", one: Element, stripped: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Give both texts of a drawing, and what of each is not proved."""
    if line := _line(sight, one):
        yield one.text, stripped(_NUMBER.sub(lambda told: _unless_on(told, line), one.text))
        yield one.alt, stripped(_ON_DAY.sub(lambda told: _unless_then(told, line), one.alt))
        return
    counts = _counts(sight)
    drawn = one.text
    levels = {str(step) for step in counts if step.isdigit()}
    if (marks := _MARKS.match(drawn)) and set(marks.group().split()) <= levels:
        told = Counter(marks.group().split())
        if all(told[step] <= counts[step] for step in told):
            drawn = drawn[marks.end() :]
    left = _COUNT.sub(lambda found: _unless(found, counts), _SCALE.sub(" ", drawn))
    yield one.text, stripped(left)
    left = _TOLD.sub(lambda found: _unless(found, counts), one.alt)
    yield one.alt, stripped(left)


def _line(sight: "Sight", one: Element) -> dict[str, Decimal]:
    """Values by day of the series that a drawing is called after; empty where it is a map."""
    found = {}
    for book in sight.series:
        item, group = series_item(book, one.alt.partition(": ")[0])
        line = book.line("city", group, item, book.config["city"]["key"])
        if item and line.seen is not None:
            found[book.day] = shown(line.seen, book.digits(item))
    return found


def _unless_on(told: re.Match[str], line: dict[str, Decimal]) -> str:
    """Marked are the ends of a line, its highest and its lowest value, and no other."""
    values = list(line.values())
    marked = (values[0], values[-1], min(values), max(values))
    return " " if number(told.group()) in marked else told.group()


def _unless_then(told: re.Match[str], line: dict[str, Decimal]) -> str:
    """A value and the day that it is of."""
    is_true = line.get(day(told[2])) == number(told[1])
    return " " if is_true else told.group()


def _unless(found: re.Match[str], counts: Counter[str]) -> str:
    step, name, count = found.groups()
    sum_of = sum(counts[one] for one in name.strip().split(" oder "))
    is_true = sum_of == int(count) and (not step or counts[step] == int(count))
    return " " if is_true else found.group()


def _counts(sight: "Sight") -> Counter[str]:
    """How many Quartiere have each level, and each reason for none."""
    from tests.words.grammar import Scene
    from tests.words.page_proofs import gap_word

    book, found = sight.newest, Counter[str]()
    names = book.config["levels"]["labels"]
    for area in book.names["quartier"]:
        line = book.line("quartier", sight.group, "need_level", area)
        if line.seen is None:
            found[gap_word(Scene(book, sight.group, area), "need_level")] += 1
        else:
            found[names[str(int(line.seen))]] += 1
            found[str(int(line.seen))] += 1
    return found
