"""What a paper is made of, in the order of reading; knows no release and no file format.

Texts are plain: no sign in them means anything to a writer of a format.
"""

from dataclasses import dataclass
from enum import StrEnum

from atlas.publication.views.meanings import Term
from atlas.publication.views.table import Table


class Voice(StrEnum):
    """How a paragraph is said."""

    LEAD = "lead"
    PLAIN = "plain"
    NOTE = "note"


@dataclass(frozen=True)
class Heading:
    """Heading of level 1 to 3; a first one begins a new sheet where ``starts_sheet``."""

    text: str
    level: int = 1
    starts_sheet: bool = False


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    text: str
    voice: Voice = Voice.PLAIN


@dataclass(frozen=True)
class Terms:
    """Terms, each with its sentence."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Grid:
    """A table with its rows in this order; ``is_small`` where it has many columns."""

    table: Table
    order: tuple[int, ...] | None = None
    is_small: bool = False

    @property
    def shown(self) -> Table:
        """The table as a page shows it, its rows in order."""
        table = self.table.on_page()
        return table if self.order is None else table.in_order(self.order)


@dataclass(frozen=True)
class Drawing:
    """A vector picture with its text for those who do not see it.

    ``sheet``: heading of the landscape sheet that it has for itself; empty: it has none.

    Raises
    ------
    ValueError
        If the text is empty.
    """

    svg: bytes
    text: str
    sheet: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a picture without a text cannot be read by everybody")


@dataclass(frozen=True)
class Level:
    """A level as its number on its colour, and what stands beside it."""

    step: int | None
    text: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Beside:
    """A small drawing at the right of some blocks."""

    blocks: tuple["Block", ...]
    drawing: Drawing


@dataclass(frozen=True)
class Sheet:
    """Blocks that stand on one sheet of their own, set smaller where they need it."""

    blocks: tuple["Block", ...]


Block = Heading | Paragraph | Terms | Grid | Drawing | Level | Beside | Sheet


@dataclass(frozen=True)
class Paper:
    """A whole paper.

    Attributes
    ----------
    title, subtitle
        Title and what stands below it on the first sheet; without a subtitle the blocks bring
        their own heads.
    day
        Reference date as ISO text; stands in the file for its date, whenever it was made.
    running
        What stands at the foot of every sheet.
    has_contents
        Whether a list of headings follows the title.
    """

    title: str
    subtitle: str
    author: str
    day: str
    running: str
    blocks: tuple[Block, ...]
    has_contents: bool = False
