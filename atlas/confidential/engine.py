"""Where rows are counted: DuckDB in this process, or a PostgreSQL server; knows no formula."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from atlas.errors import ConfigError

_BATCH_ROWS = 100_000


@contextmanager
def open_tables(
    url: str, files: Mapping[str, Path], scratch_dir: Path
) -> Iterator[dict[str, ir.Table]]:
    """Open Parquet files as tables of the engine that ``aggregate_url`` names.

    DuckDB reads the files where they lie. A server gets the rows in temporary tables, which
    end with the connection; its password comes from the environment (``PGPASSWORD``).

    Parameters
    ----------
    scratch_dir
        Where DuckDB may spill rows that do not fit into memory.

    Raises
    ------
    ConfigError
        If the engine does not answer; what its driver says is not repeated.
    """
    connection = _connect(url)
    try:
        if connection.name == "duckdb":
            scratch = str(scratch_dir).replace("'", "''")
            connection.raw_sql(f"SET temp_directory = '{scratch}'")
            yield {n: connection.read_parquet(p, table_name=n) for n, p in files.items()}
        else:
            yield {name: _upload(connection, name, path) for name, path in files.items()}
    finally:
        connection.disconnect()


def _connect(url: str) -> BaseBackend:
    try:
        connection = ibis.connect(url)
    except Exception:  # noqa: BLE001 - each driver has its own; it may hold the password
        raise ConfigError(
            "city.toml, Schlüssel „aggregate_url“: Rechenwerk antwortet nicht. Erwartet: "
            "duckdb:// oder postgres://benutzer@rechner/datenbank, das Kennwort in der "
            "Umgebungsvariablen PGPASSWORD. Adresse, Kennwort und Server prüfen."
        ) from None
    if connection.name not in ("duckdb", "postgres"):
        raise ConfigError(
            f"city.toml, Schlüssel „aggregate_url“: Rechenwerk {connection.name} wird nicht "
            "unterstützt. Erwartet: duckdb:// oder postgres://. Adresse ändern."
        )
    return connection


def _upload(connection: BaseBackend, name: str, path: Path) -> ir.Table:
    """Copy a file into a temporary table, batch by batch."""
    file = pq.ParquetFile(path)
    schema = ibis.Schema.from_pyarrow(file.schema_arrow)
    table = connection.create_table(name, schema=schema, temp=True)
    command = f'COPY "{name}" FROM STDIN WITH (FORMAT csv)'
    with connection.con.cursor() as cursor, cursor.copy(command) as copy:
        for batch in file.iter_batches(_BATCH_ROWS):
            copy.write(_csv(batch))
    return table


def _csv(batch: pa.RecordBatch) -> bytes:
    """Rows as CSV: texts in quotes, nothing at all where a cell is missing."""
    buffer = io.BytesIO()
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    pa_csv.write_csv(batch, buffer, options)
    return buffer.getvalue()
