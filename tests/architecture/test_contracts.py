"""The import contracts of pyproject.toml hold, and would notice a breach."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import PROJECT_DIR

# module, a line that breaks a contract, the contract's name
BREACHES = {
    "zones": (
        "atlas/publication/views/__init__.py",
        "import atlas.confidential",
        "The two zones and the demo",
    ),
    "desk": (
        "atlas/publication/views/__init__.py",
        "import atlas.desk.settings",
        "The two zones and the demo",
    ),
    "steps": (
        "atlas/confidential/protect/__init__.py",
        "import atlas.confidential.store",
        "Zone 1: only run, recipe",
    ),
    "audit": (
        "atlas/confidential/audit/union.py",
        "import atlas.confidential.protect.system",
        "The audit shares no code with the suppression",
    ),
    "pages": (
        "atlas/publication/views/__init__.py",
        "import streamlit",
        "Only the dashboard draws pages",
    ),
    "vocabulary": (
        "atlas/terms.py",
        "import pandas",
        "Vocabulary and configuration know no data",
    ),
    "files": (
        "atlas/classify/items.py",
        "import pathlib",
        "Classification and protection open no files",
    ),
}


@pytest.fixture
def copy_dir(tmp_path: Path) -> Path:
    """A copy of the program, to be broken by a test."""
    no_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT_DIR / "atlas", tmp_path / "atlas", ignore=no_caches)
    shutil.copy(PROJECT_DIR / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_hold(copy_dir: Path) -> None:
    done = _lint_imports(copy_dir)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", BREACHES)
def test_breach_is_noticed(name: str, copy_dir: Path) -> None:
    module, line, contract = BREACHES[name]
    path = copy_dir / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    done = _lint_imports(copy_dir)
    assert done.returncode == 1
    broken = [text for text in done.stdout.splitlines() if text.endswith("BROKEN")]
    assert any(text.startswith(contract) for text in broken)


def _lint_imports(directory: Path) -> subprocess.CompletedProcess[str]:
    # Its own package must win over the one of the environment.
    code = (
        "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command"
    )
    return subprocess.run(
        [sys.executable, "-c", f"{code}; lint_imports_command()", "--no-cache"],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
