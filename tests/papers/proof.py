"""Every number of a paper is found among published cells, or what it is derived from is.

Read from the PDF alone, beside the files of the releases it was made of: a number in a table is
the cell that its row and column name; one in a sentence is proved by the grammar of the pages;
page numbers, dates and names are known. Whatever is left is a stranger.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from tests.papers.drawings import drawing_strangers
from tests.papers.tables import table_strangers
from tests.papers.tagged import Element, Tagged
from tests.words.books import Book
from tests.words.grammar import Scene, Sentence
from tests.words.note_proofs import limit_text
from tests.words.sentences import SENTENCES

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"[−+±]?\d[\d.,]*")
_START = re.compile(r"(?<=[.:;,]) ")
_END = re.compile(r"$|[.;]?(?: |$)|, ")
# Kinds of elements that are read as a whole.
_WHOLE = ("Table", "Figure", "TOCI")
_FOOT = re.compile(r"(?P<running>.*) (?P<page>\d+) / (?P<pages>\d+)$")
_DOTS = re.compile(r"^[. ]*\.(?= )")


@dataclass(frozen=True)
class Sight:
    """Where in a paper a text stands: of which releases, through which group, of which area."""

    books: tuple[Book, ...]
    series: tuple[Book, ...] = ()
    group: str = "all"
    area: str = ""
    title: str = ""

    @property
    def newest(self) -> Book:
        """Release of the paper."""
        return self.books[-1]

    @property
    def scenes(self) -> Iterator[Scene]:
        """Scenes that a sentence here can speak of."""
        before = self.books[-2] if len(self.books) > 1 else None
        for area in dict.fromkeys((self.area, "")):
            yield Scene(self.newest, self.group, area, "quartier", before)
            yield Scene(self.newest, self.group, area)


@dataclass
class Proof:
    """What came of reading a paper."""

    found: int = 0
    strangers: list[str] = field(default_factory=list)

    def take(self, page: int, text: str, left: str) -> None:
        """Count the numbers of a text; those left are strangers."""
        strangers = _NUMBER.findall(left)
        self.found += len(_NUMBER.findall(text)) - len(strangers)
        self.strangers += [f"Seite {page}: {one} in „{text[:700]}“" for one in strangers]


def prove_paper(paper: Tagged, books: Iterable[Book], series: Iterable[Book] = ()) -> Proof:
    """Prove every number of a paper.

    Parameters
    ----------
    books
        The releases with Quartiere that the paper was made of, oldest first.
    series
        Those of the city alone, oldest first.
    """
    sight, proof = Sight(tuple(books), tuple(series)), Proof()
    known = Known(sight.books, sight.series, paper.title)
    _Reader(paper.root, known, proof).walk(paper.root, sight)
    for at, foot in enumerate(paper.feet, 1):
        told = _DOTS.sub("", foot).strip()
        match = _FOOT.match(told)
        is_true = match and (int(match["page"]), int(match["pages"])) == (at, len(paper.feet))
        proof.take(at, told, known.stripped(match["running"]) if match and is_true else told)
    return proof


@dataclass(frozen=True, eq=False)
class _Reader:
    """Reads element after element; what one says of where one stands holds for the next."""

    root: Element
    known: "Known"
    proof: Proof

    def walk(self, one: Element, sight: Sight) -> Sight:
        if one.tag not in _WHOLE and any(child.tag for child in one.children):
            for child in one.children:
                sight = self.walk(child, sight)
            return sight
        if one.tag not in _WHOLE and one.text:
            sight = self.known.moved(sight, one)
        for text, left in self._texts(one, sight):
            self.proof.take(one.page, text, left)
        return sight

    def _texts(self, one: Element, sight: Sight) -> Iterator[tuple[str, str]]:
        """Texts of an element, and what of each is not proved."""
        if one.tag == "Table":
            rows = [[cell.text for cell in row.children] for row in one.every("TR")]
            yield from table_strangers(sight, rows, self.known.stripped)
        elif one.tag == "Figure":
            yield from drawing_strangers(sight, one, self.known.stripped)
        elif one.tag == "TOCI":
            yield one.text, "" if _leads(one, self.root) else one.text
        else:
            yield one.text, self.known.left(sight, one.text)


def _leads(entry: Element, root: Element) -> bool:
    """Whether an entry of the contents names a heading and the page that it stands on."""
    name, _, page = entry.text.rpartition(" ")
    heads = root.every("H1", "H2", "H3")
    return any((one.text, str(one.page)) == (name, page.strip("\u2060")) for one in heads)


@dataclass(frozen=True, eq=False)
class Known:
    """Words with digits that are no figures: names, dates, rules as they are configured."""

    books: tuple[Book, ...]
    series: tuple[Book, ...] = ()
    title: str = ""

    def left(self, sight: Sight, text: str) -> str:
        """Give what of a text neither a true sentence nor a name explains."""
        if not _DIGIT.search(self.stripped(text)) or self._is_level(sight, text):
            return ""
        at, left = 0, []
        while at < len(text):
            end = max((self._read(scene, text, at) for scene in sight.scenes), default=at)
            if end > at:
                at = end
                continue
            cut = _START.search(text, at)
            end = cut.end() if cut else len(text)
            left.append(text[at:end])
            at = end
        return self.stripped("".join(left))

    def _is_level(self, sight: Sight, text: str) -> bool:
        line = self.books[-1].line("quartier", sight.group, "need_level", sight.area)
        return line.seen is not None and text == f"{line.seen:.0f}"

    def _read(self, scene: Scene, text: str, at: int) -> int:
        """Find the end of the longest true sentence that begins there."""
        ends = [
            match.end()
            for one in SENTENCES
            if (match := one.pattern(scene).match(text, at))
            and _END.match(text, match.end())
            and _is_true(one, scene, match)
        ]
        return max(ends, default=at)

    def stripped(self, text: str) -> str:
        """Take the known words out of a text."""
        return self._pattern.sub(" ", text)

    def moved(self, sight: Sight, one: Element) -> Sight:
        """Learn from a heading or a line which group and area follow."""
        title, group, area = one.text, sight.group, sight.area
        labels = {label: key for key, label in self.books[-1].groups.items()}
        named = [key for label, key in labels.items() if label in re.split(" · |, ", title)]
        group = named[0] if len(named) == 1 else labels.get(title, group)
        if one.tag.startswith("H"):
            found = {name: key for key, name in self.books[-1].titles("quartier").items()}
            area = found.get(title, "" if one.tag == "H1" else area)
        return replace(sight, group=group, area=area, title=title)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = {one for book in (*self.books, *self.series) for one in _words(book)}
        if self.title.endswith(f" {self.books[-1].day[:4]}"):
            words.add(self.title)
        names = sorted((one for one in words if _DIGIT.search(one)), key=len, reverse=True)
        return re.compile(rf"(?<![\d,])(?:{'|'.join(map(re.escape, names))})(?![\d])")


def _is_true(sentence: Sentence, scene: Scene, match: re.Match[str]) -> bool:
    try:
        return not list(sentence.prove(scene, match.groupdict()))
    except (AssertionError, ArithmeticError, LookupError, TypeError, ValueError):
        return False


def _words(book: Book) -> Iterator[str]:
    """Names and dates of one release, as its files hold them."""
    yield book.path.name
    yield f"Nr. {book.path.name.rpartition('.')[2]}"
    year, week, _ = date.fromisoformat(book.day).isocalendar()
    yield f"Nr. {week}/{year}"
    for day in (book.day, *_days(book.config), *_days(book.info["deliveries"])):
        yield ".".join(reversed(day.split("-")))
    yield from (f"Stufe {step}" for step in book.config["levels"]["labels"])
    yield from ("Rang 1 hat den höchsten", *_rules(book))
    for kind in book.names:
        yield from (title for title in book.titles(kind).values() if not title.isdigit())
    for text in _texts(book.info):
        if re.search(r"[^\W\d]", text):
            yield text


def _rules(book: Book) -> Iterator[str]:
    """Limits of the configuration as sentences name them: small counts, ages of groups."""
    yield f"{limit_text(book, list(book.config['protection']['homogeneity']))} sind geheim"
    own = book.config["indicators"].get("groups") or {"u18": {"max_age": 17}}
    for one in own.values():
        if one.get("max_age") is not None:
            yield f"unter {one['max_age'] + 1} Jahren"
        if one.get("min_age") is not None:
            yield f"ab {one['min_age']} Jahren"


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for one in told.values():
            yield from _texts(one)
    elif isinstance(told, list):
        for one in told:
            yield from _texts(one)


def _days(told: Any) -> Iterator[str]:
    return (one for one in _texts(told) if re.fullmatch(r"\d{4}-\d\d-\d\d", one))
