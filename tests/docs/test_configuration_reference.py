"""docs/konfiguration.md says what the models say."""

from typing import get_args

from atlas.config.columns import Role
from scripts.configuration_reference import PAGE_PATH, ROLES, page


def test_page_is_up_to_date() -> None:
    hint = "run: .venv/bin/python scripts/configuration_reference.py"
    assert PAGE_PATH.read_text(encoding="utf-8") == page(), hint


def test_every_role_of_a_column_is_explained() -> None:
    assert tuple(ROLES) == get_args(Role)
