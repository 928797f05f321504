"""Intervals on page Quartier: only where the release holds them."""

import pytest

from atlas.config import CityConfig
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.notices import chance_of
from atlas.publication.views.remarks import method_markdown
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
    assert chance_of(see(release, Group.ALL), "11") is None


def test_bounds_of_an_area(varying: Release) -> None:
    """90 of 300 by Wilson: 25.1 to 35.4 percent."""
    found = chance_of(see(varying, Group.ALL), "11")
    assert found is not None
    rows = {row[0]: row[1:] for row in rows_of(found.table)}
    assert rows["SGB-II-Quote"] == ("30,0 %", "25,1 %", "35,4 %")
    assert "95 %" in found.note
    assert found.level.startswith(("Die Stufe bleibt", "An den Grenzen"))


def test_hidden_indicator_has_no_row_and_the_area_no_level(varying: Release) -> None:
    found = chance_of(see(varying, Group.ALL), "21")
    assert found is not None
    assert [row[0] for row in rows_of(found.table)] == [
        "Einwohnerdichte",
        "SGB-II-Quote",
    ]
    assert found.level == ""


def test_unknown_area(varying: Release) -> None:
    with pytest.raises(KeyError):
        chance_of(see(varying, Group.ALL), "99")


def test_level_range_in_words(varying: Release) -> None:
    found = {key: chance_of(see(varying, Group.U18), key) for key in ("11", "12", "13", "21")}
    words = [one.level for one in found.values() if one is not None]
    assert (
        "An den Grenzen eines einzelnen Indikators reicht die Stufe von 1 kein Handlungsbedarf "
        "bis 3 Handlungsbedarf, wenn alles andere bleibt."
    ) in words


def test_method_tells_of_intervals(varying: Release, release: Release) -> None:
    assert "Vertrauensniveau 95 %" in method_markdown(see(varying))
    assert "Vertrauensniveau" not in method_markdown(see(release))
