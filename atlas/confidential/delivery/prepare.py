"""The step before the checks: texts as the layout describes them, nothing judged yet."""

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column, Layout
from atlas.legible import clean_text, loose_text

# ="01" and '01: how programs that write for Excel keep the zeros of a key.
_KEPT_AS_TEXT = re.compile(r"=\"(.*)\"|'([0-9]+)", re.DOTALL)


def prepare(table: TextTable, layout: Layout) -> TextTable:
    """Clean every text, take the key out of it, fill what stands only in a first row."""
    columns = {
        name: _prepared(table.columns[name].combine_chunks(), layout, name)
        for name in table.columns.column_names
    }
    cut = None if table.cut is None else prepare(table.cut, layout)
    notes = None if table.notes is None else prepare(table.notes, layout)
    return replace(table, columns=pa.table(columns), cut=cut, notes=notes)


def _prepared(texts: pa.Array, layout: Layout, name: str) -> pa.Array:
    column = layout.columns[name]
    named = _named(layout, column)
    alike = {loose_text(text): text for text in named}
    encoded = texts.dictionary_encode()
    read = [_read(text, column.pattern) for text in encoded.dictionary.to_pylist()]
    if named:
        read = [t if t in named else alike.get(loose_text(t), t) for t in read]
    prepared = pa.array(read, pa.large_string()).take(encoded.indices)
    return _filled_down(prepared) if column.fill_down else prepared


def _named(layout: Layout, column: Column) -> frozenset[str]:
    """Texts that a layout names for a column: spelled a little differently, they are meant."""
    match column.role:
        case "area":
            return frozenset((*column.ignore, *layout.totals, *layout.unplaced)) - {""}
        case "dimension":
            return frozenset((*column.groups, *column.ignore)) - {""}
        case "item":
            return frozenset(text for one in layout.columns.values() for text in one.items)
    return frozenset()


def plain_text(text: str) -> str:
    """Write a cell as readers see it, without what programs put around a key."""
    text = clean_text(text).strip()
    if text[:1] in ("=", "'") and (kept := _KEPT_AS_TEXT.fullmatch(text)) is not None:
        return next(part for part in kept.groups() if part is not None).strip()
    return text


def _read(text: str, pattern: str) -> str:
    """Read one text; what the pattern does not fit stays, a total or a mark."""
    text = plain_text(text)
    match = re.fullmatch(pattern, text) if pattern else None
    return text if match is None or match[1] is None else match[1].strip()


def _filled_down(texts: pa.Array) -> pa.Array:
    missing = pc.if_else(pc.equal(texts, ""), pa.scalar(None, texts.type), texts)
    return pc.fill_null(pc.fill_null_forward(missing), "")
