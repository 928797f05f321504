"""What a correction moves: of a delivery, of the configuration, of borders, a base date."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from atlas.release import open_release
from tests.factories import DAY, SGB2
from tests.town_office import (
    EARLIER,
    ba_csv,
    make_office,
    make_small,
    put,
    put_all,
    put_small,
    reopen,
)


def _releases(office: Desk) -> list[str]:
    return sorted(path.name for path in office.releases_dir.iterdir() if path.is_dir())


# ---- corrections --------------------------------------------------------------------------


def test_a_correction_of_an_old_date_moves_the_comparable_index_of_newer_ones_alone(
    final: Desk,
) -> None:
    put_all(final, EARLIER)
    run(final, "")  # the first date is the scale of the comparable index from now on
    newer = open_release(final.releases_dir / "2023-12-31.2").cells
    put(final, f"ba_{EARLIER}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    release, later = run(final, "").published
    assert (release.info.name, later.info.name) == ("2022-12-31.2", "2023-12-31.3")
    moved = ~newer.eq(later.cells).all(axis="columns") & newer["value"].notna()
    assert set(newer.loc[moved, "item"]) == {"need_index.fixed"}
    assert release.info.reason == "berichtigt: SGB II"
    assert {one.source: one.number for one in release.info.deliveries}["ba"] == 2
    assert _releases(final) == [
        *("2022-12-31.1", "2022-12-31.2"),
        *("2023-12-31.1", "2023-12-31.2", "2023-12-31.3"),
    ]


def test_a_changed_configuration_is_published_anew(final: Desk, tmp_path: Path) -> None:
    path = final.city_dir / "levels.toml"
    path.write_text(path.read_text().replace("min_residents = 50", "min_residents = 60"))
    (release,) = run(reopen(tmp_path / "office"), "").published
    assert release.info.name == "2023-12-31.2"
    assert release.info.reason == "geändert: Konfiguration (Stufen)"


def test_a_changed_name_of_an_area_is_published_anew(final: Desk, tmp_path: Path) -> None:
    path = final.city_dir / "geodata" / "quartiere.gpkg"
    layer = gpd.read_file(path)
    path.unlink()
    layer.assign(NAME=layer["NAME"].replace("Hafen", "Alter Hafen")).to_file(path)
    (release,) = run(reopen(tmp_path / "office"), "").published
    assert release.info.name == "2023-12-31.2"
    assert "Alter Hafen" in set(release.areas["name"])
    assert release.info.reason == "geändert: Grenzen oder Namen der Gebiete"


def test_a_changed_border_is_published_anew(final: Desk, tmp_path: Path) -> None:
    """Two Quartiere exchange equal shares: no figure changes, the map does."""
    for file, keys in (("quartiere", ("11", "12")), ("bloecke", ("1102", "1201"))):
        path = final.city_dir / "geodata" / f"{file}.gpkg"
        layer = gpd.read_file(path).set_index("KEY")
        left, right = (layer.geometry[key] for key in keys)
        x, low, _, high = right.bounds
        middle = (low + high) / 2
        give = shapely.box(x - 10, low, x, middle)
        take = shapely.box(x, middle, x + 10, high)
        layer.loc[keys[0], "geometry"] = left.difference(give).union(take)
        layer.loc[keys[1], "geometry"] = right.difference(take).union(give)
        path.unlink()
        layer.reset_index().to_file(path)
    (release,) = run(reopen(tmp_path / "office"), "").published
    assert release.info.name == "2023-12-31.2"
    assert release.info.reason == "geändert: Grenzen oder Namen der Gebiete"


def test_people_of_a_block_that_a_new_edition_lacks_are_not_lost(
    final: Desk, tmp_path: Path
) -> None:
    for file, key in (("bloecke", "1101"), ("quartiere", None)):
        path = final.city_dir / "geodata" / f"{file}.gpkg"
        layer = gpd.read_file(path)
        path.unlink()
        layer.assign(KEY=layer["KEY"].replace({key: "1199"})).to_file(path)
    (error,) = run(reopen(tmp_path / "office"), "").failed
    assert "Gebietsschlüssel" in str(error)
    assert _releases(final) == ["2023-12-31.1"]


def test_counts_of_a_quartier_that_a_new_edition_lacks_are_not_lost(
    final: Desk, tmp_path: Path
) -> None:
    for file, column in (("quartiere", "KEY"), ("bloecke", "PARENT")):
        path = final.city_dir / "geodata" / f"{file}.gpkg"
        layer = gpd.read_file(path)
        path.unlink()
        layer.assign(**{column: layer[column].replace({"12": "19"})}).to_file(path)
    (error,) = run(reopen(tmp_path / "office"), "").failed
    assert "Gebietsschlüssel" in str(error)


def test_base_date_after_the_others_needs_one_run(tmp_path: Path) -> None:
    """Levels frozen to a later date: the second run finds nothing new."""

    def freeze(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["levels"]["need"]["all"]["base_date"] = DAY

    office = make_office(tmp_path, freeze)
    put_small(office, EARLIER)
    put_small(office, DAY)
    names = sorted(one.info.name for one in run(office, "").published)
    assert names == ["2022-12-31.1", "2023-12-31.1"]
    earlier = open_release(office.releases_dir / "2022-12-31.1")
    assert earlier.info.references == ("2023-12-31.1",)
    assert run(office, "").is_nothing_new


def test_a_corrected_base_date_moves_what_stands_on_it(tmp_path: Path) -> None:
    def freeze(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["levels"]["need"]["all"]["base_date"] = EARLIER

    office = make_office(tmp_path, freeze)
    put_small(office, EARLIER)
    put_small(office, DAY)
    run(office, "")
    put(office, f"ba_{EARLIER}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    names = sorted(one.info.name for one in run(office, "").published)
    assert names == ["2022-12-31.2", "2023-12-31.2"]
    assert run(office, "").is_nothing_new
