"""Texts of a column to numbers, dates, ages and keys, each distinct text parsed once."""

import hmac
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_Parsed = TypeVar("_Parsed")


@dataclass(frozen=True)
class Coded:
    """A text column as distinct texts and the position of each row's text in them."""

    texts: tuple[str, ...] = field(repr=False)
    codes: npt.NDArray[np.int64]

    def parse(self, parser: Callable[[str], _Parsed]) -> list[_Parsed]:
        """Parse every distinct text once."""
        return [parser(text) for text in self.texts]

    def texts_at(self, positions: npt.NDArray[np.int64]) -> list[str]:
        """Texts of some rows."""
        return [self.texts[code] for code in self.codes[positions]]

    def where(self, condition: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
        """Rows whose text meets a condition."""
        return np.array(self.parse(condition), dtype=bool)[self.codes]


def encode(column: pa.Array) -> Coded:
    """Find the distinct texts of a column."""
    encoded = column.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Coded(tuple(encoded.dictionary.to_pylist()), codes)


@dataclass(frozen=True)
class NumberFormat:
    """How a source writes numbers: decimal sign and the thousands sign it may use."""

    decimal: str
    thousands: str

    def parse(self, text: str) -> float:
        """Read a number; NaN where the text is none.

        Strict: no exponent, no blank inside, no thousands sign that the layout does not
        declare; a declared one has to part groups of three digits.
        """
        point = re.escape(self.decimal)
        match = re.fullmatch(rf"(-?)({self._whole()})(?:{point}([0-9]+))?", text)
        if match is None:
            return math.nan
        digits = match[2].replace(self.thousands, "") if self.thousands else match[2]
        number = float(f"{match[1]}{digits}.{match[3] or 0}") + 0.0
        return number if math.isfinite(number) else math.nan

    def _whole(self) -> str:
        if not self.thousands:
            return "[0-9]+"
        return rf"[0-9]+|[0-9]{{1,3}}(?:{re.escape(self.thousands)}[0-9]{{3}})+"


def looks_grouped(text: str) -> bool:
    """Whether a text may be a number with another decimal or thousands sign."""
    return bool(re.fullmatch(r"-?[0-9]+([.,' \u00a0\u202f][0-9]+)+", text))


def is_mark(text: str, marks: Mapping[str, float]) -> bool:
    """Whether a cell holds one of the supplier's marks; ``-9999.0`` is the mark ``-9999``."""
    if text in marks:
        return True
    number = NumberFormat(".", "").parse(text)
    return not math.isnan(number) and number in marks.values()


def read_marks(marks: tuple[str, ...]) -> dict[str, float]:
    """Pair marks with the number that each of them spells; NaN where it is none."""
    return {mark: NumberFormat(".", "").parse(mark) for mark in marks}


def pad_keys(column: pa.Array, width: int) -> pa.Array:
    """Fill keys that consist of digits with leading zeros up to a width."""
    if width == 0:
        return column
    is_number = pc.match_substring_regex(column, "^[0-9]+$")
    return pc.if_else(is_number, pc.utf8_lpad(column, width, "0"), column)


def common_width(keys: frozenset[str]) -> int:
    """Length that all keys share if all are digits, else 0: nothing can be said."""
    widths = {len(key) if key.isascii() and key.isdigit() else 0 for key in keys}
    return widths.pop() if len(widths) == 1 else 0


def hash_keys(column: pa.Array, hash_key: bytes) -> pa.Array:
    """Keyed hash (HMAC-SHA256, hex) of a common key; an empty key becomes missing."""
    hashes = [
        hmac.digest(hash_key, text.encode(), "sha256").hex() if text else None
        for text in column.to_pylist()
    ]
    return pa.array(hashes, pa.string())


def nulls_for_empty(column: pa.Array) -> pa.Array:
    """Texts with missing instead of empty."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column).cast(
        pa.string()
    )
