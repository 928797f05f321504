"""What every page stands on: the city, its releases, and the one that is shown."""

import gc
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from atlas.errors import ReleaseError
from atlas.home import home_from_environment
from atlas.publication.access import Sight, sight_of
from atlas.publication.seen import Seen, see, without_blocks
from atlas.publication.views.data_state import withdrawal_text
from atlas.release import (
    ReleaseInfo,
    ReleaseRef,
    in_force,
    list_releases,
    open_release,
    out_of_force,
    read_withdrawal,
)
from atlas.release.read import read_info
from atlas.terms import Group, Role, State

DATE_KEY = "stichtag"


@dataclass(frozen=True)
class Context:
    """The city of a page and its releases.

    Attributes
    ----------
    cities
        All cities with releases.
    refs
        Releases in force, the newest number of each reference date, newest date first.
    every_ref
        All releases that were not withdrawn, newest first.
    closed
        Names of releases that this process may not read.
    sight
        What exists for the reader.
    """

    home: Path
    city: str
    cities: tuple[str, ...]
    refs: tuple[ReleaseRef, ...]
    every_ref: tuple[ReleaseRef, ...]
    closed: tuple[str, ...] = ()
    sight: Sight = Sight(frozenset({Role.PUBLIC}))

    @property
    def city_dir(self) -> Path:
        """Directory of the city's releases."""
        return self.home / "releases" / self.city

    @property
    def proposals_dir(self) -> Path:
        """Where files wait that readers handed in for this city."""
        return self.home / "requests" / self.city

    @property
    def ref(self) -> ReleaseRef:
        """Release of the chosen reference date; at first the newest final one."""
        chosen = st.session_state.get(DATE_KEY)
        by_date = {ref.reference_date.isoformat(): ref for ref in self.refs}
        return by_date.get(str(chosen)) or self.first_ref

    @property
    def first_ref(self) -> ReleaseRef:
        """Newest final release; the newest of all where none is final."""
        final = (ref for ref in self.refs if self.info(ref).state is State.FINAL)
        return next(final, self.refs[0])

    @property
    def seen(self) -> Seen:
        """Release of the chosen reference date."""
        return self.see(self.ref)

    def see(self, ref: ReleaseRef) -> Seen:
        """Open a release; the same release is opened and indexed once."""
        return _see(str(ref.path), self.sight)

    def past(self, group: Group) -> tuple[Seen, ...]:
        """Releases in force without their blocks, oldest date first."""
        refs = reversed(self.refs)
        return tuple(self._see_without_blocks(ref).through(group) for ref in refs)

    def past_with_blocks(self, group: Group) -> tuple[Seen, ...]:
        """Releases in force with their blocks, oldest date first: many dates take a moment."""
        return tuple(self.see(ref).through(group) for ref in reversed(self.refs))

    def previous_without_blocks(self, group: Group) -> Seen | None:
        """Like ``previous``, without blocks: quickly opened, for tables of Quartiere."""
        ref = self._previous_ref()
        return None if ref is None else self._see_without_blocks(ref).through(group)

    def _see_without_blocks(self, ref: ReleaseRef) -> Seen:
        return _see_without_blocks(str(ref.path), self.sight)

    def info(self, ref: ReleaseRef) -> ReleaseInfo:
        """Read what a release says about itself, without opening its cells."""
        return _info(str(ref.path))

    def series_refs(self) -> tuple[ReleaseRef, ...]:
        """Releases in force of the city alone, newest date first."""
        refs = filter(_may_read, list_releases(self.city_dir))
        return _newest_first(ref for ref in refs if ref.is_series)

    def withdrawn_texts(self) -> tuple[str, ...]:
        """Say of each date whose last release was withdrawn when and why."""
        return withdrawn_texts(self.city_dir)

    def newest(self) -> tuple[ReleaseRef, ...]:
        """Look again: releases in force now, newest date first."""
        return _newest_first(_with_quartiere(self.city_dir))

    def previous(self, group: Group) -> Seen | None:
        """Release in force of the date before; for a provisional date the last final one."""
        ref = self._previous_ref()
        return None if ref is None else self.see(ref).through(group)

    def final_before(self, seen: Seen) -> Seen | None:
        """Find the last final release before a provisional one, without blocks."""
        if seen.info.state is not State.PROVISIONAL:
            return None
        earlier = (ref for ref in self.refs if ref.reference_date < seen.info.reference_date)
        ref = next((ref for ref in earlier if self.info(ref).state is State.FINAL), None)
        return None if ref is None else self._see_without_blocks(ref).through(seen.group)

    def _previous_ref(self) -> ReleaseRef | None:
        earlier = [ref for ref in self.refs if ref.reference_date < self.ref.reference_date]
        if self.info(self.ref).state is State.PROVISIONAL:
            earlier = [ref for ref in earlier if self.info(ref).state is State.FINAL]
        return earlier[0] if earlier else None


