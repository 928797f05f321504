"""A small office behind the desk's pages, and a page of it as Streamlit runs it in tests."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from tests.town_office import make_office, make_small


def waiting_office(root: Path, approvals: int = 1, by: str = "account") -> Desk:
    """A small office whose drafts wait for approvals."""

    def change(tables: dict[str, Any]) -> None:
        make_small(tables)
        more = {"approvals": approvals, "approvals_by": by, "uploads": ["ba"]}
        tables["city"] |= more

    return make_office(root, change)


def open_desk_page(name: str) -> AppTest:
    """Open one page of the desk by its module."""
    app = AppTest.from_function(_page, kwargs={"name": name}, default_timeout=60)
    return app.run()


def _page(name: str) -> None:
    from importlib import import_module

    from atlas.desk import acting, persons, settings

    office = settings.open_office()
    acting.tell()
    person = persons.present(office.config.city.id)
    import_module(f"atlas.desk.pages.{name}").page(office, person)


def press(app: AppTest, label: str) -> AppTest:
    """Press a button by its name."""
    (button,) = (one for one in app.button if one.label == label)
    return button.click().run()


def said(app: AppTest) -> str:
    """What the page says in boxes."""
    assert not app.exception
    shown = [*app.success, *app.error, *app.warning, *app.info]
    return " ".join(one.value for one in shown).replace("\\", "")


def log_of(office: Desk) -> list[tuple[str, str, str]]:
    """Who did what to what, oldest first."""
    return [(one.who, one.what, one.subject) for one in events(office.log_path)]
