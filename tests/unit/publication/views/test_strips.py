from dataclasses import replace

import pytest

from atlas.publication.seen import see
from atlas.publication.views.spread import strips_of, strips_of_many
from atlas.release import Release
from atlas.terms import Group


def test_strip_lays_every_shown_value_between_the_lowest_and_the_highest(
    release: Release,
) -> None:
    """Residents per ha: 150, 100, 50, 50 and 6; 23 is uninhabited."""
    found = strips_of(see(release, Group.ALL), "12")
    assert found.names == ("12 Äußere Vorstadt", "Stadtbezirk Nord", "Musterstadt")
    strip = found.strips[0]
    assert (strip.label, strip.lowest, strip.highest) == (
        "Einwohnerdichte",
        "6,0 je ha",
        "150,0 je ha",
    )
    assert {tick.name: tick.place for tick in strip.ticks} == pytest.approx(
        {
            "11 Altstadt": 1.0,
            "12 Äußere Vorstadt": 94 / 144,
            "13 Bahnhof": 44 / 144,
            "21 Waldheim": 44 / 144,
            "22 Hafen": 0.0,
        }
    )
    assert [mark.text for mark in strip.marks] == ["100,0 je ha", "100,0 je ha", "59,3 je ha"]
    assert strip.summary == (
        "Einwohnerdichte: 12 Äußere Vorstadt 100,0 je ha, Rang 2 von 5; Stadtbezirk Nord "
        "100,0 je ha; Musterstadt 59,3 je ha."
    )


def test_hidden_value_is_no_tick_and_no_mark(release: Release) -> None:
    found = strips_of_many(see(release, Group.U18), ("13", "11"))
    strip = next(one for one in found.strips if "Migration" in one.label)
    assert {tick.name for tick in strip.ticks}.isdisjoint({"13 Bahnhof", "21 Waldheim"})
    assert [mark.name for mark in strip.marks] == ["11 Altstadt"]
    assert "13 Bahnhof geheim;" in strip.summary


def test_district_without_any_value_is_left_out(release: Release) -> None:
    cells = release.cells
    bare = replace(release, cells=cells[cells["kind"] != "district"])
    assert strips_of(see(bare, Group.ALL), "12").names == ("12 Äußere Vorstadt", "Musterstadt")


def test_values_that_do_not_differ_make_no_strip(provisional: Release) -> None:
    """SGB II is not there yet."""
    found = strips_of(see(provisional, Group.ALL), "11")
    assert [strip.label for strip in found.strips] == [
        "Einwohnerdichte",
        "Anteil mit Migrationshintergrund",
    ]


def test_unknown_area(release: Release) -> None:
    with pytest.raises(KeyError):
        strips_of(see(release, Group.ALL), "99")
