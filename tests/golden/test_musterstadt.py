"""The whole release of Musterstadt as text: nothing published changes unnoticed."""

from pathlib import Path

from tests.golden.render import GOLDEN_PATH, musterstadt, office_text
from tests.spec.second_implementation import compare


def test_release_of_musterstadt_is_as_it_was(tmp_path: Path) -> None:
    office = musterstadt(tmp_path)
    for path in sorted(office.releases_dir.glob("*/method.md")):
        assert compare(path.parent).different == []
    found = office_text(office).splitlines()
    assert found == GOLDEN_PATH.read_text(encoding="utf-8").splitlines()
