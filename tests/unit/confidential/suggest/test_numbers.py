"""How a table writes its numbers is told by the numbers."""

import pytest

from atlas.confidential.suggest.numbers import Spelling, find_marks, find_spelling


@pytest.mark.parametrize(
    ("texts", "decimal", "thousands"),
    [
        (["12", "1234"], ",", ""),
        (["1.234", "12", "999"], ",", "."),
        (["1.234", "1234"], ".", ""),  # a point that parts three digits beside a long number
        (["0.123", "12"], ".", ""),
        (["1.234,5", "12,0"], ",", "."),
        (["1,234.5"], ".", ","),
        (["1 234", "12"], ",", " "),
        (["1'234", "12"], ",", "'"),
        (["3776.0", "12.0"], ".", ""),
        (["12,3 %", "4,5 %"], ",", ""),
    ],
)
def test_signs_of_numbers(texts: list[str], decimal: str, thousands: str) -> None:
    found = find_spelling([texts])
    assert (found.decimal, found.thousands) == (decimal, thousands)


def test_letters_and_brackets_tell_quality() -> None:
    assert find_spelling([["123 e", "45", "(6)"]]).signs == ("()", "e")
    assert Spelling(",", "", ("()", "e")).number("(6)") == 6
    assert Spelling(",", "", ("()", "e")).number("123 e") == 123


def test_marks_mean_what_the_norm_says_and_the_rest_is_unsure() -> None:
    found = find_marks([["1", "-", "*", "x", "k. A.", "", "-9999"]], Spelling())
    assert found.withheld == ("*",)
    assert found.zero == ("-",)
    assert found.none == ("", "-9999", "k. A.", "x")
    assert len(found.doubts) == 2  # the empty cell and „k. A.“


def test_a_long_text_among_numbers_is_no_mark() -> None:
    found = find_marks([["1", "siehe die Erläuterungen im Anhang"]], Spelling())
    assert found.none == ()
