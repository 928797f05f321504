"""What a sender promises of a file: NAME.ok beside it, with its rows, its sum or its digest.

``Zeilen: 1539``, ``Summe: 20480`` and ``Prüfsumme: …`` stand on lines of their own, each at
most once; an empty file says that the other one is finished. Then the file is exactly that.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow.compute as pc

from atlas.confidential.delivery import Finding, Reading, Severity, find
from atlas.confidential.taking import control_path
from atlas.terms import Status

_LINE = re.compile(r"(zeilen|summe|prüfsumme)\s*[:=]\s*(\S+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,15}")
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_MOST_BYTES = 1_000

Promise = dict[str, str]


def read_promise(path: Path) -> Promise | None:
    """Read the control file of a delivery; None if there is none, unreadable lines are kept."""
    with suppress(OSError):
        content = control_path(path).open("rb").read(_MOST_BYTES)
        text = content.decode("utf-8-sig", "replace")
        return dict(map(_entry, filter(str.strip, text.splitlines())))
    return None


def broken_promise(promise: Promise | None, reading: Reading) -> tuple[Finding, ...]:
    """Compare a delivery that could be read with what its sender promised."""
    if not promise or not reading.sha256:
        return ()
    return tuple(_differences(promise, reading))


def _entry(line: str) -> tuple[str, str]:
    """One line of a control file; what ``sha256sum`` writes is a digest too."""
    match = _LINE.fullmatch(line.strip())
    if match:
        return match[1].lower(), match[2].lower()
    first = line.split()[0]
    return ("prüfsumme", first.lower()) if _DIGEST.fullmatch(first) else ("", "")


def _differences(promise: Promise, reading: Reading) -> Iterator[Finding]:
    for name, said in promise.items():
        pattern = _DIGEST if name == "prüfsumme" else _NUMBER
        if not name or not pattern.fullmatch(said):
            yield _finding(
                "Kontrolldatei ist nicht lesbar. Erwartet: Zeilen der Form „Zeilen: 1539“, "
                "„Summe: 20480“ oder „Prüfsumme: …“ (SHA-256), oder nichts. Kontrolldatei "
                "berichtigen."
            )
        elif said != _found(name, reading):
            what = "Prüfsumme" if name == "prüfsumme" else f"{name.capitalize()} (Zahl)"
            yield _finding(
                f"{what} stimmt nicht mit der Kontrolldatei überein. Erwartet: genau die "
                "Datei, die sie ankündigt. Vollständigkeit prüfen, beide neu anfordern."
            )


def _found(name: str, reading: Reading) -> str:
    if name == "prüfsumme":
        return reading.sha256
    return str(reading.rows if name == "zeilen" else _total(reading))


def _total(reading: Reading) -> float | int:
    """Add up every number that is taken out of a file of counts."""
    total = 0.0
    for part in reading.parts.values():
        if "status" in part.column_names:
            rows = part.filter(pc.equal(part["status"], Status.PUBLISHED.value))
            total += pc.sum(rows["value"]).as_py() or 0.0
    return int(total) if total.is_integer() else total


def _finding(hint: str) -> Finding:
    return find("control_file", Severity.ERROR, "", hint)
