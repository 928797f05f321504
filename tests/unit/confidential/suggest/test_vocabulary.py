"""What heads of tables mean, and which of them mean something else."""

import pytest

from atlas.confidential.suggest.vocabulary import (
    age_band,
    bands_of_children,
    concept_of,
    is_of_children,
)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Einwohner", "residents"),
        ("Bevölkerung insgesamt", "residents"),
        ("Wohnberechtigte Bevölkerung", "residents"),
        ("Ins-\ngesamt", "residents"),
        ("EW", "residents"),
        ("Bevölkerung mit Migrations-hintergrund", "migrants"),
        ("Ausländerinnen und Ausländer", "foreigners"),
        ("RLB", "sgb2_recipients"),
        ("Leistungs-empfänger/-innen nach SGB II (Dez 2013)", "sgb2_recipients"),
        ("Arbeitslose (Dez 2013)", "unemployed"),
        ("Haushalte", "households"),
        ("residents_u18", "residents"),
        ("Unter 18-Jährige", "residents"),
        ("Unter 18-Jährige mit Migrations-hintergrund", "migrants"),
    ],
)
def test_heads_that_name_a_measure(text: str, concept: str) -> None:
    found = concept_of(text)
    assert found is not None
    assert found.id == concept


@pytest.mark.parametrize(
    "text",
    [
        "männlich",
        "Bevölkerung männlich",
        "Ausländeranteil in %",
        "Bevölkerungs-dichte",
        "65-Jährige und Ältere",
        "Haushalte mit Kindern",
        "Jüngere Arbeitslose",
        "Personen je Haushalt",
        "housing_benefit_households",
        "Fläche in km²",
        "Wanderungssaldo",
    ],
)
def test_heads_that_say_more_than_a_measure(text: str) -> None:
    assert concept_of(text) is None


def test_children_are_told_by_their_ages() -> None:
    assert is_of_children("RLB_U18")
    assert is_of_children("0 bis unter 18 Jahre")
    assert not is_of_children("18 bis 64")
    assert age_band("15 - < 18") == (15, 17)
    assert age_band("90 u. mehr") == (90, 999)


def test_bands_make_up_the_children_only_where_they_end_at_18() -> None:
    ages = ["00 - < 03", "03 - < 06", "06 - < 15", "15 - < 18", "18 - < 25"]
    assert bands_of_children(ages) == tuple(ages[:4])
    assert bands_of_children(["0 - 9", "10 - 19", "20 - 29"]) == ()
