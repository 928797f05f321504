"""The append-only store of accepted deliveries; knows no formulas.

``store/<layout>/<reference_date>.<number>/`` holds ``rows.parquet`` (the columns of the layout)
and ``delivery.json``. A delivery appears by one rename, so a killed run leaves none in half.
One that was taken back has ``rejected.json`` beside them: it is kept, but serves no date.
Nothing of it is read before its digest was found right: a damaged delivery fails alone.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from atlas import __version__
from atlas.errors import DamageError
from atlas.home import move_in, write_file
from atlas.integrity import FileKind, damaged, digest_of, require_digest, seal, unseal

DETAILS = FileKind("Lieferung im Speicher, Datei", 2)
PORTRAIT = FileKind("Kenngrößen einer Lieferung, Datei", 2)
REJECTION = FileKind("Zurückweisung einer Lieferung, Datei", 1)
_ROWS = "Zeilen einer Lieferung, Datei"
_COUNTS = "Anzahlen einer Lieferung, Datei"
_DIGITS = 64
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
    passed, held
        Names of the checks of meaning that found nothing, and of all that a person accepted.
    """

    sha256: str
    arrived: str
    supplier: str
    generation: int
    findings: dict[str, int]
    reason: str = ""
    passed: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


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
        return _name_of(self.path)

    @property
    def rejection_path(self) -> Path:
        """File that says that the delivery was taken back; there only if it was."""
        return self.path / "rejected.json"

    @property
    def rows_path(self) -> Path:
        """Parquet file with the rows, unread; gone once their retention has ended."""
        return self.path / "rows.parquet"

    @property
    def details_path(self) -> Path:
        """File that says where the delivery came from and what its rows must be."""
        return self.path / "delivery.json"

    def whole_rows(self) -> Path:
        """Parquet file with the rows, found as they were accepted.

        Raises
        ------
        DamageError
            If they are not, or ``delivery.json`` cannot say so.
        """
        self.require_details()
        return require_digest(self.rows_path, self.content, _ROWS)

    @property
    def portrait_path(self) -> Path:
        """File with aggregates by which the next delivery is judged; stays when rows go."""
        return self.path / "portrait.json"

    def whole_counts(self, served: date) -> Path | None:
        """Parquet file with what the rows count to at a date they serve; None if never kept.

        Raises
        ------
        DamageError
            If it is not as it was written.
        """
        self.require_details()
        path = max(self.counts_paths(served), key=lambda one: one.stat().st_mtime, default=None)
        return require_digest(path, digest_in(path), _COUNTS) if path else None

    def counts_paths(self, served: date) -> list[Path]:
        """Files of these counts, unread: one, unless a run was killed while it replaced it."""
        return sorted(self.path.glob(f"counts.{served.isoformat()}.*parquet"))

    def require_details(self) -> None:
        """Make sure that ``delivery.json`` is as it was written; errors as ``whole_rows``."""
        if not self.content:
            _read_details(self.details_path, self.details_path.stat().st_mtime_ns)


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
    if current is not None and current.content == content and _is_whole(current):
        shutil.rmtree(scratch)
        return None
    numbers = [one[1] for one in _names_in(target_dir) if one[0] == reference_date]
    number = max(numbers, default=0) + 1
    target = target_dir / f"{reference_date.isoformat()}.{number}"
    details = {"name": _name_of(target), "content": content, "arrival": asdict(arrival)}
    text = seal(DETAILS, details, __version__)
    (scratch / "delivery.json").write_text(text, encoding="utf-8")
    move_in(scratch, target)
    return Delivery(layout, reference_date, number, content, arrival, target)


def reject(delivery: Delivery, rejection: Rejection) -> None:
    """Mark a delivery as taken back, in one step; it stays and serves no date any more."""
    sealed = seal(REJECTION, asdict(rejection), __version__)
    write_file(delivery.rejection_path, sealed.encode("utf-8", "surrogatepass"))


