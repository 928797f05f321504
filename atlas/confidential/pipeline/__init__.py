"""The order of steps, from delivery to published release; no formula, no query of its own."""

from atlas.confidential.pipeline.build import build, latest_release, verify
from atlas.confidential.pipeline.count import reference_dates
from atlas.confidential.pipeline.datastate import refresh_datastate, source_dates
from atlas.confidential.pipeline.office import Advance, Observer, Office, only_one, open_office
from atlas.confidential.pipeline.protection import audit_release, explain_scopes
from atlas.confidential.pipeline.publish import approve, publish
from atlas.confidential.pipeline.receive import (
    Receipt,
    layout_of,
    raise_on_findings,
    read,
    receive,
)
from atlas.confidential.pipeline.run import RunResult, build_and_publish, run, summary
from atlas.confidential.pipeline.upkeep import purge, purge_inbox, rotate_key, stored_findings

__all__ = [
    "Advance",
    "Observer",
    "Office",
    "Receipt",
    "RunResult",
    "approve",
    "audit_release",
    "build",
    "build_and_publish",
    "explain_scopes",
    "latest_release",
    "layout_of",
    "only_one",
    "open_office",
    "publish",
    "purge",
    "purge_inbox",
    "raise_on_findings",
    "read",
    "receive",
    "reference_dates",
    "refresh_datastate",
    "rotate_key",
    "run",
    "source_dates",
    "stored_findings",
    "summary",
    "verify",
]
