"""Does a delivery mean what it meant before: held back with a reason, or let through."""

from atlas.confidential.delivery import Finding
from atlas.confidential.meaning.area_checks import check_areas
from atlas.confidential.meaning.case import Areas, Case, Dated, Linked
from atlas.confidential.meaning.continuity import continuity
from atlas.confidential.meaning.drawing import draw, link_of
from atlas.confidential.meaning.portrait import Continuity, Portrait, Source
from atlas.confidential.meaning.register_checks import check_register

CHECKS = {
    "age_shares": "Altersaufbau",
    "area_zero": "Gebiete ohne Personen",
    "areas_exchanged": "vertauschte Gebiete",
    "areas_jump": "springende Gebiete",
    "areas_mixed": "Verteilung auf die Gebiete",
    "code_counts": "Anzahl einzelner Schlüssel",
    "code_shares": "Anteile der Schlüssel",
    "code_single": "einziger Schlüssel",
    "code_unknown": "unbekannte Schlüssel",
    "codes_turned": "Wechsel der Schlüssel derselben Personen",
    "column_copied": "kopierte Spalten",
    "column_misplaced": "vertauschte Spalten",
    "columns_parted": "Verhältnis der Gruppen",
    "constant_added": "kleine und große Gebiete",
    "counts_rounded": "gerundete Anzahlen",
    "link_rate": "Verknüpfung",
    "marks_changed": "Zellen ohne Wert",
    "measure_changed": "Kennzahlen der Stadt",
    "measure_range": "Grenzen der Anteile",
    "part_stands_still": "Stillstand in einem Teil der Datei",
    "persons_changed": "Werte derselben Personen",
    "persons_doubled": "doppelte Personen",
    "persons_gone": "wiedergefundene Personen",
    "persons_new": "neue Personen",
    "persons_total": "Zahl der Personen",
    "rows_cut": "abgeschnittene Datei",
    "rows_of_other_date": "Zeilen eines anderen Stichtags",
    "same_as_other_date": "anderer Stichtag",
    "stands_still": "Stillstand",
}

# Warnings about the form of a file that a person may accept as well.
LABELS = {
    **CHECKS,
    "ages_changed": "Altersaufbau",
    "area_changed": "einzelne Gebiete",
    "duplicate_person": "doppelte Personen",
    "missing_area": "Gebiete ohne Zeile",
    "nesting": "Teile und Ganzes",
    "no_area": "Personen ohne Gebiet",
    "no_person": "Personen ohne Schlüssel",
    "total_changed": "Summen der Stadt",
}

_OF_ANY = ("measure_range",)
_OF_AREAS = (
    "area_zero",
    "areas_exchanged",
    "areas_jump",
    "areas_mixed",
    "marks_changed",
    "measure_changed",
)
_OF_COUNTS = (
    "column_copied",
    "column_misplaced",
    "columns_parted",
    "constant_added",
    "counts_rounded",
    "rows_of_other_date",
    "same_as_other_date",
)


def checks_of(case: Case) -> tuple[str, ...]:
    """Name the checks that a delivery of this kind undergoes; a first one has no past."""
    is_register = case.layout.shape == "persons"
    names = {*_OF_ANY, *(("code_single",) if is_register else ())}
    if is_register and case.linked:
        names.add("link_rate")
    if case.last is not None:
        others = CHECKS.keys() - {*_OF_COUNTS, *_OF_AREAS, *_OF_ANY, "link_rate"}
        names |= {*_OF_AREAS, *(others if is_register else _OF_COUNTS)}
        names |= {"same_as_other_date"}
    return tuple(name for name in CHECKS if name in names)


def judge(case: Case) -> tuple[Finding, ...]:
    """Find everything about a delivery that a person has to decide."""
    found = list(check_areas(case))
    if case.layout.shape == "persons":
        found = [*check_register(case), *found]
    return tuple(found)


__all__ = [
    "CHECKS",
    "LABELS",
    "Areas",
    "Case",
    "Continuity",
    "Dated",
    "Linked",
    "Portrait",
    "Source",
    "checks_of",
    "continuity",
    "draw",
    "judge",
    "link_of",
]
