"""Which areas a reader asked to see by entries of the legend, and their Quartiere."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from atlas.publication.seen import Seen
from atlas.publication.views.across import lies_across, touching
from atlas.publication.views.map import MapView
from atlas.terms import Kind
from atlas.words import enumeration, number_text


@dataclass(frozen=True)
class ClassChoice:
    """Areas of the chosen entries of a legend.

    Attributes
    ----------
    codes
        Of the chosen entries, in the order of the legend; none: every area is shown.
    kind, area_ids
        What is drawn and shown.
    quartiere
        Those that are shown, hold shown areas or lie in one.
    told
        How many there are, in words; empty where nothing is chosen.
    """

    codes: tuple[str, ...]
    kind: Kind
    area_ids: frozenset[str]
    quartiere: frozenset[str]
    told: str = ""


def class_choice(seen: Seen, view: MapView, asked: Collection[str]) -> ClassChoice:
    """Find the areas of some entries; codes that the legend does not have are left out."""
    places = [at for at, entry in enumerate(view.legend) if entry.code in asked]
    shown = frozenset(key for key, at in view.entry_of.items() if not places or at in places)
    every = (area.id for area in seen.areas(Kind.QUARTIER))
    is_asked = bool(places)  # else nobody has to look for the Quartier of each of 5,000 blocks
    quartiere = carried(seen, shown, view.kind, Kind.QUARTIER) if is_asked else frozenset(every)
    labels = [view.legend[at].label for at in places]
    told = _told(seen, view, labels, (len(shown), len(quartiere))) if places else ""
    codes = tuple(view.legend[at].code for at in places)
    return ClassChoice(codes, view.kind, shown, quartiere, told)


def carried(seen: Seen, area_ids: Iterable[str], kind: Kind, other: Kind) -> frozenset[str]:
    """Areas of another kind that are these, hold one of them or lie in one of them."""
    if kind == other:
        return frozenset(area_ids)
    areas = [area for key in area_ids if (area := seen.find(kind, key))]
    if lies_across(seen, kind) or lies_across(seen, other):
        return touching(seen, areas, other)
    if seen.kinds.index(kind) > seen.kinds.index(other):
        return frozenset(one.id for area in areas for one in seen.inside(other, area))
    holders = (seen.holder(other, area) for area in areas)
    return frozenset(one.id for one in holders if one is not None)


def _told(seen: Seen, view: MapView, labels: list[str], numbers: tuple[int, int]) -> str:
    areas, quartiere = (
        f"{number_text(number, 0)} {seen.singular(kind) if number == 1 else seen.plural(kind)}"
        for number, kind in zip(numbers, (view.kind, Kind.QUARTIER), strict=True)
    )
    told = f"Gezeigt: {enumeration(labels)}. {areas} von {number_text(len(view.entry_of), 0)}"
    return f"{told}, in {quartiere}." if view.kind == Kind.BLOCK else f"{told}."
