"""Where everything stands on the page: title, map, legend, scale, state, sources."""

import math
from collections.abc import Iterator

from atlas.publication.export.picture.land import Land, MapChoice
from atlas.publication.export.picture.page import (
    HEIGHT_PX,
    INK,
    PAPER,
    SOFT,
    WIDTH_PX,
    Box,
    Picture,
    Stroke,
    Words,
    height_of,
    lines_of,
    stacked,
)
from atlas.publication.export.picture.shapes import Bounds
from atlas.publication.seen import see
from atlas.publication.views.notes import ReleaseNotes, credit_lines, release_notes
from atlas.release import Release

_EDGE = 36.0
_SIDE_WIDTH = 250.0
_GAP = 22.0
_RIGHT = WIDTH_PX - _EDGE
_SIDE_LEFT = _RIGHT - _SIDE_WIDTH
_HEAD_WIDTH = _SIDE_LEFT - _GAP - _EDGE
_TITLE, _TEXT, _NOTE, _SMALL = 22.0, 13.0, 11.0, 10.0
_SWATCH = (28.0, 18.0)
_COUNTS = "In Klammern: Zahl der Gebiete in der Stadt"
_SCALE_PX = 170.0
_SCALE_STEPS = (5, 2, 1)


def map_picture(release: Release, choice: MapChoice) -> Picture:
    """Lay out the page of one map."""
    notes = release_notes(see(release))
    marked = _marked_name(release, choice)
    head = list(_head(choice.heading, notes, marked))
    sources = lines_of(" · ".join(credit_lines(see(release))), _RIGHT - _EDGE, _SMALL)
    top = max(words.y for words in head) + 14
    bottom = round(HEIGHT_PX - _EDGE - height_of(sources, _SMALL) - 4, 1)
    window = (_EDGE, top, _SIDE_LEFT - _GAP, bottom)
    land = Land.of(release, choice, window)
    boxes, words = _side(choice, notes)
    scale_strokes, scale_words = _scale(land.extract.px_per_m, window)
    return Picture(
        title=f"{notes.title}: {choice.heading}",
        description=_description(choice, notes),
        looks=tuple(choice.looks),
        layers=land.layers(choice),
        strokes=(*land.strokes(choice), *scale_strokes),
        boxes=(_frame(window), *boxes),
        words=(
            *land.labels(choice),
            *head,
            *words,
            scale_words,
            *stacked(sources, (_EDGE, bottom + 18), _SMALL, SOFT),
        ),
    )


def _marked_name(release: Release, choice: MapChoice) -> str:
    seen = see(release)
    for kind in (choice.kind, seen.kind_above(choice.kind)):
        if kind and (area := seen.find(kind, choice.selected)):
            return area.title
    return ""


def _head(title: str, notes: ReleaseNotes, marked: str) -> Iterator[Words]:
    names = lines_of(notes.title, _HEAD_WIDTH, _TEXT)
    yield from stacked(names, (_EDGE, _EDGE + _TEXT), _TEXT, SOFT)
    y = round(_EDGE + height_of(names, _TEXT) - _TEXT * 0.35, 1)
    for line in lines_of(title, _HEAD_WIDTH, _TITLE):
        y += _TITLE * 1.25
        yield Words(_EDGE, y, line, _TITLE, is_bold=True)
    parts = [f"Stand {notes.day}", notes.state, f"Veröffentlichung {notes.name}", notes.missing]
    parts.append(f"umrandet: {marked}" if marked else "")
    text = " · ".join(part for part in parts if part)
    lines = lines_of(text, _HEAD_WIDTH, _TEXT)
    yield from stacked(lines, (_EDGE, round(y + _TEXT * 1.6, 1)), _TEXT, SOFT)


def _side(choice: MapChoice, notes: ReleaseNotes) -> tuple[list[Box], list[Words]]:
    """Badges, legend and notes, below each other."""
    boxes: list[Box] = []
    words: list[Words] = []
    y = _EDGE
    for badge in notes.badges:
        lines = lines_of(badge, _SIDE_WIDTH - 16, _TEXT)
        height = round(height_of(lines, _TEXT) + 8, 1)
        boxes.append(Box(_SIDE_LEFT, y, _SIDE_WIDTH, height))
        words += stacked(lines, (_SIDE_LEFT + 8, y + _TEXT + 4), _TEXT)
        y += height + 6
    y = max(y + 12, _EDGE + 60)
    about = lines_of(_COUNTS, _SIDE_WIDTH, _NOTE)
    words += stacked(about, (_SIDE_LEFT, y + _NOTE), _NOTE, SOFT)
    y += height_of(about, _NOTE) + 8
    for at, entry in enumerate(choice.view.legend):
        boxes.append(Box(_SIDE_LEFT, round(y, 1), *_SWATCH, entry=at))
        if entry.step and choice.view.palette != "class":
            place = (_SIDE_LEFT + _SWATCH[0] / 2, round(y + _SWATCH[1] / 2 + 4.5, 1))
            ink = choice.looks[at].ink
            words.append(Words(*place, str(entry.step), _TEXT, ink, True, True))
        left = _SIDE_LEFT + _SWATCH[0] + 8
        lines = lines_of(f"{entry.label} ({entry.count})", _RIGHT - left, _TEXT)
        words += stacked(lines, (left, y + _TEXT), _TEXT)
        y += max(height_of(lines, _TEXT), _SWATCH[1]) + 7
    for note in filter(None, (choice.told, *choice.view.notes)):
        lines = lines_of(note, _SIDE_WIDTH, _NOTE)
        words += stacked(lines, (_SIDE_LEFT, y + 8 + _NOTE), _NOTE, SOFT)
        y += height_of(lines, _NOTE) + 7
    return boxes, words


def _frame(window: Bounds) -> Box:
    left, top, right, bottom = window
    return Box(left, top, right - left, round(bottom - top, 1))


def _scale(px_per_m: float, window: Bounds) -> tuple[tuple[Stroke, ...], Words]:
    """Bar of a round length in the lower left corner of the map."""
    metres = _round_length(_SCALE_PX / px_per_m)
    length = round(metres * px_per_m, 1)
    left, y = window[0] + 12, window[3] - 12
    bar = ((left, y - 5), (left, y), (left + length, y), (left + length, y - 5))
    text = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    # Back along the bar, so that the closed line has no fourth side.
    ring = (*bar, *bar[-2:0:-1])
    x = left + length + 6
    strokes = (Stroke((ring,), PAPER, 4.0), Stroke((ring,), INK, 1.2))
    return strokes, Words(round(x, 1), y, text, _NOTE, halo=PAPER)


def _round_length(longest: float) -> int:
    """Largest of 1, 2, 5 times a power of ten that is not longer."""
    power = 10 ** math.floor(math.log10(max(longest, 1.0)))
    step = next(step for step in _SCALE_STEPS if step * power <= max(longest, 1.0))
    return int(step * power)


def _description(choice: MapChoice, notes: ReleaseNotes) -> str:
    entries = "; ".join(f"{entry.label}: {entry.count}" for entry in choice.view.legend)
    parts = [f"Stand {notes.day}, {notes.state}", *notes.badges, f"Legende: {entries}"]
    return ". ".join(parts) + "."
