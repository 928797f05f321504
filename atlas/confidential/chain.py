"""Lines that hold on to each other: every one ends with a check of itself and the one before.

A changed, removed or inserted line breaks the chain at that line or the next. Two kinds of line
may lack a check, as long as what was written after them fits: those of a program before there
were checks, and one that a power failure cut off.
"""

import hashlib
import json
import re
from collections.abc import Iterator

from atlas.errors import DamageError

FORMAT = 3
_TAIL = re.compile(rb', "format": (\d+), "check": "([0-9a-f]{16}|[0-9a-f]{64})"\}\Z')
# Before format 3 checks were shorter, and nothing beside the log said where it ended.
_SHORT = 16


def link(before: bytes, text: str) -> bytes:
    """Make of a JSON object the line that follows another one."""
    body = text.encode("utf-8", "backslashreplace")
    check = _check(before, body, FORMAT)
    return body[:-1] + f', "format": {FORMAT}, "check": "{check}"}}'.encode()


def check_of(line: bytes) -> str:
    """Check with which a line ends; empty where it has none."""
    match = _TAIL.search(line)
    return match[2].decode() if match else ""


def keeps_head(line: bytes) -> bool:
    """Whether the program that wrote a line also noted where the log ended."""
    match = _TAIL.search(line)
    return match is not None and int(match[1]) >= FORMAT


def whole_lines(content: bytes, name: str) -> Iterator[bytes]:
    """All lines without their checks, after all of them were found to hold.

    Raises
    ------
    DamageError
        Naming the first line that does not, or that a later program wrote.
    """
    *lines, rest = content.split(b"\n")
    found, before = [], b""
    for number, line in enumerate(lines, 1):
        follower = lines[number] if number < len(lines) else b""
        found.append(_body(line, before, follower, f"{name}, Zeile {number}"))
        before = line
    if rest:
        found.append(_last(rest, before, f"{name}, Zeile {len(lines) + 1}"))
    return (line for line in found if line)


def relinked(content: bytes) -> tuple[bytes, int]:
    """Chain anew what can still be read of a damaged file.

    Returns
    -------
    tuple
        The whole content, and how many lines nothing could be read of.
    """
    lost, found = 0, [b""]
    for line in filter(None, content.split(b"\n")):
        text = _TAIL.sub(b"}", line)
        try:
            is_object = isinstance(json.loads(text), dict)
        except ValueError:
            is_object = False
        if is_object:
            found.append(link(found[-1], text.decode()))
        else:
            lost += 1
    return b"".join(line + b"\n" for line in found[1:]), lost


def _body(line: bytes, before: bytes, follower: bytes, place: str) -> bytes:
    match = _TAIL.search(line)
    if match is None:  # vouched for by the line that was written after it
        is_vouched = _TAIL.search(follower) is not None
        return line if is_vouched or _is_of_before(line) else _raise(place)
    number = int(match[1])
    if number > FORMAT:
        raise DamageError(
            f"Protokoll {place}: Format {number}, von einer neueren Programmfassung. "
            f"Erwartet: höchstens Format {FORMAT}. Die Programmfassung aktualisieren."
        )
    body = line[: match.start()] + b"}"
    return body if match[2].decode() == _check(before, body, number) else _raise(place)


def _last(rest: bytes, before: bytes, place: str) -> bytes:
    """Take a line without an end: cut off it is nothing, but with more behind it is damaged."""
    text = rest.decode("utf-8", "replace")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return b""
    return _body(rest, before, b"", place) if end == len(text) else _raise(place)


def _is_of_before(line: bytes) -> bool:
    return b'"format": ' not in line and b'"check": "' not in line


def _raise(place: str) -> bytes:
    raise DamageError(
        f"Protokoll {place}: die Prüfsumme passt nicht. Erwartet: die Datei, wie sie "
        "geschrieben wurde. Aus der Sicherung zurückholen, wenn seither nichts geschah; sonst "
        "atlas doctor --mend-log: es behält, was lesbar ist, und hebt das Alte auf."
    )


def _check(before: bytes, body: bytes, number: int) -> str:
    digest = hashlib.sha256(b"%s\n%s\n%d" % (before, body, number)).hexdigest()
    return digest[:_SHORT] if number < FORMAT else digest
