"""Which assessments hold, which are of before, where none is yet: Musterstadt by hand."""

from dataclasses import replace
from datetime import date

from atlas.publication.assessments import Place
from atlas.publication.assessments.overview import (
    Standing,
    is_due,
    more_lines,
    overview_table,
    rows_of_city,
)
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see

CITY = "musterstadt"


def test_every_quartier_is_valid_or_open(release, before, write):
    """Altstadt is said now and then, Bahnhof then alone; nobody said anything of the others."""
    now = replace(write("Neu.", place=Place(CITY, "11", "2023-12-31.1")), own_level=3)
    then = write("Alt.", place=Place(CITY, "11", "2022-12-31.1"))
    other = write("Damals.", place=Place(CITY, "13", "2022-12-31.1"))
    rows = rows_of_city(see(release), [see(before)], [then, now, other])
    found = [(row.area.id, row.standing, row.level) for row in rows]
    assert found == [
        ("11", Standing.VALID, 4),
        ("11", Standing.EARLIER, 4),
        ("12", Standing.OPEN, 2),
        ("13", Standing.OPEN, 1),
        ("13", Standing.EARLIER, 1),
        ("21", Standing.OPEN, 1),
        ("22", Standing.OPEN, None),
        ("23", Standing.OPEN, None),
    ]
    table = rows_of(overview_table(see(release), rows[:1]))[0]
    assert table[2:7] == (
        "gültig",
        "2023-12-31.1",
        "4 hoher Handlungsbedarf",
        "3 Handlungsbedarf",
        "Neu.",
    )


def test_review_is_due_from_its_day_on(release, write):
    said = replace(write("Etwas."), review_on=date(2026, 6, 1), measures="Kita")
    row = rows_of_city(see(release), [], [said])[0]
    assert not is_due(row, date(2026, 5, 31))
    assert is_due(row, date(2026, 6, 1))
    assert more_lines(see(release), said) == "Maßnahmen: Kita\nWiedervorlage: 01.06.2026"
