"""Reads the project's Markdown as far as tests need it: links, code blocks, headings."""

import re
from pathlib import Path

from tests.command import PROJECT_DIR

PAGES = sorted([*PROJECT_DIR.glob("*.md"), *(PROJECT_DIR / "docs").rglob("*.md")])
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_BLOCK = re.compile(r"```(?P<kind>\w*)\n(?P<text>.*?)```", re.DOTALL)


def links(page: Path) -> list[str]:
    """Targets of all links and images outside of code."""
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    return [match["target"] for match in _LINK.finditer(text)]


def commands(page: Path) -> list[str]:
    """Lines of all shell blocks."""
    blocks = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [line for one in blocks if one["kind"] == "sh" for line in one["text"].splitlines()]
