"""Series of the whole city: which figures belong together, and which dates they have."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.city_series import (
    CitySeries,
    city_date,
    city_series,
    series_line,
    series_table,
)
from atlas.release import list_releases, open_release
from atlas.terms import Group, Status
from tests.factories import DAY, town_config, town_counts, town_info, write_town
from tests.series_town import city_cells, series_info, write_series

ALW = {("migrants", Group.ALL): 400.0, ("migrants", Group.U18): 90.0}
AKDN = {("sgb2", Group.ALL): 120.0}
_WEEKS = (date(2023, 12, 17), date(2023, 12, 24), date(2024, 1, 7))


@pytest.fixture(scope="module")
def releases_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three weeks and three months; one week is also a month; the fourth week is a Stichtag."""
    path = tmp_path_factory.mktemp("releases")
    for day in _WEEKS[:2]:
        write_series(path, day, ("alw",), ALW)
    write_series(
        path, _WEEKS[2], ("alw", "akdn"), {**ALW, **AKDN, ("migrants", Group.U18): None}
    )
    for day, value in ((date(2023, 11, 7), 110.0), (date(2023, 12, 7), 115.0)):
        write_series(path, day, ("akdn",), {("sgb2", Group.ALL): value})
    write_series(path, date(2023, 12, 7), ("akdn",), {("sgb2", Group.ALL): 116.0}, number=2)
    info = town_info(town_config(), DAY)
    weekly = series_info(DAY, ("alw",)).deliveries
    info = info.model_copy(update={"deliveries": (*info.deliveries, *weekly)})
    unplaced = city_cells(DAY, {("migrants.unplaced", Group.ALL): 5.0})
    write_town(path, info, pd.concat([town_counts(DAY), unplaced], ignore_index=True))
    return path


@pytest.fixture(scope="module")
def found(releases_dir: Path) -> dict[str, CitySeries]:
    newest = {ref.reference_date: ref for ref in list_releases(releases_dir / "musterstadt")}
    dates = [city_date(see(open_release(ref.path))) for ref in newest.values()]
    return {one.id: one for one in city_series(dates)}


def test_a_series_is_what_one_source_delivers(found: dict[str, CitySeries]) -> None:
    assert {name: one.label for name, one in found.items()} == {
        "akdn": "AKDN sozial, monatlich",
        "alw": "Ausländerregister, wöchentlich",
    }
    assert [one.label for one in found["alw"].items] == [
        "mit Migrationshintergrund",
        "mit Migrationshintergrund (Kinder)",
    ]
    assert [one.id for one in found["akdn"].items] == ["sgb2_all"]


def test_table_shows_newest_date_first_and_what_is_hidden(found: dict[str, CitySeries]) -> None:
    table = series_table(found["alw"])
    assert table.title == "Musterstadt: Ausländerregister, wöchentlich"
    assert rows_of(table)[::-1] == (
        ("07.01.2024", "400", ". geheim"),
        ("24.12.2023", "400", "90"),
        ("17.12.2023", "400", "90"),
    )


def test_date_that_a_release_has_by_area_is_named(found: dict[str, CitySeries]) -> None:
    assert found["alw"].elsewhere == (DAY,)
    assert found["akdn"].elsewhere == ()


def test_line_follows_one_figure_and_names_its_gaps(found: dict[str, CitySeries]) -> None:
    line = series_line(found["alw"], "migrants_u18")
    assert [(point.day_text, point.value) for point in line.points] == [
        ("17.12.2023", 90.0),
        ("24.12.2023", 90.0),
    ]
    assert line.gaps == ("07.01.2024 (geheim)",)
    assert line.summary == (
        "mit Migrationshintergrund (Kinder): 90 am 17.12.2023, 90 am 24.12.2023."
    )


def test_correction_takes_the_place_of_what_it_corrects(found: dict[str, CitySeries]) -> None:
    line = series_line(found["akdn"], "sgb2_all")
    assert [point.value for point in line.points] == [110.0, 116.0, 120.0]


def test_file_has_a_row_per_date_with_release_and_status(found: dict[str, CitySeries]) -> None:
    dataset = series_table(found["alw"])
    assert [field.id for field in dataset.fields] == [
        *("reference_date", "release", "migrants_all", "migrants_u18")
    ]
    last = dataset.rows[-1]
    assert last[:2] == (date(2024, 1, 7), "2024-01-07.1")
    assert [(cell.value, cell.status) for cell in last[2:]] == [
        (400.0, Status.PUBLISHED),
        (None, Status.SUPPRESSED),
    ]


def test_monthly_date_inside_a_release_with_quartiere_belongs_to_the_series(
    releases_dir: Path, tmp_path: Path
) -> None:
    base = town_counts(DAY)
    info = series_info(DAY, ("akdn",))
    dates = [
        see(open_release(write_series(tmp_path, date(2023, 11, 30), ("akdn",), AKDN))),
        see(open_release(write_town(tmp_path, info, base))),
    ]
    (series,) = city_series(map(city_date, dates))
    # SGB II of all Quartiere together, as the release of the reference date has it.
    everyone = base[
        (base["kind"] == "city") & (base["item"] == "sgb2") & (base["group"] == "all")
    ]
    assert rows_of(series_table(series))[-1] == (
        "31.12.2023",
        f"{everyone['value'].item():.0f}",
    )
    assert [item.id for item in series.items] == ["sgb2_all"]


def test_without_a_series_there_is_none(tmp_path: Path) -> None:
    town = open_release(write_town(tmp_path, town_info(town_config(), DAY), town_counts(DAY)))
    assert city_series([city_date(see(town))]) == ()


@pytest.mark.parametrize(
    ("days", "label"),
    [
        ((1,), "Ausländerregister"),
        ((1, 2, 3), "Ausländerregister, täglich"),
        ((1, 8, 15), "Ausländerregister, wöchentlich"),
        ((1, 11, 21), "Ausländerregister"),
    ],
)
def test_how_often_is_said_where_it_is_regular(
    tmp_path: Path, days: tuple[int, ...], label: str
) -> None:
    written = [write_series(tmp_path, date(2024, 1, day), ("alw",), ALW) for day in days]
    (series,) = city_series(city_date(see(open_release(path))) for path in written)
    assert series.label == label
