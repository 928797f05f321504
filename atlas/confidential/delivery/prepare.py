"""The step before the checks: texts as the layout describes them, nothing judged yet."""

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column, Layout
from atlas.words import clean_text

# ="01" and '01: how programs that write for Excel keep the zeros of a key.
_KEPT_AS_TEXT = re.compile(r"=\"(.*)\"|'([0-9]+)", re.DOTALL)


def prepare(table: TextTable, layout: Layout) -> TextTable:
    """Clean every text, take the key out of it, fill what stands only in a first row."""
    columns = {
        name: _prepared(table.columns[name].combine_chunks(), layout.columns[name])
        for name in table.columns.column_names
    }
    cut = None if table.cut is None else prepare(table.cut, layout)
    notes = None if table.notes is None else prepare(table.notes, layout)
    return replace(table, columns=pa.table(columns), cut=cut, notes=notes)


def _prepared(texts: pa.Array, column: Column) -> pa.Array:
    encoded = texts.dictionary_encode()
    read = [_read(text, column.pattern) for text in encoded.dictionary.to_pylist()]
    prepared = pa.array(read, pa.large_string()).take(encoded.indices)
    return _filled_down(prepared) if column.fill_down else prepared


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
