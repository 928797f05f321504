from dataclasses import replace

import pytest

from atlas.publication import views
from atlas.release import Release
from atlas.terms import Group


def test_strip_lays_every_shown_value_between_the_lowest_and_the_highest(
    release: Release,
) -> None:
    """Residents per ha: 150, 100, 50, 50 and 6; 23 is uninhabited."""
    found = views.strips_of(release, "12", Group.ALL)
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
    found = views.strips_of_many(release, ("13", "11"), Group.U18)
    strip = next(one for one in found.strips if "Migration" in one.label)
    assert {tick.name for tick in strip.ticks}.isdisjoint({"13 Bahnhof", "21 Waldheim"})
    assert [mark.name for mark in strip.marks] == ["11 Altstadt"]
    assert "13 Bahnhof geheim;" in strip.summary


def test_district_without_any_value_is_left_out(release: Release) -> None:
    cells = release.cells
    bare = replace(release, cells=cells[cells["kind"] != "district"])
    assert views.strips_of(bare, "12", Group.ALL).names == ("12 Äußere Vorstadt", "Musterstadt")


def test_values_that_do_not_differ_make_no_strip(provisional: Release) -> None:
    """SGB II is not there yet."""
    found = views.strips_of(provisional, "11", Group.ALL)
    assert [strip.label for strip in found.strips] == [
        "Einwohnerdichte",
        "Anteil mit Migrationshintergrund",
    ]


def test_unknown_area(release: Release) -> None:
    with pytest.raises(KeyError):
        views.strips_of(release, "99", Group.ALL)
