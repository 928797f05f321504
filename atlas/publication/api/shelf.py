"""Which collections there are for a role: every kind of every date in force, and the newest.

Looked up for each request by the names of directories, so that a new release appears and a
withdrawn one is gone without a restart. What is made of a release is made once and kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import pandas as pd
import pyogrio

from atlas.errors import AtlasError
from atlas.publication.access import Sight
from atlas.publication.api.layer import Layer, layer_of
from atlas.publication.seen import Seen, see
from atlas.release import (
    Release,
    ReleaseInfo,
    ReleaseRef,
    in_force,
    list_releases,
    open_release,
)
from atlas.release.read import read_info
from atlas.terms import CELL_COLUMNS, Kind, State

_Made = TypeVar("_Made")
_MOST_KEPT = 24


@dataclass(frozen=True)
class Collection:
    """Areas of one kind at one date; ``is_newest`` follows the releases by itself."""

    id: str
    kind: Kind
    ref: ReleaseRef
    is_newest: bool = False


@dataclass(frozen=True, eq=False)
class Shelf:
    """The releases of one city, as an interface finds them."""

    city_dir: Path
    _kept: "_Kept" = field(default_factory=lambda: _Kept())

    def collections(self, sight: Sight) -> dict[str, Collection]:
        """List by id what exists for a role: first the newest of each kind, then all dates."""
        refs = list(reversed(self.refs()))
        dated = [one for ref in refs for one in _of_release(ref, sight)]
        newest: dict[str, Collection] = {}
        for only_final in (True, False):
            for one in dated:
                if only_final <= (info_of(one.ref.path).state is State.FINAL):
                    made = Collection(str(one.kind), one.kind, one.ref, is_newest=True)
                    newest.setdefault(made.id, made)
        return newest | {one.id: one for one in dated}

    def refs(self) -> tuple[ReleaseRef, ...]:
        """Releases in force that can be read, oldest date first."""
        return tuple(filter(_is_whole, in_force(list_releases(self.city_dir)).values()))

    def glance(self, ref: ReleaseRef, sight: Sight) -> Seen:
        """Look at what a release says of itself, without opening its cells."""
        info = info_of(ref.path)
        kinds = [one for one in _kinds_of(ref.path) if sight.shows(one, info.config.city)]
        areas = pd.DataFrame({"kind": list(map(str, kinds))})
        return see(Release(ref.path, info, pd.DataFrame(columns=CELL_COLUMNS), areas, {}))

    def layer(self, collection: Collection, sight: Sight) -> Layer:
        """Give the areas of a collection as a role may see them, ready to be sent."""
        path, kind = collection.ref.path, collection.kind
        return self._kept.once(
            (path, sight, kind), lambda: layer_of(see(sight.cut(open_release(path))), kind)
        )


@dataclass
class _Kept:
    """What was made, the longest unused first."""

    _made: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: Any = field(default_factory=Lock)
    _making: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Make something unless it is there; two who ask at once wait for one making."""
        with self._lock:
            own = self._making.setdefault(key, Lock())
        with own:
            if key not in self._made:
                made = make()
                with self._lock:
                    self._made[key] = made
                    while len(self._made) > _MOST_KEPT:
                        self._making.pop(self._made.popitem(last=False)[0], None)
            self._made.move_to_end(key)
            found: _Made = self._made[key]
            return found


def _is_whole(ref: ReleaseRef) -> bool:
    """Whether a release can be read; what is wrong with it, others say."""
    try:
        return bool(_kinds_of(ref.path))
    except (AtlasError, pyogrio.errors.DataSourceError, OSError):
        return False


def _of_release(ref: ReleaseRef, sight: Sight) -> Iterator[Collection]:
    city = info_of(ref.path).config.city
    for kind in _kinds_of(ref.path):
        if sight.shows(kind, city):
            yield Collection(f"{kind}-{ref.reference_date.isoformat()}", kind, ref)


@lru_cache(maxsize=512)
def info_of(path: Path) -> ReleaseInfo:
    """Read what a release says about itself; a release never changes."""
    return read_info(path)


@lru_cache(maxsize=512)
def _kinds_of(path: Path) -> tuple[Kind, ...]:
    layers = {name for name, _ in pyogrio.list_layers(path / "areas.gpkg")}
    return tuple(kind for kind in info_of(path).config.areas.order() if str(kind) in layers)
