"""The append-only store of accepted deliveries; knows no formulas.

``store/<layout>/<reference_date>.<number>/`` holds ``rows.parquet`` (the columns of the layout)
and ``delivery.json``. A delivery appears by one rename, so a killed run leaves none in half.
"""

import hashlib
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from atlas.home import move_in, replacing, write_file

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d+)")


@dataclass(frozen=True)
class Arrival:
    """What is kept of where a delivery came from.

    Attributes
    ----------
    sha256
        Of the delivered file, not of its rows.
    reason
        Why warnings were accepted, if there were any.
    """

    sha256: str
    arrived: str
    supplier: str
    generation: int
    findings: dict[str, int]
    reason: str = ""


@dataclass(frozen=True)
class Delivery:
    """One accepted delivery; a corrected one has the next number and supersedes."""

    layout: str
    reference_date: date
    number: int
    content: str
    arrival: Arrival
    path: Path

    @property
    def rows_path(self) -> Path:
        """Parquet file with the rows; gone once their retention has ended."""
        return self.path / "rows.parquet"

    @property
    def portrait_path(self) -> Path:
        """File with aggregates by which the next delivery is judged; stays when rows go."""
        return self.path / "portrait.json"

    def counts_path(self, served: date) -> Path:
        """Parquet file with what the rows count to at a date they serve, kept when they go."""
        return self.path / f"counts.{served.isoformat()}.parquet"


def accept(
    store_dir: Path, layout: str, reference_date: date, rows: pa.Table, arrival: Arrival
) -> Delivery | None:
    """Add rows as a new delivery; the same rows again add nothing, whatever file they are in.

    One run at a time: what a killed one left is removed.

    Returns
    -------
    Delivery or None
        None if the store already held this delivery as the current one.
    """
    target_dir = store_dir / layout
    target_dir.mkdir(parents=True, exist_ok=True)
    current = current_delivery(store_dir, layout, reference_date)
    if current is not None and _holds(current, rows, arrival):
        return None
    for leftover in target_dir.glob(".new-*"):
        shutil.rmtree(leftover)
    scratch = target_dir / f".new-{os.getpid()}"
    scratch.mkdir()
    rows_path = scratch / "rows.parquet"
    pq.write_table(rows, rows_path, compression="zstd")
    content = hashlib.sha256(rows_path.read_bytes()).hexdigest()
    if current is not None and current.content == content:
        shutil.rmtree(scratch)
        return None
    number = 1 if current is None else current.number + 1
    details = {"content": content, "arrival": asdict(arrival)}
    text = json.dumps(details, ensure_ascii=False, indent=1)
    (scratch / "delivery.json").write_text(text, encoding="utf-8")
    target = target_dir / f"{reference_date.isoformat()}.{number}"
    move_in(scratch, target)
    return Delivery(layout, reference_date, number, content, arrival, target)


def keep_portrait(delivery: Delivery, text: str) -> None:
    """Write the aggregates of a delivery beside its rows."""
    write_file(delivery.portrait_path, text.encode())


def keep_counts(delivery: Delivery, served: date, counts: pa.Table) -> None:
    """Write what the rows of a delivery count to at a date, so that the rows can go."""
    with replacing(delivery.counts_path(served)) as scratch:
        pq.write_table(counts, scratch, compression="zstd")


def list_deliveries(store_dir: Path) -> list[Delivery]:
    """Every delivery ever accepted, by layout, reference date and number."""
    layouts = sorted(store_dir.iterdir()) if store_dir.is_dir() else ()
    return [_open(*name) for one in layouts for name in _names_in(one)]


def current_delivery(store_dir: Path, layout: str, reference_date: date) -> Delivery | None:
    """Find the delivery in force of one layout and reference date."""
    names = [one for one in _names_in(store_dir / layout) if one[0] == reference_date]
    return _open(*names[-1]) if names else None


def _names_in(layout_dir: Path) -> list[tuple[date, int, Path]]:
    """Deliveries of one layout by date and number, told from their names alone."""
    paths = layout_dir.iterdir() if layout_dir.is_dir() else ()
    named = ((_parse(path.name), path) for path in paths)
    return sorted(
        (*name, path) for name, path in named if name and (path / "delivery.json").is_file()
    )


def _open(reference_date: date, number: int, path: Path) -> Delivery:
    details_path = path / "delivery.json"
    content, arrival = _read_details(details_path, details_path.stat().st_mtime_ns)
    return Delivery(path.parent.name, reference_date, number, content, arrival, path)


@lru_cache(maxsize=10_000)
def _read_details(details_path: Path, _changed: int) -> tuple[str, Arrival]:
    """Read once what never changes: a run looks more than once."""
    details = json.loads(details_path.read_text(encoding="utf-8"))
    return details["content"], Arrival(**details["arrival"])


def _holds(current: Delivery, rows: pa.Table, arrival: Arrival) -> bool:
    """Compare rows, not files: after a change of the layout one file gives other rows."""
    if not current.rows_path.exists():  # past their retention
        return current.arrival.sha256 == arrival.sha256
    held: bool = pq.read_table(current.rows_path).equals(rows)
    return held


def _parse(name: str) -> tuple[date, int] | None:
    match = _NAME.fullmatch(name)
    try:
        return (date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None
