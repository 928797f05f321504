"""Terminals without the letters, closed or full: the command does the same, help is German."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import PROJECT_DIR

ATLAS = f"'{sys.executable}' -m atlas"


def _shell(
    command: str, home: Path, **environment: str
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        ["bash", "-c", command],
        cwd=PROJECT_DIR,
        env={**os.environ, "ATLAS_HOME": str(home), "ATLAS_CITY": "flensburg", **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_letters_that_a_terminal_lacks(encoding: str, tmp_path: Path) -> None:
    done = _shell(f"{ATLAS} check 'größe „→“.csv'", tmp_path, PYTHONIOENCODING=encoding)
    assert done.returncode == 11
    assert b"Traceback" not in done.stderr
    assert done.stderr.decode(encoding).startswith("Fehler: Lieferung gr")


@pytest.mark.parametrize("where", ["/dev/full", "&-"])
@pytest.mark.parametrize(("command", "code"), [("status", 0), ("check x.csv", 11)])
def test_output_that_nobody_takes(where: str, command: str, code: int, tmp_path: Path) -> None:
    done = _shell(f"{ATLAS} {command} >{where} 2>{where}", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


def test_reader_that_goes_away(tmp_path: Path) -> None:
    done = _shell(f"{ATLAS} status | head -c 1; exit ${{PIPESTATUS[0]}}", tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("command", ["--help", "run --help", "key --help", "import --help", ""])
def test_help_is_german(command: str, tmp_path: Path) -> None:
    done = _shell(f"{ATLAS} {command}", tmp_path, PYTHONIOENCODING="utf-8", LC_ALL="C")
    text = done.stdout.decode() + done.stderr.decode()
    assert "Aufruf: atlas" in text
    assert "Zeigt diese Hilfe." in text
    for word in (
        "Usage",
        "Options",
        "Commands",
        "Arguments",
        "Show this",
        "default",
        "env var",
    ):
        assert word not in text
