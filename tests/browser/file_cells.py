"""Cells of downloaded files, and the same cells of the release, each read on its own way.

A cell is value and status under area, group and item; the names of columns were written here by
hand and owe nothing to the code that wrote the file.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd

from atlas.release import Release

Key = tuple[str, str, str]
Cell = tuple[float | None, str]
Cells = dict[Key, Cell]

_GROUPS = {"Alle": "all", "Kinder": "u18"}
_WORDS = {
    "veröffentlicht": "published",
    "geheim": "suppressed",
    "fällt später an": "missing",
    "liegt nicht vor": "unavailable",
    "unbewohnt": "uninhabited",
    "nicht klassifiziert": "not_classified",
    "nicht sinnvoll": "not_meaningful",
}
_LABELS = {
    "Handlungsbedarf": "need_level",
    "Index Handlungsbedarf": "need_index",
    "Handlungsbedarf (Maßstab eines festen Stichtags)": "need_level.fixed",
    "Index Handlungsbedarf (Maßstab eines festen Stichtags)": "need_index.fixed",
    "Einwohnerdichte je ha": "density",
    "Anteil mit Migrationshintergrund in %": "migration_share",
    "SGB-II-Quote in %": "sgb2_share",
    "Flüchtlingsanteil in %": "refugee_share",
    "Einwohner*innen": "residents",
    "mit Migrationshintergrund": "migrants",
    "Empfänger*innen von SGB II": "sgb2",
    "Geflüchtete": "refugees",
    "Fläche in ha": "area_ha",
    **{
        f"{label}: {part}": f"{item}.{name}"
        for label, item in (
            ("Einwohnerdichte", "density"),
            ("Anteil mit Migrationshintergrund", "migration_share"),
            ("SGB-II-Quote", "sgb2_share"),
        )
        for part, name in (
            ("z-Wert", "z"),
            ("Beitrag zum Index", "contribution"),
            ("Rang", "rank"),
        )
    },
}
# How an area came to its level; what concerns the whole city or a trial is no table of areas.
PARTS = (".z", ".contribution", ".rank")


def of_release(release: Release, kind: str) -> Cells:
    """Every cell of a kind that has a table, from the release itself."""
    cells = release.cells[release.cells["kind"] == kind]
    names = ("area_id", "group", "item", "value", "status")
    return {
        (area, group, item): (None if pd.isna(value) else float(value), str(status))
        for area, group, item, value, status in zip(*(cells[n] for n in names), strict=True)
        if "." not in item
        or item.endswith(".fixed")
        or (item.endswith(PARTS) and not item.startswith("need_"))
    }


def of_excel(path: Path) -> Cells:
    """All sheets but the notes; the area belongs to no group and stands on each."""
    found: Cells = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        group = _GROUPS.get(sheet.title.rsplit(" ", 1)[-1], "")
        if not group:
            assert sheet.title == "Hinweise"
            continue
        rows = sheet.iter_rows(values_only=True)
        heads = [str(head) for head in next(rows)]
        for row in rows:
            _add(found, _excel_row(dict(zip(heads, row, strict=True)), group))
    return found


def of_csv(path: Path) -> Cells:
    """One row per area, read without guessing: keys are text, nothing is "NA"."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")
    return _of_records([{str(name): text for name, text in row.items()} for row in rows])


def of_geopackage(path: Path) -> Cells:
    records = gpd.read_file(path).drop(columns="geometry").to_dict("records")
    return _of_records([{str(name): value for name, value in row.items()} for row in records])


def of_geojson(path: Path) -> Cells:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return _of_records([one["properties"] for one in features])


def _of_records(records: Iterable[Mapping[str, object]]) -> Cells:
    found: Cells = {}
    for row in records:
        for name, status in row.items():
            if not name.endswith("_status"):
                continue
            column = name.removesuffix("_status")
            item, _, group = column.rpartition("_") if column != "area_ha" else (column, "", "")
            key = (str(row["area_id"]), group or "all", item)
            found[key] = (_number(row[column]), str(status))
    return found


def _excel_row(row: Mapping[str, object], group: str) -> Iterator[tuple[Key, Cell]]:
    for label, item in _LABELS.items():
        if label in row:
            value, word = row[label], str(row[f"{label}: Status"])
            # A hidden cell shows its table symbol.
            number = None if isinstance(value, str) else _number(value)
            key = (str(row["Nummer"]), "all" if item == "area_ha" else group, item)
            yield key, (number, _WORDS[word.split(":")[0]])


def _add(found: Cells, cells: Iterable[tuple[Key, Cell]]) -> None:
    for key, cell in cells:
        assert found.setdefault(key, cell) == cell, key


def _number(value: object) -> float | None:
    if value is None or value == "" or value != value:
        return None
    return float(str(value))


def keys_without(cells: Cells, endings: Sequence[str]) -> set[Key]:
    """Keys of the cells whose items end otherwise."""
    return {key for key in cells if not key[2].endswith(tuple(endings))}
