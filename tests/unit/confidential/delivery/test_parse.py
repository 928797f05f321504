import hashlib
import hmac
import math

import pyarrow as pa
import pytest

from atlas.confidential.delivery.parse import (
    NumberFormat,
    common_width,
    encode,
    hash_keys,
    is_mark,
    pad_keys,
    read_marks,
)

GERMAN = NumberFormat(",", "")
GROUPED = NumberFormat(",", ".")
ENGLISH = NumberFormat(".", "")


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        ("0", GERMAN, 0.0),
        ("-0", GERMAN, 0.0),
        ("007", GERMAN, 7.0),
        ("+5", GERMAN, 5.0),
        ("\u20133,25", GERMAN, -3.25),
        ("\u20115", GERMAN, -5.0),
        ("3,25", GERMAN, 3.25),
        ("-3,25", GERMAN, -3.25),
        ("3776.0", ENGLISH, 3776.0),
        ("1.234", GROUPED, 1234.0),
        ("1.234.567,5", GROUPED, 1234567.5),
        ("1234", GROUPED, 1234.0),
    ],
)
def test_number(text: str, numbers: NumberFormat, expected: float) -> None:
    assert numbers.parse(text) == expected
    assert math.copysign(1, numbers.parse(text)) == math.copysign(1, expected)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.234", GERMAN),
        ("12.34", GROUPED),
        ("1.2345", GROUPED),
        ("1234.567", GROUPED),
        (".5", ENGLISH),
        ("5.", ENGLISH),
        ("1e5", ENGLISH),
        ("nan", ENGLISH),
        ("inf", ENGLISH),
        ("1_000", ENGLISH),
        ("0x10", ENGLISH),
        ("１２", ENGLISH),
        ("", ENGLISH),
        ("-", ENGLISH),
        ("9" * 400, ENGLISH),
    ],
)
def test_no_number(text: str, numbers: NumberFormat) -> None:
    assert math.isnan(numbers.parse(text))


def test_mark_is_the_text_or_the_same_number() -> None:
    marks = read_marks(("-9999", "*", ""))
    assert is_mark("-9999", marks)
    assert is_mark("-9999.0", marks)
    assert is_mark("*", marks)
    assert is_mark("", marks)
    assert not is_mark("-999", marks)
    assert not is_mark("**", marks)
    assert not is_mark("abc", marks)


def test_keys_are_padded_where_they_are_numbers() -> None:
    keys = pa.array(["1", "0101", "NA", "12345", ""], pa.large_string())
    assert pad_keys(keys, 4).to_pylist() == ["0001", "0101", "NA", "12345", ""]
    assert pad_keys(keys, 0).to_pylist() == keys.to_pylist()


def test_common_width_is_said_only_where_it_is_certain() -> None:
    assert common_width(frozenset({"0101", "0203"})) == 4
    assert common_width(frozenset({"0101", "NA01"})) == 0
    assert common_width(frozenset({"0101", "12"})) == 0
    assert common_width(frozenset()) == 0


def test_empty_key_is_missing_and_not_the_hash_of_nothing() -> None:
    hashes = hash_keys(pa.array(["K1", "", "K1"], pa.large_string()), b"secret").to_pylist()
    expected = hmac.new(b"secret", b"K1", hashlib.sha256).hexdigest()
    assert hashes == [expected, None, expected]


def test_encode_keeps_rows_and_distinct_texts() -> None:
    coded = encode(pa.array(["b", "a", "b"], pa.large_string()))
    assert [coded.texts[code] for code in coded.codes] == ["b", "a", "b"]
    assert coded.where(lambda text: text == "b").tolist() == [True, False, True]
