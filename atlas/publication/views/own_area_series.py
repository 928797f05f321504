"""Own areas over the reference dates: lines of their sums, where no member is hidden."""

from collections.abc import Sequence

from atlas.publication.seen import Seen
from atlas.publication.views.development import Series, Shown, follow
from atlas.publication.views.items import Item, status_word
from atlas.publication.views.own_areas import OwnArea, gap_text, own_cell
from atlas.terms import Unit

# So many lines can be told apart.
_MOST_LINES = 3


def own_series(past: Sequence[Seen], owns: Sequence[OwnArea], item: str) -> Series | None:
    """Follow one item of own areas, beside the city where there is room for its line.

    ``None`` where no date shows a value. A date at which a member of an area is hidden has no
    value of that area, whatever other dates show.
    """
    return follow(past, item, lambda seen, one: _shown(seen, owns, one))


def _shown(seen: Seen, owns: Sequence[OwnArea], item: Item) -> list[Shown]:
    cells = [(own, own_cell(seen, own, item.id)) for own in owns]
    found = [Shown(own.name, cell, gap_text(seen, item.id, cell)) for own, cell in cells]
    if len(found) < _MOST_LINES and item.unit is not Unit.COUNT:
        city = seen.cell(seen.city, item.id)
        found.append(Shown(seen.city.name, city, status_word(city)))
    return found
