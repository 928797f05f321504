"""docs/lieferungen.md: every example is a valid layout, every key and every rule is named."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from atlas.confidential.meaning import CHECKS
from atlas.config import Column, Condition, Deliveries, Layout
from atlas.config.columns import Role
from atlas.config.deliveries import Checks

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "lieferungen.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
DELIVERY_DIR = PROJECT / "atlas" / "confidential" / "delivery"


def test_examples_are_one_valid_file() -> None:
    content = tomllib.loads("format = 1\n" + "".join(EXAMPLES))
    deliveries = Deliveries.model_validate(content)
    assert len(deliveries.layouts) == len(EXAMPLES) >= 8


@pytest.mark.parametrize("model", [Layout, Column, Condition, Checks])
def test_every_key_is_described(model: type[Layout]) -> None:
    missing = [name for name in model.model_fields if f"`{name}`" not in PAGE]
    assert missing == []


def test_every_key_of_a_layout_stands_in_an_example() -> None:
    examples = "".join(EXAMPLES)
    missing = [name for name in Layout.model_fields if name not in examples]
    assert missing == []


def test_every_role_is_described() -> None:
    assert [role for role in get_args(Role) if f"| `{role}` |" not in PAGE] == []


def test_every_rule_is_described() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in DELIVERY_DIR.glob("*.py"))
    made = (
        r"(?:find|_error|unreadable|_few_or_many|Finding|_driver_errors)\(\s*\"([a-z_0-9]+)\""
    )
    rules = set(re.findall(made, sources))
    rules |= set(re.findall(r"    [A-Z_]+ = \"([a-z_]+)\"", sources)) - {"fine"}
    severities = {"error", "warning", "info"}
    assert len(rules) > 40
    assert sorted(rule for rule in rules - severities if f"`{rule}`" not in PAGE) == []


def test_every_check_of_meaning_is_described() -> None:
    assert len(CHECKS) > 20
    assert sorted(check for check in CHECKS if f"`{check}`" not in PAGE) == []
