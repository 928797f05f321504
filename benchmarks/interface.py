"""The interface at a city of blocks: requests a second and bytes, beside reading the file.

``python -m benchmarks.interface --home DIR --city wuppertal``: DIR holds releases with blocks.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pyogrio

from atlas.publication.export.geopackage import gpkg_bytes
from atlas.publication.seen import see
from atlas.release import open_release
from atlas.terms import Kind
from tests.api_server import api_server
from tests.identity import free_port

_ROUNDS, _ASKED = 5, 40
_PLANNER = {"remote-user": "Petra", "remote-groups": "planning"}
_QUESTIONS = {
    "one area": "/items/{area}",
    "1,000 areas": "/items?limit=1000",
    "areas in a frame of 3.5 × 5.5 km": "/items?bbox=7.1,51.2,7.15,51.25",
    "areas by a filter": "/items?filter=residents_all > 200&limit=1000",
}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--city", default="wuppertal")
    given = options.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as scratch:
        access = Path(scratch) / "access.toml"
        access.write_text(
            f'format = 1\npublic_url = "http://127.0.0.1:{port}"\n[proxy]\n'
            'name_header = "Remote-User"\ngroups_header = "Remote-Groups"\n'
            'addresses = ["127.0.0.1"]\n[roles]\nplanning = ["planning"]\n'
        )
        told = {"ATLAS_ACCESS": str(access), "FORWARDED_ALLOW_IPS": ""}
        with api_server(given.home.resolve(), given.city, port, **told) as url:
            _ask(url)
        _read_file(given.home / "releases" / given.city, Path(scratch))


def _ask(url: str) -> None:
    with httpx2.Client(trust_env=False, base_url=url, headers=_PLANNER, timeout=120) as client:
        begin = time.perf_counter()
        first = client.get("/collections/block/items?limit=1")
        print(f"first answer of a release: {time.perf_counter() - begin:.2f} s")
        area = first.json()["features"][0]["id"]
        for name, question in _QUESTIONS.items():
            path = f"/collections/block{question.format(area=area)}"
            sent = client.get(path)
            size = int(sent.headers.get("content-length", 0)) or len(sent.content)
            seconds = _median(lambda path=path: client.get(path))
            print(f"{name}: {1 / seconds:.0f} requests/s, {size:,} B sent")
        begin, pages = time.perf_counter(), 0
        address = "/collections/block/items?limit=1000"
        while address:
            page = client.get(address).json()
            pages += 1
            ways = {one["rel"]: one["href"] for one in page["links"]}
            address = ways.get("next", "")
        print(f"all areas in {pages} pages: {time.perf_counter() - begin:.2f} s")


def _read_file(city_dir: Path, scratch: Path) -> None:
    newest = sorted(city_dir.glob("????-??-??.*"))[-1]
    path = scratch / "block.gpkg"
    path.write_bytes(gpkg_bytes(see(open_release(newest)), Kind.BLOCK))
    seconds = [_timed(lambda: pyogrio.read_dataframe(path, layer="block")) for _ in range(5)]
    print(f"the GeoPackage: {path.stat().st_size:,} B, read in {min(seconds):.2f} s")


def _median(ask: Callable[[], object]) -> float:
    rounds = [_timed(lambda: [ask() for _ in range(_ASKED)]) / _ASKED for _ in range(_ROUNDS)]
    return statistics.median(rounds)


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
