"""Own areas over the dates: a sum where every member is shown, nothing where one is hidden."""

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import Seen, see
from atlas.publication.views.differences import difference_table
from atlas.publication.views.over_time import over_time
from atlas.publication.views.own_area_series import own_series
from atlas.publication.views.own_area_tables import own_dates_table
from atlas.publication.views.own_areas import OwnArea, own_cell
from atlas.release import open_release
from atlas.terms import Group, Kind, Status
from tests.factories import DAY, Gap, town_config, town_counts, town_info, with_gaps, write_town

BEFORE = date(2022, 12, 31)
NORTH = OwnArea(1, "Programm Nord", Kind.QUARTIER, ("11", "12"))
SCHOOL = OwnArea(2, "Schule", Kind.BLOCK, ("1101", "1201"))
HIDDEN = {
    BEFORE: [Gap(Kind.QUARTIER, ("12", "13"), "migrants", Group.ALL)],
    DAY: [Gap(Kind.BLOCK, ("1101", "1102"), "migrants", Group.ALL)],
}


@pytest.fixture
def past(tmp_path: Path) -> list[Seen]:
    found = []
    for day, gaps in HIDDEN.items():
        counts = with_gaps(town_counts(day), gaps)
        found.append(
            see(open_release(write_town(tmp_path, town_info(town_config(), day), counts)))
        )
    return found


def _sum(kind: str, own: OwnArea) -> float:
    """Migrants of its members, added by hand."""
    counts = town_counts(DAY).query("item == 'migrants' and group == 'all' and kind == @kind")
    return float(counts[counts["area_id"].isin(own.area_ids)]["value"].sum())


def test_line_has_a_gap_where_a_member_is_hidden(past):
    line = own_series(past, [NORTH], "migration_share")
    assert line is not None
    assert [(one.day, one.text) for one in line.points if one.place == NORTH.name] == [
        (DAY, "37,0 %")
    ]
    assert line.gaps == ("31.12.2022 (enthält geheime Werte)",)
    assert line.places == ("Programm Nord", "Musterstadt")
    # A count of the whole city would dwarf it.
    residents = own_series(past, [NORTH, SCHOOL], "residents")
    assert residents is not None
    assert residents.places == ("Programm Nord", "Schule")


def test_row_stands_among_quartiere_and_under_levels_there_is_none(past):
    row = rows_of(over_time(past, "migration_share", [NORTH, SCHOOL]).table)[-2:]
    assert row[0] == ("", "Programm Nord (eigenes Gebiet)", "enthält geheime Werte", "37,0")
    assert row[1][3] == "enthält geheime Werte"
    assert len(over_time(past, "need", [NORTH]).table.rows) == 6


def test_file_has_a_row_per_area_and_date_with_the_reason_of_each_gap(past):
    table = own_dates_table(past, [NORTH, SCHOOL])
    assert [row[:3] for row in table.rows] == [
        (own.name, told, day)
        for own, told in ((NORTH, "2 Quartiere"), (SCHOOL, "2 Baublöcke"))
        for day in HIDDEN
    ]
    at = table.place_of("migrants")
    assert [(row[at].value, row[at].status) for row in table.rows] == [
        (None, Status.SUPPRESSED),
        (_sum("quartier", NORTH), Status.PUBLISHED),
        (_sum("block", SCHOOL), Status.PUBLISHED),
        (None, Status.SUPPRESSED),
    ]
    assert [field.id for field in table.fields].count("need_level") == 0


def test_own_areas_stand_under_the_changes_of_quartiere(past):
    before, after = past
    table = difference_table(before, after, [NORTH])
    *quartiere, row = table.rows
    assert table.rows[:-1] == difference_table(before, after).rows
    assert row[:2] == ("", "Programm Nord (eigenes Gebiet)")
    found = dict(zip([one.id for one in table.fields], row, strict=True))
    # 12 was hidden before: what it is now says nothing of what it was.
    assert found["migrants.change"].value is None
    assert found["migrants.change"].status is Status.SUPPRESSED
    assert found["residents.change"].value == 0
    assert found["need_level.change"].value is None


def test_no_set_of_quartiere_tells_a_hidden_count_at_any_date(past):
    """Every shown sum adds shown members alone, so no difference of sums meets a hidden one."""
    for seen in past:
        keys = [area.id for area in seen.areas(Kind.QUARTIER)]
        for size in range(1, len(keys) + 1):
            for chosen in combinations(keys, size):
                own = OwnArea(9, "Probe", Kind.QUARTIER, chosen)
                members = [
                    seen.cell(seen.area(Kind.QUARTIER, key), "migrants") for key in chosen
                ]
                total = own_cell(seen, own, "migrants").value
                if any(cell.value is None for cell in members):
                    assert total is None
                else:
                    assert total == pytest.approx(sum(cell.value or 0.0 for cell in members))
