"""A paper as DOCX for whoever must edit it: the same texts, tables and pictures.

Pictures are drawn as PNG, since not every word processor shows SVG. Same paper, same bytes.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.run import Run

from atlas.publication.palette import colour_of, ink_on
from atlas.publication.report.cells import Look, look_of
from atlas.publication.report.document import (
    Beside,
    Block,
    Drawing,
    Grid,
    Heading,
    Level,
    Paper,
    Paragraph,
    Sheet,
    Terms,
    Voice,
)

_FONTS = Path(__file__).parent / "fonts"
_MARGIN_MM, _SHEET_MM = 17, (210, 297)
_SMALL_MM, _FULL_MM, _WIDE_MM = 44, 176, 205
_SIZES = {Voice.LEAD: 10.5, Voice.PLAIN: 9.5, Voice.NOTE: 8.0}
_HEAD_FILL = "EEF3F4"
_PPI = 200
# The oldest moment that a zip archive can write down.
_WRITTEN = (1980, 1, 1, 0, 0, 0)


def docx_bytes(paper: Paper) -> bytes:
    """Write a paper for a word processor."""
    word = Document()
    _set_up(word, paper)
    if paper.subtitle:
        word.add_heading(paper.title, 0)
        word.add_paragraph(paper.subtitle)
    for block in paper.blocks:
        _add(word, block)
    buffer = io.BytesIO()
    word.save(buffer)
    return _without_clock(buffer.getvalue())


def _set_up(word: Word, paper: Paper) -> None:
    about = word.core_properties
    made = datetime.combine(date.fromisoformat(paper.day), time())
    about.title, about.author, about.language = paper.title, paper.author, "de-DE"
    about.created = about.modified = made
    about.last_modified_by, about.comments = paper.author, ""
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Source Sans 3", Pt(_SIZES[Voice.PLAIN])
    _speak_german(normal.element.get_or_add_rPr())
    section = word.sections[0]
    section.page_width, section.page_height = (Mm(one) for one in _SHEET_MM)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(_MARGIN_MM))
    section.footer.paragraphs[0].text = paper.running


def _speak_german(properties: BaseOxmlElement) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "de-DE")
    properties.append(language)


def _add(word: Word, block: Block) -> None:
    _WRITERS[type(block)](word, block)


def _add_heading(word: Word, heading: Heading) -> None:
    made = word.add_heading(heading.text, heading.level)
    made.paragraph_format.page_break_before = heading.starts_sheet


def _add_paragraph(word: Word, paragraph: Paragraph) -> None:
    word.add_paragraph().add_run(paragraph.text).font.size = Pt(_SIZES[paragraph.voice])


def _add_terms(word: Word, terms: Terms) -> None:
    for term in terms.terms:
        told = word.add_paragraph()
        told.add_run(f"{term.name}: ").bold = True
        told.add_run(term.text)


def _add_beside(word: Word, beside: Beside) -> None:
    _add_picture(word, beside.drawing, _SMALL_MM)
    for one in beside.blocks:
        _add(word, one)


def _add_sheet(word: Word, sheet: Sheet) -> None:
    first = len(word.paragraphs)
    for one in sheet.blocks:
        _add(word, one)
    word.paragraphs[first].paragraph_format.page_break_before = bool(first)


def _add_level(word: Word, level: Level) -> None:
    told = word.add_paragraph()
    if level.step:
        mark = told.add_run(f" {level.step} ")
        mark.bold = True
        _shade(mark._r.get_or_add_rPr(), colour_of("level", level.step))
        _ink(mark, ink_on(colour_of("level", level.step)))
        told.add_run(" ")
    told.add_run(level.text).bold = True
    for line in level.beside:
        word.add_paragraph(line)


def _add_grid(word: Word, grid: Grid) -> None:
    table = grid.shown
    size = Pt(7.5 if grid.is_small else 8.5)
    if table.title:
        head = word.add_paragraph()
        head.add_run(table.title).bold = True
        head.paragraph_format.keep_with_next = True
    made = word.add_table(1 + len(table.rows), len(table.fields), "Table Grid")
    made.autofit = True
    _repeat(made.rows[0]._tr.get_or_add_trPr())
    for cell, field in zip(made.rows[0].cells, table.fields, strict=True):
        _write(cell, Look(field.heading, field.is_number), size, is_head=True)
    for row, line in zip(table.rows, list(made.rows)[1:], strict=True):
        for cell, field, entry in zip(line.cells, table.fields, row, strict=True):
            _write(cell, look_of(table, field, entry), size)
    word.add_paragraph()


def _write(cell: _Cell, look: Look, size: Pt, *, is_head: bool = False) -> None:
    told = cell.paragraphs[0]
    told.paragraph_format.space_after = Pt(0)
    if look.is_right:
        told.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = told.add_run(look.text)
    run.font.size, run.bold = size, is_head
    if look.fill:
        _ink(run, look.ink)
    if is_head or look.fill:
        _shade(cell._tc.get_or_add_tcPr(), look.fill or _HEAD_FILL)


def _add_drawing(word: Word, drawing: Drawing) -> None:
    """Add a picture, on a landscape sheet where it has one; what follows stands upright."""
    if not drawing.sheet:
        _add_picture(word, drawing, _FULL_MM)
        return
    _turn(word, WD_ORIENT.LANDSCAPE)
    word.add_heading(drawing.sheet, 1)
    _add_picture(word, drawing, _WIDE_MM)
    _turn(word, WD_ORIENT.PORTRAIT)


def _turn(word: Word, to: WD_ORIENT) -> None:
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = to
    section.page_width, section.page_height = section.page_height, section.page_width


def _add_picture(word: Word, drawing: Drawing, width_mm: float) -> None:
    picture = word.add_picture(io.BytesIO(_png(drawing.svg)), width=Mm(width_mm))
    picture._inline.docPr.set("descr", drawing.text)


def _png(svg: bytes) -> bytes:
    sheet = b"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg))"
    compiler = typst.Compiler(font_paths=[_FONTS], ignore_system_fonts=True)
    made = compiler.compile(
        input=sheet, format="png", ppi=_PPI, sys_inputs={"svg": svg.decode()}
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave pages where it was asked for one picture")
    return made


def _shade(properties: BaseOxmlElement, fill: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), fill.removeprefix("#"))
    properties.append(shade)


def _ink(run: Run, colour: str) -> None:
    run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())


def _repeat(properties: BaseOxmlElement) -> None:
    """Mark the head of a table: it stands again on every sheet."""
    head = OxmlElement("w:tblHeader")
    properties.append(head)


def _without_clock(content: bytes) -> bytes:
    """Write the archive again with one moment for every member."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _WRITTEN), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


_WRITERS: dict[type[Block], Callable[[Word, Any], None]] = {
    Heading: _add_heading,
    Paragraph: _add_paragraph,
    Terms: _add_terms,
    Grid: _add_grid,
    Drawing: _add_drawing,
    Level: _add_level,
    Beside: _add_beside,
    Sheet: _add_sheet,
}
