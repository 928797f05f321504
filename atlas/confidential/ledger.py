"""Every count that was ever published, kept for as long as the office exists.

Readers keep old releases, so protection must too. ``ledger/<release>.<hash>.parquet`` holds one
row per kind, area_id, group and measure; n is missing where the cell was hidden. An entry
follows from its release alone: what is lost or damaged is entered anew from ``releases/``.
"""

import hashlib
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio

from atlas.confidential.day import Day
from atlas.confidential.desk import Desk
from atlas.confidential.known import read_known
from atlas.confidential.recut import blocks_of, compare, in_todays_blocks
from atlas.errors import DamageError, ProtectionError
from atlas.geography import PARTS
from atlas.home import write_file
from atlas.integrity import damaged, require_digest
from atlas.release import open_release, read_boundaries
from atlas.terms import UNPLACED, Kind, Status

_COLUMNS = ["kind", "area_id", "group", "measure", "n", "edition", "release"]
_LEDGER, _DIGITS, _CHECK_DIGITS = "Ledger, Datei", 64, 16


def recall(desk: Desk, day: Day) -> pd.DataFrame | None:
    """Read what readers know about a date, after making sure that nothing of it is forgotten.

    Raises
    ------
    ProtectionError
        If entries are missing that no release can give back.
    DamageError
        If one is damaged and its release is gone.
    """
    fill_ledger(desk, day)
    for path in _entries(desk, day.reference_date):
        release = desk.releases_dir / _release_of(path)
        if release.is_dir() and not _is_whole(path):
            path.unlink()
            _refill(desk, release)
    for ref in filter(day.sight.is_whole, day.releases):
        told = day.sight.checks_of(ref)[1]
        if told and told != ledger_check(desk, day.reference_date, ref.number):
            raise ProtectionError(
                f"Gedächtnis der Geheimhaltung zum Stichtag {day.reference_date}: Einträge "
                f"fehlen, die beim Bau der Veröffentlichung {ref.name} da waren, und aus "
                "releases/ lassen sie sich nicht nachtragen. Erwartet: ledger/ mit allem, was "
                "je veröffentlicht war. Sicherung von confidential/ zurückspielen (atlas "
                "restore)."
            )
    return read_ledger(desk, day.reference_date, day.edition)


def fill_ledger(desk: Desk, day: Day) -> None:
    """Enter the releases of a date that the ledger has lost; the event is logged."""
    for ref in day.releases:
        if ref.name not in day.sight.told and not _entries(desk, ref.name):
            _refill(desk, ref.path)


def enter_ledger(desk: Desk, directory: Path) -> None:
    """Write a release into the ledger; before it is published, so that none is forgotten."""
    release = open_release(directory)
    measures = release.info.config.indicators.measures
    names = [*measures, *(f"{name}{UNPLACED}" for name in measures)]
    cells = release.cells[release.cells["item"].isin(names)]
    told = cells[cells["status"].isin([str(Status.PUBLISHED), str(Status.SUPPRESSED)])]
    rows = told.rename(columns={"item": "measure", "value": "n"}).assign(
        edition=release.info.edition.isoformat(), release=release.info.name
    )[_COLUMNS]
    rows = _with_parts(rows, release.areas)
    buffer = BytesIO()
    rows.astype({"n": "Int64"}).to_parquet(buffer, index=False)
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    desk.ledger_dir.mkdir(parents=True, exist_ok=True)
    path = desk.ledger_dir / f"{release.info.name}.{digest}.parquet"
    write_file(path, buffer.getvalue())


def ledger_check(desk: Desk, reference_date: date, number: int) -> str:
    """Fingerprint of what the ledger tells of a date before the release of this number."""
    told = {
        f"{_release_of(path)} {_told_in(path, path.stat().st_mtime_ns)}"
        for path in _entries(desk, reference_date)
        if int(path.name.split(".")[1]) < number
    }
    return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()[:_CHECK_DIGITS]


