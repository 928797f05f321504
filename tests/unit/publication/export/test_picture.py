"""The map as a picture: what stands in it, what does not, and that it is the same each time."""

import dataclasses
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from atlas.publication import palette
from atlas.publication.dashboard import design
from atlas.publication.dashboard.pictures import page_font
from atlas.publication.export import picture_name
from atlas.publication.export.picture import MapChoice, map_picture, page, svg_bytes
from atlas.publication.export.picture.page import lines_of, width_of
from atlas.publication.export.picture.png import png_bytes
from atlas.publication.export.picture.shapes import extract_of
from atlas.publication.seen import see
from atlas.publication.views.items import NEED
from atlas.publication.views.map import map_view
from atlas.publication.views.notes import credit_lines
from atlas.release import open_release
from atlas.terms import Group, Kind
from tests.context_town import write_context_town

SVG = "{http://www.w3.org/2000/svg}"
ASSETS = Path(design.__file__).parent / "assets"


def _choice(release, theme, kind, group=Group.ALL, **near):
    view = map_view(see(release, group), theme, kind)
    return MapChoice(kind, view, view.heading, palette.looks_of(view), **near)


def _svg(release, theme, kind, group=Group.ALL, **near):
    data = svg_bytes(map_picture(release, _choice(release, theme, kind, group, **near)))
    return ElementTree.fromstring(data)


def _texts(svg):
    return [element.text for element in svg.iter(f"{SVG}text")]


def _groups(svg):
    """Legend label to fill and number of areas."""
    return {
        group.find(f"{SVG}title").text: (group.get("fill"), len(group.findall(f"{SVG}path")))
        for group in svg.iter(f"{SVG}g")
    }


def test_city_around_the_areas_as_lines_and_names(tmp_path):
    release = open_release(write_context_town(tmp_path / "releases", tmp_path))
    bare = _svg(release, "density", Kind.QUARTIER)
    shown = _svg(release, "density", Kind.QUARTIER, layers=("gewaesser", "parks", "schulen"))
    strokes = [one.get("stroke") for one in shown.iter(f"{SVG}path") if one.get("d")]
    assert {"#5f8fa6", "#8fae8a"} <= set(strokes)
    assert "#57534b" not in strokes  # the railway is not wanted
    assert "#5f8fa6" not in [one.get("stroke") for one in bare.iter(f"{SVG}path")]
    assert {"NORD", "SÜD"} <= set(_texts(shown))
    assert any("Vermessungsamt" in text for text in _texts(shown))


@pytest.mark.parametrize("theme", [NEED, "sgb2_share"])
@pytest.mark.parametrize("kind", [Kind.DISTRICT, Kind.QUARTIER, Kind.BLOCK])
def test_every_area_is_drawn_as_its_legend_entry_says(release, kind, theme):
    view = map_view(see(release, Group.ALL), theme, kind)
    looks = palette.looks_of(view)
    groups = _groups(_svg(release, theme, kind))
    for at, (entry, look) in enumerate(zip(view.legend, looks, strict=True)):
        fill = f"url(#look-{at})" if look.hatch else look.fill
        assert groups[entry.label] == (fill, entry.count)


def test_long_name_of_the_atlas_stays_beside_the_marks(release):
    title = "Kleinräumiger Sozialatlas " * 6
    city = release.info.config.city.model_copy(update={"title": title})
    config = release.info.config.model_copy(update={"city": city})
    info = release.info.model_copy(update={"config": config})
    renamed = dataclasses.replace(release, info=info)
    picture = map_picture(renamed, _choice(renamed, NEED, Kind.QUARTIER))
    marks = min(words.x for words in picture.words if words.text == "Musterdaten")
    named = [words for words in picture.words if "Sozialatlas" in words.text]
    assert len(named) > 1
    assert all(words.x + width_of(words.text, words.size) <= marks for words in named)


def test_hidden_areas_are_hatched_and_their_value_is_nowhere(before, release):
    svg = _svg(release, "migration_share", Kind.QUARTIER, Group.U18)
    fill, count = _groups(svg)["geheim"]
    assert count == 2
    pattern = svg.find(f"{SVG}pattern[@id='{fill[5:-1]}']")
    assert pattern.find(f"{SVG}path") is not None
    # The year before has the same counts, and shows them.
    labels = map_view(see(before, Group.U18), "migration_share", Kind.QUARTIER).labels
    hidden = {labels[key] for key in ("13", "21") if labels[key]}
    assert hidden
    drawn = _svg(before, "migration_share", Kind.QUARTIER, Group.U18)
    assert hidden <= set(_texts(drawn))
    assert not any(value in text for value in hidden for text in _texts(svg))


def test_page_says_what_it_shows_from_when_and_whence(release):
    texts = _texts(_svg(release, "need", Kind.QUARTIER))
    page_text = " ".join(texts)
    assert "Handlungsbedarf · Alle · Quartiere · 31.12.2023" in texts
    assert "Stand 31.12.2023 · endgültig · Veröffentlichung 2023-12-31.1" in texts
    assert "Musterdaten" in texts
    for line in credit_lines(see(release)):
        assert line in page_text
    view = map_view(see(release, Group.ALL), "need", Kind.QUARTIER)
    for entry in view.legend:
        assert f"{entry.label} ({entry.count})" in page_text


