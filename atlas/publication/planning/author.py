"""Who wrote something down for the planning."""

from dataclasses import dataclass, replace

from atlas.errors import AtlasError
from atlas.publication.planning.texts import readable_line

MAX_AUTHOR = 100


@dataclass(frozen=True)
class Author:
    """Who wrote it; verified where the login of a proxy says so."""

    name: str
    is_verified: bool

    @property
    def text(self) -> str:
        """Name, and whether anybody checked it."""
        return self.name if self.is_verified else f"{self.name} (nicht geprüft)"


def checked_author(author: Author, subject: str) -> Author:
    """Clean a name of what nobody can read.

    Raises
    ------
    AtlasError
        If nothing is left of it, or too much; ``subject`` says of what.
    """
    name = readable_line(author.name)
    if not name or len(name) > MAX_AUTHOR:
        raise AtlasError(
            f"{subject}: der Name fehlt oder hat mehr als {MAX_AUTHOR} Zeichen. Bitte angeben, "
            "wer schreibt."
        )
    return replace(author, name=name)