def keep_portrait(delivery: Delivery, text: str) -> None:
    """Write the aggregates of a delivery beside its rows."""
    sealed = seal(PORTRAIT, json.loads(text), __version__)
    write_file(delivery.portrait_path, sealed.encode("utf-8", "surrogatepass"))


def read_portrait(delivery: Delivery) -> str:
    """Read the aggregates of a delivery, found as they were written.

    Raises
    ------
    DamageError
        If they are missing or not so.
    """
    return json.dumps(unseal(PORTRAIT, delivery.portrait_path))


def keep_counts(delivery: Delivery, served: date, counts: pa.Table) -> None:
    """Write what the rows of a delivery count to at a date, so that the rows can go."""
    buffer = BytesIO()
    pq.write_table(counts, buffer, compression="zstd")
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    path = delivery.path / f"counts.{served.isoformat()}.{digest}.parquet"
    write_file(path, buffer.getvalue())
    for other in set(delivery.counts_paths(served)) - {path}:
        other.unlink()


def digest_in(path: Path) -> str:
    """Digest that a name holds; of a file that has none yet, its own."""
    parts = path.name.split(".")
    return parts[-2] if len(parts[-2]) == _DIGITS else digest_of(path)


def list_deliveries(store_dir: Path) -> list[Delivery]:
    """Every delivery ever accepted, by layout, reference date and number."""
    layouts = sorted(store_dir.iterdir()) if store_dir.is_dir() else ()
    return [_open(*name) for one in layouts for name in _names_in(one)]


def in_force(stored: Iterable[Delivery]) -> dict[tuple[str, date], Delivery]:
    """Find the delivery in force of every layout and reference date: the last not taken back.

    Parameters
    ----------
    stored
        As ``list_deliveries`` gives them.
    """
    return {(one.layout, one.reference_date): one for one in stored if one.rejection is None}


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
    try:
        content, arrival = _read_details(details_path, details_path.stat().st_mtime_ns)
    except DamageError:  # whoever needs the delivery is told so; the others go on
        content, arrival = "", Arrival("", "", "", 0, {})
    delivery = Delivery(path.parent.name, reference_date, number, content, arrival, path)
    return replace(delivery, rejection=_read_rejection(delivery.rejection_path))


def _read_rejection(path: Path) -> Rejection | None:
    """Read why a delivery was taken back; a damaged mark still takes it back."""
    if not path.exists():
        return None
    try:
        told = unseal(REJECTION, path)
        return Rejection(**{**told, "releases": tuple(told["releases"])})
    except (DamageError, KeyError, TypeError):
        return Rejection("", "", "Begründung nicht lesbar")


@lru_cache(maxsize=10_000)
def _read_details(details_path: Path, _changed: int) -> tuple[str, Arrival]:
    """Read once what never changes: a run looks more than once."""
    details = unseal(DETAILS, details_path)
    try:
        if details.get("name", _name_of(details_path.parent)) != _name_of(details_path.parent):
            raise damaged(details_path, DETAILS.label, "gehört zu einer anderen Lieferung")
        one = Arrival(**details["arrival"])
        arrival = replace(one, passed=tuple(one.passed), held=tuple(one.held))
        return details["content"], arrival
    except (AttributeError, KeyError, TypeError):
        raise damaged(details_path, DETAILS.label, "nicht lesbar") from None


def _name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def holds(delivery: Delivery, rows: pa.Table, sha256: str) -> bool:
    """Compare rows, not files: after a change of the layout one file gives other rows."""
    if not delivery.rows_path.exists():  # past their retention
        return delivery.arrival.sha256 == sha256
    try:
        held: bool = pq.read_table(delivery.whole_rows()).equals(rows)
    except DamageError:  # the file that comes again is the way to mend it
        return False
    return held


def _is_whole(delivery: Delivery) -> bool:
    try:
        return not delivery.rows_path.exists() or bool(delivery.whole_rows())
    except DamageError:
        return False


def _parse(name: str) -> tuple[date, int] | None:
    match = _NAME.fullmatch(name)
    try:
        return (date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None
