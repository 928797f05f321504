"""What lies in the inbox and in databases: accepted or left lying."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from atlas.confidential.delivery import recognise
from atlas.confidential.pipeline.office import Office
from atlas.confidential.pipeline.receive import Receipt, receive
from atlas.config import Layout
from atlas.errors import AtlasError, DeliveryError, GeographyError
from atlas.home import files_in


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


def receive_all(office: Office, reason: str) -> Intake:
    """Accept what can be accepted; the rest stays in the inbox and holds nothing else up.

    A table of a database is read where a column says its reference date.

    Parameters
    ----------
    reason
        Why warnings are accepted; empty: they are not.
    """
    layouts = office.config.deliveries.layouts
    receipts, refused, unknown = [], [], []
    # A register that gives the place comes first, so that the linked one is compared with it.
    paths = sorted(files_in(office.home.inbox), key=lambda path: _is_linked(path, layouts))
    for path in paths:
        try:
            layout = recognise(path, layouts)
            if layout is None:
                unknown.append(path.name)
                continue
            receipts.append(receive(office, path, layout, None, reason))
        except (DeliveryError, GeographyError) as error:
            refused.append(error)
        else:
            path.unlink()  # the store holds what is needed; clear keys must not stay
    for layout in layouts:
        if not (layout.table and layout.column_of("date")):
            continue
        try:
            receipts.append(receive(office, Path(layout.table), layout, None, reason))
        except (DeliveryError, GeographyError) as error:
            refused.append(error)
    return Intake(tuple(receipts), tuple(refused), tuple(unknown))


def _is_linked(path: Path, layouts: Sequence[Layout]) -> bool:
    try:
        layout = recognise(path, layouts)
    except DeliveryError:  # more than one layout fits; said when its turn comes
        return False
    return layout is not None and layout.place_from is not None
