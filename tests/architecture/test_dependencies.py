"""Declared, imported, pinned and documented dependencies are the same ones."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.architecture.test_project_files import pins_of
from tests.command import PROJECT_DIR

_PROJECT = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
GROUPS = {"": _PROJECT["dependencies"], **_PROJECT["optional-dependencies"]}
# Packages whose module has another name, or that something else loads by name.
_MODULES = {
    "ibis-framework": "ibis",
    "pillow": "PIL",
    "python-calamine": "python_calamine",
    "python-docx": "docx",
    "streamlit-folium": "streamlit_folium",
}
_PART_OF = {"pydantic_core": "pydantic"}
_LOADED_BY_IBIS = {"duckdb", "psycopg", "sqlglot"}


def _names(group: str) -> set[str]:
    return {Requirement(text).name for text in GROUPS[group]}


@pytest.mark.parametrize("group", GROUPS)
def test_every_dependency_is_bounded_and_pinned_within_its_bounds(group: str) -> None:
    pins = pins_of("requirements-dev.lock")
    for text in GROUPS[group]:
        requirement = Requirement(text)
        assert any(one.operator == "<" for one in requirement.specifier), text
        assert requirement.specifier.contains(pins[requirement.name]), text


@pytest.mark.parametrize(
    ("zone", "groups"),
    [
        ("confidential", ("", "office")),
        ("publication", ("", "dashboard")),
        ("desk", ("", "office", "dashboard")),
        ("signin", ("", "dashboard")),
    ],
)
def test_a_zone_imports_what_its_image_installs(zone: str, groups: tuple[str, ...]) -> None:
    declared = {_MODULES.get(name, name) for group in groups for name in _names(group)}
    imported = set(_imports(PROJECT_DIR / "atlas" / zone))
    assert imported - declared == set()


def test_the_kernel_imports_what_both_images_install() -> None:
    declared = {_MODULES.get(name, name) for name in _names("")}
    for name in ("classify", "config", "exchange", "release"):
        assert set(_imports(PROJECT_DIR / "atlas" / name)) <= declared
    for path in (PROJECT_DIR / "atlas").glob("*.py"):
        assert set(_imports(path)) <= declared


def test_nothing_is_declared_that_nobody_uses() -> None:
    imported = set(_imports(PROJECT_DIR / "atlas")) | set(_imports(PROJECT_DIR / "app.py"))
    runtime = {name for group in ("", "office", "dashboard") for name in _names(group)}
    unused = {name for name in runtime if _MODULES.get(name, name) not in imported}
    assert unused - _LOADED_BY_IBIS == set()


def test_every_dependency_has_its_line_in_the_documentation() -> None:
    page = (PROJECT_DIR / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for group in GROUPS:
        for name in _names(group):
            assert f"| `{name}` |" in page, name


def _imports(place: Path) -> Iterator[str]:
    """Third-party top-level modules that the files import."""
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = _PART_OF.get(name.partition(".")[0], name.partition(".")[0])
                if top not in sys.stdlib_module_names and top != "atlas":
                    yield top
