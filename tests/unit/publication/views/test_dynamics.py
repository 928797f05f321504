"""Dynamics on pages and in files: the class, its reason, need by dynamics."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from pydantic import ValidationError

from atlas.config import CityConfig
from atlas.config.levels import Levels
from atlas.publication.export.excel import xlsx_bytes
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.reasons import dynamics_of, need_by_dynamics
from atlas.release import Release, derive_cells
from atlas.terms import Group, Kind
from tests.factories import DAY, town_counts, town_tables

BEFORE = date(2021, 12, 31)


@pytest.fixture(scope="module")
def config() -> CityConfig:
    tables = town_tables()
    parts = [{"id": "migration_share"}, {"id": "sgb2_share"}]
    tables["levels"]["dynamic"] = {"all": {"span_years": 2, "indicators": parts}}
    return CityConfig.model_validate(tables)


@pytest.fixture(scope="module")
def moving(release: Release, config: CityConfig) -> Release:
    """Two years before, 11 had 60 on SGB II instead of 90, and 13 had 41 migrants, not 23."""
    base = town_counts(BEFORE)
    for key, item, n in (("11", "sgb2", 60.0), ("13", "migrants", 41.0)):
        is_old = (base["area_id"] == key) & (base["item"] == item) & (base["group"] == "all")
        base.loc[is_old, "value"] = n
    earlier = derive_cells(base, config.published(), BEFORE, {})
    is_district = (earlier["kind"] == "quartier") & (earlier["area_id"] == "21")
    is_size = is_district & (earlier["item"] == "area_ha")
    earlier.loc[is_size, "value"] = 3.0
    cells = derive_cells(town_counts(DAY), config.published(), DAY, {BEFORE: earlier})
    info = release.info.model_copy(update={"config": config.published()})
    return replace(release, cells=cells, info=info)


def test_sentence_and_parts(moving: Release) -> None:
    found = dynamics_of(see(moving, Group.ALL), "11")
    assert found is not None
    assert found.text == "11 Altstadt: Dynamik 3 „negativ“, Rang 1 von 3."
    assert "Der Index 1,22 liegt" in found.limits[0].text
    assert found.limits[0].name == "Zu Klasse 2"
    assert found.table is not None
    rows = {row[0]: row[1:] for row in rows_of(found.table)}
    assert rows["SGB-II-Quote (Veränderung)"][0] == "+10,0 Prozentpunkte"
    amounts = [row[-1] for row in rows_of(found.table)]
    numbers = [float(text.translate(str.maketrans("−±,", "-+."))) for text in amounts]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=0.02)


def test_changed_boundaries_are_said_plainly(moving: Release) -> None:
    found = dynamics_of(see(moving, Group.ALL), "21")
    assert found is not None
    assert "nicht vergleichbar" in found.text
    assert found.table is None


def test_need_by_dynamics_counts_every_quartier(moving: Release) -> None:
    table = need_by_dynamics(see(moving, Group.ALL))
    assert table is not None
    assert [column.label for column in table.on_page().fields] == [
        "Handlungsbedarf \\ Dynamik",
        "1 positiv",
        "2 stabil",
        "3 negativ",
        "ohne Klasse",
    ]
    rows = {row[0]: row[1:] for row in rows_of(table)}
    assert rows["4 hoher Handlungsbedarf"] == ("–", "–", "1", "–")
    assert rows["ohne Stufe"] == ("–", "–", "–", "2")
    assert sum(int(n) for row in rows.values() for n in row if n != "–") == 6


def test_city_without_dynamics(release: Release) -> None:
    assert dynamics_of(see(release, Group.ALL), "11") is None
    assert need_by_dynamics(see(release, Group.ALL)) is None


def test_group_without_dynamics(moving: Release) -> None:
    assert dynamics_of(see(moving, Group.U18), "11") is None
    assert need_by_dynamics(see(moving, Group.U18)) is None


def test_unknown_area(moving: Release) -> None:
    with pytest.raises(KeyError):
        dynamics_of(see(moving, Group.ALL), "99")


def test_excel_tells_change_and_contribution_apart_from_those_of_need(
    moving: Release,
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(see(moving), Kind.QUARTIER)))
    head, first, *_ = book["Einstufung Alle"].iter_rows(values_only=True)
    assert len(set(head)) == len(head)
    row = dict(zip(head, first, strict=True))
    assert row["SGB-II-Quote (Veränderung) in Prozentpunkte"] == pytest.approx(10)
    assert row["SGB-II-Quote: z-Wert"] != row["SGB-II-Quote (Veränderung): z-Wert"]


def test_method_names_the_span(moving: Release) -> None:
    assert moving.info.config.levels.dynamic[Group.ALL].span_years == 2


def test_an_indicator_cannot_be_level_and_change_at_once() -> None:
    parts = [{"id": "a"}]
    levels = {"format": 1, "need": {"all": {"indicators": parts}}}
    with pytest.raises(ValidationError, match="a steht auch in need"):
        Levels.model_validate({**levels, "dynamic": {"all": {"indicators": parts}}})
    spanned = {"all": {"indicators": parts, "span_years": 1}}
    assert Levels.model_validate({**levels, "dynamic": spanned}).dynamic
