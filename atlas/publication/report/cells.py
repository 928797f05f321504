"""How an entry of a table looks on paper: its text, and the colours of a level or class."""

from dataclasses import dataclass

from atlas.publication.export.texts import entry_text
from atlas.publication.palette import colour_of, ink_on
from atlas.publication.seen import Cell
from atlas.publication.views.table import Entry, Field, Figure, Shade, Table
from atlas.terms import NEED_LEVEL


@dataclass(frozen=True)
class Look:
    """An entry on paper; ``fill`` is ``#rrggbb`` or empty."""

    text: str
    is_right: bool
    fill: str = ""

    @property
    def ink(self) -> str:
        """Colour of the text where there is a fill."""
        return ink_on(self.fill)


def look_of(table: Table, field: Field, entry: Entry) -> Look:
    """Write one entry; a value that is not shown has no colour."""
    return Look(entry_text(table, field, entry), field.is_number, _fill(field, entry))


def _fill(field: Field, entry: Entry) -> str:
    if isinstance(entry, Shade):
        return colour_of(entry.palette, entry.step) if entry.step else ""
    item, cell = field.item, entry
    if isinstance(entry, Figure):
        item, cell = entry.item, entry.cell
    if item is None or item.id != NEED_LEVEL or not isinstance(cell, Cell):
        return ""
    return "" if cell.value is None else colour_of("level", int(cell.value))
