"""The shared choices and the address that carries them.

One state for all pages: Thema, Bezugsgruppe, Stichtag, Ebene, Quartier. A choice outlives the
page that offers it, and a view opened from its address is the same view.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

import streamlit as st

from atlas.publication.dashboard.frame import DATE_KEY, Context, is_city_fixed
from atlas.publication.seen import Seen
from atlas.publication.views.changes import release_title
from atlas.publication.views.items import DYNAMIC, themes
from atlas.publication.views.map import map_kinds
from atlas.publication.views.selection import EVERY, Selection, selections
from atlas.publication.views.table import Field, Table
from atlas.release import ReleaseRef
from atlas.terms import STATE_LABELS, Group, Kind, State
from atlas.words import day_text

CITY_KEY = "stadt"
THEME_KEY = "thema"
GROUP_KEY = "gruppe"
KIND_KEY = "ebene"
QUARTIER_KEY = "quartier"
AREA_KEY = "gebiet"
COMPARED_KEY = "vergleich"
MOST_COMPARED = 5
BEFORE_KEY = "vorher"
AFTER_KEY = "nachher"
SERIES_KEY = "reihe"
FIGURE_KEY = "kennzahl"
SELECTION_KEY = "auswahl"
ADDRESS_KEYS = (
    CITY_KEY,
    THEME_KEY,
    GROUP_KEY,
    DATE_KEY,
    KIND_KEY,
    QUARTIER_KEY,
    AREA_KEY,
    COMPARED_KEY,
    BEFORE_KEY,
    AFTER_KEY,
    SERIES_KEY,
    FIGURE_KEY,
    SELECTION_KEY,
)

_PAGES = "_pages"
_KEPT = "_kept_choices"
_WRITTEN = "_written_address"
_HAS_REMEMBERED = "_has_remembered"


def read_address() -> None:
    """Take over what the address says, and what other pages chose; call before any select."""
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    address = {key: value for key, value in st.query_params.items() if key in ADDRESS_KEYS}
    if _is_from_outside(address, kept):
        for key in ADDRESS_KEYS:
            st.session_state[key] = address.get(key)
    for key in ADDRESS_KEYS:
        if key in st.session_state:
            kept[key] = st.session_state[key] or ""
        # Set anew on every run: a select of another page would start empty under the same key.
        st.session_state[key] = kept.get(key) or None
    # Before the page, so that no click on it can bring an address that is already outdated.
    write_address()


def _is_from_outside(address: dict[str, str], kept: dict[str, str]) -> bool:
    """Whether somebody opened this address, or went back to it, rather than chose something."""
    has_chosen = st.session_state.pop(_HAS_REMEMBERED, False) or any(
        (st.session_state[key] or "") != kept.get(key, "")
        for key in ADDRESS_KEYS
        if key in st.session_state
    )
    return bool(address) and address != st.session_state.get(_WRITTEN) and not has_chosen


def write_address() -> None:
    """Bring the address up to date."""
    kept: dict[str, str] = st.session_state[_KEPT]
    address = {key: kept[key] for key in ADDRESS_KEYS if kept.get(key)}
    st.session_state[_WRITTEN] = address
    if address and dict(st.query_params.items()) != address:
        st.query_params.from_dict(address)


def set_pages(pages: Mapping[str, st.Page]) -> None:
    """Tell ``link`` which pages there are."""
    st.session_state[_PAGES] = pages


def link(name: str, label: str, more: Mapping[str, str] | None = None) -> None:
    """Link to another page, e.g. ``profile``; the choices go along, ``more`` in their place."""
    pages: Mapping[str, st.Page] = st.session_state.get(_PAGES, {})
    if name in pages:
        kept: dict[str, str] = st.session_state[_KEPT]
        chosen = {**kept, **(more or {})}
        address = {key: chosen[key] for key in ADDRESS_KEYS if chosen.get(key)}
        st.page_link(pages[name], label=label, query_params=address)


def remember(key: str, value: str) -> None:
    """Keep a choice for all pages and for the address; callbacks may call it too."""
    st.session_state[_KEPT][key] = value
    st.session_state[key] = value or None
    st.session_state[_HAS_REMEMBERED] = True


def join_keys(keys: Iterable[str]) -> str:
    """Write area keys into one value of the address; a comma in a key separates nothing."""
    return ",".join(key.replace("%", "%25").replace(",", "%2C") for key in keys)


def split_keys(text: str) -> list[str]:
    """Read the area keys that ``join_keys`` wrote, each once."""
    return list(dict.fromkeys(unquote(part) for part in text.split(",")))


def kept(key: str) -> str:
    """Give a choice kept by ``remember`` or taken from the address; empty without one."""
    choices: dict[str, str] = st.session_state[_KEPT]
    return choices.get(key, "")


def remember_quartier(area_id: str) -> None:
    """Keep a Quartier that was clicked."""
    remember(QUARTIER_KEY, area_id)


def forget(key: str) -> None:
    """Drop a choice that this city does not offer."""
    st.session_state[_KEPT][key] = ""
    st.session_state[key] = None


def hold_city(context: Context) -> None:
    """Keep the city that is shown, where readers can choose it; an unknown one is forgotten."""
    if len(context.cities) > 1 and not is_city_fixed():
        st.session_state[_KEPT][CITY_KEY] = st.session_state[CITY_KEY] = context.city
    else:
        forget(CITY_KEY)


def choose_city(context: Context) -> str:
    """Select „Stadt“, where the house shows more than one."""
    return _select("Stadt", CITY_KEY, context.cities, str.capitalize, context.city)


def choose_theme(seen: Seen) -> str:
    """Select „Thema“."""
    labels = {theme.id: theme.label for theme in themes(seen)}
    return _select("Thema", THEME_KEY, tuple(labels), labels.__getitem__, next(iter(labels)))


def choose_change_theme(seen: Seen) -> str:
    """Select „Thema“ among what can be compared with itself: classes of dynamics cannot."""
    labels = {theme.id: theme.label for theme in themes(seen) if theme.id != DYNAMIC}
    return _select("Thema", THEME_KEY, tuple(labels), labels.__getitem__, next(iter(labels)))


def choose_group(context: Context) -> Seen:
    """Select „Bezugsgruppe“, through which the release is seen."""
    options = tuple(str(group) for group in context.seen.groups)

    def label(option: str) -> str:
        return context.seen.through(Group(option)).group_label

    chosen = _select("Bezugsgruppe", GROUP_KEY, options, label, options[0])
    return context.seen.through(Group(chosen))


def choose_date(context: Context) -> str:
    """Select „Stichtag“; call it before ``context.seen`` is read."""
    labels = {ref.reference_date.isoformat(): _date_label(context, ref) for ref in context.refs}
    first = context.first_ref.reference_date.isoformat()
    return _select("Stichtag", DATE_KEY, tuple(labels), labels.__getitem__, first)


def choose_kind(context: Context) -> Kind:
    """Select „Ebene“."""
    kinds = map_kinds(context.seen)
    labels = {str(kind): context.seen.plural(kind) for kind in kinds}
    return Kind(
        _select("Ebene", KIND_KEY, tuple(labels), labels.__getitem__, str(Kind.QUARTIER))
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
    wanted = kept(key)
    st.session_state[widget_key] = wanted if wanted in titles else first.name

    def keep() -> None:
        remember(key, str(st.session_state[widget_key]))

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
    return _select("Reihe", SERIES_KEY, tuple(labels), labels.__getitem__, next(iter(labels)))


def choose_figure(labels: Mapping[str, str]) -> str:
    """Select „Kennzahl“ of a series by the label of each id."""
    return _select(
        "Kennzahl", FIGURE_KEY, tuple(labels), labels.__getitem__, next(iter(labels))
    )


def choose_order(
    table: Table, key: str, offered: Sequence[Field] | None = None
) -> tuple[int, ...]:
    """Select „Sortieren nach“: give the order of the rows by the chosen of its fields."""
    labels = {one.id: one.label for one in offered or table.on_page().fields}
    chosen: str = st.selectbox(
        "Sortieren nach", tuple(labels), format_func=labels.__getitem__, key=key, width=260
    )
    return table.order(chosen)


def choose_rows(seen: Seen, table: Table, key: str) -> tuple[tuple[int, ...], str]:
    """Select which Quartiere a table shows and in which order; say it where some are left out.

    Parameters
    ----------
    table
        One row per Quartier, its key first.
    """
    with st.container(horizontal=True):
        chosen = _choose_selection(seen)
        order = choose_order(table, key)
    shown = tuple(row for row in order if table.rows[row][0] in chosen.area_ids)
    told = f"Auswahl: {chosen.label}. {len(shown)} von {len(order)}." if chosen.id else ""
    return shown, told


def _choose_selection(seen: Seen) -> Selection:
    """Select „Auswahl“: which Quartiere a table shows; the address names none for all."""
    found = {one.id: one for one in selections(seen)}
    if st.session_state.get(SELECTION_KEY) not in found:
        st.session_state[SELECTION_KEY] = EVERY
    chosen: str = st.selectbox(
        "Auswahl",
        tuple(found),
        format_func=lambda one: found[one].label,
        key=SELECTION_KEY,
        width=260,
    )
    st.session_state[_KEPT][SELECTION_KEY] = chosen
    return found[chosen]


def choose_quartier(context: Context) -> str:
    """Select „Quartier“, searched by name or number; empty if none is chosen."""
    titles = {area.id: area.title for area in context.seen.areas(Kind.QUARTIER)}
    if st.session_state.get(QUARTIER_KEY) not in titles:
        st.session_state[QUARTIER_KEY] = None
    chosen = st.selectbox(
        "Quartier",
        tuple(titles),
        index=None,
        format_func=titles.__getitem__,
        key=QUARTIER_KEY,
        placeholder="Name oder Nummer",
        filter_mode="contains",
    )
    st.session_state[_KEPT][QUARTIER_KEY] = chosen or ""
    return chosen or ""


def _date_label(context: Context, ref: ReleaseRef) -> str:
    day = day_text(ref.reference_date)
    state = context.info(ref).state
    return day if state is State.FINAL else f"{day} · {STATE_LABELS[state]}"


def _select(
    label: str, key: str, options: Sequence[str], name: Callable[[str], str], first: str
) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = first if first in options else options[0]
    chosen: str = st.selectbox(label, options, format_func=name, key=key)
    st.session_state[_KEPT][key] = chosen
    return chosen
