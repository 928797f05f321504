"""What a reader may look for: areas, streets and points, by name or number; knows no page."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from atlas.publication.seen import Area, Seen
from atlas.release import Place, read_places
from atlas.terms import Group, Kind

_STREET = "Straße"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SHORT_STREET = re.compile(r"str\.?(?=\s|$)")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


_Spellings = tuple[str, str]


@dataclass(frozen=True)
class Goal:
    """What was found: an area, or a place in a Quartier.

    Attributes
    ----------
    label
        What is found as readers see it; no two have the same.
    area
        The area itself; of a place its Quartier.
    place
        None for an area.
    """

    label: str
    area: Area
    place: Place | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """How it is called without where it lies, the fullest first."""
        return (self.place.name,) if self.place else (self.label, self.area.name, self.area.id)


@dataclass(frozen=True)
class Directory:
    """Everything that can be found in a release, in the order of the list.

    Attributes
    ----------
    goals
        By label.
    """

    goals: dict[str, Goal]

    def find(self, text: str) -> tuple[Goal, ...]:
        """Find what a text names: what has this name, else what has its words in its name.

        Where no name has them, names together with the Quartier are looked through. Umlauts
        may be written as such, as two letters or without their dots, ``str`` for ``straße``.
        """
        asked = _spellings(text)
        if not any(asked):
            return ()
        goals = tuple(self.goals.values())
        same = {at for one in asked for at in self._whole.get(one, ())}
        found = sorted(same) or _having(asked, self._names) or _having(asked, self._labels)
        return tuple(goals[at] for at in found)

    @cached_property
    def _labels(self) -> tuple[_Spellings, ...]:
        return tuple(map(_spellings, self.goals))

    @cached_property
    def _names(self) -> tuple[_Spellings, ...]:
        return tuple(_spellings(goal.names[0]) for goal in self.goals.values())

    @cached_property
    def _whole(self) -> Mapping[str, list[int]]:
        """Positions by whole name, however it is spelled."""
        whole: dict[str, list[int]] = {}
        for at, goal in enumerate(self.goals.values()):
            for spelling in {one for name in goal.names for one in _spellings(name)}:
                whole.setdefault(spelling, []).append(at)
        return whole


def _having(asked: _Spellings, texts: tuple[_Spellings, ...]) -> list[int]:
    """Positions of the texts that have all words; first those that begin with them."""
    ways = [(way, spoken, spoken.split()) for way, spoken in enumerate(asked) if spoken]
    found = [
        (not any(text[way].startswith(spoken) for way, spoken, _ in ways), at)
        for at, text in enumerate(texts)
        if any(all(word in text[way] for word in words) for way, _, words in ways)
    ]
    return [at for _, at in sorted(found)]


def directory_of(seen: Seen) -> Directory:
    """Make the directory of a release, once for all groups."""
    return seen.through(Group.ALL).once("directory", lambda: _directory(seen))


def key_of(place: Place) -> str:
    """Name of a place in an address."""
    return ":".join((place.layer, place.quartier, place.name))


def place_named(seen: Seen, key: str) -> Place | None:
    """Place that an address names; None if this release has no such place."""
    places = seen.through(Group.ALL).once(
        "places", lambda: {key_of(one): one for one in _places(seen)}
    )
    return places.get(key)


def place_text(seen: Seen, place: Place) -> str:
    """Say what a place is and in which Quartier it lies, as a sentence."""
    what = _STREET if not place.layer else _label(seen, place.layer)
    area = seen.find(Kind.QUARTIER, place.quartier)
    where = area.title if area else place.quartier
    note = f", {place.note}" if place.note else ""
    return f"{place.name} ({what}{note}) liegt in {where}."


def points_inside(seen: Seen, quartier: str, layers: Sequence[str]) -> dict[str, list[str]]:
    """Names of the points of some layers in one Quartier, by the label of their layer."""
    found: dict[str, list[str]] = {}
    for place in _places(seen):
        if place.layer in layers and place.quartier == quartier:
            found.setdefault(_label(seen, place.layer), []).append(place.name)
    return found


def _places(seen: Seen) -> tuple[Place, ...]:
    path = seen.release.path
    return seen.through(Group.ALL).once("every place", lambda: read_places(path))


def _label(seen: Seen, layer: str) -> str:
    context = seen.config.context
    layers = context.layers if context else ()
    return next((one.label for one in layers if one.id == layer), layer)


def _directory(seen: Seen) -> Directory:
    goals: dict[str, Goal] = {}
    for goal in _goals(seen):
        goals.setdefault(goal.label, goal)
    return Directory(goals)


def _goals(seen: Seen) -> Iterator[Goal]:
    for area in seen.areas(Kind.QUARTIER):
        yield Goal(area.title, area)
    for kind in seen.kinds:
        if kind not in (Kind.BLOCK, Kind.QUARTIER, Kind.CITY):
            for area in seen.areas(kind):
                yield Goal(f"{seen.singular(kind)} {area.title}", area)
    quartiere = {area.id: area for area in seen.areas(Kind.QUARTIER)}
    for place in _places(seen):
        if holder := quartiere.get(place.quartier):
            yield Goal(f"{place.name} – {holder.title}", holder, place)


def _spellings(text: str) -> _Spellings:
    """Write a text with umlauts as two letters, and without their dots; words alone."""
    lower = unicodedata.normalize("NFC", text).lower()
    lower = _SHORT_STREET.sub("straße", lower)
    bare = unicodedata.normalize("NFKD", lower.replace("ß", "ss"))
    plain = "".join(one for one in bare if not unicodedata.combining(one))
    ways = (unicodedata.normalize("NFKD", lower.translate(_UMLAUTS)), plain)
    spoken, plain = (_NOT_A_WORD.sub(" ", way).strip() for way in ways)
    return spoken, plain
