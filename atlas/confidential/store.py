"""The append-only store of accepted deliveries; knows no formulas.

``store/<layout>/<reference_date>.<number>/`` holds ``rows.parquet`` (the columns of the layout)
and ``delivery.json``. A delivery appears by one rename, so a killed run leaves none in half.
One that was taken back has ``rejected.json`` beside them: it is kept, but serves no date.
"""

import hashlib
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass, replace
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
class Rejection:
    """Who took a delivery back, when and why; ``releases`` names those that rested on it."""

    when: str
    who: str
    reason: str
    releases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """One accepted delivery; a corrected one has the next number and supersedes."""

    layout: str
    reference_date: date
    number: int
    content: str
    arrival: Arrival
    path: Path
    rejection: Rejection | None = None

    @property
    def name(self) -> str:
        """Name by which people call it, e.g. ``ewo/2024-12-31.2``."""
        return f"{self.layout}/{self.path.name}"

    @property
    def rejection_path(self) -> Path:
        """File that says that the delivery was taken back; there only if it was."""
        return self.path / "rejected.json"

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
    if current is not None and holds(current, rows, arrival.sha256):
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
    numbers = [one[1] for one in _names_in(target_dir) if one[0] == reference_date]
    number = max(numbers, default=0) + 1
    details = {"content": content, "arrival": asdict(arrival)}
    text = json.dumps(details, ensure_ascii=False, indent=1)
    (scratch / "delivery.json").write_text(text, encoding="utf-8")
    target = target_dir / f"{reference_date.isoformat()}.{number}"
    move_in(scratch, target)
    return Delivery(layout, reference_date, number, content, arrival, target)


def reject(delivery: Delivery, rejection: Rejection) -> None:
    """Mark a delivery as taken back, in one step; it stays and serves no date any more."""
    text = json.dumps(asdict(rejection), ensure_ascii=False, indent=1)
    write_file(delivery.rejection_path, text.encode())


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
    """Find the delivery in force of one layout and reference date: the last not taken back."""
    names = [one for one in _names_in(store_dir / layout) if one[0] == reference_date]
    opened = (_open(*name) for name in reversed(names))
    return next((one for one in opened if one.rejection is None), None)


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
    delivery = Delivery(path.parent.name, reference_date, number, content, arrival, path)
    return replace(delivery, rejection=_read_rejection(delivery.rejection_path))


def _read_rejection(path: Path) -> Rejection | None:
    """Read why a delivery was taken back; a damaged mark still takes it back."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Rejection(**{**told, "releases": tuple(told["releases"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Rejection("", "", "Begründung nicht lesbar")


@lru_cache(maxsize=10_000)
def _read_details(details_path: Path, _changed: int) -> tuple[str, Arrival]:
    """Read once what never changes: a run looks more than once."""
    details = json.loads(details_path.read_text(encoding="utf-8"))
    return details["content"], Arrival(**details["arrival"])


def holds(delivery: Delivery, rows: pa.Table, sha256: str) -> bool:
    """Compare rows, not files: after a change of the layout one file gives other rows."""
    if not delivery.rows_path.exists():  # past their retention
        return delivery.arrival.sha256 == sha256
    held: bool = pq.read_table(delivery.rows_path).equals(rows)
    return held


def _parse(name: str) -> tuple[date, int] | None:
    match = _NAME.fullmatch(name)
    try:
        return (date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None
