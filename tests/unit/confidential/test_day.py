"""A date is resolved once: what it follows from, and that nothing is asked twice."""

import hashlib
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from atlas import __version__
from atlas.confidential import day as day_room
from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from atlas.release import list_releases
from atlas.release.whole import write_seal
from tests.factories import DAY
from tests.town_office import EARLIER, make_office, make_small, put, put_small


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    return make_office(tmp_path, make_small)


def test_a_date_knows_what_its_release_follows_from(provisional: Desk) -> None:
    calendar = look(provisional)
    assert (calendar.opened, calendar.series) == ((DAY,), ())
    day = calendar.day(DAY)
    assert (day.name, day.number, day.is_series) == ("2023-12-31.2", 2, False)
    assert sorted(day.deliveries) == ["alw", "ewo"]
    assert day.missing == ("SGB II",)
    assert day.predecessor == list_releases(provisional.releases_dir)[0]
    assert day.is_published


def test_fingerprint_is_the_hash_of_all_inputs(final: Desk) -> None:
    """As it has always been written: an office that is updated publishes nothing anew."""
    day = look(final).day(DAY)
    geodata = final.city_dir / "geodata"
    names = ("bloecke.gpkg", "quartiere.gpkg")
    inputs = {
        "version": __version__,
        "config": final.config.model_dump(mode="json"),
        "geodata": [hashlib.sha256((geodata / n).read_bytes()).hexdigest() for n in names],
        "deliveries": {name: one.content for name, one in day.deliveries.items()},
        "references": [],
    }
    text = json.dumps(inputs, sort_keys=True)
    fixed = json.dumps(dict.fromkeys(("all", "u18"), DAY.isoformat()))
    text = f'{text[:-1]}, "fixed": {fixed}}}'
    assert day.fingerprint == hashlib.sha256(text.encode()).hexdigest()


def test_a_changed_file_is_noticed_by_the_next_look(final: Desk) -> None:
    before = look(final).day(DAY).fingerprint
    path = final.city_dir / "geodata" / "quartiere.gpkg"
    path.write_bytes(path.read_bytes() + b"\0")
    assert look(final).day(DAY).fingerprint != before


@pytest.mark.parametrize(
    ("days", "is_served"), [(-8, False), (-7, True), (2, True), (3, False)]
)
def test_a_delivery_serves_dates_within_its_days(
    tmp_path: Path, days: int, is_served: bool
) -> None:
    def widen(tables: dict) -> None:  # type: ignore[type-arg]
        make_small(tables)
        tables["deliveries"]["layouts"][1].update(days_before=7, days_after=2)

    office = make_office(tmp_path, widen)
    put_small(office)
    (office.home.inbox / f"ba_{DAY}.csv").rename(
        office.home.inbox / f"ba_{DAY + timedelta(days=days)}.csv"
    )
    run(office, "")
    assert ("ba" in look(office).day(DAY).deliveries) is is_served


def test_a_run_looks_as_often_for_many_dates_as_for_one(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []
    listed = day_room.list_deliveries
    monkeypatch.setattr(
        day_room, "list_deliveries", lambda path: looks.append(path) or listed(path)
    )
    numbers = []
    for reference_date in (EARLIER, DAY, date(2021, 12, 31)):
        put_small(office, reference_date)
        run(office, "")
        looks.clear()
        assert run(office, "").is_nothing_new
        numbers.append(len(looks))
    assert numbers == [2, 2, 2]


def test_the_calendar_goes_on_from_a_release(provisional: Desk) -> None:
    calendar = look(provisional)
    put(provisional, f"ba_{DAY}.csv", "QUARTIER;SGB2;SGB2_U18\n")
    shelf = provisional.releases_dir
    copy = Path(shutil.copytree(shelf / "2023-12-31.1", shelf / "2023-12-31.2"))
    package = (copy / "datapackage.json").read_text(encoding="utf-8")
    renamed = package.replace("musterstadt-2023-12-31.1", "musterstadt-2023-12-31.2")
    (copy / "datapackage.json").write_text(renamed, encoding="utf-8")
    write_seal(copy)
    later = calendar.with_release(shelf / "2023-12-31.2", "from")
    assert later.day(DAY).number == 3
    assert later.day(DAY).published_from == "from"
    assert calendar.day(DAY).number == 2
