"""What the interface offers follows the releases, without a restart."""

import shutil
from pathlib import Path

import pytest

from atlas.publication.access import Sight
from atlas.publication.api.shelf import Shelf
from atlas.release.withdrawal import mark_path
from atlas.terms import Role
from tests.factories import DAY, town_config, town_counts, town_info, write_town

_PUBLIC = Sight(frozenset({Role.PUBLIC}))
_PLANNER = Sight(frozenset({Role.PUBLIC, Role.PLANNING}))


@pytest.fixture
def shelf(releases_dir: Path, tmp_path: Path) -> Shelf:
    path = tmp_path / "musterstadt"
    shutil.copytree(releases_dir / "musterstadt", path)
    return Shelf(path)


def test_what_is_withdrawn_is_gone_and_the_newest_is_the_one_before(shelf):
    assert shelf.collections(_PUBLIC)["quartier"].ref.name == "2023-12-31.1"
    mark_path(shelf.city_dir / "2023-12-31.1").write_text("{}")
    found = shelf.collections(_PUBLIC)
    assert "quartier-2023-12-31" not in found
    assert found["quartier"].ref.name == "2022-12-31.1"


def test_a_new_release_is_there_at_once_and_a_correction_takes_its_place(shelf):
    shutil.move(shelf.city_dir / "2023-12-31.1", shelf.city_dir.parent / "2023-12-31.1")
    assert "quartier-2023-12-31" not in shelf.collections(_PUBLIC)
    shutil.move(shelf.city_dir.parent / "2023-12-31.1", shelf.city_dir)
    assert "quartier-2023-12-31" in shelf.collections(_PUBLIC)
    info = town_info(town_config(), DAY).model_copy(update={"number": 2})
    write_town(shelf.city_dir.parent, info, town_counts(DAY))
    assert shelf.collections(_PUBLIC)["quartier-2023-12-31"].ref.number == 2


def test_a_damaged_release_is_left_out(shelf):
    (shelf.city_dir / "2022-12-31.1" / "datapackage.json").write_text("{}")
    assert "quartier-2022-12-31" not in shelf.collections(_PUBLIC)
    assert "quartier-2023-12-31" in shelf.collections(_PUBLIC)


def test_kinds_exist_by_role(shelf):
    assert not [one for one in shelf.collections(_PUBLIC).values() if one.kind == "block"]
    blocks = [one for one in shelf.collections(_PLANNER) if one.startswith("block")]
    assert len(blocks) == 4


def test_what_was_made_is_made_once(shelf):
    one = shelf.collections(_PUBLIC)["quartier"]
    assert shelf.layer(one, _PUBLIC) is shelf.layer(one, _PUBLIC)
    assert shelf.layer(one, _PUBLIC) is not shelf.layer(one, _PLANNER)
