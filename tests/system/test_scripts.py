"""The scripts on machines that lack something: one line says what, nothing is half done."""

import hashlib
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.command import PROJECT_DIR

_TOOLS = ("bash", "cat", "dirname", "env", "mktemp", "sha256sum")
_NEW_ENOUGH = "sys.version_info"


@pytest.fixture
def clone_dir(tmp_path: Path) -> Path:
    """A clone without an environment."""
    path = tmp_path / "a clone"
    shutil.copytree(PROJECT_DIR / "scripts", path / "scripts")
    for lock in PROJECT_DIR.glob("requirements*.lock"):
        shutil.copy(lock, path)
    return path


@pytest.fixture
def bin_dir(tmp_path: Path) -> Path:
    """The only directory on the path: a few tools of the system and no Python."""
    path = tmp_path / "bin"
    path.mkdir()
    for name in _TOOLS:
        (path / name).symlink_to(str(shutil.which(name)))
    _program(path, "id", "echo 1000")
    return path


def _program(bin_dir: Path, name: str, body: str) -> None:
    path = bin_dir / name
    path.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _run(clone_dir: Path, bin_dir: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [clone_dir / "scripts" / command[0], *command[1:]],
        env={"PATH": str(bin_dir), "HOME": str(clone_dir)},
        cwd=bin_dir,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def _pretend_installed(clone_dir: Path, lock: str) -> None:
    digest = hashlib.sha256((clone_dir / lock).read_bytes()).hexdigest()
    (clone_dir / ".venv" / "bin").mkdir(parents=True)
    stamp = f"{clone_dir} {digest}  -\n"
    (clone_dir / ".venv" / f".installed-{lock}").write_text(stamp, encoding="utf-8")


@pytest.mark.parametrize("name", ["install", "demo", "test", "lock"])
def test_script_is_executable_and_parses(name: str) -> None:
    path = PROJECT_DIR / "scripts" / name
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", path], check=True)


def test_without_python_one_line_says_so(clone_dir: Path, bin_dir: Path) -> None:
    done = _run(clone_dir, bin_dir, "demo")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11" in done.stderr
    assert not (clone_dir / ".venv").exists()


def test_too_old_a_python_does_not_count(clone_dir: Path, bin_dir: Path) -> None:
    _program(bin_dir, "python3", "exit 1")
    done = _run(clone_dir, bin_dir, "install", "requirements.lock")
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr


def test_without_venv_module_a_user_is_told_what_to_install(
    clone_dir: Path, bin_dir: Path
) -> None:
    _program(bin_dir, "python3", f'[[ "$2" == *{_NEW_ENOUGH}* ]]')
    _program(bin_dir, "apt-get", "exit 77")
    done = _run(clone_dir, bin_dir, "install", "requirements.lock")
    assert done.returncode == 1
    assert done.stderr == (
        "The Python module venv is missing: run 'apt-get install python3-venv' as root.\n"
    )


def test_without_venv_module_root_installs_it(clone_dir: Path, bin_dir: Path) -> None:
    _program(bin_dir, "id", "echo 0")
    _program(bin_dir, "python3", f'[[ "$2" == *{_NEW_ENOUGH}* || -e "$HOME/installed" ]]')
    _program(bin_dir, "apt-get", 'if [[ $* == *python3-venv* ]]; then : >"$HOME/installed"; fi')
    done = _run(clone_dir, bin_dir, "install", "requirements.lock")
    assert "Installing Debian's python3-venv" in done.stdout
    assert (clone_dir / "installed").exists()


def test_second_call_installs_nothing(clone_dir: Path, bin_dir: Path) -> None:
    _pretend_installed(clone_dir, "requirements.lock")
    done = _run(clone_dir, bin_dir, "install", "requirements.lock")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_development_environment_serves_the_demo(clone_dir: Path, bin_dir: Path) -> None:
    _pretend_installed(clone_dir, "requirements-dev.lock")
    assert _run(clone_dir, bin_dir, "install", "requirements.lock").returncode == 0


def test_changed_lock_is_installed_again(clone_dir: Path, bin_dir: Path) -> None:
    _pretend_installed(clone_dir, "requirements.lock")
    with (clone_dir / "requirements.lock").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    assert _run(clone_dir, bin_dir, "install", "requirements.lock").returncode == 1


def test_without_chromium_the_tests_fail_with_one_line(clone_dir: Path, bin_dir: Path) -> None:
    _pretend_installed(clone_dir, "requirements-dev.lock")
    done = _run(clone_dir, bin_dir, "test")
    assert done.returncode == 1
    assert done.stderr == "Chromium is missing: run 'apt-get install chromium' as root.\n"
    assert done.stdout == ""


def test_missing_programs_of_debian_are_installed_by_root(
    clone_dir: Path, bin_dir: Path
) -> None:
    _pretend_installed(clone_dir, "requirements-dev.lock")
    _program(bin_dir, "id", "echo 0")
    _program(bin_dir, "apt-get", 'echo "$*" >>"$HOME/apt.log"')
    done = _run(clone_dir, bin_dir, "test")
    assert done.returncode == 1
    calls = (clone_dir / "apt.log").read_text(encoding="utf-8").splitlines()
    assert calls == ["update -qq", "install -y -qq --no-install-recommends chromium"]
    assert done.stderr == "Chromium is missing: run 'apt-get install chromium' as root.\n"
