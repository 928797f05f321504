"""Posts for schools: claims by pupils and index, gaps named, locks, sums, a map of spots."""

import pytest

from atlas.classify import Plan
from atlas.errors import AtlasError
from atlas.publication import palette
from atlas.publication.export.picture import spot_map, svg_bytes
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import Seen, see
from atlas.publication.views import school_posts
from atlas.publication.views.plan_map import plan_map
from atlas.publication.views.plan_table import PlanView
from atlas.publication.views.present_posts import read_present
from atlas.publication.views.school_posts import school_layers, school_plan, schools_of
from atlas.publication.views.table import value_of
from atlas.release import Release, School, open_release
from tests.context_town import write_context_town


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    directory = tmp_path_factory.mktemp("schools")
    return see(open_release(write_context_town(directory / "releases", directory)))


@pytest.fixture
def more(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Two schools more: without pupils, and without an index."""
    found = school_posts._schools(seen, "schulen")
    spot = found[0].position
    gaps = (
        School("schulen", "S3", "Waldschule", "21", spot, None, 2),
        School("schulen", "S4", "S4", "21", spot, 50, None),
    )
    monkeypatch.setattr(school_posts, "_schools", lambda seen, layer: (*found, *gaps))
    return seen


def _plan(seen: Seen, plan: Plan, text: str = "") -> PlanView:
    (layer,) = school_layers(seen)
    present = read_present(schools_of(seen, layer).titles, text)
    return school_plan(seen, layer, plan, present)


def _columns(view: PlanView, *ids: str) -> dict[str, list[str]]:
    places = [view.table.place_of(one) for one in ids]
    return {row[0]: [row[at] for at in places] for row in rows_of(view.table)}


def test_posts_by_hand(seen: Seen) -> None:
    """Claims 200 × 3 and 100 × 6 are the same: of 9 posts the higher index has one more."""
    view = _plan(seen, Plan(posts=9))
    assert _columns(view, "quartier", "pupils", "social_index", "quota", "posts") == {
        "S1": ["12 Äußere Vorstadt", "200", "3", "4,50", "4"],
        "S2": ["22 Hafen", "100", "6", "4,50", "5"],
    }
    assert view.summary == (
        "9 Stellen; Schulen mit Stellen: 2 von 2. Maßstab: Schüler*innen × Sozialindex, "
        "größte Reste (Hare/Niemeyer)."
    )
    assert view.left_out == ""
    assert _columns(view, "reason")["S1"] == [
        "200 Schüler*innen × Sozialindex 3: rechnerisch 4,50 Stellen, zugeteilt 4 "
        "(größte Reste (Hare/Niemeyer))."
    ]
    assert ("Schulen", "Vermessungsamt Musterstadt") in view.settings.rows


def test_the_basis_of_areas_says_nothing_of_schools(seen: Seen) -> None:
    assert _plan(seen, Plan(posts=9, by="index")) == _plan(seen, Plan(posts=9))


def test_least_index_floor_and_half_posts(seen: Seen) -> None:
    view = _plan(seen, Plan(posts=2, step=0.5, floor=0.5, least_level=4))
    assert _columns(view, "posts", "reason") == {
        "S1": ["0,00", "Sozialindex 3 liegt unter dem Mindestindex 4."],
        "S2": [
            "2,00",
            "100 Schüler*innen × Sozialindex 6: rechnerisch 2,00 Stellen, zugeteilt 2,00 "
            "(größte Reste (Hare/Niemeyer)).",
        ],
    }
    assert ("Mindestindex", "4") in view.settings.rows


def test_posts_that_are_there_and_stay(seen: Seen) -> None:
    view = _plan(seen, Plan(posts=9), "S1 Schule am Markt 7 fest\nS2 3")
    assert _columns(view, "posts", "present", "more", "reason") == {
        "S1": ["7", "7", "±0", "Fest: bleibt bei 7."],
        "S2": ["2", "3", "−1", _columns(view, "reason")["S2"][0]],
    }
    assert [value_of(entry) for entry in view.sums[-4:-1]] == [9, 10, -1]
    assert len(view.sums) == len(view.table.fields)


def test_what_is_not_known_is_named_and_never_guessed(more: Seen) -> None:
    """The others get what they get without these two."""
    view = _plan(more, Plan(posts=9))
    assert _columns(view, "posts", "pupils", "social_index") == {
        "S1": ["4", "200", "3"],
        "S2": ["5", "100", "6"],
        "S3": ["–", "–", "2"],
        "S4": ["–", "50", "–"],
    }
    assert view.left_out == (
        "Nicht beteiligt, von Hand zu entscheiden (2): S3 Waldschule und S4."
    )
    reasons = _columns(view, "reason")
    assert reasons["S3"] == [
        "Zahl der Schüler*innen liegt nicht vor: über diese Schule ist von Hand zu entscheiden."
    ]
    assert reasons["S4"] == [
        "Sozialindex liegt nicht vor: über diese Schule ist von Hand zu entscheiden."
    ]


def test_impossible_plans_are_refused_in_words_that_fit_schools(seen: Seen) -> None:
    with pytest.raises(AtlasError, match="niemand hat einen Anspruch"):
        _plan(seen, Plan(posts=9, least_level=7))
    with pytest.raises(AtlasError, match="keine Nummer dieses Stichtags"):
        _plan(seen, Plan(posts=9), "11 2")


def test_least_indices_reach_to_the_highest(seen: Seen) -> None:
    (layer,) = school_layers(seen)
    found = schools_of(seen, layer)
    assert list(found.least) == ["0", *"123456"]
    assert found.titles == {"S1": "S1 Schule <b>am Markt</b>", "S2": "S2 Hafenschule"}
    assert found.about.endswith("Quelle: Vermessungsamt Musterstadt.")


def test_a_spot_lies_where_the_school_is(seen: Seen) -> None:
    (layer,) = school_layers(seen)
    receivers = schools_of(seen, layer)
    found = plan_map(receivers, _plan(seen, Plan(posts=9)))
    assert found.title == "Stellen je Schule"
    assert found.labels == {"S1": "4", "S2": "5"}
    looks = [palette.class_look(found.steps[key]) for key in ("S1", "S2")]
    spots = tuple(zip((receivers.places[key] for key in ("S1", "S2")), looks, strict=True))
    picture = spot_map(seen.release, "Stellen", spots)
    areas, *above = picture.layers
    assert len(areas.areas) == 6
    middles = [
        [sum(one) / len(ring) for one in zip(*ring, strict=True)]
        for layer in above
        for ((ring,),) in layer.areas
    ]
    # 600 by 200 m on 612 px; 100 m apart to the east, 110 to the north, each to a metre.
    (west, low), (east, high) = sorted(middles)
    assert east - west == pytest.approx(100 * 612 / 600, abs=1.5)
    assert low - high == pytest.approx(110 * 612 / 600, abs=1.5)
    assert svg_bytes(picture) == svg_bytes(spot_map(seen.release, "Stellen", spots))


def test_a_city_without_pupils_has_areas_alone(release: Release) -> None:
    assert school_layers(see(release)) == ()
