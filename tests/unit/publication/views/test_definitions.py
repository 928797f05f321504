from atlas.publication.seen import see
from atlas.publication.views.definitions import (
    definition_of,
    definitions_of,
    dictionary_table,
)
from atlas.terms import Group


def _terms(seen, theme):
    return {term.name: term.text for term in definition_of(seen, theme)}


def test_rate_says_what_is_counted_and_by_what_it_is_divided(release):
    found = _terms(see(release), "sgb2_share")
    config = release.info.config.indicators
    assert found["Gezählt"].startswith(config.measures["sgb2"].label)
    assert found["Geteilt durch"].startswith(config.measures["residents"].label)
    assert found["Stichtag"] == "31.12.2023, endgültig"


def test_children_have_their_age(release):
    found = _terms(see(release).through(Group.U18), "sgb2_share")
    assert found["Bezugsgruppe"] == "Kinder und Jugendliche (unter 18 Jahren)"


def test_density_is_divided_by_the_area(release):
    assert "Hektar" in _terms(see(release), "density")["Geteilt durch"]


def test_need_names_its_indicators(release):
    seen = see(release)
    labels = [seen.config.indicators.indicators["sgb2_share"].label]
    assert all(label in _terms(seen, "need")["Gerechnet aus"] for label in labels)


def test_every_indicator_of_the_city_stands_in_the_dictionary(release):
    seen = see(release)
    every = seen.config.indicators.indicators.values()
    assert [row[0] for row in dictionary_table(seen).rows] == [one.label for one in every]
    assert {term.name for term in definitions_of(seen)} <= {one.label for one in every}
