"""What the dashboard handed in: taken to the inbox, or put aside with the reason."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from atlas.confidential.delivery import expected_name, recognise
from atlas.confidential.journal import append
from atlas.confidential.pipeline.office import Office
from atlas.errors import DeliveryError
from atlas.exchange import requests
from atlas.exchange.datastate import RefusedEntry
from atlas.home import files_in

# So long a file may wait for the office of another city.
_TURN = timedelta(hours=1)


def take_requests(office: Office) -> tuple[DeliveryError, ...]:
    """Take what the dashboard handed in; it may name files, but never point to others.

    Returns
    -------
        One German sentence per file that was put aside now.
    """
    refused = []
    for path in requests.take_requests(office.home.requests):
        if not (objection := _objection(office, path)):
            shutil.move(path, office.home.inbox / path.name)
        elif _is_for_nobody_else(office, path):
            office.home.refused.mkdir(mode=0o700, exist_ok=True)
            shutil.move(path, office.home.refused / path.name)
            append(office.log_path, "refused", path.name, {})
            refused.append(DeliveryError(objection))
    return tuple(refused)


def refused_uploads(office: Office) -> list[RefusedEntry]:
    """List what was put aside and still lies there, by name."""
    if not office.home.refused.is_dir():
        return []
    return [
        RefusedEntry(name=path.name, since=_handed_in(path), sentence=_objection(office, path))
        for path in files_in(office.home.refused)
    ]


def _objection(office: Office, path: Path) -> str:
    """Why this file is no delivery that readers may hand in; empty if it is one."""
    uploads = office.config.city.uploads
    try:
        layout = recognise(path, office.config.deliveries.layouts)
    except DeliveryError as error:
        return str(error)
    if layout is not None and layout.source in uploads:
        return ""
    expected = f"Erwartet: {_expected(office)}."
    if layout is not None:
        return (
            f"Lieferung {path.name}: {layout.label} wird auf diesem Weg nicht angenommen. "
            f"{expected} Datei der Statistikstelle auf dem vereinbarten Weg geben."
        )
    return (
        f"Lieferung {path.name}: nicht erkannt, der Dateiname passt zu keiner Lieferung, die "
        f"hier angenommen wird. {expected} Datei umbenennen und noch einmal abgeben."
    )


def _expected(office: Office) -> str:
    names = [
        f"{expected_name(layout)} ({layout.label})"
        for layout in office.config.deliveries.layouts
        if layout.file and layout.source in office.config.city.uploads
    ]
    return " oder ".join(names) or "keine Datei (uploads in city.toml ist leer)"


def _is_for_nobody_else(office: Office, path: Path) -> bool:
    """Whether no other city's office of this house could still take the file."""
    offices = [one for one in office.private_dir.parent.iterdir() if one.is_dir()]
    return len(offices) == 1 or datetime.now(UTC) - _handed_in(path) > _TURN


def _handed_in(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
