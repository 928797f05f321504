"""A layout that is suggested: its keys and columns with what is told of each, as TOML text."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MOST_INLINE = 3
_NOTE_COLUMN = 36
_WIDTH = 110
Value = str | int | float | bool | date | Sequence["Value"] | Mapping[str, "Value"]


@dataclass(frozen=True)
class Line:
    """One key of a layout: its value, why it is so, and what is unsure about it."""

    key: str
    value: Value
    note: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A suggested layout.

    Attributes
    ----------
    title
        What was looked at, for the top of the text.
    spare
        Columns of numbers that the layout leaves out.
    day
        Reference date that the sample tells where the layout cannot; for ``--date``.
    new_measures
        Measures that ``indicators.toml`` has to get, with their labels.
    new_indicators
        Ready-made indicators that it has to get.
    left
        What no layout can express, or what the check of the sample still says.
    """

    title: tuple[str, ...]
    lines: tuple[Line, ...]
    columns: tuple[Line, ...]
    measures: tuple[Line, ...] = ()
    spare: tuple[str, ...] = ()
    day: date | None = None
    new_measures: Mapping[str, str] = field(default_factory=dict)
    new_indicators: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """Everything that is unsure, with the key that it is about."""
        told = [*self.lines, *self.columns, *self.measures]
        return (*(f"{one.key}: {doubt}" for one in told for doubt in one.doubts), *self.left)

    def text_with_measures(self) -> str:
        """Write the layout, with what ``indicators.toml`` has to get as a comment."""
        wanted = [f"# {line}".rstrip() for line in self.measures_text().splitlines()]
        head = ["# In indicators.toml fehlt noch:", *wanted, ""] if wanted else []
        return "\n".join([*head, self.text()])

    def measures_text(self) -> str:
        """Write the measures and ready-made indicators that ``indicators.toml`` has to get."""
        tables = [
            f"[measures.{name}]\nlabel = {value_text(label)}\n"
            for name, label in self.new_measures.items()
        ] + [
            f"[indicators.{name}]\nlabel = {value_text(label)}\nis_delivered = true\n"
            for name, label in self.new_indicators.items()
        ]
        return "\n".join(tables)

    def text(self) -> str:
        """Write the layout as TOML that can stand in ``deliveries.toml``."""
        written = [f"# {_one_line(one)}" for one in self.title]
        written += [f"# unsicher: {_one_line(one)}" for one in self.left]
        written += ["[[layouts]]", *(text for one in self.lines for text in _line(one))]
        written += ["", "[layouts.columns]"]
        short = [one for one in self.columns if not _is_long(one)]
        written += [text for one in short for text in _line(one)]
        written += [f"# nicht gelesen: {_one_line(one)}" for one in self.spare]
        for one in self.columns:
            if _is_long(one):
                written += ["", *_table(one)]
        if self.measures:
            written += ["", "[layouts.measures]"]
            written += [text for one in self.measures for text in _line(one)]
        return "\n".join(written) + "\n"


def _line(one: Line) -> list[str]:
    doubts = [f"# unsicher: {_one_line(doubt)}" for doubt in one.doubts]
    text = f"{key_text(one.key)} = {value_text(one.value)}"
    note = _one_line(one.note)
    if not note:
        return [*doubts, text]
    if len(text) + len(note) + 4 > _WIDTH:
        return [*doubts, f"# {note}", text]
    return [*doubts, f"{text.ljust(_NOTE_COLUMN)}  # {note}"]


def _is_long(one: Line) -> bool:
    """Whether a column has a table in it that would make its line too long."""
    values = one.value.values() if isinstance(one.value, Mapping) else ()
    return any(isinstance(value, Mapping) and len(value) > _MOST_INLINE for value in values)


def _table(one: Line) -> list[str]:
    """Write a column as a table of its own, with tables in it."""
    assert isinstance(one.value, Mapping)
    place = f"layouts.columns.{key_text(one.key)}"
    written = [f"# unsicher: {_one_line(doubt)}" for doubt in one.doubts]
    written += [f"# {_one_line(one.note)}"] if one.note else []
    written.append(f"[{place}]")
    inner = {key: value for key, value in one.value.items() if isinstance(value, Mapping)}
    written += [
        f"{key} = {value_text(value)}" for key, value in one.value.items() if key not in inner
    ]
    for key, table in inner.items():
        written += ["", f"[{place}.{key}]"]
        written += [f"{key_text(name)} = {value_text(value)}" for name, value in table.items()]
    return written


def key_text(key: str) -> str:
    """Write a key of TOML, quoted where it needs to be."""
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def value_text(value: Value) -> str:
    """Write a value of TOML in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (int, float, date)):
        return str(value)
    if isinstance(value, Mapping):
        pairs = (f"{key_text(key)} = {value_text(one)}" for key, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return f"[{', '.join(value_text(one) for one in value)}]"


def _one_line(text: str) -> str:
    return " ".join(text.split())