def read_ledger(desk: Desk, reference_date: date, edition: date) -> pd.DataFrame | None:
    """Everything that readers already know about one reference date.

    Returns
    -------
    pandas.DataFrame or None
        One row per kind, area_id, group, measure and release; column ``parts`` lists the
        blocks of an area of another edition, separated by blanks; what others printed stands
        as release 0. None if nothing is known.

    Raises
    ------
    DamageError
        If an entry is not what its name says.
    """
    paths = _entries(desk, reference_date)
    known = read_known(desk, reference_date)
    if not paths:
        return None if known is None else known.assign(parts=None)
    told = pd.concat([read_ledger_file(path) for path in paths], ignore_index=True)
    told = told.drop_duplicates(ignore_index=True)
    told = told.assign(parts=told.get(PARTS, pd.Series(index=told.index)).astype(object))
    told[PARTS] = told[PARTS].mask(told[PARTS].isna(), None)
    found = [
        _brought(desk, rows, edition)
        for _, rows in told.groupby(["release", "edition"], sort=True)
    ]
    found += [] if known is None else [known.assign(parts=None)]
    return pd.concat(found, ignore_index=True).drop(columns="edition", errors="ignore")


def _brought(desk: Desk, told: pd.DataFrame, edition: date) -> pd.DataFrame:
    """Bring what one release told to today's blocks, found by their boundaries."""
    then = _areas_then(desk, str(told["release"].iloc[0]), str(told["edition"].iloc[0]))
    today = desk.areas_of(edition)
    blocks, own = (one[one["kind"] == str(Kind.BLOCK)] for one in (then, today))
    if blocks.empty:
        return told
    held, now = blocks_of(then), blocks_of(today)
    recut = compare(blocks, own)
    if recut.is_same and held == now:
        return told
    brought = in_todays_blocks(told, held, recut)
    names = zip(brought["kind"], brought["area_id"], strict=True)
    is_same = [
        parts is not None and " ".join(now.get(name, ())) == parts
        for name, parts in zip(names, brought[PARTS], strict=True)
    ]
    return brought.assign(parts=brought[PARTS].mask(np.array(is_same, dtype=bool), None))


def _areas_then(desk: Desk, name: str, edition: str) -> gpd.GeoDataFrame:
    """Areas of a release as it shows them; of one that is gone, those of its edition."""
    path = desk.releases_dir / name
    if not path.is_dir():
        return desk.areas_of(date.fromisoformat(edition))
    kinds = [str(kind) for kind, _ in pyogrio.list_layers(path / "areas.gpkg")]
    frames = [read_boundaries(path, Kind(kind)) for kind in kinds]
    areas = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
    return areas.assign(**{PARTS: areas[PARTS].fillna("")}) if PARTS in areas else areas


def read_ledger_file(path: Path) -> pd.DataFrame:
    """Read what one release told, found as it was entered.

    The name ends with the digest of the bytes; that of an earlier program, which is shorter,
    with the digest of what they say.

    Raises
    ------
    DamageError
        If the file is not what its name says.
    """
    digest = path.name.split(".")[-2]
    if len(digest) == _DIGITS:
        require_digest(path, digest, _LEDGER)
    try:
        rows = pd.read_parquet(path)
        said = _digest(rows)
    except (OSError, ValueError, KeyError, pa.ArrowException):
        raise damaged(path, _LEDGER, "nicht lesbar") from None
    if len(digest) != _DIGITS and not said.startswith(digest):
        raise damaged(path, _LEDGER, "die Prüfsumme passt nicht")
    return rows


def _with_parts(rows: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Say which blocks an area outside the chain held: the next release may deal them anew."""
    if PARTS not in areas:
        return rows
    key = ["kind", "area_id"]
    parts = areas.loc[areas[PARTS] != "", [*key, PARTS]]
    return rows.merge(parts, on=key, how="left")


def _entries(desk: Desk, name: object) -> list[Path]:
    """Files of one reference date, or of one release, by name."""
    return sorted(desk.ledger_dir.glob(f"{name}.*.parquet"))


def _release_of(path: Path) -> str:
    return path.name.rsplit(".", 2)[0]


def _refill(desk: Desk, release: Path) -> None:
    enter_ledger(desk, release)
    desk.log("refilled", release.name, {})


def _is_whole(path: Path) -> bool:
    try:
        return not read_ledger_file(path).empty
    except DamageError:
        return False


@lru_cache(maxsize=1_000)
def _told_in(path: Path, _changed: int) -> str:
    """Digest of what an entry says, whatever library wrote its bytes."""
    return _digest(read_ledger_file(path))


def _digest(rows: pd.DataFrame) -> str:
    text = rows.astype({"n": float}).to_csv(index=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
