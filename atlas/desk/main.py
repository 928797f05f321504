"""One run of the desk: head, navigation, the chosen page."""

from collections.abc import Callable
from html import escape
from importlib import import_module
from pathlib import Path

import streamlit as st

from atlas.confidential.desk import Desk
from atlas.desk import acting, persons, settings
from atlas.desk.pages import PAGES
from atlas.desk.persons import Present
from atlas.errors import AtlasError
from atlas.publication import dashboard
from atlas.publication.dashboard import prose

_ICON = Path(dashboard.__file__).parent / "assets" / "icon.svg"
_PAGES = "atlas.desk.pages"
_NOT_HERE = (
    "Ihre Anmeldung hat in dieser Stadt keine Rolle am Arbeitsplatz. Erwartet: office oder "
    "auditor in access.toml. Bitte an den Betrieb wenden."
)
# By its class the page finds out that a login has ended (signed.js).
_LEAVE = '<p class="signing"><a href="abmelden" target="_self">Abmelden</a></p>'


def main() -> None:
    """Draw one run of the desk."""
    st.set_page_config(page_title="Arbeitsplatz", page_icon=str(_ICON), layout="wide")
    try:
        office = settings.open_office()
    except AtlasError as error:
        st.title("Arbeitsplatz der Statistikstelle")
        st.error(prose.plain(str(error)))
        return
    person = persons.present(office.config.city.id)
    if not person.may_look:
        st.title("Arbeitsplatz der Statistikstelle")
        st.error(prose.plain(_NOT_HERE))
        return
    pages = [
        st.Page(_bound(name, office, person), title=title, url_path=path, default=not path)
        for title, path, name in PAGES
    ]
    page = st.navigation(pages, position="top")
    title = office.config.city.title
    st.set_page_config(page_title=f"{page.title} – Arbeitsplatz {title}")
    _show_head(title, person)
    acting.tell()
    page.run()


def _bound(name: str, office: Desk, person: Present) -> Callable[[], None]:
    def run() -> None:
        import_module(f"{_PAGES}.{name}").page(office, person)

    run.__name__ = name
    return run


def _show_head(title: str, person: Present) -> None:
    is_known = bool(person.account.login)
    badges = _LEAVE if is_known else '<span class="badge">ohne Anmeldung</span>'
    st.html(
        f'<div class="head"><h1>{escape(title)}</h1><p>Arbeitsplatz der Statistikstelle · '
        f'{escape(person.account.name)}</p><div class="badges">{badges}</div></div>'
    )
