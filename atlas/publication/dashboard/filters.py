"""What opens at „Filter und Spalten“: conditions on rows, columns to choose.

It is drawn only while it is open, so that no other click has to wait for it.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from atlas.classify import CHANGE
from atlas.errors import AtlasError
from atlas.publication.dashboard import address, prose
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.numbers import number_of
from atlas.publication.seen import Seen
from atlas.publication.views.chosen_table import columns_of, offered_table, usual_columns
from atlas.publication.views.items import Item
from atlas.publication.views.selection import (
    LEAST,
    WAYS,
    Bound,
    Condition,
    Inside,
    LevelFrom,
    Span,
    bounded_items,
    holding_kind,
    leveled_groups,
    read,
    written,
)
from atlas.terms import UNIT_LABELS
from atlas.words import number_text

# Between the columns that stand in the address.
BETWEEN = "~"
BESIDE = "beide"
_LEVEL, _PLACE, _FAULT = "filter-level-", "filter-place", "_filter_fault"
_COLUMNS, _GROUPS = "filter-columns", "filter-groups"
_PLAIN, _CHANGED = "filter-figure", "filter-change"
_ANY = ""


def offer(context: Context, seen: Seen, key: str) -> None:
    """Draw the button that opens the filters, and the filters while they are open."""
    with st.popover("Filter und Spalten", key=key, on_change="rerun") as opened:
        if not opened.open:
            return
        previous = context.previous_without_blocks(seen.group)
        span = Span(seen, previous, context.final_before(seen))
        conditions, _ = read(span, address.kept(address.SELECTION_KEY))
        with st.container(horizontal=True):
            _draw_levels(span, conditions)
            _draw_place(span, conditions)
        _draw_bounds(span, conditions)
        if fault := st.session_state.pop(_FAULT, ""):
            st.warning(prose.plain(fault))
        _draw_columns(span)
        st.button("Filter löschen", on_click=_clear)


def _draw_levels(span: Span, conditions: Sequence[Condition]) -> None:
    seen = span.seen
    steps = sorted(seen.config.levels.labels)[1:]
    names = {0: "jede", **{n: f"{n}{'' if n == steps[-1] else ' oder höher'}" for n in steps}}
    asked = {one.group: one.least for one in conditions if isinstance(one, LevelFrom)}
    for group in leveled_groups(seen):
        key = f"{_LEVEL}{group}"
        st.session_state[key] = asked.get(group, 0)
        st.selectbox(
            f"Stufe ({seen.through(group).group_short})",
            tuple(names),
            format_func=names.__getitem__,
            key=key,
            on_change=partial(_keep, span),
        )


def _draw_place(span: Span, conditions: Sequence[Condition]) -> None:
    kind = holding_kind(span.seen)
    if kind is None:
        return
    titles = {_ANY: "alle", **{one.id: one.title for one in span.seen.areas(kind)}}
    asked = (one.area_id for one in conditions if isinstance(one, Inside))
    st.session_state[_PLACE] = next(asked, _ANY)
    st.selectbox(
        span.seen.singular(kind),
        tuple(titles),
        format_func=titles.__getitem__,
        key=_PLACE,
        on_change=partial(_keep, span),
    )


def _draw_bounds(span: Span, conditions: Sequence[Condition]) -> None:
    items = bounded_items(span)
    plain = {name: item for name, item in items.items() if not name.endswith(CHANGE)}
    changed = {name: item for name, item in items.items() if name not in plain}
    bounds = [one for one in conditions if isinstance(one, Bound)]
    _draw_bound(
        span,
        (_PLAIN, "Indikator", "des Indikators"),
        plain,
        [b for b in bounds if b.item in plain],
    )
    if span.previous is not None:
        named = (_CHANGED, f"Veränderung seit {span.previous.day}", "der Veränderung")
        _draw_bound(span, named, changed, [b for b in bounds if b.item in changed])


def _draw_bound(
    span: Span, named: tuple[str, str, str], items: Mapping[str, Item], bounds: Sequence[Bound]
) -> None:
    """Draw one condition on a figure; half of one stays until its number is typed."""
    key, label, of = named
    if bounds:
        shown = bounds[0]
        st.session_state[key] = shown.item
        st.session_state[f"{key}-way"] = shown.way
        st.session_state[f"{key}-value"] = _number(shown.value)
    labels = {_ANY: "–", **{name: _short(item) for name, item in items.items()}}
    keep = partial(_keep, span)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            label, tuple(labels), format_func=labels.__getitem__, key=key, on_change=keep
        )
        st.selectbox(
            f"Grenze {of}",
            tuple(WAYS),
            format_func=WAYS.__getitem__,
            key=f"{key}-way",
            on_change=keep,
            width=140,
        )
        st.text_input(f"Wert {of}", key=f"{key}-value", on_change=keep, width=110)


def _short(item: Item) -> str:
    label = item.label.removesuffix(" (Veränderung)")
    return f"{label}, {UNIT_LABELS[item.unit]}" if UNIT_LABELS[item.unit] else label


def _number(value: float) -> str:
    digits = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return number_text(value, digits).replace(".", "")


def _draw_columns(span: Span) -> None:
    is_beside = address.kept(address.BESIDE_KEY) == BESIDE
    if len(span.seen.groups) > 1:
        st.session_state[_GROUPS] = is_beside
        st.checkbox("Alle Bezugsgruppen in einer Zeile", key=_GROUPS, on_change=_keep_groups)
    offered = offered_table(span, is_beside=is_beside)
    labels, usual = columns_of(offered), usual_columns(offered)
    asked = address.kept(address.COLUMNS_KEY).split(BETWEEN)
    st.session_state[_COLUMNS] = [one for one in labels if one in asked] or list(usual)
    st.multiselect(
        "Spalten",
        tuple(labels),
        format_func=labels.__getitem__,
        key=_COLUMNS,
        on_change=partial(_keep_columns, usual),
        placeholder="wie üblich",
        select_all=False,
    )


def _keep(span: Span) -> None:
    """Write all conditions that are complete into the address."""
    state = st.session_state
    conditions: list[Condition] = [
        LevelFrom(group, least)
        for group in leveled_groups(span.seen)
        if (least := int(state.get(f"{_LEVEL}{group}", 0)))
    ]
    kind, place = holding_kind(span.seen), state.get(_PLACE, _ANY)
    conditions += [Inside(kind, place)] if kind and place else []
    conditions += [bound for key in (_PLAIN, _CHANGED) if (bound := _bound(key))]
    address.remember(address.SELECTION_KEY, written(conditions))


def _bound(key: str) -> Bound | None:
    item, text = st.session_state.get(key), st.session_state.get(f"{key}-value", "")
    if not item or not text.strip():
        return None
    try:
        value = number_of("Wert", text)
    except AtlasError as error:
        st.session_state[_FAULT] = str(error)
        return None
    return Bound(item, st.session_state.get(f"{key}-way", LEAST), value)


def _keep_columns(usual: Sequence[str]) -> None:
    wanted = st.session_state[_COLUMNS]
    is_usual = set(wanted) == set(usual)
    address.remember(address.COLUMNS_KEY, "" if is_usual else BETWEEN.join(wanted))


def _keep_groups() -> None:
    address.remember(address.BESIDE_KEY, BESIDE if st.session_state[_GROUPS] else "")
    address.remember(address.COLUMNS_KEY, "")


def _clear() -> None:
    for key in (address.SELECTION_KEY, address.COLUMNS_KEY, address.BESIDE_KEY):
        address.remember(key, "")
    for key in (_PLAIN, _CHANGED):
        st.session_state[key] = _ANY
        st.session_state[f"{key}-value"] = ""
