"""The log as a table: who did what, when, to what, and why.

Of the details only those are shown, and searched, that tell nothing of a delivery's content.
"""

from collections.abc import Sequence

from atlas.confidential.log import EVENT_LABELS, Event
from atlas.confidential.meaning import LABELS
from atlas.publication.views.table import Table, text
from atlas.words import enumeration, moment_text

SHOWN = 200
_TITLE = "Protokoll, das Neueste zuerst"
_SAID = {"reason": "", "uploader": "abgegeben von ", "signed_by": "unterschrieben von "}

Line = tuple[str, ...]


def lines_of(every: Sequence[Event], search: str) -> list[Line]:
    """Events as lines, the newest first, those that have all words of a search."""
    words = search.casefold().split()
    lines = map(_line, reversed(every))
    return [one for one in lines if all(word in _text(one) for word in words)]


def log_table(lines: Sequence[Line]) -> Table:
    """List the first lines, as many as one reads."""
    fields = (
        text("when", "Wann"),
        text("who", "Wer"),
        text("what", "Was"),
        text("subject", "Woran"),
        text("details", "Dazu"),
    )
    return Table(_TITLE, fields, tuple(lines[:SHOWN]))


def _line(event: Event) -> Line:
    return (
        moment_text(event.moment),
        f"{event.who} (angemeldet)" if event.details.get("login") else event.who,
        EVENT_LABELS.get(event.what, event.what),
        event.subject,
        _details(event),
    )


def _text(line: Line) -> str:
    return " ".join(line).casefold()


def _details(event: Event) -> str:
    told = [
        f"{label}{event.details[key]}" for key, label in _SAID.items() if key in event.details
    ]
    if held := event.details.get("held"):
        names = [LABELS.get(name, name) for name in held.split(", ")]
        told.append(f"angehalten von {enumeration(names)}")
    return "; ".join(told)
