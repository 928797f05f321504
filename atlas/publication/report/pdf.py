"""A paper as PDF: tagged for readers of the screen (PDF/UA-1), to be kept (PDF/A-2a).

Set by typst from ``paper.typ`` with the fonts beside it and nothing else: no network, no font
of the machine, no clock. Same paper, same bytes. Typst refuses a picture without a text and a
paper without a title, so what is made here is accessible or not made.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from atlas.publication.palette import colour_of, ink_on
from atlas.publication.report.cells import look_of
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
)

_HERE = Path(__file__).parent
# A number and its unit, a day and its month stay on one line.
_APART = re.compile(r"(?<=\d) (?=%|€|ha\b|km\b)|(?<=§) (?=\d)")
_NO_BREAK = "\N{NO-BREAK SPACE}"
_SHORT_LETTERS = 18

Json = dict[str, Any]


def pdf_bytes(paper: Paper) -> bytes:
    """Set a paper."""
    compiler = typst.Compiler(
        root=_HERE, font_paths=[_HERE / "fonts"], ignore_system_fonts=True
    )
    made = compiler.compile(
        input=_HERE / "paper.typ",
        format="pdf",
        sys_inputs={"paper": json.dumps(_paper(paper), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime.combine(date.fromisoformat(paper.day), time(), UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave pages where it was asked for a PDF")
    return made


def _paper(paper: Paper) -> Json:
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "author": paper.author,
        "running": paper.running,
        "contents": paper.has_contents,
        "blocks": [_block(one) for one in paper.blocks],
    }


def _block(block: Block) -> Json:
    kind, write = _WRITERS[type(block)]
    return {"kind": kind, **write(block)}


def _heading(heading: Heading) -> Json:
    starts = {"starts-sheet": heading.starts_sheet}
    return {"text": heading.text, "level": heading.level, **starts}


def _paragraph(paragraph: Paragraph) -> Json:
    return {"text": _kept(paragraph.text), "voice": paragraph.voice}


def _terms(terms: Terms) -> Json:
    return {"terms": [{"name": one.name, "text": _kept(one.text)} for one in terms.terms]}


def _beside(beside: Beside) -> Json:
    inside = [_block(one) for one in beside.blocks]
    return {"blocks": inside, "drawing": _drawing(beside.drawing)}


def _sheet(sheet: Sheet) -> Json:
    return {"blocks": [_block(one) for one in sheet.blocks]}


def _drawing(drawing: Drawing) -> Json:
    return {"svg": drawing.svg.decode(), "text": drawing.text, "sheet": drawing.sheet}


def _level(level: Level) -> Json:
    fill = colour_of("level", level.step) if level.step else ""
    return {
        "mark": str(level.step or ""),
        "fill": fill,
        "ink": ink_on(fill) if fill else "",
        "text": level.text,
        "beside": [_kept(one) for one in level.beside],
    }


def _grid(grid: Grid) -> Json:
    table = grid.shown
    looks = [
        [look_of(table, field, entry) for field, entry in zip(table.fields, row, strict=True)]
        for row in table.rows
    ]
    return {
        "title": table.title,
        "small": grid.is_small,
        "columns": [_share([row[at].text for row in looks]) for at in range(len(table.fields))],
        "head": [{"text": _kept(one.heading), "right": one.is_number} for one in table.fields],
        "rows": [
            [
                {
                    "text": _kept(one.text),
                    "right": one.is_right,
                    **({"fill": one.fill, "ink": one.ink} if one.fill else {}),
                }
                for one in row
            ]
            for row in looks
        ],
    }


def _share(texts: Sequence[str]) -> float:
    """Width of a column among long ones; 0 where its texts are short and it is as wide."""
    longest = max(map(len, texts), default=0)
    if longest <= _SHORT_LETTERS:
        return 0.0
    word = max((len(one) for text in texts for one in text.split()), default=0)
    return max(math.sqrt(longest), word / 2)


def _kept(text: str) -> str:
    return _APART.sub(_NO_BREAK, text)


_WRITERS: dict[type[Block], tuple[str, Callable[[Any], Json]]] = {
    Heading: ("heading", _heading),
    Paragraph: ("paragraph", _paragraph),
    Terms: ("terms", _terms),
    Grid: ("grid", _grid),
    Drawing: ("drawing", _drawing),
    Level: ("level", _level),
    Beside: ("beside", _beside),
    Sheet: ("sheet", _sheet),
}
