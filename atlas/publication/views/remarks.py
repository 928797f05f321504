"""What stands beside the numbers: sources, definitions, table symbols, licence, the method."""

import re

from atlas.publication.seen import Seen
from atlas.publication.views.definitions import every_definition, group_text
from atlas.publication.views.items import REASON_WORDS, measures
from atlas.publication.views.notes import (
    block_note,
    block_tables,
    credit_lines,
    release_notes,
    secret_text,
)
from atlas.publication.views.table import Table, number, text
from atlas.terms import STATUS_LABELS, Reason, Status

# Table symbols that DIN 55301 knows beside those of a status.
_OTHER_SYMBOLS = (
    ("–", "genau null (unbewohnt)"),
    ("0", "weniger als die Hälfte der letzten Stelle, aber mehr als nichts"),
)
# The dictionary says the same and more; names in files and random numbers are no matter of
# a page.
_LEFT_OUT = re.compile(
    r"^## (?:Indikatoren|Ziehung)$.*?(?=^## )|^## Namen in cells\.csv$\s*(?:^- .*?$\s)+",
    re.DOTALL | re.MULTILINE,
)
# What a file calls something, behind its name in words; elsewhere it stands for a word.
_CODE_BEHIND = re.compile(r" \(`[\w.]+`\)|(?<=\()`[\w.]+`, | `[\w.]+`(?=[)/])")
_CODE = re.compile(r"`([\w.]+)`")
_CODE_WORDS: dict[str, str] = {
    **{str(reason): word for reason, word in REASON_WORDS.items()},
    str(Reason.EXCLUDED): "ausgenommen",
    str(Reason.FEW_RESIDENTS): "zu wenige Einwohner*innen",
    str(Reason.SMALL_DENOMINATOR): "Nenner zu klein",
}
_TITLE = re.compile(r"\A# [^\n]*\n+")
# A star inside a word is part of it (Einwohner*innen), not a mark of emphasis.
_INNER_STAR = re.compile(r"(?<=\w)\*(?=\w)")
_Remark = tuple[str, str, str]


def remarks_table(seen: Seen, told: str = "") -> Table:
    """Tabulate the notes of a release: one row per remark with section and term.

    Parameters
    ----------
    told
        Which rows the tables beside it hold, where they leave some out.
    """
    fields = (
        text("section", "Abschnitt"),
        text("term", "Begriff"),
        text("text", "Erläuterung"),
    )
    rows = (
        *((("Auswahl", "Zeilen", told),) if told else ()),
        *_release_rows(seen),
        *_definition_rows(seen),
        *_symbol_rows(seen),
        *_protection_rows(seen),
        *(("Quellen und Lizenz", "", line) for line in credit_lines(seen)),
    )
    return Table("Hinweise zu dieser Veröffentlichung", fields, rows, "Hinweise")


def symbols_of(seen: Seen) -> tuple[tuple[str, str], ...]:
    """Table symbols in force: symbol and the words it stands for."""
    words: dict[str, list[str]] = {}
    for status in Status:
        if symbol := seen.symbols.get(status):
            words.setdefault(symbol, []).append(STATUS_LABELS[status])
    return tuple((symbol, " oder ".join(meanings)) for symbol, meanings in words.items())


def symbol_table(seen: Seen) -> Table:
    """Table symbols in force, and what they mean."""
    fields = (text("symbol", "Zeichen"), text("meaning", "Bedeutung"))
    return Table("Tabellenzeichen nach DIN 55301", fields, symbols_of(seen))


def method_markdown(seen: Seen) -> str:
    """Text of ``method.md`` for readers of a page: no title, no indicators, no codes."""
    told = (seen.release.path / "method.md").read_text(encoding="utf-8")
    told = _CODE_BEHIND.sub("", _LEFT_OUT.sub("", _TITLE.sub("", told)))
    told = _CODE.sub(lambda code: _CODE_WORDS.get(code[1], code[1]), told)
    return _INNER_STAR.sub(r"\\*", told)  # stars inside words are kept


def block_tables_table(seen: Seen) -> Table | None:
    """How many block tables of each measure and group are shown; ``None`` without blocks."""
    counted = block_tables(seen)
    if not counted:
        return None
    fields = (
        text("measure", "Kennzahl"),
        text("group", "Bezugsgruppe"),
        number("shown", "Tabellen ohne geheimen Wert", 0),
        number("total", "Tabellen", 0),
        number("hidden", "Geheime Werte", 0),
        number("cells", "Werte", 0),
    )
    rows = tuple(
        (one.measure, one.group, one.shown, one.total, one.hidden_cells, one.cells)
        for one in counted
    )
    return Table("Gezeigte Blocktabellen", fields, rows)


def _release_rows(seen: Seen) -> list[_Remark]:
    notes = release_notes(seen)
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


def _definition_rows(seen: Seen) -> list[_Remark]:
    config = seen.config
    rows = [("Definitionen", item.label, item.definition) for item in measures(config)]
    rows += [("Definitionen", one.name, one.text) for one in every_definition(seen)]
    groups = config.indicators.groups
    rows += [
        ("Bezugsgruppen", groups[one].label, group_text(groups[one])) for one in seen.groups
    ]
    levels = config.levels
    rows += [("Stufen", str(n), levels.labels[n]) for n in sorted(levels.labels)]
    if levels.dynamic:
        names = levels.dynamic_labels
        rows += [("Dynamik", str(n), names[n]) for n in sorted(names)]
    return rows


def _symbol_rows(seen: Seen) -> list[_Remark]:
    own = dict(symbols_of(seen))
    rows = [*own.items(), *((mark, told) for mark, told in _OTHER_SYMBOLS if mark not in own)]
    return [("Tabellenzeichen (DIN 55301)", mark, told) for mark, told in rows]


def _protection_rows(seen: Seen) -> list[_Remark]:
    rows = [("Geheimhaltung", "Kleinste Anzahl", secret_text(seen))]
    note = block_note(seen)
    return [*rows, ("Geheimhaltung", "Umfang", note)] if note else rows
