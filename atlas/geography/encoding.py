"""How the texts of a file are written: UTF-8 without a word of it, or as the city says."""

import re
from pathlib import Path

from atlas.geography.formats import WrongEncodingError

_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# A field is cut at its width, through the middle of a letter if need be.
_CUT_LETTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}(?=[ \0]|$)")
_CUT_OR_WHOLE = re.compile(b"(?P<whole>" + _UTF8.pattern + b")|" + _CUT_LETTER.pattern)
_HIGH = re.compile(rb"[\x80-\xff]")
_HEADER_LENGTH = slice(8, 10)


def settle_dbf(dbf_path: Path) -> str:
    """Recognise texts of a DBF that are UTF-8 though nothing says so; empty: they are not.

    What is left of a letter at the end of a field becomes blank.
    """
    if not dbf_path.is_file():
        return ""
    content = dbf_path.read_bytes()
    start = int.from_bytes(content[_HEADER_LENGTH], "little")
    rest, letters = _UTF8.subn(b"", content[start:])
    if not letters or _HIGH.search(_CUT_LETTER.sub(b"", rest)):
        return ""
    whole = _CUT_OR_WHOLE.sub(
        lambda one: one["whole"] or b" " * len(one[0]),
        content[start:],
    )
    dbf_path.write_bytes(content[:start] + whole)
    return "utf-8"


def to_utf8(path: Path, encoding: str) -> None:
    """Write a text file again in UTF-8.

    Raises
    ------
    WrongEncodingError
        If it is not in the encoding that the configuration names.
    """
    try:
        text = path.read_bytes().decode(encoding)
    except UnicodeDecodeError:
        raise WrongEncodingError(f"nicht im Zeichensatz {encoding}") from None
    path.write_text(text, encoding="utf-8", newline="")
