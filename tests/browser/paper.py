"""What Chromium prints: how many sheets, and whether each of them says anything."""

import io
import math
import re
import zlib
from typing import Any

from playwright.sync_api import Page
from pypdf import PdfReader

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_WORDS = re.compile(rb"\bT[jJ]\b")


def texts_per_sheet(page: Page) -> list[int]:
    """Print a page; give the number of pieces of text on each sheet of paper."""
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(printed)}
    sheets = [one for one in objects.values() if re.search(rb"/Type\s*/Page\b", one)]
    return [len(_WORDS.findall(_content(objects, one))) for one in sheets]


def smallest_letters(page: Page) -> float:
    """Print a page; give the size of its smallest letters in points."""
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    sizes: list[float] = []

    def keep(text: str, place: list[float], matrix: list[float], _: Any, size: float) -> None:
        if text.strip():
            across = matrix[0] * place[0] + matrix[1] * place[2]
            down = matrix[0] * place[1] + matrix[1] * place[3]
            sizes.append(size * math.hypot(across, down))

    for sheet in PdfReader(io.BytesIO(printed)).pages:
        sheet.extract_text(visitor_text=keep)
    return min(sizes)


def _content(objects: dict[int, bytes], sheet: bytes) -> bytes:
    named = re.search(rb"/Contents\s+(\d+) 0 R", sheet)
    found = named and _STREAM.search(objects[int(named[1])])
    assert found
    return zlib.decompressobj().decompress(found[1])
