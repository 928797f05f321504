"""Kinds of areas that lie across the others, and what shares blocks with them."""

from collections.abc import Iterable

from atlas.geography import PARTS
from atlas.publication.seen import Area, Seen
from atlas.terms import Kind


def lies_across(seen: Seen, kind: Kind) -> bool:
    """Whether areas of a kind are made of blocks and need not nest in others."""
    return kind in seen.config.areas.overlays()


def touching(seen: Seen, areas: Iterable[Area], other: Kind) -> frozenset[str]:
    """Keys of the areas of a kind that share a block with one of some areas."""
    held = _blocks_of(seen)
    blocks = {block for area in areas for block in _blocks_in(seen, area, held)}
    if lies_across(seen, other):
        return frozenset(
            area_id
            for (kind, area_id), inside in held.items()
            if kind == other and not blocks.isdisjoint(inside)
        )
    found = (seen.find(Kind.BLOCK, key) for key in blocks)
    holders = (seen.holder(other, block) for block in found if block is not None)
    return frozenset(one.id for one in holders if one is not None)


def _blocks_in(seen: Seen, area: Area, held: dict[tuple[str, str], list[str]]) -> Iterable[str]:
    if area.kind == Kind.BLOCK:
        return (area.id,)
    named = held.get((area.kind, area.id))
    return named or [block.id for block in seen.inside(Kind.BLOCK, area)]


def _blocks_of(seen: Seen) -> dict[tuple[str, str], list[str]]:
    """Blocks of every area that lies across, by kind and key."""
    areas = seen.release.areas
    if PARTS not in areas:
        return {}
    columns = (areas["kind"], areas["area_id"], areas[PARTS])
    rows = zip(*columns, strict=True)
    return {(kind, area_id): parts.split() for kind, area_id, parts in rows if parts}
