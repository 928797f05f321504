"""A series as a picture: what is marked, what is said, and that both formats draw it."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image

from atlas.publication.dashboard.pictures import page_font
from atlas.publication.export.picture import line_picture, svg_bytes
from atlas.publication.export.picture.png import png_bytes
from atlas.publication.views.development import Point, Series

FIRST = date(2024, 1, 7)
VALUES = (205.0, 201.0, 230.0, 224.0)


def _series(*values: float | None) -> Series:
    days = [FIRST + timedelta(days=7 * n) for n in range(len(values))]
    points = [
        Point(day, f"{day:%d.%m.%Y}", "Stadt", value, f"{value:.0f}", False)
        for day, value in zip(days, values, strict=True)
        if value is not None
    ]
    gaps = tuple(
        f"{d:%d.%m.%Y} (geheim)" for d, v in zip(days, values, strict=True) if v is None
    )
    return Series(
        "x", "Menschen", "", tuple(days), ("Stadt",), tuple(points), gaps, "Menschen: hier.", ()
    )


def test_marked_are_the_ends_the_highest_and_the_lowest() -> None:
    words = [one.text for one in line_picture(_series(*VALUES)).words]
    assert sorted(words) == sorted(
        ["Menschen", "224", "205", "201", "230", "07.01.2024", "28.01.2024"]
    )


def test_who_does_not_see_it_reads_the_same() -> None:
    told = line_picture(_series(205, None, 230)).description
    assert "Am höchsten: 230 am 21.01.2024; am niedrigsten: 205 am 07.01.2024." in told
    assert "Ohne Wert: 14.01.2024 (geheim)." in told


def test_a_date_without_a_value_opens_the_line() -> None:
    guides = 2
    whole = line_picture(_series(*VALUES)).strokes
    broken = line_picture(_series(205, 201, None, 230, 224)).strokes
    assert (len(whole), len(broken)) == (guides + 1, guides + 2)


def test_both_formats_draw_it_and_always_the_same() -> None:
    picture = line_picture(_series(*VALUES))
    assert svg_bytes(picture) == svg_bytes(line_picture(_series(*VALUES)))
    image = Image.open(io.BytesIO(png_bytes(picture, page_font())))
    assert image.size == (2 * picture.size[0], 2 * picture.size[1])
    assert len(image.convert("RGB").getcolors(100_000)) > 3


def test_one_value_or_all_the_same_can_be_drawn_and_none_cannot() -> None:
    for values in ((7.0,), (7.0, 7.0, 7.0)):
        assert svg_bytes(line_picture(_series(*values)))
    with pytest.raises(ValueError, match="needs a value"):
        line_picture(replace(_series(1.0), points=()))
