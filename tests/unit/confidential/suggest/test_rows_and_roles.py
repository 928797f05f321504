"""Rows that are no areas, and columns of long tables, cubes and wide tables."""

from pathlib import Path

from atlas.confidential.suggest.other_rows import find_other_rows
from atlas.confidential.suggest.register import find_register
from atlas.confidential.suggest.roles import Target, find_roles
from atlas.terms import Kind
from tests.sample_town import TODAY, measures, places, table_of

_ROWS = "01;A;10\n02;B;20\n03;C;30\n04;D;40\n05;E;50\n"


def test_sums_totals_and_unplaced_are_told_by_their_texts_and_numbers(tmp_path: Path) -> None:
    text = f"Q;N;EW\n{_ROWS}1;Nord;60\n2;Süd;90\nohne Angabe;;5\nInsgesamt;;155\n"
    found = find_other_rows(table_of(tmp_path, text), [2], places())
    assert found.sums == {Kind.DISTRICT: "[0-9]"}
    assert found.totals == ("Insgesamt",)
    assert found.unplaced == ("ohne Angabe",)
    assert found.ignore == ()


def test_a_total_that_differs_is_said_with_its_difference(tmp_path: Path) -> None:
    text = f"Q;N;EW\n{_ROWS}000;Stadt Musterstadt;1157\n"
    found = find_other_rows(table_of(tmp_path, text), [2], places())
    assert (found.totals, found.ignore) == ((), ("000",))
    (key, doubt) = found.doubts[0]
    assert key == "ignore"
    assert "1.157 in Spalte „EW“, die Gebiete ergeben 150 (Unterschied 1.007)" in doubt


def test_larger_areas_with_words_before_their_keys(tmp_path: Path) -> None:
    text = f"Q;N;EW\n{_ROWS}Bezirk 1;;60\nBezirk 2;;90\n"
    found = find_other_rows(table_of(tmp_path, text), [2], places())
    assert found.sums == {Kind.DISTRICT: "Bezirk ([0-9])"}


def test_a_long_table_has_an_item_column(tmp_path: Path) -> None:
    rows = "".join(
        f"0{i};{name};{year};{i * 10}\n"
        for i in range(1, 6)
        for year in (2022, 2023)
        for name in ("Einwohner", "Ausländer", "SGB II", "unter 18")
    )
    roles = find_roles(
        table_of(tmp_path, f"Q;Merkmal;Jahr;Zahl\n{rows}"), measures(), "", TODAY
    )
    assert roles.item == 1
    assert roles.items == {
        "Einwohner": Target("residents"),
        "SGB II": Target("sgb2_recipients"),
        "unter 18": Target("residents", "u18"),
    }
    assert roles.unread == ("Ausländer",)
    assert roles.date is not None
    assert list(roles.counts) == [3]


def test_a_cube_is_added_up_without_its_sums(tmp_path: Path) -> None:
    rows = "".join(
        f"0{i};{sex};{age};2\n"
        for i in range(1, 6)
        for sex in ("m", "w", "zusammen")
        for age in ("0-17", "18-64", "65+")
    )
    roles = find_roles(table_of(tmp_path, f"Q;SEX;ALTER;ANZ\n{rows}"), measures(), "", TODAY)
    parts = {one.position: (one.ignore, one.children) for one in roles.dimensions}
    assert parts == {1: (("zusammen",), ()), 2: ((), ("0-17",))}
    assert roles.counts == {3: Target("residents")}


def test_a_wide_table_gives_each_measure_one_column(tmp_path: Path) -> None:
    head = "Q;Name;Bevölkerung;Unter 18-Jährige;Anteil MH in %;mit Migrationshintergrund;Pkw\n"
    rows = "".join(f"0{i};x;100;20;10,5;11;3\n" for i in range(1, 6))
    roles = find_roles(table_of(tmp_path, head + rows), measures(), "", TODAY)
    assert roles.counts == {
        2: Target("residents"),
        3: Target("residents", "u18"),
        5: Target("migrants"),
    }
    assert roles.spare == (4, 6)


