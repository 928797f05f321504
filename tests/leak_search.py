"""Search for numbers in any bytes: as text in German and machine format, and as binary."""

import io
import re
import sqlite3
import struct
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

_DECIMALS = range(5)
_AROUND = 80
_TOKEN = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w])|(?<![\w.,])\d{4,}(?![\w])")


# Names of sessions and runs are drawn by chance: one in forty walks draws four digits of ours.
# No boundary is asked for: on the wire the tag of the next field follows at once.
_RANDOM_NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def forms_of(value: float) -> frozenset[str]:
    """Every way in which a number could be written, rounded to 0 to 4 decimals or exact."""
    texts = {repr(float(value)), f"{value:g}"}
    for digits in _DECIMALS:
        machine = f"{value:.{digits}f}"
        grouped = f"{value:,.{digits}f}"
        german = grouped.replace(",", "\0").replace(".", ",").replace("\0", ".")
        texts |= {machine, machine.replace(".", ","), grouped, german}
    return frozenset(texts)


def binary_forms_of(value: float) -> tuple[bytes, ...]:
    """The number as a double, and as a 64-bit integer where it is whole."""
    doubles = (struct.pack("<d", value), struct.pack(">d", value))
    return (*doubles, struct.pack("<q", int(value))) if float(value).is_integer() else doubles


def find(numbers: dict[str, float], contents: Iterable[bytes]) -> dict[str, str]:
    """Numbers that occur in any of the contents, by name, each with what stands around it."""
    forms = {form: name for name, value in numbers.items() for form in forms_of(value)}
    binary = {form: name for name, value in numbers.items() for form in binary_forms_of(value)}
    found: dict[str, str] = {}
    # What comes with every page that is opened is searched once.
    for content in dict.fromkeys(contents):
        text = _RANDOM_NAME.sub(" ", content.decode("utf-8", errors="replace"))
        for match in _TOKEN.finditer(text):
            if match[0] in forms:
                begin, end = max(match.start() - _AROUND, 0), match.end() + _AROUND
                found.setdefault(forms[match[0]], text[begin:end])
        found |= {name: repr(form) for form, name in binary.items() if form in content}
    return found


def contents_of(path: Path) -> Iterator[bytes]:
    """A file as it lies there, and what a reader sees on opening it."""
    yield from opened(path.name, path.read_bytes())
    if path.suffix == ".parquet":
        yield pq.read_table(path).to_pandas().to_csv(index=False).encode()
    if path.suffix in (".gpkg", ".sqlite"):
        yield from _rows(path)


def opened(name: str, content: bytes) -> Iterator[bytes]:
    """A download as bytes, and the members of those that are archives.

    Of a PDF what a reader sees or hears: its bytes hold lengths and places of its own.
    """
    if name.endswith(".pdf"):
        yield from _pages(content)
        return
    yield content
    if name.endswith((".zip", ".xlsx", ".docx")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from opened(member, archive.read(member))


def _pages(content: bytes) -> Iterator[bytes]:
    read = PdfReader(io.BytesIO(content))
    yield repr(read.metadata).encode()
    yield from (page.extract_text().encode() for page in read.pages)
    yield from (str(one["/Alt"]).encode() for one in _objects(read) if "/Alt" in one)


def _objects(read: PdfReader) -> Iterator[DictionaryObject]:
    for number in range(1, len(read.xref_objStm) + max(read.xref[0], default=0) + 1):
        one = read.get_object(number)
        if isinstance(one, DictionaryObject):
            yield one


def _rows(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(path) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a name from the file's own list of tables, which no bound parameter can be
                yield " ".join(str(one) for one in row if not isinstance(one, bytes)).encode()
