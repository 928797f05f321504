"""What Chromium prints: how many sheets, and whether each of them says anything."""

import re
import zlib

from playwright.sync_api import Page

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_WORDS = re.compile(rb"\bT[jJ]\b")


def texts_per_sheet(page: Page) -> list[int]:
    """Print a page; give the number of pieces of text on each sheet of paper."""
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(printed)}
    sheets = [one for one in objects.values() if re.search(rb"/Type\s*/Page\b", one)]
    return [len(_WORDS.findall(_content(objects, one))) for one in sheets]


def _content(objects: dict[int, bytes], sheet: bytes) -> bytes:
    named = re.search(rb"/Contents\s+(\d+) 0 R", sheet)
    found = named and _STREAM.search(objects[int(named[1])])
    assert found
    return zlib.decompressobj().decompress(found[1])
