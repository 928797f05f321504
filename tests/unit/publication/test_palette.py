import pytest

from atlas.publication import palette
from atlas.publication.views.legend import LegendEntry
from atlas.terms import Status

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


@pytest.mark.parametrize("colours", [palette.LEVEL_COLOURS, palette.CLASS_COLOURS])
def test_palettes_darken_in_steps_that_show_in_grey(colours: tuple[str, ...]) -> None:
    tones = [_lightness(colour) for colour in colours]
    steps = [light - dark for light, dark in zip(tones, tones[1:], strict=False)]
    assert min(steps) > _VISIBLE_STEP


@pytest.mark.parametrize(
    "fill", [*palette.LEVEL_COLOURS, *palette.CLASS_COLOURS, *palette.DYNAMIC_COLOURS]
)
def test_numbers_are_readable_on_every_colour(fill: str) -> None:
    assert _contrast(fill, palette.ink_on(fill)) >= 4.5  # WCAG's limit for text of any size


@pytest.mark.parametrize("colours", [palette.LEVEL_COLOURS, palette.CLASS_COLOURS])
def test_border_between_two_areas_of_one_colour_is_seen(colours: tuple[str, ...]) -> None:
    for fill in colours:
        line = "#ffffff" if palette.ink_on(fill) == "#ffffff" else "#4a463f"
        assert _contrast(fill, line) >= 3.0


def test_three_signs_stand_for_all_that_has_no_figure() -> None:
    states = [one for one in Status if one not in _SHOWN]
    looks = {one: palette.look_of("level", LegendEntry(0, one, "", 0)) for one in states}
    assert {look.fill for look in looks.values()} == {palette.PAPER}
    assert {look.hatch for look in looks.values()} == {"diagonal", "dots", "lines"}
    assert [one for one in states if looks[one].hatch == "lines"] == [Status.UNINHABITED]
