"""The address that carries the choices: one state for all pages.

A choice outlives the page that offers it, and a view opened from its address is the same view.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

import streamlit as st

from atlas.publication.dashboard.frame import DATE_KEY

CITY_KEY = "stadt"
THEME_KEY = "thema"
GROUP_KEY = "gruppe"
KIND_KEY = "ebene"
QUARTIER_KEY = "quartier"
AREA_KEY = "gebiet"
COMPARED_KEY = "vergleich"
OWN_KEY = "eigene"
BEFORE_KEY = "vorher"
AFTER_KEY = "nachher"
SERIES_KEY = "reihe"
FIGURE_KEY = "kennzahl"
CLASSES_KEY = "klassen"
BREAKS_KEY = "grenzen"
MAPS_KEY = "daneben"
SELECTION_KEY = "auswahl"
SORT_KEY = "sortierung"
COLUMNS_KEY = "spalten"
BESIDE_KEY = "gruppen"
PIN_KEY = "stand"
POSTS_KEY = "stellen"
STEP_KEY = "einheit"
FLOOR_KEY = "sockel"
BASIS_KEY = "massstab"
ROUNDING_KEY = "rundung"
LEAST_KEY = "mindeststufe"
LEAST_INDEX_KEY = "mindestindex"
RECEIVERS_KEY = "empfaenger"
PLAN_KEY = "verteilung"
LAYERS_KEY = "zeigen"
PLACE_KEY = "ort"
ADDRESS_KEYS = (
    CITY_KEY,
    THEME_KEY,
    GROUP_KEY,
    DATE_KEY,
    KIND_KEY,
    QUARTIER_KEY,
    AREA_KEY,
    COMPARED_KEY,
    OWN_KEY,
    BEFORE_KEY,
    AFTER_KEY,
    SERIES_KEY,
    FIGURE_KEY,
    CLASSES_KEY,
    BREAKS_KEY,
    MAPS_KEY,
    SELECTION_KEY,
    SORT_KEY,
    COLUMNS_KEY,
    BESIDE_KEY,
    PIN_KEY,
    POSTS_KEY,
    STEP_KEY,
    FLOOR_KEY,
    BASIS_KEY,
    ROUNDING_KEY,
    LEAST_KEY,
    LEAST_INDEX_KEY,
    RECEIVERS_KEY,
    PLAN_KEY,
    LAYERS_KEY,
    PLACE_KEY,
)

PROFILE_PATH = "quartier"
# What a row of a table means: its city, group and date, but not what else is chosen.
_ROW_KEYS = (CITY_KEY, GROUP_KEY, DATE_KEY)

_PAGES = "_pages"
_KEPT = "_kept_choices"
_WRITTEN = "_written_address"
_HAS_REMEMBERED = "_has_remembered"
_IS_OPENED = "_is_opened"


def read_address() -> None:
    """Take over what the address says, and what other pages chose; call before any select."""
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    address = {key: value for key, value in st.query_params.items() if key in ADDRESS_KEYS}
    st.session_state[_IS_OPENED] = _is_from_outside(address, kept)
    if is_opened():
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


def is_opened() -> bool:
    """Whether this run shows what a link asked for, not what the reader chose here."""
    return bool(st.session_state.get(_IS_OPENED))


def write_address() -> None:
    """Bring the address up to date."""
    address = as_query()
    st.session_state[_WRITTEN] = address
    if address and dict(st.query_params.items()) != address:
        st.query_params.from_dict(address)


def set_pages(pages: Mapping[str, st.Page]) -> None:
    """Tell ``link`` which pages there are."""
    st.session_state[_PAGES] = pages


def as_query() -> dict[str, str]:
    """All choices as an address carries them."""
    kept: dict[str, str] = st.session_state[_KEPT]
    return {key: kept[key] for key in ADDRESS_KEYS if kept.get(key)}


def link(name: str, label: str, more: Mapping[str, str] | None = None) -> None:
    """Link to another page, e.g. ``profile``; the choices go along, ``more`` in their place."""
    pages: Mapping[str, st.Page] = st.session_state.get(_PAGES, {})
    if name in pages:
        kept: dict[str, str] = st.session_state[_KEPT]
        chosen = {**kept, **(more or {})}
        address = {key: chosen[key] for key in ADDRESS_KEYS if chosen.get(key)}
        st.page_link(pages[name], label=label, query_params=address)


def open_page(name: str) -> None:
    """Go to another page, e.g. ``profile``; what follows in this run is left out."""
    pages: Mapping[str, st.Page] = st.session_state.get(_PAGES, {})
    if name in pages:
        st.switch_page(pages[name])


def area_query() -> str:
    """Begin the query of a link to one area, seen as the areas of a table are seen."""
    kept: Mapping[str, str] = st.session_state.get(_KEPT, {})
    return "".join(f"{key}={quote(kept[key])}&" for key in _ROW_KEYS if kept.get(key))


def remember(key: str, value: str) -> None:
    """Keep a choice for all pages and for the address; callbacks may call it too."""
    correct(key, value)
    st.session_state[_HAS_REMEMBERED] = True


def correct(key: str, value: str) -> None:
    """Put what can be shown in the place of what was asked for; no select may own the key."""
    st.session_state[_KEPT][key] = value
    st.session_state[key] = value or None


def keep(key: str, value: str) -> None:
    """Keep what a select shows now, for the address and for other pages."""
    st.session_state[_KEPT][key] = value


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


def choices() -> Mapping[str, str]:
    """All choices as they stand now, by their names in the address."""
    found: dict[str, str] = st.session_state[_KEPT]
    return found


def remember_quartier(area_id: str) -> None:
    """Keep a Quartier that was clicked."""
    remember(QUARTIER_KEY, area_id)


def forget(key: str) -> None:
    """Drop a choice that this city does not offer."""
    correct(key, "")
