"""The release format: a Frictionless Data Package, written once, opened, verified.

Knows the files of a release and how they follow from published cells; not how the cells came
about. ``releases/<city>/<reference_date>.<number>/`` never changes once it is there.
"""

from atlas.release.context import Place, find_context, read_context, read_places
from atlas.release.derive import Earlier, derive_cells, referred_dates
from atlas.release.info import Audit, Checks, DeliveryInfo, ReleaseInfo
from atlas.release.pupils import School, read_schools
from atlas.release.read import (
    Release,
    open_release,
    read_boundaries,
    read_cells,
    read_checks,
    read_hindcasts,
    read_info,
    read_state,
)
from atlas.release.shelf import (
    ReleaseRef,
    in_force,
    list_releases,
    newest,
    out_of_force,
    ref_of,
)
from atlas.release.withdrawal import Withdrawal, is_mark_whole, read_withdrawal, write_mark
from atlas.release.write import ReleaseContent, cell_changes, verify_release, write_release

__all__ = [
    "Audit",
    "Checks",
    "DeliveryInfo",
    "Earlier",
    "Place",
    "Release",
    "ReleaseContent",
    "ReleaseInfo",
    "ReleaseRef",
    "School",
    "Withdrawal",
    "cell_changes",
    "derive_cells",
    "find_context",
    "in_force",
    "is_mark_whole",
    "list_releases",
    "newest",
    "open_release",
    "out_of_force",
    "read_boundaries",
    "read_cells",
    "read_checks",
    "read_hindcasts",
    "read_context",
    "read_info",
    "read_places",
    "read_schools",
    "read_state",
    "read_withdrawal",
    "ref_of",
    "referred_dates",
    "verify_release",
    "write_mark",
    "write_release",
]
