"""The method of a release as its own file tells it, and its block tables counted."""

import re

from atlas.publication.views.notes import block_tables
from atlas.publication.views.tables import Column, Table
from atlas.release import Release
from atlas.words import number_text

_TITLE = re.compile(r"\A# [^\n]*\n+")
# A star inside a word is part of it (Einwohner*innen), not a mark of emphasis.
_INNER_STAR = re.compile(r"(?<=\w)\*(?=\w)")


def method_markdown(release: Release) -> str:
    """Text of ``method.md`` without its title, as Markdown that keeps stars inside words."""
    text = (release.path / "method.md").read_text(encoding="utf-8")
    return _INNER_STAR.sub(r"\\*", _TITLE.sub("", text))


def block_tables_table(release: Release) -> Table | None:
    """How many block tables of each measure and group are shown; ``None`` without blocks."""
    counted = block_tables(release)
    if not counted:
        return None
    heads = (
        Column("measure", "Kennzahl", "", is_number=False),
        Column("group", "Bezugsgruppe", "", is_number=False),
        Column("shown", "Tabellen ohne geheimen Wert", "", is_number=True),
        Column("total", "Tabellen", "", is_number=True),
        Column("hidden", "Geheime Werte", "", is_number=True),
        Column("cells", "Werte", "", is_number=True),
    )
    rows = tuple(
        (
            one.measure,
            one.group,
            *(
                number_text(number, 0)
                for number in (one.shown, one.total, one.hidden_cells, one.cells)
            ),
        )
        for one in counted
    )
    return Table("Gezeigte Blocktabellen", heads, rows, {})
