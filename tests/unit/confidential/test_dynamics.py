"""Dynamics over two years, from deliveries to releases: three dates of Musterstadt."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from atlas.confidential.desk import Desk
from atlas.confidential.publish import verify
from atlas.confidential.run import run
from atlas.errors import GeographyError
from atlas.release import Release, list_releases, open_release
from atlas.terms import Reason, Status
from tests.factories import BLOCKS, DAY, SGB2
from tests.spec.second_implementation import compare
from tests.town_office import EARLIER, alw_csv, ba_csv, ewo_csv, layer_of, make_office, put

FIRST = date(2021, 12, 31)
NEW_EDITION = date(2023, 1, 1)
# Two years before: fewer on SGB II in 11, more in 12, and in 13 more migrants.
OLD_SGB2 = {**SGB2, "11": (60, 20), "12": (40, 12)}
OLD_BLOCKS = {**BLOCKS, "1301": (80, 24, 12, 4)}
SHARES = "from_id,to_id,share\n11,11,0.5\n11,12,0.5\n12,11,0.5\n12,12,0.5\n"
OTHERS = "13,13,1\n21,21,1\n22,22,1\n23,23,1\n"


def _ask_for_dynamics(tables: dict[str, Any]) -> None:
    parts = [{"id": "migration_share"}, {"id": "sgb2_share"}]
    tables["levels"]["dynamic"] = {"all": {"span_years": 2, "indicators": parts}}


def _ask_for_a_new_edition(tables: dict[str, Any]) -> None:
    _ask_for_dynamics(tables)
    old = tables["areas"]["editions"][0]
    new = copy.deepcopy(old) | {"id": NEW_EDITION}
    new["block"]["file"], new["quartier"]["file"] = "bloecke_neu.gpkg", "quartiere_neu.gpkg"
    tables["areas"]["editions"] = [old, new]


def _ask_for_a_crosswalk(tables: dict[str, Any]) -> None:
    _ask_for_a_new_edition(tables)
    tables["areas"]["crosswalks"] = [
        {
            "from_edition": date(2020, 1, 1),
            "to_edition": NEW_EDITION,
            "kind": "quartier",
            "file": "umstieg.csv",
        }
    ]


def _put_three_dates(office: Desk) -> None:
    for day, blocks, sgb2 in (
        (FIRST, OLD_BLOCKS, OLD_SGB2),
        (EARLIER, BLOCKS, SGB2),
        (DAY, BLOCKS, SGB2),
    ):
        put(office, f"ewo_{day}.csv", ewo_csv(blocks))
        put(office, f"alw_{day}.csv", alw_csv())
        put(office, f"ba_{day}.csv", ba_csv(sgb2))


def _swap_blocks(office: Desk) -> None:
    """Write the new boundaries: 11 and 12 exchange a block and keep their size."""
    geodata = office.city_dir / "geodata"
    blocks = layer_of("block")
    swapped = blocks["KEY"].map({"1102": "12", "1201": "11"}).fillna(blocks["PARENT"])
    blocks = blocks.assign(PARENT=swapped)
    blocks.to_file(geodata / "bloecke_neu.gpkg")
    merged = blocks.dissolve(by="PARENT").geometry
    quartiere = layer_of("quartier").set_index("KEY")
    shapes = gpd.GeoDataFrame(
        quartiere.drop(columns="geometry"), geometry=merged.loc[quartiere.index], crs=blocks.crs
    )
    shapes.reset_index().to_file(geodata / "quartiere_neu.gpkg")


def _releases(office: Desk) -> dict[str, Release]:
    return {ref.name: open_release(ref.path) for ref in list_releases(office.releases_dir)}


def _items(release: Release, item: str) -> pd.DataFrame:
    cells = release.cells
    chosen = cells[
        (cells["item"] == item) & (cells["group"] == "all") & (cells["kind"] == "quartier")
    ]
    return chosen.set_index("area_id")[["value", "status", "reason"]]


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    office = make_office(tmp_path, _ask_for_dynamics)
    _put_three_dates(office)
    run(office, "Änderungen geprüft")
    return office


def test_change_is_that_of_the_published_rates(office: Desk) -> None:
    releases = _releases(office)
    assert sorted(releases) == ["2021-12-31.1", "2022-12-31.1", "2023-12-31.1"]
    last = releases["2023-12-31.1"]
    assert last.info.references == ("2021-12-31.1",)
    sgb2 = _items(last, "sgb2_share.change")["value"]
    assert sgb2["11"] == pytest.approx(100 * 90 / 300 - 100 * 60 / 300)
    assert sgb2["12"] == pytest.approx(100 * 30 / 200 - 100 * 40 / 200)
    assert sgb2["13"] == 0
    too_few = _items(last, "sgb2_share.change").loc["22", "reason"]
    assert too_few == Reason.FEW_RESIDENTS_BEFORE
    assert _items(last, "migration_share.change")["value"]["13"] == pytest.approx(-6)
    for item in ("sgb2_share", "migration_share"):
        old, new = (
            _items(releases[name], item)["value"] for name in ("2021-12-31.1", last.info.name)
        )
        change = _items(last, f"{item}.change")["value"]
        both = (new - old).dropna().drop("22")  # of 12 residents, where the rule asks for 50
        assert change[both.index].to_numpy() == pytest.approx(both.to_numpy(), abs=1e-12)


def test_classes_by_the_textbook(office: Desk) -> None:
    """Of 11, 12, 13, 21: z of both changes, added, standardised again, cut at −1 and +1."""
    last = _releases(office)["2023-12-31.1"]
    keys = ["11", "12", "13", "21"]
    sums = np.zeros(4)
    for item in ("sgb2_share.change", "migration_share.change"):
        x = _items(last, item)["value"][keys].to_numpy()
        sums += (x - x.mean()) / x.std()
    index = (sums - sums.mean()) / sums.std()
    found = _items(last, "dynamic_index")["value"]
    assert found[keys].to_numpy() == pytest.approx(index, abs=1e-9)
    assert list(_items(last, "dynamic_level")["value"][keys]) == [
        1 + sum(value > cut for cut in (-1, 1)) for value in index
    ]
    assert set(_items(last, "dynamic_level")["value"][keys]) == {1, 2, 3}


def test_too_early_dates_say_that_the_value_before_is_not_there(office: Desk) -> None:
    releases = _releases(office)
    for name in ("2021-12-31.1", "2022-12-31.1"):
        levels = _items(releases[name], "dynamic_level")
        assert levels["value"].isna().all()
        assert set(levels.loc[["11", "12", "13", "21"], "reason"]) == {Reason.NOT_DELIVERED}


def test_every_release_verifies_and_a_second_run_is_quiet(office: Desk) -> None:
    for release in _releases(office).values():
        verify(office, release.path)
        assert compare(release.path).different == []
    assert run(office, "").is_nothing_new


def test_a_corrected_earlier_date_renews_what_stands_on_it(office: Desk) -> None:
    put(office, f"ba_{FIRST}.csv", ba_csv({**OLD_SGB2, "11": (63, 20)}))
    names = {release.info.name for release in run(office, "").published}
    # What lies between has the scale of its comparable index from there.
    assert names == {"2021-12-31.2", "2022-12-31.2", "2023-12-31.2"}
    last = _releases(office)["2023-12-31.2"]
    assert last.info.references == ("2021-12-31.2",)
    assert _items(last, "sgb2_share.change")["value"]["11"] == pytest.approx(9)
    assert run(office, "").is_nothing_new


def test_changed_boundaries_are_not_comparable_even_of_equal_size(tmp_path: Path) -> None:
    office = make_office(tmp_path, _ask_for_a_new_edition)
    _swap_blocks(office)
    _put_three_dates(office)
    run(office, "Änderungen geprüft")
    last = _releases(office)["2023-12-31.1"]
    sizes = _items(last, "area_ha")["value"]
    assert sizes["11"] == sizes["12"] == 2
    levels = _items(last, "dynamic_level")
    for key in ("11", "12"):
        assert tuple(levels.loc[key, ["status", "reason"]]) == (
            Status.NOT_CLASSIFIED,
            Reason.BOUNDARY_CHANGED,
        )
        assert _items(last, "sgb2_share.change").loc[key, "reason"] == Reason.BOUNDARY_CHANGED
    assert levels.loc[["13", "21"], "value"].notna().all()
    verify(office, last.path)


def test_a_crosswalk_makes_changed_areas_comparable(tmp_path: Path) -> None:
    """Half of 11 and half of 12: 50 of 250 on SGB II then, 90 of 350 and 30 of 150 now."""
    office = make_office(tmp_path, _ask_for_a_crosswalk)
    _swap_blocks(office)
    (office.city_dir / "geodata" / "umstieg.csv").write_text(SHARES + OTHERS, encoding="utf-8")
    _put_three_dates(office)
    run(office, "Änderungen geprüft")
    last = _releases(office)["2023-12-31.1"]
    changes = _items(last, "sgb2_share.change")["value"]
    assert changes["11"] == pytest.approx(100 * 90 / 350 - 100 * 50 / 250)
    assert changes["12"] == pytest.approx(100 * 30 / 150 - 100 * 50 / 250)
    assert changes["13"] == 0
    assert compare(last.path).different == []
    assert _items(last, "dynamic_level").loc[["11", "12", "13", "21"], "value"].notna().all()
    verify(office, last.path)
    assert run(office, "").is_nothing_new


def test_a_crosswalk_that_lacks_an_area_is_refused(tmp_path: Path) -> None:
    office = make_office(tmp_path, _ask_for_a_crosswalk)
    _swap_blocks(office)
    (office.city_dir / "geodata" / "umstieg.csv").write_text(SHARES, encoding="utf-8")
    _put_three_dates(office)
    (error,) = run(office, "Änderungen geprüft").failed
    assert isinstance(error, GeographyError)
    assert "umstieg.csv: 13, 21, 22 fehlt" in str(error)
