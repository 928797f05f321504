"""Typed columns (Parquet, database) to text as every other reader writes it."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.findings import column_place
from atlas.confidential.delivery.tables import TextTable, unreadable
from atlas.confidential.delivery.text import text_of_number


def text_table(typed: pa.Table, chosen: Sequence[tuple[str, int]], decimal: str) -> TextTable:
    """Turn the chosen columns into text; row numbers count from 1.

    Raises
    ------
    UnreadableError
        If a column holds lists, records or bytes.
    """
    columns = {
        name: _text_of(typed.column(position), name, decimal) for name, position in chosen
    }
    return TextTable(pa.table(columns), np.arange(1, len(typed) + 1), is_typed=True)


def _text_of(column: pa.ChunkedArray, name: str, decimal: str) -> pa.Array:
    values = column.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return pc.fill_null(_cast(values, name, decimal).cast(pa.large_string()), "")


def _cast(values: pa.Array, name: str, decimal: str) -> pa.Array:
    kind = values.type
    if pa.types.is_floating(kind):
        return _numbers_to_text(values.cast(pa.float64()), decimal)
    if pa.types.is_decimal(kind):
        return _decimals_to_text(values, decimal)
    if pa.types.is_boolean(kind):
        return pc.if_else(values, "WAHR", "FALSCH")
    if pa.types.is_timestamp(kind):
        return pc.strftime(values, "%Y-%m-%d")
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise unreadable(
            "column_type",
            "Spalte enthält Listen oder Binärdaten. Erwartet: Text, Zahl oder Datum.",
            column_place(name),
        )
    return values


def _numbers_to_text(values: pa.Array, decimal: str) -> pa.Array:
    """Write each distinct number once; NaN is an empty cell."""
    encoded = values.dictionary_encode()
    texts = [
        None if number is None or number != number else text_of_number(number, decimal)
        for number in encoded.dictionary.to_pylist()
    ]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _decimals_to_text(values: pa.Array, decimal: str) -> pa.Array:
    """Write each distinct decimal once, without an exponent and without zeros at its end."""
    encoded = values.dictionary_encode()
    texts = [
        None if number is None else format(number.normalize(), "f").replace(".", decimal)
        for number in encoded.dictionary.to_pylist()
    ]
    return pa.array(texts, pa.string()).take(encoded.indices)
