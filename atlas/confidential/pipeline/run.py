"""The rerun: take what the inbox holds, rebuild what it changes, publish, say what happened."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atlas.confidential.delivery import recognise
from atlas.confidential.journal import append
from atlas.confidential.pipeline.build import (
    build,
    fingerprint,
    latest_path,
    latest_release,
    verify,
)
from atlas.confidential.pipeline.count import reference_dates, series_dates
from atlas.confidential.pipeline.datastate import LastRun, write_datastate
from atlas.confidential.pipeline.office import Office, only_one
from atlas.confidential.pipeline.publish import (
    missing_approvals,
    publish,
    published_fingerprint,
)
from atlas.confidential.pipeline.receive import Receipt, receive
from atlas.errors import AtlasError, DeliveryError
from atlas.release import Release, open_release

_REQUEST = "neu-berechnen"


@dataclass(frozen=True)
class RunResult:
    """What one run did.

    Attributes
    ----------
    refused
        One German sentence per delivery that stayed in the inbox.
    waiting
        Drafts that wait for approvals.
    unknown
        Files of the inbox that no layout of this city recognises.
    """

    receipts: tuple[Receipt, ...]
    refused: tuple[DeliveryError, ...]
    unknown: tuple[str, ...]
    published: tuple[Release, ...]
    waiting: tuple[Path, ...]

    @property
    def is_nothing_new(self) -> bool:
        """Whether the run found nothing to do."""
        did = [receipt for receipt in self.receipts if receipt.accepted]
        return not (did or self.refused or self.published or self.waiting)


def run(office: Office, reason: str) -> RunResult:
    """Import, build, verify and publish everything that is new; safe to repeat.

    Parameters
    ----------
    reason
        Why warnings of deliveries are accepted; empty: they stay in the inbox.
    """
    with only_one(office):
        _clear_leftovers(office)
        write_datastate(office, LastRun("run", "running", "Neuberechnung läuft."))
        try:
            result = _run(office, reason)
        except AtlasError as error:
            write_datastate(office, LastRun("run", "error", str(error)))
            raise
        write_datastate(office, LastRun("run", _outcome(result), summary(result)))
        return result


def summary(result: RunResult) -> str:
    """Say in one German sentence what a run did."""
    if result.is_nothing_new:
        return "Nichts Neues: alle Lieferungen sind schon verarbeitet."
    parts = []
    if result.published:
        names = ", ".join(release.info.name for release in result.published)
        parts.append(f"veröffentlicht: {names}")
    if result.waiting:
        parts.append(f"wartet auf Freigabe: {', '.join(path.name for path in result.waiting)}")
    if result.refused:
        parts.append(f"abgelehnt: {len(result.refused)} Lieferungen")
    accepted = sum(len(receipt.accepted) for receipt in result.receipts)
    parts.append(f"angenommen: {accepted} Lieferungen")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def build_and_publish(office: Office, reference_date: date) -> Path:
    """Build, verify and publish one date; a draft that needs approvals is left waiting.

    Returns
    -------
    Path
        The release, or the waiting draft.
    """
    previous = latest_release(office, reference_date)
    draft = build(office, reference_date)
    verify(office, draft)
    if previous is not None and _is_same(open_release(draft), previous):
        shutil.rmtree(draft)
        details = {"fingerprint": fingerprint(office, reference_date)}
        append(office.log_path, "published", previous.info.name, details)
        return previous.path
    return draft if missing_approvals(office, draft) else publish(office, draft)


def _clear_leftovers(office: Office) -> None:
    """Remove what a killed run left in scratch directories; nothing of it was in force."""
    for pattern in ("store/*/.new-*", "drafts/.verify-*"):
        for path in office.private_dir.glob(pattern):
            shutil.rmtree(path)
    for path in office.releases_dir.glob(".new-*"):
        shutil.rmtree(path)


def _run(office: Office, reason: str) -> RunResult:
    _take_requests(office)
    receipts, refused, unknown = _receive_all(office, reason)
    published, waiting = [], []
    for day in _days(office):
        previous = latest_path(office, day)
        if previous and _is_known(office, day, previous):
            continue
        path = build_and_publish(office, day)
        if path.parent == office.drafts_dir:
            waiting.append(path)
        elif path != previous:
            published.append(open_release(path))
    return RunResult(
        tuple(receipts), tuple(refused), tuple(unknown), tuple(published), tuple(waiting)
    )


def _days(office: Office) -> list[date]:
    """List the dates of releases, oldest first, after those that others are measured by."""
    levels = office.config.levels
    bases = {scale.base_date for scale in (*levels.need.values(), *levels.dynamic.values())}
    days = [*reference_dates(office), *series_dates(office)]
    return sorted(days, key=lambda day: (day not in bases, day))


def _is_known(office: Office, reference_date: date, release: Path) -> bool:
    return published_fingerprint(office, release.name) == fingerprint(office, reference_date)


def _receive_all(
    office: Office, reason: str
) -> tuple[list[Receipt], list[DeliveryError], list[str]]:
    receipts, refused, unknown = [], [], []
    for path in sorted(p for p in office.home.inbox.iterdir() if p.is_file()):
        if path.name.startswith("."):
            continue
        try:
            layout = recognise(path, office.config.deliveries.layouts)
            if layout is None:
                unknown.append(path.name)
                continue
            receipts.append(receive(office, path, layout, None, reason))
        except DeliveryError as error:
            refused.append(error)
        else:
            path.unlink()  # the store holds what the layout needs; clear keys must not stay
    return receipts, refused, unknown


def _take_requests(office: Office) -> None:
    """Take what the dashboard handed in; it may name files, but never point to others."""
    for path in sorted(office.home.requests.iterdir()):
        if path.is_symlink() or not path.is_file():
            continue
        if path.name == _REQUEST:
            path.unlink()
        elif not path.name.startswith(".") and _is_upload(office, path):
            shutil.move(path, office.home.inbox / path.name)


def _is_upload(office: Office, path: Path) -> bool:
    try:
        layout = recognise(path, office.config.deliveries.layouts)
    except DeliveryError:
        return False
    return layout is not None and layout.source in office.config.city.uploads


def _is_same(draft: Release, previous: Release) -> bool:
    """Whether a draft shows what the previous release shows, whatever led to it."""
    ignored = {"number", "supersedes", "reason"}
    same_info = draft.info.model_dump(exclude=ignored) == previous.info.model_dump(
        exclude=ignored
    )
    maps = [[path.name for path in one.map_files.values()] for one in (draft, previous)]
    same_places = draft.areas.equals(previous.areas) and maps[0] == maps[1]
    return same_info and same_places and draft.cells.equals(previous.cells)


def _outcome(result: RunResult) -> str:
    if result.refused:
        return "error"
    return "nothing_new" if result.is_nothing_new else "ok"
