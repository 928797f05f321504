"""A rectangle around points becomes conditions of the table of Quartiere."""

from atlas.publication.seen import see
from atlas.publication.views.point_choice import OPEN, ranges_of, with_ranges
from atlas.publication.views.selection import Span, read, select

IN_DISTRICT_1 = "district-1"


def _found(span, said):
    return select(span, read(span, said)[0]).area_ids


def test_a_rectangle_finds_the_points_inside_and_no_others(release):
    """Residents per hectare: 11 has 150, 12 has 100; percent migrants 45 and 25."""
    span = Span(see(release))
    said = with_ranges(span, "", {"density": (99.96, 151.2), "migration_share": (20, 30)})
    assert said == (
        "density-ab-100~density-bis-151.2~migration_share-ab-20~migration_share-bis-30"
    )
    assert _found(span, said) == {"12"}
    wider = with_ranges(span, said, {"density": (99.96, 151.2), "migration_share": (20, 45)})
    assert _found(span, wider) == {"11", "12"}


def test_what_was_drawn_is_read_back_and_taken_away_alone(release):
    span = Span(see(release))
    said = with_ranges(span, IN_DISTRICT_1, {"density": (-3.0, 120.04)})
    assert ranges_of(span, said) == {"density": (-3.0, 120.0)}
    assert said.startswith(IN_DISTRICT_1)
    assert with_ranges(span, said, {"density": OPEN}) == IN_DISTRICT_1


def test_one_end_may_be_open(release):
    span = Span(see(release))
    said = with_ranges(span, "", {"density": (None, 100.0)})
    assert said == "density-bis-100"
    assert ranges_of(span, said) == {"density": (None, 100.0)}
