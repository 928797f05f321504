"""What lies in the inbox and in databases: accepted, put aside or left."""

import errno
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from atlas.confidential.aside import (
    forget_removed,
    name_objection,
    put_aside,
    unexpected,
    write_report,
)
from atlas.confidential.delivery import (
    ReadingEndedError,
    claimed_date,
    open_room,
    recognise,
)
from atlas.confidential.desk import Desk
from atlas.confidential.receive import Receipt, receive
from atlas.confidential.taking import remove_as_read, restore_held
from atlas.config import Layout
from atlas.errors import AtlasError, DamageError, DeliveryError, GeographyError
from atlas.home import files_in

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
    except Exception as error:  # an unforeseen fault of one file must not stop the others
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
