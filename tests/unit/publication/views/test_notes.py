import dataclasses

from atlas.publication.seen import see
from atlas.publication.views.map import map_view
from atlas.publication.views.notes import (
    block_note,
    block_note_of,
    block_tables,
    credit_lines,
    excess_note,
    release_notes,
)
from atlas.publication.views.remarks import method_markdown, remarks_table, symbols_of
from atlas.release.method import method_text
from atlas.terms import Group, Kind, Status


def test_notes_say_sample_data_and_whose_rule_it_is(release):
    notes = release_notes(see(release))
    assert notes.badges == ("Musterdaten", "Einstufung des Programms, nicht der Stadt")
    assert (notes.day, notes.state, notes.name) == ("31.12.2023", "endgültig", "2023-12-31.1")
    assert notes.missing == ""


def test_provisional_release_says_what_is_missing(provisional):
    assert release_notes(see(provisional)).missing == "SGB II fällt später an."


def test_adopted_city_with_real_data_has_no_badge(release):
    city = release.info.config.city.model_copy(
        update={"sample_data": False, "is_adopted": True}
    )
    config = release.info.config.model_copy(update={"city": city})
    info = release.info.model_copy(update={"config": config})
    assert release_notes(see(dataclasses.replace(release, info=info))).badges == ()


def test_block_tables_are_counted_per_measure_and_group(release):
    counted = {(one.measure, one.group): one for one in block_tables(see(release))}
    hidden = counted["mit Migrationshintergrund", "Alle Einwohner*innen"]
    assert (hidden.shown, hidden.total, hidden.hidden_cells, hidden.cells) == (5, 6, 2, 12)
    # SGB II is not delivered for blocks: no table, so none hidden.
    assert {measure for measure, _ in counted} == {
        "Einwohner*innen",
        "mit Migrationshintergrund",
    }


def test_block_note_says_how_many_and_why(release):
    assert block_note(see(release)) == (
        "Baublöcke: 23 von 24 Tabellen (eine je Quartier, Kennzahl und Bezugsgruppe) sind "
        "gezeigt. In den übrigen wären einzelne Werte geheim (Anzahlen von 1 bis 2), deshalb "
        "ist dort die ganze Tabelle geheim."
    )


def test_block_note_of_a_release_without_hidden_cells(before):
    assert block_note(see(before)) == "Baublöcke: alle Werte sind gezeigt."


def test_block_note_counts_cells_where_cells_are_hidden_one_by_one(release):
    rules = release.info.config.protection.model_copy(update={"scope": "cell"})
    config = release.info.config.model_copy(update={"protection": rules})
    info = release.info.model_copy(update={"config": config})
    note = block_note(see(dataclasses.replace(release, info=info)))
    assert note.startswith("Baublöcke: 2 von 48 Werten sind geheim")


def _with_rules(release, **changes):
    rules = release.info.config.protection.model_copy(update=changes)
    config = release.info.config.model_copy(update={"protection": rules})
    info = release.info.model_copy(update={"config": config})
    return dataclasses.replace(release, info=info)


def test_large_shares_that_blocks_do_not_show_are_said_where_they_count(release):
    asked = see(_with_rules(release, scope="cell", homogeneity={"migrants": 95}))
    limit = "weil sie Anzahlen von 1 bis 2 oder Anteile ab 95 % wären"
    assert limit in block_note(asked)
    assert limit in block_note_of(see(asked.release, Group.ALL), "migration_share")
    other = see(_with_rules(release, scope="cell", homogeneity={"residents": 95}))
    assert "Anteile ab" not in block_note_of(see(other.release, Group.ALL), "migrants")


def test_the_method_says_what_is_protected_beyond_small_counts(release):
    asked = _with_rules(release, operator_size=20, homogeneity={"migrants": 95})
    text = method_text(asked.info, release.cells)
    assert (
        "- Baublöcke zeigen nicht, wenn fast alle dazugehören: mit Migrationshintergrund ab "
        "95 %.\n" in text
    )
    assert "Wer eine gesperrte Anzahl ab 20 selbst kennt" in text
    assert "Ausnahmen" not in text
    plain = method_text(release.info, release.cells)
    assert "selbst kennt" not in plain
    assert "dazugehören" not in plain


def test_note_of_one_item_counts_its_own_tables(release):
    note = block_note_of(see(release, Group.ALL), "migration_share")
    assert note.startswith("Baublöcke: 5 von 6 Tabellen (eine je Quartier) sind gezeigt.")
    assert block_note_of(see(release, Group.ALL), "density") == ""


def test_credits_end_with_the_licence(release):
    lines = credit_lines(see(release))
    assert lines[0] == "SGB II, BA, Stand 31.12.2023"
    assert lines[-1] == "Lizenz dieser Veröffentlichung: CC-BY-4.0"


def test_remarks_hold_symbols_definitions_and_licence(release):
    rows = remarks_table(see(release)).rows
    assert ("Definitionen", "Einwohner*innen", "Hauptwohnung.") in rows
    assert ("Tabellenzeichen (DIN 55301)", "…", "fällt später an") in rows
    assert ("Veröffentlichung", "Hinweis", "Musterdaten") in rows
    assert rows[-1][2] == "Lizenz dieser Veröffentlichung: CC-BY-4.0"


def test_symbols_of_the_city_take_the_place_of_the_standard_ones(release):
    symbols = {Status.SUPPRESSED: "•"}
    city = release.info.config.city.model_copy(update={"symbols": symbols})
    config = release.info.config.model_copy(update={"city": city})
    info = release.info.model_copy(update={"config": config})
    changed = dataclasses.replace(release, info=info)
    assert ("•", "geheim") in symbols_of(see(changed))


def test_method_keeps_stars_inside_words(release):
    text = method_markdown(see(release))
    assert "Einwohner\\*innen" in text
    assert "**Musterdaten**" in text
    assert not text.startswith("# ")


def test_part_above_its_whole_is_explained(release):
    cells = release.cells.copy()
    is_share = (cells["item"] == "sgb2_share") & (cells["area_id"] == "11")
    cells.loc[is_share & (cells["group"] == "all"), "value"] = 100.1
    excessive = dataclasses.replace(release, cells=cells)
    note = excess_note(see(excessive, Group.ALL), "sgb2_share", Kind.QUARTIER)
    assert note.startswith("Werte über 100 %: Zähler und Nenner kommen aus verschiedenen")
    assert note in map_view(see(excessive, Group.ALL), "sgb2_share", Kind.QUARTIER).notes
    assert excess_note(see(release, Group.ALL), "sgb2_share", Kind.QUARTIER) == ""
    # Density may be above 100: nobody is a part of hectares.
    assert release.cells.loc[release.cells["item"] == "density", "value"].max() > 100
    assert excess_note(see(release, Group.ALL), "density", Kind.QUARTIER) == ""
