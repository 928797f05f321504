"""Write the files of a release, and prove that they follow from its published cells."""

import csv
import filecmp
import hashlib
import io
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from atlas.errors import ReleaseError
from atlas.geography import ContextFiles, map_json, write_gpkg
from atlas.release.context import PUPILS, STREETS, read_context, write_context
from atlas.release.derive import Earlier, derive_cells
from atlas.release.info import ReleaseInfo
from atlas.release.method import method_text
from atlas.release.read import CELL_SCHEMA, open_release
from atlas.release.served import look_as_reader
from atlas.release.whole import SEAL, write_seal
from atlas.terms import CELL_COLUMNS, CELL_KEY, STATE_LABELS, Kind, Status
from atlas.words import day_text

CHANGE_COLUMNS = (*CELL_KEY, "old_value", "old_status", "new_value", "new_status")

_FIELD_TYPES = {
    "reference_date": "date",
    "value": "number",
    "old_value": "number",
    "new_value": "number",
}
_MEDIA_TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".gpkg": "application/geopackage+sqlite3",
    ".json": "application/geo+json",
    ".md": "text/markdown",
}


@dataclass(frozen=True)
class ReleaseContent:
    """All that the files of a release are made of.

    Attributes
    ----------
    cells
        All cells, as ``derive_cells`` returns them.
    areas
        Areas of the edition with boundaries in the city's metric CRS.
    previous
        Cells of the superseded release, if there is one.
    context
        Files of what lies between areas, if the city has such.
    """

    info: ReleaseInfo
    cells: pd.DataFrame
    areas: gpd.GeoDataFrame
    previous: pd.DataFrame | None = None
    context: ContextFiles | None = None


def write_release(directory: Path, content: ReleaseContent) -> None:
    """Write every file of a release into an empty directory; same content, same bytes."""
    cells, info = content.cells, content.info
    directory.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pydict(
        {
            **{name: cells[name].to_numpy(dtype=object) for name in CELL_COLUMNS},
            "value": pa.array(cells["value"].to_numpy(dtype=float), from_pandas=True),
            "reference_date": [info.reference_date] * len(cells),
        },
        schema=CELL_SCHEMA,
    )
    pq.write_table(table, directory / "cells.parquet", compression="zstd")
    _write_csv(directory / "cells.csv", cells, CELL_COLUMNS)
    _write_csv(directory / "changes.csv", cell_changes(content.previous, cells), CHANGE_COLUMNS)
    write_gpkg(content.areas, directory / "areas.gpkg")
    (directory / "map").mkdir(exist_ok=True)
    kinds = list(dict.fromkeys(content.areas["kind"]))
    for kind in kinds if Kind.QUARTIER in kinds else ():
        text = map_json(content.areas, Kind(kind))
        (directory / "map" / f"{kind}.{_digest(text)[:16]}.json").write_bytes(text)
    if content.context and Kind.QUARTIER in kinds:
        write_context(directory / "map", content.context)
    (directory / "method.md").write_text(method_text(info, cells), encoding="utf-8")
    package = json.dumps(_package(directory, content), ensure_ascii=False, indent=1)
    (directory / "datapackage.json").write_text(package + "\n", encoding="utf-8")
    write_seal(directory)


def verify_release(
    directory: Path, areas: gpd.GeoDataFrame, previous: pd.DataFrame | None, earlier: Earlier
) -> None:
    """Rebuild a release from its own counts, the boundaries and its configuration.

    What lies between areas is, like the counts, of the release itself: it is looked at.

    Raises
    ------
    ReleaseError
        Naming the files that differ, are missing or do not belong there.
    """
    release = open_release(directory)
    info = release.info
    cells = derive_cells(release.cells, info.config, info.reference_date, earlier)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".verify-") as scratch:
        content = ReleaseContent(info, cells, areas, previous, read_context(directory))
        write_release(Path(scratch), content)
        here, there = _files(directory), _files(Path(scratch))
        if SEAL not in here:  # of a program before there were seals
            there.discard(SEAL)
        same, differing, _ = filecmp.cmpfiles(directory, scratch, here & there, shallow=False)
    wrong = sorted({*differing, *(here ^ there)})
    if wrong or len(same) != len(here):
        raise ReleaseError(
            f"Release {directory.name}, Dateien {', '.join(wrong)}: folgen nicht aus den "
            "veröffentlichten Zellen. Nicht veröffentlichen; Stichtag neu bauen."
        )
    look_as_reader(release, areas)


def cell_changes(previous: pd.DataFrame | None, cells: pd.DataFrame) -> pd.DataFrame:
    """Compare two releases cell by cell; rows where value or status differ."""
    if previous is None:
        return pd.DataFrame(columns=list(CHANGE_COLUMNS))
    key = list(CELL_KEY)
    shown = ["value", "status"]
    old = previous.set_index(key)[shown].add_prefix("old_")
    new = cells.set_index(key)[shown].add_prefix("new_")
    both = new.join(old, how="outer")
    is_same = (both["old_status"] == both["new_status"]) & (
        (both["old_value"] == both["new_value"])
        | (both["old_value"].isna() & both["new_value"].isna())
    )
    return both[~is_same].sort_index().reset_index()[list(CHANGE_COLUMNS)]


def _write_csv(path: Path, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    texts = [_texts(frame[name]) for name in columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*texts, strict=True))
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")


def _texts(column: pd.Series) -> list[str]:
    if not pd.api.types.is_float_dtype(column):
        return ["" if value is None or value != value else str(value) for value in column]
    numbers = column.to_numpy(dtype=float).tolist()
    return ["" if np.isnan(n) else str(int(n)) if n.is_integer() else repr(n) for n in numbers]


def _files(directory: Path) -> set[str]:
    return {
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_file()
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _package(directory: Path, content: ReleaseContent) -> dict[str, object]:
    info, city = content.info, content.info.config.city
    context = info.config.context
    sample = " (Musterdaten)" if city.sample_data else ""
    day = day_text(info.reference_date)
    statuses = content.cells["status"].value_counts().to_dict()
    return {
        "profile": "data-package",
        "name": f"{city.id}-{info.name}",
        "title": f"{city.title}, Stand {day}, {STATE_LABELS[info.state]}{sample}",
        "licenses": [{"name": city.licence}],
        "sources": [
            {"title": credit.text, "license": credit.licence, "path": credit.url}
            for credit in (*city.credits, *(context.credits() if context else ()))
        ],
        "resources": [_resource(directory, name) for name in sorted(_files(directory))],
        "cells": {str(status): statuses.get(str(status), 0) for status in Status},
        "atlas": info.model_dump(mode="json"),
    }


def _media_type(name: str) -> str:
    is_list = any(one in name for one in (STREETS, PUPILS))
    return "application/json" if is_list else _MEDIA_TYPES[Path(name).suffix]


def _resource(directory: Path, name: str) -> dict[str, object]:
    content = (directory / name).read_bytes()
    resource: dict[str, object] = {
        "name": name.replace("/", "-").replace(".", "-").lower(),
        "path": name,
        "mediatype": _media_type(name),
        "bytes": len(content),
        "hash": f"sha256:{_digest(content)}",
    }
    columns = {"cells.csv": CELL_COLUMNS, "changes.csv": CHANGE_COLUMNS}.get(name)
    if columns:
        fields = [{"name": c, "type": _FIELD_TYPES.get(c, "string")} for c in columns]
        resource["schema"] = {"fields": fields, "primaryKey": list(CELL_KEY)}
    return resource
