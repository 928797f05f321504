"""CQL2 text, class *Basic*: a filter as text → which rows meet it.

Source: OGC 21-065r2. A comparison with a value that is not there is neither true nor false, and
so is its negation: what is hidden is found by no comparison.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<text>'(?:[^']|'')*')"
    r'|(?P<quoted>"[^"]+")'
    r"|(?P<word>[A-Za-z_][\w.:]*)"
    r"|(?P<sign><>|<=|>=|[=<>()]))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_MOST_CHARACTERS = 4_000
_DEEPEST = 50
_INSTANTS = {"DATE": 10, "TIMESTAMP": 20}
_RESERVED = frozenset({"AND", "OR", "NOT", "IS", "NULL", "TRUE", "FALSE", "DATE", "TIMESTAMP"})

Bools = NDArray[np.bool_]
Columns = Mapping[str, NDArray[np.generic]]


class FilterError(ValueError):
    """A filter that cannot be read; says what was expected."""


@dataclass(frozen=True)
class Verdict:
    """Which rows meet a condition, and of which nobody can tell."""

    is_true: Bools
    is_unknown: Bools

    def both(self, other: "Verdict") -> "Verdict":
        """Both conditions."""
        is_true = self.is_true & other.is_true
        is_false = self._is_false | other._is_false
        return Verdict(is_true, ~(is_true | is_false))

    def either(self, other: "Verdict") -> "Verdict":
        """One of the conditions."""
        is_true = self.is_true | other.is_true
        is_false = self._is_false & other._is_false
        return Verdict(is_true, ~(is_true | is_false))

    def turned(self) -> "Verdict":
        """Not the condition."""
        return Verdict(self._is_false, self.is_unknown)

    @property
    def _is_false(self) -> Bools:
        return ~(self.is_true | self.is_unknown)


def rows_that_meet(text: str, columns: Columns, rows: int) -> Bools:
    """Find the rows that meet a filter.

    Parameters
    ----------
    columns
        Numbers with NaN where there is none, or texts.

    Raises
    ------
    FilterError
        If the text is no filter, or names no column.
    """
    if len(text) > _MOST_CHARACTERS:
        raise FilterError(f"höchstens {_MOST_CHARACTERS} Zeichen")
    reader = _Reader(_tokens(text), columns, rows)
    verdict = reader.read_any(0)
    if reader.kind:
        raise FilterError("ein Ende nach der letzten Bedingung")
    return verdict.is_true


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise FilterError("Vergleiche wie need_level_all = 4 AND name = 'Nord'")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


_Operand = tuple[str, Any]  # "column", "number" or "text", and what it is


class _Reader:
    """Reads tokens one after another; every rule of the grammar is one function."""

    def __init__(self, tokens: list[tuple[str, str]], columns: Columns, rows: int) -> None:
        self._tokens, self._columns, self._rows = tokens, columns, rows
        self._at = 0

    @property
    def kind(self) -> str:
        """Kind of the next token; empty at the end."""
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    @property
    def _word(self) -> str:
        is_word = self.kind in ("word", "sign")
        return self._tokens[self._at][1].upper() if is_word else ""

    def read_any(self, depth: int) -> Verdict:
        """Conditions parted by OR."""
        if depth > _DEEPEST:
            raise FilterError(f"höchstens {_DEEPEST} Klammern ineinander")
        verdict = self._read_all(depth)
        while self._took("OR"):
            verdict = verdict.either(self._read_all(depth))
        return verdict

    def _read_all(self, depth: int) -> Verdict:
        verdict = self._read_one(depth)
        while self._took("AND"):
            verdict = verdict.both(self._read_one(depth))
        return verdict

    def _read_one(self, depth: int) -> Verdict:
        is_turned = False
        while self._took("NOT"):
            is_turned = not is_turned
        if self._took("("):
            verdict = self.read_any(depth + 1)
            self._need(")")
        elif self._word in ("TRUE", "FALSE"):
            verdict = self._same(self._next() == "TRUE")
        else:
            verdict = self._read_predicate()
        return verdict.turned() if is_turned else verdict

    def _read_predicate(self) -> Verdict:
        left = self._read_operand()
        if self._took("IS"):
            is_turned = self._took("NOT")
            self._need("NULL")
            missing = self._missing(left)
            verdict = Verdict(missing, np.zeros(self._rows, dtype=bool))
            return verdict.turned() if is_turned else verdict
        sign = self._next()
        if sign not in _COMPARISONS:
            raise FilterError("nach einer Spalte =, <>, <, >, <=, >= oder IS NULL")
        return self._compared(left, sign, self._read_operand())

    def _read_operand(self) -> _Operand:
        kind = self.kind
        if kind == "word" and self._word in _INSTANTS:
            return self._read_instant()
        if kind not in ("number", "text", "quoted", "word") or self._word in _RESERVED:
            raise FilterError("eine Spalte, eine Zahl oder ein Text in '…'")
        text = self._tokens[self._at][1]
        self._at += 1
        if kind == "number":
            return "number", float(text)
        if kind == "text":
            return "text", text[1:-1].replace("''", "'")
        name = text.strip('"')
        if name not in self._columns:
            raise FilterError("eine der Spalten, die unter queryables stehen")
        return "column", self._columns[name]

    def _read_instant(self) -> _Operand:
        length = _INSTANTS[self._next()]
        self._need("(")
        kind, text = self._read_operand()
        self._need(")")
        if kind != "text" or len(str(text)) < length:
            raise FilterError("ein Datum wie DATE('2024-12-31')")
        return "text", str(text)[:10]

    def _compared(self, left: _Operand, sign: str, right: _Operand) -> Verdict:
        if _is_number(left) != _is_number(right):
            raise FilterError("Zahlen mit Zahlen und Texte mit Texten verglichen")
        is_unknown = self._missing(left) | self._missing(right)
        with np.errstate(invalid="ignore"):
            found = np.asarray(_COMPARISONS[sign](left[1], right[1]), dtype=bool)
        is_true = np.broadcast_to(found, (self._rows,)) & ~is_unknown
        return Verdict(is_true, is_unknown)

    def _missing(self, operand: _Operand) -> Bools:
        if operand[0] != "column" or not _is_number(operand):
            return np.zeros(self._rows, dtype=bool)
        found: Bools = np.isnan(np.asarray(operand[1], dtype=float))
        return found

    def _same(self, is_true: bool) -> Verdict:
        return Verdict(np.full(self._rows, is_true), np.zeros(self._rows, dtype=bool))

    def _took(self, word: str) -> bool:
        if self._word != word:
            return False
        self._at += 1
        return True

    def _need(self, word: str) -> None:
        if not self._took(word):
            raise FilterError(f"{word} an dieser Stelle")

    def _next(self) -> str:
        word = self._word
        self._at += 1
        return word


def _is_number(operand: _Operand) -> bool:
    kind, value = operand
    return kind == "number" or (kind == "column" and np.asarray(value).dtype == float)