def find_context() -> Context | None:
    """Look at what is published now; ``None`` without a release."""
    home = home_from_environment().root
    cities = city_dirs(home)
    if not cities:
        return None
    city = _city_of(cities)
    every = _with_quartiere(home / "releases" / city)
    if not every:
        return None
    return Context(
        home=home,
        city=city,
        cities=tuple(cities),
        refs=_newest_first(every),
        every_ref=tuple(reversed(every)),
        closed=tuple(
            r.name for r in list_releases(home / "releases" / city) if not _may_read(r)
        ),
        sight=sight_of(st.context.headers, city),
    )


def find_withdrawn() -> tuple[str, ...]:
    """Say what was withdrawn of a city of which nothing else is there; see ``Context``."""
    home = home_from_environment().root
    cities = city_dirs(home)
    return withdrawn_texts(home / "releases" / _city_of(cities)) if cities else ()


def withdrawn_texts(city_dir: Path) -> tuple[str, ...]:
    """Write the sentences on the withdrawn releases of a city that none has replaced yet."""
    refs = [ref for ref in list_releases(city_dir) if not ref.is_series]
    current = in_force(refs)
    return tuple(
        withdrawal_text(ref, mark, current.get(ref.reference_date))
        for ref in reversed(out_of_force(refs))
        if (mark := read_withdrawal(ref.path))
    )


def _city_of(cities: list[str]) -> str:
    return chosen_city(cities, st.session_state.get("stadt"))


@st.cache_resource(max_entries=256, show_spinner=False)
def _info(path: str) -> ReleaseInfo:
    return read_info(Path(path))


@st.cache_resource(max_entries=16, show_spinner="Stand wird geladen …")
def _see(path: str, sight: Sight) -> Seen:
    seen = see(sight.cut(open_release(Path(path))))
    _set_apart()
    return seen


def _set_apart() -> None:
    """Leave what is opened by now out of Python's searches for garbage: it is there to stay.

    Else each file of all Baublöcke would be interrupted by searches through whole releases. A
    release that nobody refers to any more goes without such a search.
    """
    gc.collect()
    gc.freeze()


@st.cache_resource(max_entries=128, show_spinner=False)
def _see_without_blocks(path: str, sight: Sight) -> Seen:
    return see(without_blocks(sight.cut(open_release(Path(path)))))


def _with_quartiere(city_dir: Path) -> list[ReleaseRef]:
    """Releases that pages can show; series have no Quartiere, withdrawn ones no readers."""
    refs = filter(_may_read, list_releases(city_dir))
    return [ref for ref in refs if not (ref.is_series or ref.is_withdrawn)]


def _may_read(ref: ReleaseRef) -> bool:
    """Whether its rights let this process in; what is missing or damaged is told elsewhere."""
    return os.access(ref.path, os.R_OK | os.X_OK) and all(
        os.access(path, os.R_OK) for path in ref.path.iterdir()
    )


def _newest_first(every: Iterable[ReleaseRef]) -> tuple[ReleaseRef, ...]:
    return tuple(reversed(in_force(every).values()))


def city_dirs(home: Path) -> list[str]:
    """Names of the cities that have a release, sorted."""
    releases = home / "releases"
    if not releases.is_dir():
        return []
    return sorted(
        path.name
        for path in releases.iterdir()
        if os.access(path, os.R_OK | os.X_OK) and any(map(_may_read, list_releases(path)))
    )


def chosen_city(cities: list[str], asked: object) -> str:
    """City to show: ``$ATLAS_CITY`` if set, else the asked one, else the first.

    Raises
    ------
    ReleaseError
        If ``$ATLAS_CITY`` has no release.
    """
    fixed = os.environ.get("ATLAS_CITY")
    if not fixed:
        return str(asked) if asked in cities else cities[0]
    if fixed in cities:
        return fixed
    raise ReleaseError(
        f"Stadt {fixed} (ATLAS_CITY): kein Release gefunden. Vorhanden: {', '.join(cities)}. "
        "ATLAS_CITY ändern oder die Stadt mit atlas run veröffentlichen."
    )


def is_city_fixed() -> bool:
    """Whether ``$ATLAS_CITY`` leaves no choice."""
    return bool(os.environ.get("ATLAS_CITY"))
