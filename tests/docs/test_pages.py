"""The documentation is complete and its links lead somewhere."""

import re
from pathlib import Path

import pytest
import typer
import yaml

from atlas import __version__, errors
from atlas.cli import app
from atlas.config import find_city_dir, load_city
from atlas.terms import KINDS, Kind, Level, Status
from tests.command import PROJECT_DIR
from tests.docs.markdown import PAGES, links

_NEEDED = ("README.md", "GLOSSARY.md", "CHANGELOG.md", "LICENSE", "publiccode.yml")


def _text(name: str) -> str:
    return (PROJECT_DIR / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_of_the_project(page: Path) -> None:
    local = [target for target in links(page) if "://" not in target]
    missing = [one for one in local if not (page.parent / one.partition("#")[0]).exists()]
    assert missing == []


def test_every_command_is_documented_for_operators() -> None:
    page = _text("docs/betrieb.md")
    group = typer.main.get_command(app)
    names = [name for name in group.commands if name != "key"]
    assert "run" in names
    for name in [*names, "key rotate"]:
        assert f"atlas {name}" in page, name


def test_every_environment_variable_is_documented_for_operators() -> None:
    page = _text("docs/betrieb.md")
    sources = [
        path.read_text(encoding="utf-8") for path in (PROJECT_DIR / "atlas").rglob("*.py")
    ]
    names = {name for text in sources for name in re.findall(r'"(ATLAS_[A-Z_]+)"', text)}
    assert {"ATLAS_HOME", "ATLAS_CITY"} <= names
    assert [name for name in sorted(names) if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("city", ["berlin", "flensburg", "wuppertal"])
def test_every_indicator_is_defined(city: str) -> None:
    indicators = load_city(find_city_dir(city)).indicators.indicators
    assert [name for name, one in indicators.items() if not one.definition] == []


def test_every_room_of_the_house_is_in_the_architecture() -> None:
    page = _text("docs/architecture.md")
    for place in ("", "confidential/", "publication/"):
        for path in (PROJECT_DIR / "atlas" / place).iterdir():
            is_room = path.suffix == ".py" or (path / "__init__.py").is_file()
            if is_room and path.stem not in {
                "__init__",
                "__main__",
                "confidential",
                "publication",
            }:
                assert f"`{place}{path.stem}`" in page, path.name


def test_every_error_is_documented_with_its_exit_code() -> None:
    page = _text("docs/architecture.md")
    known = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and one.__module__ == "atlas.errors"
    ]
    assert len(known) == 7
    for one in known:
        assert f"`{one.__name__}`" in page
        if one is not errors.AtlasError:
            assert re.search(rf"`{one.__name__}` \| {one.exit_code} ", page)


def test_glossary_holds_kinds_statuses_and_reserved_words() -> None:
    page = _text("GLOSSARY.md")
    for kind in KINDS:
        assert f"Kind.{kind.upper()}" in page or kind == Kind.CITY
    for status in (Status.SUPPRESSED, Status.WITHHELD, Status.MISSING, Status.UNAVAILABLE):
        assert f"Status.{status.name}" in page
    for word in ("level", "cut", "min_count", "edition", "kind", "status", "group"):
        assert f"`{word}" in page


def test_decisions_have_context_decision_and_consequences() -> None:
    decisions = sorted((PROJECT_DIR / "docs/adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert len(numbers) == len(set(numbers)) >= 5
    for number, path in zip(numbers, decisions, strict=True):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {number} ")
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text


def test_changelog_knows_the_version_and_its_groups() -> None:
    page = _text("CHANGELOG.md")
    assert f"## {__version__}" in page
    groups = set(re.findall(r"^### (.+)$", page, re.MULTILINE))
    assert groups <= {"Neu", "Geändert", "Behoben", "Methode"}


def test_licence_is_the_one_that_everything_names() -> None:
    assert _text("LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert 'license = "EUPL-1.2"' in _text("pyproject.toml")
    assert yaml.safe_load(_text("publiccode.yml"))["legal"]["license"] == "EUPL-1.2"


def test_publiccode_has_what_the_standard_demands() -> None:
    content = yaml.safe_load(_text("publiccode.yml"))
    needed = {
        *("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus"),
        *("softwareType", "description", "legal", "maintenance", "localisation"),
    }
    assert needed <= set(content)
    assert content["softwareVersion"] == __version__
    assert len(content["description"]) == 2
    for texts in content["description"].values():
        assert len(texts["shortDescription"]) <= 150
        assert 150 <= len(texts["longDescription"]) <= 10_000
        assert texts["features"]


def test_levels_are_named_in_the_method_text() -> None:
    page = _text("docs/methode.md")
    assert all(f"| {level} |" in page for level in map(int, Level))


@pytest.mark.parametrize("name", _NEEDED)
def test_page_is_there_and_not_empty(name: str) -> None:
    assert len(_text(name)) > 500
