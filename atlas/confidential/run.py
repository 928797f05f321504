"""The rerun: take what the inbox holds, renew the dates that it changes, say what happened."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from atlas.confidential.approvals import missing_approvals, tree_hash
from atlas.confidential.aside import unexpected
from atlas.confidential.custody import require_own_releases
from atlas.confidential.datastate import (
    sign_of_life,
    tell_failure,
    tell_progress,
    write_datastate,
)
from atlas.confidential.day import Calendar, Day, look
from atlas.confidential.desk import Desk, only_one
from atlas.confidential.intake import receive_all
from atlas.confidential.ledger import fill_ledger
from atlas.confidential.originals import release_originals
from atlas.confidential.proposals import sort_out
from atlas.confidential.publish import publish, verified_fingerprint, verify
from atlas.confidential.receive import Receipt
from atlas.confidential.recipe import make_draft
from atlas.confidential.reject import finish_rejections
from atlas.confidential.steps import Traced
from atlas.confidential.withdraw import finish_withdrawals
from atlas.errors import AtlasError
from atlas.exchange.datastate import RunOutcome
from atlas.home import remove_leftovers
from atlas.release import Release, open_release
from atlas.words import counted, day_text, enumeration

# Dates refer to each other; what one pass changes, the next brings to the dates before it.
_PASSES = 3
# Of what somebody has to mend, as many sentences stand on a page.
_MOST_TOLD = 3
_NO_DISK = (
    "Arbeitsverzeichnis: Lesen oder Schreiben ist gescheitert. Erwartet: freier Platz und "
    "ausreichende Rechte. Was veröffentlicht ist, bleibt; danach neu berechnen."
)


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
    odd
        One German sentence per thing in the inbox that is no file, or waits for its sender.
    failed
        One German sentence per reference date that could not be built.
    held
        Reference dates whose release was withdrawn, and for which nothing has changed since.
    """

    receipts: tuple[Receipt, ...]
    refused: tuple[AtlasError, ...]
    unknown: tuple[str, ...]
    published: tuple[Release, ...]
    waiting: tuple[Path, ...]
    failed: tuple[AtlasError, ...]
    held: tuple[date, ...] = ()
    odd: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[AtlasError, ...]:
        """Everything that somebody has to mend."""
        return (*self.refused, *self.failed)

    @property
    def is_nothing_new(self) -> bool:
        """Whether the run found nothing to do."""
        did = [receipt for receipt in self.receipts if receipt.accepted]
        return not (did or self.errors or self.published or self.waiting)


def run(
    desk: Desk, reason: str, is_ripe: Callable[[Path], bool] = lambda path: True
) -> RunResult:
    """Import, build, verify and publish everything that is new; safe to repeat.

    Parameters
    ----------
    reason
        Why warnings of deliveries are accepted; empty: they stay in the inbox.
    is_ripe
        Whether a file of the inbox has lain still long enough to be taken.
    """
    with only_one(desk):
        desk = replace(desk, observer=Traced(desk.observer, desk.private_dir))
        try:
            return _run(desk, reason, is_ripe)
        except AtlasError as error:
            tell_failure(desk, str(error))
            raise
        except OSError:
            tell_failure(desk, _NO_DISK)
            raise
        except Exception as error:
            told = unexpected(desk, "Neuberechnung", error)
            tell_failure(desk, str(told))
            raise told from error


def _run(desk: Desk, reason: str, is_ripe: Callable[[Path], bool]) -> RunResult:
    _clear_leftovers(desk)
    calendar = look(desk)
    require_own_releases(desk, calendar)
    finish_withdrawals(desk, calendar)
    finish_rejections(desk, calendar)
    write_datastate(desk, calendar, "running", "Die Lieferungen werden gelesen.")
    with sign_of_life(desk):
        put_aside = sort_out(desk)
        intake = receive_all(desk, reason, is_ripe)
        renewal = renew_dates(desk, calendar.again())
        release_originals(desk, renewal.calendar)
    result = RunResult(
        intake.receipts,
        (*put_aside, *intake.refused),
        intake.unknown,
        tuple(renewal.published.values()),
        tuple(sorted(renewal.waiting)),
        tuple(renewal.failed.values()),
        tuple(sorted(renewal.held)),
        intake.odd,
    )
    write_datastate(desk, renewal.calendar, _outcome(result), _told(result))
    return result


def renew_dates(desk: Desk, calendar: Calendar) -> "Renewal":
    """Publish every date anew whose inputs changed, one after another, until none does."""
    renewal = Renewal(calendar)
    for _ in range(_PASSES):
        done = len(renewal.published)
        for reference_date in calendar.in_order():
            try:
                renewal.go_on(desk, renewal.calendar.day(reference_date))
            except AtlasError as error:  # the other dates go on
                renewal.failed[reference_date] = error
            except Exception as error:  # a fault of the program at one date stops no other
                if isinstance(error, OSError):
                    raise  # not of this date: a disk, rights
                told = unexpected(desk, f"Stichtag {reference_date}", error)
                renewal.failed[reference_date] = told
        if len(renewal.published) == done:
            break
    return renewal


