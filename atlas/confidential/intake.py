"""What lies in the inbox and in databases: accepted, put aside or left."""

import errno
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from atlas.confidential.aside import (
    forget_removed,
    name_objection,
    plain_name,
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
from atlas.confidential.originals import keep_original
from atlas.confidential.receive import Receipt, receive
from atlas.confidential.taking import CONTROL_SUFFIX, control_path, restore_held
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
    odd
        One German sentence per thing in the inbox that is no file, or waits for its sender.
    """

    receipts: tuple[Receipt, ...]
    refused: tuple[AtlasError, ...]
    unknown: tuple[str, ...]
    odd: tuple[str, ...]


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
    found = files_in(desk.home.inbox)
    paths = [path for path in found if not _is_control(path)]
    announced = [path for path in paths if not _is_awaited(desk, path)]
    if paths:
        open_room()
    results = [_receive_file(desk, path, reason) for path in announced if is_ripe(path)]
    for layout in layouts:
        if layout.table and layout.column_of("date"):
            results.append(_receive(desk, Path(layout.table), layout, reason))
    return Intake(
        tuple(one for one in results if isinstance(one, Receipt)),
        tuple(one for one in results if isinstance(one, AtlasError)),
        tuple(one for one in results if isinstance(one, str)),
        (*_no_files(desk), *map(_awaited, sorted({*paths} - {*announced}))),
    )


def _is_control(path: Path) -> bool:
    """Whether a file speaks of another one that lies beside it."""
    other = path.with_name(path.name.removesuffix(CONTROL_SUFFIX))
    return path.name.endswith(CONTROL_SUFFIX) and other.is_file()


def _is_awaited(desk: Desk, path: Path) -> bool:
    """Whether a layout takes no file before its sender has said that it is finished."""
    with suppress(DeliveryError):  # more than one layout; said when it is its turn
        layout = recognise(path, desk.config.deliveries.layouts)
        return layout is not None and layout.is_announced and not control_path(path).is_file()
    return False


def _awaited(path: Path) -> str:
    return (
        f"Eingang: {plain_name(path.name)} wartet auf die Kontrolldatei "
        f"{plain_name(control_path(path).name)}."
    )


def _no_files(desk: Desk) -> Iterator[str]:
    """Say of everything in the inbox that is no file why nothing comes of it."""
    for path in sorted(desk.home.inbox.iterdir()):
        if path == desk.home.refused or path.name.startswith("."):
            continue
        if path.is_symlink():
            what = "ist ein Verweis und wird nicht verfolgt. Die Datei selbst"
        elif path.is_dir():
            what = "ist ein Ordner und wird nicht gelesen. Seine Dateien einzeln"
        elif not path.is_file() and path.exists():
            what = "ist keine Datei und wird nicht gelesen. Eine Datei"
        else:
            continue
        yield f"Eingang: {plain_name(path.name)} {what} in den Eingang legen."


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
    if isinstance(receipt, Receipt):
        keep_original(desk, path, receipt)
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
