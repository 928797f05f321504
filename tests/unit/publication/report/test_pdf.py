"""A paper as PDF: pages, tags, fonts, and every text of it, read back by another program."""

import io
import re
from dataclasses import replace

import pypdf
import pytest

from atlas.publication.report.document import (
    Block,
    Drawing,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Sheet,
    Terms,
)
from atlas.publication.report.pdf import pdf_bytes
from atlas.publication.views.meanings import Term
from atlas.publication.views.table import Table, number, text

_SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
)


def _read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def _paper(*blocks: Block) -> Paper:
    return Paper("Titel", "Untertitel", "Stadt", "2024-12-31", "Fuß", blocks)


def _words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in _read(content).pages).split())


def test_same_paper_same_bytes(paper):
    assert pdf_bytes(paper) == pdf_bytes(paper)


def test_only_the_fonts_of_the_project_and_all_of_them_inside(paper):
    fonts = [
        font.get_object()
        for page in _read(pdf_bytes(paper)).pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()
        assert "SourceSans3" in font["/BaseFont"]
        assert "/FontFile2" in inner["/FontDescriptor"].get_object()


def test_signs_of_the_typesetter_are_letters():
    told = (
        "#let x = 1 *fett* _kursiv_ $a$ `c` <m> @b [k] \\ // /* ~ -- ... = - + 100 % <script>"
    )
    content = pdf_bytes(
        _paper(
            Heading(told),
            Paragraph(told),
            Terms((Term(told, told),)),
            Grid(Table(told, (text("a", told),), ((told,),))),
        )
    )
    assert _words(content).count(told.replace("100 %", "100 %")[:40]) >= 5
    assert "fett* _kursiv_ $a$ `c` <m> @b [k]" in _words(content)


@pytest.mark.parametrize("told", ["8,0 %", "12 ha", "§ 63a", "1.000 km"])
def test_number_and_unit_stay_on_one_line(told):
    first, last = told.split()
    content = pdf_bytes(_paper(Paragraph(f"{told}, " * 400)))
    lines = [
        line.split()
        for page in _read(content).pages
        for line in page.extract_text().splitlines()
    ]
    broken = [
        line for line in lines if line[-1:] == [first] or (line and line[0].strip(",") == last)
    ]
    assert len(lines) > 10
    assert broken == []


def test_long_tables_repeat_their_head_on_every_sheet():
    rows = tuple((f"Gebiet {n}", n) for n in range(200))
    table = Table("Lang", (text("name", "Gebiet mit Kopf"), number("n", "Zahl")), rows)
    read = _read(pdf_bytes(_paper(Grid(table))))
    assert len(read.pages) > 3
    assert all("Gebiet mit Kopf" in page.extract_text() for page in read.pages)


@pytest.mark.parametrize("rows", [10, 52, 58])
def test_what_belongs_on_one_sheet_is_set_smaller_until_it_fits(rows):
    table = Table("Lang", (number("n", "Zahl"),), tuple((n,) for n in range(rows)))
    sheet = Sheet((Heading("Kopf"), Grid(table), Paragraph("Ende")))
    pages = _read(pdf_bytes(_paper(sheet, sheet))).pages
    assert [page.extract_text().split("\n")[-2:-1] for page in pages[1:]] == [["Ende"]] * 2


def test_a_sheet_of_its_own_lies_on_its_side_with_its_heading():
    read = _read(
        pdf_bytes(_paper(Drawing(_SQUARE, "Ein Viereck", "Karte"), Paragraph("Danach")))
    )
    boxes = [page.mediabox for page in read.pages]
    assert [box.width > box.height for box in boxes] == [False, True, False]
    assert "Karte" in read.pages[1].extract_text()


@pytest.mark.parametrize("blank", ["", " "])
def test_a_picture_without_a_text_is_not_made(blank):
    with pytest.raises(ValueError, match="picture without a text"):
        pdf_bytes(_paper(Drawing(_SQUARE, blank)))


def test_every_word_of_the_blocks_is_on_paper(edition):
    content = pdf_bytes(edition)
    words = set(_words(content).replace("\xad", "").split())
    told = [one.text for one in edition.blocks if isinstance(one, Paragraph | Heading)]
    assert told
    numbers = re.findall(r"\d[\d.,]*\d", " ".join(told))
    missing = [one for one in numbers if not any(one in word for word in words)]
    assert missing == []


def test_an_empty_subtitle_leaves_the_first_sheet_to_the_blocks():
    content = pdf_bytes(replace(_paper(Heading("Kopf")), subtitle=""))
    assert _words(content).startswith("Kopf")
