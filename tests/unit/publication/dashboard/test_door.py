"""Without a login the server is open to its own machine, or holds nothing of blocks."""

from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from atlas.errors import ConfigError
from atlas.home import Home
from atlas.publication.dashboard import door
from atlas.terms import Role
from tests import leak_town

_EVERYBODY = frozenset({Role.PUBLIC, Role.PLANNING})


@pytest.fixture
def insecure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_INSECURE_NETWORK", "1")


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_on_this_machine_everybody_plans(tmp_path: Path, address: str) -> None:
    assert door.roles_without_login(Home(tmp_path), address) == _EVERYBODY


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.4", "127.0.0.2"])
def test_elsewhere_a_login_is_needed(tmp_path: Path, address: str | None) -> None:
    with pytest.raises(ConfigError, match="Ohne Anmeldung"):
        door.roles_without_login(Home(tmp_path), address)


@pytest.mark.usefixtures("insecure")
def test_the_open_network_is_refused_with_blocks(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert door.roles_without_login(home, "0.0.0.0") == {Role.PUBLIC}
    release = leak_town.write_town(tmp_path / "releases", "cell")
    with pytest.raises(ConfigError, match="zahlenstadt hat .* mit Baublöcken"):
        door.roles_without_login(home, "0.0.0.0")
    for path in (release / "map").glob("block.*"):
        path.unlink()
    (release / "datapackage.json").write_text("{")
    with pytest.raises(ConfigError, match="zahlenstadt"):  # what cannot be read may hold them
        door.roles_without_login(home, "0.0.0.0")


def test_what_a_page_asks_by_itself_is_no_use_of_a_session() -> None:
    told = BackMsg()
    told.rerun_script.query_string = "a=1"
    assert door.is_of_reader({"bytes": told.SerializeToString()})
    told.rerun_script.is_auto_rerun = True
    assert not door.is_of_reader({"bytes": told.SerializeToString()})
    assert not door.is_of_reader({"type": "websocket.connect"})
    assert not door.is_of_reader({"bytes": BackMsg(app_heartbeat=True).SerializeToString()})
