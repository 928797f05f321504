import os

import pytest

# Tables of the command line are as wide as the terminal; tests read them unbroken anywhere.
os.environ["COLUMNS"] = "200"


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who opens a page without a server is a planner, as on a machine without a login."""
    from atlas.publication.access import Sight
    from atlas.publication.dashboard import frame
    from atlas.terms import Role

    sight = Sight(frozenset({Role.PUBLIC, Role.PLANNING}))
    monkeypatch.setattr(frame, "sight_of", lambda *_: sight)
