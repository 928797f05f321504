"""File or database table to text table, findings, and rows or counts; knows no indicators."""

from atlas.confidential.delivery.apart import (
    Copy,
    Ending,
    ReadingEndedError,
    open_room,
    read_apart,
)
from atlas.confidential.delivery.findings import (
    SEVERITY_LABELS,
    Finding,
    Severity,
    describe,
    find,
    raise_on_errors,
    report_html,
    report_json,
    summarise,
)
from atlas.confidential.delivery.placing import locator, read_addresses
from atlas.confidential.delivery.plausibility import profile
from atlas.confidential.delivery.reading import (
    read_database_delivery,
    read_delivery,
    read_nothing,
)
from atlas.confidential.delivery.recognise import claimed_date, expected_name, recognise
from atlas.confidential.delivery.request import KnownAreas, Locate, Profile, Reading, Request

__all__ = [
    "SEVERITY_LABELS",
    "Copy",
    "Ending",
    "Finding",
    "KnownAreas",
    "Locate",
    "Profile",
    "Reading",
    "ReadingEndedError",
    "Request",
    "Severity",
    "claimed_date",
    "describe",
    "expected_name",
    "find",
    "locator",
    "open_room",
    "profile",
    "raise_on_errors",
    "read_addresses",
    "read_apart",
    "read_database_delivery",
    "read_delivery",
    "read_nothing",
    "recognise",
    "report_html",
    "report_json",
    "summarise",
]
