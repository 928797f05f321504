"""Findings of a delivery as JSON for machines and as a page for the data owner; no values."""

import json
from collections.abc import Sequence
from html import escape

from atlas.confidential.delivery.findings import (
    SEVERITY_LABELS,
    Finding,
    Severity,
    describe_rows,
    sort_findings,
)

_SHOWN_ROWS = 500
_STYLE = (
    "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #767676;padding:.4rem;text-align:left;vertical-align:top}"
)


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
        describe_rows(finding, _SHOWN_ROWS),
        finding.hint,
    )
    return "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in texts) + "</tr>"
