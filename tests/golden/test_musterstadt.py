"""The whole release of Musterstadt as text: nothing published changes unnoticed."""

from pathlib import Path

from tests.golden.render import GOLDEN_PATH, musterstadt, office_text


def test_release_of_musterstadt_is_as_it_was(tmp_path: Path) -> None:
    found = office_text(musterstadt(tmp_path)).splitlines()
    assert found == GOLDEN_PATH.read_text(encoding="utf-8").splitlines()
