"""Kinds and groups are words of the configuration: equal by text, not one object each."""

import re

import pytest

from tests.command import PROJECT_DIR

_IDENTITY = re.compile(
    r"\bis (not )?(Kind\.|Group\.|(\w+\.)*(kind|group)\b)|\.(kind|group) is (?!(not )?None)"
)


@pytest.mark.parametrize("folder", ["atlas", "tests", "benchmarks", "scripts"])
def test_words_are_compared_by_their_text(folder: str) -> None:
    """A word that was read is equal to the one that the code names, and another object."""
    found = [
        f"{path.relative_to(PROJECT_DIR)}:{number}"
        for path in sorted((PROJECT_DIR / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _IDENTITY.search(line)
    ]
    assert not found
