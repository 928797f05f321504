from pathlib import Path

import pytest

from tests.command import Command, copy_city


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The command line on an empty home directory."""
    home = tmp_path / "home"
    home.mkdir()
    return Command(home, monkeypatch, capsys)


@pytest.fixture
def flensburg_dir(tmp_path: Path) -> Path:
    """A copy of Flensburg's configuration and boundaries, to be broken by a test."""
    return copy_city("flensburg", tmp_path)
