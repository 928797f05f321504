"""A release as text that a reader can follow; no bytes, no hashes of files.

``python -m tests.golden.render`` writes the text anew; it changes on purpose only, with a line
in CHANGELOG.md.
"""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from atlas.release import Release, open_release
from atlas.terms import Status
from tests.factories import DAY, SGB2
from tests.town_office import ba_csv, make_office, put, put_registers

GOLDEN_PATH = Path(__file__).parent / "musterstadt.txt"
# The order of equal choices in protection follows the key.
_ORDER_KEY = b"Musterstadt: der feste Schluessel"[:32]
_SIGNS = {
    Status.SUPPRESSED: "geheim",
    Status.WITHHELD: "gesperrt",
    Status.MISSING: "später",
    Status.UNAVAILABLE: "fehlt",
    Status.NOT_MEANINGFUL: "x",
    Status.UNINHABITED: "unbewohnt",
    Status.NOT_CLASSIFIED: "-",
    Status.ESTIMATED: "geschätzt",
}


def musterstadt(root: Path) -> Desk:
    """Publish Musterstadt without the BA, then with it; the BA withholds one Quartier."""
    office = make_office(root)
    office.keys_dir.mkdir(parents=True)
    (office.keys_dir / "order.key").write_bytes(_ORDER_KEY)
    put_registers(office)
    run(office, "")
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "22": ("*", "*")}))
    run(office, "")
    return office


def release_text(release: Release) -> str:
    """Everything that the files of a release say."""
    parts = [
        _title(f"Release {release.info.name}"),
        _package(release),
        _title("Dateien"),
        "\n".join(_files(release.path)),
        *_tables(release),
        _title("changes.csv: Zellen je Größe und Status"),
        _changes(release.path / "changes.csv"),
        _title("method.md"),
        (release.path / "method.md").read_text(encoding="utf-8").rstrip(),
    ]
    return "\n".join(parts) + "\n"


def office_text(office: Desk) -> str:
    """All releases of an office, oldest first."""
    names = sorted(path.name for path in office.releases_dir.iterdir() if path.is_dir())
    return "\n".join(release_text(open_release(office.releases_dir / name)) for name in names)


def _title(text: str) -> str:
    return f"\n{text}\n{'=' * len(text)}\n"


def _package(release: Release) -> str:
    package = json.loads((release.path / "datapackage.json").read_text(encoding="utf-8"))
    atlas = {key: value for key, value in package["atlas"].items() if key != "config"}
    shown = {key: package[key] for key in ("name", "title", "licenses", "sources", "cells")}
    return json.dumps({**shown, "atlas": atlas}, ensure_ascii=False, indent=1)


def _files(directory: Path) -> Iterable[str]:
    """Names without their hash; a map with its number of areas."""
    for path in sorted(directory.rglob("*.*")):
        name = path.relative_to(directory).as_posix()
        if name.startswith("map/"):
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
            yield f"{name.split('.')[0]}.….json: {len(features)} Gebiete"
        else:
            yield name


def _tables(release: Release) -> Iterable[str]:
    for (kind, group), cells in release.cells.groupby(["kind", "group"], sort=False):
        yield _title(f"cells: {kind}, {group}")
        columns = sorted(cells["item"].unique())
        # One line per item, one column per area: items are many, areas few.
        shown = cells.assign(text=_texts(cells))
        wide = shown.pivot(index="item", columns="area_id", values="text").loc[columns]
        yield wide.fillna("").rename_axis(index=None, columns=None).to_string()


def _texts(cells: pd.DataFrame) -> list[str]:
    return [
        f"{round(value, 9) + 0.0:.6g}" if status == Status.PUBLISHED else _word(status, reason)
        for value, status, reason in zip(
            cells["value"], cells["status"], cells["reason"], strict=True
        )
    ]


def _word(status: str, reason: str) -> str:
    sign = _SIGNS[Status(status)]
    return f"{sign}:{reason}" if sign in ("-", "x") else sign


def _changes(path: Path) -> str:
    changes = pd.read_csv(path, dtype=str, keep_default_na=False)
    if changes.empty:
        return "keine"
    grain = ["kind", "group", "item", "old_status", "new_status"]
    return changes.groupby(grain).size().rename("Zellen").reset_index().to_string(index=False)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        GOLDEN_PATH.write_text(office_text(musterstadt(Path(scratch))), encoding="utf-8")
