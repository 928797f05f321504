from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see, without_blocks
from atlas.publication.views.block_drivers import block_drivers, hidden_note
from atlas.publication.views.map import map_view
from atlas.terms import Group, Kind


def test_highest_blocks_of_each_indicator_the_strongest_first(release):
    table = block_drivers(see(release), "11")
    assert rows_of(table) == (
        ("SGB-II-Quote", "+0,54", "keine Zahlen für Baublöcke", ""),
        (
            "Anteil mit Migrationshintergrund",
            "+0,52",
            "1101 (45,0 %) und 1102 (45,0 %)",
            "0 von 2",
        ),
        ("Einwohnerdichte", "+0,51", "1101 (200,0 je ha) und 1102 (100,0 je ha)", "0 von 2"),
    )


def test_secret_blocks_are_counted_and_never_ranked(release):
    rows = {row[0]: row[2:] for row in rows_of(block_drivers(see(release), "13"))}
    assert rows["Anteil mit Migrationshintergrund"] == ("–", "2 von 2")
    text = " ".join(str(row) for row in rows.values())
    assert "22,5" not in text  # what 1301 would show
    assert block_drivers(see(without_blocks(release)), "11") is None


def test_note_counts_what_is_secret_in_this_quartier_and_says_why(release):
    seen = see(release)
    limit = "weil sonst Anzahlen von 1 bis 2 darin stünden"
    why = f"je Quartier die ganze Tabelle, {limit}."
    assert hidden_note(seen, "13") == f"13 Bahnhof, Baublöcke: 2 von 4 Anzahlen geheim: {why}"
    one = hidden_note(seen, "13", "migration_share")
    assert one == f"13 Bahnhof, Baublöcke: 2 von 2 geheim: {why}"
    assert hidden_note(seen, "11") == ""
    assert hidden_note(seen, "13", "density") == ""


def test_theme_without_values_of_blocks_shows_their_quartiere(release):
    view = map_view(see(release, Group.ALL), "sgb2_share", Kind.BLOCK)
    assert view.kind == Kind.QUARTIER
    assert view.notes[0] == "SGB-II-Quote: keine Zahlen für Baublöcke; gezeigt sind Quartiere."
    assert set(view.entry_of) == {"11", "12", "13", "21", "22", "23"}
    assert "Quartiere" in view.title
    secret = map_view(see(release, Group.ALL), "migration_share", Kind.BLOCK)
    assert secret.kind == Kind.BLOCK
