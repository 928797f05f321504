"""What lies in the inbox, in databases and in ``requests/``: accepted, put aside or left."""

import errno
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from atlas.confidential.aside import (
    forget_removed,
    name_objection,
    put_aside,
    unexpected,
    why_aside,
    write_report,
)
from atlas.confidential.delivery import (
    ReadingEndedError,
    claimed_date,
    expected_name,
    open_room,
    recognise,
)
from atlas.confidential.desk import Desk
from atlas.confidential.receive import Receipt, receive
from atlas.confidential.taking import remove_as_read, restore_held
from atlas.config import Layout
from atlas.errors import AtlasError, DamageError, DeliveryError, GeographyError
from atlas.exchange import requests
from atlas.exchange.datastate import RefusedEntry
from atlas.home import files_in

# So long a file may wait for the office of another city.
_TURN = timedelta(hours=1)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


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


def _always(_path: Path) -> bool:
    return True


def receive_all(desk: Desk, reason: str, is_ripe: Callable[[Path], bool] = _always) -> Intake:
    """Accept what can be accepted; the rest stays in the inbox and holds nothing else up.

    A table of a database is read where a column says its reference date.

    Parameters
    ----------
    reason
        Why warnings are accepted; empty: they are not.
    is_ripe
        Whether a file has lain still long enough to be taken.
    """
    layouts = desk.config.deliveries.layouts
    restore_held(desk.home.inbox)
    forget_removed(desk)
    paths = files_in(desk.home.inbox)
    if paths:
        open_room()
    results = [_receive_file(desk, path, reason) for path in paths if is_ripe(path)]
    for layout in layouts:
        if layout.table and layout.column_of("date"):
            results.append(_receive(desk, Path(layout.table), layout, reason))
    return Intake(
        tuple(one for one in results if isinstance(one, Receipt)),
        tuple(one for one in results if isinstance(one, AtlasError)),
        tuple(one for one in results if isinstance(one, str)),
    )


def _receive_file(desk: Desk, path: Path, reason: str) -> Receipt | AtlasError | str:
    """Take one file; give back its name if no layout of this city recognises it."""
    if objection := name_objection(path):
        put_aside(desk, path, objection)
        return DeliveryError(objection)
    try:
        layout = recognise(path, desk.config.deliveries.layouts)
    except DeliveryError as error:
        return error
    if layout is None:
        return path.name
    receipt = _receive(desk, path, layout, reason)
    if isinstance(receipt, Receipt) and receipt.stamp:
        # The store holds what is needed; clear keys must not stay.
        remove_as_read(path, receipt.stamp)
    return receipt


def _receive(desk: Desk, path: Path, layout: Layout, reason: str) -> Receipt | AtlasError:
    """Accept one delivery; whatever goes wrong with it holds no other one up."""
    try:
        return receive(desk, path, layout, None, reason)
    except ReadingEndedError as error:
        put_aside(desk, path, str(error))
        write_report(desk, f"Lieferung {path.name}", asdict(error.ending))
        return error
    except (DeliveryError, GeographyError, DamageError) as error:
        return error
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_SPACE:
            raise  # not the fault of this delivery
        return unexpected(desk, f"Lieferung {path.name}", error)


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
            put_aside(desk, path, objection)
            refused.append(DeliveryError(objection))
    return tuple(refused)


def refused_uploads(desk: Desk) -> list[RefusedEntry]:
    """List what was put aside and still lies there, by name."""
    if not desk.home.refused.is_dir():
        return []
    return [
        RefusedEntry(
            name=path.name,
            since=_handed_in(path),
            sentence=why_aside(desk, path) or _objection(desk, path),
        )
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
