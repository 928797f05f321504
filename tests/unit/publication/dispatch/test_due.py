"""Which releases a subscriber still gets, by names alone."""

from datetime import date
from pathlib import Path

import pytest

from atlas.config import Rhythm
from atlas.publication.dispatch.due import due
from atlas.release.shelf import ReleaseRef


def _refs(*names: str) -> list[ReleaseRef]:
    parts = [name.split(".") for name in names]
    return [
        ReleaseRef(date.fromisoformat(day), int(number), Path(f"{day}.{number}"))
        for day, number in parts
    ]


WEEKS = ("2024-01-07.1", "2024-01-14.1", "2024-02-04.1", "2024-02-11.1", "2025-01-05.1")


@pytest.mark.parametrize(
    ("done", "rhythm", "expected"),
    [
        ((), Rhythm.EACH, WEEKS[-1:]),
        (WEEKS[:1], Rhythm.EACH, WEEKS[1:]),
        (WEEKS, Rhythm.EACH, ()),
        (WEEKS[2:3], Rhythm.EACH, WEEKS[3:]),
        (WEEKS[:1], Rhythm.MONTHLY, (WEEKS[2], WEEKS[4])),
        (WEEKS[:1], Rhythm.YEARLY, WEEKS[4:]),
        ((*WEEKS[:1], WEEKS[2]), Rhythm.MONTHLY, WEEKS[4:]),
    ],
)
def test_what_is_newer_is_due_once_per_span(done, rhythm, expected):
    assert tuple(ref.name for ref in due(_refs(*WEEKS), done, rhythm)) == expected


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_what_replaces_a_paper_goes_out_whatever_the_rhythm(rhythm):
    refs = _refs("2024-01-07.2", "2024-01-14.1")
    done = ("2024-01-07.1", "2024-01-14.1")
    assert [ref.name for ref in due(refs, done, rhythm)] == ["2024-01-07.2"]


def test_a_correction_of_what_was_never_had_is_not_sent():
    refs = _refs("2023-12-31.2", "2024-12-31.1")
    assert due(refs, ("2024-12-31.1",), Rhythm.EACH) == ()
