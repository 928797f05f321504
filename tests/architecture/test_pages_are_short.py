"""A page shows; what it would compute or know stands in modules of its own."""

from pathlib import Path

PAGES = Path(__file__).parents[2] / "atlas" / "publication" / "dashboard" / "pages"
MOST_LINES = 120


def test_no_page_is_longer_than_one_reads_at_once():
    lengths = {one.name: one.read_text("utf-8").count("\n") for one in PAGES.glob("*.py")}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}
