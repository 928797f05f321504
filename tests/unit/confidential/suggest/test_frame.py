"""Title, head, rows and notes of a sheet."""

from pathlib import Path

import openpyxl

from atlas.confidential.delivery.grid import find_delimiter, read_grids
from atlas.confidential.suggest.table import find_table
from tests.sample_town import grid_of, places, table_of

_ROWS = "01;10\n02;20\n03;30\n04;40\n05;50\n"


def test_title_lines_stand_above_the_head(tmp_path: Path) -> None:
    frame = table_of(tmp_path, f"Bevölkerung;\nStand: 31.12.2023;\n\nQ;EW\n{_ROWS}").frame
    assert (frame.skip_rows, frame.header_rows) == (3, 1)
    assert frame.names == ("Q", "EW")
    assert frame.titles == ("Bevölkerung", "Stand: 31.12.2023")


def test_a_head_of_two_rows_is_joined(tmp_path: Path) -> None:
    text = "Gebiet;SGB II;;Arbeit\n;RLB;Kinder;los\n" + "".join(
        f"0{i};1;2;3\n" for i in range(1, 6)
    )
    frame = table_of(tmp_path, text).frame
    assert frame.header_rows == 2
    assert frame.names == ("Gebiet", "SGB II / RLB", "SGB II / Kinder", "Arbeit / los")


def test_notes_of_one_text_need_no_word_and_others_a_footer(tmp_path: Path) -> None:
    plain = table_of(tmp_path, f"Q;EW\n{_ROWS}Quelle: Amt;\n").frame
    assert (plain.footer, len(plain.rows)) == ("", 5)
    wide = table_of(tmp_path, f"Q;EW\n{_ROWS}Quelle: Amt;siehe Anhang\n").frame
    assert (wide.footer, len(wide.rows)) == ("Quelle: Amt", 5)


def test_sums_above_and_below_the_areas_are_rows(tmp_path: Path) -> None:
    table = table_of(tmp_path, f"Q;EW\nStadt;150\n{_ROWS}Insgesamt;150\n")
    assert [row[0] for _, row in table.frame.rows][::6] == ["Stadt", "Insgesamt"]


def test_merged_cells_of_a_sheet_name_every_column_below(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Leistungen der Stadt", None, None],
        ["Gebiet", "SGB II", None],
        [None, "RLB", "Kinder"],
        [None, "Anzahl", None],
        *([key, 10, 5] for key in ("01", "02", "03", "04", "05")),
    ):
        sheet.append(row)
    for merged in ("A1:C1", "A2:A4", "B2:C2", "B4:C4"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    frame = find_table(read_grids(tmp_path / "a.xlsx")[0], places()).frame
    assert (frame.skip_rows, frame.header_rows) == (1, 3)
    names = ("Gebiet", "SGB II / RLB / Anzahl", "SGB II / Kinder / Anzahl")
    assert frame.names == names


def test_delimiter_is_the_one_that_parts_most_lines_alike() -> None:
    assert find_delimiter(["Q;EW\n", "01;1,5\n", "02;2,5\n"]) == ";"
    assert find_delimiter(["Q,EW,N\n", '01,1,"a;b"\n', "02,2,c\n"]) == ","
    assert find_delimiter(["Q\tEW\n", "01\t1,5\n"]) == "\t"


def test_a_first_line_for_excel_counts_as_no_title(tmp_path: Path) -> None:
    grid = grid_of(tmp_path, f"sep=;\nQ;EW\n{_ROWS}")
    assert find_table(grid, places()).frame.skip_rows == 0


def test_latin_letters_are_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("Q;Männer\n01;1\n".encode("cp1252"))
    assert read_grids(path)[0].encoding == "cp1252"
