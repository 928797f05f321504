"""One run of the app: head, navigation, the chosen page, foot."""

from collections.abc import Callable
from html import escape
from importlib import import_module
from pathlib import Path

import streamlit as st

from atlas.errors import ReleaseError
from atlas.publication.dashboard import (
    address,
    asking,
    downloads,
    pinned,
    prose,
    replaced,
    search,
    selects,
    signing,
    welcome,
)
from atlas.publication.dashboard.frame import (
    Context,
    find_context,
    find_withdrawn,
    is_city_fixed,
)
from atlas.publication.dashboard.pages import PAGES
from atlas.publication.views.notes import (
    credit_lines,
    missing_clause,
    provisional_text,
    release_notes,
)
from atlas.terms import STATE_LABELS, Kind, State
from atlas.words import day_text

_ICON = Path(__file__).parent / "assets" / "icon.svg"
_LOOK_AGAIN = "60s"
_PROFILE, _PROFILE_PATH = "profile", "quartier"
_PAGES = "atlas.publication.dashboard.pages"
_NOTHING_YET = (
    "Noch ist kein Stand veröffentlicht. Sobald die Statistikstelle den ersten Stichtag "
    "veröffentlicht hat (atlas run), erscheint hier die Karte."
)

_CLOSED = (
    "Veröffentlichung {name}: für das Dashboard nicht lesbar und darum nicht gezeigt. Der "
    "Betrieb muss die Rechte des Ordners unter releases/ prüfen."
)


def main() -> None:
    """Draw one run of the app."""
    st.set_page_config(page_title="Sozialatlas", page_icon=str(_ICON), layout="wide")
    welcome.begin()
    address.read_address()
    pinned.follow()
    context = find_context()
    pages = {
        name: st.Page(
            _bound(name, context),
            title=_title(context, name, title),
            url_path=path,
            default=not path,
        )
        for title, path, name in PAGES
        if context is None or context.sight.opens(path)
    }
    page = st.navigation(list(pages.values()), position="top" if context else "hidden")
    if context is None:
        page.run()
        return
    address.set_pages(pages)
    asking.listen()
    replaced.begin()
    selects.hold_city(context)
    if signing.is_outside(context):
        return
    if not _is_readable(context):
        return
    search.follow_search(context, pages, page.url_path)
    st.set_page_config(page_title=_document_title(context, page.title, page.url_path))
    _show_head(context)
    told = st.container(key="replaced")
    pinned.show(context, told)
    for text in context.withdrawn_texts():
        st.warning(prose.plain(text))
    for name in context.closed:
        st.warning(prose.plain(_CLOSED.format(name=name)))
    _offer_news(context)
    page.run()
    replaced.show(told, address.choices())
    if page.url_path:
        _offer_quartiere(context)
    _show_foot(context)
    address.write_address()


def _title(context: Context | None, name: str, title: str) -> str:
    """Name a page; that of one Quartier as the city calls such an area."""
    if context is None or name != _PROFILE:
        return title
    return context.info(context.ref).config.areas.kinds[Kind.QUARTIER].label


def _document_title(context: Context, title: str, path: str) -> str:
    """Title of the window: tabs with several Quartiere can be told apart."""
    parts = [title, context.seen.config.city.title]
    if path == _PROFILE_PATH:
        area = context.seen.find(Kind.QUARTIER, address.kept(address.QUARTIER_KEY))
        parts = parts if area is None else [area.title, *parts]
    return " – ".join(parts)


def _is_readable(context: Context) -> bool:
    """Whether the shown release can be opened; else say so and let another date be chosen."""
    try:
        context.see(context.ref)
    except ReleaseError as error:
        st.error(prose.plain(str(error)))
        if len(context.refs) > 1:
            selects.choose_date(context)
        address.write_address()
        return False
    return True


def _bound(name: str, context: Context | None) -> Callable[[], None]:
    def run() -> None:
        if context is None:
            st.title("Sozialatlas")
            gone = find_withdrawn()
            for text in gone:
                st.warning(prose.plain(text))
            if not gone:
                st.info(_NOTHING_YET)
        else:
            import_module(f"{_PAGES}.{name}").page(context)

    run.__name__ = name
    return run


@st.fragment(run_every=_LOOK_AGAIN)
def _offer_news(context: Context) -> None:
    """Offer what was published since the page was drawn."""
    if context.newest() != context.refs and st.button(
        "Neuer Stand verfügbar – laden", type="primary"
    ):
        st.rerun()


def _show_head(context: Context) -> None:
    """Title, search and, where there are several, the city."""
    has_choice = len(context.cities) > 1 and not is_city_fixed()
    signing.show()
    with st.container(key="page-head"):
        widths = [6.0, 2.2, 1.2] if has_choice else [6.0, 2.2]
        title_side, *sides = st.columns(widths, vertical_alignment="center")
        with title_side:
            _show_title(context)
        with sides[0]:
            search.offer_search(context)
        if has_choice:
            with sides[1]:
                selects.choose_city(context)
    search.show_found()


def _show_title(context: Context) -> None:
    notes = release_notes(context.seen)
    badges = "".join(f'<span class="badge">{escape(text)}</span>' for text in notes.badges)
    st.html(
        f'<div class="head"><h1>{escape(notes.title)}</h1>'
        f"<p>Stand {escape(notes.day)} · {escape(notes.state)}</p>"
        f"{_later_html(context)}"
        f'<div class="badges">{badges}</div>{_copy_html(context)}</div>'
    )


def _copy_html(context: Context) -> str:
    """Button that copies the address with the release in it; ``link.js`` answers it."""
    return (
        f'<div class="copy"><button type="button" data-copy="{escape(context.ref.name)}">'
        'Link kopieren</button><span role="status"></span></div>'
    )


def _later(context: Context) -> str:
    shown = context.info(context.ref)
    newer = [ref for ref in context.refs if ref.reference_date > context.ref.reference_date]
    infos = [shown, *(context.info(ref) for ref in newer[:1])]
    parts = [
        missing_clause(info.missing)
        if info is shown
        else f"{day_text(info.reference_date)} {STATE_LABELS[info.state]}: "
        f"{missing_clause(info.missing)}"
        for info in infos
        if info.state is State.PROVISIONAL and info.missing
    ]
    return "; ".join(parts)


def _later_html(context: Context) -> str:
    """Say what is provisional; whoever opens it reads what the word means."""
    told = _later(context)
    if not told and context.info(context.ref).state is State.FINAL:
        return ""
    return (
        f'<details class="later"><summary>{escape(told or "Was heißt vorläufig?")}</summary>'
        f"<p>{escape(provisional_text())}</p></details>"
    )


def _offer_quartiere(context: Context) -> None:
    """Put the table of all Quartiere one click away, where the page does not show it."""
    label = f"Alle {context.seen.plural(Kind.QUARTIER)} als Excel"
    downloads.offer_excel(context.seen, Kind.QUARTIER, label)


def _show_foot(context: Context) -> None:
    lines = " · ".join(escape(line) for line in credit_lines(context.seen))
    name = escape(context.ref.name)
    st.html(f'<div class="foot"><p>Veröffentlichung {name} · {lines}</p></div>')
