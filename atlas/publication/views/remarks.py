"""What stands beside the numbers in a file: sources, definitions, table symbols, licence."""

from atlas.publication.views.datasets import Dataset, Field
from atlas.publication.views.items import group_label, groups, indicators, measures, symbol_of
from atlas.publication.views.notes import block_note, credit_lines, release_notes
from atlas.publication.views.tables import Column, Table
from atlas.release import Release
from atlas.terms import STATUS_LABELS, Status

_NAME = "Hinweise"
# Table symbols that DIN 55301 knows beside those of a status.
_OTHER_SYMBOLS = (
    ("–", "genau null (unbewohnt)"),
    ("0", "weniger als die Hälfte der letzten Stelle, aber mehr als nichts"),
)


def remarks_dataset(release: Release) -> Dataset:
    """Sheet of notes: one row per remark with section and term."""
    fields = (
        Field("section", "Abschnitt"),
        Field("term", "Begriff"),
        Field("text", "Erläuterung"),
    )
    rows = (
        *_release_rows(release),
        *_definition_rows(release),
        *_symbol_rows(release),
        *_protection_rows(release),
        *(("Quellen und Lizenz", "", line) for line in credit_lines(release)),
    )
    return Dataset(_NAME, _NAME, fields, rows)


def symbols_of(release: Release) -> tuple[tuple[str, str], ...]:
    """Table symbols in force: symbol and the words it stands for."""
    words: dict[str, list[str]] = {}
    for status in Status:
        if symbol := symbol_of(release.info.config, status):
            words.setdefault(symbol, []).append(STATUS_LABELS[status])
    return tuple((symbol, " oder ".join(meanings)) for symbol, meanings in words.items())


def remarks_table(release: Release) -> Table:
    """Tabulate the same notes for a page."""
    dataset = remarks_dataset(release)
    heads = tuple(
        Column(field.id, field.label, "", is_number=False) for field in dataset.fields
    )
    rows = tuple(tuple(str(entry) for entry in row) for row in dataset.rows)
    return Table("Hinweise zu dieser Veröffentlichung", heads, rows, {})


def symbol_table(release: Release) -> Table:
    """Table symbols in force, and what they mean."""
    heads = (
        Column("symbol", "Zeichen", "", is_number=False),
        Column("meaning", "Bedeutung", "", is_number=False),
    )
    return Table("Tabellenzeichen nach DIN 55301", heads, symbols_of(release), {})


def _release_rows(release: Release) -> list[tuple[str, str, str]]:
    notes = release_notes(release)
    rows = [
        ("Veröffentlichung", "Titel", notes.title),
        ("Veröffentlichung", "Stichtag", notes.day),
        ("Veröffentlichung", "Stand", notes.state),
        ("Veröffentlichung", "Nummer", notes.name),
        ("Veröffentlichung", "Gebietsstand", notes.edition),
    ]
    if notes.missing:
        rows.append(("Veröffentlichung", "Es fehlt", notes.missing))
    return rows + [("Veröffentlichung", "Hinweis", badge) for badge in notes.badges]


def _definition_rows(release: Release) -> list[tuple[str, str, str]]:
    config = release.info.config
    items = {item.id: item for item in measures(config)}
    for group in groups(release):
        items |= {item.id: item for item in indicators(config, group)}
    rows = [("Definitionen", item.label, item.definition) for item in items.values()]
    rows += [("Bezugsgruppen", group_label(release, group), "") for group in groups(release)]
    levels = config.levels
    rows += [("Stufen", str(n), levels.labels[n]) for n in sorted(levels.labels)]
    if levels.dynamic:
        names = levels.dynamic_labels
        rows += [("Dynamik", str(n), names[n]) for n in sorted(names)]
    return rows


def _symbol_rows(release: Release) -> list[tuple[str, str, str]]:
    own = dict(symbols_of(release))
    rows = [*own.items(), *((mark, text) for mark, text in _OTHER_SYMBOLS if mark not in own)]
    return [("Tabellenzeichen (DIN 55301)", mark, text) for mark, text in rows]


def _protection_rows(release: Release) -> list[tuple[str, str, str]]:
    rules = release.info.config.protection
    rows = [
        (
            "Geheimhaltung",
            "Kleinste Anzahl",
            f"Anzahlen von 1 bis {rules.min_count - 1} sind geheim, ebenso was sie verraten "
            "würde.",
        )
    ]
    note = block_note(release)
    return [*rows, ("Geheimhaltung", "Umfang", note)] if note else rows
