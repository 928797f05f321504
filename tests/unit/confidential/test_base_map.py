"""The base map reaches the dashboard beside the releases, and changes none of them."""

import json
import shutil
from pathlib import Path

from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from tests.town_office import make_office, put_all

BASE_MAP = {"url": "https://kacheln.example.de/{z}/{x}/{y}.png", "credit": "© Beispielamt"}


def _names(office: Desk) -> list[str]:
    return sorted(path.name for path in office.releases_dir.iterdir())


def _bytes(office: Desk) -> dict[str, bytes]:
    files = sorted(path for path in office.releases_dir.glob("2*/**/*") if path.is_file())
    return {str(path.relative_to(office.releases_dir)): path.read_bytes() for path in files}


def _again(root: Path, **city: object) -> Desk:
    return make_office(root, lambda tables: tables["city"].update(city))


def test_city_without_a_base_map_writes_no_file(final: Desk) -> None:
    assert not (final.releases_dir / "anzeige.json").exists()


def test_base_map_comes_and_goes_without_a_new_release(tmp_path: Path) -> None:
    plain = make_office(tmp_path)
    put_all(plain)
    run(plain, "")
    before = _bytes(plain)
    mapped = _again(tmp_path, base_map=BASE_MAP)
    assert run(mapped, "").is_nothing_new
    path = mapped.releases_dir / "anzeige.json"
    shown = json.loads(path.read_text(encoding="utf-8"))
    assert len(shown.pop("digest")) == 64
    assert shown == {"format": 1, "base_map": {**BASE_MAP, "max_zoom": 18}}
    assert _bytes(mapped) == before
    assert run(_again(tmp_path), "").is_nothing_new
    assert not path.exists()
    assert _names(plain) == ["2023-12-31.1", "datenstand.json"]


def test_release_built_with_a_base_map_has_the_same_bytes(tmp_path: Path, final: Desk) -> None:
    mapped = _again(tmp_path / "mapped", base_map=BASE_MAP)
    shutil.copytree(final.keys_dir, mapped.keys_dir)  # a release says by which key it is made
    put_all(mapped)
    run(mapped, "")
    assert _bytes(mapped) == _bytes(final)
