"""Findings: what is wrong with a delivery, where, and what to do; never a value of it."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape

import numpy as np
import numpy.typing as npt

from atlas.errors import DeliveryError
from atlas.words import enumeration

# A data owner gets this many row numbers of a finding; beyond it the rule itself is wrong.
MAX_ROWS = 10_000
_SHOWN_ROWS = 2
_SHOWN_ROWS_IN_REPORT = 500


class Severity(StrEnum):
    """Weight of a finding: an error stops the import, a warning needs somebody's word."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITY_LABELS = {
    Severity.ERROR: "Fehler",
    Severity.WARNING: "Warnung",
    Severity.INFO: "Hinweis",
}
_ORDER = tuple(Severity)
_STYLE = (
    "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #767676;padding:.4rem;text-align:left;vertical-align:top}"
)


@dataclass(frozen=True)
class Finding:
    """One rule that a delivery breaks.

    ``where`` names column or place, ``hint`` is what was found, what was expected and what to
    do. ``rows`` are the first physical row numbers (from 1), ``row_count`` is how many there
    are; both are empty where the finding concerns no single row.
    """

    check: str
    severity: Severity
    where: str
    rows: tuple[int, ...]
    hint: str
    row_count: int = 0


def find(check: str, severity: Severity, where: str, hint: str) -> Finding:
    """Make a finding about a file or a column as a whole."""
    return Finding(check, severity, where, (), hint)


def find_rows(finding: Finding, rows: npt.NDArray[np.int64]) -> tuple[Finding, ...]:
    """Attach the rows that break the rule; no rows, no finding."""
    if len(rows) == 0:
        return ()
    first = tuple(int(row) for row in np.sort(rows)[:MAX_ROWS])
    return (
        Finding(finding.check, finding.severity, finding.where, first, finding.hint, len(rows)),
    )


def column_place(name: str) -> str:
    """German name of the place of a column of the layout."""
    return f"Spalte „{name}“"


def describe(finding: Finding, delivery: str) -> str:
    """Write the German sentence of one finding.

    Parameters
    ----------
    delivery
        Name of the file or table, e.g. ``sgb2_2026-03-31.csv``.
    """
    places = [f"Lieferung {delivery}", finding.where, describe_rows(finding, _SHOWN_ROWS)]
    return f"{', '.join(place for place in places if place)}: {finding.hint}"


def describe_rows(finding: Finding, shown: int) -> str:
    """Write ``Zeilen 14, 15 und 3 weitere``; empty without rows."""
    rows = [str(row) for row in finding.rows[:shown]]
    more = finding.row_count - len(rows)
    if not rows:
        return ""
    if more > 0:
        return f"Zeilen {', '.join(rows)} und {more} weitere"
    return f"{'Zeile' if len(rows) == 1 else 'Zeilen'} {enumeration(rows)}"


def sort_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Errors first; within a severity in the order of the checks."""
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))


def raise_on_errors(findings: Sequence[Finding], delivery: str) -> None:
    """Stop when a delivery has errors.

    Raises
    ------
    DeliveryError
        With the sentence of the most important error and the number of further ones.
    """
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise DeliveryError(summarise(errors, delivery))


def summarise(findings: Sequence[Finding], delivery: str) -> str:
    """Write the sentence of the most important finding and the number of further ones."""
    first, *others = sort_findings(findings)
    sentence = describe(first, delivery)
    if not others:
        return sentence
    counts = Counter(finding.severity for finding in others)
    further = ", ".join(
        f"{counts[severity]} {_PLURALS[severity][counts[severity] > 1]}"
        for severity in _ORDER
        if counts[severity]
    )
    return f"{sentence} Außerdem: {further}."


_PLURALS = {
    Severity.ERROR: ("weiterer Fehler", "weitere Fehler"),
    Severity.WARNING: ("weitere Warnung", "weitere Warnungen"),
    Severity.INFO: ("weiterer Hinweis", "weitere Hinweise"),
}


def merge_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Unite findings of the same rule, place and hint, e.g. of several reference dates."""
    merged: dict[tuple[str, Severity, str, str], Finding] = {}
    for finding in findings:
        key = (finding.check, finding.severity, finding.where, finding.hint)
        before = merged.get(key)
        if before is not None:
            finding = _unite(before, finding)
        merged[key] = finding
    return sort_findings(tuple(merged.values()))


def _unite(one: Finding, other: Finding) -> Finding:
    rows = tuple(sorted({*one.rows, *other.rows}))
    is_complete = len(one.rows) == one.row_count and len(other.rows) == other.row_count
    count = len(rows) if is_complete else one.row_count + other.row_count
    return replace(one, rows=rows[:MAX_ROWS], row_count=count)


def report_json(findings: Sequence[Finding], delivery: str) -> str:
    """Write the findings of a delivery as JSON, with all kept row numbers."""
    entries = [
        {
            "check": finding.check,
            "severity": str(finding.severity),
            "where": finding.where,
            "hint": finding.hint,
            "row_count": finding.row_count,
            "rows": list(finding.rows),
        }
        for finding in sort_findings(findings)
    ]
    report = {"delivery": delivery, "findings": entries}
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def report_html(findings: Sequence[Finding], delivery: str) -> str:
    """Write the findings of a delivery as a page that can be handed to the data owner."""
    title = escape(f"Befunde der Lieferung {delivery}")
    head = (
        f'<!doctype html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n"
    )
    table = _table(sort_findings(findings)) if findings else "<p>Keine Befunde.</p>"
    body = f"<h1>{title}</h1>\n<p>{_summary(findings)}</p>\n{table}"
    return f"{head}<body>\n{body}\n</body>\n</html>\n"


def _summary(findings: Sequence[Finding]) -> str:
    counts = [
        f"{SEVERITY_LABELS[severity]}: {sum(f.severity is severity for f in findings)}"
        for severity in Severity
    ]
    return " · ".join(counts)


def _table(findings: Sequence[Finding]) -> str:
    names = ("Art", "Regel", "Ort", "Zeilen", "Befund")
    header = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "\n".join(_row(finding) for finding in findings)
    return f"<table>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(finding: Finding) -> str:
    texts = (
        SEVERITY_LABELS[finding.severity],
        finding.check,
        finding.where,
        describe_rows(finding, _SHOWN_ROWS_IN_REPORT),
        finding.hint,
    )
    return "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in texts) + "</tr>"
