"""A tagged PDF as who listens to it gets it: elements in the order of reading.

Read with pypdf alone: the structure tree says what an element is, the pages say the letters of
each piece that it marks, and the fonts say which letter a sign is.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pypdf
from pypdf.generic import ContentStream

_BLANK = re.compile(r"\s+")
_PARTED = re.compile("\N{SOFT HYPHEN}\\s*")
_BROKEN = re.compile(r"(?<=-)\s*\n\s*(?=[A-ZÄÖÜ\d])|(?<=\w/)\s*\n\s*")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_UNIT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# Letters with less between them, in the size of the font, are parts of one word.
_TOUCH = 0.15
_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_TRIPLE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


@dataclass(frozen=True)
class Element:
    """One element of the structure tree.

    Attributes
    ----------
    page
        Counts from 1; 0 where it has no letters.
    scope
        What the head of a column or row stands for.
    """

    tag: str
    own: str
    page: int
    alt: str = ""
    scope: str = ""
    children: tuple["Element", ...] = ()

    @cached_property
    def text(self) -> str:
        """Its letters and those of everything in it, blanks made one."""
        return _plain(self._raw)

    @cached_property
    def _raw(self) -> str:
        return f" {self.own}" + "".join(one._raw for one in self.children)

    def every(self, *tags: str) -> Iterator["Element"]:
        """Elements of some kinds, in the order of reading."""
        if self.tag in tags:
            yield self
        for one in self.children:
            yield from one.every(*tags)


@dataclass(frozen=True)
class Tagged:
    """A whole document.

    Attributes
    ----------
    standards
        Standards that the file claims, as ``pdfuaid 1``.
    feet
        What stands outside of every element, by page: feet of sheets and nothing else.
    """

    title: str
    language: str
    standards: tuple[str, ...]
    root: Element
    feet: tuple[str, ...]


@dataclass(frozen=True)
class _Font:
    """Letter and width, in thousandths of the size, of each sign."""

    letters: dict[int, str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)


@dataclass(eq=False)
class _Page:
    """Letters of one page by the number of the mark that holds them; -1 is outside of all."""

    letters: dict[int, str] = field(default_factory=dict)


def _plain(text: str) -> str:
    return _BLANK.sub(" ", _BROKEN.sub("", _PARTED.sub("", text))).strip()


def read_tagged(content: bytes) -> Tagged:
    """Read a PDF.

    Raises
    ------
    KeyError
        If it has no structure tree.
    """
    reader = pypdf.PdfReader(io.BytesIO(content))
    fonts: dict[int, _Font] = {}
    pages = [_letters_of(reader, page, fonts) for page in reader.pages]
    places = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages)}  # type: ignore[union-attr] # pages of a file have one
    root = reader.trailer["/Root"]
    tops = tuple(_elements(root["/StructTreeRoot"]["/K"], None, pages, places))
    return Tagged(
        title=str(reader.metadata.title),  # type: ignore[union-attr] # a file without is no paper
        language=str(root["/Lang"]),
        standards=_standards(reader),
        root=Element("Root", "", 0, children=tops),
        feet=tuple(_plain(one.letters.get(-1, "")) for one in pages),
    )


def _standards(reader: Any) -> tuple[str, ...]:
    told = reader.xmp_metadata.stream.get_data().decode()
    found = re.findall(r"<(pdf(?:ua|a)id):(?:part|conformance)>(\w+)<", told)
    return tuple(f"{name} {value}" for name, value in found)


def _elements(
    node: Any, page: Any, pages: list[_Page], places: dict[int, int]
) -> Iterator[Element]:
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            yield from _elements(one, page, pages, places)
    elif isinstance(node, int):
        yield _leaf(node, page, pages, places)
    elif "/MCID" in node:
        yield _leaf(
            int(node["/MCID"]), node.raw_get("/Pg") if "/Pg" in node else page, pages, places
        )
    elif "/S" in node:
        page = node.raw_get("/Pg") if "/Pg" in node else page
        inside = tuple(_elements(node["/K"], page, pages, places)) if "/K" in node else ()
        yield Element(
            str(node["/S"]).lstrip("/"),
            str(node.get("/ActualText", "")),
            next((one.page for one in inside if one.page), 0),
            str(node.get("/Alt", "")),
            _scope(node),
            inside if "/ActualText" not in node else (),
        )


def _scope(node: Any) -> str:
    about = [one.get_object() for one in node.get("/A", [])]
    return next((str(one["/Scope"]).lstrip("/") for one in about if "/Scope" in one), "")


def _leaf(mark: int, page: Any, pages: list[_Page], places: dict[int, int]) -> Element:
    at = places[page.idnum]
    return Element("", pages[at].letters.get(mark, ""), at + 1)


def _letters_of(reader: Any, page: Any, known: dict[int, _Font]) -> _Page:
    fonts = {
        name: _font(one, known) for name, one in page["/Resources"].get("/Font", {}).items()
    }
    found, pen = _Page(), _Pen()
    marks: list[tuple[Any, Any]] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            about = operands[1] if len(operands) > 1 and hasattr(operands[1], "get") else {}
            marks.append((about.get("/MCID"), about.get("/ActualText")))
            if marks[-1][1] is not None:
                _add(found, marks, str(marks[-1][1]))
        elif operator == b"EMC":
            marks.pop()
        elif operator == b"Tf":
            pen.font, pen.size = fonts[operands[0]], float(operands[1])
        elif operator in (b"Tj", b"TJ"):
            text = pen.write(operands[0] if operator == b"TJ" else operands)
            if not any(told is not None for _, told in marks):
                _add(found, marks, text)
        else:
            pen.move(operator, operands)
    return found


def _add(page: _Page, marks: list[tuple[Any, Any]], text: str) -> None:
    mark = next((int(one) for one, _ in reversed(marks) if one is not None), -1)
    page.letters[mark] = page.letters.get(mark, "") + text


@dataclass(eq=False)
class _Pen:
    """Where letters are written; letters that touch are one word, others are not."""

    font: _Font = field(default_factory=_Font)
    size: float = 1.0
    matrix: tuple[float, ...] = _UNIT
    text: tuple[float, ...] = _UNIT
    kept: list[tuple[float, ...]] = field(default_factory=list)
    end: tuple[float, float] = (-1.0, -1.0)

    def move(self, operator: bytes, operands: Any) -> None:
        if operator == b"q":
            self.kept.append(self.matrix)
        elif operator == b"Q":
            self.matrix = self.kept.pop()
        elif operator == b"cm":
            self.matrix = _times(tuple(map(float, operands)), self.matrix)
        elif operator == b"BT":
            self.text = _UNIT
        elif operator == b"Tm":
            self.text = tuple(map(float, operands))
        elif operator == b"Td":
            by = tuple(map(float, operands))
            self.text = _times((1.0, 0.0, 0.0, 1.0, *by), self.text)

    def write(self, pieces: Any) -> str:
        """Give the letters of one piece, a blank before them unless they touch the last."""
        place = _times(self.text, self.matrix)
        em = self.size * abs(place[0])
        gap, drop = place[4] - self.end[0], place[5] - self.end[1]
        is_line = abs(drop) < _TOUCH * em
        before = "\n" if not is_line else "" if -em < gap < _TOUCH * em else " "
        letters, width = "", 0.0
        for one in pieces:
            if isinstance(one, int | float):
                width -= float(one)
                continue
            raw = one.original_bytes
            signs = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
            letters += "".join(self.font.letters.get(sign, _UNKNOWN) for sign in signs)
            width += sum(self.font.widths.get(sign, 0.0) for sign in signs)
        self.text = _times((1.0, 0.0, 0.0, 1.0, width / 1000 * self.size, 0.0), self.text)
        after = _times(self.text, self.matrix)
        self.end = after[4], after[5]
        return before + letters


def _times(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _font(font: Any, known: dict[int, _Font]) -> _Font:
    """Letters and widths of the signs of a font; a sign may stand for several letters."""
    number = font.idnum if hasattr(font, "idnum") else id(font)
    if number not in known:
        about = font.get_object()
        known[number] = _Font(
            _letters(about["/ToUnicode"].get_data()), _widths(about["/DescendantFonts"][0])
        )
    return known[number]


def _letters(told: bytes) -> dict[int, str]:
    found = {}
    for block in _CHARS.findall(told):
        for sign, text in _PAIR.findall(block):
            found[int(sign, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in _RANGES.findall(told):
        for first, last, text in _TRIPLE.findall(block):
            for step, sign in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[sign] = chr(int(text, 16) + step)
    return found


def _widths(font: Any) -> dict[int, float]:
    told = iter(font.get_object().get("/W", []))
    found: dict[int, float] = {}
    for first in told:
        last = next(told)
        if isinstance(last, list):
            found |= {first + step: float(width) for step, width in enumerate(last)}
        else:
            width = float(next(told))
            found |= dict.fromkeys(range(first, last + 1), width)
    return found
