"""Drawings of papers: what is written in them, and the text for who does not see them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tests.papers.tagged import Element

if TYPE_CHECKING:
    from tests.papers.proof import Sight

_COUNT = re.compile(r"(?:\b(\d) )?([^\d·().]+?) \((\d+)\)")
_TOLD = re.compile(r"()([^:;.]+): (\d+)(?=[;.])")
_SCALE = re.compile(r"\b\d+ k?m\b")
_MARKS = re.compile(r"^(?:\d )+(?=\D)")


def drawing_strangers(
    sight: "Sight", one: Element, stripped: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Give both texts of a drawing, and what of each is not proved."""
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


def _unless(found: re.Match[str], counts: Counter[str]) -> str:
    step, name, count = found.groups()
    is_true = counts[name.strip()] == int(count) and (not step or counts[step] == int(count))
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
