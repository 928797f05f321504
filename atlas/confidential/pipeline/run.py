"""The rerun: take what the inbox holds, rebuild what it changes, publish, say what happened."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atlas.confidential.journal import append
from atlas.confidential.pipeline.build import (
    build,
    fingerprint,
    latest_path,
    latest_release,
    verify,
)
from atlas.confidential.pipeline.count import reference_dates, series_dates
from atlas.confidential.pipeline.datastate import write_datastate
from atlas.confidential.pipeline.inbox import receive_all
from atlas.confidential.pipeline.office import Office, only_one
from atlas.confidential.pipeline.publish import (
    missing_approvals,
    publish,
    published_fingerprint,
    verified_fingerprint,
)
from atlas.confidential.pipeline.receive import Receipt
from atlas.confidential.pipeline.uploads import take_requests
from atlas.errors import AtlasError
from atlas.exchange.datastate import RunOutcome
from atlas.home import remove_leftovers
from atlas.release import Release, open_release
from atlas.words import counted

# Dates refer to each other; what one pass changes, the next brings to the dates before it.
_PASSES = 3


@dataclass(frozen=True)
class RunResult:
    """What one run did.

    Attributes
    ----------
    refused
        One German sentence per delivery that stayed where it was, or was put aside.
    waiting
        Drafts that wait for approvals.
    unknown
        Files of the inbox that no layout of this city recognises.
    failed
        One German sentence per reference date that could not be built.
    """

    receipts: tuple[Receipt, ...]
    refused: tuple[AtlasError, ...]
    unknown: tuple[str, ...]
    published: tuple[Release, ...]
    waiting: tuple[Path, ...]
    failed: tuple[AtlasError, ...]

    @property
    def errors(self) -> tuple[AtlasError, ...]:
        """Everything that somebody has to mend."""
        return (*self.refused, *self.failed)

    @property
    def is_nothing_new(self) -> bool:
        """Whether the run found nothing to do."""
        did = [receipt for receipt in self.receipts if receipt.accepted]
        return not (did or self.errors or self.published or self.waiting)


def run(office: Office, reason: str) -> RunResult:
    """Import, build, verify and publish everything that is new; safe to repeat.

    Parameters
    ----------
    reason
        Why warnings of deliveries are accepted; empty: they stay in the inbox.
    """
    with only_one(office):
        _clear_leftovers(office)
        write_datastate(office, "running", "Neuberechnung läuft.")
        try:
            result = _run(office, reason)
        except AtlasError as error:
            write_datastate(office, "error", str(error))
            raise
        message = str(result.errors[0]) if result.errors else summary(result)
        write_datastate(office, _outcome(result), message)
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
    if result.failed:
        parts.append(f"nicht gebaut: {counted(len(result.failed), 'Stichtag', 'Stichtage')}")
    if result.refused:
        parts.append(f"abgelehnt: {_deliveries(len(result.refused))}")
    accepted = sum(len(receipt.accepted) for receipt in result.receipts)
    parts.append(f"angenommen: {_deliveries(accepted)}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _deliveries(number: int) -> str:
    return counted(number, "Lieferung", "Lieferungen")


def build_and_publish(office: Office, reference_date: date) -> Path:
    """Build, verify and publish one date; a draft that needs approvals is left waiting.

    A draft that waits already and would come out the same is not built again.

    Returns
    -------
    Path
        The release, or the waiting draft.
    """
    previous = latest_release(office, reference_date)
    number = previous.info.number + 1 if previous else 1
    draft = office.drafts_dir / f"{reference_date}.{number}"
    if verified_fingerprint(office, draft) == fingerprint(office, reference_date):
        return draft if missing_approvals(office, draft) else publish(office, draft)
    draft = build(office, reference_date)
    verify(office, draft)
    if previous is not None and _is_same(open_release(draft), previous):
        shutil.rmtree(draft)
        details = {"fingerprint": fingerprint(office, reference_date)}
        append(office.log_path, "published", previous.info.name, details)
        return previous.path
    return draft if missing_approvals(office, draft) else publish(office, draft)


def _clear_leftovers(office: Office) -> None:
    """Remove what a killed run left behind; nothing of it was in force."""
    for pattern in ("store/*/.new-*", "drafts/.verify-*", "proofs/.new-*", "scratch"):
        for path in office.private_dir.glob(pattern):
            shutil.rmtree(path)
    for directory in ("store/*/*", "ledger", "keys", "findings/*"):
        for path in office.private_dir.glob(directory):
            remove_leftovers(path)
    remove_leftovers(office.releases_dir)
    for path in office.releases_dir.glob(".new-*"):
        shutil.rmtree(path)
    for path in office.drafts_dir.glob("*"):
        if (office.releases_dir / path.name).exists():  # published, not yet taken away
            shutil.rmtree(path)


def _run(office: Office, reason: str) -> RunResult:
    put_aside = take_requests(office)
    intake = receive_all(office, reason)
    renewed: dict[Path, Release] = {}
    waiting: set[Path] = set()
    failed: dict[date, AtlasError] = {}
    for _ in range(_PASSES):
        done = len(renewed)
        for day in _days(office):
            failed.pop(day, None)
            try:
                path = _renew(office, day)
            except AtlasError as error:  # the other dates go on
                failed[day] = error
                continue
            if path is not None and path.parent == office.drafts_dir:
                waiting.add(path)
            elif path is not None:
                renewed[path] = open_release(path)
        if len(renewed) == done:
            break
    return RunResult(
        intake.receipts,
        (*put_aside, *intake.refused),
        intake.unknown,
        tuple(renewed.values()),
        tuple(sorted(waiting)),
        tuple(failed.values()),
    )


def _renew(office: Office, reference_date: date) -> Path | None:
    """Publish one date anew; None if nothing that it follows from has changed."""
    previous = latest_path(office, reference_date)
    if previous and _is_known(office, reference_date, previous):
        return None
    path = build_and_publish(office, reference_date)
    return None if path == previous else path


def _days(office: Office) -> list[date]:
    """List the dates of releases, oldest first, after those that others are measured by."""
    levels = office.config.levels
    bases = {scale.base_date for scale in (*levels.need.values(), *levels.dynamic.values())}
    days = [*reference_dates(office), *series_dates(office)]
    return sorted(days, key=lambda day: (day not in bases, day))


def _is_known(office: Office, reference_date: date, release: Path) -> bool:
    return published_fingerprint(office, release.name) == fingerprint(office, reference_date)


def _is_same(draft: Release, previous: Release) -> bool:
    """Whether a draft shows what the previous release shows, whatever led to it."""
    ignored = {"number", "supersedes", "reason", "references"}
    same_info = draft.info.model_dump(exclude=ignored) == previous.info.model_dump(
        exclude=ignored
    )
    maps = [[path.name for path in one.map_files.values()] for one in (draft, previous)]
    same_places = draft.areas.equals(previous.areas) and maps[0] == maps[1]
    return same_info and same_places and draft.cells.equals(previous.cells)


def _outcome(result: RunResult) -> RunOutcome:
    if result.errors:
        return "error"
    return "nothing_new" if result.is_nothing_new else "ok"
