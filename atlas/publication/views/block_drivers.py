"""Which blocks stand behind the need of a Quartier, and what of its blocks is secret.

Knows shown cells alone; a secret block is counted, as every table shows it, and never ranked.
"""

from collections.abc import Sequence

from atlas.publication.seen import Area, Seen
from atlas.publication.views.contributions import contributions_of
from atlas.publication.views.items import Item, indicators, measures
from atlas.publication.views.notes import counts_of, why_hidden
from atlas.publication.views.table import Table, number, text
from atlas.terms import Kind, Status
from atlas.words import enumeration

_MOST = 3


def block_drivers(seen: Seen, area_id: str) -> Table | None:
    """List the indicators of a Quartier, the strongest first, with their highest blocks.

    ``None`` without blocks, or where no block shows any indicator.
    """
    blocks = seen.children(Kind.BLOCK, area_id) if Kind.BLOCK in seen.kinds else ()
    items = indicators(seen.config, seen.group)
    if not any(seen.value(block, item.id) is not None for block in blocks for item in items):
        return None
    amounts = {one.item: one.amount_text for one in contributions_of(seen, area_id)}
    ranked = sorted(items, key=lambda item: _place(item, tuple(amounts)))
    rows = tuple(
        (item.label, amounts.get(item.id, ""), *_blocks_texts(seen, item, blocks))
        for item in ranked
    )
    fields = (
        text("item", "Indikator"),
        number("amount", "Beitrag zum Index"),
        text("highest", "Höchste Werte"),
        number("hidden", f"Geheime {seen.plural(Kind.BLOCK)}"),
    )
    area = seen.area(Kind.QUARTIER, area_id)
    title = f"{area.title}: {seen.plural(Kind.BLOCK)} mit den höchsten Werten"
    return Table(title, fields, rows)


def hidden_note(seen: Seen, area_id: str, item: str = "") -> str:
    """Say how much of the blocks of a Quartier is secret, and why; empty where nothing is.

    Parameters
    ----------
    item
        Indicator or count; without one all counts of the group are meant.
    """
    blocks = seen.children(Kind.BLOCK, area_id)
    items = [item] if item else [one.id for one in measures(seen.config)]
    statuses = [seen.cell(block, one).status for one in items for block in blocks]
    there = [one for one in statuses if one not in (Status.UNAVAILABLE, Status.MISSING)]
    hidden = there.count(Status.SUPPRESSED)
    if not hidden:
        return ""
    place = f"{seen.area(Kind.QUARTIER, area_id).title}, {seen.plural(Kind.BLOCK)}"
    known = counts_of(seen.config, item) if item else set(items)
    what = "" if item else "Anzahlen "
    return f"{place}: {hidden} von {len(there)} {what}geheim: {why_hidden(seen, known)}."


def _place(item: Item, strongest: Sequence[str]) -> int:
    return strongest.index(item.id) if item.id in strongest else len(strongest)


def _blocks_texts(seen: Seen, item: Item, blocks: Sequence[Area]) -> tuple[str, str]:
    values = {b.title: v for b in blocks if (v := seen.value(b, item.id)) is not None}
    first = sorted(values, key=lambda title: (-values[title], title))[:_MOST]
    hidden = _hidden(seen, item.id, blocks)
    if not (values or hidden):
        return f"keine Zahlen für {seen.plural(Kind.BLOCK)}", ""
    told = enumeration([f"{title} ({item.value_text(values[title])})" for title in first])
    return told or "–", f"{hidden} von {len(blocks)}"


def _hidden(seen: Seen, item: str, blocks: Sequence[Area]) -> int:
    return sum(seen.cell(block, item).status is Status.SUPPRESSED for block in blocks)
