"""The releases that a paper is made of: one reference date and those before it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from atlas.errors import ReleaseError
from atlas.publication.seen import Seen, see, without_blocks
from atlas.release import in_force, list_releases, open_release
from atlas.release.read import read_info
from atlas.terms import State
from atlas.words import day_text


def past_of(city_dir: Path, day: date | None = None) -> tuple[Seen, ...]:
    """Open the release in force of a date and the final ones before it, oldest first.

    Blocks are left out: no paper tells of them.

    Parameters
    ----------
    city_dir
        ``releases/<city>/``.
    day
        Reference date; by default the newest final one, or the newest where none is final.

    Raises
    ------
    ReleaseError
        If nothing with Quartiere is in force at that date.
    """
    refs = [ref for ref in in_force(list_releases(city_dir)).values() if not ref.is_series]
    final = [ref for ref in refs if read_info(ref.path).state is State.FINAL]
    chosen = (
        [ref for ref in refs if ref.reference_date == day] if day else final[-1:] or refs[-1:]
    )
    if not chosen:
        when = f" zum {day_text(day)}" if day else ""
        raise ReleaseError(
            f"Bericht: keine Veröffentlichung{when}. Erwartet: ein Stichtag, der gilt. Mit "
            "atlas releases nachsehen."
        )
    before = [ref for ref in final if ref.reference_date < chosen[0].reference_date]
    return tuple(see(without_blocks(open_release(ref.path))) for ref in (*before, *chosen))


def final_before(past: Sequence[Seen], seen: Seen) -> tuple[Seen, ...]:
    """Take the final ones of earlier dates out of opened releases, this one after them."""
    day = seen.info.reference_date
    is_final = [one for one in past if one.info.state is State.FINAL]
    return (*(one for one in is_final if one.info.reference_date < day), seen)
