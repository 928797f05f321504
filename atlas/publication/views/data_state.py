"""What the office says of its deliveries and releases, as tables and sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from atlas.exchange.datastate import (
    DataState,
    HindcastEntry,
    ReleaseEntry,
    RunOutcome,
    SourceEntry,
)
from atlas.publication.views.table import Table, number, text
from atlas.release import ReleaseInfo, ReleaseRef, Withdrawal
from atlas.sentences import hindcast_sentence
from atlas.terms import STATE_LABELS
from atlas.words import counted, day_text, enumeration, moment_text

STATE_TEXTS: Mapping[str, str] = {
    "accepted": "eingegangen",
    "corrected": "berichtigt eingegangen",
    "inbox": "liegt im Eingang",
    "due": "noch nicht fällig",
    "overdue": "überfällig",
    "unavailable": "liegt nicht vor",
}
_RESULTS: Mapping[str, str] = {
    "ok": "Die letzte Berechnung ist gelungen",
    "partly": "Die letzte Berechnung ist fertig, aber etwas blieb liegen",
    "error": "Die letzte Berechnung ist gescheitert",
    "nothing_new": "Es gab nichts Neues zu berechnen",
    "running": "Die Berechnung läuft",
}


@dataclass(frozen=True)
class RunText:
    """What a page says about the last run; headline and message are sentences."""

    result: RunOutcome
    headline: str
    message: str
    finished_at: datetime | None


def source_table(state: DataState) -> Table:
    """List every source and reference date: newest date first, then by source."""
    entries = sorted(
        state.sources, key=lambda one: (-one.reference_date.toordinal(), one.label, one.source)
    )
    rows = tuple(
        (
            day_text(entry.reference_date),
            entry.label,
            _state_text(entry),
            "" if entry.due_date is None else day_text(entry.due_date),
            _number_text(entry),
            _findings_text(entry),
            entry.holds_up,
        )
        for entry in entries
    )
    fields = (
        text("day", "Stichtag"),
        text("source", "Quelle"),
        text("state", "Zustand"),
        text("due", "Fällig am"),
        text("number", "Lieferung"),
        text("findings", "Befunde"),
        text("holds_up", "Darauf warten"),
    )
    table = Table("Lieferungen je Stichtag und Quelle", fields, rows)
    holds_nothing_up = not any(entry.holds_up for entry in entries)
    return table.without("holds_up") if holds_nothing_up else table


def release_table(state: DataState) -> Table:
    """List every release: newest reference date and number first."""
    entries = sorted(
        state.releases, key=lambda one: (one.reference_date, one.number), reverse=True
    )
    rows = tuple(
        (
            day_text(entry.reference_date),
            str(entry.number),
            STATE_LABELS[entry.state],
            enumeration(list(entry.missing)) or "nichts",
            _withdrawn_text(entry),
        )
        for entry in entries
    )
    fields = (
        text("day", "Stichtag"),
        number("number", "Nummer"),
        text("state", "Stand"),
        text("missing", "Es fehlt"),
        text("withdrawn", "Zurückgezogen"),
    )
    table = Table("Alle veröffentlichten Stände, der neueste zuerst", fields, rows)
    has_withdrawn = any(entry.withdrawn for entry in entries)
    return table if has_withdrawn else table.without("withdrawn")


def withdrawal_text(ref: ReleaseRef, mark: Withdrawal, current: ReleaseRef | None) -> str:
    """Say when and why a release was withdrawn, and what its date shows now."""
    instead = (
        f"Zu sehen ist wieder Nummer {current.number}."
        if current
        else "Zu diesem Stichtag gibt es zurzeit keine Zahlen."
    )
    return (
        f"Der Stand {day_text(ref.reference_date)} (Nummer {ref.number}) ist am "
        f"{day_text(mark.when.date())} zurückgezogen worden: {_as_sentence(mark.reason)} "
        f"{instead}"
    )


def pinned_text(shown: ReleaseInfo, asked: int, every: Iterable[ReleaseRef], newer: str) -> str:
    """Say what became of the release that a link names; empty where nothing did.

    Parameters
    ----------
    shown
        Release in force of the date that the link names.
    asked
        Number of the release that the link names.
    every
        All releases that lie here, those out of force too.
    newer
        Title of the newest date, where that is a later one; else empty.
    """
    told = []
    if asked != shown.number:
        same = [one for one in every if one.reference_date == shown.reference_date]
        named = next((one for one in same if one.number == asked), None)
        if named is not None and named.is_withdrawn:
            became = "ist zurückgezogen und gilt nicht mehr"
        elif asked < shown.number:
            became = "ist durch eine neuere ersetzt und gilt nicht mehr"
        else:
            became = "gibt es hier nicht"
        told.append(
            f"Dieser Link nennt Nummer {asked} zum {day_text(shown.reference_date)}: Sie "
            f"{became}. Gezeigt ist Nummer {shown.number}."
        )
    if newer:
        told.append(f"Es gibt einen neueren Stand: {newer}.")
    return " ".join(told)


def outstanding(state: DataState) -> tuple[str, ...]:
    """Write a sentence for each delivery that has not arrived."""
    sentences = []
    for entry in sorted(state.sources, key=lambda one: (one.reference_date, one.label)):
        if entry.state not in ("due", "overdue"):
            continue
        due = ""
        if entry.due_date is not None:
            verb = "fällig am" if entry.state == "due" else "überfällig seit"
            due = f", {verb} {day_text(entry.due_date)}"
        day = day_text(entry.reference_date)
        sentences.append(f"{entry.label} zum {day} noch nicht eingegangen{due}.")
    return tuple(sentences)


def hindcast_texts(state: DataState, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Say what provisional levels of all dates together would have been worth, by group.

    Parameters
    ----------
    labels
        Names of the groups.

    Returns
    -------
        A sentence per group that has such figures; those of releases out of force are left out.
    """
    in_force = {
        entry.reference_date: entry
        for entry in sorted(state.releases, key=lambda one: one.number)
        if entry.withdrawn is None
    }
    totals: dict[str, list[HindcastEntry]] = {}
    for entry in in_force.values():
        for one in entry.hindcasts:
            totals.setdefault(one.group, []).append(one)
    return tuple(
        f"{labels.get(group, group)}, {counted(len(found), 'Stichtag', 'Stichtage')}: "
        f"{_hindcast_text(found)}"
        for group, found in totals.items()
    )


