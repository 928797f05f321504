"""Intervals on page Quartier: only where the release holds them."""

import pytest

from atlas.config import CityConfig
from atlas.publication import views
from atlas.release import Release, open_release
from atlas.terms import Group, Kind
from tests.factories import DAY, Gap, town_counts, town_info, town_tables, with_gaps, write_town


@pytest.fixture(scope="module")
def varying(tmp_path_factory: pytest.TempPathFactory) -> Release:
    tables = town_tables()
    tables["levels"]["confidence"] = 0.95
    gap = Gap(Kind.QUARTIER, ("21",), "migrants", Group.ALL)
    info = town_info(CityConfig.model_validate(tables), DAY)
    base = with_gaps(town_counts(DAY), [gap])
    return open_release(write_town(tmp_path_factory.mktemp("chance"), info, base))


def test_release_without_intervals_shows_none(release: Release) -> None:
    assert views.chance_of(release, "11", Group.ALL) is None


def test_bounds_of_an_area(varying: Release) -> None:
    """90 of 300 by Wilson: 25.1 to 35.4 percent."""
    found = views.chance_of(varying, "11", Group.ALL)
    assert found is not None
    rows = {row[0]: row[1:] for row in found.table.rows}
    assert rows["SGB-II-Quote"] == ("30,0 %", "25,1 %", "35,4 %")
    assert "95 %" in found.note
    assert found.level.startswith(("Die Stufe bleibt", "An den Grenzen"))


def test_hidden_indicator_has_no_row_and_the_area_no_level(varying: Release) -> None:
    found = views.chance_of(varying, "21", Group.ALL)
    assert found is not None
    assert [row[0] for row in found.table.rows] == ["Einwohnerdichte", "SGB-II-Quote"]
    assert found.level == ""


def test_unknown_area(varying: Release) -> None:
    with pytest.raises(KeyError):
        views.chance_of(varying, "99", Group.ALL)


def test_level_range_in_words(varying: Release) -> None:
    found = {key: views.chance_of(varying, key, Group.U18) for key in ("11", "12", "13", "21")}
    words = [one.level for one in found.values() if one is not None]
    assert (
        "An den Grenzen eines einzelnen Indikators reicht die Stufe von 1 kein Handlungsbedarf "
        "bis 3 Handlungsbedarf, wenn alles andere bleibt."
    ) in words


def test_method_tells_of_intervals(varying: Release, release: Release) -> None:
    assert "Vertrauensniveau 95 %" in views.method_markdown(varying)
    assert "Vertrauensniveau" not in views.method_markdown(release)
