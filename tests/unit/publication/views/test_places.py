"""What a reader may look for, and how it is written."""

import pytest

from atlas.publication.seen import Seen, see
from atlas.publication.views.places import (
    directory_of,
    key_of,
    place_named,
    place_text,
    points_inside,
)
from atlas.release import Release, open_release
from atlas.terms import Group
from tests.context_town import write_context_town


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    directory = tmp_path_factory.mktemp("places")
    return see(open_release(write_context_town(directory / "releases", directory)))


def _labels(seen: Seen, text: str) -> list[str]:
    return [goal.label for goal in directory_of(seen).find(text)]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("12", ["12 Äußere Vorstadt"]),
        ("äußere vorstadt", ["12 Äußere Vorstadt"]),
        ("aeussere", ["12 Äußere Vorstadt"]),
        ("Aussere Vorst", ["12 Äußere Vorstadt"]),
        ("vorstadt äußere", ["12 Äußere Vorstadt"]),
        ("süd", ["Stadtbezirk 2 Süd"]),
        ("Stadtbezirk Nord", ["Stadtbezirk 1 Nord"]),
        ("Hafen", ["22 Hafen"]),
        ("hafeng", ["Hafengasse – 22 Hafen"]),
        ("Lange Str.", ["Lange Straße – 11 Altstadt", "Lange Straße – 12 Äußere Vorstadt"]),
        ("lange strasse altstadt", ["Lange Straße – 11 Altstadt"]),
        ("kita ubermut", ["Kita Übermut – 11 Altstadt"]),
        ("schule", ["Schule <b>am Markt</b> – 12 Äußere Vorstadt", "Hafenschule – 22 Hafen"]),
        ("gibt es nicht", []),
        ("  ", []),
        ("–", []),
    ],
)
def test_found_however_it_is_written(seen: Seen, text: str, labels: list[str]) -> None:
    assert _labels(seen, text) == labels


def test_list_has_areas_first_and_every_label_once(seen: Seen) -> None:
    labels = list(directory_of(seen).goals)
    assert labels[:2] == ["11 Altstadt", "12 Äußere Vorstadt"]
    assert labels[6:8] == ["Stadtbezirk 1 Nord", "Stadtbezirk 2 Süd"]
    assert len(labels) == 6 + 2 + 3 + 3
    assert directory_of(seen.through(Group.U18)) is directory_of(seen)


def test_place_of_an_address(seen: Seen) -> None:
    (goal,) = directory_of(seen).find("hafengasse")
    assert goal.place is not None
    assert key_of(goal.place) == ":22:Hafengasse"
    assert place_named(seen, ":22:Hafengasse") is goal.place
    assert place_named(seen, ":11:Hafengasse") is None
    assert place_text(seen, goal.place) == "Hafengasse (Straße) liegt in 22 Hafen."


def test_points_of_a_quartier_by_what_they_are(seen: Seen) -> None:
    assert points_inside(seen, "22", ["schulen", "kitas"]) == {"Schulen": ["Hafenschule"]}
    assert points_inside(seen, "22", ["kitas"]) == {}


def test_city_without_context_has_its_areas(release: Release) -> None:
    assert len(directory_of(see(release)).goals) == 8
