"""What the columns of a table for machines mean, in words of readers; no values.

One field of cells is two columns: the value, empty unless it is shown, and its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from atlas.publication.seen import Seen
from atlas.publication.views.definitions import column_terms
from atlas.publication.views.items import Item
from atlas.publication.views.table import Field, Table
from atlas.terms import STATUS_LABELS, UNIT_LABELS, Status

STATUS_SUFFIX = "_status"


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Attributes
    ----------
    type
        ``number``, ``string`` or ``date``.
    codes
        What the values of a column of codes mean; empty for any other.
    """

    name: str
    title: str
    type: str
    unit: str = ""
    description: str = ""
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)


def described(seen: Seen, table: Table) -> tuple[Column, ...]:
    """Describe the columns of a machine table, in the order of ``columns_of``."""
    fields = table.in_files().fields
    meanings = {term.name: term.text for term in column_terms(seen, fields)}
    return tuple(
        column
        for one in fields
        for column in (
            (_text_column(one),) if one.item is None else _cell_columns(one, one.item, meanings)
        )
    )


def status_codes() -> dict[str, str]:
    """Say what each status means; a value is there under the first and the last alone."""
    return {str(status): STATUS_LABELS[status] for status in Status}


def _text_column(one: Field) -> Column:
    kind = "date" if one.id == "reference_date" else "string"
    return Column(one.id, one.label, kind)


def _cell_columns(one: Field, item: Item, meanings: Mapping[str, str]) -> tuple[Column, Column]:
    told = meanings.get(item.label, item.definition)
    names = {str(level): name for level, name in item.names.items()}
    unit = UNIT_LABELS[item.unit]
    value = Column(one.id, one.label, "number", unit, told, names)
    status = Column(
        one.id + STATUS_SUFFIX,
        f"{one.label}: Status",
        "string",
        description="Warum die Spalte davor zeigt, was sie zeigt",
        codes=status_codes(),
    )
    return value, status
