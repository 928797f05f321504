"""File name to layout and reference date; knows no content."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from atlas.confidential.delivery.dates import compile_formats, german_format, parse_date
from atlas.config import Layout
from atlas.errors import DeliveryError

# Names of what a program is still fetching; it renames the file when it is whole.
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp")
_DIRECTIVES = {"%Y": r"\d{4}", "%y": r"\d{2}", "%m": r"\d{2}", "%d": r"\d{2}"}


def recognise(path: Path, layouts: Sequence[Layout]) -> Layout | None:
    """Find the layout whose file name pattern fits; upper and lower case are the same.

    What is still being fetched under another name fits none.

    Raises
    ------
    DeliveryError
        If more than one layout fits: the file would be read as the wrong one.
    """
    if path.suffix.lower() in _UNFINISHED:
        return None
    fitting = [layout for layout in layouts if _match(path.name, layout)]
    if len(fitting) > 1:
        names = " und ".join(layout.id for layout in fitting[:2])
        raise DeliveryError(
            f"Lieferung {path.name}: Dateiname passt auf die Layouts {names}. Erwartet: genau "
            "eines. Schlüssel file in deliveries.toml eindeutig machen."
        )
    return fitting[0] if fitting else None


def claimed_date(path: Path, layout: Layout) -> date | None:
    """Read the reference date in the file name; None where the pattern has no ``{date}``.

    Raises
    ------
    DeliveryError
        If the name has no date in the layout's format, or one that does not exist.
    """
    if "{date}" not in layout.file:
        return None
    match = _match(path.name, layout)
    found = parse_date(match["date"], compile_formats(layout.file_date)) if match else None
    if found is None:
        form = german_format(layout.file_date)
        raise DeliveryError(
            f"Lieferung {path.name}: kein gültiger Stichtag im Dateinamen. Erwartet: "
            f"{layout.file} mit dem Datum als {form}. Datei umbenennen oder den "
            "Stichtag mit --date angeben."
        )
    return found


def expected_name(layout: Layout) -> str:
    """Write how files of a layout are named, e.g. ``ba_JJJJ-MM-TT.csv``."""
    return layout.file.replace("{date}", german_format(layout.file_date))


def _match(name: str, layout: Layout) -> re.Match[str] | None:
    return re.fullmatch(_pattern(layout), name, re.IGNORECASE) if layout.file else None


def _pattern(layout: Layout) -> str:
    when = re.escape(layout.file_date)
    for directive, digits in _DIRECTIVES.items():
        when = when.replace(re.escape(directive), digits)
    before, place, after = layout.file.partition("{date}")
    date_group = f"(?P<date>{when})" if place else ""
    return _glob(before) + date_group + _glob(after.replace("{date}", "*"))


def _glob(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*")
