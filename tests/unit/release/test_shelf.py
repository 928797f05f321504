"""Finding releases: what lies there, and which is in force."""

from datetime import date
from pathlib import Path

import pytest

from atlas.release import in_force, list_releases, newest


def test_releases_are_listed_by_date_and_number(tmp_path: Path) -> None:
    for name in ("2023-12-31.2", "2023-12-31.10", "2022-12-31.1", "2023-12-31.1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "datapackage.json").write_text("{}")
    refs = list_releases(tmp_path)
    assert [ref.name for ref in refs] == [
        "2022-12-31.1",
        "2023-12-31.1",
        "2023-12-31.2",
        "2023-12-31.10",
    ]
    assert refs[-1].reference_date == date(2023, 12, 31)
    assert refs[-1].number == 10


@pytest.mark.parametrize(
    "name",
    [".new-2023-12-31.1", ".verify-x", "2023-13-31.1", "2023-12-31", "alt", "datenstand"],
)
def test_other_directories_are_no_releases(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "datapackage.json").write_text("{}")
    assert list_releases(tmp_path) == []


def test_a_directory_without_package_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "2023-12-31.1").mkdir()
    (tmp_path / "datenstand.json").write_text("{}")
    assert list_releases(tmp_path) == []
    assert list_releases(tmp_path / "none") == []


def test_in_force_is_the_newest_number_of_each_date(tmp_path: Path) -> None:
    for name in ("2023-12-31.9", "2023-12-31.10", "2022-12-31.2", "2022-12-31.1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "datapackage.json").write_text("{}")
    found = in_force(list_releases(tmp_path))
    assert [ref.name for ref in found.values()] == ["2022-12-31.2", "2023-12-31.10"]
    assert newest(tmp_path, date(2023, 12, 31)) == found[date(2023, 12, 31)]
    assert newest(tmp_path, date(2021, 12, 31)) is None