@dataclass
class Renewal:
    """How far the dates have come: what is published by now, what waits, what failed."""

    calendar: Calendar
    published: dict[Path, Release] = field(default_factory=dict)
    waiting: set[Path] = field(default_factory=set)
    failed: dict[date, AtlasError] = field(default_factory=dict)
    held: set[date] = field(default_factory=set)

    def go_on(self, desk: Desk, day: Day) -> None:
        """Publish one date anew, unless nothing has changed that it follows from."""
        self.failed.pop(day.reference_date, None)
        fill_ledger(desk, day)
        if day.is_published:
            return
        if day.is_held:
            self.held.add(day.reference_date)
            return
        done = counted(len(self.published), "Stichtag ist", "Stichtage sind")
        now = f"Jetzt: Stichtag {day_text(day.reference_date)}; {done} schon fertig."
        tell_progress(desk, now)
        path = renew(desk, day)
        if path.parent == desk.drafts_dir:
            self.waiting.add(path)
            return
        self.calendar = self.calendar.with_release(path, day.fingerprint)
        if day.predecessor is None or path != day.predecessor.path:
            self.published[path] = open_release(path)


def summary(result: RunResult) -> str:
    """Say in one German sentence what a run did."""
    if result.is_nothing_new:
        return f"Nichts Neues: alle Lieferungen sind schon verarbeitet.{_held_text(result)}"
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
    return f"{text[0].upper()}{text[1:]}.{_held_text(result)}"


def _held_text(result: RunResult) -> str:
    if not result.held:
        return ""
    days = enumeration([day_text(day) for day in result.held])
    return f" Zurückgezogen und seither unverändert, darum nicht neu gebaut: {days}."


def _deliveries(number: int) -> str:
    return counted(number, "Lieferung", "Lieferungen")


def renew(desk: Desk, day: Day) -> Path:
    """Make, verify and publish one date; a draft that needs approvals is left waiting.

    A draft that waits already and would come out the same is not made again; one that shows
    what is published is dropped.

    Returns
    -------
    Path
        The release, or the waiting draft.
    """
    draft = desk.drafts_dir / day.name
    if verified_fingerprint(desk, draft) != day.fingerprint:
        draft = make_draft(desk, day)
        verify(desk, draft)
        before = day.predecessor
        if (
            before
            and day.is_newest
            and _is_same(open_release(draft), open_release(before.path))
        ):
            shutil.rmtree(draft)
            made_from = {"fingerprint": day.fingerprint, "inputs": day.inputs}
            desk.log("published", before.name, {"hash": tree_hash(before.path), **made_from})
            return before.path
    return draft if missing_approvals(desk, draft) else publish(desk, draft)


def _clear_leftovers(desk: Desk) -> None:
    """Remove what a killed run left behind; nothing of it was in force."""
    for pattern in ("store/*/.new-*", "drafts/.verify-*", "proofs/.new-*", "scratch"):
        for path in desk.private_dir.glob(pattern):
            shutil.rmtree(path)
    for directory in ("store/*/*", "ledger", "keys", "findings/*"):
        for path in desk.private_dir.glob(directory):
            remove_leftovers(path)
    remove_leftovers(desk.releases_dir)
    for path in desk.releases_dir.glob(".new-*"):
        shutil.rmtree(path)
    for path in desk.drafts_dir.glob("*"):
        if (desk.releases_dir / path.name).exists():  # published, not yet taken away
            shutil.rmtree(path)


def _is_same(draft: Release, previous: Release) -> bool:
    """Whether a draft shows what the previous release shows, whatever led to it."""
    ignored = {"number", "supersedes", "reason", "references", "key_check", "ledger_check"}
    same_info = draft.info.model_dump(exclude=ignored) == previous.info.model_dump(
        exclude=ignored
    )
    maps = [[path.name for path in one.map_files.values()] for one in (draft, previous)]
    same_places = draft.areas.equals(previous.areas) and maps[0] == maps[1]
    return same_info and same_places and draft.cells.equals(previous.cells)


def _told(result: RunResult) -> str:
    """Say what became of everything: what was done, then what somebody has to mend."""
    sentences = [summary(result), *map(str, result.errors[:_MOST_TOLD])]
    if (more := len(result.errors) - _MOST_TOLD) > 0:
        sentences.append(f"Zu mehr ({more}) siehe atlas run.")
    return " ".join(sentences)


def _outcome(result: RunResult) -> RunOutcome:
    if result.errors:
        is_without_fruit = result.failed and not (result.published or result.waiting)
        return "error" if is_without_fruit else "partly"
    return "nothing_new" if result.is_nothing_new else "ok"
