"""Sections of papers that a city puts together: texts of people, tables, charts of series."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from atlas.config import Section, split_item
from atlas.publication.export.picture import line_picture, svg_bytes
from atlas.publication.report.document import Block, Drawing, Grid, Heading, Paragraph, Voice
from atlas.publication.seen import Seen
from atlas.publication.views.city_series import CitySeries, moved_table, series_line
from atlas.publication.views.movement import areas_moved, city_at_dates

_NOTHING = "Hierzu ist bisher nichts veröffentlicht."
_FEW = 6


@dataclass(frozen=True)
class Material:
    """What sections are made of.

    Attributes
    ----------
    past
        Releases with Quartiere, oldest first; empty where none is in force.
    series
        Series of the paper up to its date; ``None`` where none is published.
    texts
        What people wrote, by the name of the file.
    last
        So many dates of the series stand in a table.
    """

    past: Sequence[Seen]
    series: CitySeries | None
    texts: Mapping[str, str]
    last: int


def section_blocks(section: Section, of: Material) -> tuple[Block, ...]:
    """Write one section; what is not published is said to be so."""
    blocks = [
        *(paragraphs(of.texts[section.text]) if section.text else ()),
        *(_series(section, of) if section.series else ()),
        *(_areas(section, of) if section.areas else ()),
        *(_dates(section, of) if section.dates else ()),
    ]
    nothing = (Paragraph(_NOTHING, Voice.NOTE),)
    return (Heading(section.title, 1), *(blocks or nothing))


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Take a text apart at its empty lines; every other sign of it stays what it is."""
    lines = [line.strip() for line in text.splitlines()]
    parts = "\n".join(lines).split("\n\n")
    told = (" ".join(part.split()) for part in parts)
    return tuple(Paragraph(one) for one in told if one)


def _series(section: Section, of: Material) -> Iterator[Block]:
    if of.series is None:
        return
    keys = [split_item(one) for one in section.series]
    known = {one.key: one.id for one in of.series.items}
    lines = [series_line(of.series, known[key]) for key in keys if key in known]
    for line in lines:
        if line.points:
            picture = line_picture(line)
            yield Drawing(svg_bytes(picture), f"{picture.title}: {picture.description}")
    if lines:
        yield Grid(moved_table(of.series, keys, of.last))


def _areas(section: Section, of: Material) -> Iterator[Block]:
    for item, group in map(split_item, section.areas):
        sides = [one.through(group) for one in of.past]
        table = areas_moved(sides, section.kind, item) if sides else None
        if table is not None:
            yield Grid(table)


def _dates(section: Section, of: Material) -> Iterator[Block]:
    if of.past:
        items = [split_item(one) for one in section.dates]
        yield Grid(city_at_dates(of.past, items), is_small=len(of.past) > _FEW)
