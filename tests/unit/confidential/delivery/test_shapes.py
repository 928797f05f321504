"""Tables as offices publish them: one test a kind of shape, with several variants of it."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from atlas.confidential.delivery import KnownAreas, Reading
from atlas.terms import Kind
from tests.unit.confidential.delivery.conftest import COUNTS

Read = Callable[..., Reading]
DAY = date(2024, 12, 31)
AREAS = ("0101", "0102", "0103", "NA01")
HEAD = "Gebiet;Personen;Kinder\n"
BODY = "".join(f"{area};{10 + i};{i}\n" for i, area in enumerate(AREAS))
ALL = {area: 10.0 + i for i, area in enumerate(AREAS)}
ALIKE = {"columns": {"Gebiet": {"role": "area"}, "Personen": {"role": "count", "item": "p"}}}
SHARE = {"columns": {"Gebiet": {"role": "area"}, "Anteil": {"role": "value", "item": "share"}}}


def persons(reading: Reading, group: str = "all", day: date = DAY) -> dict[str, Any]:
    rows = reading.parts[day].to_pylist()
    return {row["area_id"]: row["value"] for row in rows if row["group"] == group}


def checks(reading: Reading) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.check, one.rows) for one in reading.findings]


def book(*sheets: list[list[Any]], **formats: str) -> bytes:
    """A workbook; ``formats`` gives the number format of the second column."""
    made = openpyxl.Workbook()
    for place, rows in enumerate(sheets):
        sheet = made.active if place == 0 else made.create_sheet(f"Blatt{place}")
        for row in rows:
            sheet.append(row)
        for cell in sheet["B"] if formats else ():
            cell.number_format = formats["percent"]
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("footer_rows", [1, 2, 3])
def test_row_of_an_area_is_never_cut_off_as_a_note(read_counts: Read, footer_rows: int) -> None:
    changes = {"footer_rows": footer_rows, "absent": "zero"}
    cut = tuple(range(6 - footer_rows, 6))
    assert checks(read_counts(HEAD + BODY, changes=changes))[0] == ("cut_row", cut)
    notes = "".join(f"Anmerkung {i}\n" for i in range(footer_rows))
    assert checks(read_counts(HEAD + BODY + notes, changes=changes)) == []


@pytest.mark.parametrize(
    "notes", ["", "Quelle\n", "_____\n\nStand: 1. Mai\n(C) Amt\n", "\n\n*\n"]
)
def test_notes_of_any_length_are_no_rows(read_counts: Read, notes: str) -> None:
    reading = read_counts(HEAD + BODY + notes)
    assert checks(reading) == []
    assert persons(reading) == ALL


@pytest.mark.parametrize("notes", ["____;x;y\na;b\n", "__________\n1;2;3;4\n"])
def test_everything_below_the_mark_is_a_note(read_counts: Read, notes: str) -> None:
    reading = read_counts(HEAD + BODY + notes, changes={"footer": "____"})
    assert checks(reading) == []
    assert persons(reading) == ALL


def test_row_with_a_key_and_empty_cells_is_no_note(read_counts: Read) -> None:
    reading = read_counts(HEAD + BODY[:-10] + "NA01;;\n", changes={"withheld": [""]})
    assert checks(reading) == []
    assert persons(reading)["NA01"] is None
    cut_in_the_line = read_counts(HEAD + BODY + "01\n")
    assert checks(cut_in_the_line)[0] == ("field_count", (6,))


@pytest.mark.parametrize("form", ["0%", "0.0%", "0.00 %", "#,##0.0\\ %", "[Red]0%"])
def test_percent_cells_are_percent(read_counts: Read, form: str) -> None:
    rows = [["Gebiet", "Anteil"], *([area, 0.11 + i / 100] for i, area in enumerate(AREAS))]
    reading = read_counts(book(rows, percent=form), name="a.xlsx", changes=SHARE)
    assert checks(reading) == []
    assert list(persons(reading).values()) == [11.0, 12.0, 13.0, 14.0]


@pytest.mark.parametrize("form", ["General", "0.00", '0.00"%"'])
def test_fractions_without_the_format_are_a_warning(read_counts: Read, form: str) -> None:
    rows = [["Gebiet", "Anteil"], *([area, 0.11 + i / 100] for i, area in enumerate(AREAS))]
    content = book(rows, percent=form)
    assert checks(read_counts(content, name="a.xlsx", changes=SHARE)) == [("fraction", ())]
    told = {**SHARE["columns"], "Anteil": {**SHARE["columns"]["Anteil"], "factor": 100}}
    reading = read_counts(content, name="a.xlsx", changes={"columns": told})
    assert list(persons(reading).values()) == [11.0, 12.0, 13.0, 14.0]


def test_formula_without_a_value_is_refused(read_counts: Read) -> None:
    rows = [["Gebiet", "Personen"], ["0101", 1], ["0102", "=1+1"], ["0103", 3], ["NA01", 4]]
    changes = {**ALIKE, "withheld": [""]}
    reading = read_counts(book(rows), name="a.xlsx", changes=changes)
    assert checks(reading) == [("formula", (3,))]


ABOVE = {
    Kind("district"): {"1": frozenset({"0101", "0102"}), "2": frozenset({"0103", "NA01"})},
    Kind("city"): {"99": frozenset(AREAS)},
}
NESTED = KnownAreas(
    date(2024, 1, 1), frozenset(AREAS), {"Süd": "0101", "Nord-Ost": "0102"}, ABOVE
)
LEVELS = "00;46;6\n1;21;1\n0101;10;0\n0102;11;1\n2;25;5\n0103;12;2\nNA01;13;3\n"


@pytest.mark.parametrize(
    ("known", "kind"), [(NESTED, "district"), (KnownAreas(DAY, frozenset(AREAS)), "kreis")]
)
def test_rows_of_larger_areas_are_checked_and_not_counted(
    read_counts: Read, known: KnownAreas, kind: str
) -> None:
    changes = {"sums": {kind: "[0-9]", "city": "00"}}
    reading = read_counts(HEAD + LEVELS, changes=changes, areas=lambda day: known)
    assert checks(reading) == []
    assert persons(reading) == ALL
    wrong = LEVELS.replace("1;21;1", "1;22;1")
    reading = read_counts(HEAD + wrong, changes=changes, areas=lambda day: known)
    assert checks(reading)[0][0] == "total_differs"
    assert 3 in checks(reading)[0][1]


def test_ignored_rows_are_neither_counted_nor_checked_and_are_said(read_counts: Read) -> None:
    columns = {**COUNTS["columns"], "Gebiet": {"role": "area", "ignore": ["1", "2", "00"]}}
    wrong = LEVELS.replace("00;46;6", "00;999;6")
    reading = read_counts(HEAD + wrong, changes={"columns": columns}, areas=lambda day: NESTED)
    assert checks(reading) == [("ignored_row", (2, 3, 6))]
    assert persons(reading) == ALL


def test_rows_of_larger_areas_nobody_named_are_told(read_counts: Read) -> None:
    reading = read_counts(HEAD + LEVELS[8:], areas=lambda day: NESTED)
    assert "sums" in reading.findings[0].hint


CUBE = "Gebiet;Sex;Alter;Zahl\n" + "".join(
    f"{area};{sex};{age};{number}\n"
    for area in AREAS
    for sex in ("M", "W")
    for age, number in (("0-17", 2), ("18-64", 5), ("65+", 4))
)
CUBE_COLUMNS: dict[str, Any] = {
    "Gebiet": {"role": "area"},
    "Sex": {"role": "dimension"},
    "Alter": {"role": "dimension", "groups": {"0-17": "u18"}},
    "Zahl": {"role": "count", "item": "residents"},
}


def test_dimensions_of_a_cube_are_added_up(read_counts: Read) -> None:
    reading = read_counts(CUBE, changes={"columns": CUBE_COLUMNS})
    assert checks(reading) == []
    assert set(persons(reading).values()) == {22.0}
    assert set(persons(reading, "u18").values()) == {4.0}


def test_no_text_of_a_dimension_stands_in_a_finding(read_counts: Read) -> None:
    """What the layout names may be said; any other text is a value of the delivery."""
    wrong = CUBE + "Summe;Geheimes;0-17;1\nSumme;M;0-17;1\n"
    reading = read_counts(wrong, changes={"columns": CUBE_COLUMNS, "totals": ["Summe"]})
    told = " ".join(f"{one.where} {one.hint}" for one in reading.findings)
    assert "total_differs" in [check for check, _ in checks(reading)]
    assert "0-17" in told
    assert "Geheimes" not in told


@pytest.mark.parametrize("total", ["insgesamt", "Zusammen", "T"])
def test_sum_within_a_dimension_does_not_count_twice(read_counts: Read, total: str) -> None:
    both = CUBE + "".join(f"{area};{sex};{total};11\n" for area in AREAS for sex in ("M", "W"))
    reading = read_counts(both, changes={"columns": CUBE_COLUMNS})
    assert "dimension_total" in [check for check, _ in checks(reading)]
    told = {**CUBE_COLUMNS, "Alter": {**CUBE_COLUMNS["Alter"], "ignore": [total]}}
    reading = read_counts(both, changes={"columns": told})
    assert checks(reading) == []
    assert set(persons(reading).values()) == {22.0}


def test_one_text_counts_for_several_items(read_counts: Read) -> None:
    items = {"D": "residents", "A": ["residents", "migrants"]}
    rows = "".join(f"{area};D;7\n{area};A;3\n" for area in AREAS)
    columns = {"Gebiet": {"role": "area"}, "Art": {"role": "item", "items": items}}
    changes = {"columns": {**columns, "Zahl": {"role": "count"}}}
    reading = read_counts("Gebiet;Art;Zahl\n" + rows, changes=changes)
    found = {(r["item"], r["value"]) for r in reading.parts[DAY].to_pylist()}
    assert found == {("residents", 10.0), ("migrants", 3.0)}


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("name", ["Leistung / Personen", "Personen"])
def test_head_of_several_rows(read_counts: Read, merged: bool, name: str) -> None:
    made = openpyxl.Workbook()
    for row in (["Titel"], ["Gebiet", "Leistung", None, "Stand"], [None, "Personen", "Kinder"]):
        made.active.append(row)
    if merged:
        made.active.merge_cells("B2:C2")
        made.active.merge_cells("A2:A3")
    for area, count in ALL.items():
        made.active.append([area, count, 1])
    stream = BytesIO()
    made.save(stream)
    columns = {"Gebiet": {"role": "area"}, name: {"role": "count", "item": "p"}}
    changes = {"columns": columns, "skip_rows": 1, "header_rows": 2}
    reading = read_counts(stream.getvalue(), name="a.xlsx", changes=changes)
    assert checks(reading) == []
    assert persons(reading) == ALL


@pytest.mark.parametrize("other", ["31_12_2022", "2022", "2022-12-31"])
def test_several_spellings_of_a_date_in_one_column(read_long: Read, other: str) -> None:
    spelled = ["%d.%m.%Y", "%d_%m_%Y", "%Y-%m-%d", "%Y"]
    columns = {
        "Jahr": {"role": "date", "format": spelled},
        "Gebiet": {"role": "area"},
        "Anzahl": {"role": "count", "item": "residents"},
    }
    rows = "".join(f"31.12.2023;{area};1\n{other};{area};2\n" for area in AREAS)
    reading = read_long("Jahr;Gebiet;Anzahl\n" + rows, changes={"columns": columns})
    assert sorted(reading.parts) == [date(2022, 12, 31), date(2023, 12, 31)]
    assert set(persons(reading, day=date(2022, 12, 31)).values()) == {2.0}


@pytest.mark.parametrize(
    ("thousands", "sign"),
    [
        (" ", " "),
        (" ", "\u00a0"),
        (" ", "\u202f"),
        (" ", "\u2009"),
        ("'", "'"),
        ("'", "\u2019"),
    ],
)
def test_blanks_and_apostrophes_between_thousands(
    read_counts: Read, thousands: str, sign: str
) -> None:
    rows = "".join(f"{area};1{sign}101;0\n" for area in AREAS)
    reading = read_counts(HEAD + rows, changes={"thousands": thousands})
    assert checks(reading) == []
    assert set(persons(reading).values()) == {1101.0}


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\ufeff", "\u200e", "\u2060", "\u00a0"])
def test_what_nobody_sees_is_no_part_of_a_text(read_counts: Read, unseen: str) -> None:
    reading = read_counts(
        (HEAD + BODY).replace("Personen", f"Personen{unseen}").replace("0102", f"{unseen}0102")
    )
    assert checks(reading) == []
    assert persons(reading) == ALL


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf\xef\xbb\xbf" + (HEAD + BODY).encode(),
        (HEAD + BODY).encode() + b"\x1a",
        ("sep=;\n" + HEAD + BODY).encode(),
        ('"sep=;"\r\n' + HEAD + BODY).encode(),
        (HEAD + BODY.replace("\n", ";\n")).encode(),
        (HEAD.replace("\n", ";\n") + BODY).encode(),
        (HEAD + BODY).replace("0101", '"=""0101"""').encode(),
        (HEAD + BODY).replace("0101", '="0101"').replace("0102", "'0102").encode(),
    ],
    ids=["two marks", "end", "sep", "sep quoted", "row end", "head end", "text", "text 2"],
)
def test_habits_of_programs_that_write_csv(read_counts: Read, content: bytes) -> None:
    reading = read_counts(content)
    assert checks(reading) == []
    assert persons(reading) == ALL