def _hindcast_text(found: list[HindcastEntry]) -> str:
    unsure = [one.unsure for one in found if one.unsure is not None]
    return hindcast_sentence(
        sum(one.counted for one in found),
        sum(one.wrong for one in found),
        sum(unsure) if len(unsure) == len(found) else None,
    )


def refused_uploads(state: DataState) -> tuple[str, ...]:
    """Say of each file that the office put aside when it came and why; newest first."""
    entries = sorted(state.refused, key=lambda one: one.since, reverse=True)
    return tuple(f"Abgegeben am {moment_text(one.since)}: {one.sentence}" for one in entries)


def run_text(state: DataState) -> RunText | None:
    """Say how the last run ended; ``None`` if there was none."""
    run = state.last_run
    if run is None:
        return None
    head = _RESULTS[run.result]
    if run.finished is None:
        return RunText(run.result, f"{head}.", run.message, None)
    moment = moment_text(run.finished)
    if run.result == "running":
        return RunText(run.result, f"{head} seit dem {moment}.", run.message, run.finished)
    return RunText(run.result, f"{head} ({moment}).", run.message, run.finished)


def upload_labels(state: DataState | None, sources: Iterable[str]) -> tuple[str, ...]:
    """Name sources as the office calls them; a source that it does not list by its id."""
    entries = () if state is None else state.sources
    labels = {entry.source: entry.label for entry in entries}
    return tuple(labels.get(source, source) for source in sources)


def _as_sentence(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def _withdrawn_text(entry: ReleaseEntry) -> str:
    if entry.withdrawn is None:
        return ""
    return f"am {day_text(entry.withdrawn.date())}: {_as_sentence(entry.withdrawn_because)}"


def _state_text(entry: SourceEntry) -> str:
    return STATE_TEXTS[entry.state]


def _number_text(entry: SourceEntry) -> str:
    return str(entry.number) if entry.number else ""


def _findings_text(entry: SourceEntry) -> str:
    words = (("error", "Fehler", "Fehler"), ("warning", "Warnung", "Warnungen"))
    parts = []
    for key, one, many in words:
        count = entry.findings.get(key, 0)
        if count:
            parts.append(counted(count, one, many))
    if parts:
        return ", ".join(parts)
    return "keine" if entry.state in ("accepted", "corrected") else ""
