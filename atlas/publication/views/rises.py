"""Why the need of a Quartier changed between two releases, whether or not its level did."""

from atlas.classify import change_of
from atlas.publication.seen import Seen
from atlas.publication.views.changes import Move, classification_of, move_of
from atlas.terms import NEED_INDEX, Kind
from atlas.words import rounded

_MOST = 3
_DIGITS = 2


def strongest_rises(before: Seen, after: Seen) -> tuple[Move, ...]:
    """Explain the Quartiere whose index rose most, at most three; one that kept it is none.

    Equal rises are told in the order of their keys.
    """
    if not (before.has_levels and after.has_levels):
        return ()
    old, new = (one.values(Kind.QUARTIER, NEED_INDEX) for one in (before, after))
    rises = {key: new[key] - old[key] for key in new.keys() & old.keys()}
    risen = [key for key, rise in rises.items() if rounded(rise, _DIGITS) > 0]
    first = sorted(risen, key=lambda key: (-rises[key], key))[:_MOST]
    return tuple(_explained(before, after, key) for key in first)


def reason_of(before: Seen, after: Seen, area_id: str) -> Move | None:
    """Explain one Quartier; ``None`` where one of the releases has no levels or not this area.

    Without a level at one of them the words say why.
    """
    is_known = all(one.find(Kind.QUARTIER, area_id) for one in (before, after))
    if not (is_known and before.has_levels and after.has_levels):
        return None
    return _explained(before, after, area_id)


def _explained(before: Seen, after: Seen, area_id: str) -> Move:
    change = change_of(classification_of(before), classification_of(after), area_id)
    return move_of(change, after.area(Kind.QUARTIER, area_id).title, before, after)