def test_delimiter_within_a_text_is_no_empty_last_field(read_counts: Read) -> None:
    shifted = (HEAD + BODY).replace("0102;11;1", "0102;;11;")
    assert checks(read_counts(shifted)) == [("field_count", (3,))]


@pytest.mark.parametrize("first", [[], [["", ""]]])
def test_empty_first_sheet_is_passed_over(read_counts: Read, first: list[list[Any]]) -> None:
    rows = [["Gebiet", "Personen", "Kinder"], *([area, 20, 2] for area in AREAS)]
    reading = read_counts(book(first, rows), name="sgb2.xlsx")
    assert reading.findings == ()
    assert set(persons(reading)) == set(AREAS)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_passed_over_and_named(read_counts: Read, state: str) -> None:
    rows = [["Gebiet", "Personen"], *([area, count] for area, count in ALL.items())]
    made = openpyxl.load_workbook(BytesIO(book([["Liste"]], rows)))
    made.worksheets[0].sheet_state = state
    made.active = 1
    stream = BytesIO()
    made.save(stream)
    content = stream.getvalue()
    assert persons(read_counts(content, name="a.xlsx", changes=ALIKE)) == ALL
    by_pattern = read_counts(content, name="a.xlsx", changes={**ALIKE, "sheet": "Bl*1"})
    assert persons(by_pattern) == ALL
    missing = read_counts(content, name="a.xlsx", changes={**ALIKE, "sheet": "2024"})
    assert "„Sheet“ (ausgeblendet), „Blatt1“" in missing.findings[0].hint


