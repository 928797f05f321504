"""What an office does besides running: retention of persons, new keys, a mended log."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from atlas.confidential.chain import relinked
from atlas.confidential.count import person_counts
from atlas.confidential.day import look
from atlas.confidential.delivery import recognise
from atlas.confidential.desk import Desk, latest_generation, only_one, rotate_person_key
from atlas.confidential.log import events, rewrite
from atlas.confidential.originals import originals_dir
from atlas.confidential.store import Delivery, keep_counts, list_deliveries
from atlas.errors import DeliveryError
from atlas.home import files_in, remove_file, write_file
from atlas.words import day_here


def rotate_key(desk: Desk) -> int:
    """Begin a new generation of person hashes and log it.

    One that was begun by a command that was killed, and that nothing uses, is that generation.
    """
    generation = latest_generation(desk.keys_dir)
    told = {one.subject for one in events(desk.log_path) if one.what == "rotated"}
    used = {one.arrival.generation for one in list_deliveries(desk.store_dir)}
    if generation <= 1 or generation in used or f"generation {generation}" in told:
        generation = rotate_person_key(desk.keys_dir)
    desk.log("rotated", f"generation {generation}", {})
    return generation


def mend_log(desk: Desk) -> int:
    """Chain a damaged log anew; the damaged one is kept beside it, and the new one says so.

    Returns
    -------
    int
        How many lines nothing could be read of.
    """
    with only_one(desk):
        damaged = desk.log_path.read_bytes()
        content, lost = relinked(damaged)
        kept_path = desk.log_path.with_name(f"log.{len(damaged)}.damaged.jsonl")
        write_file(kept_path, damaged)
        missing = rewrite(desk.log_path, content)
        desk.log("mended", kept_path.name, {"lost": str(lost), "bytes_missing": str(missing)})
    return lost


def purge(desk: Desk, today: date) -> list[str]:
    """Remove person rows past their retention; keep counts, log and everything published.

    Returns
    -------
    list of str
        The deliveries whose rows were removed, e.g. ``ewo 2019-12-31.1``.
    """
    calendar = look(desk)
    expired = [one for one in calendar.stored if _is_expired(desk, one, today)]
    gone = {one.path for one in expired}
    for reference_date in calendar.in_order():
        day = calendar.day(reference_date)
        if gone & {one.path for one in day.deliveries.values()}:
            for name, counts in person_counts(desk, day).items():
                table = pa.Table.from_pandas(counts, preserve_index=False)
                keep_counts(day.deliveries[name], reference_date, table)
    done = []
    for one in expired:
        remove_file(one.rows_path)
        subject = f"{one.layout} {one.reference_date}.{one.number}"
        desk.log("purged", subject, {})
        done.append(subject)
    return done


def purge_inbox(desk: Desk, today: date) -> list[str]:
    """Remove files with persons that were refused and lie in the inbox past their retention.

    The time runs from the day on which a file came to lie there. An upload that was put aside
    because no layout knows it may hold persons: the shortest retention counts. What was taken
    and waits for its date is kept no longer either.

    Returns
    -------
    list of str
        Names of the removed files.
    """
    done = []
    kept_for = {path: _retention(desk, path) for path in files_in(desk.home.inbox)}
    aside = files_in(desk.home.refused) if desk.home.refused.is_dir() else []
    for path in (*aside, *originals_dir(desk).glob("*/*")):
        kept_for[path] = _retention(desk, path) or _shortest_retention(desk)
    for path, kept in kept_for.items():
        lies_since = day_here(datetime.fromtimestamp(path.stat().st_ctime, UTC))
        if kept is not None and today > lies_since + kept:
            path.unlink()
            desk.log("purged", f"inbox {path.name}", {})
            done.append(path.name)
    return done


def _retention(desk: Desk, path: Path) -> timedelta | None:
    try:
        layout = recognise(path, desk.config.deliveries.layouts)
    except DeliveryError:  # more than one layout fits
        return None
    if layout is None or layout.shape != "persons" or layout.retention_days is None:
        return None
    return timedelta(days=layout.retention_days)


def _shortest_retention(desk: Desk) -> timedelta | None:
    layouts = [one for one in desk.config.deliveries.layouts if one.shape == "persons"]
    days = [one.retention_days for one in layouts if one.retention_days is not None]
    return timedelta(days=min(days)) if days else None


def _is_expired(desk: Desk, delivery: Delivery, today: date) -> bool:
    layouts = {layout.id: layout for layout in desk.config.deliveries.layouts}
    layout = layouts.get(delivery.layout)
    if layout is None or layout.shape != "persons" or layout.retention_days is None:
        return False
    ends = delivery.reference_date + timedelta(days=layout.retention_days)
    return today > ends and delivery.rows_path.exists()
