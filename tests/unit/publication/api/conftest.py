import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from atlas.exchange.display import write_display
from tests.api_server import api_server
from tests.factories import town_config
from tests.unit.publication.open_data.conftest import OPEN_DATA


class Site:
    """An interface, asked like a program."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx2.Client(trust_env=False, base_url=url, timeout=60)

    def get(self, path: str, headers: dict[str, str] | None = None, **asked: str) -> Any:
        return self.client.get(path, params=asked or None, headers=headers)

    def json(self, path: str, **asked: str) -> Any:
        answer = self.get(path, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, collection: str, **asked: str) -> Any:
        return self.json(f"/collections/{collection}/items", **asked)

    def keys(self, collection: str, **asked: str) -> list[str]:
        return [one["id"] for one in self.items(collection, **asked)["features"]]


@pytest.fixture(scope="session")
def home(releases_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Releases of Musterstadt with what it tells portals."""
    path = tmp_path_factory.mktemp("api")
    city_dir = path / "releases" / "musterstadt"
    shutil.copytree(releases_dir / "musterstadt", city_dir)
    write_display(city_dir, town_config().city.model_copy(update={"open_data": OPEN_DATA}))
    return path


@pytest.fixture(scope="session")
def api(home: Path) -> Iterator[Site]:
    with api_server(home, "musterstadt") as url:
        yield Site(url)
