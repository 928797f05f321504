"""A paper as DOCX, read back by another program; its figures beside the cells of releases."""

import io

import docx
import pytest

from atlas.publication.report.document import Grid, Heading, Paragraph
from atlas.publication.report.word import docx_bytes
from atlas.publication.views.comparison import items_beside
from atlas.terms import UNIT_LABELS


def _read(paper):
    return docx.Document(io.BytesIO(docx_bytes(paper)))


def _german(value, digits):
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def test_same_paper_same_bytes(paper):
    assert docx_bytes(paper) == docx_bytes(paper)


def test_headings_texts_and_tables_are_there_in_their_order(edition):
    read = _read(edition)
    told = [one.text for one in read.paragraphs]
    expected = [one.text for one in edition.blocks if isinstance(one, Heading | Paragraph)]
    assert [one for one in told if one in expected] == expected
    assert len(read.tables) == sum(isinstance(one, Grid) for one in edition.blocks)
    heads = [one for one in read.paragraphs if one.style.name.startswith("Heading")]
    assert {one.text for one in edition.blocks if isinstance(one, Heading)} <= {
        one.text for one in heads
    }


def test_pictures_have_a_text_and_tables_a_head_that_repeats(edition):
    read = _read(edition)
    told = [one._inline.docPr.get("descr") for one in read.inline_shapes]
    assert told
    assert all(told)
    for table in read.tables:
        assert table.rows[0]._tr.trPr.xpath("./w:tblHeader")


def test_the_map_lies_on_its_side_and_the_rest_stands(edition):
    turns = [one.page_width > one.page_height for one in _read(edition).sections]
    assert turns == [False, True, False, True, False]


def test_a_chart_is_as_wide_as_its_text_and_says_what_it_shows(weekly):
    pictures = _read(weekly).inline_shapes
    assert [round(one.width.mm) for one in pictures] == [176, 176, 176]
    assert pictures[0]._inline.docPr.get("descr").startswith("mit Migrationshintergrund: ")


def test_each_profile_begins_a_sheet(profiles):
    heads = [one for one in _read(profiles).paragraphs if one.style.name == "Heading 1"]
    breaks = [bool(one.paragraph_format.page_break_before) for one in heads]
    assert breaks == [False, *[True] * (len(heads) - 1)]
    assert len(heads) == len(profiles.blocks)


def test_date_and_language_are_those_of_the_release(edition):
    about = _read(edition).core_properties
    assert (about.created.date().isoformat(), about.language) == (edition.day, "de-DE")


@pytest.mark.parametrize("place", [0, 1])
def test_figures_of_moves_are_those_of_the_releases_cell_by_cell(edition, past, place):
    seen = past[place]
    compared = 0
    for table in _read(edition).tables:
        head = [cell.text for cell in table.rows[0].cells]
        if head[-1] != "Veränderung":
            continue
        title = table._tbl.getprevious().xpath("string(.)")
        area = seen.find("quartier", title.split()[0])
        side = next(
            seen.through(g) for g in seen.groups if title.endswith(seen.through(g).group_label)
        )
        for item, row in zip(items_beside(side), list(table.rows)[1:], strict=True):
            cells = side.release.cells
            own = cells[
                (cells["kind"] == "quartier")
                & (cells["area_id"] == area.id)
                & (cells["group"] == str(side.group))
                & (cells["item"] == item.id)
            ].iloc[0]
            shown = row.cells[1 + place].text
            unit = f" ({UNIT_LABELS[item.unit]})" if UNIT_LABELS[item.unit] else ""
            assert row.cells[0].text == f"{item.label}{unit}"
            if own["status"] != "published":
                assert shown
                assert not any(sign.isdigit() for sign in shown)
            elif item.names:
                assert shown == f"{own['value']:.0f} {item.names[int(own['value'])]}"
            else:
                assert shown == _german(own["value"], item.digits)
            compared += 1
    assert compared >= 8
