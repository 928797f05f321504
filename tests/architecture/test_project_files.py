"""What the files of the project may look like, whatever they are about."""

import re
from pathlib import Path

import pytest

from tests.command import PROJECT_DIR

_NOT_OURS = {".git", ".venv", "var", "node_modules", "vendor", "__pycache__"}
_GENERATED = re.compile(r"\..*_cache|\.hypothesis|.*\.egg-info")
_TEXTS = {".py", ".toml", ".md", ".yml", ".yaml", ".txt", ".css", ".js", ".csv", ""}
_MACHINE_PATH = re.compile(r"(?<![\w.~}*])/(?:work|root|home|Users|mnt|media|opt|srv)/\w")
_INDEX = re.compile(r"https?://|file:|--(?:extra-)?index-url|--find-links|\.org|\.com")
_PIN = re.compile(r"(?P<name>[a-z0-9.-]+)(?:\[[a-z,]+\])?==(?P<version>\S+)")
_LOCKS = sorted(path.name for path in PROJECT_DIR.glob("requirements*.lock"))


def _files() -> list[Path]:
    found = []
    for path in sorted(PROJECT_DIR.rglob("*")):
        parts = path.relative_to(PROJECT_DIR).parts
        if not any(part in _NOT_OURS or _GENERATED.fullmatch(part) for part in parts):
            found.append(path)
    return found


FILES = _files()
MODULES = [path for path in FILES if path.suffix == ".py"]


def test_there_is_something_to_check() -> None:
    assert len(MODULES) > 50
    assert len(_LOCKS) == 4


def test_no_module_is_longer_than_400_lines() -> None:
    long = {
        path.relative_to(PROJECT_DIR).as_posix(): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    forbidden = {"utils", "helpers", "common", "misc", "manager", "handler"}
    assert [path for path in MODULES if forbidden & set(path.stem.split("_"))] == []


def test_no_link_leads_out_of_the_project() -> None:
    links = [path for path in FILES if path.is_symlink()]
    assert [path for path in links if not path.resolve().is_relative_to(PROJECT_DIR)] == []


def test_no_text_names_a_path_of_a_machine() -> None:
    named = [
        f"{path.relative_to(PROJECT_DIR)}: {match[0]}"
        for path in FILES
        if path.is_file() and path.suffix in _TEXTS and path != Path(__file__)
        for match in _MACHINE_PATH.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert named == []


@pytest.mark.parametrize("lock", _LOCKS)
def test_lock_pins_every_package_with_hashes_and_names_no_host(lock: str) -> None:
    content = (PROJECT_DIR / lock).read_text(encoding="utf-8")
    assert not _INDEX.search(content)
    packages = [line for line in content.splitlines() if line and not line.startswith(" ")]
    assert packages
    for line in packages:
        assert _PIN.match(line), line
        assert line.endswith("\\"), line
    assert content.count("--hash=sha256:") >= len(packages)


def test_development_lock_holds_every_version_of_the_others() -> None:
    everything = pins_of("requirements-dev.lock")
    for lock in _LOCKS:
        assert pins_of(lock).items() <= everything.items(), lock


def test_whole_lock_is_office_and_dashboard() -> None:
    parts = pins_of("requirements-office.lock") | pins_of("requirements-dashboard.lock")
    assert pins_of("requirements.lock") == parts


def pins_of(lock: str) -> dict[str, str]:
    content = (PROJECT_DIR / lock).read_text(encoding="utf-8")
    return {match["name"]: match["version"] for match in _PIN.finditer(content)}
