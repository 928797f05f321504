"""A release taken out of force: decided in the log, marked beside the release, never changed.

The log comes first and the mark follows from it, so that a killed command is finished by the
next run. The ledger is left alone: readers have seen what was withdrawn.
"""

import shutil
from datetime import date, datetime
from pathlib import Path

from atlas.confidential.day import Calendar
from atlas.confidential.desk import Desk
from atlas.confidential.log import now
from atlas.errors import ReleaseError
from atlas.release import (
    Withdrawal,
    in_force,
    list_releases,
    read_withdrawal,
    ref_of,
    write_mark,
)
from atlas.words import day_text


def withdraw(desk: Desk, name: str, reason: str) -> str:
    """Take a published release out of force; readers see when and why.

    Returns
    -------
    str
        Name of the release of the same date that is in force now; empty if there is none.

    Raises
    ------
    ReleaseError
        If there is no such release, it is withdrawn already, or nobody says why.
    """
    path = desk.releases_dir / name
    ref = ref_of(path) if path.parent == desk.releases_dir else None
    if ref is None:
        raise ReleaseError(
            f"Veröffentlichung {name}: gibt es nicht. Erwartet: ein Name wie 2024-12-31.1. Mit "
            "atlas releases nachsehen."
        )
    if (done := read_withdrawal(path)) is not None:
        raise ReleaseError(
            f"Veröffentlichung {name}: ist schon zurückgezogen, am "
            f"{day_text(done.when.date())}. Erwartet: eine, die noch gilt. Mit atlas releases "
            "nachsehen."
        )
    if not reason.strip():
        raise ReleaseError(
            f"Veröffentlichung {name}: Begründung fehlt. Erwartet: ein Satz für die "
            "Leser*innen. Mit --reason angeben."
        )
    take_out(desk, path, " ".join(reason.split()))
    return name_in_force(desk, ref.reference_date)


def take_out(desk: Desk, release: Path, reason: str) -> None:
    """Log and mark that a release is no longer in force."""
    desk.log("withdrawn", release.name, {"reason": reason})
    _mark(desk, release, now(), reason)


def name_in_force(desk: Desk, reference_date: date) -> str:
    """Name of the release in force of one date; empty if there is none."""
    found = in_force(list_releases(desk.releases_dir)).get(reference_date)
    return found.name if found else ""


def finish_withdrawals(desk: Desk, calendar: Calendar) -> None:
    """Mark what the log says is withdrawn: a killed command, or releases laid back unmarked."""
    for ref in calendar.releases:
        event = calendar.journal.withdrawn.get(ref.name)
        if event is not None and not ref.is_withdrawn:
            _mark(desk, ref.path, event.when, event.details.get("reason", ""))


def _mark(desk: Desk, release: Path, when: str, reason: str) -> None:
    mark = Withdrawal(release=release.name, when=datetime.fromisoformat(when), reason=reason)
    write_mark(release, mark)
    reference_date = release.name.partition(".")[0]
    for draft in desk.drafts_dir.glob(f"{reference_date}.*"):  # made to follow what is gone
        shutil.rmtree(draft)
