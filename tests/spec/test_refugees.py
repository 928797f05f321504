"""Who counts as a refugee: every residence title of the method, as Wuppertal configures it.

A refugee is a person with an Ankunftsnachweis (§ 63a AsylG), an Aufenthaltsgestattung
(§ 55 AsylG), a Duldung (§§ 60a to 60d AufenthG) or a humanitarian residence permit (§§ 22 to 26
and 104c AufenthG); with a Fiktionsbescheinigung (§ 81 AufenthG) only after such a title.
"""

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from atlas.confidential.aggregate import (
    LinkReport,
    count_city,
    count_linked,
    count_unplaced,
    link_report,
)
from atlas.config import Layout, find_city_dir, load_city
from atlas.config.groups import DEFAULT_GROUPS, memberships_of

# code in the register | title before | paragraph                        | counts
TITLES = """
Y63a |      | § 63a AsylG, Ankunftsnachweis                          | yes
Y55  |      | § 55 AsylG, Aufenthaltsgestattung                      | yes
22   |      | § 22 AufenthG, Aufnahme aus dem Ausland                | yes
23   |      | § 23 AufenthG, Aufnahme durch Land oder Bund           | yes
24   |      | § 24 AufenthG, vorübergehender Schutz                  | yes
25   |      | § 25 AufenthG, anerkannt                               | yes
25a  |      | § 25a AufenthG, gut integrierte Jugendliche            | yes
25b  |      | § 25b AufenthG, nachhaltige Integration                | yes
26   |      | § 26 AufenthG, Niederlassung nach humanitärem Titel    | yes
60a  |      | § 60a AufenthG, Duldung                                | yes
60b  |      | § 60b AufenthG, Duldung bei ungeklärter Identität      | yes
60c  |      | § 60c AufenthG, Ausbildungsduldung                     | yes
60d  |      | § 60d AufenthG, Beschäftigungsduldung                  | yes
104c |      | § 104c AufenthG, Chancen-Aufenthaltsrecht              | yes
81   | 24   | § 81 AufenthG, Fiktion nach vorübergehendem Schutz     | yes
81   | Y55  | § 81 AufenthG, Fiktion nach Gestattung                 | yes
81   | 60d  | § 81 AufenthG, Fiktion nach Duldung                    | yes
81   | 18b  | § 81 AufenthG, Fiktion nach Arbeit                     | no
81   | 81   | § 81 AufenthG, Fiktion nach Fiktion                    | no
81   |      | § 81 AufenthG, Fiktion ohne Titel davor                | no
9    |      | § 9 AufenthG, Niederlassung                            | no
9a   |      | § 9a AufenthG, Daueraufenthalt-EU                      | no
16b  |      | § 16b AufenthG, Studium                                | no
18b  |      | § 18b AufenthG, Fachkraft                              | no
18b  | 24   | § 18b AufenthG, Fachkraft, früher geschützt            | no
28   |      | § 28 AufenthG, Familie von Deutschen                   | no
30   |      | § 30 AufenthG, Ehegatten                               | no
32   |      | § 32 AufenthG, Kinder                                  | no
FZ   |      | Freizügigkeit EU                                       | no
     |      | ohne Titel                                             | no
"""
CASES = [
    tuple(part.strip() for part in line.split("|"))
    for line in TITLES.splitlines()
    if line.strip()
]
CITY = "05124000"
GROUPS = memberships_of(DEFAULT_GROUPS)
PLACE = "010001"


@pytest.fixture(scope="module")
def layout() -> Layout:
    return load_city(find_city_dir("wuppertal")).deliveries.layout("alw")


def register(*rows: tuple[str | None, str, str]) -> ir.Table:
    """Foreigner register: person, title, title before; nothing where a text is empty."""
    columns = list(zip(*rows, strict=True))
    names = ("person", "AUFENTHALTSTITEL", "VORTITEL")
    texts = [[cell or None for cell in column] for column in columns]
    return _table(dict(zip(names, texts, strict=True)))


def homes(*rows: tuple[str, str | None, int]) -> ir.Table:
    """Population register: person, block, age."""
    persons, areas, ages = (list(column) for column in zip(*rows, strict=True))
    return _table({"person": persons, "area_id": areas}, ages)


