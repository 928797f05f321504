"""Four roles, every page, route, file and message: what a role may not see is not sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from atlas.publication.dashboard.pages import PAGES
from atlas.terms import Kind
from tests import leak_search, leak_town
from tests.identity import free_port
from tests.server import ended, start_dashboard
from tests.wire_reader import fetch, wire_reader

_ROLES = ("public", "planning", "office", "auditor")
_BELOW = tuple(one for one in _ROLES if one != "planning")
# The key of a block: no message to somebody else may name one.
_BLOCK = re.compile(rb"(?<![A-Za-z0-9])Q\dB\d(?![A-Za-z0-9])")
_THEMES = ("need", "density", "case_share")
_QUERIES = {
    "": tuple(
        f"thema={theme}&ebene={kind}&quartier=Q1"
        for theme in _THEMES
        for kind in ("block", "quartier")
    ),
    "quartier": ("quartier=Q1", "quartier=Q8&gruppe=u18"),
    "vergleich": ("vergleich=Q1,Q8&stellen=20&verteilung=1",),
    "tabellen": ("", "ebene=block", "spalten=density~residents_all&gruppen=beide"),
}


def _who(role: str) -> dict[str, str]:
    return {} if role == "public" else {"Remote-User": f"die {role}", "Remote-Groups": role}


@dataclass
class Got:
    """What somebody got, and what strangers got and did not get by the same addresses."""

    contents: list[bytes] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)
    stolen: list[bytes] = field(default_factory=list)
    refused: int = 0
    pressed: set[str] = field(default_factory=set)


class Town:
    """A running dashboard of a town in which every number of a block is unmistakable."""

    def __init__(self, url: str, release: Path) -> None:
        self.url, self.release = url, release
        cells = leak_town.all_cells(leak_town.leak_counts(), "open")
        shown = cells[cells["status"] == "published"]
        is_block = shown["kind"] == str(Kind.BLOCK)
        others = set(shown.loc[~is_block, "value"])
        rows = shown[is_block & (shown["value"] >= 1000)]
        keys = rows["area_id"] + "/" + rows["group"] + "/" + rows["item"]
        pairs = zip(keys, rows["value"], strict=True)
        self.numbers = {key: value for key, value in pairs if value not in others}

    def everything(self, role: str, *strangers: str) -> Got:
        """All that a role gets by walking all pages, and what strangers get by its addresses.

        Asked for while the page is open: Streamlit soon forgets a file that was made.
        """
        got = Got()
        for _, path, _ in PAGES:
            for query in _QUERIES.get(path, ("",)):
                with wire_reader(self.url, _who(role)) as reader:
                    seen = reader.open(path, query)
                    got.contents += seen.frames
                    for address in sorted(seen.addresses):
                        self._fetch(got, address, role, strangers)
                    for button in seen.offered.keys() - got.pressed:
                        address = reader.press(seen.offered[button])
                        self._fetch(got, address, role, strangers)
                    got.pressed |= seen.offered.keys()
        return got

    def _fetch(self, got: Got, address: str, role: str, strangers: tuple[str, ...]) -> None:
        answer = fetch(self.url, address, _who(role))
        assert answer.status_code == 200, address
        got.addresses.add(address)
        got.contents += leak_search.opened(address, answer.content)
        for stranger in strangers:
            answer = fetch(self.url, address, _who(stranger))
            got.refused += answer.status_code == 404
            if answer.status_code == 200:
                got.stolen += leak_search.opened(address, answer.content)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home, port = tmp_path_factory.mktemp("rollen"), free_port()
    release = leak_town.write_town(home / "releases", "open")
    (home / "requests").mkdir()
    (home / "planning").mkdir()
    roles = "\n".join(f'{role} = ["{role}"]' for role in _ROLES[1:])
    (home / "access.toml").write_text(
        f'format = 1\npublic_url = "http://127.0.0.1:{port}"\n[proxy]\n'
        'name_header = "Remote-User"\ngroups_header = "Remote-Groups"\n'
        f'addresses = ["127.0.0.1"]\n[roles]\n{roles}\n'
    )
    server = start_dashboard(home, port, ATLAS_ACCESS=str(home / "access.toml"))
    yield Town(f"http://127.0.0.1:{port}", release)
    ended(server)


def test_the_planning_sees_blocks_and_nobody_else_by_its_addresses(town: Town) -> None:
    got = town.everything("planning", *_BELOW)
    found = leak_search.find(town.numbers, got.contents)
    assert len(found) > 0.9 * len(town.numbers)
    assert any(_BLOCK.search(one) for one in got.contents)
    assert any("/block." in one for one in got.addresses)
    assert got.refused > 100
    assert leak_search.find(town.numbers, got.stolen) == {}
    assert not any(_BLOCK.search(one) for one in got.stolen)


@pytest.mark.parametrize("role", _BELOW)
def test_no_cell_above_the_role_is_sent(town: Town, role: str) -> None:
    got = town.everything(role)
    assert leak_search.find(town.numbers, got.contents) == {}
    assert [one for one in got.contents if _BLOCK.search(one)] == []
    assert [one for one in got.addresses if "/block." in one] == []
    assert len(got.addresses) > 10


@pytest.mark.parametrize("role", _ROLES)
def test_files_of_maps_exist_by_role(town: Town, role: str) -> None:
    for path in (town.release / "map").iterdir():
        address = f"/karte/zahlenstadt/{town.release.name}/{path.name}"
        answer = fetch(town.url, address, _who(role))
        is_open = role == "planning" or not path.name.startswith("block.")
        assert answer.status_code == (200 if is_open else 404), path.name
        if path.name.startswith("block.") and is_open:
            assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize("role", _ROLES)
def test_pages_exist_by_role(town: Town, role: str) -> None:
    for _, path, _ in PAGES:
        is_open = role == "planning" or path != "planung"
        assert fetch(town.url, f"/{path}", _who(role)).status_code == (200 if is_open else 404)
        with wire_reader(town.url, _who(role)) as reader:
            assert reader.open(path).is_missing is not is_open


@pytest.mark.parametrize("role", _ROLES)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_only_the_planning_hands_something_in(town: Town, role: str, method: str) -> None:
    with httpx2.Client(trust_env=False, headers=_who(role)) as client:
        answer = client.request(method, f"{town.url}/_stcore/upload_file/x/y", content=b"x")
    assert (answer.status_code == 404) is (role != "planning")


@pytest.mark.parametrize("role", _ROLES)
def test_what_can_be_asked_of_the_office_is_on_the_page_by_role(town: Town, role: str) -> None:
    with wire_reader(town.url, _who(role)) as reader:
        state = b"".join(reader.open("datenstand").frames)
        profile = b"".join(reader.open("quartier", "quartier=Q1").frames)
    is_planner = role == "planning"
    assert (b"Neu berechnen" in state) is is_planner
    assert (b"Bewertung der Planung" in profile) is is_planner


def test_nobody_else_says_who_is_there(town: Town) -> None:
    answer = fetch(town.url, "/_stcore/metrics", {})
    assert answer.status_code == 404
    forged = {
        "X-Atlas-Person": "eyJyb2xlcyI6eyIiOlsicGxhbm5pbmciXX19",
        "X-Forwarded-For": "::1",
    }
    with wire_reader(town.url, forged) as reader:
        assert reader.open("planung").is_missing
