"""What cannot be taken is put aside: kept under a plain name, with the sentence why.

What a failure tells the makers of the program is written here too: places in the program and
sizes, never a value.
"""

import hashlib
import json
import os
import platform
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atlas.confidential.desk import Desk
from atlas.errors import AtlasError, trace_of
from atlas.home import write_file

# A name has to leave room for what is written beside the file.
_LONGEST = 200
_KEPT = 120


def plain_name(name: str) -> str:
    """Write a file name so that it can be shown, typed and stored anywhere."""
    text = plain_text(name)
    if text.startswith(("-", ".")):
        text = f"_{text}"
    if len(os.fsencode(text)) > _LONGEST:
        digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
        begin = os.fsencode(text)[:_KEPT].decode("utf-8", "ignore")
        text = f"{begin}~{digest}{Path(text).suffix[:10]}"
    return text


def plain_text(text: str) -> str:
    """Write what cannot be shown safely as the bytes that it is made of."""
    return "".join(map(_plain, text))


def name_objection(path: Path) -> str:
    """Say why nothing can come under this name; empty if it is plain."""
    if plain_name(path.name) == path.name and ".." not in path.name:
        return ""
    return (
        f"Datei {plain_name(path.name)} im Eingang: Dateiname ist zu lang oder enthält "
        "Zeichen, die sich nicht sicher anzeigen lassen (hier als %XX geschrieben). Erwartet: "
        "Buchstaben, Ziffern, Leerzeichen, Punkt, Binde- und Unterstrich. Datei umbenennen und "
        "noch einmal in den Eingang legen."
    )


def put_aside(
    desk: Desk, path: Path, sentence: str, details: Mapping[str, str] | None = None
) -> None:
    """Keep a file where it holds nothing up; a newer one of its name takes its place."""
    desk.home.refused.mkdir(mode=0o700, exist_ok=True)
    kept = desk.home.refused / plain_name(path.name)
    reason_path = _reason_path(desk, kept.name)
    reason_path.parent.mkdir(mode=0o700, exist_ok=True)
    write_file(reason_path, json.dumps({"sentence": sentence}).encode())
    shutil.move(path, kept)
    desk.log("refused", kept.name, details or {})


def why_aside(desk: Desk, path: Path) -> str:
    """Give the sentence with which a file was put aside; empty if nobody wrote one."""
    try:
        return str(
            json.loads(_reason_path(desk, path.name).read_text(encoding="utf-8"))["sentence"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def forget_removed(desk: Desk) -> None:
    """Remove the sentences of files that the office has taken away."""
    for path in desk.private_dir.glob("aside/*.json"):
        if not (desk.home.refused / path.stem).exists():
            path.unlink()


def unexpected(desk: Desk, about: str, error: BaseException) -> AtlasError:
    """Report an error that nobody foresaw; give the sentence that names the report."""
    kind = type(error).__name__
    sentence = (
        f"{about}: unerwarteter Fehler im Programm ({kind}). Was veröffentlicht ist, bleibt."
    )
    with suppress(OSError):  # a full disk
        name = write_report(desk, about, {"trace": trace_of(error)})
        sentence += f" Den Bericht {name} (ohne Werte) den Entwicklern geben."
    return AtlasError(sentence)


def write_report(desk: Desk, about: str, details: Mapping[str, Any]) -> str:
    """Write what the makers need to find a fault; return the name of the report."""
    directory = desk.private_dir / "reports"
    directory.mkdir(mode=0o700, exist_ok=True)
    moment = datetime.now(UTC)
    machine = {"python": platform.python_version(), "system": platform.platform()}
    report = {
        "when": moment.isoformat(timespec="seconds"),
        "about": about,
        **machine,
        **details,
    }
    path = directory / f"{moment:%Y-%m-%d-%H%M%S-%f}.json"
    write_file(path, json.dumps(report, ensure_ascii=True, indent=1).encode())
    return f"reports/{path.name}"


def _plain(letter: str) -> str:
    if letter.isprintable():
        return letter
    return "".join(f"%{byte:02X}" for byte in os.fsencode(letter))


def _reason_path(desk: Desk, name: str) -> Path:
    return desk.private_dir / "aside" / f"{name}.json"
