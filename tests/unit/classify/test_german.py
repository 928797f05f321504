import pytest

from atlas.classify.german import (
    REASON_TEXTS,
    Words,
    enumeration,
    index_text,
    number_text,
    signed_text,
)
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, Reason


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234.5, 1, "1.234,5"),
        (12.25, 1, "12,3"),
        (-0.25, 1, "−0,3"),
        (-0.04, 1, "0,0"),
        (0.0, 0, "0"),
        (1e6, 0, "1.000.000"),
    ],
)
def test_numbers(value: float, digits: int, text: str) -> None:
    assert number_text(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.246, "+0,25"), (-0.246, "−0,25"), (0.004, "±0,00"), (-0.004, "±0,00")],
)
def test_signs(value: float, text: str) -> None:
    assert signed_text(value, 2) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.25, "0,25"), (0.0, "0,00"), (0.0004, "0,0004"), (-0.001, "−0,001")]
)
def test_an_index_close_to_0_does_not_read_as_0(value: float, text: str) -> None:
    assert index_text(value) == text


def test_enumeration() -> None:
    assert [enumeration(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a und b",
        "a, b und c",
    ]


def test_every_reason_has_words() -> None:
    assert set(REASON_TEXTS) == set(Reason)


def test_words_of_values_and_levels(words: Words) -> None:
    assert words.amount("sgb2_share", 12.34) == "12,3 %"
    assert words.amount("sgb2_share.change", 1.25) == "+1,3 Prozentpunkte"
    assert words.amount("density.change", -1.25) == "−1,3 je ha"
    assert words.name("density.change") == "Einwohnerdichte (Veränderung)"
    assert words.level(NEED_LEVEL, 4) == "Stufe 4 „hoher Handlungsbedarf“"
    assert words.level(DYNAMIC_LEVEL, 3) == "Dynamik 3 „negativ“"
