"""What lies between areas in a release: beside the boundaries, whole or refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import ReleaseError
from atlas.publication.export.package import write_public_part
from atlas.release import (
    ReleaseContent,
    find_context,
    open_release,
    read_context,
    read_places,
    verify_release,
    write_release,
)
from atlas.release.context import DRAWN, STREETS
from tests.context_town import write_context_town
from tests.factories import reseal, town_areas


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("context")
    return write_context_town(directory / "releases", directory)


@pytest.fixture
def release(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / made.name))


def _verify(release: Path) -> None:
    verify_release(release, town_areas(), None, {})


def test_files_lie_beside_the_boundaries_and_are_credited(release: Path) -> None:
    names = [path.name for path in sorted((release / "map").iterdir())]
    assert [name.split(".")[0] for name in names] == [
        "block",
        "city",
        "context-drawn",
        "context-pupils",
        "context-streets",
        "district",
        "quartier",
    ]
    package = json.loads((release / "datapackage.json").read_bytes())
    assert package["sources"][-1]["title"] == "Vermessungsamt Musterstadt"
    types = {one["path"].split(".")[0]: one["mediatype"] for one in package["resources"]}
    assert types["map/context-streets"] == "application/json"
    assert set(open_release(release).map_files) == {"block", "city", "district", "quartier"}


def test_verified_without_the_files_it_was_made_of(release: Path) -> None:
    _verify(release)


def test_places_are_points_with_a_name_then_streets(release: Path) -> None:
    found = [(one.layer, one.name, one.quartier) for one in read_places(release)]
    assert found == [
        ("schulen", "Schule <b>am Markt</b>", "12"),
        ("schulen", "Hafenschule", "22"),
        ("kitas", "Kita Übermut", "11"),
        ("", "Hafengasse", "22"),
        ("", "Lange Straße", "11"),
        ("", "Lange Straße", "12"),
    ]


def test_public_part_has_them_too(release: Path, tmp_path: Path) -> None:
    public = write_public_part(open_release(release), tmp_path / "public")
    assert read_context(public.path) == read_context(release)


def test_release_without_context_has_none(town_release: Path) -> None:
    assert read_context(town_release) is None
    assert read_places(town_release) == ()
    assert "context" not in (town_release / "datapackage.json").read_text(encoding="utf-8")


def _edit(name: str, change: Callable[[Any], Any]) -> Callable[[Path], None]:
    def edit(release: Path) -> None:
        path = find_context(release, name)
        assert path is not None
        told = json.loads(path.read_bytes())
        told = change(told) or told
        path.write_text(
            json.dumps(told, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
        )

    return edit


def _first(**changes: Any) -> Callable[[Any], None]:
    def change(told: Any) -> None:
        told["features"][0] |= changes

    return change


def _without(name: str) -> Callable[[Path], None]:
    def remove(release: Path) -> None:
        path = find_context(release, name)
        assert path is not None
        path.unlink()

    return remove


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (_edit(DRAWN, lambda told: told["features"].pop()), "Dateien"),
        (_edit(STREETS, lambda told: told["streets"].pop()), "Dateien"),
        (_without(STREETS), "fehlen oder gehören nicht dazu"),
    ],
)
def test_changed_since_it_was_written(
    release: Path, tamper: Callable[[Path], None], said: str
) -> None:
    tamper(release)
    reseal(release)
    with pytest.raises(ReleaseError, match=said):
        _verify(release)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (DRAWN, _first(properties={"layer": "fremd"}), "Ebenen der Karte sind kein"),
        (DRAWN, _first(geometry={"type": "Point", "coordinates": [7, 51]}), "Ebenen der"),
        (DRAWN, lambda told: {"type": "Feature", "features": []}, "Ebenen der Karte"),
        (STREETS, lambda told: told["streets"].reverse(), "Verzeichnis der Straßen"),
        (STREETS, lambda told: {"streets": [["a", "11", 500, 51]]}, "Verzeichnis der Str"),
    ],
)
def test_written_wrong_from_the_start_is_not_published(
    made: Path, tmp_path: Path, name: str, change: Callable[[Any], Any], said: str
) -> None:
    """What a faulty program wrote: every digest fits."""
    path = Path(shutil.copytree(made, tmp_path / made.name))
    _edit(name, change)(path)
    content = read_context(path)
    assert content is not None
    release = open_release(made)
    again = tmp_path / "again" / made.name
    write_release(
        again, ReleaseContent(release.info, release.cells, town_areas(), context=content)
    )
    with pytest.raises(ReleaseError, match=said):
        _verify(again)


def test_damaged_places_are_a_sentence(release: Path) -> None:
    _edit(STREETS, lambda told: {"streets": [["a"]]})(release)
    with pytest.raises(ReleaseError, match="Orte der Karte beschädigt"):
        read_places(release)