def test_provisional_date_says_what_is_missing(provisional):
    page_text = " ".join(_texts(_svg(provisional, "need", Kind.QUARTIER)))
    assert "vorläufig" in page_text
    assert "SGB II fällt später an." in page_text


def test_unit_stands_in_the_heading(release):
    heading = "SGB-II-Quote · Alle · Quartiere · 31.12.2023 · Angaben in %"
    assert heading in " ".join(_texts(_svg(release, "sgb2_share", Kind.QUARTIER)))


def test_marked_area_is_named(release):
    near = _texts(_svg(release, "need", Kind.BLOCK, selected="11", focus="11"))
    assert any(text.endswith("umrandet: 11 Altstadt") for text in near)
    assert not any("umrandet" in text for text in _texts(_svg(release, "need", Kind.BLOCK)))


def test_extract_around_an_area_leaves_others_out(release):
    whole = _groups(_svg(release, "need", Kind.BLOCK))
    near = _groups(_svg(release, "need", Kind.BLOCK, selected="11", focus="11"))
    drawn = sum(count for _, count in near.values())
    assert 0 < drawn < sum(count for _, count in whole.values())


def test_nothing_is_drawn_outside_the_frame_of_the_map(release):
    svg = _svg(release, "need", Kind.BLOCK, selected="11", focus="11")
    frame = next(svg.iterfind(f"{SVG}rect[@fill='none']"))
    left, top = float(frame.get("x")), float(frame.get("y"))
    right, bottom = left + float(frame.get("width")), top + float(frame.get("height"))
    points = [
        (float(x), float(y))
        for path in svg.iterfind(f"{SVG}g/{SVG}path")
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))
    ]
    assert points
    assert all(left - 0.2 <= x <= right + 0.2 for x, _ in points)
    assert all(top - 0.2 <= y <= bottom + 0.2 for _, y in points)


def test_names_from_a_configuration_cannot_break_the_file(release):
    choice = _choice(release, "need", Kind.QUARTIER)
    evil = '<script>alert("x")</script> & \x0b Ende'
    named = MapChoice(choice.kind, choice.view, evil, choice.looks)
    data = svg_bytes(map_picture(release, named))
    assert b"<script" not in data
    svg = ElementTree.fromstring(data)
    assert any("<script>" in text for text in _texts(svg))


def test_png_is_an_a4_page_with_the_colours_of_the_map(release):
    choice = _choice(release, "need", Kind.QUARTIER)
    image = Image.open(io.BytesIO(png_bytes(map_picture(release, choice), page_font())))
    assert image.size == (2 * page.WIDTH_PX, 2 * page.HEIGHT_PX)
    assert round(image.info["dpi"][0]) == 192
    colours = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in image.getcolors(1 << 20)}
    view = choice.view
    shown = {
        look.fill
        for entry, look in zip(view.legend, choice.looks, strict=True)
        if not look.hatch
    }
    assert shown <= colours


def test_same_release_gives_the_same_bytes(release):
    first, second = (
        map_picture(release, _choice(release, "sgb2_share", Kind.BLOCK)) for _ in range(2)
    )
    assert svg_bytes(first) == svg_bytes(second)
    assert png_bytes(first, page_font()) == png_bytes(second, page_font())


def test_hatches_and_lines_are_those_of_the_interactive_map():
    script = (ASSETS / "atlas-map.js").read_text(encoding="utf-8")
    assert f'LINE = "{page.LINE}"' in script
    assert f' HATCH_LINE = "{page.HATCH_LINE}"' in script
    assert f'QUIET_HATCH_LINE = "{page.QUIET_HATCH_LINE}"' in script
    strokes = re.search(r"STROKES = \{(.*?)\};", script, re.DOTALL)[1]
    named = set(re.findall(r"^\s*(\w+):", strokes, re.MULTILINE))
    assert {*named, "dots"} == set(page.STROKES)


def test_extract_fits_into_its_window_with_north_up():
    extract = extract_of((1000.0, 2000.0, 3000.0, 3000.0), (0.0, 0.0, 420.0, 420.0), 10.0)
    assert extract.px_per_m == pytest.approx(0.2)
    corners = extract.on_page(np.array([[1000.0, 3000.0], [3000.0, 2000.0]]))
    assert corners.tolist() == [[10.0, 110.0], [410.0, 310.0]]


def test_lines_break_between_words():
    assert lines_of("eins zwei drei", 50.0, 10.0) == ["eins zwei", "drei"]
    assert lines_of("", 50.0, 10.0) == []


def test_name_of_the_file_says_theme_group_and_kind(release):
    view = map_view(see(release, Group.ALL), "need", Kind.QUARTIER)
    name = "karte-handlungsbedarf-alle-quartiere"
    assert picture_name(see(release), view.title) == name
    assert picture_name(see(release), view.title, "11") == f"{name}-11"
    # A key may hold what a file name must not.
    assert picture_name(see(release), view.title, 'Süd/"1"') == f"{name}-sued-1"
