import pytest

from atlas.config import find_city_dir, load_city
from atlas.publication.seen import see
from atlas.publication.views.areas import area_table
from atlas.publication.views.definitions import (
    built_in_terms,
    caution_of,
    column_terms,
    definition_of,
    definitions_of,
    dictionary_table,
)
from atlas.publication.views.remarks import method_markdown, remarks_table
from atlas.terms import Group, Kind


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


def city_indicators(city):
    return load_city(find_city_dir(city)).indicators.indicators


@pytest.mark.parametrize(("city", "is_said"), [("wuppertal", True), ("flensburg", False)])
def test_rate_over_all_residents_is_said_not_to_be_that_of_the_ba(city, is_said):
    one = city_indicators(city)["sgb2_share"]
    assert (
        "Nicht die SGB-II-Quote der Bundesagentur" in caution_of("sgb2_share", one)
    ) == is_said


def test_own_words_of_a_city_come_first():
    one = city_indicators("wuppertal")["density"]
    assert "Wald" in caution_of("density", one)
    own = one.model_copy(update={"caution": "Nichts über Höhe."})
    assert caution_of("density", own) == "Nichts über Höhe."


def test_release_of_a_city_that_says_nothing_stays_as_it_was():
    one = city_indicators("wuppertal")["density"]
    assert "caution" not in one.model_dump()


def test_every_term_stands_once(release):
    seen = see(release)
    names = [term.name for term in (*built_in_terms(seen), *definitions_of(seen))]
    assert len(names) == len(set(names))
    told = " ".join(term.text for term in built_in_terms(seen))
    assert "Kinder und Jugendliche (unter 18 Jahren)" in told


def test_columns_of_a_table_are_all_explained(release):
    seen = see(release)
    fields = area_table(seen, Kind.QUARTIER).on_page().fields
    found = {term.name for term in column_terms(seen, fields)}
    assert {one.label for one in fields if one.item and one.item.definition} <= found


def test_method_has_no_ids_and_no_second_list_of_indicators(release):
    told = method_markdown(see(release))
    assert "`" not in told
    assert "sgb2_share" not in told
    assert "zu wenige Einwohner\\*innen (insgesamt unter 50)" in told
    assert "## Indikatoren" not in told
    assert "## Handlungsbedarf" in told
    assert "## Geheimhaltung" in told


def test_files_say_what_is_counted_and_how_old_children_are(release):
    rows = {row[:2]: row[2] for row in remarks_table(see(release)).rows}
    assert "Geteilt durch: " in rows["Definitionen", "SGB-II-Quote"]
    children = ("Bezugsgruppen", "Kinder und Jugendliche")
    assert rows[children] == "Kinder und Jugendliche (unter 18 Jahren)"
