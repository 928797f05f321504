"""The shared selects: Thema, Bezugsgruppe, Stichtag, Ebene, Quartier, and how tables are read.

What is chosen is kept for all pages and stands in the address.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import streamlit as st

from atlas.publication.dashboard import address, replaced
from atlas.publication.dashboard.design import TURNED, Heads
from atlas.publication.dashboard.frame import DATE_KEY, Context, is_city_fixed
from atlas.publication.seen import Seen
from atlas.publication.views.changes import release_title
from atlas.publication.views.items import DYNAMIC, is_sub_index, themes
from atlas.publication.views.map import map_kinds
from atlas.publication.views.table import Field, Table
from atlas.release import ReleaseRef
from atlas.terms import STATE_LABELS, Group, Kind, State
from atlas.words import day_text

MOST_COMPARED = 5
_Key = TypeVar("_Key", bound=str)
_Choose = Callable[[str, str, Sequence[str], Callable[[str], str], str], str]
_AXIS, _LEAST_DATES = "time-axis", 3
# Letters of a row of buttons, and what the edges of a button take of them.
_MOST_IN_A_ROW, _BUTTON_EDGES = 150, 4


def hold_city(context: Context) -> None:
    """Keep the city that is shown, where readers can choose it; an unknown one is told."""
    asked = address.kept(address.CITY_KEY)
    if asked and asked != context.city:
        replaced.note("Stadt", asked.capitalize(), context.city.capitalize())
    if len(context.cities) > 1 and not is_city_fixed():
        address.keep(address.CITY_KEY, context.city)
        st.session_state[address.CITY_KEY] = context.city
    else:
        address.forget(address.CITY_KEY)


def choose_city(context: Context) -> str:
    """Select „Stadt“, where the house shows more than one."""
    return _select("Stadt", address.CITY_KEY, context.cities, str.capitalize, context.city)


def choose_theme(seen: Seen) -> str:
    """Buttons „Thema“, or a select where they are too many for one row."""
    offered = {theme.id: theme.label for theme in themes(seen)}
    row = sum(len(label) + _BUTTON_EDGES for label in offered.values())
    return _choose_theme(seen, offered, _press if row <= _MOST_IN_A_ROW else _select)


def choose_change_theme(seen: Seen) -> str:
    """Select „Thema“ among what can be compared with itself: no dynamics, no sub-index."""
    offered = {
        theme.id: theme.label
        for theme in themes(seen)
        if theme.id != DYNAMIC and not is_sub_index(theme.id)
    }
    return _choose_theme(seen, offered, _select)


def _choose_theme(seen: Seen, offered: Mapping[str, str], choose: _Choose) -> str:
    every = {one.id: one.label for group in seen.groups for one in themes(seen.through(group))}

    def label(option: str) -> str:
        return every.get(option, option)

    return choose("Thema", address.THEME_KEY, tuple(offered), label, next(iter(offered)))


def choose_group(context: Context) -> Seen:
    """Select „Bezugsgruppe“, through which the release is seen."""
    options = tuple(str(group) for group in context.seen.groups)

    def label(option: str) -> str:
        known = Group(option) in context.seen.config.indicators.groups
        return context.seen.through(Group(option)).group_label if known else option

    chosen = _select("Bezugsgruppe", address.GROUP_KEY, options, label, options[0])
    return context.seen.through(Group(chosen))


def choose_date(context: Context) -> str:
    """Select „Stichtag“; call it before ``context.seen`` is read."""
    labels = {ref.reference_date.isoformat(): _date_label(context, ref) for ref in context.refs}
    first = context.first_ref.reference_date.isoformat()

    def label(option: str) -> str:
        return labels.get(option) or _day_label(option)

    return _select("Stichtag", DATE_KEY, tuple(labels), label, first)


def offer_time_axis(context: Context) -> None:
    """Slider „Zeitachse“ over the dates, where there are more than two; call after the date."""
    labels = {ref.reference_date.isoformat(): _date_label(context, ref) for ref in context.refs}
    if len(labels) < _LEAST_DATES:
        return
    # Set anew on every run: the select beside it is bound to the same date.
    st.session_state[_AXIS] = context.ref.reference_date.isoformat()
    st.select_slider(
        "Zeitachse",
        sorted(labels),
        format_func=labels.__getitem__,
        key=_AXIS,
        on_change=_take_date,
        label_visibility="collapsed",
        width=300,
    )


def _take_date() -> None:
    address.remember(DATE_KEY, str(st.session_state[_AXIS]))


def choose_group_and_date(context: Context) -> Seen:
    """Draw both side by side at the head of a page that asks for nothing else."""
    with st.container(key="choices"):
        group_side, date_side, _ = st.columns([1.7, 1.6, 4], gap="small")
        with date_side:
            choose_date(context)
        with group_side:
            return choose_group(context)


def choose_kind(context: Context) -> Kind:
    """Select „Ebene“."""
    kinds = map_kinds(context.seen)
    labels = {str(kind): context.seen.plural(kind) for kind in kinds}
    return Kind(
        _select("Ebene", address.KIND_KEY, tuple(labels), _known(labels), str(Kind.QUARTIER))
    )


def choose_release(
    context: Context, key: str, refs: Sequence[ReleaseRef], first: ReleaseRef
) -> ReleaseRef:
    """Select one of two releases to compare, by the name that readers see.

    While the reader has not chosen, ``first`` is shown and the address names none: it follows
    the reference date.
    """
    by_name = {ref.name: ref for ref in refs}
    titles = {name: release_title(context.info(ref)) for name, ref in by_name.items()}
    widget_key = f"{key}-release"
    wanted = address.kept(key)
    if wanted and wanted not in titles:
        replaced.note(f"Stand {key}", wanted, titles[first.name])
    st.session_state[widget_key] = wanted if wanted in titles else first.name

    def keep() -> None:
        address.remember(key, str(st.session_state[widget_key]))

    chosen: str = st.selectbox(
        f"Stand {key}",
        tuple(titles),
        format_func=titles.__getitem__,
        key=widget_key,
        on_change=keep,
    )
    return by_name[chosen]


def choose_series(labels: Mapping[str, str]) -> str:
    """Select „Reihe“ by the label of each id."""
    return _select(
        "Reihe", address.SERIES_KEY, tuple(labels), _known(labels), next(iter(labels))
    )


def choose_figure(labels: Mapping[str, str]) -> str:
    """Select „Kennzahl“ of a series by the label of each id."""
    return _select(
        "Kennzahl", address.FIGURE_KEY, tuple(labels), _known(labels), next(iter(labels))
    )


def choose_order(
    table: Table, key: str, offered: Sequence[Field] | None = None
) -> tuple[tuple[int, ...], Heads]:
    """Select „Sortieren nach“: give the order of the rows, and the heads that change it.

    All tables share the choice; one that has no such field begins with its first.
    """
    labels = {one.id: one.label for one in offered or table.on_page().fields}
    asked = address.kept(address.SORT_KEY)
    by = choose_kept("Sortieren nach", address.SORT_KEY, labels, key, 260)
    is_turned = asked == f"{TURNED}{by}"
    order = table.turned_order(by) if is_turned else table.order(by)
    return order, Heads(frozenset(labels), by, is_turned)


def choose_kept(
    label: str, address_key: str, labels: Mapping[_Key, str], key: str, width: int
) -> _Key:
    """Select something that stands in the address once it is chosen; first the first."""
    wanted, first = address.kept(address_key).removeprefix(TURNED), next(iter(labels))
    if wanted and wanted not in labels:
        replaced.note_in_link(label, wanted, labels[first])
    st.session_state[key] = next((one for one in labels if one == wanted), first)

    def keep() -> None:
        address.remember(address_key, str(st.session_state[key]))

    chosen: _Key = st.selectbox(
        label,
        tuple(labels),
        format_func=labels.__getitem__,
        key=key,
        on_change=keep,
        width=width,
    )
    return chosen


def choose_quartier(context: Context) -> str:
    """Select „Quartier“, searched by name or number; empty if none is chosen."""
    titles = {area.id: area.title for area in context.seen.areas(Kind.QUARTIER)}
    name = context.seen.singular(Kind.QUARTIER)
    asked = st.session_state.get(address.QUARTIER_KEY)
    if asked not in titles:
        st.session_state[address.QUARTIER_KEY] = None
        if asked:
            replaced.note(name, str(asked), "")
    chosen = st.selectbox(
        name,
        tuple(titles),
        index=None,
        format_func=titles.__getitem__,
        key=address.QUARTIER_KEY,
        placeholder="Name oder Nummer",
        filter_mode="contains",
    )
    address.keep(address.QUARTIER_KEY, chosen or "")
    return chosen or ""


def _day_label(option: str) -> str:
    """Write a date of an address as people do; what is none stays as it is."""
    try:
        return day_text(date.fromisoformat(option))
    except ValueError:
        return option


def _date_label(context: Context, ref: ReleaseRef) -> str:
    day = day_text(ref.reference_date)
    state = context.info(ref).state
    return day if state is State.FINAL else f"{day} · {STATE_LABELS[state]}"


def _known(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda option: labels.get(option, option)


def _select(
    label: str, key: str, options: Sequence[str], name: Callable[[str], str], first: str
) -> str:
    _settle(label, key, options, name, first)
    chosen: str = st.selectbox(label, options, format_func=name, key=key)
    address.keep(key, chosen)
    return chosen


def _press(
    label: str, key: str, options: Sequence[str], name: Callable[[str], str], first: str
) -> str:
    """Draw one button per option; the label is read aloud alone, the buttons speak for it."""
    _settle(label, key, options, name, first)
    chosen = st.segmented_control(
        label,
        options,
        format_func=name,
        key=key,
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    address.keep(key, str(chosen))
    return str(chosen)


def _settle(
    label: str, key: str, options: Sequence[str], name: Callable[[str], str], first: str
) -> None:
    """Put what is offered in the place of what is not, and say so."""
    asked = st.session_state.get(key)
    if asked not in options:
        shown = first if first in options else options[0]
        st.session_state[key] = shown
        if asked:
            replaced.note(label, name(str(asked)), name(shown))
