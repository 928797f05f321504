"""What two releases follow from, and where it differs."""

from datetime import date
from pathlib import Path

from atlas.config import CityConfig
from atlas.release import Release, open_release
from atlas.release.origin import PROGRAM, what_differs
from tests.factories import DAY, town_counts, town_info, town_tables, write_town


def written(path: Path, number: int, min_residents: int = 50, more: float = 0.0) -> Release:
    tables = town_tables()
    tables["levels"]["min_residents"] = min_residents
    config = CityConfig.model_validate(tables)
    base = town_counts(DAY)
    is_residents = (base["item"] == "residents") & (base["group"] == "all")
    base.loc[is_residents & (base["area_id"] == "11"), "value"] += more
    return open_release(write_town(path, town_info(config, DAY, number), base))


def test_the_part_of_the_configuration_is_named(tmp_path: Path) -> None:
    before, after = written(tmp_path, 1), written(tmp_path, 2, min_residents=60)
    assert what_differs(before, after) == ("Konfiguration (Stufen)",)
    assert what_differs(before, before) == ()


def test_what_nothing_else_explains_is_the_program(tmp_path: Path) -> None:
    before, after = written(tmp_path, 1), written(tmp_path, 2, more=1.0)
    assert what_differs(before, after) == (PROGRAM,)


def test_deliveries_and_other_dates_are_named(tmp_path: Path) -> None:
    before = written(tmp_path, 1)
    (delivery,) = before.info.deliveries
    newer = delivery.model_copy(update={"number": 2, "reference_date": date(2023, 12, 31)})
    told = before.info.model_copy(
        update={"deliveries": (newer,), "references": ("2020-12-31.2",)}
    )
    after = Release(before.path, told, before.cells, before.areas, before.map_files)
    assert what_differs(before, after) == ("Lieferungen (SGB II)", "Bezug auf 2020-12-31.2")
