import io

import openpyxl
import pytest

from atlas.publication import palette
from atlas.publication.export.paper import MOST_COLUMNS, fits_one_page, paper_xlsx_bytes
from atlas.publication.seen import see
from atlas.terms import Kind


@pytest.fixture
def book(release):
    made = paper_xlsx_bytes(see(release), Kind.QUARTIER, palette.level_looks())
    return openpyxl.load_workbook(io.BytesIO(made))


def _texts(sheet):
    return [str(cell.value) for row in sheet for cell in row if cell.value is not None]


def test_each_group_is_one_upright_page_of_a4(book):
    assert book.sheetnames == ["Alle", "Kinder"]
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
        # Where the file names no number of pages, it is one.
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, None)
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.oddFooter.left.size == sheet.oddFooter.right.size == sheet["A4"].font.sz


def test_ten_columns_and_no_status_beside_a_value(book):
    for sheet in book:
        assert sheet.max_column <= MOST_COLUMNS
        assert not any("Status" in text or text == "veröffentlicht" for text in _texts(sheet))


def test_title_state_symbols_and_sources_stand_on_the_page(book):
    texts = _texts(book["Alle"])
    assert "Quartiere" in texts[0]
    assert texts[1].startswith("Stand 31.12.2023, endgültig")
    assert any(text.startswith("Zeichen: ") for text in texts)
    assert any(text.startswith("Quellen: ") for text in texts)


def test_level_has_the_colour_of_the_map_and_its_name(book):
    head = [cell.value for cell in book["Alle"][3]]
    levels = [row[head.index("Stufe")] for row in book["Alle"].iter_rows(min_row=4)]
    highest = next(cell for cell in levels if cell.value == 4)
    assert any("4 hoher Handlungsbedarf" in text for text in _texts(book["Alle"]))
    assert highest.fill.fgColor.rgb == "FF7A1D34"


def test_hidden_value_is_its_symbol_alone(book):
    rows = {row[0]: row for row in book["Kinder"].iter_rows(min_row=4, values_only=True)}
    assert "." in rows["13"]
    assert "." not in rows["11"]


def test_same_release_same_bytes(release):
    made = [
        paper_xlsx_bytes(see(release), Kind.QUARTIER, palette.level_looks()) for _ in range(2)
    ]
    assert made[0] == made[1]


def test_letters_on_one_page_are_never_smaller_than_seven_points():
    room = 842 - 72 * (0.5 + 0.6)
    most = max(n for n in range(200) if fits_one_page(n))
    assert 10 * room / (most * 12.75 + 26) >= 7
    # 69 Quartiere of Wuppertal with heads and ten lines of notes.
    assert fits_one_page(69 + 4 + 10)
    assert not fits_one_page(most + 1)
