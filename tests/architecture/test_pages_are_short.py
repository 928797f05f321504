"""A page shows; what it would compute or know stands in modules of its own."""

from pathlib import Path

ATLAS = Path(__file__).parents[2] / "atlas"
ROOMS = (ATLAS / "publication" / "dashboard" / "pages", ATLAS / "desk" / "pages")
MOST_LINES = 120


def test_no_page_is_longer_than_one_reads_at_once():
    pages = [one for room in ROOMS for one in room.glob("*.py")]
    assert {one.parent for one in pages} == {*ROOMS}
    lengths = {str(one): one.read_text("utf-8").count("\n") for one in pages}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}
