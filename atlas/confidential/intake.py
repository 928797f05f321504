"""What lies in the inbox, in databases and in ``requests/``: accepted, put aside or left."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from atlas.confidential.delivery import claimed_date, expected_name, recognise
from atlas.confidential.desk import Desk
from atlas.confidential.receive import Receipt, receive
from atlas.errors import AtlasError, DamageError, DeliveryError, GeographyError
from atlas.exchange import requests
from atlas.exchange.datastate import RefusedEntry
from atlas.home import files_in

# So long a file may wait for the office of another city.
_TURN = timedelta(hours=1)


@dataclass(frozen=True)
class Intake:
    """What became of all deliveries.

    Attributes
    ----------
    refused
        One German sentence per delivery that stayed where it was.
    unknown
        Files of the inbox that no layout of this city recognises.
    """

    receipts: tuple[Receipt, ...]
    refused: tuple[AtlasError, ...]
    unknown: tuple[str, ...]


def receive_all(desk: Desk, reason: str) -> Intake:
    """Accept what can be accepted; the rest stays in the inbox and holds nothing else up.

    A table of a database is read where a column says its reference date.

    Parameters
    ----------
    reason
        Why warnings are accepted; empty: they are not.
    """
    layouts = desk.config.deliveries.layouts
    receipts, refused, unknown = [], [], []
    for path in files_in(desk.home.inbox):
        try:
            layout = recognise(path, layouts)
            if layout is None:
                unknown.append(path.name)
                continue
            receipts.append(receive(desk, path, layout, None, reason))
        except (DeliveryError, GeographyError, DamageError) as error:
            refused.append(error)
        else:
            path.unlink()  # the store holds what is needed; clear keys must not stay
    for layout in layouts:
        if not (layout.table and layout.column_of("date")):
            continue
        try:
            receipts.append(receive(desk, Path(layout.table), layout, None, reason))
        except (DeliveryError, GeographyError, DamageError) as error:
            refused.append(error)
    return Intake(tuple(receipts), tuple(refused), tuple(unknown))


def waiting_in_inbox(desk: Desk) -> set[tuple[str, date]]:
    """Layout and reference date of every file in the inbox whose name says both."""
    found = set()
    for path in files_in(desk.home.inbox):
        try:
            layout = recognise(path, desk.config.deliveries.layouts)
            day = claimed_date(path, layout) if layout else None
        except DeliveryError:
            continue
        if layout and day:
            found.add((layout.id, day))
    return found


def take_requests(desk: Desk) -> tuple[DeliveryError, ...]:
    """Take what the dashboard handed in; it may name files, but never point to others.

    Returns
    -------
        One German sentence per file that was put aside now.
    """
    refused = []
    for path in requests.take_requests(desk.home.requests):
        if not (objection := _objection(desk, path)):
            shutil.move(path, desk.home.inbox / path.name)
        elif _is_for_nobody_else(desk, path):
            desk.home.refused.mkdir(mode=0o700, exist_ok=True)
            shutil.move(path, desk.home.refused / path.name)
            desk.log("refused", path.name, {})
            refused.append(DeliveryError(objection))
    return tuple(refused)


def refused_uploads(desk: Desk) -> list[RefusedEntry]:
    """List what was put aside and still lies there, by name."""
    if not desk.home.refused.is_dir():
        return []
    return [
        RefusedEntry(name=path.name, since=_handed_in(path), sentence=_objection(desk, path))
        for path in files_in(desk.home.refused)
    ]


def _objection(desk: Desk, path: Path) -> str:
    """Why this file is no delivery that readers may hand in; empty if it is one."""
    uploads = desk.config.city.uploads
    try:
        layout = recognise(path, desk.config.deliveries.layouts)
    except DeliveryError as error:
        return str(error)
    if layout is not None and layout.source in uploads:
        return ""
    expected = f"Erwartet: {_expected(desk)}."
    if layout is not None:
        return (
            f"Lieferung {path.name}: {layout.label} wird auf diesem Weg nicht angenommen. "
            f"{expected} Datei der Statistikstelle auf dem vereinbarten Weg geben."
        )
    return (
        f"Lieferung {path.name}: nicht erkannt, der Dateiname passt zu keiner Lieferung, die "
        f"hier angenommen wird. {expected} Datei umbenennen und noch einmal abgeben."
    )


def _expected(desk: Desk) -> str:
    names = [
        f"{expected_name(layout)} ({layout.label})"
        for layout in desk.config.deliveries.layouts
        if layout.file and layout.source in desk.config.city.uploads
    ]
    return " oder ".join(names) or "keine Datei (uploads in city.toml ist leer)"


def _is_for_nobody_else(desk: Desk, path: Path) -> bool:
    """Whether no other city's office of this house could still take the file."""
    offices = [one for one in desk.private_dir.parent.iterdir() if one.is_dir()]
    return len(offices) == 1 or datetime.now(UTC) - _handed_in(path) > _TURN


def _handed_in(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
