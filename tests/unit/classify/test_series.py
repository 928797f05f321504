import hashlib

import numpy as np

from atlas.classify.series import numbers_from, orders_of, series_of


def test_the_published_numbers_of_splitmix64() -> None:
    """First outputs for the seed 0, as in the authors' reference program."""
    numbers = numbers_from(np.array([0], dtype=np.uint64), 3)
    assert [hex(int(one)) for one in numbers[0]] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
        "0x6c45d188009454f",
    ]


def test_a_text_starts_its_series() -> None:
    start = int.from_bytes(hashlib.sha256("1|zufall|Köln|x".encode()).digest()[:8], "big")
    expected = numbers_from(np.array([start], dtype=np.uint64), 5)
    assert (series_of(["1|zufall|Köln|x"], 5) == expected).all()


def test_every_place_once_and_no_two_series_alike() -> None:
    first, second = orders_of(["a", "b"], 1000)
    assert sorted(first) == sorted(second) == list(range(1000))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.1
