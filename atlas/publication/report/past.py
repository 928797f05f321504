"""The releases that a paper is made of: one reference date and those before it, and series.

Whoever asks may see a part of a release alone: it is cut before anything is made of it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from atlas.errors import ReleaseError
from atlas.publication.seen import Seen, see, without_blocks
from atlas.publication.views.city_series import CityDate, CitySeries, city_date, city_series
from atlas.release import Release, in_force, list_releases, open_release
from atlas.release.read import read_info
from atlas.release.shelf import ReleaseRef
from atlas.terms import State
from atlas.words import day_text

Cut = Callable[[Release], Release]


def _whole(release: Release) -> Release:
    return release


def past_of(city_dir: Path, day: date | None = None, cut: Cut = _whole) -> tuple[Seen, ...]:
    """Open the release in force of a date and the final ones before it, oldest first.

    Blocks are left out: no paper tells of them.

    Parameters
    ----------
    city_dir
        ``releases/<city>/``.
    day
        Reference date; by default the newest final one, or the newest where none is final.
    cut
        Leaves of a release what the reader may see.

    Raises
    ------
    ReleaseError
        If nothing with Quartiere is in force at that date.
    """
    refs = _with_quartiere(city_dir)
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
    return tuple(_open(ref, cut) for ref in (*before, *chosen))


def past_until(city_dir: Path, day: date, cut: Cut = _whole) -> tuple[Seen, ...]:
    """Open all releases in force with Quartiere up to a day, oldest first, blocks left out."""
    refs = (ref for ref in _with_quartiere(city_dir) if ref.reference_date <= day)
    return tuple(_open(ref, cut) for ref in refs)


def finals_of(city_dir: Path) -> tuple[ReleaseRef, ...]:
    """Find the final releases in force with Quartiere, oldest first."""
    refs = _with_quartiere(city_dir)
    return tuple(ref for ref in refs if read_info(ref.path).state is State.FINAL)


def issues_of(city_dir: Path, source: str) -> tuple[ReleaseRef, ...]:
    """Find the releases in force that a source brought for the city alone, oldest first."""
    refs = in_force(list_releases(city_dir)).values()
    return tuple(ref for ref in refs if ref.is_series and source in _brought_by(ref.path))


def open_issue(
    city_dir: Path, source: str, ref: ReleaseRef, cut: Cut = _whole
) -> tuple[Seen, CitySeries | None]:
    """Open a release of a series, and the series up to its date."""
    return _open(ref, cut), series_until(city_dir, source, ref.reference_date, cut)


def series_until(
    city_dir: Path, source: str, day: date, cut: Cut = _whole
) -> CitySeries | None:
    """Read what a source brought for the city alone up to a day; ``None`` before the first."""
    refs = [ref for ref in issues_of(city_dir, source) if ref.reference_date <= day]
    dates = (_city_date(ref.path, cut) for ref in refs)
    found = [one for one in city_series(dates) if source in one.id.split("-")]
    return found[0] if found else None


# A release never changes: what was read once of a long series stays true.
@lru_cache(maxsize=4096)
def _city_date(path: Path, cut: Cut) -> CityDate:
    return city_date(see(cut(open_release(path))))


@lru_cache(maxsize=4096)
def _brought_by(path: Path) -> frozenset[str]:
    """Name the sources that delivered for the very date of a release."""
    info = read_info(path)
    own = (one for one in info.deliveries if one.reference_date == info.reference_date)
    return frozenset(one.source for one in own)


def _with_quartiere(city_dir: Path) -> list[ReleaseRef]:
    return [ref for ref in in_force(list_releases(city_dir)).values() if not ref.is_series]


def _open(ref: ReleaseRef, cut: Cut) -> Seen:
    return see(without_blocks(cut(open_release(ref.path))))


def final_before(past: Sequence[Seen], seen: Seen) -> tuple[Seen, ...]:
    """Take the final ones of earlier dates out of opened releases, this one after them."""
    day = seen.info.reference_date
    is_final = [one for one in past if one.info.state is State.FINAL]
    return (*(one for one in is_final if one.info.reference_date < day), seen)
