"""Texts as people read them: without what nobody sees, and whether they were read wrongly."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
_BLANK = re.compile("[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D], "-")
_LIKE_PLAIN = {**_DASHES, 0x2026: "..."}
_CONTROL = re.compile("[\x80-\x9f\ufffd]")
# Umlauts of DOS and of old Macs read as Windows-1252: Empf„nger, SŸdpark, ™lberg.
_MISREAD = re.compile("[A-Za-z][„”™Ÿ§][a-z]|[a-z]Š[a-z]|(?<!\\w)[™†][a-z]{2}")
# UTF-8 read as Windows-1252, also where only a part of the text was.
_MANGLED = re.compile("[ÃÂ][\u0080-\u00bf\u201a-\u2122]|â€")


def clean_text(text: str) -> str:
    """Write a text as readers see it: composed letters, plain blanks, nothing invisible."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _BLANK.sub(" ", _UNSEEN.sub("", text)))


def plain_signs(text: str) -> str:
    """Write dashes of every length as ``-`` and an ellipsis as three dots."""
    return text if text.isascii() else text.translate(_LIKE_PLAIN)


def loose_text(text: str) -> str:
    """Write a text so that ``0–5`` and ``0 - 5`` are the same, and one blank and two."""
    return re.sub(" *- *", "-", " ".join(plain_signs(clean_text(text)).split()))


def garbled(texts: Iterable[str]) -> list[str]:
    """Texts that were read in the wrong encoding: ``SÃ¼dpark``, or signs that nobody types."""
    return [
        text
        for text in texts
        if any(one.search(text) for one in (_CONTROL, _MANGLED, _MISREAD)) or _was_utf8(text)
    ]


def likely_encoding(texts: Sequence[str]) -> str:
    """Guess in which encoding texts gone wrong were written: of today, or of DOS."""
    return "utf-8" if any(map(_was_utf8, texts)) else "cp850"


def _was_utf8(text: str) -> bool:
    """UTF-8 read as a Western encoding makes sense again the other way round."""
    if text.isascii():
        return False
    for wrong in ("cp1252", "latin-1"):
        try:
            return len(text.encode(wrong).decode("utf-8")) < len(text)
        except UnicodeError:
            continue
    return False
