"""Schools with pupils in a release: read, looked at before it leaves, given to no browser."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import ReleaseError
from atlas.geography import json_bytes
from atlas.release import (
    ReleaseContent,
    School,
    find_context,
    open_release,
    read_context,
    read_schools,
    verify_release,
    write_release,
)
from atlas.release.context import PUPILS
from tests.context_town import write_context_town
from tests.factories import town_areas


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("pupils")
    return write_context_town(directory / "releases", directory)


def _again(made: Path, tmp_path: Path, pupils: bytes) -> Path:
    """What a faulty program wrote: every digest fits."""
    release, content = open_release(made), read_context(made)
    assert content is not None
    path = tmp_path / made.name
    told = replace(content, pupils=pupils)
    write_release(path, ReleaseContent(release.info, release.cells, town_areas(), context=told))
    return path


def _rows(made: Path) -> list[list[Any]]:
    content = read_context(made)
    assert content is not None
    rows: list[list[Any]] = json.loads(content.pupils)["schools"]
    return rows


def test_schools_come_back_as_they_were_told(made: Path, town_release: Path) -> None:
    market, harbour = read_schools(made)
    assert market == School(
        "schulen", "S1", "Schule <b>am Markt</b>", "12", market.position, 200, 3
    )
    assert (harbour.key, harbour.pupils, harbour.social_index) == ("S2", 100, 6)
    assert read_schools(town_release) == ()


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (6, 2, "Schulen mit weniger als 3 Schüler"),
        (0, "fremd", "Schulen mit Sozialindex sind nicht lesbar"),
        (4, "Ost", "Schulen mit Sozialindex sind nicht lesbar"),
    ],
)
def test_what_must_not_leave_is_not_published(
    made: Path, tmp_path: Path, place: int, value: object, said: str
) -> None:
    rows = _rows(made)
    rows[0][place] = value
    path = _again(made, tmp_path, json_bytes({"schools": rows}))
    with pytest.raises(ReleaseError, match=said):
        verify_release(path, town_areas(), None, {})


def test_missing_schools_are_noticed(made: Path, tmp_path: Path) -> None:
    path = _again(made, tmp_path, b"")
    with pytest.raises(ReleaseError, match="fehlen oder gehören nicht dazu"):
        verify_release(path, town_areas(), None, {})


def test_damaged_schools_are_a_sentence(made: Path, tmp_path: Path) -> None:
    release = Path(shutil.copytree(made, tmp_path / made.name))
    path = find_context(release, PUPILS)
    assert path is not None
    path.write_text('{"schools": [["a"]]}', encoding="utf-8")
    with pytest.raises(ReleaseError, match="Schulen mit Sozialindex beschädigt"):
        read_schools(release)
