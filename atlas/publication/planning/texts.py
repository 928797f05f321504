"""What people typed, without what nobody can read."""

import re
import unicodedata

# Control and format characters, halves of pairs, private and unassigned ones: nothing to read.
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_EMPTY_LINES = re.compile(r"\n{3,}")


def readable_lines(text: str) -> str:
    """Clean a text of several lines."""
    return _EMPTY_LINES.sub("\n\n", _readable(text)).strip()


def readable_line(text: str) -> str:
    """Clean a text that stands on one line."""
    return " ".join(_readable(text).split())


def _readable(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    plain = lines.replace("\t", " ")
    return "".join(
        char for char in plain if char == "\n" or unicodedata.category(char) not in _UNREADABLE
    )
