"""German numbers and lists as a reader takes them: read back, never written by the atlas."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NUMBER = r"−?\d{1,3}(?:\.\d{3})*(?:,\d+)?"
SIGNED = r"[+−±]\d{1,3}(?:\.\d{3})*(?:,\d+)?"
DAY = r"\d\d\.\d\d\.\d{4}"


def number(text: str) -> Decimal:
    """Read ``1.234,5``, ``−0,3``, ``+1,2`` or ``±0,0``."""
    plain = text.replace(".", "").replace(",", ".").replace("−", "-")
    return Decimal(plain.strip("+±"))


def shown(value: float, digits: int) -> Decimal:
    """Round as schools teach it: halves away from zero."""
    exact = Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def digits_of(text: str) -> int:
    """Count the digits behind the comma."""
    return len(text.partition(",")[2])


def is_shown(text: str, value: float) -> bool:
    """Whether a printed number is this value, to the digits that it has; the sign fits too."""
    told = number(text)
    sign_fits = not text.startswith(("+", "±")) or (told > 0) == text.startswith("+")
    return sign_fits and told == shown(value, digits_of(text))


def day(text: str) -> str:
    """Read a date as ``YYYY-MM-DD``."""
    at, month, year = text.split(".")
    return date(int(year), int(month), int(at)).isoformat()


def listed(text: str, words: Sequence[str]) -> list[str]:
    """Take ``a, b und c`` apart, where each part begins with one of the words.

    Words may hold commas and „und“ themselves: the longest that fits is taken.
    """
    starts = "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))
    cut = re.compile(rf"(?:, | und )(?=(?:{starts})(?:$|[ ,(]))")
    return cut.split(text)
