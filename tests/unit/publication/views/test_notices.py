"""Warnings and further figures beside a level."""

from dataclasses import replace
from datetime import date

import pandas as pd

from atlas.config import CityConfig
from atlas.publication.seen import see
from atlas.publication.views.notices import area_notices, level_notices
from atlas.release import Release, derive_cells
from atlas.terms import Group
from tests.factories import DAY, town_counts, town_tables

PARTS = [{"id": "density"}, {"id": "sgb2_share"}]


def _with_rule(
    release: Release, earlier: dict[date, pd.DataFrame] | None = None, **scale: object
) -> Release:
    tables = town_tables()
    tables["levels"]["need"] = {"all": {"indicators": PARTS, **scale}}
    config = CityConfig.model_validate(tables).published()
    cells = derive_cells(town_counts(DAY), config, DAY, earlier or {})
    return replace(
        release, cells=cells, info=release.info.model_copy(update={"config": config})
    )


def test_few_areas_are_warned_of(release: Release) -> None:
    assert level_notices(see(release, Group.ALL)) == (
        "Eingestufte Quartiere: nur 4. Mittel und Standardabweichung hängen an einzelnen "
        "Gebieten.",
    )


def test_an_indicator_without_spread_is_named(release: Release) -> None:
    base = town_counts(DAY)
    is_size = base["item"] == "area_ha"
    people = base[(base["item"] == "residents") & (base["group"] == "all")]
    sizes = people.set_index(["kind", "area_id"])["value"] / 100
    keys = pd.MultiIndex.from_frame(base.loc[is_size, ["kind", "area_id"]])
    base.loc[is_size, "value"] = sizes.reindex(keys).clip(lower=0.5).to_numpy()
    cells = derive_cells(base, release.info.config, DAY, {})
    notices = level_notices(see(replace(release, cells=cells), Group.ALL))
    assert "Einwohnerdichte ist überall gleich und trägt nichts zum Index bei." in notices


def test_people_of_whom_nobody_belongs_to_any_share(release: Release) -> None:
    base = town_counts(DAY)
    is_none = base["item"].isin(["migrants", "sgb2"]) & (base["area_id"] == "21")
    base.loc[is_none & (base["group"] == "all"), "value"] = 0.0
    cells = derive_cells(base, release.info.config, DAY, {})
    notices = level_notices(see(replace(release, cells=cells), Group.ALL))
    told = "Alle Anteile sind 0, obwohl dort Menschen wohnen: 21 Waldheim."
    assert told in notices
    assert told not in level_notices(see(release, Group.ALL))


def test_no_levels_no_notices(release: Release) -> None:
    alone = _with_rule(release)
    assert level_notices(see(alone, Group.U18)) == ()
    assert area_notices(see(alone, Group.U18), "11") == ()
    assert area_notices(see(alone, Group.ALL), "11") == ()


def test_a_series_has_no_notices(release: Release) -> None:
    cells = release.cells
    alone = cells[(cells["kind"] == "city") & (cells["item"] == "residents")]
    assert level_notices(see(replace(release, cells=alone), Group.ALL)) == ()


def test_marked_indicators(release: Release) -> None:
    marked = _with_rule(release, method="percentile")
    assert area_notices(see(marked, Group.ALL), "11") == (
        "Im obersten Zehntel (Prozentrang ab 0,90): Einwohnerdichte und SGB-II-Quote.",
    )
    assert area_notices(see(marked, Group.ALL), "21") == ()


def test_tenth(release: Release) -> None:
    """The first of four areas lies in the third of ten tenths, the last in the tenth."""
    ranked = _with_rule(release, method="rank_exponential")
    (notice,) = area_notices(see(ranked, Group.ALL), "11")
    assert notice == "Zehntel 3 von 10; 1 ist am stärksten belastet."


def test_frozen_scale_shows_both_levels(release: Release) -> None:
    before = date(2022, 12, 31)
    base = town_counts(before)
    is_old = (base["area_id"] == "11") & (base["item"] == "sgb2") & (base["group"] == "all")
    base.loc[is_old, "value"] = 30.0
    plain = _with_rule(release).info.config
    frozen = _with_rule(
        release, {before: derive_cells(base, plain, before, {})}, base_date=before
    )
    (notice,) = area_notices(see(frozen, Group.ALL), "11")
    assert notice.startswith("Maßstab vom 31.12.2022. Nach dem eigenen Maßstab")
    assert "4 hoher Handlungsbedarf, Index 1," in notice
