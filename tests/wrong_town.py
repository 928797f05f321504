"""Musterstadt after a fault: release .1 of the BA's first counts, release .2 of wrong ones."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.receive import layout_of, receive
from atlas.confidential.run import RunResult, run
from atlas.release import in_force, list_releases, open_release
from tests.factories import DAY, SGB2
from tests.town_office import make_office, make_small, put, put_small

WRONG = {**SGB2, "12": (31, 10)}
BETTER = {**SGB2, "12": (32, 10)}
WHY = "Spalten vertauscht"


def make_wrong_office(root: Path) -> Desk:
    """Publish one date, then publish it wrongly."""
    office = make_office(root, make_small)
    put_small(office)
    run(office, "")
    put_ba(office, WRONG)
    run(office, "")
    return office


def put_ba(office: Desk, counts: Mapping[str, tuple[object, object]]) -> None:
    """Lay counts of the BA into the inbox."""
    rows = [f"{key};{everyone}" for key, (everyone, _) in counts.items()]
    put(office, f"ba_{DAY}.csv", "\n".join(["QUARTIER;SGB2", *rows]) + "\n")


def import_ba(office: Desk, counts: Mapping[str, tuple[object, object]], reason: str) -> int:
    """Accept counts of the BA without building; return the number of the delivery."""
    put_ba(office, counts)
    path = office.home.inbox / f"ba_{DAY}.csv"
    (accepted,) = receive(office, path, layout_of(office, path, None), None, reason).accepted
    path.unlink()
    return accepted.number


def current(office: Desk) -> str:
    """Name of the release in force; empty without one."""
    found = in_force(list_releases(office.releases_dir)).get(DAY)
    return found.name if found else ""


def published(result: RunResult) -> list[str]:
    """Names of the releases that a run published."""
    return [release.info.name for release in result.published]


def sgb2_of(office: Desk, name: str) -> float:
    """Give the count of Quartier 12 in a release; 31 is the wrong one."""
    cells = open_release(office.releases_dir / name).cells
    is_asked = (cells["kind"] == "quartier") & (cells["area_id"] == "12")
    (value,) = cells.loc[is_asked & (cells["item"] == "sgb2"), "value"]
    return float(value)


def kill_at(monkeypatch: pytest.MonkeyPatch, room: object, step: str) -> None:
    """Let whatever comes to this step end there, as a kill would."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(room, step, killed)
