"""Texts that differ in one number alone: few templates and the bytes of the numbers.

What a map says of 6,000 areas is thousands of different numbers before the same unit. As
templates and bytes they take half of what they take as texts, deflated both. ``atlas-map.js``
writes the texts again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.words import number_text

# Stands for the number; the digit behind it says how many decimals it has.
_HERE = "\0"
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_MOST_DECIMALS, _BELOW = 9, 1 << 48
_BYTE = 8


@dataclass(frozen=True)
class NumberTexts:
    """Texts taken apart.

    Attributes
    ----------
    templates
        What is left of the texts, each once.
    which
        Per text the position of its template.
    planes
        Bytes of the numbers, first all highest ones; a text without one has 0.
    """

    templates: list[str]
    which: list[int]
    planes: tuple[bytes, ...]


def take_apart(texts: Sequence[str]) -> NumberTexts:
    """Take the first number out of each text; one that could not be written again stays."""
    places: dict[str, int] = {}
    parts = [_part(text) for text in texts]
    which = [places.setdefault(template, len(places)) for template, _ in parts]
    numbers = [number for _, number in parts]
    width = -(-max(numbers, default=0).bit_length() // _BYTE)
    planes = tuple(
        bytes(number >> _BYTE * place & 255 for number in numbers)
        for place in reversed(range(width))
    )
    return NumberTexts([*places], which, planes)


def _part(text: str) -> tuple[str, int]:
    found = _NUMBER.search(text)
    if found is None or _HERE in text:
        return text, 0
    whole, _, decimals = found[0].replace(".", "").partition(",")
    number = int(whole + decimals)
    is_again = (
        len(decimals) <= _MOST_DECIMALS
        and number < _BELOW
        and number_text(number / 10 ** len(decimals), len(decimals)) == found[0]
    )
    if not is_again:
        return text, 0
    return f"{text[: found.start()]}{_HERE}{len(decimals)}{text[found.end() :]}", number
