"""One table for pages and files: typed fields, rows of cells; a format decides their looks.

Hidden cells sort last and by name, so no order says anything about them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from atlas.publication.seen import Cell, Seen
from atlas.publication.views.items import Item
from atlas.publication.views.notes import release_notes
from atlas.terms import STATUS_SYMBOLS, UNIT_LABELS, Status
from atlas.words import sort_key


class Place(Enum):
    """Where a field is shown: a page is short, a file complete."""

    EVERYWHERE = "everywhere"
    PAGE = "page"
    FILE = "file"


class Gap(Enum):
    """What stands for a value that is not there: symbol and word, a dash, or the reason."""

    STATUS = "status"
    DASH = "dash"
    WORD = "word"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Figure:
    """A cell that brings its own item, for tables whose rows are items."""

    item: Item
    cell: Cell
    rank: str = ""


@dataclass(frozen=True)
class Change:
    """A cell at two releases; ``by`` is later minus earlier."""

    before: Cell
    after: Cell
    by: Cell


@dataclass(frozen=True)
class Shade:
    """A cell on the colour of its level or class; ``step`` counts from 1, 0 is none."""

    item: Item
    cell: Cell
    palette: str
    step: int


_STAMP = {
    "reference_date": "Stichtag",
    "release": "Veröffentlichung",
    "state": "Stand (final: endgültig, provisional: vorläufig)",
    "remark": "Bemerkung",
    "kind": "Gebietsart",
}
Entry = str | int | float | date | Cell | Figure | Change | Shade | None


@dataclass(frozen=True)
class Field:
    """One field; ``id`` for machines, ``label`` for people.

    Attributes
    ----------
    item
        What the cells of the field are, with unit, digits and names of levels.
    digits
        Decimals of plain numbers; ``None``: as they are.
    is_number
        Whether it stands to the right.
    is_link
        Whether a page leads from its text to the area of the row.
    """

    id: str
    label: str
    item: Item | None = None
    digits: int | None = None
    is_number: bool = False
    gap: Gap = Gap.STATUS
    place: Place = Place.EVERYWHERE
    is_link: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is sorted as texts are; a level is a number with a name."""
        return self.item is None and not self.is_number

    @property
    def unit(self) -> str:
        """Unit of all cells of the field; empty without one."""
        return UNIT_LABELS[self.item.unit] if self.item else ""

    @property
    def heading(self) -> str:
        """Label with its unit, e.g. ``SGB-II-Quote in %``."""
        return replace(self.item, label=self.label).label_with_unit if self.item else self.label


def text(field_id: str, label: str, place: Place = Place.EVERYWHERE) -> Field:
    """Field of texts or dates."""
    return Field(field_id, label, place=place)


def number(field_id: str, label: str, digits: int | None = None, gap: Gap = Gap.DASH) -> Field:
    """Field of plain numbers, or of what stands beside them."""
    return Field(field_id, label, digits=digits, is_number=True, gap=gap)


def cells(item: Item, place: Place = Place.EVERYWHERE) -> Field:
    """Field of cells of one item: measures, indicators, indices, levels."""
    return Field(item.id, item.label, item, is_number=not item.names, place=place)


@dataclass(frozen=True)
class Table:
    """One table; each row has one entry per field.

    Attributes
    ----------
    name
        Short title, for a sheet.
    symbols
        What stands for a hidden cell.
    """

    title: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Entry, ...], ...]
    name: str = ""
    symbols: Mapping[Status, str] = field(default_factory=lambda: STATUS_SYMBOLS)

    def on_page(self) -> "Table":
        """Leave out what files alone show."""
        return self.only([one for one in self.fields if one.place is not Place.FILE])

    def in_files(self) -> "Table":
        """Leave out what pages alone show."""
        return self.only([one for one in self.fields if one.place is not Place.PAGE])

    def without(self, field_id: str) -> "Table":
        """Leave out a field that says the same in every row."""
        return self.only([one for one in self.fields if one.id != field_id])

    def only(self, kept: Sequence[Field]) -> "Table":
        """Leave out all other fields."""
        if len(kept) == len(self.fields):
            return self
        places = [self.fields.index(one) for one in kept]
        rows = tuple(tuple(row[at] for at in places) for row in self.rows)
        return replace(self, fields=tuple(kept), rows=rows)

    def in_order(self, places: Iterable[int]) -> "Table":
        """Keep these rows, in this order."""
        return replace(self, rows=tuple(self.rows[at] for at in places))

    def place_of(self, field_id: str) -> int:
        """Position of a field.

        Raises
        ------
        KeyError
            If the table has no such field.
        """
        for at, one in enumerate(self.fields):
            if one.id == field_id:
                return at
        raise KeyError(field_id)

    def order(self, field_id: str) -> tuple[int, ...]:
        """Positions of the rows sorted by a field.

        Numbers from high to low, then what shows none by name; texts alphabetically.
        """
        return self._ordered(field_id, turned=False)

    def turned_order(self, field_id: str) -> tuple[int, ...]:
        """Positions of the rows the other way round; what shows no number still stands last."""
        return self._ordered(field_id, turned=True)

    def _ordered(self, field_id: str, *, turned: bool) -> tuple[int, ...]:
        at = self.place_of(field_id)
        rows = range(len(self.rows))
        if self.fields[at].is_text:
            return tuple(sorted(rows, key=lambda row: self._by_text(row, at), reverse=turned))
        sign = 1.0 if turned else -1.0
        return tuple(sorted(rows, key=lambda row: self._by_value(row, at, sign)))

    def _by_text(self, row: int, at: int) -> tuple[str, int]:
        return sort_key(str(self.rows[row][at])), row

    def _by_value(self, row: int, at: int, sign: float) -> tuple[bool, float, str, int]:
        value = value_of(self.rows[row][at])
        name = next((x for x, one in enumerate(self.fields) if one.id == "name"), 0)
        return value is None, sign * (value or 0.0), sort_key(str(self.rows[row][name])), row


def value_of(entry: Entry) -> float | None:
    """Find the number of an entry; ``None`` where it shows none."""
    if isinstance(entry, Change):
        return entry.by.value
    if isinstance(entry, Figure | Shade):
        return entry.cell.value
    if isinstance(entry, Cell):
        return entry.value
    return entry if isinstance(entry, int | float) else None


def stamped(table: Table, seen: Seen, more: Mapping[str, str] | None = None) -> Table:
    """Put before every row which release it is from; for files that stand alone."""
    notes = release_notes(seen)
    stamp = {
        "reference_date": seen.info.reference_date.isoformat(),
        "release": seen.info.name,
        "state": str(seen.info.state),
        "remark": "; ".join(notes.badges),
        **(more or {}),
    }
    fields = tuple(text(name, _STAMP.get(name, name), Place.FILE) for name in stamp)
    rows = tuple((*stamp.values(), *row) for row in table.rows)
    return replace(table, fields=(*fields, *table.fields), rows=rows)
