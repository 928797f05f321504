"""The command line as tests call it: in this process, or in another as a user would."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from atlas.cli import main

PROJECT_DIR = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    exit_code: int
    out: str
    err: str


@dataclass(frozen=True)
class Command:
    """Runs commands in this process: quick, for what one command says."""

    home: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str | Path) -> Finished:
        """Run one command on the home directory."""
        self.monkeypatch.setenv("ATLAS_HOME", str(self.home))
        self.monkeypatch.setenv("COLUMNS", "200")
        self.monkeypatch.setattr(sys, "argv", ["atlas", *map(str, arguments)])
        try:
            main()
        except SystemExit as end:
            return Finished(int(end.code or 0), *self.capsys.readouterr())
        return Finished(0, *self.capsys.readouterr())


def run_atlas(home: Path, *arguments: str | Path) -> Finished:
    """Run one command on a home directory in a process and directory of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")}
    done = subprocess.run(
        [sys.executable, "-m", "atlas", *map(str, arguments)],
        env={**kept, "ATLAS_HOME": str(home), "COLUMNS": "200"},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def copy_city(city: str, to_dir: Path) -> Path:
    """Copy configuration and boundaries of a city into a directory outside of the project."""
    city_dir = to_dir / city
    shutil.copytree(PROJECT_DIR / "config" / city, city_dir)
    shutil.copytree(PROJECT_DIR / "geodata" / city, city_dir / "geodata")
    return city_dir


def files_below(directory: Path) -> dict[str, bytes]:
    """Every file below a directory, by its relative path."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
