"""The release format: a Frictionless Data Package, written once, opened, verified.

Knows the files of a release and how they follow from published cells; not how the cells came
about. ``releases/<city>/<reference_date>.<number>/`` never changes once it is there.
"""

from atlas.release.derive import derive_cells
from atlas.release.info import Audit, DeliveryInfo, ReleaseInfo
from atlas.release.read import Release, ReleaseRef, list_releases, open_release, read_boundaries
from atlas.release.write import ReleaseContent, verify_release, write_release

__all__ = [
    "Audit",
    "DeliveryInfo",
    "Release",
    "ReleaseContent",
    "ReleaseInfo",
    "ReleaseRef",
    "derive_cells",
    "list_releases",
    "open_release",
    "read_boundaries",
    "verify_release",
    "write_release",
]
