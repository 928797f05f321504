from dataclasses import replace

import pytest

from atlas.publication.dashboard import design
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.areas import area_table
from atlas.publication.views.comparison import beside_each_other
from atlas.publication.views.items import NEED
from atlas.publication.views.legend import LegendEntry
from atlas.publication.views.map import map_view
from atlas.publication.views.profile import Card, Fact
from atlas.publication.views.table import Field, Table
from atlas.release import Release
from atlas.terms import Group, Kind, Status

_SHOWN = (Status.PUBLISHED, Status.ESTIMATED)
_VISIBLE_STEP = 8.0  # lightness L*, of 100


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _lightness(colour: str) -> float:
    return 116 * _luminance(colour) ** (1 / 3) - 16


@pytest.mark.parametrize("palette", [design.LEVEL_COLOURS, design.CLASS_COLOURS])
def test_palettes_darken_in_steps_that_show_in_grey(palette: tuple[str, ...]) -> None:
    tones = [_lightness(colour) for colour in palette]
    steps = [light - dark for light, dark in zip(tones, tones[1:], strict=False)]
    assert min(steps) > _VISIBLE_STEP


@pytest.mark.parametrize(
    "fill", [*design.LEVEL_COLOURS, *design.CLASS_COLOURS, *design.DYNAMIC_COLOURS]
)
def test_numbers_are_readable_on_every_colour(fill: str) -> None:
    assert _contrast(fill, design.ink_on(fill)) >= 4.5  # WCAG's limit for text of any size


@pytest.mark.parametrize("palette", [design.LEVEL_COLOURS, design.CLASS_COLOURS])
def test_border_between_two_areas_of_one_colour_is_seen(palette: tuple[str, ...]) -> None:
    for fill in palette:
        line = "#ffffff" if design.ink_on(fill) == "#ffffff" else "#4a463f"
        assert _contrast(fill, line) >= 3.0


def test_three_signs_stand_for_all_that_has_no_figure() -> None:
    states = [one for one in Status if one not in _SHOWN]
    looks = {one: design.look_of("level", LegendEntry(0, one, "", 0)) for one in states}
    assert {look.fill for look in looks.values()} == {design.PAPER}
    assert {look.hatch for look in looks.values()} == {"diagonal", "dots", "lines"}
    assert [one for one in states if looks[one].hatch == "lines"] == [Status.UNINHABITED]


def test_legend_of_another_map_says_what_the_first_does_not(release: Release) -> None:
    need, share = (
        map_view(see(release, Group.ALL), theme, Kind.QUARTIER)
        for theme in (NEED, "sgb2_share")
    )
    assert design.other_legend_html(need, need, "31.12.2022") == ""
    other = design.other_legend_html(share, need, "SGB-II-Quote")
    assert 'aria-label="Legende: SGB-II-Quote"' in other
    assert other.count("<li>") == len(share.legend)
    later = replace(need, legend=(*need.legend, LegendEntry(0, Status.MISSING, "später", 3)))
    more = design.other_legend_html(later, need, "31.12.2024")
    assert more.count("<li>") == 1
    assert "später" in more


def test_legend_names_number_symbol_and_count(release: Release) -> None:
    view = map_view(see(release, Group.ALL), NEED, Kind.QUARTIER)
    html = design.legend_html(view)
    assert "hoher Handlungsbedarf" in html
    assert 'aria-label="Legende"' in html
    assert html.count("<li>") == len(view.legend)


def test_table_has_caption_scopes_and_marks_rows(release: Release) -> None:
    table = area_table(see(release, Group.ALL), Kind.QUARTIER)
    html = design.table_html(table)
    assert html.count('scope="row"') == len(rows_of(table))
    assert html.count('scope="col"') == len(table.on_page().fields)
    assert "<caption>" in html
    assert 'data-row="11"' in html


def test_levels_carry_their_colour_in_rows_too(release: Release) -> None:
    table = beside_each_other(see(release, Group.ALL), ("11", "22"))
    html = design.table_html(table)
    assert html.count('<span class="level">') == 1
    assert design.level_chip(4, "hoher Handlungsbedarf") in html


def test_text_is_escaped() -> None:
    evil = '<img src=x onerror="alert(1)">'
    column = Field("a", evil, is_number=True)
    table = Table(evil, (column, column), ((evil, evil),))
    card = Card(evil, evil, None, evil, evil, evil, (Fact(evil, evil, evil),))
    for html in (design.table_html(table), design.card_html(card), design.level_chip(1, evil)):
        assert "<img" not in html