ODS = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


@pytest.mark.parametrize(("kind", "expected"), [("percentage", 11.0), ("float", 0.11)])
def test_opendocument(read_counts: Read, kind: str, expected: float) -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def text(word: str) -> str:
        cell = f'<table:table-cell office:value-type="string"><text:p>{word}</text:p>'
        return cell + "</table:table-cell>"

    share = f'<table:table-cell office:value-type="{kind}" office:value="0.11"/>'
    rows = [row(text("Gebiet"), text("Anteil")), *(row(text(one), share) for one in AREAS)]
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows="".join(rows)))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    reading = read_counts(stream.getvalue(), name="a.ods", changes=SHARE)
    assert set(persons(reading).values()) == {expected}


@pytest.mark.parametrize(
    ("pattern", "form"), [("([0-9A-Z]+) .*", "{} Mitte"), (".*\\((.*)\\)", "Mitte ({})")]
)
def test_key_and_name_in_one_cell(read_counts: Read, pattern: str, form: str) -> None:
    rows = "".join(f"{form.format(area)};{count:.0f};0\n" for area, count in ALL.items())
    columns = {
        "Gebiet": {"role": "area", "pattern": pattern},
        "Personen": ALIKE["columns"]["Personen"],
    }
    assert persons(read_counts(HEAD + rows, changes={"columns": columns})) == ALL