def test_a_table_whose_heads_say_nothing_asks_the_title(tmp_path: Path) -> None:
    table = table_of(tmp_path, f"Q;N;Wert\n{_ROWS}")
    told = find_roles(table, measures(), "SGB II 2023", TODAY)
    assert told.counts == {2: Target("sgb2_recipients")}
    assert told.guessed == {2}


def test_a_register_is_told_by_birth_or_age_and_rows_of_persons(tmp_path: Path) -> None:
    head = "ID;BLOCK;GEBDAT;NATION;ZWEITE_NATION;GESCHLECHT\n"
    rows = "".join(f"p{i};0{i % 5 + 1};0{i % 9 + 1}.05.19{50 + i};000;;m\n" for i in range(40))
    found = find_register(table_of(tmp_path, head + rows), TODAY)
    assert found is not None
    assert (found.person, found.area, found.birth, found.birth_format) == (0, 1, 2, "%d.%m.%Y")
    assert (found.nation, found.second_nation, found.codes) == (3, 4, (5,))


def test_counts_by_age_are_no_register(tmp_path: Path) -> None:
    rows = "".join(f"0{i};{age};5\n" for i in range(1, 6) for age in range(3))
    assert find_register(table_of(tmp_path, f"Q;ALTER;ANZAHL\n{rows}"), TODAY) is None


def test_rows_that_are_sums_of_areas_beside_them_are_checked_together(tmp_path: Path) -> None:
    rows = _ROWS.splitlines()
    inner = [*rows[:2], "Kern;;30", rows[2], "Innen;;60"]
    text = "\n".join(["Q;N;EW", *inner, *rows[3:], "Außen;;90", "Alle X;;150"])
    found = find_other_rows(table_of(tmp_path, f"{text}\n"), [2], places())
    assert found.sums == {Kind("teilraum"): "Innen|Außen"}
    assert found.totals == ("Alle X",)
    assert found.ignore == ("Kern",)


def test_sums_may_stand_above_their_areas(tmp_path: Path) -> None:
    rows = _ROWS.splitlines()
    text = "\n".join(["Q;N;EW", "000;;150", "Berg;;60", *rows[:3], "Am See;;90", *rows[3:]])
    found = find_other_rows(table_of(tmp_path, f"{text}\n"), [2], places())
    assert (found.sums, found.totals) == ({Kind("teilraum"): "Berg|Am See"}, ("000",))


def test_equal_numbers_on_both_sides_confuse_nobody(tmp_path: Path) -> None:
    text = "Q;N;EW\nS;;40\nA;;20\n01;;10\n02;;10\nB;;20\n03;;10\n04;;10\n05;;0\n"
    found = find_other_rows(table_of(tmp_path, text), [2], places())
    assert (found.sums, found.totals) == ({Kind("teilraum"): "A|B"}, ("S",))


def test_larger_areas_after_all_areas_are_checked_together(tmp_path: Path) -> None:
    text = f"Q;N;EW\n{_ROWS}Ost;;70\nWest;;80\n"
    found = find_other_rows(table_of(tmp_path, text), [2], places())
    assert found.sums == {Kind("teilraum"): "Ost|West"}
    wrong = find_other_rows(table_of(tmp_path, text.replace("80", "81")), [2], places())
    assert (wrong.sums, wrong.ignore) == ({}, ("Ost", "West"))


def test_what_a_total_lacks_is_unplaced(tmp_path: Path) -> None:
    text = f"Q;N;EW\n{_ROWS}Hafen und Insel;;7\nInsgesamt;;157\n"
    found = find_other_rows(table_of(tmp_path, text), [2], places())
    assert (found.totals, found.unplaced) == (("Insgesamt",), ("Hafen und Insel",))


def test_a_register_without_place_is_told_by_its_key_of_persons(tmp_path: Path) -> None:
    rows = "".join(f"p{i};{'25' if i % 2 else '81'}\n" for i in range(30))
    found = find_register(table_of(tmp_path, f"PERSONENNUMMER;TITEL\n{rows}"), TODAY)
    assert found is not None
    assert (found.person, found.area, found.codes) == (0, None, (1,))