def _table(texts: dict[str, list[str | None]], ages: list[int] | None = None) -> ir.Table:
    columns = {name: pa.array(column, pa.string()) for name, column in texts.items()}
    if ages is not None:
        columns["age"] = pa.array(ages, pa.int16())
    return ibis.memtable(pa.table(columns))


def refugees(persons: ir.Table, places: ir.Table, layout: Layout, group: str = "all") -> int:
    counts = count_linked(persons, places, layout, [PLACE], GROUPS)
    return int(counts.loc[counts["group"] == group, "n"].iloc[0])


@pytest.mark.parametrize(
    ("code", "before", "is_counted"),
    [
        pytest.param(code, before, counted == "yes", id=f"{paragraph}")
        for code, before, paragraph, counted in CASES
    ],
)
def test_title(layout: Layout, code: str, before: str, is_counted: bool) -> None:
    persons = register(("a", code, before))
    assert refugees(persons, homes(("a", PLACE, 30)), layout) == int(is_counted)


def test_every_title_of_the_table_at_once(layout: Layout) -> None:
    """17 of the 30 rows count; children and adults follow the age in the register of places."""
    names = [f"p{number}" for number in range(len(CASES))]
    persons = register(
        *((name, code, before) for name, (code, before, *_) in zip(names, CASES, strict=True))
    )
    places = homes(*((name, PLACE, 17 + place % 2) for place, name in enumerate(names)))
    assert len(CASES) == 30
    assert refugees(persons, places, layout) == 17
    # Counted are rows 0 to 16; the even ones are 17 years old.
    assert refugees(persons, places, layout, "u18") == 9


def test_person_in_both_registers_counts_once(layout: Layout) -> None:
    persons = register(("a", "24", ""), ("b", "Y55", ""))
    places = homes(("a", PLACE, 30), ("b", PLACE, 12), ("c", PLACE, 50))
    assert refugees(persons, places, layout) == 2
    report = link_report(persons, places, layout)
    assert report == LinkReport(
        matched=2,
        not_matched=0,
        matched_twice=0,
        not_placeable=0,
        repeated=0,
        register_matched=2,
        register_not_matched=1,
    )


def test_person_who_stands_twice_counts_once(layout: Layout) -> None:
    """Two titles of one person: one of them is enough, and it is one person."""
    persons = register(("a", "24", ""), ("a", "24", ""), ("b", "FZ", ""), ("b", "60a", ""))
    places = homes(("a", PLACE, 30), ("b", PLACE, 12))
    assert refugees(persons, places, layout) == 2
    assert link_report(persons, places, layout).repeated == 2


def test_persons_without_place_are_counted_as_such(layout: Layout) -> None:
    """One without a key, one unknown there, one in two places, one known without a place."""
    persons = register(
        (None, "24", ""),
        ("unknown", "24", ""),
        ("two places", "24", ""),
        ("no place", "24", ""),
        ("a", "24", ""),
        ("unknown too", "FZ", ""),
    )
    places = homes(
        ("two places", PLACE, 30), ("two places", "010002", 30), ("no place", None, 30)
    ).union(homes(("a", PLACE, 30)))
    placed = count_linked(persons, places, layout, [PLACE, "010002"], GROUPS)
    assert int(placed.loc[placed["group"] == "all", "n"].sum()) == 1
    assert count_unplaced(persons, layout, placed) == {"refugees": 4}
    report = link_report(persons, places, layout)
    assert report == LinkReport(
        matched=1,
        not_matched=3,
        matched_twice=1,
        not_placeable=1,
        repeated=0,
        register_matched=3,
        register_not_matched=0,
    )
    # The week's series counts them all, each person once.
    assert count_city(persons, layout, CITY)["n"].tolist() == [5]


def test_persons_without_a_key_never_match_each_other(layout: Layout) -> None:
    persons = register((None, "24", ""), (None, "24", ""))
    places = homes(("a", PLACE, 30)).union(_table({"person": [None], "area_id": [PLACE]}, [40]))
    placed = count_linked(persons, places, layout, [PLACE], GROUPS)
    assert int(placed.loc[placed["group"] == "all", "n"].sum()) == 0
    assert count_unplaced(persons, layout, placed) == {"refugees": 2}