@pytest.mark.parametrize("name", ["Süd", "Sued", "Su\u0308d", "SÜD "])
def test_areas_by_name(read_counts: Read, name: str) -> None:
    columns = {
        "Gebiet": {"role": "area", "by_name": True},
        "Personen": ALIKE["columns"]["Personen"],
    }
    reading = read_counts(
        HEAD + f"{name};5;0\nNord Ost;6;0\n",
        changes={"columns": columns},
        areas=lambda day: KnownAreas(DAY, frozenset({"0101", "0102"}), NESTED.names),
    )
    assert persons(reading) == {"0101": 5.0, "0102": 6.0}


def test_key_in_the_first_row_of_a_group_alone(read_counts: Read) -> None:
    rows = "".join(f"{area};M;7\n;W;3\n" for area in AREAS)
    columns = {
        "Gebiet": {"role": "area", "fill_down": True},
        "Sex": {"role": "dimension"},
        "Zahl": {"role": "count", "item": "residents"},
    }
    reading = read_counts("Gebiet;Sex;Zahl\n" + rows, changes={"columns": columns})
    assert set(persons(reading).values()) == {10.0}


@pytest.mark.parametrize("cell", ["123 e", "123e", "(123)", "p123", "123"])
def test_signs_of_quality_belong_to_no_number(read_counts: Read, cell: str) -> None:
    rows = HEAD + "".join(f"{area};{cell};0\n" for area in AREAS)
    reading = read_counts(rows, changes={"signs": ["e", "p", "()"]})
    assert set(persons(reading).values()) == {123.0}
    if cell != "123":
        assert checks(read_counts(rows))[0][0] == "no_number"
