"""The ledger: every count that was ever published, kept for as long as the office exists.

``ledger/<release>.<hash>.parquet`` holds one row per kind, area_id, group and measure; n is
missing where the cell was hidden. Readers keep old releases, so protection must too.
"""

import hashlib
from datetime import date
from pathlib import Path

import pandas as pd

from atlas.confidential.pipeline.office import Office
from atlas.home import replacing
from atlas.release import open_release
from atlas.terms import UNPLACED, Kind, Status

_COLUMNS = ["kind", "area_id", "group", "measure", "n", "edition", "release"]


def enter(office: Office, directory: Path) -> None:
    """Write a release into the ledger; before it is published, so that none is forgotten."""
    release = open_release(directory)
    measures = release.info.config.indicators.measures
    names = [*measures, *(f"{name}{UNPLACED}" for name in measures)]
    cells = release.cells[release.cells["item"].isin(names)]
    told = cells[cells["status"].isin([str(Status.PUBLISHED), str(Status.SUPPRESSED)])]
    rows = told.rename(columns={"item": "measure", "value": "n"}).assign(
        edition=release.info.edition.isoformat(), release=release.info.name
    )[_COLUMNS]
    digest = hashlib.sha256(rows.to_csv(index=False).encode()).hexdigest()[:16]
    path = _directory(office) / f"{release.info.name}.{digest}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as scratch:
        rows.astype({"n": "Int64"}).to_parquet(scratch, index=False)


def read_ledger(office: Office, reference_date: date, edition: date) -> pd.DataFrame | None:
    """Everything that readers already know about one reference date.

    Returns
    -------
    pandas.DataFrame or None
        One row per kind, area_id, group, measure and release; column ``parts`` lists the
        blocks of an area of another edition, separated by blanks. None if nothing is known.
    """
    paths = sorted(_directory(office).glob(f"{reference_date}.*.parquet"))
    if not paths:
        return None
    told = pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
    told = told.drop_duplicates(ignore_index=True)
    parts = pd.Series(index=told.index, dtype=object)
    for old in sorted(set(told["edition"]) - {edition.isoformat()}):
        blocks = _blocks_of(office, date.fromisoformat(old))
        is_old = told["edition"] == old
        parts[is_old] = [
            blocks.get((kind, area_id))
            for kind, area_id in told.loc[is_old, ["kind", "area_id"]].itertuples(index=False)
        ]
    return told.drop(columns="edition").assign(parts=parts)


def _blocks_of(office: Office, edition: date) -> dict[tuple[str, str], str]:
    """Blocks of every larger area of an edition, separated by blanks."""
    areas = pd.DataFrame(office.areas_of(edition)[["kind", "area_id", "parent_id"]])
    kinds = list(dict.fromkeys(areas["kind"]))
    blocks = areas[areas["kind"] == str(Kind.BLOCK)]
    held: dict[tuple[str, str], list[str]] = {}
    holders = dict(zip(blocks["area_id"], blocks["parent_id"], strict=True))
    for kind in kinds[1:] if holders else ():
        for block, holder in holders.items():
            held.setdefault((kind, holder), []).append(block)
        level = areas[areas["kind"] == kind]
        above = dict(zip(level["area_id"], level["parent_id"], strict=True))
        holders = {block: above[holder] for block, holder in holders.items()}
    return {name: " ".join(sorted(inside)) for name, inside in held.items()}


def _directory(office: Office) -> Path:
    return office.private_dir / "ledger"
