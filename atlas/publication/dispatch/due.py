"""Which releases a subscriber still gets a paper of; knows names and dates alone."""

from collections.abc import Collection, Sequence
from datetime import date

from atlas.config import Rhythm
from atlas.release.shelf import ReleaseRef


def due(
    refs: Sequence[ReleaseRef], done: Collection[str], rhythm: Rhythm
) -> tuple[ReleaseRef, ...]:
    """Find what is due, oldest first.

    Who has nothing yet gets the newest alone. After that everything newer, and what replaces a
    release that was handed over.

    Parameters
    ----------
    refs
        Releases in force that have the paper, oldest first.
    done
        Names of the releases that were handed over.
    """
    if not done:
        return tuple(refs[-1:])
    days = {_day(name) for name in done}
    found: list[ReleaseRef] = []
    for ref in refs:
        if ref.name in done:
            continue
        is_replaced = ref.reference_date in days
        if is_replaced or (
            ref.reference_date > max(days)
            and _span(ref.reference_date, rhythm) not in {_span(day, rhythm) for day in days}
        ):
            found.append(ref)
            days = days | {ref.reference_date}
    return tuple(found)


def _span(day: date, rhythm: Rhythm) -> tuple[int, ...]:
    """Name the span of time in which there is one paper."""
    if rhythm is Rhythm.YEARLY:
        return (day.year,)
    return (day.year, day.month) if rhythm is Rhythm.MONTHLY else (day.toordinal(),)


def _day(name: str) -> date:
    return date.fromisoformat(name.partition(".")[0])
