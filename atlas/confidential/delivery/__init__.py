"""File or database table to text table, findings, and rows or counts; knows no indicators."""

from atlas.confidential.delivery.findings import (
    SEVERITY_LABELS,
    Finding,
    Severity,
    describe,
    raise_on_errors,
    report_html,
    report_json,
    summarise,
)
from atlas.confidential.delivery.placing import locator, read_addresses
from atlas.confidential.delivery.plausibility import profile
from atlas.confidential.delivery.reading import read_database_delivery, read_delivery
from atlas.confidential.delivery.recognise import claimed_date, expected_name, recognise
from atlas.confidential.delivery.request import KnownAreas, Locate, Profile, Reading, Request

__all__ = [
    "SEVERITY_LABELS",
    "Finding",
    "KnownAreas",
    "Locate",
    "Profile",
    "Reading",
    "Request",
    "Severity",
    "claimed_date",
    "describe",
    "expected_name",
    "locator",
    "profile",
    "raise_on_errors",
    "read_addresses",
    "read_database_delivery",
    "read_delivery",
    "recognise",
    "report_html",
    "report_json",
    "summarise",
]
