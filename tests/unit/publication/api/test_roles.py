"""Everything of the interface, asked by everybody and by planners: no cell above a role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest

from atlas.release import open_release
from tests import leak_search, leak_town
from tests.api_server import api_server
from tests.identity import free_port

_BLOCK = re.compile(rb"(?<![A-Za-z0-9])Q\dB\d(?![A-Za-z0-9])")
_PLANNER = {"Remote-User": "Petra", "Remote-Groups": "planning"}
_OFFICE = {"Remote-User": "Otto", "Remote-Groups": "office"}
_FORGED = {"X-Atlas-Person": "eyJyb2xlcyI6eyIiOlsicGxhbm5pbmciXX19"}
_ELSEWHERE = {"Origin": "https://geoportal.stadt.example"}


@dataclass
class Town:
    """An interface of a town in which every number of a block is unmistakable."""

    url: str
    numbers: dict[str, float]

    def everything(self, headers: dict[str, str]) -> list[bytes]:
        """All that the interface gives to somebody, following every link of its own."""
        found, waiting, known = [], [f"{self.url}/", f"{self.url}/dcat.jsonld"], set()
        with httpx2.Client(trust_env=False, headers=headers, timeout=60) as client:
            while waiting:
                address = waiting.pop()
                known.add(address)
                answer = client.get(address)
                found.append(answer.content)
                links = re.findall(rf'{re.escape(self.url)}[^"\s<>\\]*', answer.text)
                fresh = {one.replace("&amp;", "&") for one in links} - known - {*waiting}
                waiting += sorted(one for one in fresh if "{" not in one)
        assert len(known) > 25
        return found

    def status(self, path: str, headers: dict[str, str]) -> int:
        with httpx2.Client(trust_env=False, headers=headers) as client:
            return int(client.get(f"{self.url}{path}").status_code)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home, port = tmp_path_factory.mktemp("rollen"), free_port()
    cells = open_release(leak_town.write_town(home / "releases", "open")).cells
    is_block = (cells["kind"] == "block") & (cells["value"] >= 1000)
    rows = cells[is_block & ~cells["value"].isin(cells.loc[cells["kind"] != "block", "value"])]
    keys = rows["area_id"] + "/" + rows["group"] + "/" + rows["item"]
    (home / "access.toml").write_text(
        f'format = 1\npublic_url = "http://127.0.0.1:{port}"\n[proxy]\n'
        'name_header = "Remote-User"\ngroups_header = "Remote-Groups"\n'
        'addresses = ["127.0.0.1"]\n[roles]\nplanning = ["planning"]\noffice = ["office"]\n'
    )
    access = str(home / "access.toml")
    with api_server(home, "zahlenstadt", port, ATLAS_ACCESS=access) as url:
        yield Town(url, dict(zip(keys, rows["value"], strict=True)))


def test_a_planner_gets_blocks(town):
    found = town.everything(_PLANNER)
    assert len(leak_search.find(town.numbers, found)) > 0.9 * len(town.numbers)
    assert any(_BLOCK.search(one) for one in found)
    assert town.status("/collections/block/items/Q1B1", _PLANNER) == 200


@pytest.mark.parametrize(
    "headers",
    [{}, _OFFICE, _FORGED, {**_PLANNER, **_ELSEWHERE}],
    ids=["everybody", "office", "forged", "planner on a page of another server"],
)
def test_nobody_else_gets_a_cell_or_a_key_of_a_block(town, headers):
    found = town.everything(headers)
    assert leak_search.find(town.numbers, found) == {}
    assert not any(_BLOCK.search(one) for one in found)
    for path in ("block", "block-2023-12-31"):
        assert town.status(f"/collections/{path}", headers) == 404
        assert town.status(f"/collections/{path}/items/Q1B1", headers) == 404


def test_pages_of_other_servers_read_what_is_public_without_a_login(town):
    path = f"{town.url}/collections/quartier/items"
    with httpx2.Client(trust_env=False) as client:
        answer = client.get(path, headers=_ELSEWHERE)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        own = client.get(path)
        assert "access-control-allow-origin" not in own.headers
        stranger = client.get(path, headers={"Host": "evil.example"})
        assert stranger.status_code == 403
