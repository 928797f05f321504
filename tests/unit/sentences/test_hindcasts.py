import pytest

from atlas.sentences import hindcast_sentence


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (
            (436, 9, 8),
            "Von 436 vorläufigen Stufen wären 9 falsch gewesen, 8 davon als unsicher "
            "gekennzeichnet.",
        ),
        (
            (69, 1, 0),
            "Von 69 vorläufigen Stufen wäre 1 falsch gewesen, keine davon als unsicher "
            "gekennzeichnet.",
        ),
        ((69, 0, 0), "Von 69 vorläufigen Stufen wäre keine falsch gewesen."),
        ((1, 1, None), "Von 1 vorläufigen Stufe wäre 1 falsch gewesen."),
        (
            (1436, 1009, 8),
            "Von 1.436 vorläufigen Stufen wären 1.009 falsch gewesen, 8 davon als unsicher "
            "gekennzeichnet.",
        ),
    ],
)
def test_hindcast_sentence(figures: tuple[int, int, int | None], text: str) -> None:
    assert hindcast_sentence(*figures) == text
