"""A method change as readers see it: which moves come from the rule, which from the figures."""

from pathlib import Path

import pytest

from tests.pages.opened import html_of, open_page
from tests.words.towns import OPTIONS, write_town


@pytest.fixture(scope="module")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (town,) = (one for one in OPTIONS if one.name == "neue_regel")
    home = tmp_path_factory.mktemp("neue_regel")
    write_town(town, home / "releases")
    return home


@pytest.fixture
def home(town_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_HOME", str(town_home))
    return town_home


def test_pages_part_moves_of_the_rule_from_those_of_the_figures(home: Path) -> None:
    development = html_of(open_page("development"))
    assert "Zum 31.12.2023 hat die Regel der Einstufung gewechselt" in development
    assert "allein durch die neue Regel" in development
    assert ">Anlass<" in development
    # The comparable index ends with its rule: the line keeps the dates that share a scale.
    assert "Maßstab vom 31.12.2021" in development


def test_the_profile_and_the_method_know_both_rules(home: Path) -> None:
    profile = html_of(open_page("profile", quartier="100"))
    assert "Maßstab jedes Stichtags" in profile
    method = open_page("method")
    headings = " ".join(one.value for one in method.markdown)
    assert "Frühere Regel: Handlungsbedarf" in headings
    assert "Prüfung der Indikatoren" in {one.value for one in method.subheader}
