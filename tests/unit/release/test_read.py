"""Opening releases; whatever is broken about one is a ReleaseError."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atlas.errors import ReleaseError
from atlas.release import ReleaseInfo, open_release, read_boundaries, read_info
from atlas.terms import KINDS, Kind, State
from tests.command import PROJECT_DIR
from tests.factories import reseal


def test_an_opened_release(town_release: Path) -> None:
    release = open_release(town_release)
    assert release.info.name == "2023-12-31.1"
    assert release.info.state is State.FINAL
    assert set(release.cells["reference_date"]) == {"2023-12-31"}
    assert release.cells["value"].dtype == float
    assert list(release.areas.columns) == ["kind", "area_id", "name", "parent_id", "area_ha"]
    assert release.areas["kind"].value_counts(sort=False).to_dict() == {
        "block": 12,
        "quartier": 6,
        "district": 2,
        "city": 1,
    }
    assert set(release.map_files) == set(KINDS)
    assert release.map_files[Kind.BLOCK].name.startswith("block.")


def test_boundaries_of_a_kind(town_release: Path) -> None:
    boundaries = read_boundaries(town_release, Kind.DISTRICT)
    assert boundaries["area_id"].tolist() == ["1", "2"]
    assert (boundaries.area / 10_000).round(6).tolist() == [6.0, 6.0]
    assert set(boundaries["kind"]) == {"district"}


# ---- broken -------------------------------------------------------------------------------

Break = Callable[[Path], object]


def _package(text: str | bytes) -> Break:
    content = text.encode() if isinstance(text, str) else text
    return lambda path: (path / "datapackage.json").write_bytes(content)


def _change_info(**changes: object) -> Break:
    def change(path: Path) -> None:
        package = json.loads((path / "datapackage.json").read_text(encoding="utf-8"))
        package["atlas"] |= changes
        (path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")

    return change


BROKEN_PACKAGES: dict[str, Break] = {
    "no directory": shutil.rmtree,
    "no package": lambda path: (path / "datapackage.json").unlink(),
    "empty": _package(""),
    "cut off": _package('{"atlas": {'),
    "a list": _package("[]"),
    "a word": _package('"atlas"'),
    "nothing": _package("null"),
    "no section": _package('{"name": "x"}'),
    "section is a number": _package('{"atlas": 1}'),
    "no text": _package(b"\xff\xfe\x00"),
    "another format": _change_info(format=2),
    "unknown key": _change_info(einwohner=5),
    "no date": _change_info(reference_date="gestern"),
}


@pytest.fixture
def broken(town_release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town_release, tmp_path / town_release.name))


@pytest.mark.parametrize("name", BROKEN_PACKAGES)
def test_broken_package(broken: Path, name: str) -> None:
    BROKEN_PACKAGES[name](broken)
    for read in (read_info, open_release):
        with pytest.raises(ReleaseError, match=r"Release 2023-12-31\.1: datapackage\.json"):
            read(broken)


def _rewrite(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Break:
    def rewrite(path: Path) -> None:
        cells = pq.read_table(path / "cells.parquet").to_pandas()
        pq.write_table(pa.Table.from_pandas(change(cells)), path / "cells.parquet")

    return rewrite


def _cut(file: str) -> Break:
    def cut(path: Path) -> None:
        content = (path / file).read_bytes()
        (path / file).write_bytes(content[: len(content) // 2])

    return cut


def _without_layers(path: Path) -> None:
    areas = gpd.read_file(path / "areas.gpkg", layer="city")
    (path / "areas.gpkg").unlink()
    areas.to_file(path / "areas.gpkg", layer="etwas")


def _without_names(path: Path) -> None:
    areas = gpd.read_file(path / "areas.gpkg", layer="city")[["geometry"]]
    (path / "areas.gpkg").unlink()
    areas.to_file(path / "areas.gpkg", layer="quartier")


BROKEN_FILES: dict[str, Break] = {
    "no cells": lambda path: (path / "cells.parquet").unlink(),
    "cells cut off": _cut("cells.parquet"),
    "cells empty": lambda path: (path / "cells.parquet").write_bytes(b""),
    "cells are text": lambda path: (path / "cells.parquet").write_text("kind;area_id"),
    "column missing": _rewrite(lambda cells: cells.drop(columns="status")),
    "date missing": _rewrite(lambda cells: cells.drop(columns="reference_date")),
    "value is text": _rewrite(lambda cells: cells.assign(value=cells["value"].astype(str))),
    "no areas": lambda path: (path / "areas.gpkg").unlink(),
    "areas cut off": _cut("areas.gpkg"),
    "areas are text": lambda path: (path / "areas.gpkg").write_text("<html>"),
    "areas without kinds": _without_layers,
    "areas without names": _without_names,
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_broken_files(broken: Path, name: str) -> None:
    BROKEN_FILES[name](broken)
    with pytest.raises(ReleaseError, match=r"Datei (cells\.parquet|areas\.gpkg): fehlt oder"):
        open_release(broken)


def _resealed(change: Break) -> Break:
    def reseal_too(path: Path) -> None:
        change(path)
        reseal(path)

    return reseal_too


@pytest.mark.parametrize("name", [name for name in BROKEN_FILES if not name.startswith("no ")])
def test_broken_files_whose_digests_fit(broken: Path, name: str) -> None:
    _resealed(BROKEN_FILES[name])(broken)
    with pytest.raises(ReleaseError, match=r"Release 2023-12-31\.1: cells\.parquet oder"):
        open_release(broken)


# ---- seals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    ["cells.csv", "changes.csv", "method.md", "datapackage.json", "datapackage.json.sha256"],
)
def test_one_bit_of_any_file_is_noticed(broken: Path, file: str) -> None:
    content = bytearray((broken / file).read_bytes())
    for place in (0, len(content) // 2, len(content) - 2):
        content[place] ^= 1
        (broken / file).write_bytes(content)
        with pytest.raises(ReleaseError, match=file.removesuffix(".sha256")):
            open_release(broken)
        content[place] ^= 1
    (broken / file).write_bytes(content)
    assert open_release(broken).info.number == 1


def test_a_map_that_was_changed(broken: Path) -> None:
    (file,) = broken.glob("map/quartier.*.json")
    file.write_bytes(file.read_bytes().replace(b"1", b"2", 1))
    with pytest.raises(ReleaseError, match=rf"Datei map/{file.name}: fehlt oder"):
        open_release(broken)


def test_a_release_of_before_there_were_seals(broken: Path) -> None:
    """Its files are checked all the same; only the list itself cannot be."""
    (broken / "datapackage.json.sha256").unlink()
    assert open_release(broken).info.number == 1
    (broken / "method.md").write_text("alles gut", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"method\.md"):
        open_release(broken)


def test_a_release_of_a_later_program(broken: Path) -> None:
    _resealed(_change_info(format=2))(broken)
    with pytest.raises(ReleaseError, match=r"Format 2, .*neueren Programmfassung"):
        open_release(broken)


def test_the_seal_is_what_others_can_check(town_release: Path) -> None:
    text = (town_release / "datapackage.json.sha256").read_text(encoding="ascii")
    digest = hashlib.sha256((town_release / "datapackage.json").read_bytes()).hexdigest()
    assert text == f"{digest}  datapackage.json\n"


def test_foreign_files_beside_the_maps_do_not_matter(broken: Path) -> None:
    """Somebody put a file there; verify names it, reading goes on."""
    (broken / "map" / "notiz.json").write_text("{}")
    (broken / "map" / "city.alt").write_text("{}")
    assert set(open_release(broken).map_files) == set(KINDS)


@pytest.mark.parametrize("kind", [Kind.BLOCK, Kind.CITY])
def test_broken_boundaries(broken: Path, kind: Kind) -> None:
    _cut("areas.gpkg")(broken)
    with pytest.raises(ReleaseError, match=r"areas\.gpkg"):
        read_boundaries(broken, kind)


def test_what_a_release_of_format_1_says_of_itself_is_always_read() -> None:
    """A field that it lacks needs a default; one that it has and nobody knows, a new format."""
    path = PROJECT_DIR / "tests" / "data" / "formats" / "release.1.json"
    info = ReleaseInfo.model_validate(json.loads(path.read_text(encoding="utf-8")))
    assert info.name == "2023-12-31.1"
    assert info.config.city.id == "musterstadt"
