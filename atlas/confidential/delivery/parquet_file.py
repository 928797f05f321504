"""Parquet to a text table: only the layout's columns are read."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from atlas.confidential.delivery.arrow_text import text_table
from atlas.confidential.delivery.content import PARQUET, check_content
from atlas.confidential.delivery.tables import (
    Progress,
    TextTable,
    choose_columns,
    unreadable,
)
from atlas.config import Layout


def read_parquet(path: Path, layout: Layout, progress: Progress) -> TextTable:
    """Read the layout's columns of a Parquet file.

    Raises
    ------
    UnreadableError
        With the finding, if the file gives no table.
    """
    check_content(path.read_bytes(), PARQUET)
    try:
        header = pq.read_schema(path).names
        chosen = choose_columns(header, layout)
        names = [header[position] for _, position in chosen]
        typed = pq.read_table(path, columns=names, page_checksum_verification=True)
        typed.validate(full=True)
        ordered = [(name, position) for position, (name, _) in enumerate(chosen)]
        table = text_table(typed, ordered, layout.decimal)
    except (pa.ArrowException, OSError, ValueError):
        raise unreadable(
            "damaged",
            "Parquet-Datei ist beschädigt oder unvollständig. Datei neu übertragen.",
        ) from None
    progress(len(table.rows))
    return table
