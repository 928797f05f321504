"""Measure the import of a register with all checks: seconds and peak memory per file format.

Each format is read in a process of its own, so that its peak memory is its own. The register
is made up: keys, blocks and dates are drawn at random.
"""

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import xlsxwriter

from atlas.confidential.delivery import KnownAreas, Request, read_delivery
from atlas.config import Layout

DAY = date(2024, 12, 31)
BLOCKS = tuple(f"{quartier:02d}{block:04d}" for quartier in range(1, 70) for block in range(73))
CODES = ("STAAT", "STAAT_2", "DEUTSCH_DURCH", "ZUZUG", "GEBURTSSTAAT")
HEADER = ("KENNUNG", "BLOCK", "GEBURT", *CODES)
FORMATS = ("csv", "parquet", "xlsx")
LAYOUT = Layout.model_validate(
    {
        "id": "ewo",
        "source": "ewo",
        "label": "Register",
        "shape": "persons",
        "file": "register.*",
        "kind": "block",
        "columns": {
            "KENNUNG": {"role": "person"},
            "BLOCK": {"role": "area"},
            "GEBURT": {"role": "birth_date", "format": "%d.%m.%Y"},
            **{name: {"role": "code"} for name in CODES},
        },
        "measures": {"residents": "every_row"},
    }
)


def write_register(folder: Path, count: int) -> None:
    """Write the same persons in every format."""
    draw = random.Random(1)
    rows = [
        (
            f"P{number:011d}",
            draw.choice(BLOCKS),
            (DAY - timedelta(days=draw.randrange(36_000))).strftime("%d.%m.%Y"),
            *(draw.choice(("000", "000", "163", "")) for _ in CODES),
        )
        for number in range(count)
    ]
    csv_path = folder / "register.csv"
    with csv_path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(rows)
    texts = pa_csv.ConvertOptions(column_types=dict.fromkeys(HEADER, "string"))
    parsed = pa_csv.ParseOptions(delimiter=";")
    table = pa_csv.read_csv(csv_path, parse_options=parsed, convert_options=texts)
    pq.write_table(table, folder / "register.parquet")
    book = xlsxwriter.Workbook(folder / "register.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([HEADER, *rows]):
        sheet.write_row(number, 0, row)
    book.close()


def measure(path: Path) -> None:
    """Read one file and print what it took."""
    known = KnownAreas(DAY, frozenset(BLOCKS))
    start = time.perf_counter()
    reading = read_delivery(path, Request(LAYOUT, DAY, b"benchmark", lambda day: known))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = ", ".join(finding.check for finding in reading.findings) or "none"
    print(
        f"{path.suffix:9}{reading.rows:>10,} rows {seconds:6.1f} s {peak:6.0f} MB  "
        f"findings: {found}"
    )


def main() -> None:
    """Measure every format, or the one file that is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=350_000)
    parser.add_argument("--file", type=Path, help="measure this file only")
    arguments = parser.parse_args()
    if arguments.file is not None:
        measure(arguments.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_register(Path(folder), arguments.rows)
        for suffix in FORMATS:
            path = Path(folder) / f"register.{suffix}"
            subprocess.run([sys.executable, __file__, "--file", str(path)], check=True)


if __name__ == "__main__":
    main()
